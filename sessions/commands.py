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
from sessions.batch import Refusal, plan
from sessions.card_page import write_card
from sessions.files import output_folder, written_whole
from sessions.harder import VERSIONS, HarderScore, clips_for_harder, score_harder
from sessions.many.review import Options, review_all, say
from sessions.progress_bar import review_bar
from sessions.tables import accuracy_tables
from sessions.uncalibrated import UncalibratedScore, score_uncalibrated
from vision.arrays import ImageRGB
from vision.calibration import load_calibration
from vision.errors import CoachError
from vision.hand_model import find_hand_model

EXIT_DONE: Final = 0
EXIT_SOME_FAILED: Final = 1
EXIT_STOPPED: Final = 130
"""128 and the number of the signal, as shells count."""

STOPPED: Final = (
    "Stopped. What was finished before is kept, so that the same command goes on from there; "
    "nothing half-written is left."
)


def run_review(
    paths: Sequence[Path],
    out: Path,
    options: Options,
    *,
    annotate: bool = False,
    every_frame: bool = False,
) -> int:
    """Review all recordings that can be, and say of each other one why not."""
    jobs, refusals = plan(paths, out, annotate=annotate, every_frame=every_frame)
    for refusal in refusals:
        say(refusal.line())
    if not jobs:
        return EXIT_SOME_FAILED
    try:
        routine = load_routine()
        if options.calibration is not None:
            load_calibration(options.calibration)  # What is wrong with it is said once.
        find_hand_model()  # Without it nothing can be done: say so once, before any work.
        with output_folder(out):
            failures = review_all(jobs, routine, options)
    except CoachError as error:
        say(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        say(STOPPED)
        return EXIT_STOPPED
    return EXIT_SOME_FAILED if failures or refusals else EXIT_DONE


def run_accuracy(
    folder: Path,
    json_path: Path | None,
    card_path: Path | None = None,
    *,
    bare: bool = False,
    every_frame: bool = False,
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
            bare = bare or card_path is not None
            runs = _score_all(clips, routine, bare=bare, every_frame=every_frame)
            if json_path is not None:
                _write_json([run.score for run in runs], json_path)
            if card_path is not None and len(runs) == len(clips):
                harder = _harder_pictures(clips, routine)
                write_card(runs, harder, _uncalibrated(clips, routine), folder, card_path)
    except CoachError as error:
        say(str(error))
        return EXIT_SOME_FAILED
    except KeyboardInterrupt:
        say("Stopped; nothing was written.")
        return EXIT_STOPPED
    return EXIT_DONE if len(runs) == len(clips) else EXIT_SOME_FAILED


def _score_all(
    clips: Sequence[tuple[Path, Path]], routine: Routine, *, bare: bool, every_frame: bool
) -> list[ClipRun]:
    runs: list[ClipRun] = []
    for video, truth in clips:
        try:
            with review_bar() as bar, bar.of(video.name) as on_progress:
                run = score_clip(
                    video, truth, routine, on_progress, bare=bare, every_frame=every_frame
                )
                runs.append(run)
        except CoachError as error:
            say(Refusal(video, str(error)).line())
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
