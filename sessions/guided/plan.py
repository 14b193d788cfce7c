"""What a guided session is meant to be: how many strokes, how long a settle, how much coaching."""

from dataclasses import dataclass
from typing import Final, get_args

from routines.coaching import Level
from vision.errors import CoachError

MOST_STROKES: Final = 10
LONGEST_SETTLE_S: Final = 300.0
BREATH_S: Final = (1.0, 15.0)
"""Shortest and longest breath in or out that the guide keeps."""
TEMPO_S: Final = (4.0, 60.0)
"""Shortest and longest stroke that the pace guide keeps; under 4 s is rushed."""
PAUSE_AFTER_S: Final = (1.0, 60.0)


class PlanError(CoachError):
    """A plan that no session can follow; the message names the value and what was expected."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of one session. Raises PlanError where a value is out of its range."""

    goal: int = 10
    """Strokes that count, 1 to 10; the session ends by itself when they are done."""
    settle_s: float = 30.0
    """How long the hands rest on nape and waist; 0 leaves the settle out."""
    breath_in_s: float = 4.0
    breath_out_s: float = 6.0
    level: Level = "fade"
    tempo_s: float | None = None
    """Seconds for a stroke that the ghost keeps; None lets it go ahead of the hands."""
    pause_after_s: float = 4.0
    """Hands that are away for so long pause the session."""

    def __post_init__(self) -> None:
        _check("goal", self.goal, (1, MOST_STROKES))
        _check("settle_s", self.settle_s, (0.0, LONGEST_SETTLE_S))
        _check("breath_in_s", self.breath_in_s, BREATH_S)
        _check("breath_out_s", self.breath_out_s, BREATH_S)
        _check("pause_after_s", self.pause_after_s, PAUSE_AFTER_S)
        if self.tempo_s is not None:
            _check("tempo_s", self.tempo_s, TEMPO_S)
        if self.level not in get_args(Level):
            known = ", ".join(get_args(Level))
            raise PlanError(f"The plan's level is {self.level!r}; choose one of {known}.")


def _check(name: str, value: float, limits: tuple[float, float]) -> None:
    low, high = limits
    if not low <= value <= high:
        raise PlanError(f"The plan's {name} is {value:g}; choose one from {low:g} to {high:g}.")
