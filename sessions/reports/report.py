"""Reports of learners and classes as HTML: one file, without anything from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from operator import attrgetter
from typing import Any, Final, Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from messages import ENGLISH
from routines.routine import Routine
from sessions.reports.session_page import SessionPage, session_page
from sessions.reports.summary_page import LearnerPage, class_page, learner_page
from sessions.store.values import SessionLine, StoredSession
from sessions.wording import Words

Paper = Literal["A4", "letter"]

PAPERS: Final[Mapping[Paper, str]] = {"A4": "A4", "letter": "letter"}
"""As CSS names them."""


@dataclass(frozen=True, slots=True, eq=False)
class LearnerSessions:
    """A learner with the sessions that the report is about, in any order."""

    name: str
    sessions: Sequence[StoredSession]
    """Each gets a page."""
    others: Sequence[SessionLine] = ()
    """Sessions that stand in the summary alone."""

    @property
    def lines(self) -> list[SessionLine]:
        """Of all sessions, oldest first."""
        lines = [*(session.line for session in self.sessions), *self.others]
        return sorted(lines, key=lambda line: (line.started, line.id))

    @property
    def newest_first(self) -> list[StoredSession]:
        """The sessions that get pages."""
        key = attrgetter("line.started", "line.id")
        return sorted(self.sessions, key=key, reverse=True)


@dataclass(frozen=True, slots=True)
class _Part:
    """A learner's summary and the pages of the sessions."""

    page: LearnerPage
    sessions: tuple[SessionPage, ...]


def learner_report(
    learner: LearnerSessions,
    routine: Routine,
    *,
    made: date,
    language: str = ENGLISH,
    paper: Paper = "A4",
) -> str:
    """A summary and one page for each session, the newest first, as HTML.

    `made` is the day that the report bears.
    """
    words = Words(language)
    parts = [_part(learner, words.routine(routine), words, 0)] if learner.lines else []
    return _render(words, paper, made, learner.name, parts=parts, group=None)


def class_report(
    learners: Sequence[LearnerSessions],
    routine: Routine,
    *,
    made: date,
    language: str = ENGLISH,
    paper: Paper = "A4",
) -> str:
    """A summary of the class, then each learner as in `learner_report`, by name, as HTML.

    Learners without a session are left out.
    """
    words = Words(language)
    named = words.routine(routine)
    ordered = sorted(learners, key=lambda learner: learner.name.casefold())
    present = [learner for learner in ordered if learner.lines]
    group = None
    if present:
        group = class_page([(each.name, each.lines) for each in present], named, words)
    parts = [_part(learner, named, words, at) for at, learner in enumerate(present)]
    return _render(words, paper, made, words.text("report.of_class"), parts=parts, group=group)


def _part(learner: LearnerSessions, routine: Routine, words: Words, at: int) -> _Part:
    shown = learner.newest_first
    newest = shown[0] if shown else None
    return _Part(
        learner_page(learner.name, learner.lines, newest, routine, words, f"bars{at}"),
        tuple(
            session_page(session, routine, words, f"chart{at}-{number}")
            for number, session in enumerate(shown)
        ),
    )


def _render(words: Words, paper: Paper, made: date, who: str, **content: Any) -> str:
    template = _environment().get_template("report.html")
    return template.render(
        t=words.text,
        language=words.language,
        who=who,
        made=words.text("report.made", day=words.day(made)),
        style=Markup(_text("report.css")),
        paper=PAPERS[paper],
        **content,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _text(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text("utf-8")
