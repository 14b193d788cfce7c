"""Copies what one store has and another has not; what both have stays as it is."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from sessions.store.tables import (
    AboutRow,
    Base,
    CommentRow,
    CorrectionRow,
    PersonRow,
    PicturesRow,
    SessionRow,
    VerdictRow,
)
from sessions.store.values import Imported

ROWS: Final = 500
"""So many are copied at a time."""

SAID: Final = frozenset(table.__tablename__ for table in (CommentRow, VerdictRow, CorrectionRow))
OF_THEIR_OWN: Final = SAID | {PersonRow.__tablename__, SessionRow.__tablename__, "looks"}
"""Tables whose rows may be new though their session is not: an instructor's words come back so."""


def merge(source: Session, target: Session) -> tuple[Imported, frozenset[str]]:
    """Copy all but recordings; gives how much was new, and the ids of the sessions that were."""
    ids = select(SessionRow.id)
    there = frozenset(target.scalars(ids))
    new = frozenset(source.scalars(ids)) - there
    copied: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in (PicturesRow.__tablename__, AboutRow.__tablename__):
            continue
        rows = _new_rows(source, target, table, new)
        copied[table.name] = insert_all(target, table, rows)
    imported = Imported(
        people=copied[PersonRow.__tablename__],
        sessions=len(new),
        remarks=sum(copied[name] for name in SAID),
        pictures=0,
        known=len(frozenset(source.scalars(ids)) & there),
    )
    return imported, new


def _new_rows(
    source: Session, target: Session, table: Table, new: frozenset[str]
) -> Iterator[dict[str, Any]]:
    rows = source.execute(select(table).execution_options(yield_per=ROWS)).mappings()
    if table.name not in OF_THEIR_OWN:
        yield from (dict(row) for row in rows if row["session_id"] in new)
        return
    key = list(table.primary_key.columns)
    known = {tuple(one) for one in target.execute(select(*key))}
    yield from (dict(row) for row in rows if tuple(row[one.name] for one in key) not in known)


def insert_all(target: Session, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    """Insert rows a few at a time; gives how many there were."""
    number = 0
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS:
            target.execute(insert(table), waiting)
            number, waiting = number + ROWS, []
    if waiting:
        target.execute(insert(table), waiting)
    return number + len(waiting)
