"""What an instructor left of a session: their word on each rep, each fault and each boundary.

Only sessions that were looked at speak. There what an instructor left untouched counts as agreed:
they saw it beside what they changed, and let it stand. What the machine could not see and nobody
spoke of stays without a word. A word stands on its times, so that it holds when a newer engine has
judged again: "right" and "missed" say that a fault is there, "wrong" that it is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from routines.reps import PhaseSpan, Rep, Span
from routines.routine import Routine
from sessions.matching import LEAST_OVERLAP, Timed, overlap
from sessions.store.values import (
    Correction,
    JudgedRep,
    StoredSession,
    TaughtSession,
    Verdict,
    Word,
)

PRESENT: Final[Mapping[Word, bool]] = {"right": True, "missed": True, "wrong": False}
_Said = TypeVar("_Said", Verdict, Correction)

COUNTS: Final[Mapping[Word, bool]] = {"counts": True, "does_not_count": False}


@dataclass(frozen=True, slots=True)
class RepWord:
    """An instructor's word on one rep of the machine."""

    rep: JudgedRep
    """As the machine has it."""
    counted: bool
    faults: Mapping[str, bool]
    """Whether each fault is there, by code; codes on which there is no word are absent."""
    phases: tuple[PhaseSpan, ...]
    """As corrected; the machine's where nobody corrected them."""
    corrected: bool

    @property
    def start_s(self) -> float:
        """Of the rep as corrected."""
        return self.phases[0].start_s if self.corrected else self.rep.start_s

    @property
    def end_s(self) -> float:
        """Of the rep as corrected."""
        return self.phases[-1].end_s if self.corrected else self.rep.end_s


@dataclass(frozen=True, slots=True)
class Looked:
    """A session as one instructor left it."""

    author_id: str | None
    """None where somebody looked at it, changed nothing, and nobody noted who."""
    reps: tuple[RepWord, ...]
    """One for every rep of the machine."""
    missed: tuple[Span, ...]
    """Reps that the machine did not list."""

    @property
    def count(self) -> int:
        """Strokes that count, by their word."""
        return sum(rep.counted for rep in self.reps) + len(self.missed)


def taught(session: StoredSession) -> TaughtSession:
    """The part of a session that people's words are set beside."""
    return TaughtSession(
        line=session.line,
        reps=tuple(judged_rep(rep) for rep in session.review.reps),
        verdicts=session.verdicts,
        corrections=session.corrections,
        looked_at_by=session.looked_at_by,
    )


def judged_rep(rep: Rep) -> JudgedRep:
    """A rep with no more than its verdicts."""
    judged = (check for check in rep.checks if check.outcome != "not_seen")
    found = {check.code: check.outcome == "fault" for check in judged}
    return JudgedRep(rep.start_s, rep.end_s, rep.counted, rep.phases, found)


def authors_of(session: TaughtSession) -> tuple[str | None, ...]:
    """Who looked at the session, by id: who marked it, and who changed something.

    (None,) where somebody did, and nobody noted who; empty where it still waits.
    """
    if session.line.waiting:
        return ()
    said: list[Verdict | Correction] = [*session.verdicts, *session.corrections]
    return tuple(sorted({*session.looked_at_by, *(word.author_id for word in said)})) or (None,)


def looked(session: TaughtSession, author_id: str | None, routine: Routine) -> Looked:
    """The session by one instructor's words; those of others are not theirs."""
    reps = session.reps
    verdicts = [one for one in session.verdicts if one.author_id == author_id]
    corrections = [one for one in session.corrections if one.author_id == author_id]
    said = _by_rep(((one, rep_of(one, reps)) for one in verdicts), reps)
    moved = _by_rep(((one, _corrected(one, reps)) for one in corrections), reps)
    return Looked(
        author_id=author_id,
        reps=tuple(
            _word(rep, said.get(at, []), moved.get(at, []), routine) for at, rep in enumerate(reps)
        ),
        missed=_missed(verdicts, reps),
    )


def _by_rep(
    words: Iterable[tuple[_Said, JudgedRep | None]], reps: Sequence[JudgedRep]
) -> Mapping[int, list[_Said]]:
    """By the place of the rep that each is on, in the order in which they were said."""
    places = {id(rep): at for at, rep in enumerate(reps)}
    found: dict[int, list[_Said]] = {}
    for word, rep in words:
        if rep is not None:
            found.setdefault(places[id(rep)], []).append(word)
    return {at: sorted(said, key=lambda word: word.created) for at, said in found.items()}


def _word(
    rep: JudgedRep, said: Sequence[Verdict], moved: Sequence[Correction], routine: Routine
) -> RepWord:
    """The last word holds."""
    faults = {**rep.found}
    for verdict in said:
        if verdict.code is not None and verdict.word in PRESENT:
            faults[verdict.code] = PRESENT[verdict.word]
    counted = _follows(rep, faults, routine)
    for verdict in said:
        counted = COUNTS.get(verdict.word, counted)
    phases = moved[-1].phases if moved else rep.phases
    return RepWord(rep, counted, faults, phases, bool(moved))


def _follows(rep: JudgedRep, faults: Mapping[str, bool], routine: Routine) -> bool:
    """Whether a rep counts with these faults, where nobody said so: a path fault keeps it from
    counting, and one that was wrong does so no longer."""
    if faults == rep.found:
        return rep.counted
    path = {code for code, rule in routine.faults.items() if rule.kind == "path"}
    if any(there and code in path for code, there in faults.items()):
        return False
    return rep.counted or any(there and code in path for code, there in rep.found.items())


def rep_of(span: Timed, reps: Sequence[JudgedRep]) -> JudgedRep | None:
    """The rep that shares most time with a stretch; that holds its middle, where it is a moment.

    None where it lies beside all of them.
    """
    middle_s = (span.start_s + span.end_s) / 2
    best = max(reps, key=lambda rep: (_shared_s(span, rep), _holds(rep, middle_s)), default=None)
    if best is None or not (_shared_s(span, best) > 0 or _holds(best, middle_s)):
        return None
    return best


def _shared_s(one: Timed, other: Timed) -> float:
    return max(0.0, min(one.end_s, other.end_s) - max(one.start_s, other.start_s))


def _holds(rep: Timed, time_s: float) -> bool:
    return rep.start_s <= time_s <= rep.end_s


def _corrected(correction: Correction, reps: Sequence[JudgedRep]) -> JudgedRep | None:
    """The rep as it then was, if there are boundaries for it."""
    was = Span(correction.of_start_s, correction.of_end_s)
    return _same_rep(was, reps) if correction.phases else None


def _same_rep(span: Span, reps: Sequence[JudgedRep]) -> JudgedRep | None:
    """The rep that takes the same time, well enough to be the same one."""
    best = max(reps, key=lambda rep: overlap(span, rep), default=None)
    return None if best is None or overlap(span, best) < LEAST_OVERLAP else best


def _missed(verdicts: Sequence[Verdict], reps: Sequence[JudgedRep]) -> tuple[Span, ...]:
    """Reps that were missed, and that a newer engine has not found since."""
    missed = [
        Span(one.start_s, one.end_s)
        for one in verdicts
        if one.word == "missed" and one.code is None
    ]
    return tuple(span for span in missed if _same_rep(span, reps) is None)
