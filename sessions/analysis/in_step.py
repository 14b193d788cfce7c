"""Two sessions in step: by phase, and not by clock.

A map from the times of one to the times of the other, a straight line between the beginnings and
ends of phases that both have. Where one has something that the other lacks (a pause, another
phase), the other one stands still meanwhile.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routines.reps import PhaseSpan, Rep
from vision.arrays import Floats, readonly

Key = tuple[str, int]
"""A phase's name, and which of that name it is in its rep."""


@dataclass(frozen=True, slots=True, eq=False)
class TimeMap:
    """Times of one session and the times of another that belong to them."""

    knots_s: Floats
    """(N, 2) time in the one, time in the other; neither ever falls. Between two knots both go
    evenly; before the first and after the last by the clock."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "knots_s", readonly(self.knots_s).reshape(-1, 2))

    @property
    def swapped(self) -> "TimeMap":
        """The same map the other way round."""
        return TimeMap(self.knots_s[:, ::-1])

    def other_s(self, time_s: float) -> float:
        """The time of the other that belongs to a time of the one.

        Where the other goes on while the one stands still, it is the last of those times.
        """
        if len(self.knots_s) == 0:
            return time_s
        ones, others = self.knots_s.T
        after = int(np.searchsorted(ones, time_s, side="right"))
        if after == 0:
            return float(others[0] + time_s - ones[0])
        if after == len(ones):
            return float(others[-1] + time_s - ones[-1])
        share = (time_s - ones[after - 1]) / (ones[after] - ones[after - 1])
        return float(others[after - 1] + share * (others[after] - others[after - 1]))

    def spanning(self, one_s: float, other_s: float) -> "TimeMap":
        """The same with knots at both ends, as far as both recordings (of these lengths) go.

        It has two knots at least, so that a player can go by it.
        """
        knots = self.knots_s if len(self.knots_s) else np.zeros((1, 2))
        before = max(0.0, float(knots[0].min()))
        after = max(0.0, min(one_s - float(knots[-1, 0]), other_s - float(knots[-1, 1])))
        first, last = knots[:1] - before, knots[-1:] + after
        return TimeMap(np.concatenate([first, knots, last]))


def in_step(ones: Sequence[Rep], others: Sequence[Rep]) -> TimeMap:
    """The first rep with the first, the second with the second, and so on."""
    return map_of_pairs(list(zip(ones, others, strict=False)))


def map_of_pairs(pairs: Iterable[tuple[Rep, Rep]]) -> TimeMap:
    """Reps that belong together, in time order on both sides."""
    knots = [knot for one, other in pairs for knot in _knots(one, other)]
    return TimeMap(np.array(_never_falling(knots)).reshape(-1, 2))


def _knots(one: Rep, other: Rep) -> list[tuple[float, float]]:
    """Beginning and end of the reps, and of every phase that both have in the same order."""
    mine, theirs = _by_key(one.phases), _by_key(other.phases)
    inner = [
        (getattr(mine[key], edge), getattr(theirs[key], edge))
        for key in _common(list(mine), list(theirs))
        for edge in ("start_s", "end_s")
    ]
    return [(one.start_s, other.start_s), *inner, (one.end_s, other.end_s)]


def _by_key(phases: Sequence[PhaseSpan]) -> dict[Key, PhaseSpan]:
    times: Counter[str] = Counter()
    keyed: dict[Key, PhaseSpan] = {}
    for phase in phases:
        times[phase.name] += 1
        keyed[phase.name, times[phase.name]] = phase
    return keyed


def _common(mine: Sequence[Key], theirs: Sequence[Key]) -> tuple[Key, ...]:
    """The longest row of phases that both have in this order.

    Of equally long ones the first by name, so that it does not depend on who is the one and who
    the other.
    """
    best: dict[int, tuple[Key, ...]] = {}
    for index, key in enumerate(mine):
        if key not in theirs:
            continue
        before = [row for row in best.values() if theirs.index(row[-1]) < theirs.index(key)]
        best[index] = (*_first_longest([*before, ()]), key)
    return _first_longest([*best.values(), ()])


def _first_longest(rows: Sequence[tuple[Key, ...]]) -> tuple[Key, ...]:
    return min(rows, key=lambda row: (-len(row), row))


def _never_falling(knots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without repeats, and without knots that fall behind the one before on either side."""
    kept: list[tuple[float, float]] = []
    for knot in knots:
        if not kept or (knot != kept[-1] and knot[0] >= kept[-1][0] and knot[1] >= kept[-1][1]):
            kept.append(knot)
    return kept
