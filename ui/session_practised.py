"""Keeping the session that was just practised: at its end by itself, and undone with one press."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

import streamlit as st

from routines.coaching import Cue
from routines.reps import Hand
from routines.routine import Routine
from sessions.guided import GuidedSession, Say
from sessions.practised import draft_of_practice
from ui.session_browser import chosen
from ui.session_links import session_link
from ui.session_people import person_choice
from ui.shell import notice
from ui.store_handle import problems_told, store
from ui.texts import text
from vision.errors import CoachError

Fate = Literal["open", "kept", "forgotten", "lost"]


@dataclass(slots=True)
class Practised:
    """One practised session on its way into the store."""

    begun: datetime
    fate: Fate = "open"
    session_id: str | None = None
    learner_id: str | None = None
    """Who practises in this browser; noted here, as the end may come without a page."""
    problem: str | None = None

    def keep(
        self, guide: GuidedSession | None, routine: Routine, says: Iterable[Say], felt: int | None
    ) -> None:
        """Keep the session, once; one without a stroke is nothing to keep."""
        if self.fate != "open" or guide is None:
            return
        self.fate = "lost"
        try:
            draft = draft_of_practice(
                guide.recorder,
                routine,
                started=self.begun,
                goal=guide.plan.goal,
                cues=cues_of(says),
                learner_id=self.learner_id,
                felt_evenness=felt,
            )
            if draft is not None:
                self.session_id = store().add_session(draft)
                self.fate = "kept"
        except CoachError as error:
            self.problem = error.sentence

    def say_felt(self, felt: int) -> None:
        """The giver's own word on how even it was."""
        if self.session_id is not None:
            self._try(lambda: store().set_felt_evenness(str(self.session_id), felt))

    def forget(self) -> None:
        """Do not keep it after all."""
        if self.session_id is not None:
            self._try(lambda: store().delete_session(str(self.session_id)))
            if self.problem is None:
                self.session_id, self.fate = None, "forgotten"

    def _try(self, act: Callable[[], None]) -> None:
        self.problem = None
        try:
            act()
        except CoachError as error:
            self.problem = error.sentence


def new_practised() -> Practised:
    """For a session that begins now."""
    return Practised(datetime.now(UTC))


def cues_of(says: Iterable[Say]) -> tuple[Cue, ...]:
    """The cues among all that was said."""
    return tuple(
        Cue(say.time_s, say.key, cast("Hand | None", say.values.get("hand")))
        for say in says
        if say.kind == "cue"
    )


def note_learner(practised: Practised) -> None:
    """Take over who was chosen in this browser."""
    practised.learner_id = chosen("learner")


def kept_line(practised: Practised) -> None:
    """That it is kept, whose it is, and the ways to its page and to not keeping it."""
    if practised.problem is not None:
        notice(practised.problem)
    if practised.fate == "forgotten":
        st.caption(text("session.not_kept"))
    session_id = practised.session_id
    if session_id is None:
        return
    with st.container(key="practised-kept"):
        st.caption(text("session.kept_here"))
        with st.container(horizontal=True, vertical_alignment="center"):
            session_link(session_id, text("review.open_session"))
            st.button(text("session.keep_not"), on_click=practised.forget, type="tertiary")
        with problems_told():
            learner_id = person_choice("learner", key="practised-learner")
            if learner_id != practised.learner_id:
                store().set_learner(session_id, learner_id)
                practised.learner_id = learner_id
