"""Phantoms, wrong names and misses of made-up hands, with how long they last."""

import numpy as np
import pytest

from routines.reps import Span
from sessions.hand_errors import HandErrors, HandJudge, Spans, longest
from sessions.truth import TrueHand, Truth
from vision.arrays import Floats
from vision.hands import DetectedHand, HandPair, Side, TrackedHand

FPS = 10.0
FRAMES = 20


def _at(x: float) -> Floats:
    """A hand whose landmarks stand in a row, 10 px apart; its middle finger is 120 px long."""
    return np.column_stack([np.full(21, x), np.arange(21) * 10.0])


def _judge(left_hidden: slice = slice(0, 0)) -> HandJudge:
    seen, hidden = np.ones(FRAMES, bool), np.ones(FRAMES, bool)
    hidden[left_hidden] = False
    hands: dict[Side, TrueHand] = {
        "left": TrueHand(np.stack([_at(0)] * FRAMES), hidden),
        "right": TrueHand(np.stack([_at(400)] * FRAMES), seen),
    }
    return HandJudge(Truth(FPS, FRAMES, 0, (0, 0), (), (), hands))


def _run(judge: HandJudge, *places: tuple[float | None, float | None]) -> HandErrors:
    for index, pair in enumerate(places):
        hands = [None if x is None else TrackedHand(_at(x), observed=True) for x in pair]
        judge.step(HandPair(index / FPS, *hands))
    return judge.errors


def _lasts(spans: list[Span]) -> list[float]:
    return [round(span.end_s - span.start_s, 3) for span in spans]


def test_phantoms_are_far_from_every_true_hand() -> None:
    errors = _run(_judge(), (0, 400), (61, 400), (61, 400), (59, 400))
    assert _lasts(errors.phantoms) == [0.2]
    assert errors.phantoms[0].start_s == pytest.approx(0.1)
    assert errors.visible_right == 2
    assert errors.visible_both == 4
    assert _lasts(errors.missed) == [0.2]


def test_a_hand_found_where_it_is_hidden_is_no_phantom() -> None:
    errors = _run(_judge(left_hidden=slice(0, 5)), (0, 400), (0, 400))
    assert errors.phantoms == []
    assert errors.visible == 0


def test_wrong_names_last_as_long_as_they_stand() -> None:
    right, wrong = (0.0, 400.0), (400.0, 0.0)
    errors = _run(_judge(), right, wrong, wrong, wrong, right, right, right, (400.0, None))
    assert sorted(_lasts(errors.misnamed)) == [0.1, 0.3, 0.3]
    assert errors.visible_right == 7


def test_two_hands_on_one_are_not_both() -> None:
    errors = _run(_judge(), (390, 400))
    assert (errors.visible_both, errors.visible_right) == (1, 0)


def test_the_labels_of_mediapipe_are_names() -> None:
    judge = _judge()
    judge.step_detected(
        0.0, [DetectedHand(_at(0), 0.9, "right"), DetectedHand(_at(400), 0.9, "right")]
    )
    errors = judge.errors
    assert (errors.visible_right, errors.swapped) == (1, 1)
    assert _lasts(errors.misnamed) == [0.1]


def test_the_farthest_hand_is_remembered_with_its_time() -> None:
    errors = _run(_judge(), (0, 400), (30, 400), (12, 400))
    assert errors.farthest == pytest.approx((0.25, 0.1))


def test_regained_is_the_share_of_misses_that_are_gone() -> None:
    bare = HandErrors(visible=100, visible_right=60)
    assert HandErrors(visible=100, visible_right=90).regained(bare) == pytest.approx(0.75)
    assert HandErrors(visible=100, visible_right=50).regained(bare) == pytest.approx(-0.25)
    assert HandErrors(visible=9).regained(HandErrors(visible=9, visible_right=9)) is None


def test_wrong_frames_close_together_are_one_error() -> None:
    spans = Spans()
    for start_s in (0.0, 0.1, 0.3, 0.6):
        spans.mark(start_s, start_s + 0.1)
    assert _lasts(spans.spans) == [0.4, 0.1]
    assert longest(spans.spans) == spans.spans[0]
    assert longest([]) is None
