"""The state of this browser tab: in `st.session_state`, and found again after a reload."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Final, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.tabs import Closable, Tabs, page_is_open

ATTEMPTS: Final = 3

_KEY: Final = "tab"
_COMPONENT: Final = "tab_memory"

TABS: Final[Tabs[Closable]] = Tabs(page_is_open)
"""One for the process: what outlives a Streamlit session can lie nowhere else."""

Held = TypeVar("Held", bound=Closable)

_memory = st.components.v2.component(
    "tstroke_tab_memory",
    html="<span></span>",
    js=resources.files(__package__).joinpath("web", "tab_memory.js").read_text("utf-8"),
)


@dataclass(slots=True)
class _Tab:
    name: str
    """Where the state lies in `st.session_state`."""
    secret: str
    settled: bool = False
    """The browser has told which secret it knew."""
    attempt: int = 0
    returned: bool = False


def tab_state(name: str, make: Callable[[], Held]) -> Held:
    """What this tab holds; made on the first run, kept over reruns, pages and reloads.

    It lies in `st.session_state` under `name`.
    """
    held = st.session_state.get(name)
    if held is None:
        held = st.session_state[name] = make()
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _Tab(name, TABS.add(held, _page()))
    return cast(Held, held)


def came_back() -> bool:
    """True where this page found its state again after a reload."""
    tab: _Tab | None = st.session_state.get(_KEY)
    return tab is not None and tab.returned


def is_settled() -> bool:
    """True once the browser has told whether this tab had a state before."""
    tab: _Tab | None = st.session_state.get(_KEY)
    return tab is not None and tab.settled


def remember_tab() -> None:
    """Let the browser tell which state was its own, and note the one it has. Draws nothing.

    Mount it once on a page, after `tab_state`.
    """
    tab: _Tab = st.session_state[_KEY]
    # Unsettled, the secret may still change; the browser is to note the last one only.
    answer = _memory(
        key=_COMPONENT,
        data={
            "settled": tab.settled,
            "attempt": tab.attempt,
            "secret": tab.secret if tab.settled else "",
        },
        height=1,
        on_stored_change=_settle,
    )
    # A run that is broken off may take the call along that its answer was to make.
    stored = answer.get("stored") or {}
    if not tab.settled and stored.get("attempt") == tab.attempt:
        _settle()
        st.rerun()


def _settle() -> None:
    answer = st.session_state[_COMPONENT].get("stored") or {}
    settle(str(answer.get("secret", "")))


def settle(secret: str) -> None:
    """Take what lies under the secret that the browser knew, if it is this tab's to take."""
    tab: _Tab = st.session_state[_KEY]
    page = _page()
    if tab.settled:
        return
    held = TABS.claim(secret, page)
    if held is not None:
        TABS.drop(tab.secret)
        st.session_state[tab.name] = held
        st.session_state[_KEY] = _Tab(tab.name, secret, settled=True, returned=True)
    elif TABS.is_taken(secret, page) and tab.attempt + 1 < ATTEMPTS:
        tab.attempt += 1
    else:
        tab.settled = True


def _page() -> str:
    context = get_script_run_ctx()
    return "" if context is None else context.session_id
