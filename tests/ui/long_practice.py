"""Long practice in little time: the hands of a clip's truth stand in for the hand model's."""

import gc
import gzip
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from benchmarks.live_feed import CLIP, beginner
from ui.camera_wires import Arrival
from ui.live_session import LiveSession
from ui.places import Places
from vision.calibration import load_calibration
from vision.frames import Frame, VideoReader
from vision.hands import DetectedHand

HERTZ: Final = 5.0
SMALL: Final = 0.25
"""The pictures are so much smaller than the clip's: nothing looks for hands in them."""
TIME_BASE: Final = Fraction(1, 90_000)

ROOMS: Final = ("vision.", "routines.", "sessions.", "ui.")


class TrueHands:
    """The clip's own hands, as the model would find them, at the times that a test asks for."""

    def __init__(self, clip: Path = CLIP) -> None:
        with gzip.open(clip.with_suffix(".truth.json.gz")) as packed:
            truth = json.load(packed)
        both = [truth["hands"][side]["landmarks21"] for side in ("left", "right")]
        self._marks = SMALL * np.array(both)
        self._fps: float = truth["fps"]
        self.at_s: Callable[[float], float] = lambda time_s: time_s

    def detect(self, frame: Frame) -> Sequence[DetectedHand]:
        """Both hands at the clip's moment that stands for this one."""
        index = round(self.at_s(frame.time_s) * self._fps)
        return [DetectedHand(marks, 0.9) for marks in self._marks[:, index]]


class LongPractice:
    """One tab and its camera; a session that is over is followed by another one."""

    def __init__(self, at_s: Callable[[float], float], clip: Path = CLIP) -> None:
        """`at_s` gives the clip's moment for each moment of the practice."""
        self.live = LiveSession(Places(1))
        self.sessions = 0
        self.counted = 0
        self._hands = TrueHands(clip)
        self._hands.at_s = at_s
        calibration = load_calibration(clip.with_suffix(".calibration.json"))
        width, height = calibration.image_size
        size = round(width * SMALL), round(height * SMALL)
        self._begin = beginner(calibration.fitted_to(*size), self._hands)
        with VideoReader(clip) as video:
            first = next(iter(video)).image_rgb
        step = round(1 / SMALL)
        self._picture = np.ascontiguousarray(first[::step, ::step])
        self._stream = self.live.open_stream()
        self._shown = 0
        self._start()

    def practise(self, seconds: float) -> None:
        """Go on for so long, of media time."""
        for _ in range(round(seconds * HERTZ)):
            picture = av.VideoFrame.from_ndarray(self._picture, format="rgb24")
            picture.pts = round(self._shown / HERTZ / TIME_BASE)
            picture.time_base = TIME_BASE
            self._shown += 1
            self._stream.show(Arrival(picture, self._shown / HERTZ))
            if self.live.view.stage == "ended":
                self.counted += sum(rep.counted for rep in self.live.view.reps)
                self._start()

    def _start(self) -> None:
        self.sessions += 1
        self._begin(self.live)


def blocks() -> int:
    """Pieces of memory that Python holds now."""
    gc.collect()
    return sys.getallocatedblocks()


def memory_mb() -> float:
    """Resident memory of this process now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1024**2


def lengths(root: object) -> dict[str, int]:
    """How much every list, array and the like holds that can be reached from here, by its way."""
    found, seen = dict[str, int](), set[int]()
    todo: list[tuple[str, object]] = [("", root)]
    while todo:
        way, each = todo.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, np.ndarray):
            found[way] = max(found.get(way, 0), each.size)
        elif isinstance(each, Sized) and not isinstance(each, (str, bytes)):
            found[way] = max(found.get(way, 0), len(each))
        todo += [(f"{way}.{name}", inner) for name, inner in _inside(each)]
    return found


def _inside(each: object) -> Iterator[tuple[str, Any]]:
    if isinstance(each, Mapping):
        yield from (("*", value) for value in each.values())
    elif isinstance(each, (list, tuple, set, frozenset)) or type(each).__name__ == "deque":
        yield from (("*", value) for value in each)  # type: ignore[attr-defined]
    elif f"{type(each).__module__}.".startswith(ROOMS):
        names = {name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ())}
        names |= set(getattr(each, "__dict__", ()))
        yield from ((name, getattr(each, name)) for name in names if hasattr(each, name))
