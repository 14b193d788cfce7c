"""The strokes: the ghost leads, and hands that are away for some seconds pause."""

from routines.routine import Routine
from sessions.guided.ghost import Ghost
from sessions.guided.look import Answer, Look
from sessions.guided.places import on_back
from sessions.guided.scene import Stage
from vision.samples import BackScale


class StrokesStage:
    """Watches whether the hands are still on the back."""

    def __init__(self, routine: Routine, scale: BackScale) -> None:
        self._ghost = Ghost(routine, scale)
        self._away_s = 0.0

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        self._away_s = 0.0 if on_back(look.back_hands) else self._away_s + look.dt_s
        ghost, says = self._ghost.step(look)
        following: Stage | None = "paused" if self._away_s >= look.plan.pause_after_s else None
        return Answer("guide.strokes", following, says, ghost=ghost)
