"""What really happened in a recording: reads `NAME.truth.json` or `.json.gz` beside `NAME.mp4`."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from routines.reps import Hand, PhaseSpan, Span
from vision.arrays import Floats, readonly
from vision.errors import CoachError, shortened
from vision.hands import SIDES, Side
from vision.strict_json import read_bytes, strict_json, too_large

SCHEMA: Final = "tstroke.truth/1"

LARGEST_BYTES: Final = 256_000_000
"""Of a truth file, unpacked; an hour with all landmarks has 80 million."""

SUFFIXES: Final = (".truth.json", ".truth.json.gz")


class TruthError(CoachError):
    """A truth file that can't be read."""


@dataclass(frozen=True, slots=True)
class TrueRep:
    """An attempt as it was played."""

    start_s: float
    end_s: float
    counted: bool
    phases: tuple[PhaseSpan, ...]
    fault: str | None
    hand: Hand | None
    seeable: bool
    """False where the fault's hand was hidden: the fault is not owed, and either count is right."""
    also: tuple[str, ...] = ()
    """Further faults of the same attempt."""
    unjudged: tuple[str, ...] = ()
    """Faults on which nobody has a word: either answer is right."""

    @property
    def faults(self) -> frozenset[str]:
        """All faults that it has."""
        return frozenset(self.also) | ({self.fault} if self.fault is not None else set())


@dataclass(frozen=True, slots=True, eq=False)
class TrueHand:
    """One hand of the giver, frame by frame."""

    landmarks_px: Floats
    """(frames, 21, 2), MediaPipe's order; also where the hand is hidden or outside the picture."""
    visible: NDArray[np.bool_]
    """(frames,) wrist and middle knuckle both visible to the camera."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "landmarks_px", readonly(self.landmarks_px))
        visible = np.array(self.visible, dtype=np.bool_)
        visible.setflags(write=False)
        object.__setattr__(self, "visible", visible)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """All that is known of a clip. Frame i is at i / fps seconds."""

    fps: float
    frames: int
    count: int
    count_range: tuple[int, int]
    """Smallest and largest count that is right."""
    reps: tuple[TrueRep, ...]
    settle: tuple[Span, ...]
    hands: Mapping[Side, TrueHand]
    """Empty where nobody knows where they were, as when people told the rest."""
    camera: str = ""
    """From where it was filmed, in a word; empty where the file does not say."""


def truth_path(video: Path) -> Path | None:
    """The truth file beside a recording, or None."""
    for suffix in SUFFIXES:
        path = video.with_name(video.stem + suffix)
        if path.is_file():
            return path
    return None


def load_truth(path: Path) -> Truth:
    """Read a truth file, plain or gzipped.

    Raises `TruthError` when it is missing or is no truth file, with the key where it is known.
    """
    try:
        return _truth(_File.model_validate(strict_json(_bytes(path))))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise _no_truth(path, f"at {key}: {first['msg']}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise _no_truth(path, str(error)) from error
    except OSError as error:
        raise TruthError(
            f"The truth file {path} can't be read ({error.strerror or error}); store it again."
        ) from error


def _no_truth(path: Path, why: str) -> TruthError:
    return TruthError(
        f"{path} is not a truth file of the kind {SCHEMA} ({shortened(why)}); "
        "store it again, or remove it."
    )


def _bytes(path: Path) -> bytes:
    packed = read_bytes(path, LARGEST_BYTES)
    if path.suffix != ".gz":
        return packed
    with gzip.open(BytesIO(packed)) as file:
        data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise too_large(LARGEST_BYTES)
    return data


Count = Annotated[int, Field(ge=0, le=1_000_000)]
Time = Annotated[FiniteFloat, Field(ge=0, le=1_000_000)]
Word = Annotated[str, Field(max_length=60)]


class _Read(BaseModel):
    """Other keys may stand beside: files tell more than is asked of them."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Span(_Read):
    start_s: Time
    end_s: Time

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError("it ends before it begins")
        return self


class _Phase(_Span):
    name: Word

    def value(self) -> PhaseSpan:
        return PhaseSpan(self.name, self.start_s, self.end_s)


class _Rep(_Span):
    counted: bool
    phases: list[_Phase]
    fault: Word | None
    hand: Hand | None
    seeable: bool
    also: list[Word] = []
    unjudged: list[Word] = []

    def value(self) -> TrueRep:
        return TrueRep(
            start_s=self.start_s,
            end_s=self.end_s,
            counted=self.counted,
            phases=tuple(phase.value() for phase in self.phases),
            fault=self.fault,
            hand=self.hand,
            seeable=self.seeable,
            also=tuple(self.also),
            unjudged=tuple(self.unjudged),
        )


class _Hand(_Read):
    landmarks21: list[Any]
    wrist_visible: list[bool]
    middle_mcp_visible: list[bool]

    def value(self, frames: int) -> TrueHand:
        """Raises ValueError where these are not the landmarks of so many frames."""
        try:
            marks = np.array(self.landmarks21, dtype=np.float64).reshape(-1, 21, 2)
        except TypeError as error:
            raise ValueError(f"landmarks21 holds something else than numbers ({error})") from error
        if {len(marks), len(self.wrist_visible), len(self.middle_mcp_visible)} != {frames}:
            raise ValueError(f"a hand has not {frames} frames")
        return TrueHand(marks, np.array(self.wrist_visible) & np.array(self.middle_mcp_visible))


class _Hands(_Read):
    left: _Hand
    right: _Hand


class _File(_Read):
    schema_: Literal["tstroke.truth/1"] = Field(alias="schema")
    fps: Annotated[FiniteFloat, Field(gt=0, le=1000)]
    frames: Count
    count: Count
    count_range: Annotated[list[Count], Field(min_length=2, max_length=2)]
    reps: list[_Rep]
    settle: list[_Span]
    hands: _Hands | None = None
    camera: Word = ""


def _truth(read: _File) -> Truth:
    hands = {} if read.hands is None else {"left": read.hands.left, "right": read.hands.right}
    low, high = read.count_range
    return Truth(
        fps=read.fps,
        frames=read.frames,
        count=read.count,
        count_range=(low, high),
        reps=tuple(rep.value() for rep in read.reps),
        settle=tuple(Span(span.start_s, span.end_s) for span in read.settle),
        hands={side: hands[side].value(read.frames) for side in SIDES if side in hands},
        camera=read.camera,
    )
