"""Lanes: one film from several, the seams where both see the same, nothing left running."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.hand_watch import Looked
from sessions.lane import AT_ONCE, End, Glance
from sessions.lanes import LONGEST_S, SHORTEST_S, Lanes, starts_of
from sessions.looks import Noted
from sessions.seams import ALONE_S, OVERLAP_S, seam
from vision.errors import CoachError, VideoError
from vision.frames import VideoInfo
from vision.hands import HandPair, TrackedHand

FPS = 20
SIZE = (640, 480)
HAND_PX = 50.0


def _hand(x_px: float) -> TrackedHand:
    marks = np.full((21, 2), x_px)
    marks[12, 1] += HAND_PX  # the middle finger's tip, seen from the wrist
    return TrackedHand(marks, observed=True)


def _glance(
    time_s: float, *, place_px: float = 100.0, drift_px: float = 0.0, read_s: float | None = None
) -> Glance:
    looked = Looked(HandPair(time_s, _hand(place_px), None), np.array([drift_px, 0.0]))
    return Glance(Noted(time_s, SIZE, 1.0), looked, time_s if read_s is None else read_s)


@dataclass
class Film:
    """A film in which each lane tells by the hand's place from when on it looks."""

    lasts_s: float
    agree_s: float = 0.0
    """Lanes see the same so long after they began."""
    broken_s: float = np.inf
    """A lane that begins later than this finds nothing to read."""
    shifted_s: float = 0.0
    """A lane that begins in the middle is led wrongly by so much."""
    lost_s: float = 0.0
    """Of the first second, as the first lane alone can know."""
    fails_s: float = np.inf
    """The hand model breaks there."""
    pause_s: float = 0.0

    @contextmanager
    def open(self, start_s: float) -> Iterator[Iterator[Glance | End]]:
        yield self._told(start_s)

    def _told(self, start_s: float) -> Iterator[Glance | End]:
        if start_s >= self.broken_s:
            raise VideoError("nothing there")
        lost_s = 0.0 if start_s else self.lost_s
        times_s = np.arange(round(self.lasts_s * FPS)) / FPS
        for time_s in times_s[times_s >= start_s].tolist():
            if time_s >= self.fails_s:
                raise CoachError("the model broke")
            time.sleep(self.pause_s)
            later = start_s > 0 and time_s - start_s < self.agree_s
            place_px = 100.0 + (2 * HAND_PX if later else 0.0)
            moved_s = self.shifted_s if start_s else 0.0
            yield _glance(time_s + moved_s, place_px=place_px, read_s=time_s - lost_s)
        read_s = self.lasts_s - lost_s
        yield End(VideoInfo("film", *SIZE, self.lasts_s, FPS), read_s, read_s / self.lasts_s)


def _times(glances: list[Glance]) -> list[float]:
    return [round(glance.time_s * FPS) / FPS for glance in glances]


def _places_px(glances: Iterable[Glance]) -> list[float]:
    hands = (glance.looked.pair.left for glance in glances if glance.looked)
    return [float(hand.palm_px[0]) for hand in hands if hand]


def _whole(film: Film) -> list[float]:
    return [index / FPS for index in range(round(film.lasts_s * FPS))]


def _looked(film: Film, starts_s: tuple[float, ...]) -> tuple[list[Glance], float]:
    with Lanes(starts_s, film.open) as lanes:
        seen = list(lanes)
        assert lanes.seen_s == pytest.approx(film.lasts_s, abs=0.2)
        share = lanes.readable_share
    assert _threads() == []
    return seen, share


def _threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("lane")]


@given(duration_s=st.floats(0.1, 20_000))
def test_stretches_cover_the_recording_and_hang_on_it_alone(duration_s: float) -> None:
    starts_s = starts_of(duration_s)
    assert starts_s[0] == 0
    assert starts_of(duration_s) == starts_s
    if duration_s < SHORTEST_S:
        assert len(starts_s) == 1
        return
    ends_s = [*(start_s + OVERLAP_S for start_s in starts_s[1:]), duration_s]
    lengths_s = np.subtract(ends_s, starts_s)
    assert lengths_s == pytest.approx(lengths_s[0])
    assert OVERLAP_S < lengths_s[0] <= LONGEST_S + OVERLAP_S
    assert len(starts_s) % AT_ONCE == 0, "a lane would be left alone at the end"


def test_a_recording_without_a_stated_length_is_one_stretch() -> None:
    assert starts_of(None) == (0.0,)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_every_frame_comes_once_and_in_order(number: int) -> None:
    film = Film(12.0 * number)
    starts_s = tuple(10.0 * index for index in range(number))
    seen, share = _looked(film, starts_s)
    assert _times(seen) == _whole(film)
    assert share == 1


def test_a_later_lane_takes_over_where_both_see_the_same() -> None:
    film = Film(24.0, agree_s=1.5)
    seen, _ = _looked(film, (0.0, 11.0))
    assert _times(seen) == _whole(film)
    assert len(set(_places_px(seen))) == 1  # What the later lane saw otherwise is not told.


def test_at_the_end_of_the_overlap_it_takes_over_all_the_same() -> None:
    film = Film(24.0, agree_s=4.0)
    seen, _ = _looked(film, (0.0, 11.0))
    assert _times(seen) == _whole(film)
    others = [glance.time_s for glance in seen if _places_px([glance])[0] > 150]
    assert others[0] == pytest.approx(11.0 + OVERLAP_S, abs=1.5 / FPS)
    assert others[-1] == pytest.approx(15.0, abs=1.5 / FPS)


@pytest.mark.parametrize(
    "film",
    [
        pytest.param(Film(30.0, broken_s=5.0), id="a search finds nothing"),
        pytest.param(Film(30.0, shifted_s=0.02), id="a search leads elsewhere"),
        pytest.param(Film(8.0), id="the file ends before it says"),
    ],
)
def test_where_no_later_lane_can_go_on_the_earlier_one_does(film: Film) -> None:
    seen, _ = _looked(film, (0.0, 10.0, 20.0))
    assert [glance.time_s for glance in seen] == pytest.approx(_whole(film))


def test_what_an_earlier_lane_could_not_read_is_not_forgotten() -> None:
    _, share = _looked(Film(20.0, lost_s=0.8), (0.0, 9.0))
    assert share == pytest.approx(0.96)


@pytest.mark.parametrize("fails_s", [3.0, 15.0])
def test_an_error_comes_where_its_frame_would_have_come(fails_s: float) -> None:
    film, seen = Film(20.0, fails_s=fails_s), list[float]()
    with Lanes((0.0, 9.0), film.open) as lanes, pytest.raises(CoachError, match="model broke"):
        seen.extend(glance.time_s for glance in lanes)
    assert seen[-1] == pytest.approx(fails_s - 1 / FPS)
    assert _threads() == []


@pytest.mark.parametrize("after", [0, 1, 150, 230])
def test_leaving_early_stops_all_lanes(after: int) -> None:
    film = Film(600.0, pause_s=0.0005)
    with Lanes((0.0, 10.0, 20.0), film.open) as lanes:
        told = iter(lanes)
        for _ in range(after):
            next(told)
    assert _threads() == []


def test_an_error_inside_the_block_stops_all_lanes() -> None:
    film = Film(600.0, pause_s=0.001)
    with pytest.raises(KeyboardInterrupt), Lanes((0.0, 300.0), film.open):
        raise KeyboardInterrupt
    assert _threads() == []


def test_a_result_does_not_hang_on_which_lane_is_faster() -> None:
    slow = Film(24.0, agree_s=1.2, pause_s=0.001)

    def lame(behind: Callable[[float], bool]) -> list[float]:
        @contextmanager
        def opened(start_s: float) -> Iterator[Iterator[Glance | End]]:
            film = slow if behind(start_s) else Film(24.0, agree_s=1.2)
            with film.open(start_s) as told:
                yield told

        with Lanes((0.0, 11.0), opened) as lanes:
            return _places_px(lanes)

    assert lame(lambda start_s: start_s > 0) == lame(lambda start_s: start_s == 0)


def _both(agree: bool = True, **later: float) -> tuple[list[Glance], list[Glance]]:
    times_s = [index / FPS for index in range(round(OVERLAP_S * FPS))]
    place_px = 100.0 if agree else 400.0
    return [_glance(time_s) for time_s in times_s], [
        _glance(time_s, place_px=place_px, **later) for time_s in times_s
    ]


def test_the_seam_leaves_the_later_lane_time_to_find_hands() -> None:
    kept = seam(*_both())
    assert kept is not None
    assert (kept - 1) / FPS == pytest.approx(ALONE_S)
    assert seam(*_both(agree=False)) == round(OVERLAP_S * FPS)


def test_there_is_no_seam_between_two_drifts() -> None:
    assert seam(*_both(drift_px=0.005 * SIZE[0])) is not None
    assert seam(*_both(drift_px=0.02 * SIZE[0])) is None


def test_there_is_no_seam_without_common_frames() -> None:
    before, after = _both()
    assert seam(before, after[:-1]) is None
    assert seam(before, [_glance(one.time_s + 0.01) for one in after]) is None
    assert seam([], []) is None
