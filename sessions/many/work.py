"""What a worker does with one recording, wherever it runs."""

import platform
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from routines.reps import Rep
from routines.routine import load_routine
from sessions.batch import Job, Refusal, calibration_of, run
from sessions.many.crew import Tell
from sessions.many.finished import finished_count, made_by, program_name, remove_leftovers
from sessions.record import Review
from vision.calibration import load_calibration
from vision.errors import CoachError


@dataclass(frozen=True, slots=True)
class Task:
    """One recording to review, as it is sent to a worker."""

    job: Job
    calibration: Path | None = None
    """That was named for all recordings."""
    again: bool = False
    """Also where a result is there already."""
    program: str | None = None
    """That has to do it; None takes whatever is installed."""

    def absolute(self) -> "Task":
        """The same, for a worker in another folder."""
        job, calibration = self.job, self.calibration
        annotated = None if job.annotated is None else job.annotated.absolute()
        return replace(
            self,
            job=replace(
                job,
                video=job.video.absolute(),
                result=job.result.absolute(),
                annotated=annotated,
            ),
            calibration=None if calibration is None else calibration.absolute(),
        )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What is told of a review; the whole of it is in the file."""

    name: str
    reps: tuple[Rep, ...]
    warnings: tuple[str, ...]

    @property
    def count(self) -> int:
        """Reps without a path fault."""
        return sum(rep.counted for rep in self.reps)


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording that was reviewed before."""

    count: int


Outcome = Reviewed | Kept | Refusal

_routine = cache(load_routine)


def review_task(task: Task, tell: Tell) -> Outcome:
    """Review a recording and write its results, unless a result that fits is there already."""
    refusal = _other_program(task) or _out_of_sight(task)
    if refusal is not None:
        return refusal
    made = made_by(task.job, task.calibration or calibration_of(task.job.video))
    count = None if task.again else finished_count(task.job, made)
    if count is not None:
        return Kept(count)
    remove_leftovers(task.job)
    try:
        calibration = None if task.calibration is None else load_calibration(task.calibration)
        routine = _routine()
    except CoachError as error:
        return Refusal(task.job.video, str(error))
    return _outcome(
        run(
            task.job,
            routine,
            calibration,
            tell,
            made=made,
        )
    )


def _outcome(done: Review | Refusal) -> Outcome:
    """Plain values, which pass from one process to another."""
    if isinstance(done, Refusal):
        return done
    return Reviewed(done.video.name, done.reps, tuple(map(str, done.warnings)))


def _other_program(task: Task) -> Refusal | None:
    if task.program in (None, program_name()):
        return None
    return Refusal(
        task.job.video,
        f"{task.job.video} was not reviewed because {_here()} has another version of T-Stroke "
        f"Coach ({program_name()} instead of {task.program}); install the same one there.",
    )


def _out_of_sight(task: Task) -> Refusal | None:
    """Another machine may see other folders. Where it is the same one, the review says it."""
    missing = not task.job.video.exists() or not task.job.result.parent.is_dir()
    if task.program is None or not missing:
        return None
    return Refusal(
        task.job.video,
        f"{task.job.video} was not reviewed because {_here()} does not see it, or the folder for "
        "the results; keep both in a folder that all nodes see under the same name.",
    )


def _here() -> str:
    return f"the node {platform.node()}"
