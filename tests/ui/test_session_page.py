"""The page Session over a real store: played, explained, spoken of, judged again, deleted."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from routines.reps import PhaseSpan
from sessions.store.store import Store
from sessions.store.values import DrawnMark, SessionDraft
from tests.stored import NOON, attempts, landmarks, review
from ui import session_parts
from ui.player import (
    BoundariesMoved,
    CommentHere,
    FaultPicked,
    Moment,
    PlayerEvent,
    RangePicked,
    RepPicked,
)
from ui.samples import FOLDER
from ui.store_handle import store
from ui.texts import text
from vision.calibration import load_calibration

ROOT = Path(session_parts.__file__).parent.parent
CALIBRATION = load_calibration(FOLDER / "order.calibration.json")
FAULTS = [(), ("short_reach",), ("on_spine",), ()]


class Session:
    """The page of one session, with a player that does what the test tells it to."""

    def __init__(self, kept: Store, session_id: str) -> None:
        self.kept = kept
        self.id = session_id
        self.event: PlayerEvent | None = None
        self.shown: list[SimpleNamespace] = []
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        self.at.switch_page("ui/session.py")
        self.at.query_params["id"] = session_id

    def player(self, payload: Any, **how: Any) -> PlayerEvent | None:
        self.shown.append(SimpleNamespace(payload=payload, **how))
        event, self.event = self.event, None
        return event

    def run(self, event: PlayerEvent | None = None) -> AppTest:
        self.event = event
        self.at.run()
        assert not self.at.exception
        return self.at

    def open(self, name: str) -> AppTest:
        """Turn to a tab."""
        self.at.session_state["session-tabs"] = session_parts.title_of_tab(name)
        return self.run()

    def press(self, key: str, **values: Any) -> AppTest:
        next(each for each in self.at.button if each.label == text(key, **values)).click()
        return self.run()

    def html(self) -> str:
        return unescape(" ".join(str(each.proto.body) for each in self.at.get("html")))

    def words(self) -> list[str]:
        return [each.value for each in (*self.at.markdown, *self.at.caption)]

    def teach(self, name: str = "Ida") -> str:
        """An instructor sits before this browser."""
        teacher = self.kept.add_person(name, "instructor")
        self.run()
        self.at.session_state["browser"].people["instructor"] = teacher.id
        self.run()
        return teacher.id


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Session]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def made(faults: Any = FAULTS, **more: Any) -> Session:
        found = review(attempts(faults), "clip_1.mp4")
        draft = SessionDraft(
            "recorded", NOON, found, more.pop("calibration", None), more.pop("hands", None), **more
        )
        page = Session(store(), store().add_session(draft))
        monkeypatch.setattr(session_parts, "player", page.player)
        return page

    return made


def test_without_a_session_it_leads_to_the_list(make: Callable[..., Session]) -> None:
    page = make()
    page.at.query_params.clear()
    page.run()
    assert text("session.which") in page.words()


def test_a_session_that_is_gone_is_told(make: Callable[..., Session]) -> None:
    page = make()
    page.kept.delete_session(page.id)
    page.run()
    assert 'class="notice"' in page.html()
    assert text("app.footer") in page.html()


def test_head_player_and_why_come_first(make: Callable[..., Session]) -> None:
    page = make()
    page.run()
    assert [each.value for each in page.at.title] == ["clip\\_1\\.mp4"]
    assert text("sessions.count", count=3, attempts=4) in page.html()
    assert page.shown[-1].payload.session_id == page.id
    assert not page.shown[-1].correcting
    assert (
        text("why.measured", value="66\N{NO-BREAK SPACE}% of the way from waist to nape")
        in page.html()
    )
    assert (
        text("why.limit", value="80\N{NO-BREAK SPACE}% of the way from waist to nape")
        in page.html()
    )
    assert text("why.course_height") in page.words()


def test_each_fault_is_explained_when_it_is_picked(make: Callable[..., Session]) -> None:
    page = make()
    page.run(FaultPicked(3, "on_spine"))
    assert text("why.measured", value="≈ 0.40 cm") in page.html()
    assert text("why.no_course") in page.words(), "palms alone do not tell where the thumbs were"
    page.press("why.show")
    loop = page.shown[-1].loop
    check = page.kept.session(page.id).review.reps[2].faults[0]
    assert (loop.start_s, loop.end_s) == (check.start_s - 1.0, check.end_s + 1.0)
    page.run()
    assert page.shown[-1].loop is None, "asked for once"


def test_a_session_without_a_fault_or_a_stroke_says_so(make: Callable[..., Session]) -> None:
    page = make([()])
    page.run()
    assert text("why.none") in page.words()
    page = make([])
    for name in ("strokes", "figures"):
        page.open(name)
        assert text("session.no_reps") in page.words()


def test_strokes_and_figures_are_shown(make: Callable[..., Session]) -> None:
    page = make()
    page.open("strokes")
    assert 'class="rep-strip"' in page.html()
    page.open("figures")
    html = page.html()
    assert html.count("<tr class=") == 5, "four strokes and their middle"
    assert text("session.best_weakest") in [each.value for each in page.at.subheader]


def test_a_comment_is_kept_shown_and_taken_back(make: Callable[..., Session]) -> None:
    page = make()
    page.run(CommentHere(5.0, ()))
    assert text("teach.who_first") in page.words()
    page.teach()
    mark = DrawnMark("chart", "ring", ((0.1, 0.2), (0.2, 0.2)))
    page.run(CommentHere(5.0, (mark,)))
    page.at.text_area(key="comment-words").set_value("Lovely *and* slow")
    page.press("teach.keep")
    (comment,) = page.kept.session(page.id).comments
    assert (comment.text, comment.time_s, comment.marks) == ("Lovely *and* slow", 5.0, (mark,))
    assert len(page.shown[-1].payload.data["comments"]) == 1, "the learner sees it in the player"
    page.open("words")
    page.at.button(key=f"go-{comment.id}").click()
    page.run()
    assert page.shown[-1].seek_s == 5.0
    page.press("teach.take_back")
    assert page.kept.session(page.id).comments == ()


def test_verdicts_on_a_fault_and_a_stroke_are_an_instructors(make: Callable[..., Session]) -> None:
    page = make()
    page.run(FaultPicked(2, "short_reach"))
    assert text("teach.wrong") not in [each.label for each in page.at.button]
    teacher = page.teach()
    page.run(FaultPicked(2, "short_reach"))
    page.press("teach.wrong")
    page.press("teach.counts")
    page.run(RepPicked(1))
    page.press("teach.counts_not")
    said = page.kept.session(page.id).verdicts
    assert {(one.word, one.code, one.author_id) for one in said} == {
        ("wrong", "short_reach", teacher),
        ("counts", None, teacher),
        ("does_not_count", None, teacher),
    }
    page.open("words")
    assert any(text("teach.said_wrong") in words for words in page.words())


def test_what_the_machine_missed_is_told_where_it_was(make: Callable[..., Session]) -> None:
    page = make()
    page.teach()
    page.run(Moment(7.0))
    page.run(RangePicked(6.0, 8.5))
    form = next(each for each in page.at.selectbox if each.label == text("sessions.fault"))
    form.set_value("pause")
    page.press("teach.keep")
    (one,) = page.kept.session(page.id).verdicts
    assert (one.word, one.code, one.start_s, one.end_s) == ("missed", "pause", 6.0, 8.5)


def test_boundaries_are_corrected_by_an_instructor_alone(make: Callable[..., Session]) -> None:
    page = make()
    rep = page.kept.session(page.id).review.reps[0]
    phases = (*rep.phases[:-1], PhaseSpan("pull_in", rep.phases[-1].start_s, rep.end_s - 0.3))
    moved = BoundariesMoved(rep.start_s, rep.end_s, phases)
    page.run(moved)
    assert page.kept.session(page.id).corrections == ()
    page.teach()
    assert page.shown[-1].correcting
    page.run(moved)
    (fix,) = page.kept.session(page.id).corrections
    assert fix.phases == phases
    assert text("teach.corrected") in page.words()


def test_a_session_waits_until_an_instructor_has_looked_at_it(make: Callable[..., Session]) -> None:
    page = make()
    teacher = page.teach()
    next(each for each in page.at.checkbox if each.label == text("teach.looked_at")).check()
    page.run()
    kept = page.kept.session(page.id)
    assert not kept.line.waiting
    assert kept.looked_at_by == (teacher,)


def test_the_learner_is_assigned_and_can_be_added(make: Callable[..., Session]) -> None:
    page = make()
    anna = page.kept.add_person("Anna", "learner")
    page.open("keeping")
    choice = next(each for each in page.at.selectbox if each.label == text("session.learner"))
    choice.set_value(anna.id)
    page.run()
    assert page.kept.session(page.id).line.learner == "Anna"
    assert "Anna" in page.html()


def test_judging_again_says_what_changed(make: Callable[..., Session]) -> None:
    page = make(calibration=CALIBRATION.fitted_to(1280, 720), hands=landmarks())
    page.open("keeping")
    page.press("session.again")
    assert text("session.count_changed", old=3, new=0) in page.words()
    assert page.kept.session(page.id).line.attempts == 0, "those hands made no stroke"


def test_without_hands_it_cannot_be_judged_again(make: Callable[..., Session]) -> None:
    page = make()
    page.open("keeping")
    assert text("session.not_again") in page.words()
    assert text("session.again") not in [each.label for each in page.at.button]


def test_pictures_are_forgotten_at_once(make: Callable[..., Session]) -> None:
    page = make()
    until = (store()._now() + timedelta(days=9)).date()
    page.kept.keep_pictures(page.id, FOLDER / "wide.mp4", partner_agreed=True, forget_on=until)
    page.open("keeping")
    pictures = page.kept.session(page.id).pictures
    assert pictures is not None
    assert page.shown[-1].payload.video == pictures.path
    page.press("session.forget_now")
    assert not pictures.path.exists()
    assert text("session.no_pictures") in page.words()


def test_files_and_report_are_made(make: Callable[..., Session]) -> None:
    page = make()
    page.open("exports")
    labels = [each.proto.label for each in page.at.get("download_button")]
    assert labels == [
        text(f"exports.{name}")
        for name in ("pdf", "html", "csv", "parquet", "json", "boris", "srt", "vtt")
    ]
    assert text("exports.no_pictures") in page.words()


def test_deleting_asks_first_and_leads_back_to_the_list(make: Callable[..., Session]) -> None:
    page = make()
    page.open("keeping")
    page.press("sessions.delete_one")
    assert page.kept.count_sessions() == 1
    page.press("sessions.delete_sure")
    assert page.kept.count_sessions() == 0
