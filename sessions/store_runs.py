"""What the commands about the store do: the work, a line on it, the refusals, the exit code."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import click

from sessions.store.store import Store, open_store
from vision.errors import CoachError

EXIT_DONE: Final = 0
EXIT_FAILED: Final = 1


def run_export(file: Path, *, with_pictures: bool) -> int:
    """Write all to one archive."""

    def work(store: Store) -> str:
        store.export_all(file, with_pictures=with_pictures)
        return f"{_number(store.count_sessions(), 'session')} in {file}"

    return _run(work)


def run_import(file: Path) -> int:
    """Take an archive in."""

    def work(store: Store) -> str:
        found = store.import_all(file)
        parts = (
            _number(found.sessions, "session"),
            _number(found.people, "person", "people"),
            _number(found.remarks, "remark"),
            _number(found.pictures, "recording"),
        )
        there = "was" if found.known == 1 else "were"
        known = f"; {_number(found.known, 'session')} {there} here already" if found.known else ""
        return f"New: {', '.join(parts)}{known}"

    return _run(work)


def run_forget() -> int:
    """Delete what is to be forgotten by now."""

    def work(store: Store) -> str:
        return f"{_number(len(store.forget_due(date.today())), 'recording')} deleted"

    return _run(work)


def _run(work: Callable[[Store], str]) -> int:
    try:
        with open_store() as store:
            click.echo(work(store))
    except CoachError as error:
        click.echo(str(error), err=True)
        return EXIT_FAILED
    return EXIT_DONE


def _number(count: int, one: str, more: str | None = None) -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"
