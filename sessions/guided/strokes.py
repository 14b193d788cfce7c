"""The strokes: the ghost leads, and hands that are away for some seconds pause."""

from typing import Final

from routines.routine import Routine
from sessions.guided.ghost import Ghost
from sessions.guided.look import Answer, Look
from sessions.guided.places import on_back
from sessions.guided.scene import Stage
from vision.samples import BackScale

BACK_AGAIN_S: Final = 0.4
"""A phase that was left does not come back sooner: its word would flicker."""


class StrokesStage:
    """Watches whether the hands are still on the back."""

    def __init__(self, routine: Routine, scale: BackScale) -> None:
        self._ghost = Ghost(routine, scale)
        self._phase = PhaseNow()
        self._away_s = 0.0

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        self._away_s = 0.0 if on_back(look.back_hands) else self._away_s + look.dt_s
        ghost, says = self._ghost.step(look)
        following: Stage | None = "paused" if self._away_s >= look.plan.pause_after_s else None
        leg = self._ghost.leg_of_hands if look.progress.going else None
        phase_now = self._phase.step(look.time_s, leg)
        return Answer("guide.strokes", following, says, ghost=ghost, phase_now=phase_now)


class PhaseNow:
    """The phase that the hands are in at this moment, to be shown.

    What is judged is decided 0.45 s later, when it is sure. On the samples' tracks the word on the
    screen was right in 0.82 of the frames with this, and in 0.67 with what is judged.
    """

    def __init__(self) -> None:
        self._shown: str | None = None
        self._before: str | None = None
        self._since_s = float("-inf")

    def step(self, time_s: float, leg: str | None) -> str | None:
        """Take the leg that the hands are on now; None where they go along none."""
        returns = leg == self._before and time_s - self._since_s < BACK_AGAIN_S
        if leg != self._shown and not returns:
            self._before, self._shown, self._since_s = self._shown, leg, time_s
        return self._shown
