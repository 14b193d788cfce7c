"""The one root of all errors that a user can mend, and sentences that can be told in any language.

The English stands where it is said; the command line needs no more. The key names the sentence, so
that the app finds it in the messages of another language, and fills in the same values there.
"""

from collections.abc import Mapping
from typing import Self


class Sentence(str):
    """English words for the user that know their key and their values.

    It is the English text itself wherever text is wanted, as in JSON:

        Sentence("{name} is empty.", key="error.empty", name="a.mp4") == "a.mp4 is empty."

    A value may be a sentence or a word with a key of its own, or a tuple of such, which are listed.
    Without a key it is text as it comes, in which braces stand for themselves.
    """

    key: str
    values: Mapping[str, object]
    __slots__ = ("key", "values")

    def __new__(cls, english: str, /, *, key: str = "", **values: object) -> Self:
        """Fill the values into the {names} of `english`. Raises KeyError for a name without one."""
        plain = {name: _plain(value) for name, value in values.items()}
        self = super().__new__(cls, english.format_map(plain) if key else english)
        self.key, self.values = key, values
        return self

    def told(self, messages: Mapping[str, str], decimal: str) -> str:
        """This sentence by the messages of a language, in English where they lack it.

        `decimal` is the sign between whole and tenths there.
        """
        template = messages.get(self.key)
        if template is None:
            return str(self)
        return template.format_map(
            {name: _told(value, messages, decimal) for name, value in self.values.items()}
        )


def _told(value: object, messages: Mapping[str, str], decimal: str) -> object:
    match value:
        case Sentence():
            return value.told(messages, decimal)
        case tuple():
            return ", ".join(str(_told(each, messages, decimal)) for each in value)
        case float():
            return _Number(value, decimal)
        case _:
            return value


class _Number(float):
    """A number that is written with a language's own decimal sign."""

    decimal: str
    __slots__ = ("decimal",)

    def __new__(cls, value: float, decimal: str) -> Self:
        self = super().__new__(cls, value)
        self.decimal = decimal
        return self

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(".", self.decimal)


def _plain(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def shortened(words: str, most: int = 160) -> str:
    """Words of elsewhere as part of a sentence: in one line that is not too long."""
    printable = "".join(sign if sign.isprintable() else " " for sign in words)
    line = " ".join(printable.split())
    return line if len(line) <= most else line[: most - 1] + "…"


class CoachError(Exception):
    """One clear sentence for the user: what is wrong, why, and what to do.

    With a key it is a `Sentence`, whose {names} are filled with the values.
    """

    sentence: Sentence

    def __init__(self, english: str, /, *, key: str = "", **values: object) -> None:
        if not isinstance(english, Sentence):
            english = Sentence(english, key=key, **values)
        self.sentence = english
        super().__init__(self.sentence)


class VideoError(CoachError):
    """A recording that can't be opened, read or written."""


class CalibrationError(CoachError):
    """A calibration that is not valid, or does not fit the picture."""


class HandModelError(CoachError):
    """The hand model is missing, or is not the one that this project was measured with."""
