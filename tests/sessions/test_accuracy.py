"""Scores of clips, hand errors, and the card, on small made-up clips."""

import json
from pathlib import Path

import numpy as np
import pytest

from routines.reps import Rep
from sessions.accuracy import ClipScore, clips_in, score, total
from sessions.accuracy_card import card
from sessions.hand_errors import HandErrors, HandJudge, quantile
from sessions.matching import FaultTally
from sessions.truth import TrueHand, TrueRep, Truth, TruthError
from vision.arrays import Floats
from vision.errors import VideoError
from vision.hands import HandPair, TrackedHand

FPS = 10.0
FRAMES = 4


def _hand_at(x: float) -> Floats:
    """A hand at x whose landmarks stand in a row, 10 px apart."""
    return np.column_stack([np.full(21, x), np.arange(21) * 10.0])


def _truth(left_visible: list[bool] | None = None) -> Truth:
    visible = np.ones(FRAMES, dtype=bool)
    left = TrueHand(np.stack([_hand_at(0)] * FRAMES), np.array(left_visible or visible))
    right = TrueHand(np.stack([_hand_at(200)] * FRAMES), visible)
    rep = TrueRep(0.0, 0.4, True, (), None, None, True)
    return Truth(FPS, FRAMES, 1, (1, 2), (rep,), (), {"left": left, "right": right})


def _pair(index: int, left: float | None, right: float | None) -> HandPair:
    hands = [None if x is None else TrackedHand(_hand_at(x), observed=True) for x in (left, right)]
    return HandPair(index / FPS, *hands)


def test_hand_errors_are_distances_from_the_true_knuckles() -> None:
    judge = HandJudge(_truth())
    judge.step(_pair(0, 3, 204))
    judge.step(_pair(1, None, 204))
    errors = judge.errors
    assert (errors.frames, errors.both, errors.visible, errors.visible_both) == (2, 1, 2, 1)
    assert sorted(errors.errors_px) == [3] * 4 + [4] * 8
    assert errors.swapped == 0
    assert errors.both_share == 0.5


def test_errors_in_lengths_are_shares_of_the_hand() -> None:
    judge = HandJudge(_truth())
    judge.step(_pair(0, 12, None))
    # From landmark 0 over 9, 10, 11 to 12 the made-up finger is 120 px long.
    assert judge.errors.errors_lengths == pytest.approx([0.1] * 4)


def test_exchanged_hands_are_swapped() -> None:
    judge = HandJudge(_truth())
    judge.step(_pair(0, 190, 10))
    assert judge.errors.swapped_share == 1


def test_bridged_hands_are_not_observed() -> None:
    judge = HandJudge(_truth())
    hands = [TrackedHand(_hand_at(x), observed=False) for x in (0, 200)]
    judge.step(HandPair(0.0, *hands))
    assert (judge.errors.frames, judge.errors.both, judge.errors.hands) == (1, 0, 0)


def test_hidden_hands_have_no_error_and_are_not_owed() -> None:
    judge = HandJudge(_truth(left_visible=[False, True, True, True]))
    judge.step(_pair(0, 99, 200))
    assert judge.errors.errors_px == [0] * 4
    assert judge.errors.visible == 0


def test_pairs_beyond_the_truth_are_left_out() -> None:
    judge = HandJudge(_truth())
    judge.step(_pair(FRAMES, 0, 200))
    assert judge.errors.frames == 0


def _score(name: str, reps: list[Rep]) -> ClipScore:
    return score(name, _truth(), reps, HandErrors(frames=10, both=5))


def _rep(start_s: float, end_s: float, *, counted: bool = True) -> Rep:
    return Rep(1, start_s, end_s, counted, (), (), 0.0, None)


def test_count_off_is_the_distance_from_the_range() -> None:
    rep = _rep(0.0, 0.4)
    assert _score("none", []).count_off == 1
    assert _score("one", [rep]).count_off == 0
    assert _score("two", [rep, rep]).count_off == 0
    assert _score("four", [rep] * 4).count_off == 2
    assert _score("not counted", [_rep(0.0, 0.4, counted=False)]).count_off == 1


def test_total_adds_up() -> None:
    whole = total([_score("a", [_rep(0.0, 0.4)]), _score("b", [_rep(3.0, 4.0)])])
    assert whole.count == 2
    assert whole.count_range == (2, 4)
    assert (whole.reps_true, whole.reps_found, whole.reps_matched) == (2, 2, 1)
    assert whole.frames == 2 * FRAMES
    assert whole.hands.both_share == 0.5
    assert whole.fault_total == FaultTally()


def test_the_card_is_json_and_null_where_nothing_was_measured() -> None:
    scores = [_score("a", [])]
    values = json.loads(json.dumps(card(scores, total(scores))))
    assert values["clips"]["a"]["boundary_error_s"] == {"median": None, "p90": None}
    assert values["all"]["both_hands_share"] == 0.5


def test_quantile_of_nothing_is_nothing() -> None:
    assert quantile([], 0.5) is None
    assert quantile([1.0, 3.0], 0.5) == 2


def test_clips_without_truth_are_left_out(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.truth.json", "b.mp4"):
        (tmp_path / name).touch()
    assert clips_in(tmp_path) == ((tmp_path / "a.mp4", tmp_path / "a.truth.json"),)


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.mp4").touch()
    with pytest.raises(TruthError, match="truth file"):
        clips_in(tmp_path)


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no recording in the folder"):
        clips_in(tmp_path)
