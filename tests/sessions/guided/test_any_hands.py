"""Whatever hands and buttons do, nothing breaks and no stage is reached by a way that is none."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.guided import GuidedSession, Plan
from sessions.guided.session import EDGES

FPS = 5.0
SIZE = (640, 480)
TALLIED = ("strokes", "paused", "done")

PLACE = st.tuples(st.floats(-2, 2), st.floats(-0.7, 1.4))
NAMED = st.sampled_from(
    [
        ((-0.35, 0.07), (0.35, 0.07)),
        ((-0.37, 0.85), (0.37, 0.85)),
        ((-0.94, 0.81), (0.94, 0.81)),
        ((0.02, 0.74), (-0.02, 0.03)),
    ]
)
SECONDS = st.floats(0.2, 6.0)
MOVES = st.one_of(
    st.tuples(st.just("rest"), st.one_of(NAMED, st.tuples(PLACE, PLACE)), SECONDS),
    st.tuples(st.just("away"), SECONDS),
    st.tuples(st.just("rub"), SECONDS),
    st.tuples(st.just("strokes"), st.integers(1, 2)),
    st.tuples(st.just("hide"), st.integers(0, 1), st.just(1.0)),
)
BUTTONS = st.sampled_from(
    ["pause", "resume", "skip", "redo_place", "end", "calibrate", "change", "turned"]
)
SCRIPTS = st.lists(st.one_of(MOVES, MOVES, MOVES, BUTTONS), min_size=1, max_size=10)


def press(session: GuidedSession, button: str, known) -> None:
    if button == "calibrate":
        session.calibrate(known)
    elif button == "change":
        session.change(Plan(goal=2, settle_s=1.0, level="every", tempo_s=8.0))
    elif button == "turned":
        session.turned(SIZE)
    else:
        getattr(session, button)()


def perform(giver, actions) -> dict[int, list[str]]:
    """The script's steps, and which buttons are pressed before which of them."""
    pressed: dict[int, list[str]] = {}
    for action in actions:
        if isinstance(action, str):
            pressed.setdefault(len(giver.steps), []).append(action)
        elif action[0] != "hide" or len(giver.steps) > FPS:
            getattr(giver, action[0])(*action[1:])
    return pressed


def check_any(new_giver, routine, known, actions, *, offered: bool) -> None:
    giver = new_giver(fps=FPS)
    pressed = perform(giver, actions)
    plan = Plan(goal=1, settle_s=2.0, pause_after_s=1.0)
    calibration = known if offered else None
    session = GuidedSession(routine, plan, SIZE, calibration=calibration, detector=giver)
    was, count = session.stage, 0
    with session:
        for frame in giver.frames():
            for button in pressed.get(frame.index, []):
                press(session, button, known)
                assert session.stage == was or session.stage in EDGES[was]
                was = session.stage
            scene = session.step(frame)
            assert scene.stage == was or scene.stage in EDGES[was]
            was = scene.stage
            assert scene.progress.count >= count
            count = scene.progress.count
            assert count == 0 or scene.stage in (*TALLIED, "touch", "confirm")
            assert (scene.breath is not None) <= (scene.task == "guide.breathe")
            assert scene.hold is None or 0.0 <= scene.hold.share <= 1.0
            assert scene.remaining_s is None or scene.remaining_s >= 0.0
        last = session.finish()
    assert last.stage == "done"
    assert last.progress.attempts == len(session.recorder.reps)
    assert last.progress.count == sum(rep.counted for rep in session.recorder.reps)


QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=QUIET)
@given(actions=SCRIPTS)
def test_any_hands_and_buttons_with_a_known_back(new_giver, routine, known, actions) -> None:
    check_any(new_giver, routine, known, actions, offered=True)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=QUIET)
@given(actions=SCRIPTS, offered=st.booleans())
def test_any_hands_and_buttons(new_giver, routine, known, actions, offered) -> None:
    check_any(new_giver, routine, known, actions, offered=offered)
