"""What a clip's result must not hang on: the picture's size and turn, rate, tempo, loss, noise.

The hands are the truth's, where they really could be seen, or drawn by a pen before a camera, so no
picture is looked at. A changed clip must keep the count; a fault must stay, or become not seen
where its evidence went. One film that a selfie camera mirrored is looked at from end to end.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from routines.engine import Engine
from routines.reps import Rep, RepEnded
from routines.routine import load_routine
from sessions.coach import Coach
from sessions.matching import overlap
from sessions.recorder import Recorder
from tests.once import truth_of
from vision.arrays import Floats, ImageRGB
from vision.back_frame import fit_back_frame
from vision.back_template import SHAPE_PRIOR, BackShape, BackSurface
from vision.calibration import Calibration, load_calibration
from vision.camera_pose import CameraPose, look, prior_focal_px
from vision.frames import VideoReader
from vision.hands import PALM, SIDES, HandPair, Side, TrackedHand

SAMPLES = Path(__file__).parents[2] / "sample_videos"
FILMED = ("distractors", "fps15", "hands", "order", "place", "side", "speed", "wide")
DRAWN = "drawn"
NAMES = (*FILMED, DRAWN)
FAST = "order"
"""The clip that is tried in the fast tests: most path faults are in it."""

OTHER: dict[Side, Side] = {"left": "right", "right": "left"}


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What a camera gave of one clip."""

    calibration: Calibration
    times_s: Floats
    landmarks_px: dict[Side, Floats]
    """(frames, 21, 2) each"""
    seen: dict[Side, NDArray[np.bool_]]
    """(frames,) each"""


@functools.cache
def clip_of(name: str) -> Clip:
    if name == DRAWN:
        return drawn()
    truth = truth_of(name)
    return Clip(
        calibration=load_calibration(SAMPLES / f"{name}.calibration.json"),
        times_s=np.arange(truth.frames) / truth.fps,
        landmarks_px={side: truth.hands[side].landmarks_px for side in SIDES},
        seen={side: truth.hands[side].visible for side in SIDES},
    )


def told(clip: Clip) -> list[Rep]:
    """The attempts that the engine finds, as in a review."""
    back_frame = fit_back_frame(clip.calibration)
    engine = Engine(load_routine(), back_frame.scale, foresees=False)
    events = [event for pair in _pairs(clip) for event in engine.step(back_frame.sample(pair))]
    events += engine.finish()
    return [event.rep for event in events if isinstance(event, RepEnded)]


def _pairs(clip: Clip) -> Iterator[HandPair]:
    for index, time_s in enumerate(clip.times_s):
        hands = [
            TrackedHand(clip.landmarks_px[side][index], observed=True)
            if clip.seen[side][index]
            else None
            for side in SIDES
        ]
        yield HandPair(float(time_s), *hands)


@functools.cache
def plain(name: str) -> tuple[Rep, ...]:
    return tuple(told(clip_of(name)))


# A purely synthetic clip: a pen draws both hands on a back, and a camera looks at them.

START, TOP = (0.37, 0.07), (0.37, 0.88)
UP = (START, TOP)
OUT = (TOP, (0.60, 0.92), (0.85, 0.88), (1.05, 0.81), (1.15, 0.72), (1.14, 0.60))
DOWN = (OUT[-1], (1.00, 0.50), (0.75, 0.40), (0.64, 0.25), (0.60, 0.08))
IN = (DOWN[-1], (0.56, 0.00), (0.47, 0.00), START)
SHORT = ((START, (0.37, 0.55)), ((0.37, 0.55), (0.80, 0.52), (0.90, 0.45)))
Leg = tuple[float, tuple[tuple[float, float], ...]]

CLEAN: tuple[Leg, ...] = ((0.34, UP), (0.28, OUT), (0.23, DOWN), (0.15, IN))
NOT_FAR: tuple[Leg, ...] = (
    (0.40, SHORT[0]),
    (0.20, SHORT[1]),
    (0.25, (SHORT[1][-1], *DOWN[2:])),
    (0.15, IN),
)
STROKES: tuple[tuple[tuple[Leg, ...], float, float], ...] = (
    (CLEAN, 8.0, 0.0),
    (NOT_FAR, 7.0, 0.0),
    (CLEAN, 8.0, 0.8),
    (CLEAN, 6.0, 0.0),
)
"""Legs as shares of the time and places (abs(u), v), how long it takes in s, and by how much the
right hand lags behind."""

HAND = np.array(
    [(0.0, 0.0), (0.14, 0.1), (0.25, 0.22), (0.33, 0.32), (0.4, 0.4)]
    + [(x * (1 + k / 12), 0.5 + k * 0.165) for x in (0.15, 0.05, -0.06, -0.16) for k in range(4)]
)
"""(21, 2) a left hand from the wrist, the thumb to the right, in hand's lengths."""

HAND_HALF_WIDTHS = 18.5 / 19.5
"""A hand's length in half shoulder widths."""

DRAWN_SIZE = (960, 540)


def drawn() -> Clip:
    """Settle, a clean stroke, one that turns back too soon, one whose right hand lags, a clean one;
    seen obliquely from above."""
    shape = BackShape(*(mean for mean, _ in SHAPE_PRIOR.values()))
    surface = BackSurface(shape, thickness=0.17, bulge=0.18)
    rotation = look(np.array([0.35, -0.3, 1.0]))
    focal_px = prior_focal_px(np.array(DRAWN_SIZE, float))
    middle = np.array([0.0, 1.0, -0.1])
    place = np.array([0.0, 0.0, focal_px / 120]) - rotation @ middle
    camera = CameraPose(rotation, place, focal_px, np.array(DRAWN_SIZE) / 2)
    points = {
        name: (float(x), float(y))
        for name, place in shape.points().items()
        for x, y in camera.project(np.array([place]))
    }
    times_s, palms = pen(1 / 30)
    outward: dict[Side, float] = {"left": -1.0, "right": 1.0}
    hands = {}
    for side in SIDES:
        flat = (HAND - HAND[list(PALM)].mean(axis=0)) * HAND_HALF_WIDTHS * (-outward[side], 1)
        marks = palms[side][:, None] * (outward[side], 1) + flat / (1.0, shape.spine)
        seen = camera.project(surface.lift(marks.reshape(-1, 2)))
        hands[side] = seen.reshape(-1, 21, 2)
    return Clip(
        calibration=Calibration(DRAWN_SIZE, points),
        times_s=times_s,
        landmarks_px=hands,
        seen={side: np.ones(len(times_s), bool) for side in SIDES},
    )


def pen(step_s: float) -> tuple[Floats, dict[Side, Floats]]:
    """Times (N,), and where both palms are then: (N, 2) as abs(u), v."""
    left = [(0.0, (0.0, 0.75)), (3.0, (0.0, 0.75)), (3.6, START), (4.6, START)]
    right = [(0.0, (0.0, 0.03)), (3.0, (0.0, 0.03)), (3.6, START), (4.6, START)]
    now_s = 4.6
    for legs, lasts_s, lag_s in STROKES:
        for share, through in legs:
            bends = np.array(through)
            along = np.linalg.norm(np.diff(bends, axis=0) * (1.0, 2.15), axis=1).cumsum()
            for part in np.linspace(0.05, 1.0, 20):
                eased = 0.6 * part + 0.4 * part**2 * (3 - 2 * part)
                at = np.interp(eased * along[-1], [0, *along], np.arange(len(bends)))
                place = tuple(np.interp(at, range(len(bends)), axis) for axis in bends.T)
                time_s = now_s + part * share * lasts_s
                left.append((time_s, place))
                right.append((time_s + lag_s, place))
            now_s += share * lasts_s
        now_s += lag_s
    times_s = np.arange(0.0, now_s + 1.5, step_s)
    return times_s, {"left": _drawn_at(left, times_s), "right": _drawn_at(right, times_s)}


def _drawn_at(way: list[tuple[float, tuple[float, float]]], times_s: Floats) -> Floats:
    at_s, places = [time_s for time_s, _ in way], np.array([place for _, place in way])
    return np.stack([np.interp(times_s, at_s, axis) for axis in places.T], axis=1)


# Ways to change a clip.


def moved(
    clip: Clip, turn: Floats, shift_px: Floats, size: tuple[int, int], *, swap: bool = False
) -> Clip:
    """Every picture position x becomes turn @ x + shift; `swap` exchanges left and right."""
    points = {
        _other(name) if swap else name: (float(x), float(y))
        for name, point in clip.calibration.points_px.items()
        for x, y in [turn @ point + shift_px]
    }
    return replace(
        clip,
        calibration=replace(clip.calibration, image_size=size, points_px=points),
        landmarks_px={
            OTHER[side] if swap else side: clip.landmarks_px[side] @ turn.T + shift_px
            for side in SIDES
        },
        seen={OTHER[side] if swap else side: clip.seen[side] for side in SIDES},
    )


def scaled(clip: Clip, times: float) -> Clip:
    width, height = clip.calibration.image_size
    size = round(width * times), round(height * times)
    return moved(clip, np.eye(2) * times, np.zeros(2), size)


def turned(clip: Clip, quarters: int) -> Clip:
    """Clockwise by quarters of a turn."""
    for _ in range(quarters):
        width, height = clip.calibration.image_size
        clip = moved(clip, np.array([[0, -1], [1, 0]]), np.array([height, 0]), (height, width))
    return clip


def mirrored(clip: Clip) -> Clip:
    """The film of a giver and a receiver who are the mirror images of these."""
    width, height = clip.calibration.image_size
    return moved(clip, np.diag([-1, 1]), np.array([width, 0]), (width, height), swap=True)


def selfie(clip: Clip) -> Clip:
    """The same film from a camera that mirrors its pictures."""
    width, height = clip.calibration.image_size
    return moved(clip, np.diag([-1, 1]), np.array([width, 0]), (width, height))


def _other(name: str) -> str:
    swapped = {"left": "right", "right": "left"}
    return "_".join(swapped.get(word, word) for word in name.split("_"))


def at_times(clip: Clip, times_s: Floats) -> Clip:
    """The same motion, looked at at other times."""
    nearest = np.clip(np.searchsorted(clip.times_s, times_s), 0, len(clip.times_s) - 1)
    return replace(
        clip,
        times_s=times_s,
        landmarks_px={side: _between(clip, side, times_s) for side in SIDES},
        seen={side: clip.seen[side][nearest] for side in SIDES},
    )


def _between(clip: Clip, side: Side, times_s: Floats) -> Floats:
    flat = clip.landmarks_px[side].reshape(len(clip.times_s), -1)
    columns = [np.interp(times_s, clip.times_s, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(-1, 21, 2)


def at_rate(clip: Clip, fps: float) -> Clip:
    return at_times(clip, np.arange(0, clip.times_s[-1], 1 / fps))


def at_changing_rate(clip: Clip) -> Clip:
    """Between 10 and 60 frames a second, another step each time."""
    steps_s = 1 / np.random.default_rng(5).uniform(10, 60, 6000)
    times_s = np.cumsum(steps_s)
    return at_times(clip, times_s[times_s < clip.times_s[-1]])


def at_tempo(clip: Clip, name: str, rep_s: float) -> Clip:
    """So slow or fast that a rep takes about `rep_s`, at 30 frames a second."""
    lasts = [rep.end_s - rep.start_s for rep in plain(name)] or [7.0]
    return at_rate(replace(clip, times_s=clip.times_s * rep_s / np.median(lasts)), 30.0)


def at_changing_tempo(clip: Clip) -> Clip:
    """Between 0.7 and 2 times as slow, changing all the time."""
    steps_s = np.diff(clip.times_s, prepend=0.0)
    slower = 1.35 + 0.65 * np.sin(2 * np.pi * clip.times_s / 21)
    return at_rate(replace(clip, times_s=np.cumsum(steps_s * slower)), 30.0)


def dropped(clip: Clip, seed: int) -> Clip:
    """A fifth of the frames never arrives."""
    kept = np.random.default_rng(seed).random(len(clip.times_s)) >= 0.2
    return replace(
        clip,
        times_s=clip.times_s[kept],
        landmarks_px={side: clip.landmarks_px[side][kept] for side in SIDES},
        seen={side: clip.seen[side][kept] for side in SIDES},
    )


def noisy(clip: Clip, seed: int) -> Clip:
    """Every landmark off by 2 % of the hand's length, anew in each frame."""
    random = np.random.default_rng(seed)
    hands = {}
    for side, landmarks in clip.landmarks_px.items():
        finger = np.diff(landmarks[:, [0, 9, 10, 11, 12]], axis=1)
        length = np.median(np.linalg.norm(finger, axis=2).sum(axis=1))
        hands[side] = landmarks + random.normal(size=landmarks.shape) * 0.02 * length
    return replace(clip, landmarks_px=hands)


def hidden(clip: Clip, first_s: float) -> Clip:
    """The one or the other hand is unseen for a second, every 8 seconds."""
    seen = {side: clip.seen[side].copy() for side in SIDES}
    for index, start_s in enumerate(np.arange(first_s, clip.times_s[-1], 8.0)):
        away = (clip.times_s >= start_s) & (clip.times_s < start_s + 1.0)
        seen[SIDES[index % 2]] &= ~away
    return replace(clip, seen=seen)


SAME_TIMES: dict[str, Callable[[Clip], Clip]] = {
    "half the size": lambda clip: scaled(clip, 0.5),
    "twice the size": lambda clip: scaled(clip, 2.0),
    "turned by 90°": lambda clip: turned(clip, 1),
    "turned by 180°": lambda clip: turned(clip, 2),
    "turned by 270°": lambda clip: turned(clip, 3),
    "mirrored": mirrored,
    "from a selfie camera": selfie,
    "10 frames a second": lambda clip: at_rate(clip, 10.0),
    "15 frames a second": lambda clip: at_rate(clip, 15.0),
    "24 frames a second": lambda clip: at_rate(clip, 24.0),
    "60 frames a second": lambda clip: at_rate(clip, 60.0),
    "a rate that changes": at_changing_rate,
    "frames dropped": lambda clip: dropped(clip, 1),
    "other frames dropped": lambda clip: dropped(clip, 2),
    "noise": lambda clip: noisy(clip, 1),
    "other noise": lambda clip: noisy(clip, 2),
    **{f"hands hidden from {s} s": functools.partial(hidden, first_s=s) for s in range(8)},
}
TEMPOS_S = (4.0, 6.0, 12.0, 18.0, 25.0)
QUICK = (
    "half the size",
    "turned by 90°",
    "mirrored",
    "10 frames a second",
    "frames dropped",
    "noise",
)
"""Tried in the fast tests."""


def changes(before: Sequence[Rep], after: Sequence[Rep]) -> list[str]:
    """What differs in a way that it must not. A fault may become not seen, never fine."""
    found = [] if count(before) == count(after) else [f"count {count(before)} is {count(after)}"]
    for rep in after:
        same = max(before, key=lambda one: overlap(one, rep), default=None)
        known = {check.code for check in same.faults} if same and overlap(same, rep) else set()
        found += [f"new {check.code}" for check in rep.faults if check.code not in known]
    for rep in before:
        same = max(after, key=lambda one: overlap(one, rep), default=None)
        fine = {check.code for check in same.checks if check.outcome == "fine"} if same else set()
        found += [f"{check.code} became fine" for check in rep.faults if check.code in fine]
    return found


def count(reps: Sequence[Rep]) -> int:
    return sum(rep.counted for rep in reps)


def path_faults(reps: Sequence[Rep]) -> list[str]:
    rules = load_routine().faults
    codes = [check.code for rep in reps for check in rep.faults]
    return [code for code in codes if rules[code].kind == "path"]


def cases(kinds: Sequence[object], quick: Sequence[object]) -> list[Any]:
    """All kinds with all clips; slow but for the quick ones."""
    found = []
    for name in NAMES:
        for kind in kinds:
            marks = [] if name == FAST and kind in quick else [pytest.mark.slow]
            found.append(pytest.param(kind, name, marks=marks))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), cases([*SAME_TIMES], QUICK))
def test_the_count_stays_and_faults_stay_or_are_not_seen(kind: str, name: str) -> None:
    assert changes(plain(name), told(SAME_TIMES[kind](clip_of(name)))) == []


@pytest.mark.parametrize(("kind", "name"), cases(TEMPOS_S, []))
def test_the_count_hangs_on_no_tempo(kind: float, name: str) -> None:
    reps = told(at_tempo(clip_of(name), name, kind))
    assert count(reps) == count(plain(name))
    assert path_faults(reps) == path_faults(plain(name))


@pytest.mark.parametrize(("kind", "name"), cases(["a tempo that changes"], []))
def test_the_tempo_may_change(kind: str, name: str) -> None:
    reps = told(at_changing_tempo(clip_of(name)))
    assert count(reps) == count(plain(name))
    assert path_faults(reps) == path_faults(plain(name))


def test_what_was_drawn_is_told() -> None:
    """As for the clips."""
    assert [sorted(check.code for check in rep.faults) for rep in plain(DRAWN)] == [
        [],
        ["short_reach"],
        ["asymmetric"],
        [],
    ]
    assert [check.hand for check in plain(DRAWN)[2].faults] == ["right"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FILMED)
def test_the_clips_themselves_are_counted_right(name: str) -> None:
    """Without this the others would hold for an engine that counts nothing."""
    low, high = truth_of(name).count_range
    assert low <= count(plain(name)) <= high


@pytest.mark.slow
def test_a_film_from_a_selfie_camera_is_told_alike_from_end_to_end() -> None:
    """Pictures and points are mirrored, names are not: the giver's left hand stays the left one."""
    given = load_calibration(SAMPLES / "fps15.calibration.json")
    width, _ = given.image_size
    points = {name: (width - x, y) for name, (x, y) in given.points_px.items()}
    as_filmed = looked_at(given, lambda image_rgb: image_rgb)
    mirror_image = looked_at(
        replace(given, points_px=points), lambda image_rgb: image_rgb[:, ::-1].copy()
    )
    assert len(as_filmed) == 2
    assert [check.hand for check in as_filmed[1].faults] == ["left"]
    for one, other in zip(as_filmed, mirror_image, strict=True):
        assert _verdict(other) == _verdict(one)
        for phase, same in zip(one.phases, other.phases, strict=True):
            assert same.start_s == pytest.approx(phase.start_s, abs=0.2)


def looked_at(calibration: Calibration, change: Callable[[ImageRGB], ImageRGB]) -> list[Rep]:
    """What the coach tells of the first two strokes of `fps15`, its pictures changed."""
    recorder = Recorder()
    with (
        VideoReader(SAMPLES / "fps15.mp4") as reader,
        Coach(calibration, load_routine()) as coach,
    ):
        for frame in reader:
            if frame.time_s > 24.0:
                break
            recorder.step(coach.step(replace(frame, image_rgb=change(frame.image_rgb))))
        recorder.take(coach.finish())
    return recorder.reps


def _verdict(rep: Rep) -> object:
    checks = {check.code: (check.outcome, check.hand) for check in rep.checks}
    return rep.counted, checks, [phase.name for phase in rep.phases]
