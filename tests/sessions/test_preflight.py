"""What speaks against a picture is said while it holds, and taken back when it is mended."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from routines.routine import load_routine
from sessions.looks import LOOK_S, Noted
from sessions.preflight import Preflight, Remark
from vision.arrays import Floats, ImageRGB
from vision.calibration import Calibration, load_calibration
from vision.frames import Frame
from vision.hands import HandPair, TrackedHand

SAMPLES = Path(__file__).parents[2] / "sample_videos"
SIZE = (640, 480)
ROOM = np.random.default_rng(2).integers(60, 200, (480, 640, 3)).astype(np.uint8)

FLAT_HAND = np.array(
    [(0, 0), (15, -10), (25, -20), (33, -30), (40, -38)]
    + [(x * (1 + k / 12), -50 - 14 * k) for x in (18, 5, -8, -20) for k in range(4)],
    float,
)
"""(21, 2) px from the wrist, fingers up the picture; about 92 px long."""


def hand(x: float = 320, y: float = 300, times: float = 1.0, turn: Floats | None = None):
    marks = FLAT_HAND @ (np.eye(2) if turn is None else turn).T * times + (x, y)
    return TrackedHand(marks, observed=True)


BOTH = (hand(260), hand(380))
NONE = (None, None)


def frames(
    seconds: float,
    fps: float = 25.0,
    *,
    begin_s: float = 0.0,
    image_rgb: ImageRGB = ROOM,
    full_size: tuple[int, int] = SIZE,
) -> Iterator[Frame]:
    for index in range(round(seconds * fps)):
        yield Frame(index, begin_s + index / fps, image_rgb, full_size)


def stepped(
    shown: Iterable[Frame],
    hands: tuple[TrackedHand | None, TrackedHand | None] | None = BOTH,
    calibration: Calibration | None = None,
    *,
    preflight: Preflight | None = None,
    window_s: float | None = 4.0,
) -> Preflight:
    preflight = preflight or Preflight(load_routine(), window_s=window_s)
    for frame in shown:
        pair = None if hands is None else HandPair(frame.time_s, *hands)
        preflight.step(frame, pair, calibration)
    return preflight


def codes(preflight: Preflight) -> list[str]:
    return [remark.code for remark in preflight.remarks]


WINDOWS = pytest.mark.parametrize("window_s", [4.0, None])


@WINDOWS
def test_a_fit_picture_has_no_remark(window_s: float | None) -> None:
    wide = load_calibration(SAMPLES / "wide.calibration.json")
    assert codes(stepped(frames(4), window_s=window_s)) == []
    assert codes(stepped(frames(4), BOTH, wide, window_s=window_s)) == []
    assert codes(stepped([], window_s=window_s)) == []


@WINDOWS
def test_dark_pictures(window_s: float | None) -> None:
    night = (ROOM * 0.2).astype(np.uint8)
    assert codes(stepped(frames(3, image_rgb=night), window_s=window_s)) == ["dark"]


def test_a_lit_back_in_a_black_room_is_light_enough() -> None:
    stage = np.zeros_like(ROOM)
    stage[160:320, 200:440] = 120
    assert codes(stepped(frames(3, image_rgb=stage))) == []


def test_a_dark_back_before_a_bright_window_is_dark() -> None:
    wide = load_calibration(SAMPLES / "wide.calibration.json")
    backlit = np.full_like(ROOM, 20)
    backlit[:, 500:] = 250
    assert codes(stepped(frames(3, image_rgb=backlit), BOTH, wide)) == ["dark"]
    assert codes(stepped(frames(3, image_rgb=backlit), BOTH)) == []


@WINDOWS
def test_small_pictures(window_s: float | None) -> None:
    small = frames(3, image_rgb=ROOM[::2, ::2], full_size=(320, 240))
    preflight = stepped(small, (hand(130, 200, 0.7), hand(190, 200, 0.7)), window_s=window_s)
    assert preflight.remarks == (Remark("small", {"width": 320, "height": 240}),)


@WINDOWS
@pytest.mark.parametrize(("fps", "said"), [(8.0, True), (11.0, True), (15.0, False)])
def test_slow_pictures(window_s: float | None, fps: float, *, said: bool) -> None:
    preflight = stepped(frames(5, fps), window_s=window_s)
    assert codes(preflight) == ["slow"] * said
    if said:
        assert preflight.remarks[0].values["fps"] == pytest.approx(fps)


def test_a_rate_at_its_limit_does_not_flicker() -> None:
    preflight = stepped(frames(5, 11.5))
    assert codes(preflight) == ["slow"]
    stepped(frames(6, 12.4, begin_s=5), preflight=preflight)
    assert codes(preflight) == ["slow"]
    stepped(frames(6, 14.0, begin_s=11), preflight=preflight)
    assert codes(preflight) == []


def test_hands_are_missed_only_where_they_were_looked_for() -> None:
    assert codes(stepped(frames(3), None)) == []
    assert codes(stepped(frames(3), NONE)) == ["no_hands"]
    bridged = tuple(replace(one, observed=False) for one in BOTH)
    assert codes(stepped(frames(3), (bridged[0], bridged[1]))) == ["no_hands"]


def test_what_is_mended_is_soon_forgotten_in_a_session() -> None:
    preflight = stepped(frames(5), NONE)
    assert codes(preflight) == ["no_hands"]
    stepped(frames(2, begin_s=5), BOTH, preflight=preflight)
    assert codes(preflight) == []


def test_a_review_forgets_nothing() -> None:
    preflight = stepped(frames(8), NONE, window_s=None)
    stepped(frames(3, begin_s=8), BOTH, preflight=preflight)
    (remark,) = preflight.remarks
    assert remark.code == "few_hands"
    assert remark.values["share"] == pytest.approx(3 / 11)


@WINDOWS
def test_hands_that_are_too_large_or_too_small(window_s: float | None) -> None:
    large, small = hand(320, 470, 2.6), hand(320, 300, 0.4)
    assert codes(stepped(frames(4), (large, large), window_s=window_s)) == ["near"]
    (far,) = stepped(frames(4), (small, small), window_s=window_s).remarks
    assert far.code == "far"
    assert far.values["hand_px"] == pytest.approx(37, abs=1)


def test_a_large_picture_is_judged_as_it_is_looked_at() -> None:
    """Scaled down to a sixth, a hand of 180 px has 30."""
    shown = list(frames(4, full_size=(3840, 2880)))
    hands = hand(1500, 2000, 2.0), hand(2000, 2000, 2.0)
    assert codes(stepped(shown, hands)) == ["far"]


def test_a_back_that_the_hands_way_would_leave_is_cut_off() -> None:
    wide = load_calibration(SAMPLES / "wide.calibration.json")
    points = {name: (x, y - 120) for name, (x, y) in wide.points_px.items()}
    cut = Calibration((640, 360), points)
    shown = frames(3, image_rgb=ROOM[:360], full_size=(640, 360))
    assert stepped(shown, BOTH, cut).remarks == (Remark("cut_off", {"edge": "top"}),)


UP = np.eye(2)
DOWN = -np.eye(2)


@pytest.mark.parametrize(
    ("turn", "y", "edge"),
    [(UP, 60, "top"), (DOWN, 420, "bottom"), (UP, 470, None), (UP, 200, None), (UP, 500, None)],
)
def test_hands_that_reach_out_fingers_first_tell_of_a_back_that_is_cut_off(
    turn: Floats, y: float, edge: str | None
) -> None:
    reaching = (hand(320, y, turn=turn), None)
    live = stepped(frames(3), reaching)
    assert live.remarks == ((Remark("cut_off", {"edge": edge}),) if edge else ())
    once = stepped(frames(3), reaching, window_s=None)
    assert "cut_off" not in codes(once)
    for begin_s in (6, 12):
        stepped(frames(3, begin_s=begin_s - 3), BOTH, preflight=once)
        stepped(frames(3, begin_s=begin_s), reaching, preflight=once)
    assert [remark.values.get("edge") for remark in once.remarks if remark.code == "cut_off"] == (
        [edge] if edge else []
    )


def shifted(image_rgb: ImageRGB, columns: int) -> ImageRGB:
    return np.roll(image_rgb, columns, axis=1)


def furniture() -> ImageRGB:
    room = np.full((480, 640, 3), 90, np.uint8)
    random = np.random.default_rng(3)
    for x, y, light in zip(
        random.integers(0, 600, 90),
        random.integers(0, 440, 90),
        random.integers(0, 255, 90),
        strict=True,
    ):
        room[y : y + 22, x : x + 30] = light
    return room


def test_a_camera_that_was_moved_is_told_in_a_review() -> None:
    wide, room = load_calibration(SAMPLES / "wide.calibration.json"), furniture()
    preflight = stepped(frames(8, 12.5, image_rgb=room), BOTH, wide, window_s=None)
    assert codes(preflight) == []
    there = frames(8, 12.5, begin_s=8, image_rgb=shifted(room, 32))
    stepped(there, BOTH, wide, preflight=preflight)
    assert codes(preflight) == ["moved"]


def test_remarks_can_be_asked_for_at_any_time() -> None:
    preflight = Preflight(load_routine())
    seen = [preflight.remarks]
    for frame in frames(4, image_rgb=(ROOM * 0.1).astype(np.uint8)):
        preflight.step(frame)
        seen.append(preflight.remarks)
    assert seen[0] == ()
    assert seen[1] == seen[-1] == (Remark("dark"),)
    assert LOOK_S < 1


def test_a_remark_can_be_sent_to_another_process() -> None:
    remark = Remark("cut_off", {"edge": "top"})
    assert pickle.loads(pickle.dumps(remark)) == remark


def test_a_frame_that_was_left_out_counts_with_the_hands_of_the_one_before() -> None:
    few, some = (Preflight(load_routine(), window_s=None) for _ in range(2))
    for preflight, hands_of_the_left_out in ((few, (None, None)), (some, BOTH)):
        notes = preflight.notes()
        for index, frame in enumerate(frames(6)):
            if index % 3 == 0:
                preflight.take(notes.of(frame), HandPair(frame.time_s, *BOTH))
            else:
                pair = HandPair(frame.time_s, *hands_of_the_left_out)
                preflight.take(Noted(frame.time_s, SIZE), pair)
    assert "few_hands" in codes(few)
    assert codes(some) == []
