"""Which cue is said when: one at a time, the most important first, and fewer as strokes succeed.

Feedback after every attempt guides while it lasts and is leaned on (the guidance hypothesis:
Salmoni, Schmidt & Walter 1984); given after half of the attempts, or fading, it teaches more
(Winstein & Schmidt 1990), and so does leaving small slips uncommented (bandwidth feedback: Sherwood
1988). So silence means right, a single slip is not spoken of when cues have faded, and there is no
spoken praise: what went well stands in the summary.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from routines.reps import Check, Event, Hand, Rep, RepEnded, RepEnding, SpineTouched
from routines.routine import Routine

Level = Literal["every", "second", "summary", "fade"]
"""How often there may be a cue: after every rep, every second one, never, or ever more rarely."""

SPINE: Final = "on_spine"

IMPORTANCE: Final = (
    # Safety goes before learning.
    SPINE,
    # What keeps an attempt from counting, in the order in which it spoils the stroke: whatever goes
    # wrong early takes the later legs along.
    "one_hand",
    "out_of_order",
    "short_reach",
    "skipped_shoulders",
    "incomplete",
    # Technique: first what the receiver feels most, contact and pace, then how the hands lie.
    "hand_lifted",
    "rushed",
    "rushed_sides",
    "pause",
    "asymmetric",
    "fingers_not_to_head",
    "missing_pull_in",
)
"""Fault codes, the most important first."""

LADDER: Final[Sequence[Level]] = ("every", "second", "summary")
"""The levels that fading goes through."""

LEAST_GAP_S: Final = 7.5
"""About 8 s between two cues, so that each of strokes as brisk as this may have its own."""

WAITS_S: Final = 0.8
"""A cue of hands that come home may wait so long for the end of the gap: by then the next stroke
has begun. What could not be said has a last chance as its stroke is surely over."""

FADE_REPS: Final = 2
"""So many good reps in a row lead to the next level, so many with a fault back to the one before.

One alone may be chance, and with ten strokes in a session more would never get anywhere.
"""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to say now: the routine's texts for a fault."""

    time_s: float
    code: str
    """A fault code of the routine."""
    hand: Hand | None


class Coaching:
    """Steps the engine's events; gives a cue when one is due.

    A rep is cued as its hands come home, of the most important fault that was seen in it; a
    touched spine at once, and what shows only at the end just after it. There is at most one cue
    for a rep, and never two within `least_gap_s` of media time. A cue that may not be said waits a
    moment, and is dropped: later it would fall on another stroke. Cues of the spine go before all
    others, and come at every level, "summary" too: safety does not fade. A warning that falls into
    the gap comes at the rep's end, as the first of its faults.
    """

    def __init__(self, routine: Routine, level: Level, least_gap_s: float = LEAST_GAP_S) -> None:
        self._codes: Final = tuple(code for code in IMPORTANCE if code in routine.faults)
        self._least_gap_s: Final = least_gap_s
        self._level = level
        self._fade = Fade()
        self._said_s: float | None = None
        self._warned_s: float | None = None
        """When the last warning of a touched spine was said."""
        self._cued_attempt_s: float | None = None
        """Start of the last attempt that had a cue as it ended."""
        self._cued_last_rep = False
        self._waiting: RepEnding | None = None
        """What was told last of hands that come home, until their attempt is over."""

    @property
    def level_now(self) -> Level:
        """Where "fade" stands ("every", "second" or "summary"); else the level that was set."""
        return self._fade.level if self._level == "fade" else self._level

    def change_level(self, level: Level) -> None:
        """Another level from now on; "fade" goes on where it stood."""
        self._level = level

    def step(self, time_s: float, events: Iterable[Event]) -> Cue | None:
        """Take what the engine said at `time_s`; give what is to be said now, if anything."""
        events = tuple(events)
        touched = [event for event in events if isinstance(event, SpineTouched)]
        over = [event.rep for event in events if isinstance(event, RepEnded)]
        for rep in over:
            self._fade.step(rep)
        endings = self._endings(time_s, events)
        said = self._warning(time_s, touched) or self._most_important(time_s, [*events, *endings])
        for rep in over:
            self._cued_last_rep = self._was_cued(rep.start_s)
        return said

    def _endings(self, time_s: float, events: Iterable[Event]) -> list[RepEnding]:
        """An attempt that is about to end, told just now or a moment ago."""
        for event in events:
            if isinstance(event, RepEnding):
                self._waiting = event
            elif isinstance(event, RepEnded):
                self._waiting = None
        waiting = self._waiting
        return [] if waiting is None or time_s - waiting.time_s > WAITS_S else [waiting]

    def _warning(self, time_s: float, touched: Sequence[SpineTouched]) -> Cue | None:
        if not touched or self._too_soon(time_s):
            return None
        self._said_s = self._warned_s = time_s
        return Cue(time_s, SPINE, touched[-1].hand)

    def _most_important(self, time_s: float, events: Iterable[Event]) -> Cue | None:
        """The cue of an attempt that ends or comes home, if one is due."""
        due: list[tuple[int, float, Hand | None]] = []
        for event in events:
            if isinstance(event, RepEnding):
                due += self._due(event.start_s, event.faults)
            elif isinstance(event, RepEnded):
                due += self._due(event.rep.start_s, event.rep.faults)
        if not due or self._too_soon(time_s):
            return None
        rank, start_s, hand = min(due, key=lambda one: one[0])
        self._said_s, self._cued_attempt_s = time_s, start_s
        return Cue(time_s, self._codes[rank], hand)

    def _due(self, start_s: float, found: Iterable[Check]) -> list[tuple[int, float, Hand | None]]:
        """The worst fault's rank, start and hand, if the level asks for a cue and none was said."""
        faults = {check.code: check for check in found}
        rank = next((rank for rank, code in enumerate(self._codes) if code in faults), None)
        if rank is None or self._was_cued(start_s):
            return []
        code, level = self._codes[rank], self.level_now
        if code == SPINE or level == "every" or (level == "second" and not self._cued_last_rep):
            return [(rank, start_s, faults[code].hand)]
        return []

    def _was_cued(self, start_s: float) -> bool:
        """Whether the attempt that began then had its warning or its cue."""
        warned = self._warned_s is not None and self._warned_s >= start_s
        return warned or self._cued_attempt_s == start_s

    def _too_soon(self, time_s: float) -> bool:
        return self._said_s is not None and time_s - self._said_s < self._least_gap_s


class Fade:
    """From cues after every rep to none as reps succeed, and back when they don't."""

    def __init__(self) -> None:
        self._rung = 0
        self._good = self._bad = 0

    @property
    def level(self) -> Level:
        """Where it stands."""
        return LADDER[self._rung]

    def step(self, rep: Rep) -> None:
        """Take a rep that is over. One of which too little was seen says nothing either way."""
        if rep.faults:
            self._good, self._bad = 0, self._bad + 1
        elif rep.counted and rep.score is not None:
            self._good, self._bad = self._good + 1, 0
        if max(self._good, self._bad) < FADE_REPS:
            return
        step = 1 if self._good else -1
        self._rung = min(max(self._rung + step, 0), len(LADDER) - 1)
        self._good = self._bad = 0
