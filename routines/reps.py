"""What the engine says of a stroke: phases, checks, reps, and the events of a step."""

from dataclasses import dataclass
from typing import Literal

Hand = Literal["left", "right", "both"]
Outcome = Literal["fine", "fault", "not_seen"]


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """One phase of a rep, in seconds of media time."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one kind of fault in one rep. Not seen is a verdict of its own."""

    code: str
    outcome: Outcome
    start_s: float
    end_s: float
    hand: Hand | None = None
    measured: float | None = None
    limit: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Rep:
    """An attempt, from leaving the start place until the hands are back or break off."""

    index: int
    """1 for the first attempt of the session, counted or not."""
    start_s: float
    end_s: float
    counted: bool
    """True when no path fault was found."""
    phases: tuple[PhaseSpan, ...]
    checks: tuple[Check, ...]
    """One for every fault code of the routine."""
    unseen_share: float
    """Share of hand-time in which a hand was not observed, 0 to 1."""
    score: float | None
    """0 to 100; None where too little was seen to judge."""

    @property
    def seen_in_part(self) -> bool:
        """Too little was seen for a score. A stroke that was seen to break off is none of these."""
        broke_off = any(check.code == "incomplete" for check in self.faults)
        return self.score is None and not broke_off

    @property
    def faults(self) -> tuple[Check, ...]:
        """The checks that found a fault, in time order."""
        found = (check for check in self.checks if check.outcome == "fault")
        return tuple(sorted(found, key=lambda check: (check.start_s, check.code)))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of media time."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """The hands are now in this phase; None between strokes."""

    time_s: float
    phase: str | None


@dataclass(frozen=True, slots=True)
class RepStarted:
    """An attempt began at `time_s` (decided a little later)."""

    time_s: float


@dataclass(frozen=True, slots=True)
class RepEnded:
    """An attempt is over and judged; `time_s` is when that was decided."""

    time_s: float
    rep: Rep


@dataclass(frozen=True, slots=True)
class RepEnding:
    """The hands of an attempt come home; said once in it, before its end is sure.

    Who waits for the end is late with a cue. The count and the verdicts come with `RepEnded`.
    """

    time_s: float
    """When that was noticed."""
    start_s: float
    """Of the attempt, as in its `Rep`."""
    faults: tuple[Check, ...]
    """Those that the last moments of the attempt can't change, in time order."""


@dataclass(frozen=True, slots=True)
class SettleEnded:
    """A quiet hold with one hand on the nape and one on the waist is over."""

    time_s: float
    span: Span


@dataclass(frozen=True, slots=True)
class SpineTouched:
    """A hand glides along the spine on the way up; said once in an attempt, while it lasts.

    `time_s` is when that was decided, `hand` the one that is too near, or both.
    """

    time_s: float
    hand: Hand


Event = PhaseChanged | RepStarted | RepEnding | RepEnded | SettleEnded | SpineTouched


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the session stands after a step, for screens and speech."""

    count: int
    """Counted reps so far."""
    attempts: int
    """All attempts so far, counted or not."""
    phase: str | None
    """Name of the phase now, None between strokes."""
    settling: bool
    going: bool = False
    """Whether the hands go along the path at this very moment, as far as can be told so soon; what
    else stands here was decided 0.45 s later."""
