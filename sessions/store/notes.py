"""What people say of a session: comments, verdicts, corrections."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeVar, cast

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, select
from sqlalchemy import delete as remove
from sqlalchemy.orm import Session

from routines.reps import Hand, PhaseSpan
from sessions.store.errors import StoreError
from sessions.store.people import row_of
from sessions.store.tables import (
    CommentRow,
    CorrectionRow,
    LookRow,
    PersonRow,
    VerdictRow,
)
from sessions.store.texts import LONGEST_TEXT, clean_text
from sessions.store.values import Comment, Correction, DrawnMark, Verdict, Word

_MARKS: Final = TypeAdapter(tuple[DrawnMark, ...])
_PHASES: Final = TypeAdapter(tuple[PhaseSpan, ...])

ON_REPS: Final = frozenset({"counts", "does_not_count"})
ON_FAULTS: Final = frozenset({"right", "wrong"})

SLACK_S: Final = 1e-6
"""Phases follow each other; rounding may leave so much between them."""

_Said = TypeVar("_Said", CommentRow, VerdictRow, CorrectionRow)


def add_comment(session: Session, comment: Comment, session_id: str) -> Comment:
    """Keep a comment; gives it with its author's name. Raises `StoreError`."""
    text = clean_text(comment.text).strip()
    if len(text) > LONGEST_TEXT or not (text or comment.marks):
        raise StoreError(
            "A comment has words or a mark, and at most {most} letters; this one has {letters}.",
            key="error.comment_length",
            most=LONGEST_TEXT,
            letters=len(text),
        )
    _need_times(comment.time_s)
    _need_times(*(value for mark in comment.marks for point in mark.points for value in point))
    marks = _MARKS.dump_python(comment.marks, mode="json")
    row = CommentRow(time_s=float(comment.time_s), text=text, marks=marks)
    return _comment(row, _add(session, row, comment, session_id))


def add_verdict(session: Session, verdict: Verdict, session_id: str) -> Verdict:
    """Keep a verdict; gives it with its author's name. Raises `StoreError`."""
    _need_times(verdict.start_s, verdict.end_s)
    wants_code = verdict.word in ON_FAULTS
    if (wants_code and not verdict.code) or (verdict.word in ON_REPS and verdict.code):
        raise StoreError(
            "A word on a fault names the fault, and one on a stroke names none; choose again.",
            key="error.verdict_on_what",
        )
    row = VerdictRow(
        word=verdict.word,
        start_s=float(verdict.start_s),
        end_s=float(verdict.end_s),
        code=verdict.code,
        hand=verdict.hand,
    )
    return _verdict(row, _add(session, row, verdict, session_id))


def add_correction(session: Session, correction: Correction, session_id: str) -> Correction:
    """Keep a correction; gives it with its author's name. Raises `StoreError`."""
    _need_times(correction.of_start_s, correction.of_end_s)
    if not correction.phases:
        raise StoreError(
            "A corrected stroke has at least one phase; mark where it begins and ends.",
            key="error.correction_empty",
        )
    for phase in correction.phases:
        _need_times(phase.start_s, phase.end_s)
    for one, other in pairwise(correction.phases):
        _need_times(one.end_s - SLACK_S, other.start_s)
    row = CorrectionRow(
        of_start_s=float(correction.of_start_s),
        of_end_s=float(correction.of_end_s),
        phases=_PHASES.dump_python(correction.phases, mode="json"),
    )
    return _correction(row, _add(session, row, correction, session_id))


def comments_of(session: Session, session_id: str) -> tuple[Comment, ...]:
    """In the session's time order."""
    found = _said(session, CommentRow, session_id, CommentRow.time_s)
    return tuple(_comment(row, row.author) for row in found)


def verdicts_of(session: Session, session_id: str) -> tuple[Verdict, ...]:
    """In the session's time order."""
    found = _said(session, VerdictRow, session_id, VerdictRow.start_s)
    return tuple(_verdict(row, row.author) for row in found)


def corrections_of(session: Session, session_id: str) -> tuple[Correction, ...]:
    """In the session's time order, and those of one rep in the order in which they were made."""
    found = _said(session, CorrectionRow, session_id, CorrectionRow.of_start_s)
    return tuple(_correction(row, row.author) for row in found)


def all_verdicts(session: Session, of: Select[str]) -> Mapping[str, Sequence[Verdict]]:
    """Those of all these sessions, by the session's id, in its time order."""
    found = _said_of_all(session, VerdictRow, of, VerdictRow.start_s)
    return {key: [_verdict(row, row.author) for row in rows] for key, rows in found.items()}


def all_corrections(session: Session, of: Select[str]) -> Mapping[str, Sequence[Correction]]:
    """Those of all these sessions, by the session's id, in its time order."""
    found = _said_of_all(session, CorrectionRow, of, CorrectionRow.of_start_s)
    return {key: [_correction(row, row.author) for row in rows] for key, rows in found.items()}


def add_look(session: Session, session_id: str, author_id: str) -> None:
    """Note who has looked at a session; once is enough. Raises `StoreError`."""
    author = row_of(session, author_id)
    session.merge(LookRow(session_id=session_id, author_id=author.id))


def take_back_looks(session: Session, session_id: str) -> None:
    """Nobody has looked at it."""
    session.execute(remove(LookRow).where(LookRow.session_id == session_id))


def looked_at_by(session: Session, session_id: str) -> tuple[str, ...]:
    """Who has looked at a session, by id."""
    chosen = select(LookRow.author_id).where(LookRow.session_id == session_id)
    return tuple(session.scalars(chosen.order_by(LookRow.author_id)))


def delete(
    session: Session, table: type[CommentRow | VerdictRow | CorrectionRow], said_id: str
) -> None:
    """Take back something said. Raises `StoreError` where it is not there."""
    row = session.get(table, said_id)
    if row is None:
        raise StoreError(
            "This remark is not in the store, so it may have been deleted; load the session again.",
            key="error.remark_gone",
        )
    session.delete(row)


def _add(
    session: Session, row: _Said, said: Comment | Verdict | Correction, session_id: str
) -> str:
    """Give the row what all of them have; gives the author's name."""
    author = row_of(session, said.author_id)
    row.id, row.session_id, row.author_id = said.id, session_id, author.id
    row.created = said.created
    session.add(row)
    session.flush()
    return author.name


def _said_of_all(
    session: Session, table: type[_Said], of: Select[str], order: Any
) -> Mapping[str, Sequence[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    chosen = _with_author(table).where(table.session_id.in_(of))
    for row in session.execute(chosen.order_by(order, table.created, table.id)):
        found.setdefault(row.session_id, []).append(row)
    return found


def _said(session: Session, table: type[_Said], session_id: str, order: Any) -> Sequence[Row[Any]]:
    chosen = _with_author(table).where(table.session_id == session_id)
    return session.execute(chosen.order_by(order, table.created, table.id)).all()


def _with_author(table: type[_Said]) -> Select[Any]:
    """Columns and not objects: of thousands of them the objects would take most of the time."""
    chosen = select(*table.__table__.columns, PersonRow.name.label("author"))
    return chosen.join(PersonRow, PersonRow.id == table.author_id)


def _comment(row: CommentRow | Row[Any], author: str) -> Comment:
    return Comment(
        id=row.id,
        author_id=row.author_id,
        author=author,
        time_s=row.time_s,
        text=row.text,
        marks=_MARKS.validate_python(row.marks),
        created=row.created,
    )


def _verdict(row: VerdictRow | Row[Any], author: str) -> Verdict:
    return Verdict(
        id=row.id,
        author_id=row.author_id,
        author=author,
        word=cast(Word, row.word),
        start_s=row.start_s,
        end_s=row.end_s,
        code=row.code,
        hand=cast(Hand | None, row.hand),
        created=row.created,
    )


def _correction(row: CorrectionRow | Row[Any], author: str) -> Correction:
    return Correction(
        id=row.id,
        author_id=row.author_id,
        author=author,
        of_start_s=row.of_start_s,
        of_end_s=row.of_end_s,
        phases=_PHASES.validate_python(row.phases),
        created=row.created,
    )


def _need_times(*times_s: float) -> None:
    """Raises `StoreError` where a number is none, or a stretch ends before it begins."""
    if not all(math.isfinite(time_s) for time_s in times_s):
        raise StoreError(
            "A time or a place in it is no number; mark the moment again.",
            key="error.no_time",
        )
    if len(times_s) == 2 and times_s[1] < times_s[0]:
        raise StoreError(
            "A stretch can't end at {end_s:.2f} s before it begins at {begin_s:.2f} "
            "s; mark it again.",
            key="error.stretch_backwards",
            end_s=times_s[1],
            begin_s=times_s[0],
        )
