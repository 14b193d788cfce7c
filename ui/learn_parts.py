"""The parts of the page Learn, from top to bottom."""

from html import escape
from typing import Final

import streamlit as st

from routines.routine import load_routine
from ui.drawing import show_drawing
from ui.learn_chart import STEPS, step_svg
from ui.texts import messages, text

PRACTICE: Final = "ui/practice.py"

SEES: Final = ("way", "spine", "together", "time", "unseen")
FEELS: Final = ("pressure", "skin", "comfort", "ask")
ASPECTS: Final = ("why", "slip", "camera", "partner")

_STEP: Final = "learn-step"
_PICK: Final = "learn-pick"
_MOVING: Final = "learn-moving"


def lesson() -> None:
    """All steps to choose from, and the chosen one: its drawing, its words, the way on."""
    state = st.session_state
    name = state[_PICK] = state.setdefault(_STEP, STEPS[0])
    choice, drawing, words = st.columns([6, 8, 11], gap="medium")
    # A phone has no room for it, and Back and Next lead everywhere too: see the style sheet.
    with choice, st.container(key="learn-steps"):
        st.radio(
            text("learn.steps"),
            STEPS,
            format_func=_numbered,
            key=_PICK,
            label_visibility="collapsed",
            on_change=_picked,
        )
    with drawing:
        _drawing(name)
    with words:
        st.html(step_html(name))
        _turn_over(name)


def _drawing(name: str) -> None:
    # Whoever is disturbed by movement can stop it here; the system's own wish counts as well.
    moving = bool(st.session_state.get(_MOVING, True))
    svg = step_svg(name, load_routine(), _described(name), moving=moving)
    show_drawing(svg, key="learn-drawing")
    st.toggle(text("learn.moving"), value=True, key=_MOVING)


def step_html(name: str) -> str:
    """A step in words."""
    number = text("learn.step", number=STEPS.index(name) + 1, steps=len(STEPS))
    rows = "".join(
        f'<dt>{escape(text(f"learn.{aspect}"))}</dt><dd data-testid="{aspect}">{escape(words)}</dd>'
        for aspect in ASPECTS
        if (words := messages().get(f"learn.{aspect}_{name}"))
    )
    return (
        f'<section class="learn" data-step="{name}"><p class="number">{escape(number)}</p>'
        f"<h2>{escape(text(f'learn.title_{name}'))}</h2>"
        f'<p class="do">{escape(text(f"learn.do_{name}"))}</p><dl>{rows}</dl></section>'
    )


def camera_and_partner() -> None:
    """What is checked, and what nobody but the partner knows."""
    sees, feels = st.columns(2, gap="large")
    with sees:
        st.html(_list("sees_title", [text(f"learn.sees_{name}") for name in SEES]))
    with feels:
        st.html(_list("feels_title", [text(f"learn.feels_{name}") for name in FEELS]))


def _list(title: str, sentences: list[str]) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    head = escape(text(f"learn.{title}"))
    return f'<section class="learn"><h3>{head}</h3><ul>{items}</ul></section>'


def _turn_over(name: str) -> None:
    """To the neighbouring steps, and into practice."""
    at = STEPS.index(name)
    last = at == len(STEPS) - 1
    with st.container(horizontal=True):
        if at > 0:
            st.button(text("learn.back"), on_click=_show, args=(STEPS[at - 1],))
        if not last:
            st.button(text("learn.next"), on_click=_show, args=(STEPS[at + 1],), type="primary")
        if st.button(text("learn.practise"), type="primary" if last else "secondary"):
            st.switch_page(PRACTICE)


def _numbered(name: str) -> str:
    return f"{STEPS.index(name) + 1} {text(f'learn.title_{name}')}"


def _described(name: str) -> str:
    """The drawing in words, for whoever hears the page."""
    return f"{text('chart.title')}. {text(f'learn.do_{name}')}"


def _picked() -> None:
    st.session_state[_STEP] = st.session_state[_PICK]


def _show(name: str) -> None:
    st.session_state[_STEP] = name
