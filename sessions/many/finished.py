"""Which recordings need not be reviewed again, and what a killed review has left behind."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from sessions.batch import Job
from sessions.record import SCHEMA

ROOT: Final = Path(__file__).resolve().parents[2]

SOURCES: Final = ("vision/*.py", "routines/*.py", "routines/*.toml", "sessions/*.py")
"""What a review is made by. Drawing, the store, reports and pages change none."""

LIBRARIES: Final = ("mediapipe", "opencv-python", "av", "numpy", "scipy")
"""Those whose versions may move a landmark or a number."""

DIGITS: Final = 12


@cache
def program_name() -> str:
    """The package's version, and a hash of the code and the libraries that a review is made by.

    Somebody who works on the code reviews anew after every change, rather than once too seldom.
    """
    digest = hashlib.sha256()
    for name in LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{metadata.version('tstroke-coach')}+{digest.hexdigest()[:DIGITS]}"


def made_by(job: Job, calibration: Path | None) -> dict[str, Any]:
    """What a result of this job is made by; it stands in the result under `made`.

    `calibration` is the file that is to be used, if there is one.
    """
    used = calibration is not None and calibration.is_file()
    return {
        "program": program_name(),
        "calibration": _sha256(calibration) if used and calibration else None,
        "annotated": job.annotated is not None,
        "every_frame": job.every_frame,
    }


def finished_count(job: Job, made: dict[str, Any]) -> int | None:
    """How many strokes the result counts that is there already; None where there is none that fits.

    It fits when it is whole and was made of the same recording, by its content, with the same
    program, the same calibration and as many looks, and when the annotated video is there if one is
    wanted.
    """
    values = _read(job.result)
    before = values.get("made")
    video = values.get("video")
    if (
        values.get("schema") != SCHEMA
        or not isinstance(before, dict)
        or not isinstance(video, dict)
    ):
        return None
    annotated = job.annotated is None or (before.get("annotated") and job.annotated.is_file())
    if not annotated or before | {"annotated": made["annotated"]} != made:
        return None
    try:
        same = video.get("sha256") == _sha256(job.video)
    except OSError:  # The review says what is wrong with it.
        return None
    count = values.get("count")
    return count if same and isinstance(count, int) else None


def remove_leftovers(job: Job) -> None:
    """Remove what a review that was killed had half written. No other may work on this job."""
    for path in list(_leftovers(job)):
        path.unlink(missing_ok=True)


def _leftovers(job: Job) -> Iterator[Path]:
    folder = job.result.parent
    half = re.compile(rf"\.{re.escape(job.result.name)}\.\d+\.part")
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if half.fullmatch(path.name))
    if job.annotated is not None:
        yield job.annotated.with_name(f".{job.annotated.name}.partial.mp4")


def _read(path: Path) -> dict[str, Any]:
    """The JSON there; empty where there is none, or it is not whole, or not ours."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
