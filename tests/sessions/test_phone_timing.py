"""The same motion is timed the same, however a phone writes it down."""

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routines.routine import load_routine
from sessions.record import Review
from sessions.review import review_recording
from sessions.truth import Truth, load_truth, truth_path
from tests.vision.corpus import write_video
from vision.calibration import load_calibration
from vision.frames import Frame
from vision.hands import SIDES, DetectedHand

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "wide.mp4"
LENGTH_S = 23.0
"""A hold and two strokes to their end; a third has begun."""
STROKES = 2
FPS = 30.0
MOST_OFF = 0.02

pytestmark = pytest.mark.slow


class MovingHands:
    """Finds the sample's true hands where they are at the very time of a frame."""

    def __init__(self, truth: Truth, late_s: float = 0.0) -> None:
        self._truth = truth
        self._late_s = late_s

    def __enter__(self) -> "MovingHands":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        at = (frame.time_s + self._late_s) * self._truth.fps
        before = min(int(at), self._truth.frames - 2)
        share = at - before
        # The truth is told in the sample's own size, and the picture stands upright.
        scale = frame.full_size[0] / 640
        hands = []
        for side in SIDES:
            true = self._truth.hands[side]
            if true.visible[before]:
                a, b = true.landmarks_px[before], true.landmarks_px[before + 1]
                hands.append(DetectedHand(scale * (a + share * (b - a)), 0.9, side))
        return tuple(hands)


def steady(fps: float = FPS) -> list[float]:
    return [i / fps for i in range(round(LENGTH_S * fps))]


def changing() -> list[float]:
    """As a phone does that lengthens its exposure where it is dark: from 60 to 10 a second."""
    times = [0.0]
    while times[-1] < LENGTH_S:
        times.append(times[-1] + 1 / (35 + 25 * np.sin(times[-1])))
    return times[:-1]


def trimmed_by(seconds: float) -> Callable[[Path], None]:
    """Lets the edit list begin later, as a phone does when somebody cuts off the beginning."""

    def change(path: Path) -> None:
        data = bytearray(path.read_bytes())
        entry = data.index(b"elst") + 12
        _, media_time = struct.unpack(">Ii", data[entry : entry + 8])
        timescale = data.index(b"mdhd") + 16
        (ticks,) = struct.unpack(">I", data[timescale : timescale + 4])
        data[entry + 4 : entry + 8] = struct.pack(">i", media_time + round(seconds * ticks))
        path.write_bytes(data)

    return change


def write(
    path: Path,
    times_s: Sequence[float],
    *,
    change: Callable[[Path], None] | None = None,
    **options: Any,
) -> None:
    usual: dict[str, Any] = {
        "size": (160, 120),
        "pixels": "yuv420p",
        "encoder": {"preset": "ultrafast", "g": "15"},
    }
    write_video(path, times_s=times_s, **(usual | options))
    if change is not None:
        change(path)


def told(path: Path, late_s: float = 0.0) -> Review:
    truth_file = truth_path(SAMPLE)
    assert truth_file is not None
    calibration = load_calibration(SAMPLE.with_name("wide.calibration.json"))
    hands = MovingHands(load_truth(truth_file), late_s)
    return review_recording(path, calibration, load_routine(), detector=hands)


def durations_s(review: Review) -> dict[str, float]:
    found = {}
    for number, rep in enumerate(review.reps[:STROKES]):
        found[f"rep {number}"] = rep.end_s - rep.start_s
        for phase in rep.phases:
            found[f"{phase.name} {number}"] = phase.end_s - phase.start_s
    starts = [rep.start_s for rep in review.reps]
    return found | {"from stroke to stroke": starts[1] - starts[0]}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """At a constant rate, in the plainest of files."""
    path = tmp_path_factory.mktemp("plain") / "a.mp4"
    write(path, steady(), encoder={"preset": "ultrafast", "bf": "0"})
    return durations_s(told(path))


BFRAMES = {"preset": "ultrafast", "bf": "3", "b-adapt": "0", "g": "15"}
KINDS: dict[str, tuple[str, float, Callable[[Path], None]]] = {
    "a rate that changes": ("a.mp4", 0, partial(write, times_s=changing())),
    "29.97": ("a.mp4", 0, partial(write, times_s=steady(30000 / 1001), clock=Fraction(1, 30_000))),
    "B frames": ("a.mp4", 0, partial(write, times_s=steady(), encoder=BFRAMES)),
    "QuickTime's clock": ("a.mov", 0, partial(write, times_s=changing(), clock=Fraction(1, 600))),
    "Matroska": ("a.mkv", 0, partial(write, times_s=changing())),
    "a late start": ("a.mp4", 0, partial(write, times_s=[7.3 + t for t in changing()])),
    "a track of sound": ("a.mp4", 0, partial(write, times_s=changing(), sound_s=LENGTH_S)),
    "the beginning cut off": (
        "a.mp4",
        0.7,
        partial(write, times_s=steady(), encoder=BFRAMES, change=trimmed_by(0.7)),
    ),
    "upright": ("a.mp4", 0, partial(write, times_s=changing(), size=(120, 160), rotation_deg=90)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_duration_is_the_same(kind: str, plain: dict[str, float], tmp_path: Path) -> None:
    name, late_s, make = KINDS[kind]
    make(tmp_path / name)
    found = durations_s(told(tmp_path / name, late_s))
    assert f"rep {STROKES - 1}" in plain
    assert found.keys() == plain.keys()
    off = {name: found[name] / plain[name] - 1 for name in plain}
    assert {name: share for name, share in off.items() if abs(share) >= MOST_OFF} == {}
