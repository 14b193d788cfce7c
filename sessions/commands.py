"""What the commands do: the work, the tables, the refusals, the exit code."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from routines.routine import Routine, load_routine
from sessions.accuracy import ClipScore, clips_in, score_clip, total
from sessions.accuracy_card import card
from sessions.batch import Job, Refusal, plan, run
from sessions.files import output_folder, written_whole
from sessions.progress_bar import review_bar
from sessions.record import Review
from sessions.tables import accuracy_tables, review_table
from vision.calibration import Calibration, load_calibration
from vision.errors import CoachError
from vision.hand_model import find_hand_model

EXIT_DONE: Final = 0
EXIT_SOME_FAILED: Final = 1
EXIT_STOPPED: Final = 130
"""128 and the number of the signal, as shells count."""


def run_review(
    paths: Sequence[Path], calibration_path: Path | None, out: Path, *, annotate: bool
) -> int:
    """Review all recordings that can be, and say of each other one why not."""
    jobs, refusals = plan(paths, out, annotate=annotate)
    for refusal in refusals:
        _refuse(refusal.line())
    if not jobs:
        return EXIT_SOME_FAILED
    try:
        routine = load_routine()
        calibration = None if calibration_path is None else load_calibration(calibration_path)
        find_hand_model()  # Without it nothing can be done: say so once, before any work.
        with output_folder(out):
            done = _review_all(jobs, routine, calibration)
    except CoachError as error:
        _refuse(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        _refuse("Stopped. What was finished before is kept; nothing half-written is left.")
        return EXIT_STOPPED
    return EXIT_DONE if done == len(jobs) and not refusals else EXIT_SOME_FAILED


def _review_all(jobs: Sequence[Job], routine: Routine, calibration: Calibration | None) -> int:
    """Number of recordings that were reviewed."""
    console = Console()
    done = 0
    for job in jobs:
        with review_bar() as bar, bar.of(job.video.name) as on_progress:
            outcome = run(job, routine, calibration, on_progress)
        if isinstance(outcome, Refusal):
            _refuse(outcome.line())
            continue
        done += 1
        console.print(review_table(outcome, routine, job.result))
        _warn(job, outcome)
    return done


def _warn(job: Job, review: Review) -> None:
    """On standard error, because the table may go to a file and this must be seen."""
    for warning in review.warnings:
        _refuse(Refusal(job.video, warning).line())


def run_accuracy(folder: Path, json_path: Path | None) -> int:
    """Score all clips that can be, and say of each other one why not."""
    try:
        clips = clips_in(folder)
        routine = load_routine()
        find_hand_model()
        with ExitStack() as held:
            if json_path is not None:
                held.enter_context(output_folder(json_path.parent))
            scores = _score_all(clips, routine)
            if json_path is not None:
                _write_card(scores, json_path)
    except CoachError as error:
        _refuse(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        _refuse("Stopped; nothing was written.")
        return EXIT_STOPPED
    return EXIT_DONE if len(scores) == len(clips) else EXIT_SOME_FAILED


def _score_all(clips: Sequence[tuple[Path, Path]], routine: Routine) -> list[ClipScore]:
    scores: list[ClipScore] = []
    for video, truth in clips:
        try:
            with review_bar() as bar, bar.of(video.name) as on_progress:
                scores.append(score_clip(video, truth, routine, on_progress).score)
        except CoachError as error:
            _refuse(Refusal(video, str(error)).line())
    if scores:
        Console().print(accuracy_tables(scores, total(scores)))
    return scores


def _write_card(scores: Sequence[ClipScore], path: Path) -> None:
    text = json.dumps(card(scores, total(scores)), indent=1) + "\n"
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")


def _refuse(line: str) -> None:
    click.echo(" ".join(line.split()), err=True)
