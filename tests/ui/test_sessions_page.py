"""The page Sessions, empty and full, over a real store."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sessions.store.store import Store
from sessions.store.values import SessionDraft
from tests.stored import NOON, attempts, landmarks, review
from ui import sessions_parts
from ui.store_handle import store
from ui.texts import text

ROOT = Path(sessions_parts.__file__).parent.parent


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return store()


@pytest.fixture
def page() -> Callable[[], AppTest]:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    at.switch_page("ui/sessions.py")

    def run() -> AppTest:
        at.run()
        assert not at.exception
        return at

    return run


def keep(kept: Store, name: str, *faults: tuple[str, ...], day: int = 0, **more: Any) -> str:
    found = review(attempts(faults), name)
    draft = SessionDraft(
        more.pop("kind", "recorded"), NOON + timedelta(days=day), found, None, landmarks(), **more
    )
    return kept.add_session(draft)


def html_of(at: AppTest) -> str:
    return unescape(" ".join(str(element.proto.body) for element in at.get("html")))


def names(at: AppTest) -> list[str]:
    """The sessions that are listed, from top to bottom."""
    links = [each.proto for each in at.get("page_link")]
    return [link.label.replace("\\", "") for link in links if "id=" in str(link)]


def press(at: AppTest, key: str, **values: Any) -> None:
    next(each for each in at.button if each.label == text(key, **values)).click()


def test_an_empty_store_says_what_to_do_next(page: Callable[[], AppTest]) -> None:
    at = page()
    assert text("sessions.empty") in [each.value for each in at.markdown]
    links = [each.proto.label for each in at.get("page_link")]
    assert links == [text("sessions.to_practice"), text("sessions.to_review")]
    export = next(each for each in at.button if each.label == text("sessions.export"))
    assert export.disabled


def test_sessions_are_listed_newest_first_with_their_figures(
    page: Callable[[], AppTest], kept: Store
) -> None:
    anna = kept.add_person("Anna <b>Müller", "learner")
    keep(kept, "old_1.mp4", ("short_reach",), (), learner_id=anna.id)
    keep(kept, "new.mp4", (), day=3)
    at = page()
    assert names(at) == ["new.mp4", "old_1.mp4"]
    html = html_of(at)
    assert text("sessions.count", count=1, attempts=2) in html
    assert "turned back early 1×" in html
    assert "Anna &lt;b&gt;Müller" in " ".join(str(e.proto.body) for e in at.get("html"))
    assert html.count(f">{text('sessions.waiting')}<") == 2


def test_filters_narrow_the_list_and_can_be_cleared(
    page: Callable[[], AppTest], kept: Store
) -> None:
    anna = kept.add_person("Anna", "learner")
    keep(kept, "a.mp4", ("short_reach",), learner_id=anna.id)
    looked_at = keep(kept, "b.mp4", (), day=1)
    kept.set_looked_at(looked_at, True)
    keep(kept, "c.mp4", (), day=2, kind="live")
    at = page()
    at.selectbox(key="sessions-learner").set_value(anna.id)
    assert names(page()) == ["a.mp4"]
    at.selectbox(key="sessions-learner").set_value("")
    at.selectbox(key="sessions-fault").set_value("short_reach")
    assert names(page()) == ["a.mp4"]
    at.selectbox(key="sessions-fault").set_value("")
    at.selectbox(key="sessions-state").set_value("looked_at")
    assert names(page()) == ["b.mp4"]
    at.selectbox(key="sessions-state").set_value("")
    at.selectbox(key="sessions-kind").set_value("live")
    assert names(page()) == [text("sessions.practised")]
    at.selectbox(key="sessions-kind").set_value("")
    at.date_input(key="sessions-since").set_value((NOON + timedelta(days=1)).date())
    assert len(names(page())) == 2
    at.text_input(key="sessions-text").set_value("nothing like it")
    page()
    assert text("sessions.none_fits") in [each.value for each in at.markdown]
    press(at, "sessions.clear")
    assert len(names(page())) == 3


def test_many_sessions_are_turned_over_page_by_page(
    page: Callable[[], AppTest], kept: Store
) -> None:
    for number in range(sessions_parts.PER_PAGE + 2):
        keep(kept, f"{number}.mp4", (), day=number)
    at = page()
    assert len(names(at)) == sessions_parts.PER_PAGE
    at.pagination[0].set_value(2)
    assert names(page()) == ["1.mp4", "0.mp4"]


def test_two_that_are_ticked_can_be_compared(page: Callable[[], AppTest], kept: Store) -> None:
    one, other = keep(kept, "a.mp4", ()), keep(kept, "b.mp4", (), day=1)
    at = page()
    at.checkbox(key=f"sessions-ticked-{one}").check()
    page()
    compare = text("sessions.compare")
    assert compare not in [each.proto.label for each in at.get("page_link")]
    at.checkbox(key=f"sessions-ticked-{other}").check()
    page()
    link = next(each.proto for each in at.get("page_link") if each.proto.label == compare)
    assert one in str(link)
    assert other in str(link)


def test_deleting_asks_first_and_says_what_goes(page: Callable[[], AppTest], kept: Store) -> None:
    one = keep(kept, "a.mp4", ())
    keep(kept, "b.mp4", (), day=1)
    at = page()
    at.checkbox(key=f"sessions-ticked-{one}").check()
    page()
    press(at, "sessions.delete_one", count=1)
    page()
    assert text("sessions.delete_what") in [each.value for each in at.markdown]
    assert kept.count_sessions() == 2
    press(at, "sessions.delete_sure")
    page()
    assert [line.name for line in kept.sessions()] == ["b.mp4"]


def test_everything_goes_into_one_file(page: Callable[[], AppTest], kept: Store) -> None:
    keep(kept, "a.mp4", ())
    at = page()
    press(at, "sessions.export")
    page()
    folder = at.session_state["sessions-archive"]
    (archive,) = folder.path.iterdir()
    assert f'download="{archive.name}"' in html_of(at)
    folder.remove()


def test_a_store_that_cannot_be_used_is_one_sentence_and_the_app_goes_on(
    page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSTROKE_DATABASE_URL", "nonsense")
    at = page()
    assert 'class="notice"' in html_of(at)
    assert text("app.footer") in html_of(at)
