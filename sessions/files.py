"""Files that appear whole or not at all, and names from outside that lead nowhere else."""

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from vision.errors import CoachError

LONGEST_NAME: Final = 120
LONGEST_NAME_BYTES: Final = 200
"""File systems take 255, and an ending of our own comes on top."""

NAMELESS: Final = "recording"

_NOT_ON_WINDOWS: Final = re.compile(r'[<>:"|?*]')
_DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
"""What Windows takes for a device in any folder, with any ending."""


def plain_name(name: str, instead: str = NAMELESS) -> str:
    """The last part of a file's name, whichever system it comes from, as any system takes it.

    It has neither folders nor signs that can't be printed, names no device, and leaves room for
    an ending; `instead` where nothing is left of it.
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(sign for sign in last if sign.isprintable())
    plain = _NOT_ON_WINDOWS.sub("_", printable)[-LONGEST_NAME:]
    cut = plain.encode("utf-8", "replace")[-LONGEST_NAME_BYTES:].decode("utf-8", "ignore")
    # Windows drops dots and spaces at the end.
    kept = cut.strip().rstrip(". ")
    if not kept.strip(". "):
        return instead
    return f"_{kept}" if _DEVICE.fullmatch(kept) else kept


class OutputError(CoachError):
    """A result that can't be written."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it becomes `path`, else it is removed.

    Raises `OutputError` when the folder can't be written.
    """
    # Nobody who may write in the folder too can lay a link in its way.
    part = path.with_name(f".{secrets.token_hex(8)}.part")
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
