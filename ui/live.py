"""Between the camera's threads and the page: one object, and the only lock of the app.

Frames arrive in a media thread, the page asks from Streamlit's threads, and a stream may end in a
third. Frames and commands take the lock; what the page reads is a frozen snapshot that is swapped
whole, so a page never waits for a frame.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

import av

from routines.reps import Progress, Rep
from routines.routine import Routine
from sessions.record import HandPath
from ui.camera_wires import Arrival
from ui.live_run import NO_PROGRESS, Rigger, Run, coach_and_painter
from ui.texts import text
from vision.arrays import ImageRGB
from vision.calibration import Calibration
from vision.errors import CoachError
from vision.hands import Side
from vision.samples import BackScale

Stage = Literal["preview", "loading", "running", "paused", "ended"]

OPEN_STAGES: Final[tuple[Stage, ...]] = ("loading", "running", "paused")
"""A session is under way."""

FRESH_S: Final = 2.0
"""A picture older than this is no picture any more."""

_RATE_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class LiveView:
    """What the page shows of a session at one moment."""

    stage: Stage = "preview"
    progress: Progress = NO_PROGRESS
    hands_seen: int = 0
    """Hands observed in the newest coached frame, 0 to 2."""
    reps: tuple[Rep, ...] = ()
    paths: Mapping[Side, HandPath] = field(default_factory=dict)
    """Both hands' ways over the chart; filled when the session has ended."""
    scale: BackScale | None = None
    rate_hz: float = 0.0
    """Frames coached a second, smoothed."""
    problem: str | None = None
    """A sentence for the user; None while all is well."""


class LiveSession:
    """The live state of one browser tab: the newest picture and, while it runs, the coach.

    `on_frame` and `on_ended` are for the media threads and touch no `st.*`. Commands are for the
    page. The hand model is held only between `start` and the end of the session or the stream.
    """

    def __init__(self, rigger: Rigger = coach_and_painter) -> None:
        self._rigger = rigger
        self._lock = threading.Lock()
        self._view = LiveView()
        self._newest: ImageRGB | None = None
        self._newest_at_s = 0.0
        self._stepped_at_s: float | None = None
        self._setup: tuple[Calibration, Routine] | None = None
        self._run: Run | None = None

    @property
    def view(self) -> LiveView:
        """The newest snapshot. Never waits."""
        return self._view

    @property
    def has_picture(self) -> bool:
        """True while the camera delivers."""
        return self._newest is not None and time.monotonic() - self._newest_at_s < FRESH_S

    def still(self) -> ImageRGB | None:
        """The newest picture as the camera sent it; None while there is none."""
        return self._newest if self.has_picture else None

    def prepare(self, calibration: Calibration, routine: Routine) -> None:
        """Draw the routine's path into the picture, ready to start; ends a running session.

        Raises CalibrationError where the points make no back; then nothing changes.
        """
        run = Run(self._rigger(calibration, routine), calibration)
        with self._lock:
            self._finish()
            self._setup, self._run, self._view = (calibration, routine), run, LiveView()

    def clear(self) -> None:
        """Show the camera's own picture again, and forget the session."""
        with self._lock:
            self._finish()
            self._setup = self._run = None
            self._view = LiveView()

    def start(self) -> None:
        """Begin a session on what was prepared; the next frame is its first."""
        with self._lock:
            if self._setup is None or self._view.stage in OPEN_STAGES:
                return
            self._run = Run(self._rigger(*self._setup), self._setup[0])
            self._stepped_at_s = None
            self._view = LiveView(stage="loading")

    def pause(self) -> None:
        """Frames are shown but no longer coached."""
        self._change("running", "paused")

    def resume(self) -> None:
        """Go on after a pause, with the count as it was."""
        self._change("paused", "running")

    def end(self) -> None:
        """End the session and give the hand model back; the count and the reps stay."""
        with self._lock:
            self._finish()

    def open_stream(self) -> "_Plain":
        """A connection begins."""
        return _Plain(self)

    def on_frame(self, picture: av.VideoFrame) -> av.VideoFrame:
        """Take the newest picture of the camera, and give back the one to show."""
        image = cast(ImageRGB, picture.to_ndarray(format="rgb24"))
        image.setflags(write=False)
        with self._lock:
            self._newest, self._newest_at_s = image, time.monotonic()
            drawn = self._coach_and_draw(image, picture.time or 0.0)
        return picture if drawn is None else av.VideoFrame.from_ndarray(drawn, format="rgb24")

    def on_ended(self) -> None:
        """The stream is over: by the user, by unplugging, or because the tab was closed."""
        with self._lock:
            was_open = self._view.stage in OPEN_STAGES
            self._finish()
            self._newest = None
            if was_open:
                self._view = replace(self._view, problem=text("practice.stream_ended"))

    def _change(self, before: Stage, after: Stage) -> None:
        with self._lock:
            if self._view.stage == before:
                self._view = replace(self._view, stage=after)

    def _coach_and_draw(self, image: ImageRGB, time_s: float) -> ImageRGB | None:
        """The picture to show; None for the camera's own."""
        run = self._run
        if run is None:
            return None
        if not run.fits(image):
            self._view = replace(self._view, problem=text("practice.shape_changed"))
            return None
        try:
            if self._view.stage in ("loading", "running"):
                run.step(image, time_s)
                self._publish(run)
            return run.draw(image, time_s)
        except CoachError as error:
            self._finish()
            self._view = replace(self._view, problem=str(error))
            return None

    def _publish(self, run: Run) -> None:
        self._view = LiveView(
            stage="running",
            progress=run.progress,
            hands_seen=run.hands_seen,
            reps=run.reps,
            scale=run.scale,
            rate_hz=self._rate(),
        )

    def _rate(self) -> float:
        now_s, before_s = time.monotonic(), self._stepped_at_s
        self._stepped_at_s = now_s
        known = self._view.rate_hz
        if before_s is None or now_s <= before_s:
            return known
        rate = 1.0 / (now_s - before_s)
        return rate if known == 0.0 else known + _RATE_SHARE * (rate - known)

    def _finish(self) -> None:
        """Close an open session; what it found stays in the view."""
        if self._run is None or self._view.stage not in OPEN_STAGES:
            return
        run, self._run = self._run, None
        run.finish()
        counted = sum(rep.counted for rep in run.reps)
        self._view = replace(
            self._view,
            stage="ended",
            progress=Progress(counted, len(run.reps), phase=None, settling=False),
            reps=run.reps,
            paths=run.paths,
            scale=run.scale,
        )


class _Plain:
    """A connection's pictures for a live session: a `camera_wires.Stream`."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live

    def show(self, arrival: Arrival) -> av.VideoFrame:
        """The picture to send back."""
        came = arrival.picture
        shown = self._live.on_frame(came)
        shown.pts, shown.time_base = came.pts, came.time_base
        return shown

    def silent(self) -> None:
        """The page looks at the age of the newest picture itself."""

    def ended(self) -> None:
        """The connection is over."""
        self._live.on_ended()
