"""What is said during the strokes: the count, cues, and why it pauses."""

from routines.coaching import Coaching, Level
from routines.reps import RepEnded
from routines.routine import Routine
from sessions.guided.look import Look, notice
from sessions.guided.scene import Say


class StrokeVoice:
    """Counts aloud and passes cues on, over all pauses of a session."""

    def __init__(self, routine: Routine, level: Level) -> None:
        self._coaching = Coaching(routine, level)
        self._said_unseen = False

    def set_level(self, level: Level) -> None:
        """Another level of coaching from now on."""
        self._coaching.change_level(level)

    def step(self, look: Look) -> tuple[Say, ...]:
        """What is to be said at the next moment.

        A cue goes before the number: it is of use only at once, and the number can wait.
        """
        counts = self._counts(look)
        cue = self._coaching.step(look.time_s, look.events)
        if cue is None:
            return counts
        return (Say(cue.time_s, "cue", cue.code, {"hand": cue.hand}), *counts)

    def paused(self, look: Look) -> tuple[Say, ...]:
        """Why it pauses; that no hands are seen is said once in a session."""
        if look.hands or self._said_unseen:
            return (notice(look, "notice.paused"),)
        self._said_unseen = True
        return (notice(look, "notice.hands_not_seen"),)

    @staticmethod
    def _counts(look: Look) -> tuple[Say, ...]:
        counted = sum(isinstance(event, RepEnded) and event.rep.counted for event in look.events)
        first = look.progress.count - counted + 1
        numbers = range(first, look.progress.count + 1)
        return tuple(
            Say(look.time_s, "count", "count", {"count": number, "goal": look.plan.goal})
            for number in numbers
        )
