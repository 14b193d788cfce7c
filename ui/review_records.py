"""What is written down beside a recording that was sent, so that it outlives the program.

Without it nobody would know, after a kill, whose it is and what was to become of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sessions.files import OutputError, written_whole
from ui.review_files import passing_folder, remove_own

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NAME: Final = "recording.json"
FOLDER: Final = "recording"
"""Holds the recording itself, whose name may be any."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to become of a recording that was queued."""

    session_id: str
    """Under which it will be kept: done again after a kill, it is there once."""
    started: datetime
    learner_id: str | None = None
    annotate: bool = True
    forget_on: date | None = None
    """Keep the pictures until then, the partner having agreed; None keeps none."""
    language: str = "en"
    """Of the words in the annotated video."""
    calibration: dict[str, Any] | None = None
    begun: int = 0
    """How often it was begun."""


@dataclass(frozen=True, slots=True)
class Record:
    """A recording on disk, and the browser that sent it."""

    owner: str
    id: str
    name: str
    made: datetime | None = None
    job: Job | None = None
    """None until it is queued."""


@cache
def _adapter() -> "TypeAdapter[Record]":
    # The server starts with this module, and mostly nothing was left to be read.
    from pydantic import TypeAdapter

    return TypeAdapter(Record)


def write_record(folder: Path, record: Record) -> bool:
    """Write it beside the recording; False where that can't be: then it does not outlive."""
    try:
        with written_whole(folder / NAME) as part:
            part.write_bytes(_adapter().dump_json(record))
    except OutputError:
        return False
    return True


def read_record(folder: Path) -> Record | None:
    """What was written; None where nothing was, or the recording is not there."""
    try:
        record = _adapter().validate_json((folder / NAME).read_bytes())
    except (OSError, ValueError):  # A ValidationError is one.
        return None
    return record if recording_path(folder, record.name).is_file() else None


def remove_passing() -> None:
    """At the end of the program: all that passes through but recordings that are queued."""
    waiting = [path for path in passing_folder().glob("*") if _is_queued(path)]
    remove_own(but=waiting)


def _is_queued(folder: Path) -> bool:
    record = read_record(folder)
    return record is not None and record.job is not None


def recording_path(folder: Path, name: str) -> Path:
    """Where the recording of this plain name lies."""
    return folder / FOLDER / Path(name).name
