"""What shares work out, and what is heard of it. Nothing here knows what the work is."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")
Outcome_contra = TypeVar("Outcome_contra", contravariant=True)

Tell = Callable[[Any], None]
"""Says how far a task has come; it may raise to end a task that nobody waits for any more."""

TRIES = 2
"""A task whose worker dies is begun once more: the machine may have been short of memory, and a
whole night should not wait for somebody to come. Whatever kills two workers is at fault itself."""

LEAST_TOLD_S = 0.1
"""Progress is told no more often than somebody could read it."""


class Watch(Protocol[Outcome_contra]):
    """Hears what becomes of each task, named by its place in the list. Called from one thread."""

    def begun(self, index: int) -> None:
        """A worker has taken it."""

    def told(self, index: int, progress: Any) -> None:
        """It has come so far."""

    def ended(self, index: int, outcome: Outcome_contra) -> None:
        """It is done."""

    def lost(self, index: int, how: str, *, again: bool) -> None:
        """Its worker died, and how; `again` where it will be begun once more."""


class Crew(Protocol):
    """Something that does all of some tasks."""

    def run(
        self,
        tasks: Sequence[Task],
        work: Callable[[Task, Tell], Outcome],
        watch: Watch[Outcome],
    ) -> None:
        """Do them all, and say of each what became of it.

        `work` is found by its name in another process, so it stands at the top of a module. An
        exception such as Ctrl-C ends all workers before it goes on.
        """


class Alone:
    """Does one after the other right here."""

    def run(
        self,
        tasks: Sequence[Task],
        work: Callable[[Task, Tell], Outcome],
        watch: Watch[Outcome],
    ) -> None:
        """Do them all; what kills this process ends them all."""
        for index, task in enumerate(tasks):
            watch.begun(index)
            watch.ended(index, work(task, _teller(index, watch)))


def _teller(index: int, watch: Watch[Outcome]) -> Tell:
    return lambda progress: watch.told(index, progress)
