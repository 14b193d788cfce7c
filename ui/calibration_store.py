"""The last calibration, remembered in the user's data folder: only points, never a picture."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from vision.calibration import Calibration, load_calibration
from vision.errors import CalibrationError

FILE_NAME: Final = "last.calibration.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """A calibration from an earlier session."""

    calibration: Calibration
    saved: datetime
    """Local time at which it was made."""


def data_folder() -> Path:
    """The user's own data folder for this app; it may not exist yet."""
    return Path(user_data_path("tstroke-coach", appauthor=False))


def remember(calibration: Calibration, folder: Path | None = None) -> bool:
    """Keep `calibration` for next time; False where the folder can't be written.

    Nothing hangs on it, so a full disk or a read-only home is no reason to stop a session.
    """
    path = (folder or data_folder()) / FILE_NAME
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(calibration.to_json(), indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError:
        return False
    return True


def last(folder: Path | None = None) -> Remembered | None:
    """The calibration that was kept last; None where there is none that can be read."""
    path = (folder or data_folder()) / FILE_NAME
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime)
        return Remembered(load_calibration(path), saved)
    except (OSError, CalibrationError):
        return None
