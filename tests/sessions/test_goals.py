"""What the samples must reach with the hand model, at the least."""

from pathlib import Path

import pytest

from routines.routine import load_routine
from sessions.accuracy import ClipScore, clips_in, score_clip, total

SAMPLES = Path(__file__).parents[2] / "sample_videos"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scores() -> dict[str, ClipScore]:
    routine = load_routine()
    clips = clips_in(SAMPLES)
    return {video.stem: score_clip(video, truth, routine).score for video, truth in clips}


def test_counts_are_right_on_six_clips_and_off_by_one_at_most(
    scores: dict[str, ClipScore],
) -> None:
    off = {name: score.count_off for name, score in scores.items()}
    assert len(off) == 8
    assert max(off.values()) <= 1, off
    assert sum(one == 0 for one in off.values()) >= 6, off


def test_nothing_that_is_no_stroke_is_a_rep(scores: dict[str, ClipScore]) -> None:
    assert scores["distractors"].reps_found == 0


@pytest.mark.parametrize("name", ["wide", "side"])
def test_every_clean_rep_is_found_clean(scores: dict[str, ClipScore], name: str) -> None:
    score = scores[name]
    assert score.reps_matched == score.reps_true == score.reps_found == score.count
    assert score.fault_total.false == 0


def test_faults_reach_their_goal(scores: dict[str, ClipScore]) -> None:
    f1 = total([*scores.values()]).fault_total.f1
    assert f1 is not None
    assert f1 >= 0.75


def test_hands_are_not_exchanged(scores: dict[str, ClipScore]) -> None:
    share = total([*scores.values()]).hands.swapped_share
    assert share is not None
    assert share < 0.01
