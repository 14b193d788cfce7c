"""TOML that others wrote, and where in it a key stands: the parser tells only lines of syntax."""

import re
import tomllib
from bisect import bisect_left
from typing import Any, Final

from vision.errors import shortened

Key = tuple[str | int, ...]
"""A way into a document: names of tables, and numbers within arrays."""

_LONG_KEY: Final = re.compile(r"""(?<![\w-])(?>(?>"[^"\n]*"|'[^'\n]*'|[\w-]+)[ \t]*\.[ \t]*){20}""")
"""Over a key of so many parts the parser takes time that grows with the square of their number."""

MOST_TRIES: Final = 80
"""A value over so many lines is not looked for: the answer would take longer than it helps."""


class NotTomlError(ValueError):
    """Text that is no TOML, or none that may be read."""


def read_toml(text: str) -> dict[str, Any]:
    """The document in a text. Raises `NotTomlError`, with the line where the parser knows it."""
    long = _LONG_KEY.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        raise NotTomlError(f"a key with too many parts in line {line}")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise NotTomlError("it is nested too deep") from error
    except ValueError as error:  # Of its own kind, or of a number with too many digits.
        raise NotTomlError(shortened(str(error))) from error


def line_of(text: str, key: Key) -> int | None:
    """The line, counted from 1, in which `key` begins, or the part of it that there is.

    A document's beginnings are read one after the other: where a key is there for the first time,
    it has just been written. Beginnings that end within a value can't be read and are passed over.
    None where nothing of the key is there.
    """
    beginnings = _Beginnings(text)
    whole = beginnings.document(len(beginnings.lines))
    while key and not _has(whole, key):
        key = key[:-1]
    if not key:
        return None
    try:
        number = bisect_left(
            range(len(beginnings.lines) + 1),
            True,
            key=lambda count: _has(beginnings.before(count)[1], key),
        )
        return beginnings.before(number - 1)[0] + 1
    except _TooLongError:
        return None


class _TooLongError(Exception):
    """There were too many tries."""


class _Beginnings:
    """A text's first lines, read as often as it takes and no oftener than `MOST_TRIES`."""

    def __init__(self, text: str) -> None:
        self.lines = [f"{line}\n" for line in text.split("\n")]
        self._tries = 0

    def before(self, count: int) -> tuple[int, dict[str, Any]]:
        """The longest beginning of at most `count` lines that can be read: how long, and what."""
        while (document := self.document(count)) is None:
            count -= 1
        return count, document

    def document(self, count: int) -> dict[str, Any] | None:
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise _TooLongError
        try:
            return tomllib.loads("".join(self.lines[:count]))
        except tomllib.TOMLDecodeError:
            return None


def _has(document: Any, key: Key) -> bool:
    for part in key:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
