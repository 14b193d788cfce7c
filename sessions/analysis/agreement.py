"""How far two judges agree: instructor and machine, or two instructors.

The unit is a rep and a kind of fault. Cohen's kappa (Cohen 1960) tells agreement beyond chance: 1
is full, 0 is what chance would give. It takes units in which both judges gave a word.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations

from routines.routine import Routine
from sessions.analysis.instructors import Looked, RepWord, authors_of, looked
from sessions.matching import boundary_errors_s
from sessions.store.values import JudgedRep, TaughtSession


@dataclass(frozen=True, slots=True)
class Table:
    """Units by the words of two judges on the presence of a fault; tables add up."""

    both: int = 0
    """Both say it is there."""
    one_only: int = 0
    other_only: int = 0
    neither: int = 0

    def __add__(self, added: "Table") -> "Table":
        return Table(
            self.both + added.both,
            self.one_only + added.one_only,
            self.other_only + added.other_only,
            self.neither + added.neither,
        )

    @property
    def units(self) -> int:
        """How many there are."""
        return self.both + self.one_only + self.other_only + self.neither

    @property
    def agreed_share(self) -> float | None:
        """Share of the units in which both say the same; None of none."""
        return (self.both + self.neither) / self.units if self.units else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where it is not defined: with no unit, or where both judges use one
        and the same word throughout, for chance alone would agree then."""
        if not self.units:
            return None
        one, other = self.both + self.one_only, self.both + self.other_only
        by_chance = one * other + (self.units - one) * (self.units - other)
        beyond = self.units**2 - by_chance
        if beyond == 0:
            return None
        return (self.units * (self.both + self.neither) - by_chance) / beyond

    @property
    def swapped(self) -> "Table":
        """The same with the judges exchanged."""
        return Table(self.both, self.other_only, self.one_only, self.neither)


@dataclass(frozen=True, slots=True)
class Counts:
    """What two judges counted, session by session."""

    one: tuple[int, ...] = ()
    other: tuple[int, ...] = ()

    @property
    def mean_error(self) -> float | None:
        """Mean distance of the counts of a session, in strokes; None of none."""
        errors = [abs(one - other) for one, other in zip(self.one, self.other, strict=True)]
        return statistics.fmean(errors) if errors else None

    @property
    def right_share(self) -> float | None:
        """Share of the sessions with the same count; None of none."""
        same = [one == other for one, other in zip(self.one, self.other, strict=True)]
        return sum(same) / len(same) if same else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two judges over sessions; agreements add up."""

    sessions: int = 0
    reps: int = 0
    """Units of each table at most: a fault that one judge could not see is no unit."""
    faults: Mapping[str, Table] = field(default_factory=dict)
    """By code."""
    counts: Counts = field(default_factory=Counts)
    boundaries_s: tuple[float, ...] = ()
    """Distances of the boundaries of phases, in reps whose boundaries somebody corrected."""
    corrected_reps: int = 0

    def __add__(self, added: "Agreement") -> "Agreement":
        return total((self, added))

    @property
    def all_faults(self) -> Table:
        """All units of all kinds of fault as one table."""
        return sum(self.faults.values(), Table())

    @property
    def boundary_error_s(self) -> float | None:
        """Median distance of the corrected boundaries; None where none was corrected."""
        return statistics.median(self.boundaries_s) if self.boundaries_s else None


def total(agreements: Iterable[Agreement]) -> Agreement:
    """All of them as one."""
    found = list(agreements)
    faults: dict[str, Table] = {}
    for one in found:
        for code, table in one.faults.items():
            faults[code] = faults[code] + table if code in faults else table
    return Agreement(
        sessions=sum(one.sessions for one in found),
        reps=sum(one.reps for one in found),
        faults=dict(sorted(faults.items())),
        counts=Counts(
            tuple(chain.from_iterable(one.counts.one for one in found)),
            tuple(chain.from_iterable(one.counts.other for one in found)),
        ),
        boundaries_s=tuple(chain.from_iterable(one.boundaries_s for one in found)),
        corrected_reps=sum(one.corrected_reps for one in found),
    )


def with_machine(session: TaughtSession, routine: Routine) -> Agreement:
    """The machine (the one) and each instructor (the other) on a session that was looked at.

    A session that two instructors looked at tells twice; one that waits tells nothing.
    """
    if not _was_spoken_of(session):
        return total([_untouched(session)] * len(authors_of(session)))
    looks = (looked(session, author, routine) for author in authors_of(session))
    return total(_with_machine(look) for look in looks)


def between_instructors(
    session: TaughtSession, routine: Routine
) -> Mapping[tuple[str, str], Agreement]:
    """Every two instructors who looked at the session, by their ids in order."""
    pairs = combinations([author for author in authors_of(session) if author is not None], 2)
    if not _was_spoken_of(session):
        return dict.fromkeys(pairs, _untouched(session))
    return {
        (one, other): _between(looked(session, one, routine), looked(session, other, routine))
        for one, other in pairs
    }


def pairs_total(
    found: Iterable[Mapping[tuple[str, str], Agreement]],
) -> Mapping[tuple[str, str], Agreement]:
    """The sessions of every two instructors as one."""
    pairs: dict[tuple[str, str], list[Agreement]] = {}
    for one in found:
        for pair, agreement in one.items():
            pairs.setdefault(pair, []).append(agreement)
    return {pair: total(agreements) for pair, agreements in pairs.items()}


def _was_spoken_of(session: TaughtSession) -> bool:
    return bool(session.verdicts or session.corrections)


def _untouched(session: TaughtSession) -> Agreement:
    """Two judges who agree in all: the session's line tells as much as its reps."""
    line = session.line
    return Agreement(
        sessions=1,
        reps=line.attempts,
        faults={
            code: Table(both=line.faults.get(code, 0), neither=judged - line.faults.get(code, 0))
            for code, judged in line.judged.items()
            if judged
        },
        counts=Counts((line.count,), (line.count,)),
    )


def _with_machine(look: Looked) -> Agreement:
    corrected = [word for word in look.reps if word.corrected]
    return Agreement(
        sessions=1,
        reps=len(look.reps),
        faults=tables((word.rep.found, word.faults) for word in look.reps),
        counts=Counts((sum(word.rep.counted for word in look.reps),), (look.count,)),
        boundaries_s=_boundaries((word, word.rep) for word in corrected),
        corrected_reps=len(corrected),
    )


def _between(one: Looked, other: Looked) -> Agreement:
    pairs = list(zip(one.reps, other.reps, strict=True))
    corrected = [(mine, theirs) for mine, theirs in pairs if mine.corrected or theirs.corrected]
    return Agreement(
        sessions=1,
        reps=len(pairs),
        faults=tables((mine.faults, theirs.faults) for mine, theirs in pairs),
        counts=Counts((one.count,), (other.count,)),
        boundaries_s=_boundaries(corrected),
        corrected_reps=len(corrected),
    )


def tables(
    words: Iterable[tuple[Mapping[str, bool], Mapping[str, bool]]],
) -> Mapping[str, Table]:
    """A table for each code, of the reps on which both judges have a word."""
    units = Counter(
        (code, there, other[code])
        for one, other in words
        for code, there in one.items()
        if code in other
    )
    return {
        code: Table(
            both=units[code, True, True],
            one_only=units[code, True, False],
            other_only=units[code, False, True],
            neither=units[code, False, False],
        )
        for code in sorted({code for code, _, _ in units})
    }


def _boundaries(pairs: Iterable[tuple[RepWord, RepWord | JudgedRep]]) -> tuple[float, ...]:
    return tuple(error for one, other in pairs for error in boundary_errors_s(one, other))
