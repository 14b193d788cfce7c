"""The folder in which all lies that is kept, and what a program has left there unfinished.

Knows nothing of databases, which take their time to import: a session may begin without.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from sessions.store.errors import StoreError

LEFT_OVER_S: Final = 3600.0
"""A file that belongs to no session and has not been touched for so long is the rest of a copy that
was cut off; a younger one may be on its way in."""


def private_folder(folder: Path) -> Path:
    """The folder, made so that nobody but the user may look into it. Raises `StoreError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            "The folder {folder} for the sessions can't be made or is not yours "
            "({reason}); give yourself the right to it, or choose another one.",
            key="error.store_folder",
            folder=folder,
            reason=error.strerror,
        ) from error
    return folder


def age_s(path: Path, now: datetime) -> float:
    """How long ago it was written last."""
    try:
        return now.timestamp() - path.lstat().st_mtime
    except FileNotFoundError:  # Another process was faster.
        return 0.0
