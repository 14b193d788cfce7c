"""The back by touch: one place after the other, gently refused where the hands lie elsewhere."""

import numpy as np
import pytest

from routines.path import path_back
from routines.routine import Routine
from sessions.guided import Plan
from sessions.guided.look import Answer, Look
from sessions.guided.touch import REMIND_S, TouchStage
from sessions.loose_hands import LooseHands
from vision.frames import Frame
from vision.hands import DetectedHand, HandPair

START = ((-0.35, 0.07), (0.35, 0.07))
NECK = ((-0.37, 0.85), (0.37, 0.85))
SHOULDERS = ((-0.94, 0.81), (0.94, 0.81))
SETTLE = ((0.02, 0.74), (-0.02, 0.03))
SIZE = (640, 480)


@pytest.fixture
def touch(routine: Routine):
    """`touch(giver)` steps a touch stage through the script, until it has found the back."""

    def run(giver) -> list[tuple[Look, Answer]]:
        stage = TouchStage(SIZE, path_back(routine, "right"))
        eyes = LooseHands(giver)
        gone = []
        for frame in giver.frames():
            look = Look(frame.time_s, 1 / giver.fps, eyes.step(frame), Plan())
            gone.append((look, stage.step(look)))
            if gone[-1][1].found is not None:
                break
        return gone

    return run


def tasks(gone: list[tuple[Look, Answer]]) -> list[str]:
    return list(dict.fromkeys(answer.task for _, answer in gone))


def share(answer: Answer) -> float:
    return 0.0 if answer.hold is None else answer.hold.share


def said(gone: list[tuple[Look, Answer]]) -> list[str]:
    return [say.key for _, answer in gone for say in answer.says]


def test_each_place_takes_two_seconds(giver, touch) -> None:
    gone = touch(giver.rest(START, 5.0))
    full_s = next(look.time_s for look, answer in gone if share(answer) == 1.0)
    assert full_s == pytest.approx(0.8 + 2.0, abs=0.25)
    assert tasks(gone) == ["guide.touch_lower_back", "guide.touch_neck"]


@pytest.mark.slow
@pytest.mark.parametrize("turn_deg", [0, 90, 180])
def test_the_picture_may_lie_any_way(turn_deg: int, giver, touch) -> None:
    """As a camera that is turned about its own axis shows it."""
    angle = np.radians(turn_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([320.0, 240.0])
    upright = giver.detect

    def turned(frame: Frame) -> tuple[DetectedHand, ...]:
        return tuple(
            DetectedHand((hand.landmarks_px - middle) @ turn.T * 0.7 + middle, 0.9)
            for hand in upright(frame)
        )

    giver.detect = turned
    gone = touch(giver.rest(START, 2.4).rest(NECK, 2.4).rest(SHOULDERS, 2.4))
    found = gone[-1][1].found
    assert found is not None
    spine = np.subtract(found.points_px["nape"], found.points_px["waist"])
    assert spine @ (turn @ (0.0, -1.0)) > 0.98 * np.linalg.norm(spine)
    across = np.subtract(found.points_px["right_shoulder"], found.points_px["left_shoulder"])
    assert across @ (turn @ (1.0, 0.0)) > 0.98 * np.linalg.norm(across)


def test_hands_that_move_empty_the_ring_gently(giver, touch) -> None:
    giver.rest(START, 1.5)
    still_s = giver.now_s
    giver.rub(3.0)
    gone = touch(giver)
    before = share(next(answer for look, answer in gone if look.time_s >= still_s - 0.2))
    soon = share(next(answer for look, answer in gone if look.time_s >= still_s + 0.6))
    late = max(share(answer) for look, answer in gone if look.time_s >= still_s + 2.0)
    assert before > 0.6
    assert 0.0 < soon < before
    assert late < 0.3


def test_a_flicker_empties_nothing(giver, touch) -> None:
    giver.rest(START, 2.6)
    giver.steps[-12] = (None, None)
    giver.steps[-20] = (START[0], None)
    assert "tone.got_it" in said(touch(giver))


def test_hands_that_stay_on_the_lower_back_are_not_on_the_neck(giver, touch) -> None:
    gone = touch(giver.rest(START, 10.0))
    assert said(gone).count("tone.got_it") == 1
    assert share(gone[-1][1]) == 0.0


@pytest.mark.parametrize(
    "wrong",
    [((-0.35, 0.5), (0.35, 0.07)), ((-0.02, 0.07), (0.02, 0.07)), ((-1.4, 0.07), (1.4, 0.07))],
    ids=["staggered", "one on the other", "wide apart"],
)
def test_other_places_fill_no_ring(wrong, giver, touch) -> None:
    gone = touch(giver.rest(wrong, 4.0))
    assert gone[-1][1].found is None
    assert said(gone) == []
    assert share(gone[-1][1]) == 0.0


def test_the_neck_is_not_taken_for_the_shoulders(giver, touch) -> None:
    gone = touch(giver.rest(START, 2.4).rest(NECK, 8.0))
    assert said(gone) == ["tone.got_it", "tone.got_it"]
    assert share(gone[-1][1]) == 0.0


@pytest.mark.slow
def test_a_refused_back_says_why_and_begins_again(giver, touch) -> None:
    too_low = ((-0.6, 0.5), (0.6, 0.5))
    giver.rest(START, 2.4).rest(NECK, 2.4).rest(too_low, 2.6).rest(START, 2.6)
    gone = touch(giver)
    (refused,) = [say for _, answer in gone for say in answer.says if "refused" in say.key]
    assert refused.key == "notice.touch_refused"
    assert "lay both hands on each of them again" in str(refused.values["reason"])
    assert gone[-1][1].task == "guide.touch_neck"


def test_nape_and_waist_are_a_third_way(giver, touch, known) -> None:
    found = touch(giver.rest(SETTLE, 5.0))[-1][1].found
    assert found is not None
    assert found.source == "settle"
    for name in ("nape", "waist"):
        assert np.linalg.norm(np.subtract(found.points_px[name], known.points_px[name])) < 40


def test_the_task_is_said_again_then_another_way_and_it_begins_anew(giver, touch) -> None:
    giver.rest(START, 2.4).away(2.5 * REMIND_S)
    gone = touch(giver)
    assert said(gone) == [
        "tone.got_it",
        "guide.touch_neck",
        "notice.touch_other_ways",
    ]
    assert gone[-1][1].task == "guide.touch_lower_back"


def test_a_hand_found_twice_is_one_hand(giver) -> None:
    class Twice:
        def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
            hand = giver.detect(frame)[0]
            return hand, DetectedHand(hand.landmarks_px + 1.0, 0.5)

    giver.rest(START, 1.0)
    pair = LooseHands(Twice()).step(next(giver.frames()))
    assert isinstance(pair, HandPair)
    assert sum(hand is not None for hand in (pair.left, pair.right)) == 1


def test_a_hand_alone_keeps_its_name(giver) -> None:
    giver.rest(START, 1.0).hide(0, 0.6)
    eyes = LooseHands(giver)
    pairs = [eyes.step(frame) for frame in giver.frames()]
    assert pairs[-1].left is None
    assert pairs[-1].right is not None
    assert pairs[3].left is not None
    assert pairs[3].right is not None
    assert pairs[3].left.palm_px[0] < pairs[3].right.palm_px[0]
