"""Sessions as lines of a list: read in one go, however many there are."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from sessions.store.errors import StoreError
from sessions.store.tables import (
    CheckRow,
    CommentRow,
    PersonRow,
    PicturesRow,
    SessionRow,
    VerdictRow,
)
from sessions.store.texts import clean_text
from sessions.store.values import Kind, SessionFilter, SessionLine


def lines(
    session: Session, chosen: SessionFilter, limit: int | None, offset: int
) -> tuple[SessionLine, ...]:
    """The sessions that pass the filter, newest first."""
    wanted = _lines().where(*_conditions(chosen))
    wanted = wanted.order_by(SessionRow.started.desc(), SessionRow.id.desc())
    wanted = wanted.offset(offset or None)
    # SQLite knows no offset without a limit.
    wanted = wanted.limit(limit if limit is not None or not offset else 2**62)
    return tuple(_value(row) for row in session.execute(wanted))


def count(session: Session, chosen: SessionFilter) -> int:
    """How many pass the filter."""
    wanted = select(func.count()).select_from(SessionRow).outerjoin(PersonRow)
    return session.execute(wanted.where(*_conditions(chosen))).scalar_one()


def line(session: Session, session_id: str) -> SessionLine:
    """One session's line. It must be there."""
    return _value(session.execute(_lines().where(SessionRow.id == session_id)).one())


def session_row(session: Session, session_id: str) -> SessionRow:
    """Raises `StoreError` where there is no session of this id."""
    row = session.get(SessionRow, session_id)
    if row is None:
        raise StoreError(
            "This session is not in the store, so it may have been deleted; load the list again.",
            key="error.session_gone",
        )
    return row


def ids(chosen: SessionFilter) -> Select[str]:
    """The ids of the sessions that pass the filter, to ask for what belongs to them."""
    return select(SessionRow.id).outerjoin(PersonRow).where(*_conditions(chosen))


def _lines() -> Select[*tuple[Any, ...]]:
    table = SessionRow
    return (
        select(
            table.id,
            table.kind,
            table.name,
            table.started,
            table.duration_s,
            table.learner_id,
            PersonRow.name.label("learner"),
            table.goal,
            table.count,
            table.attempts,
            table.clean,
            table.evenness,
            table.faults,
            table.judged,
            table.has_landmarks,
            table.engine,
            table.looked_at,
            _number_of(CommentRow).label("comments"),
            _number_of(VerdictRow).label("verdicts"),
            PicturesRow.file.label("pictures"),
        )
        .outerjoin(PersonRow)
        .outerjoin(PicturesRow)
    )


def _number_of(said: type[CommentRow] | type[VerdictRow]) -> ScalarSelect[int]:
    of_session = select(func.count()).where(said.session_id == SessionRow.id)
    return of_session.correlate(SessionRow).scalar_subquery()


def _value(row: Row[Any]) -> SessionLine:
    # "count" is also a method of rows.
    found = row._mapping
    return SessionLine(
        id=found["id"],
        kind=cast(Kind, found["kind"]),
        name=found["name"],
        started=found["started"],
        duration_s=found["duration_s"],
        learner_id=found["learner_id"],
        learner=found["learner"],
        goal=found["goal"],
        count=found["count"],
        attempts=found["attempts"],
        clean=found["clean"],
        evenness=found["evenness"],
        faults=found["faults"],
        judged=found["judged"],
        comments=found["comments"],
        verdicts=found["verdicts"],
        waiting=not found["looked_at"],
        has_landmarks=found["has_landmarks"],
        has_pictures=found["pictures"] is not None,
        engine=found["engine"],
    )


def _conditions(chosen: SessionFilter) -> Iterator[ColumnElement[bool]]:
    table = SessionRow
    if chosen.learner_id is not None:
        yield table.learner_id == chosen.learner_id
    if chosen.kind is not None:
        yield table.kind == chosen.kind
    if chosen.waiting is not None:
        yield table.looked_at.is_(not chosen.waiting)
    if chosen.since is not None:
        yield table.started >= chosen.since
    if chosen.until is not None:
        yield table.started <= chosen.until
    if chosen.fault is not None:
        yield _has_fault(chosen.fault)
    if chosen.text:
        part = clean_text(chosen.text).casefold()
        yield or_(
            table.folded.contains(part, autoescape=True),
            PersonRow.folded.contains(part, autoescape=True),
        )


def _has_fault(code: str) -> ColumnElement[bool]:
    return exists().where(
        CheckRow.session_id == SessionRow.id,
        CheckRow.judgement == SessionRow.judgement,
        CheckRow.code == code,
        CheckRow.outcome == "fault",
    )
