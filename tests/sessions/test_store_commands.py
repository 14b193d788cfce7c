"""The store from the command line."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sessions.cli import main
from sessions.store.store import Store, open_store
from tests.sessions.store.drafts import draft


@pytest.fixture
def run(tmp_path, monkeypatch) -> Callable[..., Result]:
    """`run("store", "export", "x.zip")` with a home of its own."""
    monkeypatch.delenv("TSTROKE_DATABASE_URL", raising=False)
    monkeypatch.setattr("sessions.store.store.data_folder", lambda: tmp_path / "home")
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def filled(tmp_path, run) -> Store:
    store = open_store(folder=tmp_path / "home")
    anna = store.add_person("Anna", "learner")
    session_id = store.add_session(draft(learner_id=anna.id))
    film = tmp_path / "film.mp4"
    film.write_bytes(b"pictures")
    tomorrow = date.today() + timedelta(days=2)
    store.keep_pictures(session_id, film, partner_agreed=True, forget_on=tomorrow)
    store.close()
    return store


def kept(folder: Path) -> list[Path]:
    return list((folder / "home" / "pictures").glob("*/*"))


def test_export_and_import_take_all_along(run, filled, tmp_path, monkeypatch):
    done = run("store", "export", tmp_path / "all.zip", "--pictures")
    assert (done.exit_code, done.output) == (0, f"1 session in {tmp_path}/all.zip\n")
    again = run("store", "import", tmp_path / "all.zip")
    assert again.output == (
        "New: 0 sessions, 0 people, 0 remarks, 0 recordings; 1 session was here already\n"
    )
    monkeypatch.setattr("sessions.store.store.data_folder", lambda: tmp_path / "other")
    there = run("store", "import", tmp_path / "all.zip")
    assert there.output == "New: 1 session, 1 person, 0 remarks, 1 recording\n"
    assert len(list((tmp_path / "other" / "pictures").glob("*/*"))) == 1


def test_a_bad_file_is_one_line_on_standard_error(run, tmp_path):
    (tmp_path / "bad.zip").write_text("no archive")
    done = run("store", "import", tmp_path / "bad.zip")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_forget_deletes_what_is_due(run, filled, tmp_path, monkeypatch):
    assert run("store", "forget").output == "0 recordings deleted\n"
    assert len(kept(tmp_path)) == 1

    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            later = date.today() + timedelta(days=9)
            return cls(later.year, later.month, later.day)

    monkeypatch.setattr("sessions.store_runs.date", Later)
    assert run("store", "forget").output == "1 recording deleted\n"
    assert kept(tmp_path) == []


def test_a_store_that_can_not_be_opened_is_told(run, monkeypatch):
    monkeypatch.setenv("TSTROKE_DATABASE_URL", "oracle://x/y")
    done = run("store", "forget")
    assert done.exit_code == 1
    assert "TSTROKE_DATABASE_URL" in done.stderr
