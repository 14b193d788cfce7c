"""The page asks often enough for a cue to come in time, and no more often than that."""

from typing import get_args

import pytest

from sessions.guided import Scene, Stage
from ui.live_session import LiveView
from ui.live_session import Stage as LiveStage
from ui.practice_parts import REFRESH_S, STROKES_REFRESH_S, refresh_of
from vision.hands import HandPair

CUE_S = 0.7
DECIDED_S = 0.5
"""The engine's own delay: a fixed look ahead, and a tick; see `sessions/test_spine_warning.py`."""

PASSED_ON_S = 0.1
"""Coaching a picture, a run of the page's script, and the way to the browser."""


def view(live: LiveStage, stage: Stage = "strokes") -> LiveView:
    return LiveView(live, Scene(1.0, stage, "guide.strokes", 3, HandPair(1.0, None, None)))


def test_a_cue_of_a_stroke_is_in_time() -> None:
    assert refresh_of(view("running")) == STROKES_REFRESH_S
    assert DECIDED_S + STROKES_REFRESH_S + PASSED_ON_S <= CUE_S


@pytest.mark.parametrize("stage", sorted({*get_args(Stage)} - {"strokes"}))
def test_other_stages_spare_the_machine(stage: Stage) -> None:
    assert refresh_of(view("running", stage)) == REFRESH_S > STROKES_REFRESH_S


def test_where_nothing_runs_nothing_is_asked() -> None:
    assert refresh_of(LiveView()) is refresh_of(view("ended")) is None
    assert refresh_of(LiveView("loading")) == REFRESH_S
