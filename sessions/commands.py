"""What the commands do: the work, the tables, the refusals, the exit code."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from routines.routine import Routine, load_routine
from sessions.accuracy import ClipRun, ClipScore, clips_in, score_clip, total
from sessions.accuracy_card import card
from sessions.batch import Job, Refusal, plan, run
from sessions.card_page import write_card
from sessions.files import output_folder, written_whole
from sessions.harder import VERSIONS, HarderScore, clips_for_harder, score_harder
from sessions.progress_bar import review_bar
from sessions.record import Review
from sessions.tables import accuracy_tables, review_table
from sessions.uncalibrated import UncalibratedScore, score_uncalibrated
from vision.arrays import ImageRGB
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


def run_accuracy(
    folder: Path, json_path: Path | None, card_path: Path | None = None, *, bare: bool = False
) -> int:
    """Score all clips that can be, and say of each other one why not.

    The card, its JSON twin and its pictures are written only when all clips were scored.
    """
    try:
        clips = clips_in(folder)
        routine = load_routine()
        find_hand_model()
        with ExitStack() as held:
            for path in (json_path, card_path):
                if path is not None:
                    held.enter_context(output_folder(path.parent))
            runs = _score_all(clips, routine, bare=bare or card_path is not None)
            if json_path is not None:
                _write_json([run.score for run in runs], json_path)
            if card_path is not None and len(runs) == len(clips):
                harder = _harder_pictures(clips, routine)
                write_card(runs, harder, _uncalibrated(clips, routine), folder, card_path)
    except CoachError as error:
        _refuse(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        _refuse("Stopped; nothing was written.")
        return EXIT_STOPPED
    return EXIT_DONE if len(runs) == len(clips) else EXIT_SOME_FAILED


def _score_all(
    clips: Sequence[tuple[Path, Path]], routine: Routine, *, bare: bool
) -> list[ClipRun]:
    runs: list[ClipRun] = []
    for video, truth in clips:
        try:
            with review_bar() as bar, bar.of(video.name) as on_progress:
                runs.append(score_clip(video, truth, routine, on_progress, bare=bare))
        except CoachError as error:
            _refuse(Refusal(video, str(error)).line())
    if runs:
        scores = [run.score for run in runs]
        Console().print(accuracy_tables(scores, total(scores)))
    return runs


def _harder_pictures(
    clips: Sequence[tuple[Path, Path]], routine: Routine
) -> list[tuple[HarderScore, ImageRGB]]:
    found = []
    for video, truth in clips_for_harder(clips, routine):
        for version in VERSIONS:
            click.echo(f"Harder pictures of {video.name}: {version}", err=True)
            found.append(score_harder(video, truth, routine, version))
    return found


def _uncalibrated(clips: Sequence[tuple[Path, Path]], routine: Routine) -> list[UncalibratedScore]:
    found = []
    for video, truth in clips:
        with review_bar() as bar, bar.of(f"{video.name}, its calibration not used") as on_progress:
            found.append(score_uncalibrated(video, truth, routine, on_progress))
    return found


def _write_json(scores: Sequence[ClipScore], path: Path) -> None:
    text = json.dumps(card(scores, total(scores)), indent=1) + "\n"
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")


def _refuse(line: str) -> None:
    click.echo(" ".join(line.split()), err=True)
