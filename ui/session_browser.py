"""What a browser is known by: a secret of its own, and who sits before it.

Both lie in the browser's own storage. The secret finds a browser's recordings and reviews again
after a reload, and nobody else can guess it. Who practises and who teaches is chosen once.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

if TYPE_CHECKING:
    from sessions.store.values import Role

_KEY: Final = "browser"
_COMPONENT: Final = "session_browser"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")

ROLES: "Final[tuple[Role, ...]]" = ("learner", "instructor")

_memory = st.components.v2.component(
    "tstroke_browser",
    html="<span></span>",
    js=resources.files(__package__).joinpath("web", "session_browser.js").read_text("utf-8"),
)


@dataclass(slots=True)
class _Browser:
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    people: dict[str, str] = field(default_factory=dict)
    """Ids of those who were chosen, by role."""
    settled: bool = False
    """The browser has told what it knew."""


def browser() -> str:
    """The browser's secret. Until it has told its own, one that was made for this tab."""
    return _state().secret


def browser_mark() -> str:
    """By this a browser is known again, and nobody learns its secret from it."""
    return sha256(browser().encode()).hexdigest()[:16]


def chosen(role: "Role") -> str | None:
    """The id of the person who practises or teaches here; None where nobody was chosen."""
    return _state().people.get(role)


def choose(role: "Role", person_id: str | None) -> None:
    """Choose who practises or teaches here, from now on and after a reload."""
    people = _state().people
    if person_id is None:
        people.pop(role, None)
    else:
        people[role] = person_id


def settle_browser() -> None:
    """Let the browser tell what it knows, and note what it is to know. Draws nothing.

    Mount it once a run, on every page.
    """
    state = _state()
    with st.container(key="browser-memory"):
        _memory(
            key=_COMPONENT,
            data={
                "settled": state.settled,
                "secret": state.secret if state.settled else "",
                "people": dict(state.people),
            },
            height=1,
            on_known_change=_known,
        )


def _known() -> None:
    take(st.session_state[_COMPONENT].get("known") or {})


def take(known: Mapping[str, Any]) -> None:
    """Take what the browser knew; once in a tab."""
    state = _state()
    if state.settled:
        return
    state.settled = True
    secret = str(known.get("secret", ""))
    if _SECRET.fullmatch(secret):
        state.secret = secret
    people = known.get("people")
    if isinstance(people, Mapping):
        for role in ROLES:
            if isinstance(people.get(role), str):
                state.people.setdefault(role, people[role])


def _state() -> _Browser:
    state: _Browser | None = st.session_state.get(_KEY)
    if state is None:
        state = st.session_state[_KEY] = _Browser()
    return state
