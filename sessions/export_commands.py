"""The commands about stored sessions: `tstroke sessions`, `tstroke export`, `tstroke report`.

What takes long to import is imported by the command that needs it, so that help comes at once.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import click

_PATH: Final = click.Path(path_type=Path)
_DAY: Final = click.DateTime(formats=["%Y-%m-%d"])
_FORMATS: Final = ("csv", "parquet", "json", "boris", "srt", "vtt", "mp4")
_LANGUAGES: Final = ("en", "de")
_PAPERS: Final = ("A4", "letter")

_since = click.option(
    "--since", type=_DAY, metavar="DATE", help="Only sessions from this day on (2026-03-01)."
)
_language = click.option(
    "--language", type=click.Choice(_LANGUAGES), default="en", show_default=True
)


def add_to(main: click.Group) -> None:
    """Give the command line these commands."""
    for command in (sessions, export, report):
        main.add_command(command)


@click.command()
@click.option("--learner", metavar="NAME", help="Only the sessions of this learner.")
@_since
def sessions(learner: str | None, since: datetime | None) -> None:
    """List the sessions in the store: id, date, learner, strokes.

    \b
    Exit code: 0  they were listed, or there is none
               1  the store or the learner could not be found
    """
    from sessions.export_runs import Chosen, run_list

    sys.exit(run_list(Chosen(learner=learner, since=since)))


@click.command()
@click.argument("ids", metavar="SESSION...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All sessions in the store.")
@click.option("--learner", metavar="NAME", help="All sessions of this learner.")
@_since
@click.option("--format", "fmt", type=click.Choice(_FORMATS), required=True, help="What to write.")
@click.option(
    "--out",
    type=_PATH,
    metavar="DIR",
    default=Path("exports"),
    show_default=True,
    help="Folder for the files; it is made if need be.",
)
@_language
@click.option(
    "--recording",
    type=_PATH,
    metavar="FILE",
    help="With mp4: draw on this file, where no pictures were kept. It must be the very recording "
    "that was reviewed.",
)
def export(
    ids: tuple[str, ...],
    every: bool,
    learner: str | None,
    since: datetime | None,
    fmt: str,
    out: Path,
    language: str,
    recording: Path | None,
) -> None:
    """Write stored sessions as files that other programs read.

    SESSION is an id as `tstroke sessions` lists it, or its beginning. csv and parquet are a folder
    of tables for each session, the other formats a file or two; docs/exports.md says what is in
    them. Files of an earlier export with the same name are replaced.

    \b
    Exit code: 0  all were written
               1  some could not be; each is one line on standard error
               2  wrong usage
             130  stopped with Ctrl-C

    \b
    Examples: tstroke export 3f9c21aa --format csv
              tstroke export --learner "Anna Müller" --format vtt --language de
              tstroke export --all --format parquet --out study
    """
    if bool(ids) + every + (learner is not None) != 1:
        raise click.UsageError("Name sessions by their ids, or give --all, or --learner NAME.")
    if recording is not None and (fmt != "mp4" or len(ids) != 1):
        raise click.UsageError("--recording goes with --format mp4 and one session.")
    from sessions.export_runs import Chosen, run_export

    chosen = Chosen(ids=ids, learner=learner, since=since)
    sys.exit(run_export(chosen, fmt, out, language, recording))


@click.command()
@click.option("--learner", metavar="NAME", help="The report of this learner.")
@click.option("--class", "group", is_flag=True, help="The report of all learners.")
@click.option(
    "--out", type=_PATH, metavar="FILE", required=True, help="FILE.pdf or FILE.html to write."
)
@_since
@_language
@click.option("--paper", type=click.Choice(_PAPERS), default="A4", show_default=True)
@click.option("--newest-only", is_flag=True, help="With --class: only the newest session of each.")
def report(
    learner: str | None,
    group: bool,
    out: Path,
    since: datetime | None,
    language: str,
    paper: str,
    newest_only: bool,
) -> None:
    """Print the report of a learner or of the class: a summary and one page per session.

    \b
    Exit code: 0  it was written
               1  it could not be; one line on standard error says why
               2  wrong usage

    \b
    Examples: tstroke report --learner "Anna Müller" --out anna.pdf
              tstroke report --class --since 2026-03-01 --language de --out klasse.html
    """
    if group == (learner is not None):
        raise click.UsageError("Give either --learner NAME or --class.")
    if newest_only and not group:
        raise click.UsageError("--newest-only goes with --class.")
    if out.suffix.lower() not in (".pdf", ".html"):
        raise click.UsageError(f"--out {out} should end with .pdf or .html.")
    from sessions.export_runs import Chosen, Layout, run_report

    layout = Layout(language=language, paper=paper, newest_only=newest_only)
    sys.exit(run_report(Chosen(learner=learner, since=since), out, layout))
