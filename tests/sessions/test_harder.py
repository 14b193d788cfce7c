"""The harder pictures are as hard as they say."""

from pathlib import Path
from typing import Literal, Self

import numpy as np
import pytest

from routines.reps import Check, Rep, RepEnded
from routines.routine import load_routine
from sessions.accuracy import clips_in
from sessions.coach import Moment
from sessions.hand_watch import HandWatch
from sessions.harder import DRIFT_S, VERSIONS, clips_for_harder, score_harder
from sessions.onlooker import Onlooker
from sessions.truth import load_truth, truth_path
from vision.arrays import ImageRGB
from vision.frames import Frame
from vision.tracker import Detector

SAMPLES = Path(__file__).parents[2] / "sample_videos"

WIDTH = 400


def _bar(at: int = 200) -> ImageRGB:
    """A white bar, 10 px wide, on black."""
    picture = np.zeros((120, WIDTH, 3), np.uint8)
    picture[:, at : at + 10] = 255
    return picture


def _place(picture: ImageRGB) -> float:
    """Mean column of the light."""
    columns = picture.astype(float).sum(axis=(0, 2))
    return float((columns * np.arange(WIDTH)).sum() / columns.sum())


@pytest.mark.parametrize("version", VERSIONS)
def test_pictures_stay_pictures_and_are_left_as_they_were(version: str) -> None:
    effect, picture = VERSIONS[version](), _bar()
    picture.setflags(write=False)
    for time_s in (0.0, 0.1, 7.0):
        seen = effect(picture, time_s)
        assert seen.dtype.name == "uint8"
        assert seen.shape == picture.shape
    assert (picture == _bar()).all()


@pytest.mark.parametrize("version", VERSIONS)
def test_two_films_get_the_same(version: str) -> None:
    films = [[effect(_bar(at), at / 10) for at in (50, 60, 90)] for effect in _two(version)]
    assert all((one == other).all() for one, other in zip(*films, strict=True))


def _two(version: str):
    return VERSIONS[version](), VERSIONS[version]()


def test_the_drift_goes_as_far_as_it_says_and_no_farther() -> None:
    drift = VERSIONS["drift by 5 %"]()
    places = [
        _place(drift(_bar(), time_s)) - _place(_bar()) for time_s in (0, DRIFT_S, 2 * DRIFT_S)
    ]
    assert places == pytest.approx([0, 20, 20], abs=0.1)


def test_the_shake_stays_within_a_hundredth() -> None:
    shake = VERSIONS["shake by 1 %"]()
    places = np.array([_place(shake(_bar(), index / 30)) - _place(_bar()) for index in range(90)])
    assert 3 < np.abs(places).max() <= 4.1


def test_half_the_light_is_half_with_grain() -> None:
    grey = np.full((120, WIDTH, 3), 160, np.uint8)
    seen = VERSIONS["half the light, with noise"]()(grey, 0.0)
    assert seen.mean() == pytest.approx(80, abs=1)
    assert seen.std() == pytest.approx(8, abs=1)


def test_the_blur_spreads_what_moves() -> None:
    blur = VERSIONS["motion blur"]()
    for at in (100, 120, 140, 160):
        seen = blur(_bar(at), at / 100)
    lit = np.flatnonzero(seen.any(axis=(0, 2)))
    assert (lit[0], lit[-1], len(lit)) == (120, 169, 30)


def test_the_compression_is_strong() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (120, WIDTH, 3)).astype(np.uint8)
    seen = VERSIONS["strong compression"]()(noise, 0.0)
    assert np.abs(seen.astype(float) - noise).mean() > 30
    plain = np.full((120, WIDTH, 3), 160, np.uint8)
    assert np.abs(VERSIONS["strong compression"]()(plain, 0.0).astype(float) - 160).max() < 4


@pytest.mark.slow
def test_clips_with_and_without_faults_are_looked_at() -> None:
    chosen = clips_for_harder(clips_in(SAMPLES), load_routine())
    assert [video.stem for video, _ in chosen] == ["side", "order", "fps15"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "found", "false", "lost"),
    [
        ("fault", "asymmetric", (), ()),
        ("not_seen", "asymmetric", (), ()),
        ("fine", "asymmetric", (), ("asymmetric",)),
        ("fault", "pause", ("pause",), ()),
    ],
)
def test_a_fault_may_become_not_seen_but_neither_fine_nor_another(
    outcome: Literal["fine", "fault", "not_seen"],
    found: str,
    false: tuple[str, ...],
    lost: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    no_hands: Detector,
) -> None:
    """The second attempt of `fps15` is played asymmetrically."""
    truth_file = truth_path(SAMPLES / "fps15.mp4")
    assert truth_file is not None
    first, second = load_truth(truth_file).reps[:2]

    class Verdicts(Onlooker):
        def __init__(self, *_: object) -> None:
            self._hands = HandWatch(no_hands, None)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def step(self, frame: Frame) -> Moment:
            return self.judge(self._hands.look(frame))

        def finish(self) -> tuple[RepEnded, ...]:
            check = Check(found, outcome, second.start_s, second.end_s)
            clean = Rep(1, first.start_s, first.end_s, True, (), (), 0.0, 100.0)
            marked = Rep(2, second.start_s, second.end_s, True, (), (check,), 0.0, 90.0)
            return RepEnded(clean.end_s, clean), RepEnded(marked.end_s, marked)

    monkeypatch.setattr("sessions.harder.Coach", Verdicts)
    score, picture = score_harder(SAMPLES / "fps15.mp4", truth_file, load_routine(), "shake by 1 %")
    assert (score.false_faults, score.lost_faults) == (false, lost)
    assert score.keeps_faults == (not false and not lost)
    assert score.holds
    assert picture.shape == (480, 640, 3)
