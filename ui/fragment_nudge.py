"""Runs a fragment of a page at once, from whatever thread knows that there is something new.

Streamlit lets a page ask every so often; an answer then waits for the next question. What follows
depends on the insides of Streamlit 1.67, so that another release is one file. Without them, and
where the page is busy for long, what is new waits for the question as before.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

AGAIN_S: Final = 0.02
"""A page that runs just now may have looked too early: then it runs once more, after this."""

ATTEMPTS: Final = 10


def fragment_nudge() -> Callable[[], None] | None:
    """What runs the fragment that calls this once more; None outside of a served fragment.

    It may be called in any thread, and never waits. It does nothing once the page is gone or shows
    the fragment no more.
    """
    context, fragment = get_script_run_ctx(), ThreadState.get().fragment_id
    if context is None or fragment is None or not runtime.exists():
        return None
    session = runtime.get_instance().get_app_session(context.session_id)
    if session is None:
        return None
    again = RerunData(
        query_string=context.query_string,
        page_script_hash=context.page_script_hash,
        fragment_id=fragment,
        is_auto_rerun=True,
        context_info=context.context_info,
    )
    return _Nudge(context.session_id, fragment, again, session._event_loop)


@dataclass(frozen=True, slots=True, eq=False)
class _Nudge:
    session_id: str
    fragment: str
    again: RerunData
    loop: asyncio.AbstractEventLoop

    def __call__(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._run, ATTEMPTS)

    def _run(self, attempts: int) -> None:
        """In the server's loop, as all that starts a page's runs."""
        session = self._session()
        if session is None or not session.has_fragment(self.fragment):
            return
        # Beside a run that goes on, this one could take the place of what its user has asked for.
        if session._scriptrunner is None:
            session._create_scriptrunner(self.again)
        elif attempts > 1:
            self.loop.call_later(AGAIN_S, self._run, attempts - 1)

    def _session(self) -> AppSession | None:
        """The page's session while a browser shows it."""
        return runtime.get_instance().get_app_session(self.session_id) if runtime.exists() else None
