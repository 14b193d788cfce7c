"""JSON files that others wrote, as plain values within limits of size, nesting and numbers.

What comes out has no number that is not finite, no key twice and no depth in which a program could
lose itself, so that whoever checks the values further needs to check only those.
"""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from vision.errors import Sentence

DEEPEST: Final = 16
"""Lists and objects within each other; a truth file's landmarks lie 5 deep."""

LONGEST_INT: Final = 17
"""Signs: about as far as a float counts without gaps. Pixels, frames and dates are shorter."""


class NotStrictError(ValueError):
    """Data outside of the limits, or none at all; `reason` is no whole sentence."""

    reason: Sentence

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(str(reason))


def read_bytes(path: Path, most: int) -> bytes:
    """All bytes of a file that is no larger than `most`.

    Raises `OSError`, and `NotStrictError` for a larger one, of which no more than that is read.
    """
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise too_large(most)
    return data


def too_large(most: int) -> NotStrictError:
    """What to say of a file with more than `most` bytes."""
    reason = Sentence(
        "it is larger than {kilobytes:.0f} kB", key="error.too_large", kilobytes=most / 1000
    )
    return NotStrictError(reason)


def strict_json(data: bytes) -> Any:
    """The value that `data` holds as JSON in UTF-8. Raises `NotStrictError`."""
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_whole,
            parse_constant=_not_finite,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise NotStrictError(Sentence("it is not UTF-8 text", key="error.no_text")) from error
    except json.JSONDecodeError as error:
        raise NotStrictError(Sentence(str(error))) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check_depth(value)
    return value


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _not_finite(text)


def _whole(text: str) -> int:
    if len(text) > LONGEST_INT:
        _not_finite(text)
    return int(text)


def _not_finite(text: str) -> float:
    number = text if len(text) <= LONGEST_INT else f"{text[:LONGEST_INT]}…"
    raise NotStrictError(
        Sentence("{number} is no number to count with", key="error.no_number", number=number)
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            name = repr(key[:40])
            raise NotStrictError(
                Sentence("{name} stands there twice", key="error.key_twice", name=name)
            )
        found[key] = value
    return found


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [each for one in level for each in _within(one) if isinstance(each, dict | list)]
        if not level:
            return
    raise _too_deep()


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep() -> NotStrictError:
    return NotStrictError(
        Sentence("it is nested deeper than {most} levels", key="error.too_deep", most=DEEPEST)
    )
