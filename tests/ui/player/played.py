"""Stored sessions made from the sample clips and what is truly known of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from routines.coaching import Cue
from routines.reps import Check, Rep
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    Unseen,
    VideoFacts,
)
from sessions.store.values import (
    Comment,
    DrawnMark,
    Judged,
    LandmarkTrack,
    Pictures,
    SessionLine,
    StoredSession,
    Verdict,
)
from sessions.truth import TrueRep, Truth
from tests.once import truth_of
from tests.stored import line
from ui.samples import FOLDER
from vision.calibration import Calibration, load_calibration
from vision.hands import SIDES

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

BRIDGED_S = (8.0, 8.2)
"""The left hand was hidden for a moment, and bridged."""

UNSEEN_S = (14.0, 16.0)
"""The right hand was not seen."""

FIRST_S, SECOND_S = (0.0, 10.0, 29.0), (0.0, 5.0, 29.0)
"""Two sessions in step: the second one goes half as fast at first."""


def clip(name: str) -> Path:
    """A sample recording."""
    return FOLDER / f"{name}.mp4"


def landmarks_of(name: str) -> LandmarkTrack:
    """The sample's true hands, with a bridged and an unseen stretch."""
    truth = truth_of(name)
    time_s = np.arange(truth.frames) / truth.fps
    hands = {side: np.array(truth.hands[side].landmarks_px) for side in SIDES}
    observed = {side: np.ones(truth.frames, np.bool_) for side in SIDES}
    observed["left"][(time_s >= BRIDGED_S[0]) & (time_s < BRIDGED_S[1])] = False
    unseen = (time_s >= UNSEEN_S[0]) & (time_s < UNSEEN_S[1])
    hands["right"][unseen] = np.nan
    observed["right"][unseen] = False
    size = load_calibration(FOLDER / f"{name}.calibration.json").image_size
    return LandmarkTrack(size, time_s, hands, observed, np.zeros((truth.frames, 2)))


def session_of(
    name: str, pictures: Path | None = None, *, calibrated: bool = True, repeats: int = 1
) -> StoredSession:
    """A session of the sample; `repeats` plays its reps over and over, for long ones."""
    truth = truth_of(name)
    calibration = load_calibration(FOLDER / f"{name}.calibration.json") if calibrated else None
    duration_s = truth.frames / truth.fps
    reps = [
        _rep(rep, number * len(truth.reps) + i + 1, number * duration_s)
        for number in range(repeats)
        for i, rep in enumerate(truth.reps)
    ]
    review = _review(name, truth, calibration, reps, repeats)
    return StoredSession(
        line=_line(name, review, pictures),
        review=review,
        judged=Judged("0.1.0", "t_stroke", 1, NOW),
        calibration=calibration,
        cues=(Cue(reps[0].end_s + 0.4, "rushed", None),),
        felt_evenness=None,
        comments=(_comment(reps[0].start_s + 2.0),),
        verdicts=(
            Verdict(
                "v", "i", "Ina", "wrong", reps[1].start_s, reps[1].start_s + 1, "pause", None, NOW
            ),
        ),
        corrections=(),
        pictures=None if pictures is None else Pictures(pictures, date(2027, 1, 1)),
    )


def _rep(rep: TrueRep, index: int, later_s: float) -> Rep:
    phases = tuple(
        replace(phase, start_s=phase.start_s + later_s, end_s=phase.end_s + later_s)
        for phase in rep.phases
    )
    start_s, end_s = rep.start_s + later_s, rep.end_s + later_s
    checks = (
        Check("pause", "fault", start_s + 1.0, start_s + 2.5, "left", 1.5, 1.0, "s"),
        Check("rushed", "fine", start_s, end_s),
    )
    counted = index % 5 != 4
    short = Check("short_reach", "fault", start_s + 2.0, start_s + 2.4, "both", 0.7, 0.8, "v")
    return Rep(
        index,
        start_s,
        end_s,
        counted,
        phases,
        (short, *checks[1:]) if not counted else checks if index % 2 == 0 else checks[1:],
        0.0,
        80.0,
    )


def _review(
    name: str, truth: Truth, calibration: Calibration | None, reps: Sequence[Rep], repeats: int
) -> Review:
    width, height = (640, 480) if calibration is None else calibration.image_size
    frames = truth.frames * repeats
    return Review(
        video=VideoFacts(f"{name}.mp4", "0" * 64, width, height, frames / truth.fps, frames, 1.0),
        routine=RoutineRef("t_stroke", 1),
        calibration=CalibrationFacts("points", {}, 1.0),
        tracking=TrackingFacts(0.9, 1.0, 0.01),
        settle=None,
        reps=tuple(reps),
        unseen=(Unseen(*UNSEEN_S, "right"),),
        warnings=(),
        paths={
            side: HandPath(np.zeros(0), np.zeros((0, 2)), np.zeros(0, np.bool_)) for side in SIDES
        },
    )


def _line(name: str, review: Review, pictures: Path | None) -> SessionLine:
    return replace(
        line(review.reps, f"session-{name}", f"{name}.mp4", NOW, None),
        duration_s=review.video.duration_s,
        comments=1,
        verdicts=1,
        waiting=True,
        has_pictures=pictures is not None,
    )


def _comment(time_s: float) -> Comment:
    marks = (
        DrawnMark("picture", "arrow", ((0.2, 0.2), (0.4, 0.45))),
        DrawnMark("chart", "ring", ((0.5, 0.8), (0.7, 0.8))),
    )
    return Comment("c", "i", "Ina", time_s, "Lead with the heels of your hands.", marks, NOW)
