"""A whole session on real pictures, with the real hand model."""

import pytest

from sessions.calibration_error import calibration_error
from sessions.guided import GuidedSession, Plan
from tests.films import SAMPLES, frames_of, length_s, whole_session
from vision.calibration import load_calibration


@pytest.mark.slow
def test_a_session_on_film_runs_without_a_touch(routine) -> None:
    shots = whole_session(settle_s=6.0)
    spoken: list[str] = []
    stages: list[str] = []
    with GuidedSession(routine, Plan(goal=3, settle_s=6.0), (640, 480)) as session:
        for frame in frames_of(shots):
            scene = session.step(frame)
            spoken += [say.key for say in scene.says if say.kind != "tone"]
            if not stages or stages[-1] != scene.stage:
                stages.append(scene.stage)
        last = session.finish()
    assert stages == ["check", "touch", "confirm", "settle", "oil", "strokes", "done"]
    assert last.progress.count == last.progress.attempts == 3
    assert last.time_s > length_s(shots) - 0.2
    assert spoken == [
        "notice.stop_when_it_hurts",
        "guide.check",
        "guide.touch_lower_back",
        "guide.touch_neck",
        "guide.touch_shoulders",
        "guide.confirm",
        "guide.settle",
        "guide.breathe",
        "guide.oil",
        "guide.strokes",
        "count",
        "count",
        "count",
        "guide.done",
    ]
    clicked = load_calibration(SAMPLES / "fps15.calibration.json")
    assert last.calibration is not None
    assert calibration_error(last.calibration, clicked).worst < 0.12
