"""Plan, breath, ghost and tally by themselves."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from routines.path import path_back
from routines.reps import (
    Event,
    PhaseChanged,
    Progress,
    Rep,
    RepEnded,
    RepStarted,
    SettleEnded,
    Span,
)
from routines.routine import Routine
from sessions.guided import Plan, PlanError, Say
from sessions.guided.ghost import Ghost
from sessions.guided.look import Look
from sessions.guided.settle import breath_at
from sessions.guided.tally import Tally
from vision.hands import HandPair
from vision.samples import BackHand, BackSample, BackScale

SCALE = BackScale(u_cm=19.0, v_cm=40.0, shoulder_line_v=0.77, assumed=False)
START = (0.35, 0.07)


# Plan


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ({"goal": 0}, "goal is 0"),
        ({"goal": 11}, "from 1 to 10"),
        ({"settle_s": -1.0}, "settle_s"),
        ({"breath_in_s": 0.2}, "breath_in_s"),
        ({"tempo_s": 2.0}, "from 4 to 60"),
        ({"pause_after_s": 0.0}, "pause_after_s"),
        ({"level": "never"}, "choose one of every, second, summary, fade"),
        ({"settle_s": float("nan")}, "settle_s"),
    ],
)
def test_a_plan_that_nobody_can_follow_is_refused(setting: dict[str, Any], named: str) -> None:
    with pytest.raises(PlanError, match=named):
        Plan(**setting)


def test_says_cannot_be_changed() -> None:
    values = {"count": 1}
    say = Say(1.0, "count", "count", values)
    values["count"] = 2
    assert say.values["count"] == 1
    with pytest.raises(TypeError, match="does not support item assignment"):
        cast(dict[str, object], say.values)["count"] = 3


# Breath


def test_the_breath_swells_and_sinks_in_its_own_times() -> None:
    plan = Plan(breath_in_s=4.0, breath_out_s=6.0)
    swells = [breath_at(time_s, plan) for time_s in np.arange(0, 20, 0.1)]
    assert [breath.phase for breath in swells[:40]] == ["in"] * 40
    assert [breath.phase for breath in swells[41:99]] == ["out"] * 58
    assert swells[0].swell == pytest.approx(0.0)
    assert swells[40].swell == pytest.approx(1.0)
    assert swells[20].swell == pytest.approx(0.5)
    assert swells[70].swell == pytest.approx(0.5)
    assert np.abs(np.diff([breath.swell for breath in swells])).max() < 0.05


# Ghost


def looking(time_s: float, place, plan: Plan, dt_s: float = 0.1) -> Look:
    """Both hands at (x, v); None where nobody sees them."""

    def hand(sign: float) -> BackHand | None:
        if place is None:
            return None
        palm = np.array([sign * place[0], place[1]])
        return BackHand(palm, palm, palm, 0.0, observed=True, trusted=True)

    sample = BackSample(time_s, hand(-1.0), hand(1.0))
    return Look(time_s, dt_s, HandPair(time_s, None, None), plan, sample=sample)


def along(routine: Routine, share: float) -> tuple[float, float]:
    """A place on the path, evenly."""
    path = path_back(routine, "right")
    lengths = np.linalg.norm(np.diff(path * (1, 40 / 19), axis=0), axis=1)
    at = np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum()
    x, v = (float(np.interp(share, at, axis)) for axis in path.T)
    return x, v


def lead(routine: Routine, ghosts) -> float:
    """Where on the path the ghost is, as a share."""
    shares = np.linspace(0, 1, 400)
    gaps = [np.hypot(*np.subtract(along(routine, share), ghosts["right"])) for share in shares]
    return float(shares[int(np.argmin(gaps))])


@pytest.mark.slow
def test_without_a_tempo_the_ghost_goes_a_stretch_ahead(routine: Routine) -> None:
    ghost, plan = Ghost(routine, SCALE), Plan()
    for index in range(100):
        share = index / 100
        ghosts, says = ghost.step(looking(index / 10, along(routine, share), plan))
        assert says == ()
        assert ghosts["left"][0] == -ghosts["right"][0]
        if 0.1 < share < 0.85:
            assert lead(routine, ghosts) == pytest.approx(share + 0.12, abs=0.04)


def test_with_a_tempo_the_ghost_waits_at_the_start_and_then_keeps_its_time(
    routine: Routine,
) -> None:
    ghost, plan = Ghost(routine, SCALE), Plan(tempo_s=10.0)
    for index in range(30):
        ghosts, says = ghost.step(looking(index / 10, START, plan))
        assert ghosts["right"] == pytest.approx(START, abs=0.02)
        assert says == ()
    tones = []
    for index in range(100):
        ghosts, says = ghost.step(looking(3 + index / 10, along(routine, index / 100), plan))
        tones += [say.values["phase"] for say in says]
        if 20 < index < 90:
            assert lead(routine, ghosts) == pytest.approx(index / 100, abs=0.13)
    assert tones == [phase.name for phase in routine.phases]


def test_with_a_tempo_the_ghost_waits_for_hands_that_stay_behind(routine: Routine) -> None:
    ghost, plan = Ghost(routine, SCALE), Plan(tempo_s=8.0)
    ghost.step(looking(0.0, START, plan))
    for index in range(200):
        share = min(index / 100, 0.3)
        ghosts, _ = ghost.step(looking(0.1 + index / 10, along(routine, share), plan))
    assert lead(routine, ghosts) == pytest.approx(0.55, abs=0.04)


def test_a_ghost_goes_on_where_nobody_sees_the_hands_and_begins_anew_at_home(
    routine: Routine,
) -> None:
    ghost, plan = Ghost(routine, SCALE), Plan(tempo_s=10.0)
    ghost.step(looking(0.0, START, plan))
    for index in range(30):
        ghost.step(looking(0.1 + index / 10, along(routine, index / 100), plan))
    before, _ = ghost.step(looking(3.2, None, plan))
    for index in range(30):
        after, _ = ghost.step(looking(3.3 + index / 10, None, plan))
    assert lead(routine, after) - lead(routine, before) == pytest.approx(0.3, abs=0.05)
    for index in range(62, 101):
        ghost.step(looking(index / 10, along(routine, index / 100), plan))
    home, _ = ghost.step(looking(11.0, START, plan))
    assert home["right"] == pytest.approx(START, abs=0.02)


# Tally


def rep(start_s: float, end_s: float, *, counted: bool = True) -> RepEnded:
    return RepEnded(end_s + 0.5, Rep(7, start_s, end_s, counted, (), (), 0.0, None))


def numbers(events: Sequence[Event]) -> list[int]:
    return [event.rep.index for event in events if isinstance(event, RepEnded)]


def test_only_strokes_that_began_while_the_session_was_on_them_belong_to_it() -> None:
    tally = Tally()
    assert tally.step([rep(1, 8)]) == ()
    tally.open(10.0)
    taken = tally.step([rep(2, 9), rep(9.5, 16), rep(17, 24, counted=False)])
    assert numbers(taken) == [1, 2]
    tally.close(25.0)
    assert numbers(tally.step([rep(24.8, 30)])) == [3]
    assert tally.step([rep(26, 31)]) == ()
    progress = tally.progress(Progress(count=9, attempts=9, phase="up", settling=True))
    assert progress == Progress(count=2, attempts=3, phase=None, settling=True)


def test_other_events_pass_while_it_is_open_and_a_settle_always() -> None:
    settle = SettleEnded(5.0, Span(1.0, 5.0))
    tally = Tally()
    assert tally.step([settle, PhaseChanged(5.0, "up"), RepStarted(5.0)]) == (settle,)
    tally.open(10.0)
    assert len(tally.step([PhaseChanged(10.5, "up"), RepStarted(10.2)])) == 2
