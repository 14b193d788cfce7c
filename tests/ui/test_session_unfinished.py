"""A session that was cut off is offered: on Sessions to all, on Practice to its own browser."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui.practice_parts
from messages import languages
from routines.reps import RepEnded
from sessions.data_folder import data_folder
from sessions.store.unfinished import About, follow
from tests.stored import rep
from tests.ui.test_review_work import CALIBRATION
from ui import session_unfinished
from ui.session_words import moment_words
from ui.store_handle import store
from ui.texts import messages, text

ROOT = Path(ui.practice_parts.__file__).parent.parent
BEGUN = datetime(2026, 3, 2, 17, 4, tzinfo=UTC)
NAME = "a" * 32


@pytest.fixture(autouse=True)
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session of three strokes."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(session_unfinished, "browser_mark", lambda: "mine")
    monkeypatch.setattr(ui.practice_parts, "camera", lambda *_: False)
    leave(3, "mine")


def leave(strokes: int, browser: str, name: str = NAME) -> None:
    about = About(BEGUN, "t_stroke", 1, goal=10, browser=browser)
    journal = follow(data_folder(), name, about)
    journal.knows(CALIBRATION)
    for index in range(strokes):
        journal.takes([RepEnded(8.0 * index + 8, rep(index + 1, 8.0 * index, 7.0))])
    journal.close()


def page(name: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    return at.run().switch_page(f"ui/{name}.py").run()


def offers(at: AppTest) -> list[str]:
    return [one.value for one in at.markdown if moment_words(BEGUN) in one.value]


@pytest.mark.parametrize("name", ["sessions", "practice"])
def test_it_is_offered_and_kept(name: str) -> None:
    at = page(name)
    assert offers(at) == [text("sessions.unfinished", when=moment_words(BEGUN), count=3)]
    at.button(f"unfinished-keep-{NAME}").click().run()
    assert not at.exception
    assert offers(at) == []
    (line,) = store().sessions()
    assert (line.id, line.kind, line.attempts, line.goal) == (NAME, "live", 3, 10)
    assert offers(page(name)) == []


def test_it_is_thrown_away() -> None:
    at = page("sessions")
    at.button(f"unfinished-drop-{NAME}").click().run()
    assert not at.exception
    assert offers(at) == []
    assert store().count_sessions() == 0
    assert not list((data_folder() / "live").iterdir())


def test_a_second_page_that_is_late_is_told() -> None:
    early, late = page("sessions"), page("sessions")
    early.button(f"unfinished-drop-{NAME}").click().run()
    late.button(f"unfinished-keep-{NAME}").click().run()
    assert not late.exception
    assert any("not there any more" in str(one.proto) for one in late.get("html"))


def test_another_browsers_session_is_not_offered_on_practice() -> None:
    leave(1, "yours", "b" * 32)
    assert len(offers(page("practice"))) == 1
    assert len(offers(page("sessions"))) == 2


@pytest.mark.parametrize("code", sorted(languages()))
def test_one_stroke_has_words_of_its_own(code: str) -> None:
    assert "{count}" not in messages(code)["sessions.unfinished_one"]
