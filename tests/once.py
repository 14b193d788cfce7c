"""What takes long to make and is the same for all tests: made once in each process."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final
from uuid import uuid4

from sessions.store.database import Database
from sessions.store.migrate import migrate
from sessions.truth import Truth, load_truth
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration, load_calibration

SAMPLES: Final = Path(__file__).parents[1] / "sample_videos"


@cache
def truth_of(name: str) -> Truth:
    """What truly happens in a sample."""
    return load_truth(SAMPLES / f"{name}.truth.json.gz")


@cache
def back_of(name: str) -> BackFrame:
    """The back of a sample, by the calibration beside it."""
    return fit_back_frame(load_calibration(SAMPLES / f"{name}.calibration.json"))


def fitted_once() -> Callable[[Calibration], BackFrame]:
    """`fit_back_frame` that remembers."""
    known: dict[str, BackFrame] = {}

    def fitted(calibration: Calibration) -> BackFrame:
        key = repr(calibration)
        if key not in known:
            known[key] = fit_back_frame(calibration)
        return known[key]

    return fitted


def users_of_fits() -> list[ModuleType]:
    """All modules that fit backs, but those that test it."""
    return [
        module
        for name, module in list(sys.modules.items())
        if getattr(module, "fit_back_frame", None) is fit_back_frame
        and not name.startswith(("vision.", "tests.vision", __name__))
    ]


def migrated_once(kept: Path) -> Callable[[Database], None]:
    """`migrate` that copies a new file's tables from `kept`, where the first ones were made."""

    def migrated(database: Database) -> None:
        path = Path(database.url.database or "")
        if not database.is_file or not path.is_file() or path.stat().st_size:
            return migrate(database)
        if not kept.exists():
            migrate(database)
            shutil.copyfile(path, kept)
        else:
            shutil.copyfile(kept, path)
            _name_anew(path)
        return migrate(database)

    return migrated


def _name_anew(path: Path) -> None:
    """Every store has an id of its own."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE about SET id = ?", (uuid4().hex,))
    connection.close()
