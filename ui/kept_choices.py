"""What was chosen in this browser is kept there: settings and language, over reloads and restarts.

It lies in a cookie of the app's own address, because a cookie is there at a page's first run: no
page begins with other choices and changes them before one's eyes. It holds choices alone, and goes
to the app's own server and nowhere else.
"""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final
from urllib.parse import unquote

import streamlit as st

COOKIE: Final = "tstroke-choices"

LONGEST: Final = 3000
"""Characters: browsers take cookies of 4096 bytes."""

_KEY: Final = "choices"

_write = st.components.v2.component(
    "tstroke_choices",
    html="<span></span>",
    js=resources.files(__package__).joinpath("web", "kept_choices.js").read_text("utf-8"),
)


def kept(name: str) -> Any:
    """What was chosen last, in this tab or an earlier one; None where nothing was.

    It may have come from anywhere: who takes it has to check it.
    """
    return _choices().get(name)


def keep(name: str, choice: object) -> None:
    """Keep a choice, which is to be JSON; `write_choices` hands it to the browser."""
    _choices()[name] = choice


def write_choices() -> None:
    """Let the browser keep what was chosen. Draws nothing; mount it once, at the end of a run."""
    choices = _choices()
    written = json.dumps(choices, separators=(",", ":")) if choices else ""
    if len(written) <= LONGEST:
        _write(key="kept-choices", data={"name": COOKIE, "choices": written}, height=1)


def read_choices(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the browser had kept; empty where that is nothing, or not ours."""
    try:
        found = json.loads(unquote(str(cookies.get(COOKIE, ""))))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _choices() -> dict[str, Any]:
    if _KEY not in st.session_state:
        st.session_state[_KEY] = read_choices(st.context.cookies)
    choices: dict[str, Any] = st.session_state[_KEY]
    return choices
