"""A whole session from the camera check to the last stroke, one frame at a time.

Decides what is to be shown and said; draws and speaks nothing. Time is media time alone. Not safe
for several threads by itself: whoever holds it holds the lock.
"""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from routines.path import path_back
from routines.reps import Event, RepEnded
from routines.routine import Routine
from sessions.guided.check import CheckStage
from sessions.guided.confirm import ConfirmStage
from sessions.guided.eyes import Eyes, Sight
from sessions.guided.look import LONGEST_STEP_S, Answer, Look, StageLogic
from sessions.guided.places import Places
from sessions.guided.plan import Plan
from sessions.guided.scene import NO_PROGRESS, Say, Scene, Stage
from sessions.guided.settle import SettleStage
from sessions.guided.start import OilStage, PausedStage
from sessions.guided.strokes import StrokesStage
from sessions.guided.tally import Tally
from sessions.guided.touch import TouchStage
from sessions.guided.voice import StrokeVoice
from sessions.practised import PracticeRecorder, cues_of
from sessions.preflight import Preflight
from vision.calibration import Calibration
from vision.camera_moved import CameraWatch, Surround
from vision.errors import CalibrationError
from vision.frames import Frame
from vision.hands import HandPair
from vision.tracker import Detector

MIN_STEP_S: Final = 1e-3
"""Frames nearer to the one before are left out: the hand model's clock ticks in ms."""

SKIPS: Final[Mapping[Stage, Stage]] = {
    "check": "touch",
    "confirm": "settle",
    "settle": "oil",
    "oil": "strokes",
    "strokes": "done",
    "paused": "strokes",
}
"""Where `skip` leads; the touch can't be skipped, because nobody would know where the back is."""

EDGES: Final[Mapping[Stage, frozenset[Stage]]] = {
    "check": frozenset({"touch", "confirm", "done"}),
    "touch": frozenset({"confirm", "done"}),
    "confirm": frozenset({"touch", "settle", "oil", "paused", "done"}),
    "settle": frozenset({"touch", "confirm", "oil", "done"}),
    "oil": frozenset({"touch", "confirm", "strokes", "done"}),
    "strokes": frozenset({"touch", "confirm", "paused", "done"}),
    "paused": frozenset({"touch", "confirm", "strokes", "done"}),
    "done": frozenset(),
}
"""The ways from stage to stage. Back to the touch where the camera was moved or the back is to be
found anew; then from the confirmation on to where the session was, strokes after a pause."""

FIRST_TASKS: Final[Mapping[Stage, str]] = {
    "touch": "guide.touch_lower_back",
    **{stage: f"guide.{stage}" for stage in EDGES if stage != "touch"},
}
"""What a stage asks for first."""

CALIBRATED: Final = frozenset({"confirm", "settle", "oil", "strokes", "paused"})
COUNTED: Final = frozenset({"strokes", "paused"})


class GuidedSession:
    """Steps frames through a session that nobody has to touch; use it as a context manager.

    The hand model is loaded at the first step, and given back when the session is done or the
    context is left. The context may be entered again: the session goes on where it was.
    """

    def __init__(
        self,
        routine: Routine,
        plan: Plan,
        image_size: tuple[int, int],
        *,
        calibration: Calibration | None = None,
        surround: Surround | None = None,
        detector: Detector | None = None,
    ) -> None:
        """`image_size` is the `full_size` of all frames to come.

        A `calibration` of an earlier session is offered for confirmation; with the `surround` of
        that session only where the camera has not moved since. A `detector` that is given stays the
        caller's to close. Raises CalibrationError where the calibration does not fit the picture.
        """
        self.recorder: Final = PracticeRecorder()
        self._routine: Final = routine
        self._size = image_size
        self._plan = plan
        self._eyes = Eyes(routine, detector)
        self._tally = Tally()
        self._voice = StrokeVoice(routine, plan.level)
        self._preflight = Preflight(routine)
        self._offered = None if calibration is None else calibration.fitted_to(*image_size)
        self._watch = CameraWatch(surround)
        self._calibration: Calibration | None = None
        self._found: Calibration | None = None
        self._stage: Stage = "check"
        self._reached: Stage = "settle"
        self._logic: StageLogic | None = CheckStage()
        self._task: str | None = None
        self._shown: Stage = "check"
        self._queued: list[Say] = []
        self._scene: Scene | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._eyes.rest()

    @property
    def stage(self) -> Stage:
        """Where the session stands."""
        return self._stage

    @property
    def plan(self) -> Plan:
        """The plan as it stands."""
        return self._plan

    @property
    def calibration(self) -> Calibration | None:
        """Where the back is taken to lie now."""
        return self._calibration

    @property
    def surround(self) -> Surround | None:
        """What stands still around the back, to be kept with the calibration; holds no picture."""
        return self._watch.surround if self._calibration is not None else None

    # What happens by itself

    def step(self, frame: Frame) -> Scene:
        """Take the next frame; one whose time does not rise changes nothing.

        Raises HandModelError where the hand model is missing, and CalibrationError where the frame
        has another size than was said.
        """
        last = self._scene
        if last is not None and frame.time_s - last.time_s < MIN_STEP_S:
            return last
        if last is None:
            self._queued.append(Say(frame.time_s, "notice", "notice.stop_when_it_hurts"))
        if self._logic is None:
            self._eyes.rest()
            return self._show(_nothing(frame.time_s), Answer("guide.done"), ())
        self._take_found(frame.time_s)
        self._watch_camera(frame)
        sight = self._eyes.step(frame)
        counted = self._tally.count
        self._open_late(sight)
        events = self._tally.step(sight.events)
        look = self._look(frame, sight, events)
        answer = self._logic.step(look)
        self._eyes.aim(answer.aim)
        self._record(sight, events)
        if self._stage in COUNTED or self._tally.count > counted:
            self._queued += self._voice.step(look)
        self._queued += answer.says
        self._move_on(answer, look)
        return self._show(look, answer, events)

    def finish(self) -> Scene:
        """End it: judge what is open, give the hand model back. May be called twice."""
        last_events = self._eyes.finish()
        events = self._tally.step(last_events) if self._stage != "done" else ()
        self.recorder.take(events)
        self._enter("done", self._now_s)
        return self._show(_nothing(self._now_s), Answer("guide.done"), events)

    # What the page's buttons do

    def pause(self) -> None:
        """Stop counting until `resume`, or until the hands have left and are back."""
        if self._stage == "strokes":
            self._enter("paused", self._now_s, asked=True)

    def resume(self) -> None:
        """Go on counting."""
        if self._stage == "paused":
            self._enter("strokes", self._now_s)

    def skip(self) -> None:
        """Go on to the next stage; nothing where the back has to be found first."""
        following = SKIPS.get(self._stage)
        if following is not None:
            self._go(following, self._now_s)

    def calibrate(self, calibration: Calibration) -> None:
        """Take points that were set. Raises CalibrationError where they can't be a back's."""
        if self._stage == "done":
            return
        self._know(calibration.fitted_to(*self._size))
        self._watch.begin()
        self._enter("confirm", self._now_s)

    def redo_place(self) -> None:
        """Find the back anew."""
        if self._stage != "done":
            self._forget()
            self._enter("touch", self._now_s)

    def turned(self, image_size: tuple[int, int]) -> None:
        """The picture was turned and has another size: the back is to be found anew."""
        self._size = image_size
        if self._stage == "check":
            self._offered = None
        else:
            self.redo_place()

    def end(self) -> None:
        """End the session; what is under way is not judged any more."""
        self._enter("done", self._now_s)

    def change(self, plan: Plan) -> None:
        """Go on by another plan; counts and stages are kept."""
        if plan.level != self._plan.level:
            self._voice.set_level(plan.level)
        self._plan = plan

    # Inside

    @property
    def _now_s(self) -> float:
        return 0.0 if self._scene is None else self._scene.time_s

    def _look(self, frame: Frame, sight: Sight, events: tuple[Event, ...]) -> Look:
        dt_s = 0.0 if self._scene is None else frame.time_s - self._scene.time_s
        return Look(
            time_s=frame.time_s,
            dt_s=min(dt_s, LONGEST_STEP_S),
            pair=sight.pair,
            plan=self._plan,
            remarks=self._remarks(frame, sight),
            sample=sight.sample,
            progress=self._tally.progress(sight.progress),
            events=events,
            heard=sight.events,
        )

    def _remarks(self, frame: Frame, sight: Sight) -> tuple[str, ...]:
        """What speaks against the picture, while it can still be mended."""
        if self._stage not in ("check", "touch"):
            return ()
        self._preflight.step(frame, sight.pair)
        return tuple(remark.code for remark in self._preflight.remarks)

    def _open_late(self, sight: Sight) -> None:
        """A whole stroke tells that the oil is spread, though nobody saw the hands rest before."""
        if self._stage == "oil":
            for event in sight.events:
                if isinstance(event, RepEnded) and event.rep.counted:
                    self._tally.open(event.rep.start_s)

    def _record(self, sight: Sight, events: tuple[Event, ...]) -> None:
        """Ways over the back are kept of the strokes alone."""
        moment = sight.moment_of(events)
        if self._stage == "strokes" and moment is not None:
            self.recorder.step(moment)
        else:
            self.recorder.take(events)

    def _move_on(self, answer: Answer, look: Look) -> None:
        self._found = answer.found
        if answer.found is not None:
            return
        if self._stage in COUNTED and self._tally.count >= self._plan.goal:
            self._enter("done", look.time_s)
        elif answer.next is not None:
            if answer.next == "paused":
                self._queued += self._voice.paused(look)
            self._go(answer.next, look.time_s)

    def _take_found(self, now_s: float) -> None:
        """What the hands gave at the step before: two fits in one step would hold the picture."""
        found, self._found = self._found, None
        if found is None or self._stage != "touch":
            return
        try:
            self._know(found)
        except CalibrationError as error:
            reason = {"reason": str(error)}
            self._queued.append(Say(now_s, "notice", "notice.touch_refused", reason))
            self._enter("touch", now_s)
            return
        self._watch.begin()
        self._enter("confirm", now_s)

    def _go(self, following: Stage, now_s: float) -> None:
        """To the next stage, or to the one that takes its place."""
        if self._stage == "check" and self._offered is not None:
            self._know(self._offered)
            following = "confirm"
        elif following == "settle" and self._stage == "confirm":
            no_settle = self._reached == "settle" and self._plan.settle_s == 0
            following = "oil" if no_settle else self._reached
        if following == "touch":
            self._forget()
        self._enter(following, now_s)

    def _enter(self, stage: Stage, now_s: float, *, asked: bool = False) -> None:
        if stage == "strokes":
            self._tally.open(now_s)
        else:
            self._tally.close(now_s)
        if stage in ("oil", "strokes"):
            self._reached = "oil" if stage == "oil" else "paused"
        self._stage = stage
        self._logic = self._logic_of(stage, asked=asked)

    def _logic_of(self, stage: Stage, *, asked: bool) -> StageLogic | None:
        if stage == "touch":
            return TouchStage(self._size, path_back(self._routine, "right"))
        if stage == "confirm":
            return ConfirmStage()
        if stage == "settle":
            return SettleStage()
        back_frame = self._eyes.back_frame
        if back_frame is None or stage == "done":
            return None
        if stage == "strokes":
            return StrokesStage(self._routine, back_frame.scale)
        places = Places(self._routine, back_frame.scale)
        return OilStage(places) if stage == "oil" else PausedStage(places, asked=asked)

    def _know(self, calibration: Calibration) -> None:
        self._eyes.know(calibration)
        self.recorder.know(calibration)
        self._calibration = calibration

    def _forget(self) -> None:
        self._eyes.forget()
        self._offered = self._calibration = None
        self._watch.begin()

    def _watch_camera(self, frame: Frame) -> None:
        """A moved camera takes the back away; an offered one is then no longer offered."""
        offered = self._stage == "check" and self._offered is not None
        if not offered and self._stage not in CALIBRATED:
            return
        if self._watch.step(frame):
            self._queued.append(Say(frame.time_s, "notice", "notice.camera_moved"))
            self._offered = None
            if self._stage != "check":
                self._go("touch", frame.time_s)

    def _show(self, look: Look, answer: Answer, events: Sequence[Event]) -> Scene:
        says = tuple(self._queued)
        self._queued.clear()
        if self._stage != self._shown:
            # The answer is that of the stage before: its ring may be drawn once more, full.
            answer = Answer(FIRST_TASKS[self._stage], hold=answer.hold)
            self._shown = self._stage
        task = answer.task
        if task != self._task:
            self._task = task
            says += (Say(look.time_s, "task", task),)
        self.recorder.hear(cues_of(says))
        self._scene = Scene(
            time_s=look.time_s,
            stage=self._stage,
            task=task,
            goal=self._plan.goal,
            pair=look.pair,
            progress=self._tally.progress(look.progress),
            phase_now=answer.phase_now,
            remarks=look.remarks,
            sample=look.sample,
            events=tuple(events),
            calibration=self._calibration,
            back_frame=self._eyes.back_frame,
            hold=answer.hold,
            breath=answer.breath,
            remaining_s=answer.remaining_s,
            ghost=answer.ghost,
            says=says,
        )
        return self._scene


def _nothing(time_s: float) -> Look:
    return Look(time_s, 0.0, HandPair(time_s, None, None), Plan(), progress=NO_PROGRESS)
