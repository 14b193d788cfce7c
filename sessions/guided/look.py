"""What a stage sees of one moment, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from routines.reps import Event, Progress
from sessions.guided.plan import Plan
from sessions.guided.scene import NO_PROGRESS, Breath, Hold, Say, Stage
from sessions.guided.search import NO_AIM, Aim
from vision.calibration import Calibration
from vision.hands import SIDES, HandPair, Side, TrackedHand
from vision.samples import BackHand, BackSample

LONGEST_STEP_S: Final = 0.5
"""A machine that stood still for longer does not let a hold or a countdown jump."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One moment as a stage sees it."""

    time_s: float
    dt_s: float
    """Since the look before, at most `LONGEST_STEP_S`."""
    pair: HandPair
    plan: Plan
    remarks: tuple[str, ...] = ()
    sample: BackSample | None = None
    """None while nobody knows where the back is."""
    progress: Progress = NO_PROGRESS
    events: tuple[Event, ...] = ()
    """Those that belong to the session's strokes."""
    heard: tuple[Event, ...] = ()
    """All that the engine said, also of strokes that do not belong to the session."""

    @property
    def hands(self) -> tuple[TrackedHand, ...]:
        """The hands that are seen in the picture."""
        both = (self.pair.side(side) for side in SIDES)
        return tuple(hand for hand in both if hand is not None and hand.observed)

    @property
    def back_hands(self) -> dict[Side, BackHand]:
        """The hands that are seen, on the chart."""
        if self.sample is None:
            return {}
        both = {side: self.sample.side(side) for side in SIDES}
        return {side: hand for side, hand in both.items() if hand is not None and hand.observed}


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a stage makes of a look."""

    task: str
    """Key of what to do now."""
    next: Stage | None = None
    """The stage to go on to; None to stay."""
    says: tuple[Say, ...] = ()
    hold: Hold | None = None
    breath: Breath | None = None
    remaining_s: float | None = None
    ghost: Mapping[Side, tuple[float, float]] | None = None
    phase_now: str | None = None
    """The phase of a stroke that the hands are in at this moment."""
    found: Calibration | None = None
    """A calibration that the hands have just given."""
    aim: Aim = NO_AIM
    """Where hands are to be looked for while nobody knows where the back is."""


class StageLogic(Protocol):
    """One stage of the session."""

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        ...


def tone(look: Look, key: str, **values: object) -> Say:
    """A sound at this moment."""
    return Say(look.time_s, "tone", key, values)


def notice(look: Look, key: str, **values: object) -> Say:
    """A sentence at this moment that asks for nothing."""
    return Say(look.time_s, "notice", key, values)
