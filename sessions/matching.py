"""Which attempt of a review is which attempt of the truth, and how well phases and faults agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from routines.reps import PhaseSpan, Rep
from sessions.truth import TrueRep, Truth

LEAST_OVERLAP: Final = 0.5
"""Two attempts are the same when they share at least this much of their common time."""


class Timed(Protocol):
    """Anything with a beginning and an end."""

    @property
    def start_s(self) -> float:
        """Seconds of media time."""

    @property
    def end_s(self) -> float:
        """Seconds of media time."""


class Phased(Timed, Protocol):
    """An attempt, true or found."""

    @property
    def phases(self) -> tuple[PhaseSpan, ...]:
        """In time order."""


def overlap(one: Timed, other: Timed) -> float:
    """Intersection over union of two stretches of time, 0 to 1."""
    shared = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    whole = max(one.end_s, other.end_s) - min(one.start_s, other.start_s)
    return max(0.0, shared) / whole if whole > 0 else 0.0


def matched(true: Sequence[Timed], found: Sequence[Timed]) -> tuple[tuple[int, int], ...]:
    """Pairs of indices (true, found) that overlap enough, each used once, best overlaps first."""
    pairs = [
        (overlap(one, other), i, j)
        for i, one in enumerate(true)
        for j, other in enumerate(found)
        if overlap(one, other) >= LEAST_OVERLAP
    ]
    chosen: dict[int, int] = {}
    for _, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if i not in chosen and j not in chosen.values():
            chosen[i] = j
    return tuple(sorted(chosen.items()))


def phase_at(reps: Sequence[Phased], time_s: float) -> str | None:
    """Name of the phase that runs at this time; None between strokes."""
    for rep in reps:
        for phase in rep.phases:
            if phase.start_s <= time_s < phase.end_s:
                return phase.name
    return None


def right_frames(truth: Truth, found: Sequence[Rep]) -> int:
    """Number of the truth's frames whose phase (or none) the review has right."""
    times_s = (index / truth.fps for index in range(truth.frames))
    return sum(phase_at(truth.reps, time_s) == phase_at(found, time_s) for time_s in times_s)


def boundary_errors_s(true: Phased, found: Phased) -> tuple[float, ...]:
    """Absolute errors of the boundaries that both have: the beginning, and each phase's end."""
    wanted, got = _boundaries(true), _boundaries(found)
    return tuple(abs(got[name] - time_s) for name, time_s in wanted.items() if name in got)


def _boundaries(rep: Phased) -> Mapping[tuple[str, int], float]:
    ends: dict[tuple[str, int], float] = {}
    times: Counter[str] = Counter()
    for phase in rep.phases:
        times[phase.name] += 1
        ends[phase.name, times[phase.name]] = phase.end_s
    if rep.phases:
        ends["", 0] = rep.phases[0].start_s
    return ends


@dataclass(frozen=True, slots=True)
class FaultTally:
    """How often a fault was found rightly, found wrongly, or missed."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "FaultTally") -> "FaultTally":
        return FaultTally(
            self.right + other.right, self.false + other.false, self.missed + other.missed
        )

    @property
    def precision(self) -> float | None:
        """Share of what was found that is true; None where nothing was found."""
        found = self.right + self.false
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of what is owed that was found; None where nothing is owed."""
        owed = self.right + self.missed
        return self.right / owed if owed else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None where nothing is owed and nothing was found."""
        weight = 2 * self.right + self.false + self.missed
        return 2 * self.right / weight if weight else None


def fault_tallies(
    true: Sequence[TrueRep], found: Sequence[Rep], pairs: Sequence[tuple[int, int]]
) -> dict[str, FaultTally]:
    """Tally per code. A fault in an attempt that is none is false; in one not found, missed.

    The fault of a rep that is not `seeable` is not owed, and either answer on it is fine, as on
    one that nobody judged; any other fault found there is false all the same.
    """
    tallies: Counter[tuple[str, str]] = Counter()
    partner = dict(pairs)
    for index, rep in enumerate(true):
        codes = fault_codes(found[partner[index]]) if index in partner else set()
        codes, owed = codes - set(rep.unjudged), set(rep.faults)
        if not rep.seeable:
            codes, owed = codes - owed, set()
        tallies.update((code, "right") for code in codes & owed)
        tallies.update((code, "false") for code in codes - owed)
        tallies.update((code, "missed") for code in owed - codes)
    extra = set(range(len(found))) - set(partner.values())
    tallies.update((code, "false") for index in extra for code in fault_codes(found[index]))
    return {
        code: FaultTally(*(tallies[code, kind] for kind in ("right", "false", "missed")))
        for code in sorted({code for code, _ in tallies})
    }


def fault_codes(rep: Rep) -> set[str]:
    """The faults that were found in an attempt."""
    return {check.code for check in rep.faults}
