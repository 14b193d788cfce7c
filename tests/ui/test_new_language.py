"""Another language is a file that is dropped in, as far as it has come: the rest is English."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import messages as messages_room
import ui.practice_parts
from messages import ENGLISH, filled_messages, languages, own_messages
from routines.routine import load_routine
from sessions.fitness import warnings_of
from sessions.picture_words import picture_words
from sessions.preflight import Remark
from sessions.record import VideoFacts
from ui import texts
from ui.routine_words import in_words
from ui.say_words import cue_words
from ui.texts import known, messages, told
from vision.errors import CalibrationError

ROOT = Path(texts.__file__).parent.parent

PARTIAL = """
[language]
name = "Svenska"
decimal = ","

[practice]
camera_title = "Först kameran"

[warning]
dark = "Bilden är mörk: tänd en lampa."
"""


@pytest.fixture(params=[PARTIAL, ""], ids=["partial", "empty"])
def swedish(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[bool]:
    """A folder of messages with a third language; true where it has any words."""
    folder = tmp_path / "messages"
    shutil.copytree(ROOT / "messages", folder)
    (folder / "sv.toml").write_text(request.param, "utf-8")
    caches = (languages, filled_messages, own_messages, messages_room._tables)
    with monkeypatch.context() as patch:
        patch.setattr(messages_room, "_folder", lambda: folder)
        for cache in caches:
            cache.cache_clear()
        yield bool(request.param)
    for cache in caches:
        cache.cache_clear()


def test_it_takes_part_as_soon_as_it_lies_there(swedish: bool) -> None:
    assert languages()["sv"] == ("Svenska" if swedish else "sv")
    assert known("sv-SE") == "sv"
    assert next(iter(languages())) == ENGLISH


def test_what_it_lacks_is_english(swedish: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "language", lambda: "sv")
    english = messages(ENGLISH)
    own = {"language.name", "language.decimal", "practice.camera_title", "warning.dark"}
    assert {key: words for key, words in messages("sv").items() if key not in own} == {
        key: words for key, words in english.items() if key not in own
    }
    assert (messages("sv")["practice.camera_title"] == "Först kameran") is swedish
    routine = load_routine()
    assert in_words(routine) == routine
    assert cue_words("rushed", in_words(routine)) == routine.faults["rushed"].spoken
    assert picture_words(routine, "sv").between == english["picture.between"]
    video = VideoFacts("a.mp4", "0" * 64, 1280, 720, 10.0, 300, 1.0)
    dark, slow, *_ = warnings_of(video, (Remark("dark"), Remark("slow", {"fps": 8.0})), None)
    assert told(dark) == ("Bilden är mörk: tänd en lampa." if swedish else dark)
    assert told(slow) == slow
    error = CalibrationError("It lacks {what}.", key="error.none_of_that_name", what="a point")
    assert told(error.sentence) == "It lacks a point."


def test_the_app_speaks_it(swedish: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(ui.practice_parts, "camera", lambda live, facing: False)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    at.query_params["lang"] = "sv"
    at.run()
    assert not at.exception
    title = "Först kameran" if swedish else messages(ENGLISH)["practice.camera_title"]
    assert title in [each.value for each in at.subheader]
