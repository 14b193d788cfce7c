"""What one browser tab holds while it practises: one object in the session state."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Final, Literal

import streamlit as st

from routines.routine import Routine, load_routine
from ui import calibration_store
from ui.live import OPEN_STAGES, LiveSession
from ui.texts import text
from vision.arrays import ImageRGB
from vision.calibration import Calibration, PointPx
from vision.errors import CalibrationError

Step = Literal["camera", "place", "points", "ready", "session", "summary"]

_KEY: Final = "practice"
_stills = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A picture to click on."""

    name: str
    """Unlike that of every other still, so that old clicks are not taken for new ones."""
    image_rgb: ImageRGB

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) px."""
        height, width = self.image_rgb.shape[:2]
        return width, height


def new_still(image_rgb: ImageRGB) -> Still:
    """A still with a name of its own."""
    return Still(f"still-{next(_stills)}", image_rgb)


@dataclass(slots=True)
class PracticeState:
    """The steps of a practice, from the camera to the summary."""

    routine: Routine = field(default_factory=load_routine)
    live: LiveSession = field(default_factory=LiveSession)
    still: Still | None = None
    """The still that is being clicked on; None when no points are being set."""
    calibration: Calibration | None = None
    message: str | None = None
    """What went wrong with the last button, until the next one."""

    def step(self, *, playing: bool) -> Step:
        """Where the user stands, given whether the camera plays."""
        stage = self.live.view.stage
        if stage in OPEN_STAGES:
            return "session"
        if stage == "ended":
            return "summary"
        if not playing:
            return "camera"
        if self.still is not None:
            return "points"
        return "place" if self.calibration is None else "ready"

    def take_still(self) -> None:
        """Freeze the newest picture to click on."""
        self.message = None
        image = self.live.still()
        if image is None:
            self.message = text("practice.no_still")
            return
        self.still = new_still(image)

    def drop_still(self) -> None:
        """Leave the points as they were."""
        self.still = self.message = None
        if self.calibration is not None:
            self._prepare(self.calibration)

    def use_points(self, points_px: dict[str, PointPx], shoulder_width_cm: float | None) -> None:
        """Take the clicked points as the back's place, and remember them for next time."""
        if self.still is None:
            return
        try:
            # A browser sends its camera's picture unmirrored, so swapped sides are a slip.
            calibration = Calibration(
                self.still.size, points_px, shoulder_width_cm, mirrored_said=False
            )
            self._prepare(calibration)
        except CalibrationError as error:
            self.message = str(error)
            return
        self.still = None
        calibration_store.remember(calibration)

    def use_last(self, calibration: Calibration) -> None:
        """Take the points of an earlier session."""
        image = self.live.still()
        if image is None:
            self.message = text("practice.no_still")
            return
        height, width = image.shape[:2]
        try:
            self._prepare(calibration.fitted_to(width, height))
        except CalibrationError as error:
            self.message = str(error)

    def set_again(self) -> None:
        """Back to a still, with the points as they are."""
        self.take_still()
        if self.still is not None:
            self.live.clear()

    def practise_again(self) -> None:
        """Ready for another session with the same points."""
        self.message = None
        if self.calibration is not None:
            self._prepare(self.calibration)

    def _prepare(self, calibration: Calibration) -> None:
        self.live.prepare(calibration, self.routine)
        self.calibration, self.message = calibration, None


def practice_state() -> PracticeState:
    """This tab's state; made on the first run and kept over reruns and pages."""
    state: PracticeState = st.session_state.setdefault(_KEY, None) or PracticeState()
    st.session_state[_KEY] = state
    return state


def when(moment: datetime) -> str:
    """A time in the past, short."""
    return f"{moment:%d.%m.%Y, %H:%M}"
