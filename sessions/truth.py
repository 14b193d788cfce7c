"""What really happened in a recording: reads `NAME.truth.json` or `.json.gz` beside `NAME.mp4`."""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routines.reps import Hand, PhaseSpan, Span
from vision.arrays import Floats, readonly
from vision.errors import CoachError
from vision.hands import SIDES, Side

SCHEMA: Final = "tstroke.truth/1"

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

    Raises `TruthError` when it is missing or is no truth file.
    """
    try:
        return _truth(json.loads(_bytes(path)))
    except OSError as error:
        raise TruthError(
            f"The truth file {path} can't be read ({error.strerror or error}); store it again."
        ) from error
    except (EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise TruthError(
            f"{path} is not a truth file of the kind {SCHEMA} ({type(error).__name__}: {error}); "
            "store it again, or remove it."
        ) from error


def _bytes(path: Path) -> bytes:
    packed = path.read_bytes()
    return gzip.decompress(packed) if path.suffix == ".gz" else packed


def _truth(values: dict[str, Any]) -> Truth:
    if values["schema"] != SCHEMA:
        raise ValueError(f"schema is {values['schema']!r}")
    low, high = values["count_range"]
    return Truth(
        fps=float(values["fps"]),
        frames=int(values["frames"]),
        count=int(values["count"]),
        count_range=(int(low), int(high)),
        reps=tuple(_rep(rep) for rep in values["reps"]),
        settle=tuple(Span(span["start_s"], span["end_s"]) for span in values["settle"]),
        hands={side: _hand(values["hands"][side]) for side in SIDES if "hands" in values},
        camera=str(values.get("camera", "")),
    )


def _rep(values: dict[str, Any]) -> TrueRep:
    return TrueRep(
        start_s=values["start_s"],
        end_s=values["end_s"],
        counted=values["counted"],
        phases=tuple(
            PhaseSpan(phase["name"], phase["start_s"], phase["end_s"]) for phase in values["phases"]
        ),
        fault=values["fault"],
        hand=values["hand"],
        seeable=values["seeable"],
        also=tuple(map(str, values.get("also", ()))),
        unjudged=tuple(map(str, values.get("unjudged", ()))),
    )


def _hand(values: dict[str, Any]) -> TrueHand:
    seen = np.array(values["wrist_visible"]) & np.array(values["middle_mcp_visible"])
    return TrueHand(np.array(values["landmarks21"]), seen)
