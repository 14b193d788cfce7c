"""Why a fault is one: the measured value against its limit, its course, and the hands then."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Final

import streamlit as st

from routines.reps import Check, Rep
from sessions.why import course_of, ticks_of_rep
from ui.back_chart import AVERAGE, back_chart_svg
from ui.chart_marks import chart_marks
from ui.drawing import show_drawing
from ui.session_state import OpenSession, Picked
from ui.summary_parts import during, hand_at
from ui.texts import text
from ui.why_chart import course_svg, limit_bar_html
from ui.words import clock, fault_label
from vision.hands import SIDES

_NO_LEVEL: Final[Mapping[str, str]] = {
    "asymmetric": "why.gap",
    "one_hand": "why.share",
    "rushed": "why.whole",
    "out_of_order": "why.order",
    "missing_pull_in": "why.inward",
    "hand_lifted": "why.lifted",
    "pause": "why.still",
    "rushed_sides": "why.whole",
}
"""What the limit is of, where it is no level of the course."""


def why(opened: OpenSession) -> None:
    """One fault at a time: which, how much, where and when."""
    found = [(rep, check) for rep in opened.stored.review.reps for check in rep.faults]
    if not found:
        st.write(text("why.none"))
        return
    places = {Picked(rep.index, check.code): (rep, check) for rep, check in found}
    options = list(places)
    current = opened.picked if opened.picked in places else None
    picked = st.selectbox(
        text("why.which", count=len(options)),
        options,
        index=0 if current is None else options.index(current),
        format_func=lambda each: _label(opened, *places[each]),
        # Another session, or a click in the player, begins anew with its own fault.
        key=f"why-{opened.id}-{current}",
    )
    rep, check = places[picked]
    st.button(text("why.show"), on_click=opened.pick, args=(rep, check), type="primary")
    _explain(opened, rep, check)


def _label(opened: OpenSession, rep: Rep, check: Check) -> str:
    label = fault_label(check, opened.named())
    return text("why.option", time=clock(check.start_s), rep=rep.index, fault=label)


def _explain(opened: OpenSession, rep: Rep, check: Check) -> None:
    rule = opened.named().faults.get(check.code)
    bar = limit_bar_html(check)
    cue = escape(rule.written) if rule else ""
    st.html(f'<section class="why">{bar}<p class="cue">{cue}</p></section>')
    left, right = st.columns([3, 2], gap="large")
    with left:
        _course(opened, rep, check)
    with right:
        show_drawing(_moment_svg(opened, rep, check), key="why-moment")
        st.caption(text("why.moment", time=clock((check.start_s + check.end_s) / 2)))


def _course(opened: OpenSession, rep: Rep, check: Check) -> None:
    """The measure over the stroke; said where the picture did not allow one."""
    stored = opened.stored
    frame = opened.payload().ground.frame
    ticks = ticks_of_rep(rep, stored.review, opened.landmarks, frame)
    course = course_of(check, rep, ticks, stored.review.scale or AVERAGE)
    if course is None:
        st.caption(text("why.no_course"))
        return
    st.write(text(f"why.course_{course.quantity}"))
    show_drawing(course_svg(course, check, rep, name="course"), key="why-course")
    if course.limit is None and check.code in _NO_LEVEL:
        st.caption(text(_NO_LEVEL[check.code]))
    st.caption(text("why.legend"))


def _moment_svg(opened: OpenSession, rep: Rep, check: Check) -> str:
    """Where the hands were on the chart at the fault's moment, and their ways in that stroke."""
    review = opened.stored.review
    time_s = (check.start_s + check.end_s) / 2
    hands = [hand for side in SIDES if (hand := hand_at(side, review.paths, time_s)) is not None]
    return back_chart_svg(
        opened.named(),
        scale=review.scale,
        paths={side: during(path, rep) for side, path in review.paths.items()},
        marks=() if hands else chart_marks([check], review.paths),
        hands=[replace(hand, marked=check.hand in (hand.side, "both")) for hand in hands],
        name="why-moment",
    )
