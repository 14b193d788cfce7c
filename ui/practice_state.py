"""What one browser tab holds while it practises: one object in the session state."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Final, Literal
from uuid import uuid4

from routines.routine import Routine, load_routine
from sessions.guided import GuidedSession
from ui import calibration_store
from ui.kept_choices import kept
from ui.live_session import OPEN_STAGES, LiveSession
from ui.routine_words import in_words
from ui.scene_painter import ScenePainter
from ui.session_practised import Practised, new_practised
from ui.settings import Settings, settings_from_json
from ui.speech import Voice
from ui.tab_memory import tab_state
from ui.texts import text
from ui.turning import turn_from_json
from vision.arrays import ImageRGB
from vision.back_frame import fit_back_frame
from vision.calibration import Calibration, PointPx
from vision.camera_moved import Surround
from vision.errors import CalibrationError
from vision.samples import BackScale

Step = Literal["camera", "session", "points", "felt", "summary"]

CHOICES: Final = "practice"
TURN: Final = "turn"
"""Under these names the browser keeps the settings, and how the picture is turned."""

_KEY: Final = "practice"
_NOT_ACCEPTED: Final = ("check", "touch", "confirm")
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

    live: LiveSession = field(default_factory=LiveSession)
    settings: Settings = field(default_factory=Settings)
    run: str = field(default_factory=lambda: uuid4().hex)
    """Names this tab's says, so that the browser knows them from those of an earlier visit."""
    voices: tuple[Voice, ...] | None = None
    """The browser's; None until it has told."""
    still: Still | None = None
    """The still that is being clicked on; None when no points are being set."""
    felt: int | None = None
    """How even it was to the giver, 1 to 5; None until answered."""
    message: str | None = None
    """What went wrong with the last button, until the next one."""
    practised: Practised = field(default_factory=new_practised)
    """The session on its way into the store."""
    _routine: Routine = field(default_factory=load_routine)
    _guide: GuidedSession | None = None
    _kept: Calibration | None = None
    _scale: tuple[Calibration, BackScale] | None = None

    @property
    def routine(self) -> Routine:
        """What is practised, named in the tab's language."""
        return in_words(self._routine)

    def step(self, *, playing: bool) -> Step:
        """Where the user stands, given whether the camera plays."""
        stage = self.live.view.stage
        if stage in OPEN_STAGES:
            return "session" if self.still is None else "points"
        if stage == "ended":
            # The giver's own feeling comes first: figures would colour it.
            return "felt" if self.felt is None and self.live.view.reps else "summary"
        return "session" if playing else "camera"

    def begin(self) -> None:
        """Begin a session at the camera's next picture; one that is under way ends."""
        self.keep()
        if not self.live.take_place():
            self.message = "camera.full"
            return
        self.still = self.felt = self.message = None
        self.practised = new_practised()
        self.live.begin(self._make, ScenePainter(self._routine).draw)

    def keep(self) -> None:
        """Keep the session once it is over."""
        view = self.live.view
        if view.stage == "ended":
            says = (spoken.say for spoken in view.spoken)
            self.practised.keep(self._guide, self._routine, says, self.felt)

    def change(self) -> None:
        """Let a session that is under way go on by the settings as they are now."""
        plan = self.settings.plan()
        self.live.command(lambda guide: guide.change(plan))

    @property
    def scale(self) -> BackScale | None:
        """Size of the receiver's back as it was found last; None while nobody knows where it is."""
        scene = self.live.view.scene
        calibration = None if scene is None else scene.calibration
        if calibration is None:
            return None
        if self._scale is None or self._scale[0] is not calibration:
            self._scale = calibration, fit_back_frame(calibration).scale
        return self._scale[1]

    def keep_place(self) -> None:
        """Remember the back's place for next time, once the giver has gone on with it."""
        scene = self.live.view.scene
        if scene is None or scene.calibration is None or scene.stage in _NOT_ACCEPTED:
            return
        if scene.calibration is not self._kept:
            self._kept = scene.calibration
            surround = None if self._guide is None else self._guide.surround
            calibration_store.remember(scene.calibration, surround=surround)

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

    def use_points(self, points_px: dict[str, PointPx], shoulder_width_cm: float | None) -> None:
        """Take the clicked points as the back's place."""
        if self.still is None:
            return
        try:
            self._use(Calibration(self.still.size, points_px, shoulder_width_cm))
        except CalibrationError as error:
            self.message = error.sentence
            return
        self.still = None

    def use_last(self, calibration: Calibration) -> None:
        """Take the points of an earlier session."""
        try:
            self._use(calibration)
        except CalibrationError as error:
            self.message = error.sentence

    def close(self) -> None:
        """The tab is gone: keep what was practised, and give the hand model back."""
        self.live.end()
        self.keep()
        self.live.clear()

    def _use(self, calibration: Calibration) -> None:
        self.message = None
        self.live.command(lambda guide: guide.calibrate(calibration))

    def _make(self, size: tuple[int, int]) -> GuidedSession:
        """A session for pictures of this size; runs in the camera's thread."""
        calibration, surround = self._last_place(size)
        self._guide = GuidedSession(
            self._routine, self.settings.plan(), size, calibration=calibration, surround=surround
        )
        self.practised.follow(self._guide, self._routine)
        return self._guide

    def _last_place(self, size: tuple[int, int]) -> tuple[Calibration | None, Surround | None]:
        """Where the back lay last, and what stood around it then."""
        calibration: Calibration | None = None
        surround: Surround | None = None
        if self._guide is not None and self._guide.calibration is not None:
            calibration, surround = self._guide.calibration, self._guide.surround
        elif (remembered := calibration_store.last()) is not None:
            calibration, surround = remembered.calibration, remembered.surround
        if calibration is None:
            return None, None
        try:
            return calibration.fitted_to(*size), surround
        except CalibrationError:  # Of another camera, or the picture was turned: find it anew.
            return None, None


def practice_state() -> PracticeState:
    """This tab's state; made on the first run and kept over reruns, pages and reloads."""
    return tab_state(_KEY, _first_state)


def _first_state() -> PracticeState:
    """With the choices that the browser has kept."""
    state = PracticeState(settings=settings_from_json(kept(CHOICES)))
    state.live.turn_to(turn_from_json(kept(TURN)))
    return state


def find_live() -> LiveSession:
    """This tab's live session."""
    return practice_state().live


def when(moment: datetime) -> str:
    """A time in the past, short."""
    return f"{moment:%d.%m.%Y, %H:%M}"
