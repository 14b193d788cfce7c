"""What every page shares: style, safety words, notices."""

from html import escape
from importlib import resources

import streamlit as st

from ui.texts import text


def apply_style() -> None:
    """What the theme cannot say, once per run."""
    css = resources.files(__package__).joinpath("web", "style.css").read_text("utf-8")
    st.html(f"<style>{css}</style>")


def notice(sentence: str) -> None:
    """A sentence on something that is wrong: what, why, what to do."""
    st.html(f'<div class="notice" role="alert">{escape(sentence)}</div>')


def safety() -> None:
    """Who should not be massaged, said once and calmly."""
    points = "".join(
        f"<li>{escape(text(f'safety.{name}'))}</li>" for name in ("stop", "never", "ask", "unseen")
    )
    title = escape(text("safety.title"))
    st.html(f'<section class="safety"><h4>{title}</h4><ul>{points}</ul></section>')


def footer() -> None:
    """What stays on this machine, and what nobody measures."""
    st.html(f'<p class="footer">{escape(text("app.footer"))}</p>')
