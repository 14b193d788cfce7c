"""The live bridge: counts survive reruns, and the hand model is given back in every case."""

import threading
from fractions import Fraction
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
import pytest

from routines.reps import Event, Progress, Rep, RepEnded
from routines.routine import Routine, load_routine
from sessions.coach import Moment
from ui.live import LiveSession
from ui.live_run import Rig
from vision.arrays import ImageRGB
from vision.calibration import Calibration
from vision.errors import CalibrationError, HandModelError
from vision.frames import Frame
from vision.hands import HandPair, TrackedHand
from vision.samples import BackSample, BackScale

POINTS = {
    "nape": (320.0, 120.0),
    "waist": (320.0, 360.0),
    "left_shoulder": (200.0, 180.0),
    "right_shoulder": (440.0, 180.0),
}
CALIBRATION = Calibration((640, 480), POINTS)
ROUTINE = load_routine()
TIME_BASE = Fraction(1, 90_000)
SCALE = BackScale(20.0, 43.0, 0.8, assumed=True)


def rep(index: int, *, counted: bool = True) -> Rep:
    return Rep(index, index - 1.0, float(index), counted, (), (), 0.0, score=None)


class StubCoach:
    """Ends a rep at every fifth frame, and one more at the end."""

    def __init__(self, *, model_missing: bool = False) -> None:
        self.frames: list[Frame] = []
        self.opened = self.closed = 0
        self.gate: threading.Event | None = None
        self.inside = threading.Event()
        self._model_missing = model_missing
        self._reps = 0

    def __enter__(self) -> Self:
        self.opened += 1
        if self._model_missing:
            raise HandModelError("The hand model is missing: fetch it with scripts/setup.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closed += 1

    def step(self, frame: Frame) -> Moment:
        self.inside.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        self.frames.append(frame)
        events: tuple[Event, ...] = ()
        if len(self.frames) % 5 == 0:
            self._reps += 1
            events = (RepEnded(frame.time_s, rep(self._reps)),)
        hand = TrackedHand(np.zeros((21, 2)), observed=True)
        time_s = frame.time_s
        return Moment(
            time_s,
            HandPair(time_s, hand, None),
            BackSample(time_s, None, None),
            Progress(self._reps, self._reps, "up", settling=False),
            events,
        )

    def finish(self) -> tuple[Event, ...]:
        return (RepEnded(9.0, rep(self._reps + 1, counted=False)),)


class StubPainter:
    """Paints the picture red, and green once something is known."""

    def draw(self, frame: Frame, moment: Moment) -> ImageRGB:
        picture = np.zeros_like(frame.image_rgb)
        picture[..., 1 if moment.pair.left else 0] = 255
        return picture


class Studio:
    """A live session with coaches that are remembered."""

    def __init__(self, *, model_missing: bool = False) -> None:
        self.coaches: list[StubCoach] = []
        self.model_missing = model_missing
        self.live = LiveSession(self.rig)
        self.time = 0

    def rig(self, calibration: Calibration, routine: Routine) -> Rig:
        self.coaches.append(StubCoach(model_missing=self.model_missing))
        return self.coaches[-1], StubPainter(), SCALE

    def show(
        self, count: int = 1, size: tuple[int, int] = (640, 480), step: int = 3000
    ) -> ImageRGB:
        """Send `count` pictures from the camera; gives back the last one that is shown."""
        shown: ImageRGB = np.zeros((1, 1, 3), dtype=np.uint8)
        for _ in range(count):
            image = np.full((size[1], size[0], 3), 77, dtype=np.uint8)
            picture = av.VideoFrame.from_ndarray(image, format="rgb24")
            self.time += step
            picture.pts, picture.time_base = self.time, TIME_BASE
            shown = cast(ImageRGB, self.live.on_frame(picture).to_ndarray(format="rgb24"))
        return shown

    def begin(self) -> StubCoach:
        self.live.prepare(CALIBRATION, ROUTINE)
        self.live.start()
        return self.coaches[-1]


@pytest.fixture
def studio() -> Studio:
    return Studio()


def test_before_calibration_the_camera_is_shown_as_it_is(studio: Studio) -> None:
    assert studio.live.still() is None
    assert (studio.show() == 77).all()
    still = studio.live.still()
    assert still is not None
    assert (still == 77).all()
    assert studio.live.has_picture


def test_a_prepared_session_shows_the_path_and_loads_nothing(studio: Studio) -> None:
    studio.live.prepare(CALIBRATION, ROUTINE)
    assert studio.show()[0, 0, 0] > 200
    assert studio.coaches[-1].opened == 0
    assert studio.live.view.stage == "preview"


def test_a_session_counts_and_tells_the_page(studio: Studio) -> None:
    coach = studio.begin()
    assert studio.live.view.stage == "loading"
    studio.show(12)
    view = studio.live.view
    assert (view.stage, view.progress.count, view.progress.phase) == ("running", 2, "up")
    assert view.hands_seen == 1
    assert [each.index for each in view.reps] == [1, 2]
    assert coach.opened == 1
    assert coach.closed == 0


def test_time_is_the_cameras_and_starts_at_the_first_coached_frame(studio: Studio) -> None:
    studio.show(30)
    coach = studio.begin()
    studio.show(3)
    assert [round(frame.time_s, 4) for frame in coach.frames] == [0.0, 0.0333, 0.0667]
    assert [frame.index for frame in coach.frames] == [0, 1, 2]


def test_frames_whose_time_stands_still_are_left_out(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(1)
    studio.show(3, step=0)
    assert len(coach.frames) == 1


def test_a_smaller_picture_keeps_the_calibrations_pixels(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(1, size=(320, 240))
    assert coach.frames[0].full_size == (640, 480)
    assert coach.frames[0].scale == 2.0


def test_another_shape_is_said_and_not_coached(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(1, size=(480, 640))
    assert coach.frames == []
    problem = studio.live.view.problem
    assert problem is not None
    assert "shape" in problem


def test_pause_stops_coaching_and_keeps_the_count(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(5)
    studio.live.pause()
    studio.show(10)
    assert len(coach.frames) == 5
    assert studio.live.view.stage == "paused"
    assert studio.live.view.progress.count == 1
    studio.live.resume()
    studio.show(5)
    assert studio.live.view.progress.count == 2
    assert coach.opened == 1


def test_pause_and_resume_do_nothing_out_of_turn(studio: Studio) -> None:
    studio.live.pause()
    studio.live.resume()
    assert studio.live.view.stage == "preview"
    studio.live.start()
    assert studio.live.view.stage == "preview", "nothing was prepared"


def test_the_end_decides_what_is_open_and_gives_the_model_back(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(7)
    studio.live.end()
    view = studio.live.view
    assert view.stage == "ended"
    assert (view.progress.count, view.progress.attempts) == (1, 2)
    assert set(view.paths) == {"left", "right"}
    assert view.scale == SCALE
    assert coach.closed == 1
    assert (studio.show() == 77).all(), "the plain picture again"
    studio.live.end()
    assert coach.closed == 1


def test_a_stream_that_breaks_off_ends_the_session_and_says_so(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(6)
    studio.live.on_ended()
    studio.live.on_ended()
    view = studio.live.view
    assert view.stage == "ended"
    assert view.progress.count == 1
    assert view.problem is not None
    assert coach.closed == 1
    assert studio.live.still() is None


def test_a_stream_that_ends_without_a_session_is_no_problem(studio: Studio) -> None:
    studio.show()
    studio.live.on_ended()
    assert studio.live.view.problem is None
    assert studio.live.view.stage == "preview"


def test_end_before_the_first_frame_loads_nothing(studio: Studio) -> None:
    coach = studio.begin()
    studio.live.end()
    assert coach.opened == 0
    assert studio.live.view.stage == "ended"
    assert studio.live.view.reps == ()


def test_a_missing_model_is_a_sentence_on_the_page() -> None:
    studio = Studio(model_missing=True)
    studio.begin()
    assert (studio.show() == 77).all()
    view = studio.live.view
    assert view.stage == "ended"
    assert view.problem is not None
    assert view.problem.startswith("The hand model is missing")


def test_a_second_session_starts_at_zero_with_a_coach_of_its_own(studio: Studio) -> None:
    first = studio.begin()
    studio.show(6)
    studio.live.end()
    second = studio.begin()
    studio.show(1)
    assert second is not first
    assert studio.live.view.progress.count == 0
    assert second.frames[0].time_s == 0.0


def test_points_that_make_no_back_change_nothing(studio: Studio) -> None:
    studio.begin()
    studio.show(5)

    def refuse(calibration: Calibration, routine: Routine) -> Rig:
        raise CalibrationError("The points lie in one line: click them again.")

    studio.live._rigger = refuse
    with pytest.raises(CalibrationError):
        studio.live.prepare(CALIBRATION, ROUTINE)
    assert studio.live.view.stage == "running"
    assert studio.live.view.progress.count == 1


def test_clear_forgets_the_session_and_gives_the_model_back(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(5)
    studio.live.clear()
    assert coach.closed == 1
    assert studio.live.view.stage == "preview"
    assert studio.live.view.reps == ()
    assert (studio.show() == 77).all()


def test_the_page_never_waits_for_a_frame(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(5)
    coach.gate = threading.Event()
    coach.inside.clear()
    camera = threading.Thread(target=studio.show)
    camera.start()
    assert coach.inside.wait(10)
    assert studio.live.view.progress.count == 1
    assert studio.live.still() is not None
    coach.gate.set()
    camera.join(10)


def test_a_command_waits_for_the_frame_in_hand(studio: Studio) -> None:
    coach = studio.begin()
    studio.show(4)
    coach.gate = threading.Event()
    coach.inside.clear()
    camera = threading.Thread(target=studio.show)
    camera.start()
    assert coach.inside.wait(10)
    ending = threading.Thread(target=studio.live.end)
    ending.start()
    ending.join(0.2)
    assert ending.is_alive()
    assert coach.closed == 0
    coach.gate.set()
    camera.join(10)
    ending.join(10)
    assert coach.closed == 1
    assert studio.live.view.progress.count == 1
