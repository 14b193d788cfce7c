"""Annotated video: drawn in a thread of its own, whole or not at all, errors passed on."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routines.reps import Progress
from routines.routine import load_routine
from sessions.annotate import PHASE_COLOURS, AnnotatedVideo, Annotator, PictureWords
from sessions.coach import Moment
from vision.back_frame import fit_back_frame
from vision.calibration import load_calibration
from vision.drawing import HAND_COLOURS, ColourRGB
from vision.errors import VideoError
from vision.frames import Frame, VideoReader
from vision.hands import HandPair, TrackedHand
from vision.samples import BackSample

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    calibration = load_calibration(SAMPLES / "wide.calibration.json")
    return Annotator(load_routine(), fit_back_frame(calibration))


def _frame(index: int) -> Frame:
    return Frame(index, index / 30, np.full((480, 640, 3), 90, np.uint8), (640, 480))


def _moment(index: int, phase: str | None = None, *, settling: bool = False) -> Moment:
    time_s = index / 30
    progress = Progress(2, 3, phase, settling)
    return Moment(
        time_s, HandPair(time_s, None, None), BackSample(time_s, None, None), progress, ()
    )


def _has(picture: np.ndarray, colour: ColourRGB) -> bool:
    return bool((picture == np.array(colour)).all(axis=2).any())


def test_both_paths_and_the_phases_colour_are_drawn(annotator: Annotator) -> None:
    for phase, colour in PHASE_COLOURS.items():
        drawn = annotator.draw(_frame(0), _moment(0, phase))
        assert _has(drawn, HAND_COLOURS["left"])
        assert _has(drawn, HAND_COLOURS["right"])
        assert (drawn[-3, 0] == colour).all()


def test_every_phase_of_the_routine_has_a_colour() -> None:
    assert [phase.name for phase in load_routine().phases] == list(PHASE_COLOURS)


def test_settling_and_waiting_are_told_apart(annotator: Annotator) -> None:
    one = annotator.draw(_frame(0), _moment(0, settling=True))
    other = annotator.draw(_frame(0), _moment(0, settling=False))
    assert not np.array_equal(one, other)


def test_words_are_drawn_as_they_are_given() -> None:
    routine = load_routine()
    german = PictureWords("dazwischen", "Ankommen", {"up": "hinauf"}, {"left": "l", "right": "r"})
    own = Annotator(routine, None, german)
    english = Annotator(routine, None)
    for moment in (_moment(0), _moment(0, settling=True), _moment(0, "up"), _seen(0)):
        assert not np.array_equal(own.draw(_frame(0), moment), english.draw(_frame(0), moment))
    other = _moment(0, "out")  # not renamed
    assert np.array_equal(own.draw(_frame(0), other), english.draw(_frame(0), other))


def _seen(index: int) -> Moment:
    """A moment with a left hand, in a phase that has no other words."""
    moment = _moment(index, "out")
    rows, columns = np.divmod(np.arange(21), 5)
    hand = TrackedHand(np.column_stack([200.0 + 20 * columns, 100.0 + 20 * rows]), True)
    return replace(moment, pair=HandPair(moment.time_s, hand, None))


def test_all_frames_are_written(annotator: Annotator, tmp_path: Path) -> None:
    _write_whole(tmp_path / "a.mp4", annotator, 20)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    with VideoReader(tmp_path / "a.mp4") as reader:
        assert len(list(reader)) == 20


def _write_whole(path: Path, annotator: Annotator, frames: int) -> None:
    with AnnotatedVideo(path, annotator, None) as video:
        for index in range(frames):
            video.step(_frame(index), _moment(index))


def _step_and_stop(path: Path, annotator: Annotator) -> None:
    with AnnotatedVideo(path, annotator, 30.0) as video:
        for index in range(9):
            video.step(_frame(index), _moment(index))
        raise KeyboardInterrupt


def test_stopping_leaves_nothing(annotator: Annotator, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _step_and_stop(tmp_path / "a.mp4", annotator)
    assert list(tmp_path.iterdir()) == []
    assert not [one for one in threading.enumerate() if one.name.startswith("annotate")]


@pytest.mark.parametrize("frames", [1, 20])
def test_a_folder_that_is_not_there_is_refused(
    annotator: Annotator, tmp_path: Path, frames: int
) -> None:
    with pytest.raises(VideoError, match="can't be written"):
        _write_whole(tmp_path / "gone" / "a.mp4", annotator, frames)
