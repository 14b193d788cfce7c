"""Where lanes look for hands: each place has a hand model, and a processor core of its own.

A lane that has ended leaves its place to the next one: a model takes a second to load, and what the
system keeps of ended ones made reviews grow by 2 MB with every lane.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

from sessions.cores import Cores
from sessions.heap import give_back, share_heaps
from vision.landmarker import HandLandmarker
from vision.region import Region
from vision.tracker import Detector


class Workplaces:
    """So many places for one recording, as a context manager; all lanes end before it does."""

    def __init__(self, number: int, region: Region | None, given: Detector | None = None) -> None:
        """Hands are looked for in the `region`; in the whole picture without.

        A detector that is `given` is used at the only place, and stays the caller's to close.
        """
        self._region = region
        self._given = given
        self._cores = Cores(number)
        self._free = defaultdict[int | None, list[HandLandmarker]](list)
        """By the core that their threads are kept on."""
        self._models = ExitStack()

    def __enter__(self) -> Self:
        share_heaps()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._models.close()

    @contextmanager
    def taken(self) -> Iterator[Detector]:
        """A place for the calling thread: what looks for hands there, and follows none yet.

        Raises HandModelError where there is no model.
        """
        if self._given is not None:
            yield self._given
            return
        with self._cores.own() as core:
            free = self._free[core]
            if free:
                landmarker = free.pop()
                landmarker.begin_anew()
            else:
                landmarker = self._models.enter_context(HandLandmarker(region=self._region))
            yield landmarker
            free.append(landmarker)
        give_back()
