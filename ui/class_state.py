"""What the page Class shows, worked out from the store's lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from routines.routine import Routine
from sessions.analysis.agreement import (
    Agreement,
    between_instructors,
    pairs_total,
    total,
    with_machine,
)
from sessions.store.values import Person, SessionLine, TaughtSession


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner in the list."""

    person: Person
    sessions: int
    waiting: int
    last: datetime | None
    """When they practised last."""
    clean_share: float | None
    """Of the strokes of their last session with strokes."""


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Instructors and machine, in all and learner by learner, and instructors with each other."""

    whole: Agreement
    by_learner: Mapping[str | None, Agreement]
    """By the learner's id; None for sessions that are nobody's."""
    pairs: Mapping[tuple[str, str], Agreement]
    """By the ids of two instructors."""


def learner_rows(people: Iterable[Person], lines: Iterable[SessionLine]) -> tuple[LearnerRow, ...]:
    """Those with sessions that wait first, then by name."""
    theirs: dict[str | None, list[SessionLine]] = {}
    for line in lines:
        theirs.setdefault(line.learner_id, []).append(line)
    rows = [_row(person, theirs.get(person.id, [])) for person in people]
    return tuple(sorted(rows, key=lambda row: (not row.waiting, row.person.name.casefold())))


def _row(person: Person, lines: Sequence[SessionLine]) -> LearnerRow:
    newest = max(lines, key=lambda line: line.started, default=None)
    stroked = max(
        (line for line in lines if line.attempts), key=lambda line: line.started, default=None
    )
    return LearnerRow(
        person=person,
        sessions=len(lines),
        waiting=sum(line.waiting for line in lines),
        last=None if newest is None else newest.started,
        clean_share=None if stroked is None else stroked.clean / stroked.attempts,
    )


def agreement_of(taught: Iterable[TaughtSession], routine: Routine) -> AgreementView:
    """All that sessions that were looked at say of the agreement."""
    by_learner: dict[str | None, list[Agreement]] = {}
    pairs = []
    for session in taught:
        learner = by_learner.setdefault(session.line.learner_id, [])
        learner.append(with_machine(session, routine))
        pairs.append(between_instructors(session, routine))
    sums = {learner: total(each) for learner, each in by_learner.items()}
    return AgreementView(total(sums.values()), sums, pairs_total(pairs))
