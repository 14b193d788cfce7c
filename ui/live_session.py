"""Between the camera's threads and the page: one object, and the only lock of the app.

Pictures arrive in a thread of their connection, the page asks from Streamlit's threads, and a
connection may end in a third. Pictures and commands take the lock; what the page reads is a frozen
snapshot that is swapped whole, so a page never waits for a picture.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

import av

from routines.reps import Rep
from sessions.guided import Say, Scene
from sessions.record import HandPath
from ui.camera_wires import Arrival
from ui.guide_run import GuideRun, Guiding, Make, Paint, Size, Spoken
from ui.memory import keep_little, tidy_up_soon
from ui.pace import Figures, Pace, Passage
from ui.places import Places, Token, places
from ui.turning import Turn
from vision.arrays import ImageRGB
from vision.errors import CoachError
from vision.hands import Side

Stage = Literal["preview", "loading", "running", "interrupted", "ended"]

OPEN_STAGES: Final[tuple[Stage, ...]] = ("loading", "running", "interrupted")
"""A session is under way."""

FRESH_S: Final = 2.0
"""A picture older than this is no picture any more."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveView:
    """What the page shows of a session at one moment."""

    stage: Stage = "preview"
    """Of the session; "interrupted" while no camera delivers, until one delivers again."""
    scene: Scene | None = None
    """What the session shows and asks for now; None before its first picture."""
    spoken: tuple[Spoken, ...] = ()
    """All that this session has said, so that any rerun can read what it has missed."""
    reps: tuple[Rep, ...] = ()
    paths: Mapping[Side, HandPath] = field(default_factory=dict)
    """Both hands' ways over the chart; filled when the session has ended."""
    figures: Figures = field(default_factory=Figures)
    problem: str | None = None
    """A sentence for the user, or its text's key; None while all is well."""


class LiveSession:
    """The live state of one browser tab: the newest picture and, while it runs, the session.

    `open_stream` is for the camera's threads and touches no `st.*`; the rest is for the page. The
    hand model is held only while a session runs and the camera delivers.
    """

    def __init__(self, all_places: Places | None = None) -> None:
        keep_little()
        self._lock = threading.Lock()
        self._places = all_places or places()
        self._place = Token()
        self._view = LiveView()
        self._newest: ImageRGB | None = None
        self._newest_at_s = 0.0
        self._turn = Turn()
        self._stream: CameraStream | None = None
        self._planned: tuple[Make, Paint] | None = None
        self._run: GuideRun | None = None
        self._said = 0
        self._stands_still = False
        self._tell: Callable[[], None] | None = None

    @property
    def view(self) -> LiveView:
        """The newest snapshot. Never waits."""
        return self._view

    def listen(self, tell: Callable[[], None] | None) -> None:
        """Let the page that shows this session be told of news that can't wait until it asks.

        `tell` is called with the lock held, in any thread: it must not wait. The last one counts.
        """
        self._tell = tell

    @property
    def turn(self) -> Turn:
        """How the camera's picture is turned."""
        return self._turn

    @property
    def has_picture(self) -> bool:
        """True while the camera delivers."""
        return self._newest is not None and time.monotonic() - self._newest_at_s < FRESH_S

    def still(self) -> ImageRGB | None:
        """The newest picture, turned, without drawings; None while there is none."""
        newest = self._newest
        return newest if self.has_picture else None

    @property
    def has_place(self) -> bool:
        """Whether this tab may practise now: it does already, or a place is free."""
        return self._places.is_free_for(self._place)

    def take_place(self) -> bool:
        """Take a place for a session that is to begin soon; false while none is free."""
        return self._places.hold(self._place)

    def begin(self, make: Make, paint: Paint) -> bool:
        """Begin a session at the next picture, and end the one that is under way.

        False, and nothing is begun or ended, while no place is free. `make` gets the size of that
        picture, turned. An error of its own becomes `view.problem`.
        """
        with self._lock:
            if not self.take_place():
                return False
            self._finish()
            self._run, self._planned = None, (make, paint)
            self._view = LiveView("loading", figures=self._view.figures)
            return True

    def command(self, act: Callable[[Guiding], object], stage: str | None = None) -> None:
        """Tell the session something, as `lambda guide: guide.pause()`; nothing where none is open.

        With a `stage` only while the session stands there: a page may be late, and a second click
        was meant for what it showed. Raises what the session raises.
        """
        with self._lock:
            run = self._run if self._view.stage in OPEN_STAGES else None
            if run is not None and stage in (None, run.guide.stage):
                act(run.guide)

    def turn_to(self, turn: Turn) -> None:
        """Turn the picture from now on; a session asks for the back's place anew."""
        with self._lock:
            if turn == self._turn:
                return
            self._turn, self._newest = turn, None
            if self._run is not None:
                self._run.turn()

    def end(self) -> None:
        """End the session, give hand model and place back; the count and the reps stay."""
        with self._lock:
            self._close()

    def clear(self) -> None:
        """Show the camera's own picture again, and forget the session."""
        with self._lock:
            self._close()
            self._run = self._planned = None
            self._view = LiveView(figures=self._view.figures)

    def open_stream(self) -> "CameraStream":
        """A connection begins: from now on its pictures count, and no older connection's."""
        with self._lock:
            self._newest = None
            self._stands_still = False
            self._stream = CameraStream(self)
            return self._stream

    def stand_still(self, still: bool) -> None:
        """Say whether the camera's picture stands still: then the session waits for a new one."""
        with self._lock:
            self._stands_still = still
            if still:
                self._wait("camera.gone")

    def take(self, stream: "CameraStream", picture: "Picture") -> "Taken":
        """Take a connection's newest picture; gives back what is to be shown in its place."""
        with self._lock:
            if stream is not self._stream or picture.turn != self._turn:
                return Taken(time.monotonic())
            self._newest, self._newest_at_s = picture.image_rgb, time.monotonic()
            try:
                return self._step(stream, picture)
            except CoachError as error:
                self._close()
                self._show(replace(self._view, problem=error.sentence))
                return Taken(time.monotonic())

    def publish(self, stream: "CameraStream", figures: Figures) -> None:
        """Let the page see how fast a connection's pictures go through."""
        with self._lock:
            if stream is self._stream:
                self._view = replace(self._view, figures=figures)

    def lose(self, stream: "CameraStream") -> None:
        """A connection delivers no more: the session waits for another one without the model."""
        with self._lock:
            if stream is not self._stream:
                return
            self._newest = None
            self._wait("camera.gone")
            if self._view.stage not in OPEN_STAGES:
                self._places.give_back(self._place)

    def _wait(self, problem: str) -> None:
        """Let an open session wait without the model; says so once."""
        view = self._view
        if self._run is not None:
            self._run.rest()
        if view.stage not in OPEN_STAGES or (view.stage, view.problem) == ("interrupted", problem):
            return
        spoken = view.spoken
        if view.stage == "running" and view.scene is not None:
            spoken += self._numbered(Say(view.scene.time_s, "notice", "notice.camera_waits"))
        self._show(replace(view, stage="interrupted", spoken=spoken, problem=problem))

    def _show(self, view: LiveView) -> None:
        """Swap the snapshot, and tell the page that listens where that can't wait."""
        before, self._view = self._view, view
        if self._tell is not None and _headline(view) != _headline(before):
            self._tell()

    def _step(self, stream: "CameraStream", picture: "Picture") -> "Taken":
        image = picture.image_rgb
        if self._view.stage not in OPEN_STAGES or self._has_to_wait():
            return Taken(time.monotonic())
        run = self._run_for(image)
        if run is None:
            return Taken(time.monotonic())
        stepped = run.step(stream, image, picture.media_s, time.monotonic())
        coached_s = time.monotonic()
        if stepped and run.scene is not None:
            self._publish(run, run.scene)
        taken = Taken(coached_s, run.draw(image), run.hands_seen if stepped else None)
        if run.scene is not None and run.scene.stage == "done":
            self._close()
        return taken

    def _has_to_wait(self) -> bool:
        if self._stands_still:
            return True
        if not self.take_place():
            self._wait("camera.full")
            return True
        return False

    def _run_for(self, picture: ImageRGB) -> GuideRun | None:
        """The session, made for pictures of this shape."""
        size = _size(picture)
        if self._run is None and self._planned is not None:
            make, paint = self._planned
            self._run = GuideRun(make(size), paint, size)
        if self._run is not None and not self._run.fits(size):
            self._run.turned(size)
        return self._run

    def _publish(self, run: GuideRun, scene: Scene) -> None:
        spoken = self._view.spoken + self._numbered(*scene.says)
        if self._view.stage == "interrupted":
            spoken += self._numbered(Say(scene.time_s, "notice", "notice.goes_on"))
        figures = self._view.figures
        self._show(LiveView("running", scene, spoken, reps=run.reps, figures=figures))

    def _numbered(self, *says: Say) -> tuple[Spoken, ...]:
        first = self._said + 1
        self._said += len(says)
        return tuple(Spoken(first + index, say) for index, say in enumerate(says))

    def _close(self) -> None:
        """Finish, and let somebody else have the place."""
        self._finish()
        self._places.give_back(self._place)

    def _finish(self) -> None:
        """Close an open session; what it found stays in the view."""
        run, self._run, self._planned = self._run, None, None
        if self._view.stage not in OPEN_STAGES:
            return
        view = replace(self._view, stage="ended", problem=None)
        if run is not None:
            before = run.scene
            run.finish()
            scene = run.scene
            if scene is not None and scene is not before:
                view = replace(view, scene=scene, spoken=view.spoken + self._numbered(*scene.says))
            view = replace(view, reps=run.reps, paths=run.paths)
            tidy_up_soon()
        self._show(view)


def _headline(view: LiveView) -> tuple[object, ...]:
    """What the giver is to hear or see at once: what is said, and phase, count and stage."""
    scene = view.scene
    shown = None if scene is None else (scene.stage, scene.phase_now, scene.progress.count)
    return view.stage, view.problem, view.spoken[-1:], shown


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as the camera sent it, turned."""

    image_rgb: ImageRGB
    """(height, width, 3)"""
    media_s: float
    """The connection's own time."""
    turn: Turn


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What a live session made of a picture."""

    coached_s: float
    """When it was coached and not drawn yet; monotonic clock."""
    drawn: ImageRGB | None = None
    """None for the picture as it came."""
    hands: int | None = None
    """Hands observed, 0 to 2; None where it was not coached."""


class CameraStream:
    """One connection's pictures on their way through a live session: a `camera_wires.Stream`."""

    def __init__(self, live: LiveSession) -> None:
        self._live = live
        self._pace = Pace()

    def show(self, arrival: Arrival) -> av.VideoFrame:
        """The picture to send back: turned and, in a session, drawn."""
        waited_s = time.monotonic()
        came, turn = arrival.picture, self._live.turn
        image = turn.apply(cast(ImageRGB, came.to_ndarray(format="rgb24")))
        image.setflags(write=False)
        read_s = time.monotonic()
        taken = self._live.take(self, Picture(image, came.time or 0.0, turn))
        drawn_s = time.monotonic()
        shown = _packed(came, image if taken.drawn is None and turn.changes else taken.drawn)
        ends_s = (waited_s, read_s, taken.coached_s, drawn_s, time.monotonic())
        self._pace.step(Passage(arrival.at_s, ends_s, taken.hands, arrival.dropped, _size(image)))
        self._live.publish(self, self._pace.figures)
        return shown

    def silent(self) -> None:
        """The camera sends nothing, and may again."""
        self._live.lose(self)

    def ended(self) -> None:
        """The connection is over: by the user, or because its page is gone."""
        self._live.lose(self)
        tidy_up_soon()


def _packed(came: av.VideoFrame, image: ImageRGB | None) -> av.VideoFrame:
    """The picture for the encoder, with the time of the one that came; None for that one."""
    if image is None:
        return came
    shown = av.VideoFrame.from_ndarray(image, format="rgb24")
    shown.pts, shown.time_base = came.pts, came.time_base
    return shown


def _size(image: ImageRGB) -> Size:
    height, width = image.shape[:2]
    return width, height
