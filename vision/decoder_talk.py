"""What a decoding process and the one that started it say to each other, one line of JSON each.

The decoder reads what anybody may have made, so nothing that comes from it is believed: a line that
is not as it should be is a `ValueError`.
"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from vision.errors import Sentence
from vision.frames import VideoInfo

SLOTS: Final = 4
"""Pictures that may wait: enough to ride out an uneven decoder, few enough to stay small."""

AHEAD: Final = 4
"""A decoder asks about so many frames before it waits for an answer to the first of them."""

WANTED: Final = b"\xfe"
LEFT_OUT: Final = b"\xff"
"""Answers to a decoder that asks whether to make a picture of the frame of that time."""

LINE_BYTES: Final = 65_536
"""No line is longer."""

Kind = Literal["info", "asks", "picture", "lost", "busy", "end", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be decoded: the first line, and the only one that goes to the decoder."""

    name: str
    max_side: int
    start_s: float
    file: int
    """Descriptor of the open recording."""
    parent: int
    """The process that the decoder must not outlive."""
    memory_bytes: int
    hang_s: float
    asks: bool = False
    """Of which frames pictures are wanted; without it, all are made ahead."""
    ring: int = -1
    """Descriptor of the memory that both have: `SLOTS` pictures of `slot_bytes`."""

    @property
    def slot_bytes(self) -> int:
        """Room for one picture."""
        return self.max_side * self.max_side * 3


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies in one of the slots until the slot is given back."""

    slot: int
    time_s: float
    shape: tuple[int, int]
    """(height, width), px; three bytes each, RGB."""
    full_size: tuple[int, int]
    read_s: float
    """Media time that was read so far."""
    read_bytes: int
    """How far into the file that was."""


def line(kind: Kind, value: Any = None) -> bytes:
    """A line to send."""
    return json.dumps({kind: value}).encode() + b"\n"


def parsed(text: bytes) -> tuple[Kind, Any]:
    """A line that came, its value not checked yet. Raises ValueError."""
    said = json.loads(text)
    if not isinstance(said, dict) or len(said) != 1:
        raise ValueError(f"not one word of a decoder: {said!r}")
    return next(iter(said.items()))


def picture_line(picture: Picture) -> bytes:
    """A picture to send."""
    return line("picture", asdict(picture))


def checked_picture(value: Any, max_side: int) -> Picture:
    """A picture that came, if it can be one. Raises ValueError."""
    try:
        picture = Picture(**value)
        height, width = (int(side) for side in picture.shape)
        full_width, full_height = (int(side) for side in picture.full_size)
        sound = (
            picture.slot in range(SLOTS)
            and min(height, width) >= 1
            and max(height, width) <= max_side
            and min(full_width, full_height) >= 1
            and math.isfinite(picture.time_s)
            and math.isfinite(picture.read_s)
        )
    except (TypeError, OverflowError) as error:
        raise ValueError("not a picture of a decoder") from error
    if not sound:
        raise ValueError(f"not a picture of a decoder: {picture!r}")
    return Picture(
        picture.slot,
        float(picture.time_s),
        (height, width),
        (full_width, full_height),
        float(picture.read_s),
        int(picture.read_bytes),
    )


def info_value(info: VideoInfo) -> dict[str, Any]:
    """What a recording says of itself, to send."""
    return asdict(info)


def checked_info(value: Any, name: str) -> VideoInfo:
    """What a recording says of itself, under the name that is known here. Raises ValueError."""
    try:
        width, height = int(value["width"]), int(value["height"])
        hints = [value[key] for key in ("duration_s", "fps_hint")]
        duration_s, fps_hint = (None if hint is None else float(hint) for hint in hints)
    except (TypeError, KeyError, OverflowError) as error:
        raise ValueError("not what a decoder says of a recording") from error
    if min(width, height) < 1 or not all(
        hint is None or math.isfinite(hint) for hint in (duration_s, fps_hint)
    ):
        raise ValueError("not what a decoder says of a recording")
    return VideoInfo(name, width, height, duration_s, fps_hint)


def checked_seconds(value: Any) -> float:
    """A time that came. Raises ValueError."""
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"not a time of a decoder: {value!r}")
    return float(value)


def checked_question(value: Any) -> tuple[float, float]:
    """A frame's time that came, and what was read so far. Raises ValueError."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"not a question of a decoder: {value!r}")
    return checked_seconds(value[0]), checked_seconds(value[1])


def sentence_value(sentence: Sentence) -> dict[str, Any]:
    """A sentence to send."""
    values = {name: _sent(value) for name, value in getattr(sentence, "values", {}).items()}
    return {"english": str(sentence), "key": getattr(sentence, "key", ""), "values": values}


def checked_sentence(value: Any) -> Sentence:
    """A sentence that came. Raises ValueError."""
    try:
        english, key, values = str(value["english"]), str(value["key"]), dict(value["values"])
        known = {str(name): _came(one) for name, one in values.items()}
    except (TypeError, KeyError) as error:
        raise ValueError("not a sentence of a decoder") from error
    # Its values are filled in already, and braces may stand in a file's name.
    whole = english.replace("{", "{{").replace("}", "}}") if key else english
    return Sentence(whole, key=key, **known)


def _sent(value: object) -> object:
    match value:
        case Sentence():
            return sentence_value(value)
        case int() | float() | str():
            return value
        case Path():
            return str(value)
        case _:
            raise TypeError(f"a decoder's sentences hold words and numbers, not {value!r}")


def _came(value: object) -> object:
    if isinstance(value, dict):
        return checked_sentence(value)
    if isinstance(value, (int, float, str)):
        return value
    raise ValueError("not a sentence of a decoder")
