"""Where recordings lie while they are looked at: in the app's own folder, and no longer than that.

Not in the system's temporary folder, which many machines hold in memory: an hour of video is
larger than that.
"""

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Final

from ui.calibration_store import data_folder

PREFIX: Final = "tstroke-"


def passing_folder() -> Path:
    """The folder for what is only passing through; it may not exist yet."""
    return data_folder() / "passing"


class TemporaryFolder:
    """A folder that goes when its owner goes, at the latest when the program ends."""

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or passing_folder()
        parent.mkdir(parents=True, exist_ok=True)
        # The number of the process tells the next start what a killed one has left behind.
        self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def remove(self) -> None:
        """Remove the folder with all that is in it. May be called twice."""
        self._remove()


def remove_own(parent: Path | None = None) -> None:
    """Remove all that this process has there: at its end, which a signal may bring at once."""
    for folder in (parent or passing_folder()).glob(f"{PREFIX}{os.getpid()}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def remove_left_behind(parent: Path | None = None) -> int:
    """Remove what processes have left that ended without a chance to; gives back how many."""
    parent = parent or passing_folder()
    stale = [folder for folder in parent.glob(f"{PREFIX}*") if not _is_running(folder.name)]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return len(stale)


def _is_running(name: str) -> bool:
    number = name.removeprefix(PREFIX).split("-")[0]
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # Somebody else's, so it runs.
        return True
    return True
