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

from routines.reps import Event, Hand, Rep, RepEnded, SpineTouched
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

    A rep is cued at its end, of the most important fault that was seen in it; a touched spine at
    once. There is at most one cue for a rep, and never two within `least_gap_s` of media time. A
    cue that may not be said is dropped: later it would fall on another stroke. Cues of the spine
    go before all others, and come at every level, "summary" too: safety does not fade. A warning
    that falls into the gap comes at the rep's end, as the first of its faults.
    """

    def __init__(self, routine: Routine, level: Level, least_gap_s: float = 8.0) -> None:
        self._codes: Final = tuple(code for code in IMPORTANCE if code in routine.faults)
        self._least_gap_s: Final = least_gap_s
        self._level = level
        self._fade = Fade()
        self._said_s: float | None = None
        self._warned_s: float | None = None
        """When the last warning of a touched spine was said."""
        self._cued_last_rep = False

    @property
    def level_now(self) -> Level:
        """Where "fade" stands ("every", "second" or "summary"); else the level that was set."""
        return self._fade.level if self._level == "fade" else self._level

    def change_level(self, level: Level) -> None:
        """Another level from now on; "fade" goes on where it stood."""
        self._level = level

    def step(self, time_s: float, events: Iterable[Event]) -> Cue | None:
        """Take what the engine said at `time_s`; give what is to be said now, if anything."""
        warning: Cue | None = None
        after: list[Cue] = []
        for event in events:
            if isinstance(event, SpineTouched):
                warning = Cue(time_s, SPINE, event.hand)
            elif isinstance(event, RepEnded):
                after += self._after(event.rep, time_s)
        if self._said_s is not None and time_s - self._said_s < self._least_gap_s:
            return None
        if warning is not None:
            self._said_s = self._warned_s = time_s
            return warning
        if not after:
            return None
        self._said_s, self._cued_last_rep = time_s, True
        return min(after, key=lambda cue: self._codes.index(cue.code))

    def _after(self, rep: Rep, time_s: float) -> list[Cue]:
        """The cue for a rep that is over, if the level asks for one."""
        self._fade.step(rep)
        rested = not self._cued_last_rep
        self._cued_last_rep = self._warned_s is not None and self._warned_s >= rep.start_s
        faults = {check.code: check for check in rep.faults}
        worst = next((code for code in self._codes if code in faults), None)
        if worst is None or self._cued_last_rep:
            return []
        level = self.level_now
        if worst == SPINE or level == "every" or (level == "second" and rested):
            return [Cue(time_s, worst, faults[worst].hand)]
        return []


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
