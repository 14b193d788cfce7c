"""The same motion is timed the same, however a phone writes it down.

Each picture shows the moment of the motion at which it was taken, as bars that stand for the bits
of its time in ms; so the hands are where the picture shows them, whatever time the file gives it.
"""

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routines.routine import load_routine
from routines.ticks import TICK_S
from sessions.record import Review
from sessions.review import review_recording
from sessions.truth import Truth, load_truth, truth_path
from tests.vision.corpus import write_video
from vision.arrays import ImageRGB
from vision.calibration import load_calibration
from vision.frames import Frame
from vision.hands import SIDES, DetectedHand

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "wide.mp4"
LENGTH_S = 23.0
"""A hold and two strokes to their end; a third has begun."""
STROKES = 2
FPS = 30.0
MOST_OFF = 0.02
"""Of a duration; or one tick of the engine's clock, which is as finely as phases are told."""

pytestmark = pytest.mark.slow


class MovingHands:
    """Finds the sample's true hands as they were at the moment that the picture shows."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def __enter__(self) -> "MovingHands":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        at = shown_s(frame.image_rgb) * self._truth.fps
        before = min(int(at), self._truth.frames - 2)
        share = at - before
        # The truth is told in the sample's own size.
        scale = frame.full_size[0] / 640
        hands = []
        for side in SIDES:
            true = self._truth.hands[side]
            if true.visible[before]:
                a, b = true.landmarks_px[before], true.landmarks_px[before + 1]
                hands.append(DetectedHand(scale * (a + share * (b - a)), 0.9, side))
        return tuple(hands)


BITS = 16
BAR_PX = 10


def showing(time_s: float) -> ImageRGB:
    """A picture, 160 x 120, of that moment."""
    bars = [255 * (round(time_s * 1000) >> bit & 1) for bit in range(BITS)]
    row = np.repeat(np.array(bars, np.uint8), BAR_PX)
    return np.repeat(np.repeat(row[None, :, None], 120, axis=0), 3, axis=2)


def shown_s(image_rgb: ImageRGB) -> float:
    bars = image_rgb[60, BAR_PX // 2 :: BAR_PX, 0] > 127
    return sum(1 << bit for bit in range(BITS) if bars[bit]) / 1000


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
    starts_s: float = 0.0,
    lies: bool = False,
    **options: Any,
) -> None:
    """`lies` on its side, as a phone's pictures do that are to be turned upright."""

    def picture(index: int) -> ImageRGB:
        upright = showing(times_s[index])
        return np.ascontiguousarray(np.rot90(upright, -1)) if lies else upright

    usual: dict[str, Any] = {
        "size": (160, 120),
        "pixels": "yuv420p",
        "encoder": {"preset": "ultrafast", "g": "15"},
        "picture": picture,
    }
    given_s = [starts_s + time_s for time_s in times_s]
    write_video(path, times_s=given_s, **(usual | options))
    if change is not None:
        change(path)


def told(path: Path) -> Review:
    truth_file = truth_path(SAMPLE)
    assert truth_file is not None
    calibration = load_calibration(SAMPLE.with_name("wide.calibration.json"))
    hands = MovingHands(load_truth(truth_file))
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
KINDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a rate that changes": ("a.mp4", partial(write, times_s=changing())),
    "29.97": ("a.mp4", partial(write, times_s=steady(30000 / 1001), clock=Fraction(1, 30_000))),
    "B frames": ("a.mp4", partial(write, times_s=steady(), encoder=BFRAMES)),
    "QuickTime's clock": ("a.mov", partial(write, times_s=changing(), clock=Fraction(1, 600))),
    "Matroska": ("a.mkv", partial(write, times_s=changing())),
    "a late start": ("a.mp4", partial(write, times_s=changing(), starts_s=7.3)),
    "a track of sound": ("a.mp4", partial(write, times_s=changing(), sound_s=LENGTH_S)),
    "the beginning cut off": (
        "a.mp4",
        partial(write, times_s=steady(), encoder=BFRAMES, change=trimmed_by(0.7)),
    ),
    "upright": (
        "a.mp4",
        partial(write, times_s=changing(), size=(120, 160), rotation_deg=90, lies=True),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_duration_is_the_same(kind: str, plain: dict[str, float], tmp_path: Path) -> None:
    name, make = KINDS[kind]
    make(tmp_path / name)
    found = durations_s(told(tmp_path / name))
    assert f"rep {STROKES - 1}" in plain
    assert found.keys() == plain.keys()
    allowed_s = {name: max(MOST_OFF * plain[name], TICK_S + 1e-6) for name in plain}
    off_s = {name: found[name] - plain[name] for name in plain}
    assert {name: off for name, off in off_s.items() if abs(off) >= allowed_s[name]} == {}
    assert abs(sum(off_s.values())) < MOST_OFF * sum(plain.values())
