"""What happens now: hands that are ready at any frame rate, and the phase without a lag."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routines.routine import Routine, load_routine
from sessions.guided import GuidedSession, Plan
from sessions.guided.look import Look
from sessions.guided.places import Places
from sessions.guided.start import REST_S, StartRest
from sessions.guided.strokes import BACK_AGAIN_S, PhaseNow
from vision.hands import HandPair
from vision.samples import BackHand, BackSample, BackScale

SCALE = BackScale(u_cm=19.0, v_cm=40.0, shoulder_line_v=0.77, assumed=False)
ROUTINE = load_routine()
NOBODY = HandPair(0.0, None, None)
STEPS_S = st.lists(st.floats(1 / 30, 0.25), min_size=40, max_size=40)
"""Frames as they come from a slow machine, at 4 to 30 a second in any order."""


def hand(u: float, v: float) -> BackHand:
    place = np.array([u, v])
    return BackHand(place, place, place, 0.0, True, True, (0.02, 0.02))


def ready_s(dts: list[float], places: Callable[[float], tuple[float, float]]) -> float | None:
    """When hands at (u, v) of each moment are ready; None if they never are."""
    rest = StartRest(Places(ROUTINE, SCALE))
    time_s = 0.0
    for dt_s in dts:
        time_s += dt_s
        u, v = places(time_s)
        sample = BackSample(time_s, hand(-u, v), hand(u, v))
        if rest.step(Look(time_s, dt_s, NOBODY, Plan(), sample=sample)):
            return time_s
    return None


@settings(max_examples=60, deadline=None)
@given(dts=STEPS_S, seed=st.integers(0, 99))
def test_hands_at_the_start_place_are_ready_soon_at_any_rate(dts: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    trembling = ready_s(dts, lambda _: (0.35 + rng.normal(0, 0.01), 0.07 + rng.normal(0, 0.005)))
    assert trembling is not None
    assert dts[0] + REST_S - 1e-9 <= trembling <= dts[0] + REST_S + 0.25


@pytest.mark.parametrize("fps", [5, 8, 15, 30])
def test_hands_that_rub_are_not_ready(fps: int) -> None:
    def rubbing(time_s: float) -> tuple[float, float]:
        return 0.35, 0.07 + 0.12 * np.sin(2 * np.pi * 1.3 * time_s)

    assert ready_s([1 / fps] * 10 * fps, rubbing) is None


@pytest.mark.parametrize(
    "fps", [5, *(pytest.param(fps, marks=pytest.mark.slow) for fps in (8, 15, 30))]
)
def test_strokes_begin_before_the_first_one_at_any_rate(
    fps: int, new_giver, routine, known
) -> None:
    giver = new_giver(fps=fps)
    giver.rest(((-0.35, 0.07), (0.35, 0.07)), 7.5)
    stroke_s = giver.now_s
    giver.strokes(1).rest(((-0.35, 0.07), (0.35, 0.07)), 1.0)
    plan = Plan(goal=1, settle_s=0.0)
    session = GuidedSession(routine, plan, (640, 480), calibration=known, detector=giver)
    scenes = [session.step(frame) for frame in giver.frames()]
    began_s = next(scene.time_s for scene in scenes if scene.stage == "strokes")
    assert began_s < stroke_s
    assert scenes[-1].progress.count == 1


@pytest.mark.slow
def test_the_phase_is_shown_without_the_lag_of_what_is_judged(
    new_giver, routine: Routine, known
) -> None:
    giver = new_giver()
    giver.rest(((-0.35, 0.07), (0.35, 0.07)), 7.5).strokes(2)
    plan = Plan(goal=2, settle_s=0.0)
    session = GuidedSession(routine, plan, (640, 480), calibration=known, detector=giver)
    scenes = [session.step(frame) for frame in giver.frames()]
    shown = [scene.phase_now for scene in scenes]
    judged = [scene.progress.phase for scene in scenes]
    changes = [phase for last, phase in pairwise(shown) if phase != last]
    assert [phase for phase in changes if phase][:4] == ["up", "out", "down", "pull_in"]
    assert len(changes) <= 12
    for phase in ("up", "out", "down"):
        lead_s = (judged.index(phase) - shown.index(phase)) / giver.fps
        assert 0.15 <= lead_s <= 0.8, phase
    assert all(scene.phase_now is None for scene in scenes if scene.task not in ("guide.strokes",))


def test_a_phase_that_was_left_does_not_flicker() -> None:
    now = PhaseNow()
    legs = ["up", "up", "out", "up", "out", "out", "out"]
    assert [now.step(0.1 * number, leg) for number, leg in enumerate(legs)] == [
        "up",
        "up",
        *["out"] * 5,
    ]
    assert now.step(0.6 + BACK_AGAIN_S, "up") == "up", "who turns back is seen to"
