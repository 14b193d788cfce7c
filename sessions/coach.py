"""One coach for live practice and for recordings: a frame goes in, a `Moment` comes out."""

from dataclasses import dataclass

from routines.engine import Engine
from routines.reps import Event, Progress
from routines.routine import Routine
from sessions.hand_watch import HandWatch, Looked
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.errors import CalibrationError
from vision.frames import Frame
from vision.hands import HandPair
from vision.landmarker import HandLandmarker, LandmarkerHolder
from vision.region import Region, region_of_back
from vision.samples import BackSample
from vision.steady import shifted
from vision.tracker import Detector


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What is known after one frame. Holds no picture."""

    time_s: float
    pair: HandPair
    """The giver's hands in the picture (full-size px)."""
    sample: BackSample
    """The same hands on the chart of the back."""
    progress: Progress
    events: tuple[Event, ...]
    """What was decided at this frame; mostly empty."""
    drift_px: tuple[float, float] = (0.0, 0.0)
    """How far the picture had moved since the calibration: it was taken off before the hands came
    on the chart."""


class StrokeJudge:
    """Says what hands do that were found: the part of a `Coach` that needs no picture."""

    def __init__(self, back_frame: BackFrame, routine: Routine, *, foresees: bool = True) -> None:
        """Without `foresees` no fault is told before its stroke's end: a review has time."""
        self.back_frame: BackFrame = back_frame
        self.engine = Engine(routine, back_frame.scale, foresees=foresees)

    def judge(self, looked: Looked) -> Moment:
        """Take the hands of the next frame."""
        pair, drift_px = looked.pair, looked.drift_px
        sample = self.back_frame.sample(pair)
        events = tuple(self.engine.step(sample))
        drift_x, drift_y = drift_px.tolist()
        progress, seen = self.engine.progress, shifted(pair, drift_px)
        return Moment(pair.time_s, seen, sample, progress, events, (drift_x, drift_y))

    def finish(self) -> tuple[Event, ...]:
        """End the session: what was still open is decided now."""
        return tuple(self.engine.finish())


class Coach(LandmarkerHolder):
    """Steps frames through hands, chart and engine; holds the hand model while it is open.

    >>> with Coach(calibration, load_routine()) as coach:
    ...     for frame in reader:
    ...         moment = coach.step(frame)
    ...     last_events = coach.finish()

    Nothing depends on the machine's speed: every decision hangs on the frames' own times.
    """

    def __init__(
        self,
        calibration: Calibration,
        routine: Routine,
        *,
        detector: Detector | None = None,
        back_frame: BackFrame | None = None,
    ) -> None:
        """`calibration` must be for the size of the frames to come (`Calibration.fitted_to`).

        A `detector` that is given stays the caller's to close; without one the hand model is
        loaded on entering, and looks at the square around the back. Whoever has fitted the
        `back_frame` of this calibration gives it: that takes a fraction of a second.
        Raises `CalibrationError` where no chart can be fitted.
        """
        self._judge = StrokeJudge(back_frame or fit_back_frame(calibration), routine)
        self._size = calibration.image_size
        owned: HandLandmarker | None = None
        if detector is None:
            detector = owned = HandLandmarker(region=region_of(calibration))
        super().__init__(owned)
        self._hands = HandWatch(detector, self.back_frame)

    @property
    def back_frame(self) -> BackFrame:
        """The chart of the back."""
        return self._judge.back_frame

    @property
    def progress(self) -> Progress:
        """Where the session stands."""
        return self._judge.engine.progress

    def step(self, frame: Frame) -> Moment:
        """Take the next frame; times must rise.

        Raises `CalibrationError` when the frame has another size than the calibration.
        """
        if tuple(frame.full_size) != tuple(self._size):
            raise _wrong_size(self._size, frame.full_size)
        return self._judge.judge(self._hands.look(frame))

    def finish(self) -> tuple[Event, ...]:
        """End the session: what was still open is decided now."""
        return self._judge.finish()


def region_of(calibration: Calibration) -> Region:
    """The square of the picture in which hands are looked for."""
    points = calibration.points_px
    return region_of_back(
        points["waist"], points["nape"], points["left_shoulder"], points["right_shoulder"]
    )


def _wrong_size(expected: tuple[int, int], got: tuple[int, int]) -> CalibrationError:
    return CalibrationError(
        "The picture is {width} x {height} px, but the calibration was made for "
        "{own_width} x {own_height} px; calibrate again on this picture.",
        key="error.picture_size",
        width=got[0],
        height=got[1],
        own_width=expected[0],
        own_height=expected[1],
    )
