"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vision.errors import CoachError


class OutputError(CoachError):
    """A result that can't be written."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it becomes `path`, else it is removed.

    Raises `OutputError` when the folder can't be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise OutputError(
            "{path} can't be written ({reason}); choose another folder.",
            key="error.file_not_written",
            path=path,
            reason=error.strerror,
        ) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def output_folder(folder: Path) -> Iterator[Path]:
    """Make the folder if it is missing, and try to write in it before any work is done.

    Afterwards folders that were made and stayed empty are removed. Raises `OutputError` with the
    reason.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        _remove_empty(made)
        raise OutputError(
            "The output folder {folder} can't be written ({reason}); choose another one.",
            key="error.folder_not_written",
            folder=folder,
            reason=error.strerror,
        ) from error
    try:
        yield folder
    finally:
        _remove_empty(made)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # Not empty, or never made.
            folder.rmdir()
