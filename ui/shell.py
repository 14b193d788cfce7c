"""What every page shares: style, safety words, notices."""

from html import escape
from importlib import resources

import streamlit as st

from messages import languages
from ui.kept_choices import write_choices
from ui.texts import choose_language, language, text, told


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("web", name).read_text("utf-8")


_spoken = st.components.v2.component(
    "tstroke_page_language", html="<span></span>", js=_asset("page_language.js")
)


def apply_style() -> None:
    """What the theme cannot say, once per run."""
    styles = (_asset(name) for name in ("style.css", "session_style.css"))
    st.html("".join(f"<style>{style}</style>" for style in styles))


def language_choice() -> None:
    """Every language under its own name, at the foot of the page; the browser keeps the choice."""
    state = st.session_state
    spoken = state["language-choice"] = language()
    with st.container(key="language"):
        st.segmented_control(
            text("language.choice"),
            list(languages()),
            format_func=lambda code: languages()[code],
            required=True,
            key="language-choice",
            label_visibility="collapsed",
            on_change=lambda: choose_language(state["language-choice"]),
        )
        # Screen readers, hyphenation and spelling go by the page's own note of its language.
        _spoken(key="page-language", data={"language": spoken}, height=1)
        write_choices()


def notice(sentence: str) -> None:
    """A sentence on something that is wrong, or its text's key: what, why, what to do."""
    st.html(f'<div class="notice" role="alert">{escape(told(sentence))}</div>')


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
