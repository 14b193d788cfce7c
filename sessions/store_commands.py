"""The commands about the store as a whole: `tstroke store export`, `import` and `forget`.

What takes long to import is imported by the command that needs it, so that help comes at once.
"""

import sys
from pathlib import Path
from typing import Final

import click

_PATH: Final = click.Path(path_type=Path)


def add_to(main: click.Group) -> None:
    """Give the command line these commands."""
    main.add_command(store)


@click.group()
def store() -> None:
    """Take all kept sessions elsewhere in one file, or forget pictures whose day has come.

    The sessions lie in a file in your own data folder, or in the PostgreSQL database that the
    environment variable TSTROKE_DATABASE_URL names.
    """


@store.command("export")
@click.argument("file", metavar="FILE", type=_PATH)
@click.option("--pictures", is_flag=True, help="Also the recordings that were kept.")
def export_all(file: Path, pictures: bool) -> None:
    """Write people, sessions, hands, comments and verdicts to FILE, a ZIP archive.

    A file of that name is replaced. Only you may read it.

    \b
    Exit code: 0  it was written
               1  it could not be
    """
    from sessions.store_runs import run_export

    sys.exit(run_export(file, with_pictures=pictures))


@store.command("import")
@click.argument("file", metavar="FILE", type=_PATH)
def import_all(file: Path) -> None:
    """Take in what FILE has and the store has not; what is there already stays as it is.

    FILE is an archive that 'tstroke store export' wrote, here or elsewhere. All of it comes in, or
    nothing.

    \b
    Exit code: 0  it was taken in
               1  it could not be
    """
    from sessions.store_runs import run_import

    sys.exit(run_import(file))


@store.command()
def forget() -> None:
    """Delete the recordings whose day has come, as the app does each day.

    \b
    Exit code: 0  none of them is left
               1  some could not be deleted
    """
    from sessions.store_runs import run_forget

    sys.exit(run_forget())
