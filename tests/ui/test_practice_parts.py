"""The page asks what is new while a session runs, and is told at once what can't wait."""

from typing import get_args

import pytest

from sessions.guided import Scene, Stage
from ui.live_session import OPEN_STAGES, LiveView
from ui.live_session import Stage as LiveStage
from ui.practice_parts import REFRESH_S, refresh_of
from vision.hands import HandPair


def view(live: LiveStage, stage: Stage = "strokes") -> LiveView:
    return LiveView(live, Scene(1.0, stage, "guide.strokes", 3, HandPair(1.0, None, None)))


@pytest.mark.parametrize("stage", sorted(get_args(LiveStage)))
def test_what_is_new_is_asked_for_while_a_session_runs(stage: LiveStage) -> None:
    assert refresh_of(view(stage)) == (REFRESH_S if stage in OPEN_STAGES else None)
    assert refresh_of(LiveView()) is None
