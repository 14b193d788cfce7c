"""After a session: first how it felt, then what was seen, and one thing for next time."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from routines.reps import Check, Rep
from sessions.record import HandPath
from sessions.summary import Summary, summarise
from ui.back_chart import back_chart_svg
from ui.chart_hands import ChartHand
from ui.chart_marks import NEAR_S, chart_marks
from ui.drawing import show_drawing
from ui.practice_state import PracticeState
from ui.rep_strip import rep_strip_html
from ui.rep_table import marked_faults, rep_table_html
from ui.say_words import cue_words
from ui.session_practised import kept_line
from ui.texts import text
from ui.words import clock, duration, percent
from vision.hands import SIDES, Side

FELT: Final = (1, 2, 3, 4, 5)
"""From uneven to even."""


def ask_how_even(state: PracticeState) -> None:
    """The giver's own feeling, before any figure could colour it."""
    st.subheader(text("summary.felt_title"))
    st.write(text("summary.felt_text"))
    for step in reversed(FELT):
        st.button(
            text(f"summary.felt_{step}"),
            key=f"felt-{step}",
            on_click=_answer,
            args=(state, step),
            width="stretch",
        )


def _answer(state: PracticeState, felt: int) -> None:
    state.felt = felt
    state.practised.say_felt(felt)


def outcome(state: PracticeState) -> None:
    """The count, what went well, what to work on, and the way on."""
    view = state.live.view
    found = summarise(view.reps, state.routine)
    st.html(
        '<div class="live" data-stage="ended">'
        f'<div class="count" data-testid="count">{found.count}</div>'
        f'<div class="unit">{escape(_counted(found))}</div></div>'
    )
    if not view.reps:
        st.write(text("practice.summary_none"))
    st.html(f'<dl class="outcome">{"".join(_points(found, state))}</dl>')
    st.button(text("practice.practise_again"), on_click=state.begin, type="primary")
    kept_line(state.practised)


def _counted(found: Summary) -> str:
    if found.attempts == found.count:
        return text("practice.counted_one" if found.count == 1 else "practice.counted")
    return text("practice.summary_count", count=found.count, attempts=found.attempts)


def _points(found: Summary, state: PracticeState) -> list[str]:
    routine = state.routine
    points = []
    if found.went_well is not None:
        label = "" if found.mended is None else _capital(routine.faults[found.mended].label)
        points.append(_point("went_well", text(f"summary.well_{found.went_well}", label=label)))
    if found.work_on is not None:
        rule = routine.faults[found.work_on.code]
        points.append(_point("work_on", rule.written))
    if state.felt is not None:
        points.append(_point("evenness", _evenness(found, state.felt)))
    if found.next_focus is not None:
        points.append(_point("next_focus", f"{cue_words(found.next_focus, routine)}."))
    if found.never_seen:
        checks = ", ".join(routine.faults[code].label for code in found.never_seen)
        points.append(_point("never_seen", text("summary.never_seen_text", checks=checks)))
    return points


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _point(name: str, words: str) -> str:
    title = escape(text(f"summary.{name}"))
    return f'<dt>{title}</dt><dd data-testid="{name}">{escape(words)}</dd>'


def _evenness(found: Summary, felt: int) -> str:
    said = text("summary.you_felt", felt=text(f"summary.felt_{felt}"))
    seen = text("summary.evenness_unknown")
    if found.evenness is not None:
        seen = text("summary.evenness_seen", share=percent(found.evenness))
    return f"{said} {seen}"


def moment(state: PracticeState) -> None:
    """The one thing to work on, where and when it was seen: drawn, never photographed."""
    view = state.live.view
    found = summarise(view.reps, state.routine)
    check, index = found.work_on, found.rep_index
    if check is None or index is None:
        return
    rep = next((each for each in view.reps if each.index == index), None)
    if rep is None:
        return
    st.subheader(text("summary.moment_title"))
    label = state.routine.faults[check.code].label
    st.caption(text("summary.moment_text", number=index, label=label, time=clock(check.start_s)))
    show_drawing(moment_svg(state, rep, check), key="moment")


def moment_svg(state: PracticeState, rep: Rep, check: Check) -> str:
    """Both hands on the chart at the time of a check, and their ways in that stroke."""
    view = state.live.view
    time_s = (check.start_s + check.end_s) / 2
    hands = [hand for side in SIDES if (hand := hand_at(side, view.paths, time_s)) is not None]
    return back_chart_svg(
        state.routine,
        scale=state.scale,
        paths={side: during(path, rep) for side, path in view.paths.items()},
        marks=() if hands else chart_marks([check], view.paths),
        hands=[replace(hand, marked=check.hand in (hand.side, "both")) for hand in hands],
        name="moment",
    )


def hand_at(side: Side, paths: Mapping[Side, HandPath], time_s: float) -> ChartHand | None:
    """Where the hand was seen at that time; None where it was not."""
    path = paths.get(side)
    if path is None or len(path.time_s) == 0:
        return None
    nearest = int(np.abs(path.time_s - time_s).argmin())
    if not path.observed[nearest] or abs(float(path.time_s[nearest]) - time_s) > NEAR_S:
        return None
    u, v = path.palm_back[nearest]
    return ChartHand(side, float(u), float(v), turn_deg=None)


def during(path: HandPath, rep: Rep) -> HandPath:
    """The part of a way that belongs to a stroke."""
    within = (path.time_s >= rep.start_s) & (path.time_s <= rep.end_s)
    return HandPath(path.time_s[within], path.palm_back[within], path.observed[within])


def details(state: PracticeState) -> None:
    """Every stroke: its faults, its tempo, and the ways of both hands."""
    view = state.live.view
    if not view.reps:
        return
    st.subheader(text("summary.strip_title"))
    found = summarise(view.reps, state.routine)
    st.html(rep_strip_html(view.reps, state.routine))
    st.caption(tempo_words(found))
    faults = marked_faults(view.reps)
    table, chart = st.columns([3, 2], gap="large")
    with table:
        st.html(rep_table_html(view.reps, state.routine, faults))
    with chart:
        svg = back_chart_svg(
            state.routine,
            scale=state.scale,
            paths=view.paths,
            marks=chart_marks(faults, view.paths),
            name="summary",
        )
        show_drawing(svg, key="practice-chart")


def tempo_words(found: Summary) -> str:
    """How long the strokes took, and how even that was."""
    if not found.tempo_s:
        return ""
    shortest, longest = min(found.tempo_s), max(found.tempo_s)
    key = "summary.tempo_one" if len(found.tempo_s) == 1 else "summary.tempo"
    words = text(key, shortest=duration(shortest), longest=duration(longest))
    if found.evenness is None:
        return words
    even = text("summary.evenness_seen", share=percent(found.evenness))
    return f"{words} {even}"
