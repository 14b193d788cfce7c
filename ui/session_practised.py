"""Keeping the session that was just practised: at its end by itself, and undone with one press."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

import streamlit as st

from routines.routine import Routine
from sessions.data_folder import data_folder
from sessions.guided import GuidedSession, Say
from sessions.practised import cues_of, draft_of_practice
from sessions.record import review_text
from sessions.store.unfinished import About, LiveJournal, follow
from sessions.store.values import SessionDraft
from ui.session_browser import browser_mark, chosen
from ui.session_links import session_link
from ui.session_people import person_choice
from ui.shell import notice
from ui.store_handle import delete_session, problems_told, store
from ui.texts import text
from vision.errors import CoachError

Fate = Literal["open", "kept", "forgotten", "lost"]


@dataclass(slots=True)
class Practised:
    """One practised session on its way into the store.

    While it runs its journal lies beside the store: a session that is cut off can be kept later.
    """

    begun: datetime
    fate: Fate = "open"
    session_id: str | None = None
    learner_id: str | None = None
    """Who practises in this browser; noted here, as the end may come without a page."""
    problem: str | None = None
    draft: SessionDraft | None = None
    """What could not be kept yet."""
    _id: str = field(default_factory=lambda: uuid4().hex)
    _browser: str | None = None
    _guide: GuidedSession | None = None
    _journal: LiveJournal | None = None

    def follow(self, guide: GuidedSession, routine: Routine) -> None:
        """Write down what the session sees from now on; for the camera's thread, and quick."""
        about = About(
            self.begun,
            routine.id,
            routine.version,
            guide.plan.goal,
            self.learner_id,
            self._browser,
        )
        self._guide = guide
        self._journal = guide.recorder.follower = follow(data_folder(), self._id, about)

    def note(self, learner_id: str | None, browser: str) -> None:
        """Who practises in which browser."""
        self.learner_id, self._browser = learner_id, browser
        if self._journal is not None and self._guide is not None and self.fate == "open":
            goal = self._guide.plan.goal
            self._journal.tell(learner_id=learner_id, browser=browser, goal=goal)

    def keep(
        self, guide: GuidedSession | None, routine: Routine, says: Iterable[Say], felt: int | None
    ) -> None:
        """Keep the session, once; one without a stroke is nothing to keep."""
        if self.fate != "open" or guide is None:
            return
        self.fate = "lost"
        try:
            self.draft = draft_of_practice(
                guide.recorder,
                routine,
                started=self.begun,
                goal=guide.plan.goal,
                cues=cues_of(says),
                learner_id=self.learner_id,
                felt_evenness=felt,
            )
        except CoachError as error:
            self.problem = error.sentence
        if self.draft is not None:
            self.keep_draft()
        elif self._journal is not None and self.problem is None:
            self._journal.discard()

    def keep_draft(self) -> None:
        """Keep what came of it; may be tried again where that failed."""
        draft = self.draft
        if draft is None:
            return
        self._try(lambda: setattr(self, "session_id", store().add_session(draft, self._id)))
        if self.session_id is not None:
            self.fate, self.draft = "kept", None
        if self._journal is not None:
            # Not kept, it is offered among the sessions, after a restart too.
            (self._journal.close if self.session_id is None else self._journal.discard)()

    def say_felt(self, felt: int) -> None:
        """The giver's own word on how even it was."""
        if self.session_id is not None:
            self._try(lambda: store().set_felt_evenness(str(self.session_id), felt))
        elif self.draft is not None:
            self.draft = replace(self.draft, felt_evenness=felt)

    def forget(self) -> None:
        """Do not keep it after all."""
        if self.session_id is not None:
            self._try(lambda: delete_session(str(self.session_id)))
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


def note_learner(practised: Practised) -> None:
    """Take over who was chosen in this browser."""
    practised.note(chosen("learner"), browser_mark())


def kept_line(practised: Practised) -> None:
    """That it is kept, whose it is, and the ways to its page and to not keeping it."""
    if practised.problem is not None:
        notice(practised.problem)
    if practised.fate == "forgotten":
        st.caption(text("session.not_kept"))
    if practised.draft is not None:
        _not_kept_yet(practised, practised.draft)
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


def _not_kept_yet(practised: Practised, draft: SessionDraft) -> None:
    """What came of it is here all the same, and can be taken along."""
    with st.container(horizontal=True, key="practised-not-kept"):
        st.button(text("session.keep_again"), on_click=practised.keep_draft, type="primary")
        st.download_button(
            text("review.download_json"),
            review_text(draft.review),
            file_name=f"{practised.begun.astimezone():%Y-%m-%d %H-%M}.json",
            mime="application/json",
            on_click="ignore",
        )
