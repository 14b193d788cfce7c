"""The people in the store."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from sessions.store.errors import StoreError
from sessions.store.tables import PersonRow
from sessions.store.texts import clean_name
from sessions.store.values import Person, Role


def people(session: Session, role: Role | None) -> tuple[Person, ...]:
    """All people, or those of one role, by name."""
    chosen = select(PersonRow).order_by(PersonRow.folded, PersonRow.id)
    if role is not None:
        chosen = chosen.where(PersonRow.role == role)
    return tuple(person_of(row) for row in session.scalars(chosen))


def add(session: Session, person_id: str, name: str, role: Role, created: datetime) -> Person:
    """A new person."""
    row = PersonRow(id=person_id, role=role, created=created)
    _name(row, name)
    session.add(row)
    session.flush()
    return person_of(row)


def rename(session: Session, person_id: str, name: str) -> Person:
    """The same person by another name."""
    row = row_of(session, person_id)
    _name(row, name)
    return person_of(row)


def row_of(session: Session, person_id: str) -> PersonRow:
    """Raises `StoreError` where there is nobody of this id."""
    row = session.get(PersonRow, person_id)
    if row is None:
        raise StoreError(
            "This person is not in the store, so they may have been deleted; load the list again.",
            key="error.person_gone",
        )
    return row


def person_of(row: PersonRow) -> Person:
    """The row as a value."""
    return Person(row.id, row.name, cast(Role, row.role), row.created)


def _name(row: PersonRow, name: str) -> None:
    row.name = clean_name(name)
    row.folded = row.name.casefold()
