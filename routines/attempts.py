"""Attempts at the stroke, cut out of the stream of decided legs.

An attempt opens when the hands leave the start place along the path, and closes when they are back,
when they do something else, or when they were not seen for too long. What never got far up the back
is no attempt: oiling, tapping or kneading at the waist.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from routines.motion import OTHER, REST, SETTLE, Decided
from routines.reps import PhaseSpan
from routines.routine import Routine
from routines.ticks import TICK_S, Ticks, stack
from vision.arrays import Floats

Ending = Literal["back", "broke_off", "unseen"]

LEFT_START_S: Final = 0.7
"""The hands were at the start place at most this long before the attempt opened."""
BROKE_OFF_S: Final = 0.6
"""Hands that were seen away from the back for this long have ended an attempt."""
ASTRAY_S: Final = 3.0
"""Something else over the back for this long has: a hand may be lifted and come back."""
UNSEEN_S: Final = 8.0
"""No hand seen for this long ends an attempt; what came after is not known. From the foot end the
forearms hide half of a stroke, and a comfortable one takes up to 20 s."""
UNSEEN_TIMES: Final = 2.0
LONGEST_UNSEEN_S: Final = 20.0
"""Slow hands have longer: twice as long as they had been under way, for the way up beside the spine
takes a third of a stroke."""
LONGEST_S: Final = 90.0
"""No stroke takes longer; a comfortable one takes 8 to 20 s."""
TRAVEL_V: Final = 0.45
"""An attempt got at least this far up the back: who stays in its lower half does something else."""
LOW_V: Final = 0.35
"""Below this the hands are in the lower part of the back."""
CLIMB_V: Final = 0.2
"""And went up at least so far: circles of a hand's width are kneaded anywhere."""
MOST_ROUNDS: Final = 3
"""Who goes over one leg more often without coming back kneads or circles, and does no stroke."""
LATELY_TICKS: Final = 6
"""Hands that come into sight on a leg were lost this long before it was decided, or less."""
HOME_SHARE: Final = 0.4
"""This close to the start place, as a share of its radius, hands have come home."""
SHORTEST_RUN_S: Final = 0.15
"""A leg shorter than this is a flicker between its neighbours."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A stretch in which the hands were on one leg."""

    name: str
    forward: bool
    start_s: float
    end_s: float


def is_leg(run: Run) -> bool:
    """Whether the hands were on the path, not at rest or elsewhere."""
    return run.name not in (REST, OTHER, SETTLE)


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """All that was seen of one attempt."""

    start_s: float
    end_s: float
    ending: Ending
    runs: tuple[Run, ...]
    ticks: Ticks
    after: Ticks
    """What followed until the attempt was closed."""
    fits: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """(N, L) how well each tick fits each leg, as `Decided.fits`; empty where nobody asks."""

    @property
    def duration_s(self) -> float:
        """Seconds from leaving the start place to the end."""
        return self.end_s - self.start_s

    def rounds(self) -> int:
        """How often the leg that came most often was begun."""
        legs = [(run.name, run.forward) for run in self.runs if is_leg(run)]
        return max((legs.count(leg) for leg in legs), default=0)

    def returned_the_same_way(self) -> bool:
        """Whether the hands were seen to go up beside the spine and back down there, no more."""
        legs = [run for run in self.runs if is_leg(run)]
        if len({run.name for run in legs}) > 1:
            return False
        backward = [self.ticks.between(run.start_s, run.end_s) for run in legs if not run.forward]
        v = [ticks.palm[..., 1] for ticks in backward]
        seen = [one[~np.isnan(one)] for one in v]
        return any(len(one) > 0 and float(np.ptp(one)) > LOW_V for one in seen)

    def phases(self) -> tuple[PhaseSpan, ...]:
        """Forward legs in order, the time between two of them given to the earlier."""
        spans: list[PhaseSpan] = []
        for run in self.runs:
            if run.forward and is_leg(run):
                if spans and spans[-1].name == run.name:
                    continue
                spans.append(PhaseSpan(run.name, run.start_s, run.end_s))
        ends = [span.start_s for span in spans[1:]] + [self.end_s] * bool(spans)
        return tuple(
            PhaseSpan(span.name, span.start_s, end) for span, end in zip(spans, ends, strict=True)
        )


@dataclass(slots=True)
class _Open:
    """An attempt under way."""

    start_s: float
    last_legs: tuple[str, ...]
    began_v: float
    """Where the hands were when it began; the start place where nobody saw them."""
    decided: list[Decided] = field(default_factory=list)
    highest_v: float = -1.0
    """Of the hands that were seen at the start place."""
    home_s: float | None = None
    """When the last leg was last seen to lead back to the start place."""

    @property
    def under_way(self) -> bool:
        return self.highest_v >= TRAVEL_V and self.highest_v - self.began_v >= CLIMB_V

    @property
    def went_down(self) -> bool:
        """Whether the hands were on the last leg but one, or on the last."""
        return any(one.state.forward and one.state.name in self.last_legs for one in self.decided)

    def take(self, decided: Decided, came_from_start: NDArray[np.bool_]) -> None:
        self.decided.append(decided)
        tops = decided.tick.values[came_from_start, 1]
        self.highest_v = max([self.highest_v, *tops[~np.isnan(tops)]])


@dataclass(slots=True)
class AttemptCutter:
    """Takes decided ticks one by one; gives an attempt when it is over."""

    routine: Routine
    _open: _Open | None = None
    _start_seen_s: Floats = field(default_factory=lambda: np.full(2, -np.inf))
    _was: tuple[str, bool] = (OTHER, True)

    @property
    def begun_s(self) -> float | None:
        """When the hands last left the start place, if they are still on their way."""
        return self._open.start_s if self._open else None

    @property
    def open_since_s(self) -> float | None:
        """Start of the attempt under way, if it got far enough to be one."""
        return self._open.start_s if self._open and self._open.under_way else None

    def step(self, decided: Decided) -> Attempt | None:
        """Take one decided tick; give the attempt that it ends."""
        now = decided.tick.time_s
        label = (decided.state.name, decided.state.forward)
        before, self._was = self._was, label
        changed = label != before
        later = [(phase.name, True) for phase in self.routine.phases[1:]]
        completed = changed and before == later[-1] and label not in later
        at_start = self._at_start(decided.tick.values)
        gone_on = self._goes_on_unseen(decided, changed)
        came_back = (completed and bool(at_start.any())) or gone_on
        over = self._over(self._open, decided, changed, came_back) if self._open else None
        finished = self._close(*over) if over else None
        self._start_seen_s[at_start | gone_on] = now
        if self._begins(decided, changed, bool(at_start.any())):
            legs = tuple(phase.name for phase in self.routine.phases[-2:])
            self._open = _Open(now, legs, self._height(decided.tick.values[at_start]))
        if self._open is not None:
            if label in later[-2:] and self._at_start(decided.tick.values, HOME_SHARE).any():
                self._open.home_s = now
            recently = self._start_seen_s >= self._open.start_s - LEFT_START_S
            self._open.take(decided, recently)
        return finished

    def coming_home(self, ahead: list[Decided]) -> Attempt | None:
        """The attempt under way as it would end if `ahead` came next; None while it is not home.

        Nothing is taken: this only looks ahead.
        """
        if self._open is None:
            return None
        opened = replace(self._open, decided=list(self._open.decided))
        looking = replace(self, _open=opened, _start_seen_s=self._start_seen_s.copy())
        for decided in ahead:
            attempt = looking.step(decided)
            if attempt is not None:
                return attempt if attempt.ending == "back" else None
        home = looking._open is opened and opened.home_s is not None
        return looking._close(ahead[-1].tick.time_s, "back") if home else None

    def finish(self) -> Attempt | None:
        """The recording is over: what came after the attempt under way is not seen."""
        if self._open is None:
            return None
        decided = self._open.decided
        return self._close(_since(decided, _nothing_seen) or decided[-1].tick.time_s, "unseen")

    def _begins(self, decided: Decided, changed: bool, at_start: bool) -> bool:
        """On the way from the start place; every new leg begun at the start place begins anew."""
        last = self.routine.phases[-1].name
        name, forward = decided.state.name, decided.state.forward
        if name in (REST, OTHER, SETTLE) or (name == last and forward):
            return False
        if self._open is not None:
            return changed and at_start and not self._open.under_way
        return decided.tick.time_s - float(self._start_seen_s.max()) <= LEFT_START_S

    def _goes_on_unseen(self, decided: Decided, changed: bool) -> bool:
        """Up again after the way down: the next stroke, though nobody saw the start place."""
        first = self.routine.phases[0].name
        if self._open is None or not self._open.under_way or not changed:
            return False
        if decided.state.name != first or not decided.state.forward:
            return False
        if not self._open.went_down or self._on_the_flanks(decided.tick.values):
            return False
        lately = np.array([one.tick.values[:, 1] for one in self._open.decided[-LATELY_TICKS:]])
        low = bool((lately <= LOW_V).any())
        return low or bool(np.isnan(lately).all(axis=1).any())

    def _at_start(self, values: Floats, share: float = 1.0) -> NDArray[np.bool_]:
        """(2,) which hands are within that share of the start place's radius."""
        x, v = self.routine.start.place
        radius = share * self.routine.start.radius
        near = (np.abs(values[:, 0] - x) <= radius) & (np.abs(values[:, 1] - v) <= 0.75 * radius)
        return np.asarray(near)

    def _height(self, values: Floats) -> float:
        """How high up the lower one of these hands is; the start place where there is none."""
        return float(values[:, 1].min()) if len(values) else self.routine.start.place[1]

    def _on_the_flanks(self, values: Floats) -> bool:
        """Whether hands were seen above the start place, and all of them well beside the way up."""
        x, v = self.routine.start.place
        above = values[values[:, 1] > v]
        return bool(len(above) and (above[:, 0] > x + self.routine.start.radius / 2).all())

    def _close(self, end_s: float, ending: Ending) -> Attempt | None:
        """The attempt that ends here; None where it was none."""
        opened, self._open = self._open, None
        if opened is None or not opened.under_way:
            return None
        if ending != "back" and opened.home_s is not None:
            end_s, ending = opened.home_s, "back"
        attempt = _attempt(opened, end_s, ending)
        aimless = ending == "back" and attempt.returned_the_same_way()
        # No leg at all: a flicker of one at the start place, and then something else.
        return None if aimless or not 1 <= attempt.rounds() <= MOST_ROUNDS else attempt

    def _over(
        self, opened: _Open, decided: Decided, changed: bool, completed: bool
    ) -> tuple[float, Ending] | None:
        now = decided.tick.time_s
        name, forward = decided.state.name, decided.state.forward
        begins_next = name == self.routine.phases[0].name and forward and changed
        begins_next = begins_next and not self._on_the_flanks(decided.tick.values)
        at_start = bool(self._at_start(decided.tick.values).any())
        rests = name in (REST, SETTLE) and not _nothing_seen(decided)
        if rests or completed or (at_start and opened.under_way and begins_next):
            return now, "back"
        if opened.home_s is not None and _something_else(decided):
            return opened.home_s, "back"
        for astray, patience_s in ((_away, BROKE_OFF_S), (_something_else, ASTRAY_S)):
            since = _since(opened.decided, astray)
            if since is not None and now - since >= patience_s:
                return since, "broke_off"
        since = _since(opened.decided, _nothing_seen)
        if since is not None and now - since >= _patience_s(since - opened.start_s):
            return since, "unseen"
        return (now, "broke_off") if now - opened.start_s >= LONGEST_S else None


def _patience_s(under_way_s: float) -> float:
    """How long hands may be unseen that had been under way for so long."""
    return float(np.clip(UNSEEN_TIMES * under_way_s, UNSEEN_S, LONGEST_UNSEEN_S))


def _something_else(decided: Decided) -> bool:
    return decided.state.name == OTHER and not _nothing_seen(decided)


def _away(decided: Decided) -> bool:
    palm = decided.tick.values[:, :2]
    known = palm[~np.isnan(palm[:, 0])]
    beside = (known[:, 0] > 1.5) | (known[:, 1] < -0.3)
    return _something_else(decided) and bool(len(known) and beside.all())


def _nothing_seen(decided: Decided) -> bool:
    return bool(np.isnan(decided.tick.values[:, 0]).all())


def _since(decided: list[Decided], holds: Callable[[Decided], bool]) -> float | None:
    """Since when `holds` has been true without a break up to the last tick."""
    since = None
    for one in reversed(decided):
        if not holds(one):
            break
        since = one.tick.time_s
    return since


def _attempt(opened: _Open, end_s: float, ending: Ending) -> Attempt:
    ticks = stack([one.tick for one in opened.decided])
    if ending != "back":
        end_s = min(end_s, _last_on_chart(ticks, end_s))
    runs = tuple(run for run in _runs(opened.decided, end_s) if run.start_s < end_s)
    if ending != "back" or _elsewhere_at_end(ticks, runs, end_s):
        end_s = _end_without_return(runs, end_s)
    inside = ticks.is_between(opened.start_s, end_s)
    return Attempt(
        start_s=opened.start_s,
        end_s=end_s,
        ending=ending,
        runs=runs,
        ticks=ticks.between(opened.start_s, end_s),
        after=ticks.between(end_s, float(ticks.time_s[-1])),
        fits=np.array([one.fits for one in opened.decided])[inside],
    )


def _last_on_chart(ticks: Ticks, end_s: float) -> float:
    """When a hand was last seen on the back."""
    on_chart = on_the_back(ticks.palm).any(axis=1) & (ticks.time_s <= end_s)
    return float(ticks.time_s[on_chart][-1]) if on_chart.any() else end_s


def on_the_back(palm: Floats) -> NDArray[np.bool_]:
    """(...) whether a palm (..., 2) as (x, v) lies on the back or close beside it."""
    x, v = palm[..., 0], palm[..., 1]
    return np.asarray((x < 1.35) & (v > -0.3) & (v < 1.45))


def _elsewhere_at_end(ticks: Ticks, runs: tuple[Run, ...], end_s: float) -> bool:
    """Whether hands were seen to do something else after the last leg; unseen ones came back."""
    since_s = _end_without_return(runs, end_s)
    return bool(ticks.between(since_s + TICK_S / 2, end_s - TICK_S).observed.any())


def _end_without_return(runs: tuple[Run, ...], end_s: float) -> float:
    """What is not on the path at the end of an attempt is not part of it."""
    on_path = [run for run in runs if is_leg(run)]
    return min(end_s, on_path[-1].end_s) if on_path else end_s


def _runs(decided: list[Decided], end_s: float) -> list[Run]:
    runs: list[Run] = []
    for one in decided:
        start_s = one.tick.time_s
        state = one.state
        if runs and (runs[-1].name, runs[-1].forward) == (state.name, state.forward):
            runs[-1] = Run(state.name, state.forward, runs[-1].start_s, start_s + TICK_S)
            continue
        if runs and runs[-1].end_s - runs[-1].start_s < SHORTEST_RUN_S:
            start_s = runs.pop().start_s
            if runs and (runs[-1].name, runs[-1].forward) == (state.name, state.forward):
                start_s = runs.pop().start_s
        runs.append(Run(state.name, state.forward, start_s, one.tick.time_s + TICK_S))
    return [Run(run.name, run.forward, run.start_s, min(run.end_s, end_s)) for run in runs]
