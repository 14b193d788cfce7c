"""Many recordings at once: which ones, where their results go, and reviewing them one by one."""

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from routines.routine import Routine
from sessions.record import Review, write_review
from sessions.review import Progress, review_recording
from sessions.self_calibration import calibrate_recording
from vision.calibration import Calibration, load_calibration
from vision.errors import CalibrationError, CoachError, VideoError

RECORDING_SUFFIXES: Final = (".mp4", ".mov", ".m4v", ".3gp", ".mkv", ".webm", ".avi")

ANNOTATED_SUFFIX: Final = ".annotated.mp4"
"""Written by a review; a folder's recordings do not include them."""


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to review."""

    video: Path
    result: Path
    """The JSON to write."""
    annotated: Path | None
    """The MP4 to write, if one is wanted."""
    every_frame: bool = False
    """Look for hands in every frame, also where they are slow."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A path that can't be reviewed, and why."""

    path: Path
    reason: str

    def line(self) -> str:
        """One line that names the file."""
        reason = " ".join(self.reason.split())
        named = self.path.name in reason
        return reason if named else f"{self.path}: {reason}"


def recordings_in(folder: Path) -> tuple[Path, ...]:
    """The recordings in a folder (not in folders inside it), by name.

    Raises `VideoError` when there is none, or the folder can't be read.
    """
    try:
        files = sorted(path for path in folder.iterdir() if _is_recording(path))
    except OSError as error:
        raise VideoError(
            f"The folder {folder} can't be read ({error.strerror}); name one with recordings."
        ) from error
    if not files:
        kinds = ", ".join(suffix.removeprefix(".") for suffix in RECORDING_SUFFIXES)
        raise VideoError(
            f"There is no recording in the folder {folder} ({kinds}); name another folder, or a "
            "file."
        )
    return tuple(files)


def _is_recording(path: Path) -> bool:
    name = path.name.lower()
    own = name.endswith(ANNOTATED_SUFFIX) or name.startswith(".")
    return name.endswith(RECORDING_SUFFIXES) and not own and path.is_file()


def plan(
    paths: Sequence[Path], out: Path, *, annotate: bool, every_frame: bool = False
) -> tuple[tuple[Job, ...], tuple[Refusal, ...]]:
    """What to review and where to write it; a folder stands for the recordings in it.

    A recording that is named twice is reviewed once. One whose result would have the name of
    another's is refused, so that nothing is overwritten unsaid; so is one with a name that leaves
    no room for an ending.
    """
    videos, refusals = _expanded(paths)
    jobs: dict[str, Job] = {}
    for video in videos:
        first = jobs.get(video.stem)
        if _is_name_too_long(video):
            refusals.append(_too_long(video))
        elif first is None:
            annotated = out / f"{video.stem}{ANNOTATED_SUFFIX}" if annotate else None
            jobs[video.stem] = Job(video, out / f"{video.stem}.json", annotated, every_frame)
        else:
            refusals.append(_clash(video, first))
    return tuple(jobs.values()), tuple(refusals)


def _expanded(paths: Sequence[Path]) -> tuple[list[Path], list[Refusal]]:
    videos: dict[Path, Path] = {}
    refusals: list[Refusal] = []
    for path in paths:
        try:
            found = recordings_in(path) if path.is_dir() else (path,)
        except VideoError as error:
            refusals.append(Refusal(path, str(error)))
            continue
        for video in found:
            videos.setdefault(video.resolve(), video)
    return list(videos.values()), refusals


def _clash(video: Path, first: Job) -> Refusal:
    return Refusal(
        video,
        f"{video} was not reviewed because its result would overwrite that of {first.video}; "
        "review it by itself with another --out.",
    )


def _is_name_too_long(video: Path) -> bool:
    """Whether no calibration could lie beside it; no other file has a longer ending."""
    try:
        calibration_of(video).lstat()
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return False


def _too_long(video: Path) -> Refusal:
    return Refusal(
        video,
        f"The name of {video.name} is so long that no result can be named after it; give it a "
        "shorter one.",
    )


def calibration_of(video: Path) -> Path:
    """Where the calibration of a recording lies when none is named."""
    return video.with_name(f"{video.stem}.calibration.json")


def find_calibration(
    video: Path, routine: Routine, on_progress: Callable[[Progress], None] | None = None
) -> Calibration | None:
    """The calibration beside a recording; without one, what the giver's own hands tell, if they do.

    Raises `VideoError` when it is no recording at all, and `CalibrationError` when the file beside
    it can't be used.
    """
    path = calibration_of(video)
    if path.is_file():
        return load_calibration(path)
    try:
        return calibrate_recording(video, routine, on_progress)
    except CalibrationError:
        return None


def run(
    job: Job,
    routine: Routine,
    calibration: Calibration | None,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    made: Mapping[str, Any] | None = None,
) -> Review | Refusal:
    """Review one recording and write its results; what can't be used is refused with the reason.

    `made` is written into the result, see `review_text`. Where neither a file nor the hands tell
    where the back is, the review says so, and counts none.
    """
    try:
        review = review_recording(
            job.video,
            calibration or find_calibration(job.video, routine, on_progress),
            routine,
            on_progress=on_progress,
            annotate_to=job.annotated,
            every_frame=job.every_frame,
        )
        write_review(review, job.result, made)
    except CoachError as error:
        return Refusal(job.video, str(error))
    return review
