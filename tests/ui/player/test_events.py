"""What comes back from the browser is read once, and nonsense is not read at all."""

from typing import Any

import pytest
import streamlit as st

from routines.reps import PhaseSpan
from sessions.store.values import DrawnMark
from ui.player import (
    BoundariesMoved,
    CommentHere,
    FaultPicked,
    Moment,
    PlayerEvent,
    RangePicked,
    RepPicked,
)
from ui.player.component import fresh_event
from ui.player.events import read_event

ARROW = {"tool": "arrow", "frame": "chart", "points": [[0.1, 0.2], [0.3, 0.4]]}

TOLD: list[tuple[dict[str, Any], PlayerEvent]] = [
    ({"kind": "moment", "time_s": 1.5}, Moment(1.5)),
    (
        {"kind": "comment", "time_s": 2, "marks": [ARROW]},
        CommentHere(2.0, (DrawnMark("chart", "arrow", ((0.1, 0.2), (0.3, 0.4))),)),
    ),
    ({"kind": "fault", "rep": 3, "code": "pause"}, FaultPicked(3, "pause")),
    ({"kind": "rep", "rep": 3}, RepPicked(3)),
    ({"kind": "range", "start_s": 1, "end_s": 2}, RangePicked(1.0, 2.0)),
    (
        {"kind": "boundaries", "of_start_s": 1, "of_end_s": 9, "phases": [["up", 1, 4]]},
        BoundariesMoved(1.0, 9.0, (PhaseSpan("up", 1.0, 4.0),)),
    ),
]

NONSENSE: list[dict[str, Any]] = [
    {},
    {"kind": "dance"},
    {"kind": "moment"},
    {"kind": "moment", "time_s": "soon"},
    {"kind": "comment", "time_s": 1, "marks": [{"tool": "ring", "frame": "chart", "points": [1]}]},
    {"kind": "boundaries", "of_start_s": 1, "of_end_s": 9, "phases": [["up", 1]]},
]


@pytest.mark.parametrize(("state", "event"), TOLD)
def test_events_are_read(state: dict[str, Any], event: PlayerEvent) -> None:
    assert read_event(state) == event


@pytest.mark.parametrize("state", NONSENSE)
def test_nonsense_is_no_event(state: dict[str, Any]) -> None:
    assert read_event(state) is None


def test_an_event_is_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    state = {"number": 7, "kind": "moment", "time_s": 1.0}
    assert fresh_event(state, "heard") == Moment(1.0)
    assert fresh_event(state, "heard") is None
    assert fresh_event(state | {"number": 8}, "heard") == Moment(1.0)
    assert fresh_event(None, "heard") is None
