"""The panel with the live picture's figures."""

import time

import av
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ui.camera_wires import Arrival
from ui.diagnostics import figure_rows, figures_html, verdict
from ui.live_session import LiveSession
from ui.pace import STAGES, Figures
from ui.texts import text

FIGURES = Figures(
    rate_hz=14.96,
    arrived_hz=15.0,
    latency_ms=41.2,
    latency_p95_ms=63.8,
    stages_ms=dict(zip(STAGES, (0.2, 1.6, 24.0, 3.3, 0.9), strict=True)),
    shown=290,
    dropped=10,
    no_hands=0.02,
    one_hand=0.1,
    both_hands=0.88,
    size=(640, 480),
)


def test_the_figures_in_words() -> None:
    rows = dict(figure_rows(FIGURES))
    assert rows[text("diagnostics.rate")] == "15.0 a second"
    assert rows[text("diagnostics.latency")] == "41 ms, 64 ms at the 95th percentile"
    assert rows[text("diagnostics.dropped")] == "10 of 300"
    told = rows[text("diagnostics.hands")].replace("\N{NO-BREAK SPACE}", " ")
    assert told == "both in 88 %, one in 10 %, none in 2 %"
    assert "coaching 24" in rows[text("diagnostics.stages")]
    assert rows[text("diagnostics.size")] == "640 × 480 px"


def test_what_is_not_known_is_not_claimed() -> None:
    rows = dict(figure_rows(Figures()))
    assert text("diagnostics.latency") not in rows
    assert text("diagnostics.size") not in rows
    assert rows[text("diagnostics.hands")] == text("diagnostics.not_looked")


@pytest.mark.parametrize(
    ("rate_hz", "arrived_hz", "high_ms", "key"),
    [
        (15.0, 15.0, 60.0, "good"),
        (15.0, 15.0, 140.0, "late"),
        (6.0, 15.0, 140.0, "slow"),
        (6.0, 6.0, 60.0, "slow_camera"),
    ],
)
def test_the_verdict_names_what_can_be_done(
    rate_hz: float, arrived_hz: float, high_ms: float, key: str
) -> None:
    figures = Figures(rate_hz=rate_hz, arrived_hz=arrived_hz, latency_p95_ms=high_ms)
    assert verdict(figures) == text(f"diagnostics.{key}")
    assert figures_html(figures).startswith(f"<p>{verdict(figures)}")


PAGE = """
import streamlit as st
from ui.diagnostics import diagnostics
diagnostics(lambda: st.session_state.live)
"""


def test_the_panel_shows_figures_once_it_is_open() -> None:
    live = LiveSession()
    page = AppTest.from_string(PAGE, default_timeout=20)
    page.session_state["live"] = live
    assert list(page.run().get("html")) == []

    page.session_state["diagnostics"] = True
    assert text("diagnostics.no_picture") in page.run().get("html")[0].proto.body

    picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
    live.open_stream().show(Arrival(picture, time.monotonic()))
    assert "64 × 48 px" in page.run().get("html")[0].proto.body
