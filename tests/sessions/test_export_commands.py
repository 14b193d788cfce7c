"""The commands about stored sessions: what they write, refuse in a sentence, and leave behind."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from messages import languages
from sessions import export_commands
from sessions.cli import main
from sessions.exports import FORMATS
from sessions.store.store import Store, open_store
from sessions.store.values import SessionDraft
from tests.stored import NOON, attempts, landmarks, review
from vision.frames import VideoReader
from vision.sink import Mp4Sink


def tstroke(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(*words: str | Path, code: int = 1) -> str:
    """Runs, expects exactly one line on standard error and nothing else, and gives the line."""
    result = tstroke(*words)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("TSTROKE_DATABASE_URL", f"sqlite:///{tmp_path}/sessions.sqlite3")
    monkeypatch.setattr("sessions.store.store.data_folder", lambda: tmp_path / "data")
    with open_store() as opened:
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def add(store: Store, learner: str | None = None, *, day: int = 0, sha256: str = "0" * 64) -> str:
    known = {person.name: person.id for person in store.people("learner")}
    if learner is not None and learner not in known:
        known[learner] = store.add_person(learner, "learner").id
    watched = review(attempts([[], ["pause"], []], seed=day + 1), f"evening-{day}.mp4")
    watched = replace(watched, video=replace(watched.video, sha256=sha256))
    draft = SessionDraft(
        kind="recorded",
        started=NOON + timedelta(days=day),
        review=watched,
        calibration=None,
        landmarks=landmarks(),
        learner_id=None if learner is None else known[learner],
    )
    return store.add_session(draft)


def test_sessions_are_listed_with_their_ids(store: Store) -> None:
    assert "No sessions are kept yet." in tstroke("sessions").stdout
    first, second = add(store, "Anna Müller"), add(store, "Zoë", day=9)
    listed = tstroke("sessions")
    assert listed.exit_code == 0
    assert first[:8] in listed.stdout
    assert "evening-9.mp4" in listed.stdout
    anna = tstroke("sessions", "--learner", "anna müller").stdout
    assert first[:8] in anna
    assert second[:8] not in anna
    late = tstroke("sessions", "--since", "2026-03-08").stdout
    assert second[:8] in late
    assert first[:8] not in late


def test_a_session_is_exported_by_the_begin_of_its_id(store: Store, out: Path) -> None:
    session_id = add(store)
    result = tstroke("export", session_id[:8], "--format", "vtt", "--out", out)
    assert result.exit_code == 0, result.output
    (path,) = out.iterdir()
    assert path.name == f"evening-0-{session_id[:8]}.vtt"
    assert result.stdout.strip() == str(path)
    assert path.read_text("utf-8").startswith("WEBVTT")


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_writes_all_sessions(fmt: str, store: Store, out: Path) -> None:
    add(store, "Anna")
    add(store, "Anna", day=3)
    result = tstroke("export", "--all", "--format", fmt, "--out", out)
    assert result.exit_code == 0, result.output
    files = [path for path in out.rglob("*") if path.is_file()]
    wanted = {"csv": 2 * 10, "parquet": 2 * 11, "json": 2 * 2}.get(fmt, 2)
    assert len(files) == wanted
    assert all(path.stat().st_size > 0 for path in files)
    for path in files:
        if path.suffix in (".json", ".boris"):
            json.loads(path.read_text("utf-8"))


def test_captions_of_a_learner_in_german(store: Store, out: Path) -> None:
    add(store, "Anna")
    add(store, "Zoë")
    tstroke("export", "--learner", "zoë", "--format", "srt", "--language", "de", "--out", out)
    (path,) = out.iterdir()
    assert "Streichung 2: Gezählt" in path.read_text("utf-8")


def test_what_is_not_there_is_refused_in_one_line(store: Store, out: Path) -> None:
    assert "No session has an id that begins with abc" in refused(
        "export", "abc", "--format", "csv", "--out", out
    )
    assert "There is no such session" in refused("export", "--all", "--format", "csv")
    assert "No learner is called Bob; there is nobody." in refused("sessions", "--learner", "Bob")
    add(store, "Anna")
    assert "there is Anna." in refused("report", "--learner", "Bob", "--out", out / "x.pdf")
    assert not out.exists()


def test_one_unknown_id_does_not_keep_the_others(store: Store, out: Path) -> None:
    session_id = add(store)
    result = tstroke("export", "nothing", session_id, "--format", "srt", "--out", out)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert len(list(out.iterdir())) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--format", "csv"),
        ("export", "abc", "--all", "--format", "csv"),
        ("export", "abc", "--format", "docx"),
        ("export", "abc", "--format", "csv", "--recording", "x.mp4"),
        ("export", "--all", "--format", "csv", "--since", "yesterday"),
        ("report", "--out", "x.pdf"),
        ("report", "--class", "--learner", "Anna", "--out", "x.pdf"),
        ("report", "--class", "--out", "x.docx"),
        ("report", "--learner", "Anna", "--newest-only", "--out", "x.pdf"),
    ],
)
def test_wrong_usage(words: tuple[str, ...]) -> None:
    result = tstroke(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage:")


def test_a_folder_that_cannot_be_written_is_refused(store: Store, tmp_path: Path) -> None:
    add(store)
    taken = tmp_path / "taken"
    taken.write_text("x")
    line = refused("export", "--all", "--format", "srt", "--out", taken / "deep")
    assert "can't be written" in line


@pytest.mark.slow
def test_the_report_of_a_learner_and_of_the_class(store: Store, out: Path) -> None:
    for day in range(3):
        add(store, "Anna Müller", day=day)
    add(store, "Zoë", day=1)
    html = out / "anna.html"
    assert tstroke("report", "--learner", "Anna Müller", "--out", html).exit_code == 0
    assert html.read_text("utf-8").count('<section class="sheet session">') == 3
    since = ("--since", "2026-03-03")
    tstroke("report", "--learner", "Anna Müller", "--out", html, *since, "--language", "de")
    assert html.read_text("utf-8").count('<section class="sheet session">') == 2
    group = out / "class.html"
    assert tstroke("report", "--class", "--newest-only", "--out", group).exit_code == 0
    assert group.read_text("utf-8").count('<section class="sheet session">') == 2
    assert "4 sessions" in group.read_text("utf-8")
    pdf = out / "zoe.pdf"
    result = tstroke("report", "--learner", "Zoë", "--out", pdf, "--paper", "letter")
    assert result.exit_code == 0
    assert result.stdout.strip() == str(pdf)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in out.iterdir()) == ["anna.html", "class.html", "zoe.pdf"]


def test_the_video_needs_the_recording_that_was_reviewed(
    store: Store, out: Path, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    with Mp4Sink(clip, (640, 360), 30.0) as sink:
        for index in range(10):
            sink.write(np.full((360, 640, 3), 90, np.uint8), index / 30)
    other = add(store)
    session_id = add(store, day=1, sha256=hashlib.sha256(clip.read_bytes()).hexdigest())
    export = ("export", session_id, "--format", "mp4", "--out", out)
    assert "no pictures to draw on, because none were kept" in refused(*export)
    wrong = ("export", other, "--format", "mp4", "--out", out, "--recording", clip)
    assert "is not the recording of" in refused(*wrong)
    result = tstroke(*export, "--recording", clip)
    assert result.exit_code == 0, result.output
    with VideoReader(out / f"evening-1-{session_id[:8]}.annotated.mp4") as reader:
        assert sum(1 for _ in reader) == 10


def test_help_names_every_format_and_language() -> None:
    assert set(export_commands._FORMATS) == {*FORMATS, "mp4"}
    assert set(export_commands._LANGUAGES) == set(languages())
