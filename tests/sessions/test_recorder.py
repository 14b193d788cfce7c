"""Figures gathered from moments: shares, stretches not seen, paths."""

from collections.abc import Iterable

import numpy as np
import pytest

from routines.reps import Progress, SettleEnded, Span
from sessions.coach import Moment
from sessions.record import Unseen
from sessions.recorder import Gaps, Recorder, unseen_of
from vision.hands import HandPair, TrackedHand
from vision.samples import BackHand, BackSample

FPS = 30


def _hand(*, observed: bool) -> TrackedHand:
    return TrackedHand(np.zeros((21, 2)), observed)


def _back_hand(u: float, *, observed: bool) -> BackHand:
    place = np.array([u, 0.5])
    return BackHand(place, place, place, 10.0, observed, trusted=True)


def _moment(time_s: float, left: bool | None, right: bool | None) -> Moment:
    """A moment whose hands are observed (True), bridged (False) or not known (None)."""
    hands = [None if seen is None else _hand(observed=seen) for seen in (left, right)]
    back = [None if seen is None else _back_hand(time_s, observed=seen) for seen in (left, right)]
    progress = Progress(0, 0, None, settling=False)
    pair, sample = HandPair(time_s, *hands), BackSample(time_s, *back)
    return Moment(time_s, pair, sample, progress, ())


def _gaps(observed: Iterable[bool]) -> tuple[Span, ...]:
    gaps = Gaps()
    time_s = 0.0
    for index, seen in enumerate(observed):
        time_s = index / 10
        gaps.step(time_s, observed=seen)
    return gaps.finish(time_s)


def test_short_stretches_are_not_listed() -> None:
    assert _gaps([True] * 5 + [False] * 4 + [True] * 5) == ()


def test_a_stretch_lasts_until_the_hand_is_back() -> None:
    assert _gaps([True] * 5 + [False] * 6 + [True] * 5) == (Span(0.5, 1.1),)


def test_a_stretch_open_at_the_end_is_closed_there() -> None:
    assert _gaps([True] * 5 + [False] * 7) == (Span(0.5, 1.1),)


def test_a_glimpse_does_not_break_a_stretch_in_two() -> None:
    assert _gaps([False] * 4 + [True] + [False] * 4 + [True]) == (Span(0.0, 0.9),)


def test_a_longer_sight_does() -> None:
    seen = [False] * 6 + [True] * 3 + [False] * 6 + [True]
    assert _gaps(seen) == (Span(0.0, 0.6), Span(0.9, 1.5))


def test_overlapping_stretches_are_both() -> None:
    assert unseen_of([Span(0, 2), Span(5, 6)], [Span(1, 3)]) == (
        Unseen(0, 1, "left"),
        Unseen(1, 2, "both"),
        Unseen(2, 3, "right"),
        Unseen(5, 6, "left"),
    )


def test_shares_count_bridged_hands_as_not_observed() -> None:
    recorder = Recorder()
    for index, (left, right) in enumerate(
        [(True, True), (True, False), (None, True), (None, None)]
    ):
        recorder.step(_moment(index / FPS, left, right))
    facts = recorder.tracking()
    assert facts.both_hands_share == 0.25
    assert facts.any_hand_share == 0.75
    assert facts.inferred_share == pytest.approx(1 / 5)


def test_shares_of_no_frames_are_nought() -> None:
    facts = Recorder().tracking()
    assert (facts.both_hands_share, facts.any_hand_share, facts.inferred_share) == (0, 0, 0)


def test_paths_hold_about_ten_points_a_second() -> None:
    recorder = Recorder()
    for index in range(10 * FPS):
        recorder.step(_moment(index / FPS, True, False if index > 5 * FPS else None))
    paths = recorder.paths()
    assert len(paths["left"].time_s) == 100
    assert paths["left"].observed.all()
    assert 48 <= len(paths["right"].time_s) <= 50
    assert not paths["right"].observed.any()
    assert paths["left"].palm_back.shape == (100, 2)


def test_a_hand_that_was_never_known_has_an_empty_path() -> None:
    assert Recorder().paths()["left"].palm_back.shape == (0, 2)


def test_the_first_settle_is_kept() -> None:
    recorder = Recorder()
    recorder.take([SettleEnded(3.2, Span(0, 3)), SettleEnded(9.0, Span(6, 9))])
    assert recorder.settle == Span(0, 3)


def test_frames_that_were_left_out_count_as_the_look_before_them() -> None:
    recorder = Recorder()
    recorder.step(_moment(0.0, True, True))
    for index in range(1, 4):
        recorder.skip(index / FPS)
    recorder.step(_moment(4 / FPS, None, False))
    facts = recorder.tracking()
    assert facts.both_hands_share == facts.any_hand_share == pytest.approx(0.8)
    assert facts.inferred_share == pytest.approx(1 / 9)
    assert facts.looked_share == pytest.approx(0.4)
