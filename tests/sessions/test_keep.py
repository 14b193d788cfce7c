"""A session is judged again from its kept hands, and nothing changes but what was meant to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routines.engine import Engine
from routines.reps import Rep
from routines.routine import Routine, load_routine
from sessions.coach import Moment
from sessions.harder import VERSIONS
from sessions.keep import LandmarkKeeper, draft_of_review
from sessions.onlooker import NOTHING
from sessions.record import CalibrationFacts, Review, RoutineRef, VideoFacts
from sessions.recorder import Recorder
from sessions.rejudge import changes
from sessions.review import review_recording
from sessions.store.errors import StoreError
from sessions.store.store import Store, open_store
from sessions.store.values import Judged, SessionDraft
from tests.once import truth_of
from vision.back_frame import fit_back_frame
from vision.calibration import Calibration, load_calibration
from vision.errors import CalibrationError
from vision.frames import VideoReader
from vision.hands import HandPair, TrackedHand
from vision.samples import BackSample
from vision.sink import Mp4Sink

CLIP = Path(__file__).parents[2] / "sample_videos" / "fps15.mp4"
STARTED = datetime(2026, 5, 4, 19, tzinfo=UTC)
LAST_S = 24.0
"""Two strokes, and a settle before them."""

ROUTINE = load_routine()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("", folder=tmp_path / "kept") as opened:
        yield opened


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return load_calibration(CLIP.with_suffix(".calibration.json"))


@pytest.fixture(scope="module")
def watched(calibration: Calibration) -> tuple[Review, LandmarkKeeper]:
    """The true hands of a clip's beginning, as a coach would give them while its camera drifts."""
    back_frame = fit_back_frame(calibration)
    engine = Engine(ROUTINE, back_frame.scale)
    recorder, keeper = Recorder(), LandmarkKeeper()
    for pair in true_pairs():
        sample = back_frame.sample(pair)
        events = tuple(engine.step(sample))
        drift_px = (pair.time_s / 2, -pair.time_s / 3)
        seen = HandPair(pair.time_s, *(moved(hand, drift_px) for hand in (pair.left, pair.right)))
        moment = Moment(pair.time_s, seen, sample, engine.progress, events, drift_px)
        recorder.step(moment)
        keeper.step(moment)
    recorder.take(engine.finish())
    return review_of(recorder, calibration), keeper


def true_pairs() -> Iterator[HandPair]:
    truth = truth_of(CLIP.stem)
    for index in range(round(LAST_S * truth.fps)):
        left, right = (
            TrackedHand(hand.landmarks_px[index], True) if hand.visible[index] else None
            for hand in (truth.hands["left"], truth.hands["right"])
        )
        yield HandPair(index / truth.fps, left, right)


def moved(hand: TrackedHand | None, by_px: tuple[float, float]) -> TrackedHand | None:
    return None if hand is None else TrackedHand(hand.landmarks_px + by_px, hand.observed)


def review_of(recorder: Recorder, calibration: Calibration) -> Review:
    return Review(
        video=VideoFacts("true.mp4", "0" * 64, *calibration.image_size, LAST_S, 360, 1.0),
        routine=RoutineRef(ROUTINE.id, ROUTINE.version),
        calibration=CalibrationFacts("points", calibration.points_px, 1.0),
        tracking=recorder.tracking(),
        settle=recorder.settle,
        reps=tuple(recorder.reps),
        unseen=recorder.unseen(),
        warnings=(),
        paths=recorder.paths(),
    )


def draft(
    watched: tuple[Review, LandmarkKeeper], calibration: Calibration | None, **more: Any
) -> SessionDraft:
    review, keeper = watched
    track = keeper.track((review.video.width, review.video.height))
    return draft_of_review(review, track, calibration, started=STARTED, kind="recorded", **more)


def with_limits(code: str, **limits: float) -> Routine:
    """The routine with other limits for one fault, as its next version."""
    rule = ROUTINE.faults[code].model_copy(update={"limits": limits})
    faults = {**ROUTINE.faults, code: rule}
    return ROUTINE.model_copy(update={"faults": faults, "version": ROUTINE.version + 1})


def verdicts(rep: Rep) -> list[tuple[str, str, str | None]]:
    return [(check.code, check.outcome, check.hand) for check in rep.checks]


def test_the_same_engine_finds_the_same(store, watched, calibration):
    session_id = store.add_session(draft(watched, calibration))
    found = store.judge_again(session_id, ROUTINE)
    assert len(watched[0].reps) == 2
    assert found.attempts == (2, 2)
    assert (found.gone, found.new) == ((), ())
    again = store.session(session_id).review
    assert again.settle == watched[0].settle
    assert again.scale is not None
    for old, new in zip(watched[0].reps, again.reps, strict=True):
        assert verdicts(new) == verdicts(old)
        assert (new.phases, new.counted, new.score) == (old.phases, old.counted, old.score)


def test_other_limits_change_what_they_are_about(store, watched, calibration):
    session_id = store.add_session(draft(watched, calibration))
    strict = with_limits("rushed", duration_s=60.0)
    found = store.judge_again(session_id, strict)
    assert found.new == ((1, "rushed"), (2, "rushed"))
    assert found.gone == ()
    line = store.sessions()[0]
    assert line.faults["rushed"] == 2
    assert line.clean == 0
    judged = store.session(session_id).judged
    assert (judged, judged.routine_version) == (found.after, ROUTINE.version + 1)
    shares: list[float] = []
    back = store.judge_again(session_id, ROUTINE, shares.append)
    assert shares == sorted(shares)
    assert shares[0] == 0 < shares[-1] < 1
    assert (back.gone, back.new) == (found.new, ())
    assert back.before == found.after
    assert store.judgements(session_id) == (found.before, found.after, back.after)


def test_a_path_fault_changes_the_count(store, watched, calibration):
    session_id = store.add_session(draft(watched, calibration))
    before = store.sessions()[0].count
    found = store.judge_again(session_id, with_limits("short_reach", reach_v=1.5))
    assert found.count == (before, 0)
    assert {code for _, code in found.new} >= {"short_reach"}
    assert store.sessions()[0].count == 0


def test_instructors_words_outlive_a_new_judgement(store, watched, calibration):
    teacher = store.add_person("Tea", "instructor")
    session_id = store.add_session(draft(watched, calibration))
    verdict = store.verdict(session_id, teacher.id, "missed", 12.0, 13.0, "pause", "both")
    store.judge_again(session_id, with_limits("rushed", duration_s=60.0))
    assert store.session(session_id).verdicts == (verdict,)


def test_without_hands_or_back_nothing_is_judged_again(store, watched, calibration):
    no_back = store.add_session(draft(watched, None))
    with pytest.raises(StoreError, match="place of the back"):
        store.judge_again(no_back, ROUTINE)
    empty = LandmarkKeeper()
    empty.step(Moment(0.0, HandPair(0.0, None, None), BackSample(0.0, None, None), NOTHING, ()))
    no_hands = store.add_session(draft((watched[0], empty), calibration))
    assert store.landmarks(no_hands) is None
    with pytest.raises(StoreError, match="the hands"):
        store.judge_again(no_hands, ROUTINE)


def test_the_track_is_what_was_seen(watched):
    track = watched[1].track((640, 480))
    assert track is not None
    pairs = list(true_pairs())
    assert track.time_s.tolist() == [pair.time_s for pair in pairs]
    for side in ("left", "right"):
        known = np.array([pair.side(side) is not None for pair in pairs])
        assert (np.isfinite(track.landmarks_px[side]).all(axis=(1, 2)) == known).all()
        assert (track.observed[side] == known).all()


def test_a_calibration_is_kept_for_the_pictures_that_were_watched(watched, calibration):
    width, height = calibration.image_size
    one = draft(watched, calibration.fitted_to(2 * width, 2 * height))
    assert one.calibration is not None
    assert one.calibration.image_size == calibration.image_size
    with pytest.raises(CalibrationError):
        draft(watched, Calibration((height * 9, height * 9), calibration.points_px))


def test_reps_that_went_and_came_are_told_by_their_own_numbers():
    from tests.sessions.store.drafts import check, rep

    pause = check("pause", "fault")
    judged = Judged("1", "t_stroke", 1, STARTED)
    old = (rep(1, pause), rep(2, check("rushed", "fault")), rep(3, pause))
    new = (rep(2, check("rushed", "fault"), pause), rep(3))
    found = changes(judged, old, judged, new)
    assert found.attempts == (3, 2)
    assert found.gone == ((1, "pause"), (3, "pause"))
    assert found.new == ((2, "pause"),)


@pytest.mark.slow
@pytest.mark.parametrize("camera", ["at rest", "drifting"])
def test_a_clip_is_judged_again_without_its_pictures(store, tmp_path, calibration, camera):
    path = tmp_path / "clip.mp4"
    effect = VERSIONS["drift by 5 %"]()
    with VideoReader(CLIP) as reader, Mp4Sink(path, calibration.image_size, 15.0) as sink:
        for frame in reader:
            if frame.time_s >= LAST_S:
                break
            drifting = camera == "drifting"
            image_rgb = effect(frame.image_rgb, frame.time_s) if drifting else frame.image_rgb
            sink.write(image_rgb, frame.time_s)
    keeper = LandmarkKeeper()
    review = review_recording(path, calibration, ROUTINE, on_moment=keeper.step)
    assert len(review.reps) == 2
    session_id = store.add_session(draft((review, keeper), calibration))
    track = store.landmarks(session_id)
    assert track is not None
    assert (np.abs(track.drift_px).max() > 5) == (camera == "drifting")
    found = store.judge_again(session_id, ROUTINE)
    assert (found.gone, found.new) == ((), ())
    again = store.session(session_id).review
    for old, new in zip(review.reps, again.reps, strict=True):
        assert verdicts(new) == verdicts(old)
        assert (new.start_s, new.end_s) == pytest.approx((old.start_s, old.end_s), abs=0.05)
        assert new.score == old.score
    strict = store.judge_again(session_id, with_limits("rushed", duration_s=60.0))
    assert strict.new == ((1, "rushed"), (2, "rushed"))
