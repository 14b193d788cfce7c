"""Reviewing many recordings: shared out, watched, told one by one as they are done."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click
from rich.console import Console

from routines.routine import Routine
from sessions.batch import Job, Refusal
from sessions.many.crew import Alone, Crew
from sessions.many.finished import program_name, remove_leftovers
from sessions.many.processes import Processes
from sessions.many.work import Kept, Outcome, Reviewed, Task, review_task
from sessions.progress_bar import ReviewBars
from sessions.review import Progress
from sessions.tables import review_table

EngineName = Literal["processes", "ray"]


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def crew_for(recordings: int, workers: int | None, engine: EngineName, address: str | None) -> Crew:
    """Who reviews so many recordings.

    A single one is reviewed right here, where it may use all cores. Several have a process each,
    up to the number of cores, because a process that dies must not end the others.
    """
    if engine == "ray":
        from sessions.many.ray_cluster import RayCluster

        return RayCluster(address, workers)
    return Alone() if recordings == 1 else Processes(workers or cores())


@dataclass(frozen=True, slots=True)
class Options:
    """How a folder is reviewed."""

    calibration: Path | None = None
    """One file for all recordings."""
    again: bool = False
    """Also what was reviewed before."""
    workers: int | None = None
    engine: EngineName = "processes"
    address: str | None = None
    """Of the Ray cluster."""


def review_all(jobs: Sequence[Job], routine: Routine, options: Options) -> int:
    """Review all that need it, and tell of each what came of it; the number of failures.

    Raises `ClusterError` before any work where the cluster can't be used.
    """
    crew = crew_for(len(jobs), options.workers, options.engine, options.address)
    tasks = _tasks(jobs, options)
    with ReviewBars([job.video.name for job in jobs]) as bars:
        telling = _Telling(jobs, routine, bars)
        crew.run(tasks, review_task, telling)
    if len(jobs) > 1:
        telling.say_sum()
    return telling.failures


def _tasks(jobs: Sequence[Job], options: Options) -> list[Task]:
    elsewhere = options.engine == "ray"
    tasks = [
        Task(
            job,
            calibration=options.calibration,
            again=options.again,
            program=program_name() if elsewhere else None,
        )
        for job in jobs
    ]
    return [task.absolute() for task in tasks] if elsewhere else tasks


class _Telling:
    """Shows what runs and prints what came of it, as it comes."""

    def __init__(self, jobs: Sequence[Job], routine: Routine, bars: ReviewBars) -> None:
        self._jobs = jobs
        self._routine = routine
        self._bars = bars
        self._console = Console()
        self._reviewed = self._kept = 0
        self.failures = 0

    def begun(self, index: int) -> None:
        self._bars.begin(index)

    def told(self, index: int, progress: Progress) -> None:
        self._bars.show(index, progress)

    def ended(self, index: int, outcome: Outcome) -> None:
        self._bars.end(index, worked=isinstance(outcome, Reviewed))
        with self._bars.aside():
            match outcome:
                case Reviewed():
                    self._say_reviewed(self._jobs[index], outcome)
                case Kept():
                    self._say_kept(self._jobs[index], outcome)
                case Refusal():
                    self.failures += 1
                    say(outcome.line())

    def lost(self, index: int, how: str, *, again: bool) -> None:
        job = self._jobs[index]
        remove_leftovers(job)
        if again:
            self._bars.drop(index)
            with self._bars.aside():
                say(f"{job.video}: the process that reviewed it ended ({how}); once more.")
            return
        self.ended(
            index,
            Refusal(
                job.video,
                f"{job.video} was not reviewed because the process that did it ended ({how}). Run "
                "the same command again, with fewer --workers if memory was short; what is "
                "finished is kept.",
            ),
        )

    def say_sum(self) -> None:
        """One line after the last."""
        parts = [f"{self._reviewed} reviewed"]
        if self._kept:
            parts.append(f"{self._kept} kept as they were (--again reviews them anew)")
        if self.failures:
            parts.append(f"{self.failures} could not be")
        line = f"{len(self._jobs)} recordings: {', '.join(parts)}."
        self._console.print(line, highlight=False, soft_wrap=True)

    def _say_reviewed(self, job: Job, outcome: Reviewed) -> None:
        self._reviewed += 1
        table = review_table(outcome.name, outcome.reps, self._routine, job.result)
        self._console.print(table)
        for warning in outcome.warnings:
            # On standard error, because the table may go to a file and this must be seen.
            say(Refusal(job.video, warning).line())

    def _say_kept(self, job: Job, outcome: Kept) -> None:
        self._kept += 1
        strokes = "stroke" if outcome.count == 1 else "strokes"
        self._console.print(
            f"{job.video.name}: {outcome.count} {strokes} counted, reviewed before; "
            f"{job.result} is kept (--again reviews it anew)",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def say(line: str) -> None:
    """One line on standard error."""
    click.echo(" ".join(line.split()), err=True)
