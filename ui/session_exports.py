"""A session as files: for other programs, to print, and as a video with the drawings in it."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from routines.routine import Routine
from sessions.exports import FORMATS, Format, annotated_mp4, export_session, stem_of
from sessions.reports import LearnerSessions, Paper, learner_report
from sessions.store.values import LandmarkTrack, StoredSession
from ui.report_files import report_buttons
from ui.review_files import TemporaryFolder
from ui.review_queue import QUEUE, Outcome, Report
from ui.review_result import queue_list
from ui.session_browser import browser
from ui.session_state import OpenSession
from ui.store_handle import now
from ui.texts import language, text

_FORMATS: Final[Mapping[Format, str]] = {
    "csv": "exports.csv",
    "parquet": "exports.parquet",
    "json": "exports.json",
    "boris": "exports.boris",
    "srt": "exports.srt",
    "vtt": "exports.vtt",
}


class DrawWork:
    """Draws a session's kept pictures anew, in the queue: it takes about as long as the film."""

    def __init__(
        self,
        session: StoredSession,
        landmarks: LandmarkTrack | None,
        routine: Routine,
        language: str,
    ) -> None:
        """`language` is the tab's: the queue's thread has none."""
        self._what = (session, landmarks, routine)
        self._language = language
        self._folder = TemporaryFolder()

    @property
    def name(self) -> str:
        """Of the recording."""
        return self._what[0].line.name

    @property
    def session_id(self) -> str:
        """Whose pictures these are."""
        return self._what[0].line.id

    def run(self, report: Report) -> Outcome:
        """Draw. Raises CoachError."""
        session = self._what[0]
        to = self._folder.path / f"{stem_of(session)}.annotated.mp4"
        annotated_mp4(*self._what, to, language=self._language, on_progress=report.judging)
        return Outcome(session.review, session.line.id, to)

    def keep_again(self, outcome: Outcome) -> Outcome:
        """Nothing of it is kept."""
        return outcome

    def give_back(self) -> None:
        """There is nothing to give back."""
        self.close()

    def close(self) -> None:
        """Remove the video."""
        self._folder.remove()


def exports(opened: OpenSession) -> None:
    """Report, tables, captions and video."""
    st.subheader(text("exports.report"))
    st.write(text("exports.report_text"))
    _report(opened)
    st.subheader(text("exports.files"))
    with st.container(horizontal=True):
        for fmt in FORMATS:
            st.download_button(
                text(_FORMATS[fmt]),
                _export(opened, fmt),
                file_name=file_name(opened, fmt),
                key=f"export-{fmt}",
                on_click="ignore",
            )
    st.subheader(text("exports.video"))
    _video(opened)


def file_name(opened: OpenSession, fmt: Format) -> str:
    """What a download is called: several tables come as one archive."""
    packed = fmt in ("csv", "parquet", "json")
    return f"{stem_of(opened.stored)}.{fmt}{'.zip' if packed else ''}"


def _export(opened: OpenSession, fmt: Format) -> Callable[[], bytes]:
    # Made when it is asked for; the language is the tab's, which a download's thread may not know.
    stored, landmarks, routine, spoken = opened.stored, opened.landmarks, opened.routine, language()
    return lambda: export_session(stored, landmarks, routine, fmt, language=spoken).data


def _report(opened: OpenSession) -> None:
    paper: Paper = st.segmented_control(
        text("exports.paper"),
        ["A4", "letter"],
        default="A4",
        required=True,
        format_func=lambda each: text("exports.letter") if each == "letter" else each,
        key="export-paper",
    )
    stored, routine, spoken, made = opened.stored, opened.routine, language(), now().date()
    who = stored.line.learner or text("people.no_learner")

    def html() -> str:
        learner = LearnerSessions(who, (stored,))
        return learner_report(learner, routine, made=made, language=spoken, paper=paper)

    report_buttons(html, stem_of(stored), key="export")


def _video(opened: OpenSession) -> None:
    stored = opened.stored
    if stored.pictures is None or opened.landmarks is None:
        st.write(text("exports.no_pictures"))
        return
    st.write(text("exports.video_text"))
    if st.button(text("exports.draw")):
        QUEUE.add(browser(), DrawWork(stored, opened.landmarks, opened.routine, language()))
    queue_list()
