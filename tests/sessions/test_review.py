"""Reviews: the same for the same file at any speed, stopped cleanly, annotated truly."""

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from contract import schema
from routines.routine import load_routine
from sessions.coach import Coach, Moment, region_of
from sessions.onlooker import NOTHING
from sessions.record import Review, review_text
from sessions.recorder import Recorder
from sessions.review import Progress, ReviewCancelled, review_recording
from sessions.watch import between
from vision.calibration import Calibration, load_calibration
from vision.errors import CalibrationError, VideoError
from vision.frames import MAX_SIDE_PX, Frame, LeftOut, VideoReader
from vision.hands import HandPair, TrackedHand
from vision.landmarker import HandLandmarker
from vision.recording import LIMITS, RecordingReader
from vision.samples import BackSample
from vision.tracker import Detector

SAMPLES = Path(__file__).parents[2] / "sample_videos"

Piece = Callable[[str, float], Path]
TrueHandsOf = Callable[[str], Detector]


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return load_calibration(SAMPLES / "wide.calibration.json")


class SlowReader(RecordingReader):
    """A disk that takes its time, now and then."""

    def chosen(self, choose: Callable[[float], bool]) -> Iterator[Frame | LeftOut]:
        dice = random.Random(7)
        for frame in super().chosen(choose):
            if dice.random() < 0.05:
                time.sleep(0.01)
            yield frame


def slowly_opened(path: Path, *, start_s: float = 0.0, **manner: bool) -> SlowReader:
    return SlowReader(path, MAX_SIDE_PX, start_s, LIMITS, **manner)


@pytest.mark.slow
def test_a_review_run_twice_gives_the_same_bytes_at_any_speed(
    piece: Piece, true_hands: TrueHandsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = piece("fps15", 12.5)
    calibration = load_calibration(SAMPLES / "fps15.calibration.json")
    dice = random.Random(3)

    def run(*, slow: bool) -> str:
        def dawdle(*_: object) -> None:
            if slow and dice.random() < 0.05:
                time.sleep(0.01)

        review = review_recording(
            clip, calibration, load_routine(), on_moment=dawdle, detector=true_hands("fps15")
        )
        assert review.reps
        return review_text(review)

    fast = run(slow=False)
    monkeypatch.setattr("sessions.review.open_recording", slowly_opened)
    monkeypatch.setattr("sessions.lane.open_recording", slowly_opened)
    assert run(slow=True) == fast


def test_the_record_says_what_was_read(
    piece: Piece, calibration: Calibration, true_hands: TrueHandsOf
) -> None:
    clip = piece("wide", 4.0)
    review = review_recording(clip, calibration, load_routine(), detector=true_hands("wide"))
    assert review.video.name == "wide.mp4"
    assert review.video.sha256 == hashlib.sha256(clip.read_bytes()).hexdigest()
    assert (review.video.width, review.video.height) == (640, 480)
    assert review.video.frames_read == 120
    assert review.video.readable_share == 1
    assert review.calibration.source == "points"
    assert review.routine.id == "t_stroke"
    assert review.settle is not None
    assert review.settle.start_s < 0.5
    jsonschema.Draft202012Validator(schema("review")).validate(review.to_json())


def test_progress_grows_to_the_end(piece: Piece, calibration: Calibration) -> None:
    seen: list[Progress] = []
    clip = piece("wide", 1.0)
    review_recording(clip, calibration, load_routine(), on_progress=seen.append, detector=_Blind())
    assert [progress.frames for progress in seen] == list(range(1, 31))
    shares = [progress.share for progress in seen if progress.share is not None]
    assert shares == sorted(shares)
    assert shares[-1] > 0.95


def test_a_cancelled_review_leaves_nothing(
    piece: Piece, calibration: Calibration, tmp_path: Path
) -> None:
    clip = piece("wide", 1.0)
    before = sorted(tmp_path.iterdir())
    polled: list[None] = []

    def cancelled() -> bool:
        polled.append(None)
        return len(polled) > 10

    with pytest.raises(ReviewCancelled):
        review_recording(
            clip,
            calibration,
            load_routine(),
            cancelled=cancelled,
            annotate_to=tmp_path / "annotated.mp4",
            detector=_Blind(),
        )
    assert len(polled) == 11
    assert sorted(tmp_path.iterdir()) == before


def test_the_annotated_video_has_every_frame_at_its_time(
    piece: Piece, calibration: Calibration, true_hands: TrueHandsOf, tmp_path: Path
) -> None:
    clip, annotated = piece("wide", 1.0), tmp_path / "annotated.mp4"
    routine = load_routine()
    review_recording(clip, calibration, routine, annotate_to=annotated, detector=true_hands("wide"))
    with VideoReader(clip) as one, VideoReader(annotated) as other:
        pairs = list(zip(one, other, strict=True))
    assert [frame.time_s for frame, _ in pairs] == pytest.approx(
        [frame.time_s for _, frame in pairs], abs=1e-4
    )
    plain, drawn = (frame.image_rgb.astype(int) for frame in pairs[-1])
    changed = (abs(plain - drawn).max(axis=2) > 60).mean()
    assert 0.01 < changed < 0.3


def test_a_calibration_of_another_shape_is_refused(piece: Piece, calibration: Calibration) -> None:
    points = {name: (x, y * 0.75) for name, (x, y) in calibration.points_px.items()}
    other = Calibration((640, 360), points)
    with pytest.raises(CalibrationError, match="640 x 360"):
        review_recording(piece("wide", 0.2), other, load_routine(), detector=_Blind())


def test_a_calibration_of_the_same_shape_is_scaled(
    piece: Piece, calibration: Calibration, true_hands: TrueHandsOf
) -> None:
    points = {name: (2 * x, 2 * y) for name, (x, y) in calibration.points_px.items()}
    double = Calibration((1280, 960), points, calibration.shoulder_width_cm)
    clip = piece("wide", 0.5)
    one, other = (
        review_recording(clip, given, load_routine(), detector=true_hands("wide"))
        for given in (calibration, double)
    )
    assert review_text(one) == review_text(other)


def test_the_coach_refuses_frames_of_another_size(calibration: Calibration) -> None:
    with (
        VideoReader(SAMPLES / "order.mp4") as reader,
        Coach(calibration, load_routine(), detector=_Blind()) as coach,
        pytest.raises(CalibrationError, match=r"1280 x 720 px.*640 x 480 px"),
    ):
        coach.step(next(iter(reader)))


def test_a_missing_recording_is_refused(calibration: Calibration, tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"gone\.mp4"):
        review_recording(tmp_path / "gone.mp4", calibration, load_routine())


def test_memory_of_a_review_hardly_grows_with_its_length(
    piece: Piece, calibration: Calibration, true_hands: TrueHandsOf
) -> None:
    review = review_recording(
        piece("wide", 3.0), calibration, load_routine(), detector=true_hands("wide")
    )
    assert all(len(path.time_s) <= 31 for path in review.paths.values())
    assert all(len(path.time_s) > 20 for path in review.paths.values())


@pytest.mark.slow
def test_two_reviews_with_the_hand_model_give_the_same_bytes(
    piece: Piece, calibration: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = piece("wide", 13.0)

    def run() -> Review:
        return review_recording(clip, calibration, load_routine())

    first = run()
    monkeypatch.setattr("sessions.review.open_recording", slowly_opened)
    monkeypatch.setattr("sessions.lane.open_recording", slowly_opened)
    assert review_text(run()) == review_text(first)
    assert first.tracking.both_hands_share > 0.5


@pytest.mark.slow
def test_a_review_says_which_share_of_the_frames_it_looked_at(
    piece: Piece, calibration: Calibration, true_hands: TrueHandsOf
) -> None:
    looked: list[float] = []
    drawn: list[Progress] = []

    def run(*, every_frame: bool) -> Review:
        looked.clear()
        drawn.clear()
        return review_recording(
            piece("wide", 4.0),
            calibration,
            load_routine(),
            every_frame=every_frame,
            on_moment=lambda moment: looked.append(moment.time_s),
            on_progress=drawn.append,
            detector=true_hands("wide"),
        )

    paced = run(every_frame=False)
    assert 40 <= len(looked) < 80
    assert len(drawn) == paced.video.frames_read == 120
    assert paced.tracking.looked_share == pytest.approx(len(looked) / 120)
    assert paced.tracking.both_hands_share > 0.9  # Frames that were left out are not unseen ones.
    assert paced.warnings == ()  # Nor are they missing: the recording is not slow.
    jsonschema.Draft202012Validator(schema("review")).validate(paced.to_json())
    whole = run(every_frame=True)
    assert len(looked) == 120
    assert whole.tracking.looked_share == 1
    assert whole.settle is not None
    assert paced.settle is not None
    assert paced.settle.start_s == pytest.approx(whole.settle.start_s, abs=0.1)


def test_hands_between_two_looks_are_drawn_on_a_straight_way() -> None:
    def moment(time_s: float, x: float, *, observed: bool = True) -> Moment:
        left = TrackedHand(np.full((21, 2), x), observed)
        right = left if observed else None
        pair = HandPair(time_s, left, right)
        return Moment(time_s, pair, BackSample(time_s, None, None), NOTHING, ())

    middle = between(moment(1.0, 0.0), moment(1.1, 10.0), 1.025)
    assert middle.time_s == middle.pair.time_s == 1.025
    assert middle.pair.left is not None
    assert middle.pair.left.landmarks_px == pytest.approx(np.full((21, 2), 2.5))
    assert middle.pair.left.observed
    gone = between(moment(1.0, 0.0), moment(1.1, 10.0, observed=False), 1.05)
    assert gone.pair.left is not None
    assert not gone.pair.left.observed
    assert gone.pair.right is None
    assert between(moment(1.0, 0.0), None, 1.05).pair.left is None


@pytest.mark.slow
def test_looking_ahead_and_fewer_looks_tell_the_strokes_of_a_single_loop(
    piece: Piece, calibration: Calibration
) -> None:
    """One whole stroke, frame by frame, ahead in threads, and with frames left out."""
    clip, routine = piece("wide", 13.0), load_routine()
    recorder = Recorder()
    with VideoReader(clip) as reader, HandLandmarker(region=region_of(calibration)) as landmarker:
        coach = Coach(calibration, routine, detector=landmarker)
        for frame in reader:
            recorder.step(coach.step(frame))
        recorder.take(coach.finish())
    assert recorder.reps
    every = review_recording(clip, calibration, routine, every_frame=True)
    paced = review_recording(clip, calibration, routine)
    assert paced.tracking.looked_share < 0.6 < every.tracking.looked_share == 1
    for review in (every, paced):
        assert len(review.reps) == len(recorder.reps)
        for one, other in zip(review.reps, recorder.reps, strict=True):
            assert one.counted == other.counted
            assert {check.code for check in one.faults} == {check.code for check in other.faults}
            assert [phase.name for phase in one.phases] == [phase.name for phase in other.phases]
            ends = zip(one.phases, other.phases, strict=True)
            assert max(abs(phase.end_s - plain.end_s) for phase, plain in ends) <= 0.1 + 1e-6


class _Blind:
    """Finds no hand."""

    def detect(self, frame: Frame, /) -> tuple[()]:
        return ()
