"""What the commands about stored sessions do: the work, the refusals, the exit code."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import click
from rich.console import Console
from rich.table import Table

from routines.routine import Routine, load_routine
from sessions.exports import Format, annotated_mp4, files_of, stem_of
from sessions.files import output_folder, written_whole
from sessions.progress_bar import review_bar
from sessions.reports import LearnerSessions, Paper, class_report, learner_report, pdf_of
from sessions.store.errors import StoreError
from sessions.store.store import Store, open_store
from sessions.store.values import Person, SessionFilter, SessionLine
from vision.errors import CoachError

EXIT_DONE: Final = 0
EXIT_SOME_FAILED: Final = 1
EXIT_STOPPED: Final = 130
"""128 and the number of the signal, as shells count."""

PAGE_S: Final = 0.25
"""So long about a page of a PDF takes on one core."""

ID_LETTERS: Final = 8
"""So many letters of an id are shown: enough to name it by."""

_NAME_LETTERS: Final = 14
_IN_FOLDERS: Final = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sessions are meant; without any they are all."""

    ids: tuple[str, ...] = ()
    """Each an id or its beginning."""
    learner: str | None = None
    since: datetime | None = None
    """From the begin of this day on, where the user is."""

    def filter(self, store: Store) -> SessionFilter:
        """As the store takes it. Raises `StoreError` for an unknown learner."""
        person = None if self.learner is None else person_named(self.learner, store)
        since = None if self.since is None else self.since.astimezone()
        return SessionFilter(learner_id=None if person is None else person.id, since=since)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is to look."""

    language: str
    paper: str
    newest_only: bool


def run_list(chosen: Chosen) -> int:
    """Print the sessions as a table, the newest first."""

    def work(store: Store) -> int:
        lines = store.sessions(chosen.filter(store))
        if not lines:
            click.echo("No sessions are kept yet.")
        else:
            Console().print(_table(lines))
        return EXIT_DONE

    return _with_store(work)


def _table(lines: tuple[SessionLine, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("date", no_wrap=True)
    table.add_column("learner", overflow="fold")
    table.add_column("session", overflow="fold", min_width=_NAME_LETTERS)
    for name in ("counted", "clean", "words"):
        table.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        table.add_row(
            line.id[:ID_LETTERS],
            line.started.astimezone().strftime("%Y-%m-%d %H:%M"),
            line.learner or "",
            line.name if line.kind == "recorded" else "practised",
            f"{line.count} of {line.attempts}",
            str(line.clean),
            str(line.comments + line.verdicts),
        )
    return table


def run_export(
    chosen: Chosen, fmt: str, out: Path, language: str, recording: Path | None = None
) -> int:
    """Write every chosen session that can be, and say of each other one why not."""

    def work(store: Store) -> int:
        routine = load_routine()
        lines, refused = _found(chosen, store)
        done = 0
        with output_folder(out):
            for line in lines:
                try:
                    paths = _write(store, line, routine, fmt, out, language, recording)
                except CoachError as error:
                    refuse(f"{line.id[:ID_LETTERS]}: {error}")
                    continue
                done += 1
                click.echo("\n".join(map(str, paths)))
        return EXIT_DONE if done == len(lines) and not refused else EXIT_SOME_FAILED

    return _with_store(work)


def _found(chosen: Chosen, store: Store) -> tuple[list[SessionLine], int]:
    """The sessions, and how many ids could not be found."""
    lines = store.sessions(chosen.filter(store))
    if not chosen.ids:
        if not lines:
            refuse("There is no such session; tstroke sessions lists those that are kept.")
        return list(lines), 0 if lines else 1
    found: dict[str, SessionLine] = {}
    refused = 0
    for wanted in chosen.ids:
        fitting = [line for line in lines if line.id.startswith(wanted.lower()) and wanted]
        if len(fitting) == 1:
            found[fitting[0].id] = fitting[0]
            continue
        refused += 1
        many = "Several sessions have ids that begin" if fitting else "No session has an id"
        rest = f"with {wanted}" if fitting else f"that begins with {wanted or 'nothing'}"
        refuse(f"{many} {rest}; tstroke sessions lists them.")
    return list(found.values()), refused


def _write(
    store: Store,
    line: SessionLine,
    routine: Routine,
    fmt: str,
    out: Path,
    language: str,
    recording: Path | None,
) -> list[Path]:
    """Write one session, and tell where."""
    session = store.session(line.id)
    landmarks = store.landmarks(line.id) if fmt in ("parquet", "mp4") else None
    if fmt == "mp4":
        path = out / f"{stem_of(session)}.annotated.mp4"
        with review_bar() as bar, bar.of(path.name) as on_progress:
            draw = partial(annotated_mp4, recording=recording, language=language)
            draw(session, landmarks, routine, path, on_progress=on_progress)
        return [path]
    files = files_of(session, landmarks, routine, cast(Format, fmt), language=language)
    folder = out / stem_of(session) if fmt in _IN_FOLDERS else out
    with output_folder(folder):
        for file in files:
            with written_whole(folder / file.name) as part:
                part.write_bytes(file.data)
    return [folder] if fmt in _IN_FOLDERS else [folder / file.name for file in files]


def run_report(chosen: Chosen, out: Path, layout: Layout) -> int:
    """Write the report of a learner, or of the class where none is named."""

    def work(store: Store) -> int:
        with output_folder(out.parent), Console(stderr=True).status("Reading the sessions") as told:
            html = _report(chosen, store, layout)
            data = html.encode("utf-8")
            if out.suffix.lower() == ".pdf":
                pages = html.count("<section")
                told.update(f"Setting {pages} pages, about {max(1, round(pages * PAGE_S))} s")
                data = pdf_of(html)
            with written_whole(out) as part:
                part.write_bytes(data)
        click.echo(str(out))
        return EXIT_DONE

    return _with_store(work)


def _report(chosen: Chosen, store: Store, layout: Layout) -> str:
    routine = load_routine()
    how: dict[str, Any] = {
        "made": datetime.now().astimezone().date(),
        "language": layout.language,
        "paper": cast(Paper, layout.paper),
    }
    if chosen.learner is not None:
        person = person_named(chosen.learner, store)
        return learner_report(_held(person, chosen, store), routine, **how)
    pages = 1 if layout.newest_only else None
    learners = [_held(person, chosen, store, pages) for person in store.people("learner")]
    return class_report(learners, routine, **how)


def _held(
    person: Person, chosen: Chosen, store: Store, pages: int | None = None
) -> LearnerSessions:
    """A learner's sessions, of which the newest `pages` get a page; without it all do."""
    since = None if chosen.since is None else chosen.since.astimezone()
    lines = store.sessions(SessionFilter(learner_id=person.id, since=since))
    shown = lines if pages is None else lines[:pages]
    sessions = tuple(store.session(line.id) for line in shown)
    return LearnerSessions(person.name, sessions, lines[len(shown) :])


def person_named(name: str, store: Store) -> Person:
    """The learner of that name, in any case. Raises `StoreError` where it is nobody or several."""
    learners = store.people("learner")
    wanted = " ".join(name.split()).casefold()
    found = [person for person in learners if person.name.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise StoreError(
            f"{len(found)} learners are called {name}; give one of them another name in the app."
        )
    known = ", ".join(person.name for person in learners) or "nobody"
    raise StoreError(f"No learner is called {name}; there is {known}.")


def _with_store(work: Callable[[Store], int]) -> int:
    try:
        with open_store() as store:
            return work(store)
    except CoachError as error:
        refuse(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        refuse("Stopped. What was finished before is kept; nothing half-written is left.")
        return EXIT_STOPPED


def refuse(line: str) -> None:
    """One line on standard error."""
    click.echo(" ".join(line.split()), err=True)
