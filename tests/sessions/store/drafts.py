"""Sessions to be kept, small ones and odd ones, and whether two of them are the same."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from routines.coaching import Cue
from routines.reps import Check, PhaseSpan, Rep, Span
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    Unseen,
    VideoFacts,
)
from sessions.store.values import LandmarkTrack, SessionDraft
from vision.calibration import Calibration
from vision.hands import SIDES, Side
from vision.samples import BackScale

SIZE: Final = (640, 480)

CALIBRATION: Final = Calibration(
    SIZE,
    {
        "nape": (320.5, 60.25),
        "waist": (320.0, 400.0),
        "left_shoulder": (180.0, 130.0),
        "right_shoulder": (460.0, 130.0),
    },
    shoulder_width_cm=41.5,
    residual_px=1.25,
    shifts_px=({"nape": (1.5, 0.1), "waist": (0.0, -2.0)},),
)

STARTED: Final = datetime(2026, 2, 3, 18, 30, 5, 250_000, tzinfo=UTC)


def check(code: str, outcome: str = "fine", at_s: float = 1.0) -> Check:
    """A verdict on one fault."""
    if outcome == "fault":
        return Check(code, "fault", at_s, at_s + 0.4, "left", 0.7, 0.8, "v")
    return Check(code, "fine" if outcome == "fine" else "not_seen", at_s, at_s + 1)


def rep(index: int, *checks: Check, counted: bool = True, lasts_s: float = 6.0) -> Rep:
    """The attempt of this number; one begins every ten seconds."""
    start_s = 10.0 * index
    middle_s, end_s = start_s + lasts_s / 2, start_s + lasts_s
    phases = (PhaseSpan("up", start_s, middle_s), PhaseSpan("down", middle_s, end_s))
    return Rep(index, start_s, end_s, counted, phases, checks or (check("pause"),), 0.1, 81.5)


def review(*reps: Rep, name: str = "evening.mp4", version: int = 1) -> Review:
    """A review with these attempts."""
    return Review(
        video=VideoFacts(name, "ab" * 32, *SIZE, 61.5, 1845, 0.998),
        routine=RoutineRef("t_stroke", version),
        calibration=CalibrationFacts("points", CALIBRATION.points_px, 1.5),
        tracking=TrackingFacts(0.9, 0.95, 0.03),
        settle=Span(1.0, 5.5),
        reps=reps,
        unseen=(Unseen(30.0, 31.5, "left"),),
        warnings=("The picture is dark {so} hands are lost.",),
        paths=paths(20),
        scale=BackScale(20.75, 43.0, 0.8, assumed=False, tells_reach=True, reach_sd_v=0.02),
    )


def paths(points: int) -> Mapping[Side, HandPath]:
    """Both hands on a line up the back."""
    times = np.arange(points) / 10
    return {
        side: HandPath(times, np.column_stack([times / 8, times / 4]), times > 0.3)
        for side in SIDES
    }


def track(frames: int = 30) -> LandmarkTrack:
    """Two hands that go up the picture; the left one is not known for a while."""
    time_s = np.arange(frames) / 30
    hands: dict[Side, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    for side, x in (("left", 280.0), ("right", 360.0)):
        marks = np.zeros((frames, 21, 2)) + (x, 400.0) + np.arange(42).reshape(21, 2) / 10
        marks[..., 1] -= 100 * time_s[:, None]
        hands["left" if side == "left" else "right"] = marks.round(1)
    hands["left"][5:9] = np.nan
    observed = {side: np.isfinite(hands[side][:, 0, 0]) for side in SIDES}
    drift = np.column_stack([time_s, -time_s]).round(1)
    return LandmarkTrack(SIZE, time_s, hands, observed, drift)


def draft(*reps: Rep, name: str = "evening.mp4", learner_id: str | None = None) -> SessionDraft:
    """A session with these attempts; without any, one with a fault and one without."""
    return SessionDraft(
        kind="recorded",
        started=STARTED,
        review=review(*(reps or (rep(1, check("pause", "fault")), rep(2))), name=name),
        calibration=CALIBRATION,
        landmarks=track(),
        learner_id=learner_id,
        goal=10,
        cues=(Cue(16.25, "pause", "left"), Cue(40.0, "rushed", None)),
        felt_evenness=4,
    )


_NUMBERS = st.floats(-1e9, 1e9)
_SHARES = st.floats(0, 1)
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
_HANDS = st.sampled_from(["left", "right", "both"])
_CODES = st.sampled_from(["pause", "rushed", "on_spine"])

_PHASES = st.builds(PhaseSpan, _TEXT, _NUMBERS, _NUMBERS)
_CHECKS = st.builds(
    Check,
    _CODES,
    st.sampled_from(["fine", "fault", "not_seen"]),
    _NUMBERS,
    _NUMBERS,
    st.none() | _HANDS,
    st.none() | _NUMBERS,
    st.none() | _NUMBERS,
    _TEXT,
)
_REPS = st.builds(
    Rep,
    index=st.integers(1, 1000),
    start_s=_NUMBERS,
    end_s=_NUMBERS,
    counted=st.booleans(),
    phases=st.lists(_PHASES, max_size=5).map(tuple),
    checks=st.lists(_CHECKS, max_size=5).map(tuple),
    unseen_share=_SHARES,
    score=st.none() | st.floats(0, 100),
)


@st.composite
def _paths(draw: st.DrawFn) -> HandPath:
    length = draw(st.integers(0, 6))
    places = draw(arrays.arrays(np.float64, (length, 2), elements=st.floats(-4, 4, width=32)))
    times = draw(arrays.arrays(np.float64, length, elements=_NUMBERS))
    return HandPath(times, places, draw(arrays.arrays(np.bool_, length)))


@st.composite
def _tracks(draw: st.DrawFn) -> LandmarkTrack:
    """Places in tenths of a pixel, as they are kept."""
    frames = draw(st.integers(0, 5))
    tenths = st.integers(-50_000, 200_000)
    hands = {}
    for side in SIDES:
        marks = draw(arrays.arrays(np.int64, (frames, 21, 2), elements=tenths, fill=tenths)) * 0.1
        marks[draw(arrays.arrays(np.bool_, frames))] = np.nan
        hands[side] = marks
    return LandmarkTrack(
        image_size=draw(st.tuples(st.integers(1, 9999), st.integers(1, 9999))),
        time_s=draw(arrays.arrays(np.float64, frames, elements=_NUMBERS)),
        landmarks_px=hands,
        observed={side: draw(arrays.arrays(np.bool_, frames)) for side in SIDES},
        drift_px=draw(arrays.arrays(np.int64, (frames, 2), elements=tenths)) * 0.1,
    )


_REVIEWS = st.builds(
    Review,
    video=st.builds(
        VideoFacts,
        _TEXT,
        _TEXT,
        st.integers(1, 9999),
        st.integers(1, 9999),
        st.floats(0, 1e6),
        st.integers(0, 10**7),
        _SHARES,
    ),
    routine=st.builds(RoutineRef, _TEXT, st.integers(1, 99)),
    calibration=st.builds(
        CalibrationFacts,
        st.sampled_from(["points", "settle"]),
        st.dictionaries(_TEXT, st.tuples(_NUMBERS, _NUMBERS), max_size=3),
        st.none() | _NUMBERS,
    ),
    tracking=st.builds(TrackingFacts, _SHARES, _SHARES, _SHARES),
    settle=st.none() | st.builds(Span, _NUMBERS, _NUMBERS),
    reps=st.lists(_REPS, max_size=4).map(tuple),
    unseen=st.lists(st.builds(Unseen, _NUMBERS, _NUMBERS, _HANDS), max_size=3).map(tuple),
    warnings=st.lists(_TEXT, max_size=2).map(tuple),
    paths=st.fixed_dictionaries({side: _paths() for side in SIDES}),
    scale=st.none()
    | st.builds(BackScale, _NUMBERS, _NUMBERS, _NUMBERS, st.booleans(), st.booleans(), _SHARES),
)

DRAFTS: Final = st.builds(
    SessionDraft,
    kind=st.sampled_from(["live", "recorded"]),
    started=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    review=_REVIEWS,
    calibration=st.none() | st.just(CALIBRATION),
    landmarks=st.none() | _tracks(),
    learner_id=st.none(),
    goal=st.none() | st.integers(1, 100),
    cues=st.lists(st.builds(Cue, _NUMBERS, _CODES, st.none() | _HANDS), max_size=3).map(tuple),
    felt_evenness=st.none() | st.integers(1, 5),
)


def same_reviews(one: Review, other: Review) -> bool:
    """Equal in all their parts; what has arrays knows no equality of its own."""
    parts = ("video", "routine", "calibration", "tracking", "settle", "reps", "unseen", "warnings")
    return all(getattr(one, part) == getattr(other, part) for part in (*parts, "scale")) and all(
        np.array_equal(getattr(one.paths[side], part), getattr(other.paths[side], part))
        for side in SIDES
        for part in ("time_s", "palm_back", "observed")
    )


def same_tracks(one: LandmarkTrack | None, other: LandmarkTrack | None) -> bool:
    """Equal to a hundredth of the step in which places are kept."""
    if one is None or other is None:
        return one is other
    return (
        one.image_size == other.image_size
        and np.array_equal(one.time_s, other.time_s)
        and np.allclose(one.drift_px, other.drift_px, rtol=0, atol=1e-3)
        and all(np.array_equal(one.observed[side], other.observed[side]) for side in SIDES)
        and all(
            np.allclose(
                one.landmarks_px[side],
                other.landmarks_px[side],
                rtol=0,
                atol=1e-3,
                equal_nan=True,
            )
            for side in SIDES
        )
    )
