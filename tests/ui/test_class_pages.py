"""Compare, Progress and Class in each of their states, without a browser."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import ui.class_reports
from routines.routine import load_routine
from sessions.analysis.truth_files import truth_zip
from sessions.store.values import SessionFilter
from tests.ui.class_store import School, fill
from ui.class_reports import report_html
from ui.session_people import NOBODY
from ui.store_handle import store
from ui.texts import text
from ui.words import percent

ROOT = Path(ui.class_reports.__file__).parent.parent
RULES = load_routine().faults


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("TSTROKE_DATABASE_URL", raising=False)


@pytest.fixture
def school() -> School:
    return fill(store())


@pytest.fixture
def page() -> Callable[[str], AppTest]:
    def show(name: str, **address: str) -> AppTest:
        # From the app, so that links to other pages know where they lead.
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        at.switch_page(f"ui/{name}.py")
        for key, value in address.items():
            at.query_params[key] = value
        return run(at)

    return show


def run(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def html_of(at: AppTest) -> str:
    return unescape(" ".join(str(element.proto.body) for element in at.get("html")))


def raw_html_of(at: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in at.get("html"))


def words_of(at: AppTest) -> list[str]:
    return [each.value for each in (*at.markdown, *at.caption, *at.subheader)]


def button(at: AppTest, key: str) -> Any:
    return next(each for each in at.button if each.label == text(key))


def links_of(at: AppTest) -> list[str]:
    return [str(each.proto.page) for each in at.get("page_link")]


def choose(at: AppTest, key: str, value: Any) -> AppTest:
    box = next(each for each in at.selectbox if str(each.key).startswith(key))
    box.set_value(value)
    return run(at)


def view(at: AppTest, name: str) -> AppTest:
    at.segmented_control(key="class-view").set_value(name)
    return run(at)


# Progress


def test_progress_without_a_session_says_what_to_do_next(page: Callable[..., AppTest]) -> None:
    at = page("progress")
    assert text("progress.empty_nobody") in words_of(at)
    assert links_of(at)[:2] == ["practice", "review"] or len(links_of(at)) == 2


def test_progress_names_what_to_work_on_from_the_newest_sessions(
    page: Callable[..., AppTest], school: School
) -> None:
    at = choose(page("progress"), "progress-learner", school.anna)
    shown = html_of(at)
    # Newest three sessions: one pause, one hand behind, in 15 strokes; a pause matters more.
    assert RULES["pause"].written in shown
    label = RULES["pause"].label.capitalize()
    assert text("progress.next_why", label=label, faults=1, judged=15, sessions=3) in shown


def test_progress_shows_every_session_as_a_bar_and_tells_its_trend(
    page: Callable[..., AppTest], school: School
) -> None:
    at = choose(page("progress"), "progress-learner", school.anna)
    shown = html_of(at)
    told = text("progress.bar_told", day="02.03.2026", attempts=5, count=4, clean=1)
    assert told in shown
    assert any("Fewer" not in words and "More of the strokes" in words for words in words_of(at))
    assert RULES["rushed"].label in " ".join(words_of(at)), "never found, and said so"
    at.segmented_control(key="progress-by").set_value("week")
    assert told in html_of(run(at)), "one session a week"


def test_progress_of_nobody_is_of_sessions_that_are_nobodys(
    page: Callable[..., AppTest], school: School
) -> None:
    at = choose(page("progress"), "progress-learner", NOBODY)
    assert text("progress.next_no_strokes") in words_of(at)
    assert text("progress.next_no_strokes") in words_of(run(at)), "and stays so"


def test_progress_begins_with_whoever_practised_last(
    page: Callable[..., AppTest], school: School
) -> None:
    newest = next(line for line in store().sessions() if line.learner_id is not None)
    at = page("progress")
    assert at.selectbox[0].value == newest.learner_id
    assert at.session_state["browser"].people == {}, "nobody chose to practise as them"
    assert choose(at, "progress-learner", school.ben).selectbox[0].value == school.ben


# Compare


def test_comparing_takes_two_sessions(page: Callable[..., AppTest]) -> None:
    assert text("compare.empty") in words_of(page("compare"))


def test_the_address_names_the_two_and_their_figures_stand_side_by_side(
    page: Callable[..., AppTest], school: School
) -> None:
    first, last = school.sessions[0], school.sessions[5]
    at = page("compare", a=first, b=last)
    assert [each.value for each in at.selectbox if "session" in str(each.key)] == [first, last]
    assert text("compare.in_step", pairs=5, one=5, other=5) in words_of(at)
    shown = html_of(at)
    # 8.3 s in the middle at first; a fifth of a second slower every week.
    assert '<td>8.3 s</td><td>9.3 s</td><td class="difference">+1.0 s</td>' in shown
    assert text("compare.lag") in shown
    assert "≈" in shown, "the shoulders' width was assumed"


def test_the_best_of_each_go_together(page: Callable[..., AppTest], school: School) -> None:
    at = page("compare", a=school.sessions[0], b=school.sessions[5])
    at.segmented_control(key="compare-pairing").set_value("best")
    run(at)
    assert any(text("compare.figures_best", about="≈") == words for words in words_of(at))
    assert text("compare.stroke_of", number=4, title="Anna <i>") in html_of(at)


def test_comparing_begins_with_somebody_who_has_sessions(
    page: Callable[..., AppTest], school: School
) -> None:
    at = page("compare")
    assert at.selectbox(key="compare-a-person").value == school.anna
    assert text("compare.none_of_them") not in words_of(at)
    assert text("compare.choose") in words_of(at)


def test_one_session_is_not_compared_with_itself(
    page: Callable[..., AppTest], school: School
) -> None:
    at = page("compare", a=school.sessions[0], b=school.sessions[0])
    assert text("compare.same_one") in words_of(at)


def test_a_session_without_strokes_goes_by_the_clock(
    page: Callable[..., AppTest], school: School
) -> None:
    (nobodys,) = (line for line in store().sessions() if line.learner_id is None)
    at = page("compare", a=school.sessions[0], b=nobodys.id)
    assert text("compare.by_clock") in words_of(at)
    assert text("compare.unseen") in html_of(at)


def test_an_address_of_a_session_that_is_gone_is_one_sentence(
    page: Callable[..., AppTest], school: School
) -> None:
    assert 'role="alert"' in raw_html_of(page("compare", a="gone", b=school.sessions[0]))


# Class


def test_an_empty_class_says_what_to_do_next(page: Callable[..., AppTest]) -> None:
    at = page("classroom")
    assert text("class.no_sessions") in words_of(at)
    for name, key in (
        ("learners", "class.no_learners"),
        ("agreement", "class.none_looked_at"),
        ("reports", "class.reports_empty"),
        ("people", "class.nobody"),
    ):
        assert text(key) in words_of(view(at, name)), name


def test_where_nothing_was_looked_at_what_waits_is_listed_at_once(
    page: Callable[..., AppTest], school: School
) -> None:
    for session_id in school.sessions:
        store().delete_session(session_id)
    at = view(page("classroom"), "agreement")
    assert text("class.none_looked_at") in words_of(at)
    assert text("class.found", count=2) in words_of(at)


def test_a_class_of_which_no_session_is_anybodys_has_no_report(
    page: Callable[..., AppTest], school: School
) -> None:
    for person_id in (school.anna, school.ben):
        store().delete_person(person_id)
    at = view(page("classroom"), "reports")
    assert text("class.reports_empty") in words_of(at)
    assert at.get("download_button") == []


def test_sessions_that_wait_are_listed_and_filtered(
    page: Callable[..., AppTest], school: School
) -> None:
    at = page("classroom")
    assert text("class.found", count=3) in words_of(at)
    choose(at, "class-learner", school.anna)
    assert text("class.found_one") in words_of(at)
    assert "Anna &lt;i&gt;" in raw_html_of(at)
    choose(at, "class-fault", "on_spine")
    assert text("class.none_fits") in words_of(at)
    button(at, "sessions.clear").click()
    assert text("class.found", count=3) in words_of(run(at))


def test_when_nothing_waits_it_is_said(page: Callable[..., AppTest], school: School) -> None:
    for line in store().sessions(SessionFilter(waiting=True)):
        store().set_looked_at(line.id, True, school.ida)
    assert text("class.none_waits") in words_of(page("classroom"))


def test_learners_are_listed_with_what_waits_and_lead_to_their_progress(
    page: Callable[..., AppTest], school: School
) -> None:
    at = view(page("classroom"), "learners")
    shown = html_of(at)
    assert text("class.sessions", count=6) in shown
    assert shown.count(text("class.waits_one", count=1)) == 2
    assert text("class.clean", share=percent(1.0)) in shown
    next(each for each in at.button if each.label.startswith("Anna")).click()
    run(at)
    assert [each.value for each in at.title] == [text("progress.title")]
    assert RULES["pause"].written in html_of(at)


def test_agreement_is_told_in_all_by_learner_and_between_instructors(
    page: Callable[..., AppTest], school: School
) -> None:
    at = view(page("classroom"), "agreement")
    shown = html_of(at)
    # Five sessions of five strokes, one of them looked at by two.
    assert text("class.said_sessions", sessions=6, reps=30) in shown
    assert text("class.said_boundaries", error="0.20", reps=1) in shown
    assert (
        text("class.pair", one="Ida", other="Otto") in shown
        or text("class.pair", one="Otto", other="Ida") in shown
    )
    # The machine's pauses: 2, 2 again (Otto), 2, 1, 1, 0; Ida takes back one. So both say 7 of
    # 30, the machine one more: (29/30 - 562/900) / (1 - 562/900).
    assert f'<th scope="row">{RULES["pause"].label.capitalize()}</th><td>0.91</td>' in shown
    before = shown
    rep = store().session(school.sessions[3]).review.reps[1]
    store().verdict(school.sessions[3], school.ida, "wrong", rep.start_s, rep.end_s, "pause")
    assert html_of(run(at)) != before, "a word changes kappa"


def test_people_are_added_renamed_and_removed_after_being_asked(
    page: Callable[..., AppTest], school: School
) -> None:
    at = view(page("classroom"), "people")
    at.text_input(key=f"name-{school.ben}").set_value("Benno")
    next(each for each in at.button if each.form_id == f"rename-{school.ben}").click()
    run(at)
    assert [one.name for one in store().people("learner")] == ["Anna <i>", "Benno"]
    at.button(key=f"remove-{school.anna}").click()
    run(at)
    assert text("class.remove_sessions", count=6) in words_of(at)
    assert store().count_sessions() == 8, "asked first"


def test_removing_takes_their_sessions_along(school: School) -> None:
    # The window alone: a click in it runs nothing else of the page.
    at = AppTest.from_string(
        "from ui.class_people import ask\n"
        "from ui.store_handle import store\n"
        "ask(store().people('learner')[0])\n",
        default_timeout=30,
    )
    at.run()
    button(at, "class.remove_sure").click()
    at.run()
    assert [one.name for one in store().people("learner")] == ["Ben"]
    assert store().count_sessions() == 2


def test_reports_and_truth_are_offered_of_one_and_of_all(
    page: Callable[..., AppTest], school: School
) -> None:
    at = view(page("classroom"), "reports")
    labels = [str(each.proto.label) for each in at.get("download_button")]
    assert labels[:2] == [text("exports.pdf"), text("exports.html")]
    assert labels[2] == text("class.truth", count=5)
    choose(at, "class-report-of", school.ben)
    assert text("class.truth_none") in words_of(at)


def test_a_report_is_of_the_learners_newest_sessions(school: School) -> None:
    people = {person.id: person for person in store().people("learner")}
    alone = report_html(store(), [people[school.anna]], 1, date(2026, 5, 1), "en")
    assert "Anna &lt;i&gt;" in alone
    assert "Ben" not in alone
    whole = report_html(store(), list(people.values()), 1, date(2026, 5, 1), "en")
    assert "Ben" in whole


def test_the_truth_of_a_class_is_as_it_was_corrected(school: School) -> None:
    kept = store()
    sessions = [kept.session(session_id) for session_id in school.sessions[:2]]
    with zipfile.ZipFile(io.BytesIO(truth_zip(sessions, load_routine()))) as archive:
        first = json.loads(archive.read("clip.truth.json"))
    assert first["count"] == 4
    assert [rep["fault"] for rep in first["reps"]][1:3] == ["pause", "short_reach"]
