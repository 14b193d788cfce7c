"""The engine: samples of the hands on the back in, phases and judged reps out, step by step."""

from typing import Final

from routines.attempts import Attempt, AttemptCutter
from routines.foresight import Foresight
from routines.judge import judge
from routines.motion import SETTLE, Decided, MotionModel
from routines.reps import (
    Event,
    PhaseChanged,
    Progress,
    RepEnded,
    RepStarted,
    SettleEnded,
    Span,
)
from routines.routine import Routine
from routines.spine_watch import SpineWatch
from routines.ticks import EvenClock
from vision.samples import BackSample, BackScale


class Engine:
    """Follows one session of a routine. Live and recorded video take the same steps.

    >>> engine = Engine(load_routine(), back_frame.scale)
    >>> for sample in samples:
    ...     for event in engine.step(sample):
    ...         ...
    >>> last_events = engine.finish()
    """

    def __init__(self, routine: Routine, scale: BackScale, *, foresees: bool = True) -> None:
        """Without `foresees` nothing is told before it is sure: enough where nobody listens."""
        self._routine: Final = routine
        self._scale: Final = scale
        self._clock = EvenClock()
        self._motion = MotionModel(routine, scale)
        self._cutter = AttemptCutter(routine)
        self._spine = SpineWatch(routine, scale)
        self._foresight = Foresight(routine, scale) if foresees else None
        self._legs = {phase.name for phase in routine.phases}
        self._phase: str | None = None
        self._settle_since_s: float | None = None
        self._announced_s: float | None = None
        self._count = 0
        self._attempts = 0

    @property
    def progress(self) -> Progress:
        """Where the session stands now."""
        return Progress(
            count=self._count,
            attempts=self._attempts,
            phase=self._phase,
            settling=self._settle_since_s is not None,
            going=self._motion.newest.forward and self._motion.newest.name in self._legs,
        )

    def step(self, sample: BackSample) -> list[Event]:
        """Take one sample; give what was decided by it, in order."""
        decided = [one for tick in self._clock.step(sample) for one in self._motion.step(tick)]
        events = [event for one in decided for event in self._take(one, sample.time_s)]
        if self._foresight is None:
            return events
        seen = self._foresight.step(self._cutter, self._motion, self._spine, sample.time_s)
        return [*events, *seen]

    def finish(self) -> list[Event]:
        """The session is over: judge what is still under way."""
        events: list[Event] = []
        last_s = 0.0
        for one in self._motion.finish():
            last_s = one.tick.time_s
            events += self._take(one, last_s)
        attempt = self._cutter.finish()
        if attempt is not None:
            events.append(self._judge(attempt, last_s))
        events += self._settle_event(settling=False, at_s=last_s, now_s=last_s)
        return events

    def _take(self, decided: Decided, now_s: float) -> list[Event]:
        at_s = decided.tick.time_s
        events = self._settle_event(decided.state.name == SETTLE, at_s, now_s)
        attempt = self._cutter.step(decided)
        if attempt is not None:
            events.append(self._judge(attempt, now_s))
        since_s = self._cutter.open_since_s
        if since_s is not None and since_s != self._announced_s:
            self._announced_s = since_s
            events.append(RepStarted(since_s))
        warning = self._spine.step(decided, self._cutter.begun_s, now_s)
        if warning is not None:
            events.append(warning)
        events += self._phase_event(decided, now_s)
        return events

    def _phase_event(self, decided: Decided, now_s: float) -> list[Event]:
        known = decided.state.name in self._legs and decided.state.forward
        phase = decided.state.name if known else None
        if phase == self._phase:
            return []
        self._phase = phase
        return [PhaseChanged(now_s, phase)]

    def _settle_event(self, settling: bool, at_s: float, now_s: float) -> list[Event]:
        since_s = self._settle_since_s
        if settling:
            self._settle_since_s = at_s if since_s is None else since_s
            return []
        self._settle_since_s = None
        if since_s is None or at_s - since_s < self._routine.settle.hold_s:
            return []
        return [SettleEnded(now_s, Span(since_s, at_s))]

    def _judge(self, attempt: Attempt, now_s: float) -> RepEnded:
        self._attempts += 1
        rep = judge(attempt, self._attempts, self._routine, self._scale)
        self._count += rep.counted
        return RepEnded(now_s, rep)
