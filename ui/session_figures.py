"""Per rep and per session in figures, all reps over each other, the best beside the weakest."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from routines.reps import Rep
from sessions.analysis.measures import (
    HandMeasures,
    RepMeasures,
    SessionMeasures,
    measure_session,
)
from sessions.analysis.overlay import Overlay, overlay
from sessions.record import Review
from sessions.summary import summarise
from ui.back_chart import AVERAGE, Sheet, back_chart_svg, on_back
from ui.chart_marks import chart_marks
from ui.drawing import show_drawing
from ui.palette import HAND, PHASE
from ui.rep_strip import rep_strip_html
from ui.rep_table import rep_table_html
from ui.session_state import OpenSession
from ui.summary_parts import during, tempo_words
from ui.texts import text
from ui.words import duration, number, percent
from vision.arrays import Floats
from vision.hands import SIDES, Side

UNKNOWN: Final = "–"

_OF_HANDS: Final = ("session.reach", "session.spine")
_OF_BOTH: Final = ("session.lag", "session.reach_gap", "session.out_gap")

_THIN: Final = 1.5
_MEAN: Final = 4.5
_DASH: Final[Mapping[Side, str]] = {"left": "", "right": ' stroke-dasharray="10 4"'}


def strokes(opened: OpenSession) -> None:
    """Every stroke: how long, whether it counted, what to work on."""
    review = opened.stored.review
    if not review.reps:
        st.write(text("session.no_reps"))
        return
    st.html(rep_strip_html(review.reps, opened.named()))
    st.html(rep_table_html(review.reps, opened.named()))


def figures(opened: OpenSession) -> None:
    """Figures of each stroke and of the session, and the strokes over each other."""
    review = opened.stored.review
    if not review.reps:
        st.write(text("session.no_reps"))
        return
    measured = measure_session(review, opened.routine)
    st.html(_table_html(measured, opened))
    st.caption(_table_words(measured))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(text("session.overlay"))
        svg = overlay_svg(overlay(review, opened.routine), review)
        show_drawing(svg, key="session-overlay")
        st.caption(text("session.overlay_help"))
    with right:
        st.subheader(text("session.even_title"))
        st.write(tempo_words(summarise(review.reps, opened.routine)))
    _best_and_weakest(opened, measured)


def _table_words(measured: SessionMeasures) -> str:
    words = [text("session.table_help")]
    if measured.cm_known == "assumed":
        words.append(text("session.assumed"))
    return " ".join(words)


def _table_html(measured: SessionMeasures, opened: OpenSession) -> str:
    phases = {phase.name: phase.label for phase in opened.routine.phases}
    heads = ["rep", "length", *(f"phase.{name}" for name in phases)]
    titles = {
        "rep": text("reps.number"),
        "length": text("session.length"),
        **{f"phase.{name}": text(f"phase.{name}") if name in PHASE else name for name in phases},
    }
    cells = [f'<th scope="col">{escape(titles[head])}</th>' for head in heads]
    cells += [f'<th scope="col" colspan="2">{escape(text(key))}</th>' for key in _OF_HANDS]
    cells += [f'<th scope="col">{escape(text(key))}</th>' for key in _OF_BOTH]
    rows = "".join(_rep_row(rep, list(phases)) for rep in measured.reps)
    middle = _row(
        text("session.median"),
        measured.duration_s,
        measured.phases_s,
        list(phases),
        measured.hands,
        (measured.lag_s, measured.reach_gap_v, measured.widest_gap_u),
        "whole",
    )
    return (
        f'<div class="wide"><table class="measures"><thead><tr>{"".join(cells)}</tr></thead>'
        f"<tbody>{rows}{middle}</tbody></table></div>"
    )


def _rep_row(rep: RepMeasures, phases: Sequence[str]) -> str:
    return _row(
        str(rep.index),
        rep.duration_s,
        rep.phases_s,
        phases,
        rep.hands,
        (rep.lag_s, rep.reach_gap_v, rep.widest_gap_u),
        "counted" if rep.counted else "uncounted",
    )


def _row(
    title: str,
    duration_s: float | None,
    phases_s: Mapping[str, float],
    phases: Sequence[str],
    hands: Mapping[Side, HandMeasures],
    gaps: tuple[float | None, float | None, float | None],
    kind: str,
) -> str:
    lag_s, reach_gap_v, widest_gap_u = gaps
    values = [
        UNKNOWN if duration_s is None else duration(duration_s),
        *(_number(phases_s.get(name), 1) for name in phases),
        *(_hand(side, _percent(hands[side].reach_v)) for side in SIDES),
        *(_hand(side, _number(hands[side].spine_cm, 1)) for side in SIDES),
        _number(lag_s, 2),
        _percent(reach_gap_v),
        _percent(widest_gap_u),
    ]
    cells = "".join(f"<td>{value}</td>" for value in values)
    return f'<tr class="{kind}"><th scope="row">{escape(title)}</th>{cells}</tr>'


def _hand(side: Side, value: str) -> str:
    return f'<i style="--hand:{HAND[side]}">{escape(text(f"chart.letter_{side}"))}</i> {value}'


def _number(value: float | None, digits: int) -> str:
    return UNKNOWN if value is None else number(value, digits)


def _percent(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    # A rounded nothing has no sign.
    return percent(round(value, 2) + 0.0).replace("-", "\N{MINUS SIGN}")


def overlay_svg(laid: Overlay, review: Review) -> str:
    """All strokes thin and pale over each other, their middle way strong."""
    sheet = Sheet(review.scale or AVERAGE)
    parts: list[str] = []
    for side in SIDES:
        for way in laid.ways_back[side].reshape(len(laid.reps), -1, 2):
            parts += _lines(sheet, way, side, _THIN, 0.35)
        parts += _lines(sheet, laid.mean_back[side].reshape(-1, 2), side, _MEAN, 1.0)
    return on_back(sheet, parts, text("session.overlay"))


def _lines(sheet: Sheet, way: Floats, side: Side, width: float, opacity: float) -> Iterator[str]:
    known = np.isfinite(way).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(int), [0]])))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if after - first > 1:
            yield (
                f'<polyline points="{sheet.line(way[first:after])}" stroke="{HAND[side]}" '
                f'stroke-width="{width}" opacity="{opacity}"{_DASH[side]}/>'
            )


def _best_and_weakest(opened: OpenSession, measured: SessionMeasures) -> None:
    choice = measured.choice
    if choice is None:
        return
    reps = {rep.index: rep for rep in opened.stored.review.reps}
    st.subheader(text("session.best_weakest"))
    st.caption(text(f"session.by_{choice.why}"))
    for column, index, key in zip(
        st.columns(2, gap="large"), (choice.best, choice.weakest), ("best", "weakest"), strict=True
    ):
        with column:
            _one(opened, reps[index], key)


def _one(opened: OpenSession, rep: Rep, key: str) -> None:
    review = opened.stored.review
    title = "session.best" if key == "best" else "session.weakest"
    st.write(text(title, rep=rep.index, length=duration(rep.end_s - rep.start_s)))
    svg = back_chart_svg(
        opened.named(),
        scale=review.scale,
        paths={side: during(path, rep) for side, path in review.paths.items()},
        marks=chart_marks(rep.faults, review.paths),
        name=key,
    )
    show_drawing(svg, key=f"session-{key}")
    for check_number, check in enumerate(rep.faults, start=1):
        rule = opened.named().faults.get(check.code)
        st.html(f'<span class="mark">{check_number}</span> {escape(rule.label if rule else "")}')
    st.button(text("session.play_rep"), key=f"play-{key}", on_click=opened.pick, args=(rep,))
