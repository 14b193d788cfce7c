"""The glances of a whole recording in their order, though several lanes look at once.

A lane is a reader, a hand model and a tracker that go through a stretch of the recording from frame
to frame. Lanes begin some seconds before their stretch, and the seam lies where both see the same
(see `sessions.seams`). Where a later lane can't go on for an earlier one, that one looks through to
the end. Stretches hang on the recording alone, so results do not hang on the machine.
"""

import math
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from itertools import chain, islice, pairwise
from types import TracebackType
from typing import Final, Self

from sessions.lane import AT_ONCE, End, Glance
from sessions.seams import OVERLAP_S, seam
from vision.errors import CoachError

SHORTEST_S: Final = 12.0
"""A shorter recording is one stretch."""

LONGEST_S: Final = 120.0
"""Of a stretch: what a lane sees ahead of its turn is kept until then."""


def starts_of(duration_s: float | None) -> tuple[float, ...]:
    """Where each lane begins to look: at the beginning, and so that all stretches are alike."""
    if not duration_s or duration_s < SHORTEST_S:
        return (0.0,)
    # As many as are looked at in turn, so that no lane is left alone at the end.
    number = AT_ONCE * math.ceil(duration_s / (AT_ONCE * LONGEST_S))
    # The first lane has nothing to look at twice.
    length_s = (duration_s - OVERLAP_S) / number
    return tuple(index * length_s for index in range(number))


OpenLane = Callable[[float], AbstractContextManager[Iterator[Glance | End]]]
"""Looks from that time of the recording on; the last that is told is an `End`."""


class Lanes:
    """Hands out glances in order.

    >>> with Lanes(starts_of(info.duration_s), open_lane) as lanes:
    ...     for glance in lanes:
    ...         ...

    Leaving the block stops all lanes. An error of a lane is raised where its frame would have come.
    """

    def __init__(self, starts_s: Sequence[float], open_lane: OpenLane) -> None:
        ends_s = (*(start_s + OVERLAP_S for start_s in starts_s[1:]), math.inf)
        self._lanes = [
            Lane(start_s, end_s, open_lane) for start_s, end_s in zip(starts_s, ends_s, strict=True)
        ]
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="lane")
        self._counted = self._lanes
        self._lost_s = 0.0
        """What earlier lanes could not read, and the one that is listened to does not know of."""
        self._end: End | None = None

    def __enter__(self) -> Self:
        for lane in self._lanes:
            self._pool.submit(lane.run)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for lane in self._lanes:
            lane.stop()
        self._pool.shutdown(cancel_futures=True)

    @property
    def seen_s(self) -> float:
        """Media time of the recording that was looked at so far, by all lanes."""
        lanes = self._counted
        own_s = (min(one.seen_s, later.start_s - one.start_s) for one, later in pairwise(lanes))
        return sum(own_s) + lanes[-1].seen_s

    @property
    def readable_share(self) -> float:
        """Share of the stated duration that could be read, 0 to 1; known at the end."""
        if self._end is None:
            raise RuntimeError("what could be read of a recording is known at its end")
        if not self._lost_s:
            return self._end.readable_share
        return self._end.info.share_of(self._end.read_s - self._lost_s)

    def __iter__(self) -> Iterator[Glance]:
        """What was seen; ends with the recording, or with what can be read of it."""
        for lane, later in pairwise(self._lanes):
            both = list[Glance]()
            for glance in lane.told():
                if glance.time_s < later.start_s:
                    yield glance
                else:
                    both.append(glance)
            after = [] if lane.end else later.beginning(len(both))
            kept = seam(both, after)
            if kept is None:
                yield from both
                yield from self._alone(lane)
                return
            self._lost_s += after[kept - 1].read_s - both[kept - 1].read_s
            lane.stop()
            yield from chain(both[:kept], after[kept:])
        yield from self._alone(self._lanes[-1])

    def _alone(self, lane: "Lane") -> Iterator[Glance]:
        """The rest of the recording from one lane."""
        later = self._lanes.index(lane) + 1
        self._counted = self._lanes[:later]
        for other in self._lanes[later:]:
            other.stop()
        lane.go_on()
        if lane.end is None:
            yield from lane.told()
        self._end = lane.end


class Lane:
    """Looks in a thread of its own, and keeps what it sees until it is asked for it."""

    def __init__(self, start_s: float, end_s: float, open_lane: OpenLane) -> None:
        """Beyond `end_s` it looks only when told so."""
        self.start_s: Final = start_s
        self.seen_s = 0.0
        self.end: End | None = None
        """Known when it was told."""
        self._end_s = end_s
        self._open = open_lane
        self._told: queue.SimpleQueue[Glance | End | BaseException | None] = queue.SimpleQueue()
        self._answered = threading.Event()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until the stretch ends, or the recording; in a thread."""
        try:
            with self._open(self.start_s) as lane:
                self._look(lane)
        except BaseException as error:  # noqa: BLE001 - raised where the frames are waited for
            self._told.put(error)

    def stop(self) -> None:
        """Nobody listens any more."""
        self._stopped.set()
        self._answered.set()

    def go_on(self) -> None:
        """Look through to the recording's end."""
        self._answered.set()

    def told(self) -> Iterator[Glance]:
        """What it sees next, to the end of its stretch or of the recording."""
        while (told := self._told.get()) is not None:
            if isinstance(told, BaseException):
                raise told
            if isinstance(told, End):
                self.end = told
                return
            yield told

    def beginning(self, number: int) -> list[Glance]:
        """So many glances; fewer where it failed or came to an end before: nobody needs it then."""
        with suppress(CoachError):
            return list(islice(self.told(), number))
        return []

    def _look(self, lane: Iterator[Glance | End]) -> None:
        for told in lane:
            if isinstance(told, Glance):
                if told.time_s > self._end_s and not self._answered.is_set():
                    self._told.put(None)
                    self._answered.wait()
                self.seen_s = told.time_s - self.start_s
            if self._stopped.is_set():
                return
            self._told.put(told)
