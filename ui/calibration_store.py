"""The last calibration, remembered in the user's data folder: points, never a picture.

Beside it lies what stood around the back, so that a moved camera is noticed at the next start: a
few corners of the room (see `Surround.without_people`, also for why nobody can be seen in them).
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sessions.data_folder import data_folder
from vision.calibration import Calibration, load_calibration
from vision.camera_moved import Surround, surround_from_json
from vision.errors import CalibrationError
from vision.strict_json import read_bytes, strict_json

FILE_NAME: Final = "last.calibration.json"
SURROUND_NAME: Final = "last.surround.json"

LARGEST_BYTES: Final = 1_000_000
"""Of what stood around; a common one has 20,000."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A calibration from an earlier session."""

    calibration: Calibration
    saved: datetime
    """Local time at which it was made."""
    surround: Surround | None = None
    """What stood around the back then; None where that is not known."""


def remember(
    calibration: Calibration, folder: Path | None = None, *, surround: Surround | None = None
) -> bool:
    """Keep `calibration` for next time; False where the folder can't be written.

    Of the `surround` only what shows nobody is kept. Nothing hangs on either, so a full disk or a
    read-only home is no reason to stop a session.
    """
    folder = folder or data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Without its surround a calibration is offered unseen; with another's it would be refused.
        (folder / SURROUND_NAME).unlink(missing_ok=True)
        _write(folder / FILE_NAME, calibration.to_json())
        if surround is not None:
            _write(folder / SURROUND_NAME, surround.without_people(calibration).to_json())
    except OSError:
        return False
    return True


def _write(path: Path, content: dict[str, Any]) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def last(folder: Path | None = None) -> Remembered | None:
    """The calibration that was kept last; None where there is none that can be read."""
    folder = folder or data_folder()
    path = folder / FILE_NAME
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime)
        return Remembered(load_calibration(path), saved, _surround(folder / SURROUND_NAME))
    except (OSError, CalibrationError):
        return None


def _surround(path: Path) -> Surround | None:
    try:
        return surround_from_json(strict_json(read_bytes(path, LARGEST_BYTES)))
    except (OSError, ValueError, CalibrationError):
        return None
