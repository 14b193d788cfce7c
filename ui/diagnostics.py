"""How well the live picture goes through: a panel for whoever wants to know why it stutters."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Final

import streamlit as st

from ui.live_session import LiveSession
from ui.pace import STAGES, Figures
from ui.texts import text
from ui.words import number, percent

REFRESH_S: Final = 1.0

LATE_MS: Final = 100.0
"""A drawn picture is meant to follow its arrival within this, 95 times out of 100."""

SLOW_HZ: Final = 10.0
"""The engine asks for so many pictures a second."""

STAGE_NAMES: Final = {
    "wait": "diagnostics.stage_wait",
    "read": "diagnostics.stage_read",
    "coach": "diagnostics.stage_coach",
    "draw": "diagnostics.stage_draw",
    "hand_over": "diagnostics.stage_hand_over",
}


def diagnostics(find: Callable[[], LiveSession]) -> None:
    """An expander with the figures of the live picture; while it is closed it costs nothing.

    `find` gives this tab's live session at every refresh.
    """
    panel = st.expander(text("diagnostics.title"), key="diagnostics", on_change="rerun")
    if panel.open:
        with panel:
            st.fragment(_figures, run_every=REFRESH_S)(find)


def _figures(find: Callable[[], LiveSession]) -> None:
    live = find()
    st.html(figures_html(live.view.figures) if live.has_picture else _waiting())


def _waiting() -> str:
    return f"<p>{escape(text('diagnostics.no_picture'))}</p>"


def figures_html(figures: Figures) -> str:
    """The figures as a list of names and values, with a verdict first."""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in figure_rows(figures)
    )
    return f'<p>{escape(verdict(figures))}</p><dl class="figures">{rows}</dl>'


def verdict(figures: Figures) -> str:
    """How it goes, in one sentence."""
    late = figures.latency_p95_ms is not None and figures.latency_p95_ms > LATE_MS
    if figures.rate_hz < SLOW_HZ <= figures.arrived_hz:
        return text("diagnostics.slow")
    if figures.rate_hz < SLOW_HZ:
        return text("diagnostics.slow_camera")
    return text("diagnostics.late" if late else "diagnostics.good")


def figure_rows(figures: Figures) -> Iterator[tuple[str, str]]:
    """Names and values of what is known."""
    yield text("diagnostics.rate"), _rate(figures.rate_hz)
    yield text("diagnostics.arrived"), _rate(figures.arrived_hz)
    if figures.latency_ms is not None and figures.latency_p95_ms is not None:
        yield (
            text("diagnostics.latency"),
            text(
                "diagnostics.latency_value",
                median=round(figures.latency_ms),
                high=round(figures.latency_p95_ms),
            ),
        )
    if figures.stages_ms:
        steps = (f"{text(STAGE_NAMES[name])} {figures.stages_ms[name]:.0f}" for name in STAGES)
        yield text("diagnostics.stages"), ", ".join(steps) + " ms"
    yield (
        text("diagnostics.dropped"),
        text(
            "diagnostics.dropped_value",
            dropped=figures.dropped,
            arrived=figures.dropped + figures.shown,
        ),
    )
    yield text("diagnostics.hands"), _hands(figures)
    if figures.size is not None:
        yield text("diagnostics.size"), "{} × {} px".format(*figures.size)


def _rate(hertz: float) -> str:
    return text("diagnostics.per_second", value=number(hertz, 1))


def _hands(figures: Figures) -> str:
    shares = (figures.both_hands, figures.one_hand, figures.no_hands)
    both, one, none = ("" if share is None else percent(share) for share in shares)
    if not both:
        return text("diagnostics.not_looked")
    return text("diagnostics.hands_value", both=both, one=one, none=none)
