"""One guided session over the camera's streams: its clock, its model held or given back, its says.

Not safe for several threads by itself: `ui.live_session` holds the lock.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol

from routines.reps import Rep
from sessions.guided import Plan, Say, Scene
from sessions.record import HandPath
from sessions.recorder import Recorder
from vision.arrays import ImageRGB
from vision.calibration import ASPECT_SLACK, Calibration
from vision.frames import Frame
from vision.hands import Side

Size = tuple[int, int]

_MIN_STEP_S: Final = 1e-3


class Guiding(Protocol):
    """What a run needs of a `sessions.guided.GuidedSession`.

    Entering loads the hand model and leaving gives it back, and nothing else: both may happen
    several times in a session, whose state stays.
    """

    @property
    def stage(self) -> str:
        """Where the session stands."""

    @property
    def recorder(self) -> Recorder:
        """Reps and paths."""

    def __enter__(self) -> object: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

    def step(self, frame: Frame) -> Scene:
        """Take the next frame."""

    def finish(self) -> Scene:
        """Decide what is still open."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def skip(self) -> None: ...
    def calibrate(self, calibration: Calibration) -> None: ...
    def redo_place(self) -> None: ...
    def end(self) -> None: ...
    def change(self, plan: Plan) -> None: ...
    def turned(self, image_size: Size) -> None:
        """The picture was turned: ask for the back's place anew, and keep the count."""


Make = Callable[[Size], Guiding]
"""Makes a session for pictures of this (width, height)."""

Paint = Callable[[Frame, Scene], ImageRGB]
"""Draws a scene into a copy of its picture."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said; the number tells a page what it has read out already."""

    number: int
    """Rises from 1, and never comes twice in a tab."""
    say: Say


class SessionClock:
    """A session's own time over several streams, each of which counts from where it likes.

    Within a stream time is the camera's. What passes between two streams is taken from the wall
    clock, so that the session knows for how long it saw nothing.
    """

    def __init__(self) -> None:
        self._stream: object = None
        self._offset_s = 0.0
        self._last_s: float | None = None
        self._last_wall_s = 0.0

    def step(self, stream: object, media_s: float, wall_s: float) -> float | None:
        """The session's time of a picture, 0 for the first; None where time did not rise."""
        if stream is not self._stream:
            self._stream = stream
            gone_s = 0.0 if self._last_s is None else max(_MIN_STEP_S, wall_s - self._last_wall_s)
            self._offset_s = (self._last_s or 0.0) + gone_s - media_s
        time_s = media_s + self._offset_s
        if self._last_s is not None and time_s - self._last_s < _MIN_STEP_S / 2:
            return None
        self._last_s, self._last_wall_s = time_s, wall_s
        return time_s


class GuideRun:
    """Steps one guided session; holds the hand model from a step to `rest` or `finish`."""

    def __init__(self, guide: Guiding, paint: Paint, size: Size) -> None:
        self.guide = guide
        self.scene: Scene | None = None
        self._paint = paint
        self._size: Size | None = size
        self._clock = SessionClock()
        self._held = ExitStack()
        self._awake = False

    @property
    def hands_seen(self) -> int:
        """Hands observed at the newest step, 0 to 2."""
        if self.scene is None:
            return 0
        pair = self.scene.pair
        return sum(hand is not None and hand.observed for hand in (pair.left, pair.right))

    @property
    def reps(self) -> tuple[Rep, ...]:
        """All attempts that are over."""
        return tuple(self.guide.recorder.reps)

    @property
    def paths(self) -> Mapping[Side, HandPath]:
        """Both hands' ways over the chart so far."""
        return self.guide.recorder.paths()

    def fits(self, size: Size) -> bool:
        """True where pictures of this size have the shape that the session was made for."""
        if self._size is None:
            return False
        (width, height), (own_width, own_height) = size, self._size
        return abs(width * own_height / (height * own_width) - 1) < ASPECT_SLACK

    def turn(self) -> None:
        """Say that pictures will come turned, in whatever size."""
        self._size = None

    def turned(self, size: Size) -> None:
        """Go on with turned pictures of this size: the back's place is asked for anew."""
        self._size = size
        self.guide.turned(size)

    def step(self, stream: object, image_rgb: ImageRGB, media_s: float, wall_s: float) -> bool:
        """Take a picture; False where it was left out because its time did not rise.

        The first step, and the first after `rest`, loads the hand model. Raises CoachError.
        """
        time_s = self._clock.step(stream, media_s, wall_s)
        if time_s is None:
            return False
        if not self._awake:
            self._held.enter_context(self.guide)
            self._awake = True
        self.scene = self.guide.step(self._frame(image_rgb, time_s))
        return True

    def draw(self, image_rgb: ImageRGB) -> ImageRGB | None:
        """The picture with the newest scene; None where there is none for such a picture."""
        if self.scene is None or self._size is None:
            return None
        return self._paint(self._frame(image_rgb, self.scene.time_s), self.scene)

    def rest(self) -> None:
        """Give the hand model back until the next step. May be called twice."""
        self._awake = False
        self._held.close()

    def finish(self) -> None:
        """Decide what is open, and give the hand model back."""
        if self.scene is not None:
            self.scene = self.guide.finish()
        self.rest()

    def _frame(self, image_rgb: ImageRGB, time_s: float) -> Frame:
        height, width = image_rgb.shape[:2]
        # Browsers send smaller pictures under load; the size at the beginning stays the unit.
        return Frame(self.guide.recorder.frames, time_s, image_rgb, self._size or (width, height))
