"""Where recordings lie while they are looked at: in the app's own folder, and no longer than that.

Not in the system's temporary folder, which many machines hold in memory: an hour of video is
larger than that. Each folder is held by the program that made it; what nobody holds was left behind
by one that was killed, and is taken over, or removed.
"""

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from sessions.data_folder import data_folder
from sessions.files import OutputError
from sessions.held import hold

PREFIX: Final = "tstroke-"
NEW: Final = ".new-"
"""A folder that is not held yet."""

LEFT_OVER_S: Final = 3600.0
"""One that is not held after so long never will be."""


def passing_folder() -> Path:
    """The folder for what is only passing through; it may not exist yet."""
    return data_folder() / "passing"


class TemporaryFolder:
    """A folder that goes when its owner goes, at the latest when the program ends."""

    def __init__(self, parent: Path | None = None) -> None:
        """Raises OutputError where none can be made."""
        parent = parent or passing_folder()
        try:
            parent.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(prefix=NEW, dir=parent))
            self._take(new, hold(new))
        except OSError as error:
            raise OutputError(
                "The app's own folder {folder} can't be written ({reason}); make room on its disk, "
                "and try again.",
                key="error.passing_not_written",
                folder=parent,
                reason=error.strerror,
            ) from error

    @classmethod
    def left_behind(cls, path: Path) -> Self | None:
        """Take over a folder of a program that was killed; None where one still has it."""
        holder = hold(path)
        if holder is None:
            return None
        folder = cls.__new__(cls)
        try:
            folder._take(path, holder)
        except OSError:
            os.close(holder)
            return None
        return folder

    def _take(self, path: Path, holder: int | None) -> None:
        token = path.name.removeprefix(NEW).rpartition("-")[2]
        self.path = path.rename(path.with_name(f"{PREFIX}{os.getpid()}-{token}"))
        self._remove = weakref.finalize(self, _remove, self.path, holder)

    def remove(self) -> None:
        """Remove the folder with all that is in it. May be called twice."""
        self._remove()

    def outlive(self) -> None:
        """Stay when the program ends, for the next one to take over."""
        self._remove.atexit = False


def _remove(path: Path, holder: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if holder is not None:
        with suppress(OSError):
            os.close(holder)


def remove_own(parent: Path | None = None, *, but: Collection[Path] = ()) -> None:
    """Remove all that this process has there: at its end, which a signal may bring at once."""
    for folder in (parent or passing_folder()).glob(f"{PREFIX}{os.getpid()}-*"):
        if folder not in but:
            shutil.rmtree(folder, ignore_errors=True)


def left_behind(parent: Path | None = None) -> Iterator[TemporaryFolder]:
    """Take over what programs have left that ended without a chance to remove it."""
    parent = parent or passing_folder()
    for path in sorted(parent.glob(f"{PREFIX}*")):
        folder = TemporaryFolder.left_behind(path)
        if folder is not None:
            yield folder
    for path in parent.glob(f"{NEW}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                shutil.rmtree(path, ignore_errors=True)


def remove_left_behind(parent: Path | None = None) -> int:
    """Remove all of that; gives back how many."""
    stale = list(left_behind(parent))
    for folder in stale:
        folder.remove()
    return len(stale)
