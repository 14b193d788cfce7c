"""What was chosen is there again at a page's first run; what is no choice of ours is not taken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import ui.practice_parts
from messages import own_messages
from ui import kept_choices
from ui.kept_choices import COOKIE, LONGEST, read_choices
from ui.settings import Settings, settings_from_json
from ui.turning import Turn, turn_from_json

ROOT = Path(kept_choices.__file__).parent.parent
CHOSEN = Settings(
    goal=3,
    settle_s=60,
    breath_in_s=3.5,
    breath_out_s=7.0,
    level="second",
    pace="tone",
    tempo_s=14.0,
    sound="tones",
    voice="Müllers Stimme",
    rate=0.8,
    facing="back",
)


def cookies(choices: object) -> dict[str, str]:
    return {COOKIE: quote(json.dumps(choices))}


def test_all_settings_come_back_and_the_first_ones_need_no_room() -> None:
    assert settings_from_json(json.loads(json.dumps(CHOSEN.to_json()))) == CHOSEN
    assert Settings().to_json() == {}
    assert len(json.dumps(CHOSEN.to_json())) < LONGEST / 2


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turn_comes_back(quarters: int, mirrored: bool) -> None:
    turn = Turn(quarters, mirrored)
    assert turn_from_json(turn.to_json()) == turn
    assert turn_from_json([9, 0]) == turn_from_json(None) == Turn()


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "x",
        {"goal": 99, "settle_s": -1, "breath_in_s": float("nan"), "tempo_s": "12", "rate": None},
        {"level": "sometimes", "pace": [], "sound": {}, "facing": 3, "voice": "x" * 999},
        {"plan": "other", "__class__": "x"},
    ],
)
def test_what_can_not_be_chosen_is_as_at_first(kept: object) -> None:
    assert settings_from_json(kept) == Settings()


def test_one_wrong_choice_leaves_the_others() -> None:
    kept = {"goal": 4, "level": "sometimes", "tempo_s": 9}
    settings = settings_from_json(kept)
    assert settings == Settings(goal=4, tempo_s=9.0)
    assert isinstance(settings.tempo_s, float)


@pytest.mark.parametrize("words", ["", "%7B", "[1]", "null", "{" * 5000, "ü%FF"])
def test_a_cookie_that_is_none_of_ours_is_nothing(words: str) -> None:
    assert read_choices({COOKIE: words}) == {}
    assert read_choices({}) == {}


@pytest.fixture
def open_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[dict[str, str]], AppTest]:
    """Opens the app in a browser that has kept something."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(ui.practice_parts, "camera", lambda live, facing: False)

    def launch(known: dict[str, str]) -> AppTest:
        monkeypatch.setattr(type(st.context), "cookies", property(lambda _: known))
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()
        assert not at.exception
        return at

    return launch


def test_the_app_begins_as_it_was_left(open_app: Callable[[dict[str, str]], AppTest]) -> None:
    at = open_app(cookies({"practice": CHOSEN.to_json(), "turn": [1, 1]}))
    assert at.slider(key="settings-goal").value == 3
    at.run()
    state: Any = at.session_state["practice"]
    # Nor is the voice lost while the browser has not yet told which ones it has.
    assert state.settings == CHOSEN
    assert state.live.turn == Turn(1, mirrored=True)


def test_the_app_speaks_what_it_spoke_last(open_app: Callable[[dict[str, str]], AppTest]) -> None:
    at = open_app(cookies({"language": "de"}))
    assert own_messages("de")["practice.camera_title"] in [each.value for each in at.subheader]


def test_what_is_chosen_now_is_kept(open_app: Callable[[dict[str, str]], AppTest]) -> None:
    at = open_app({})
    assert at.session_state["choices"] == {"practice": {}, "turn": [0, 0]}
    at.slider(key="settings-goal").set_value(2)
    at.run()
    assert at.session_state["choices"]["practice"] == {"goal": 2}
    assert "language" not in at.session_state["choices"], "nobody chose one"


def test_a_browser_s_own_language_gives_way_to_the_chosen_one(
    open_app: Callable[[dict[str, str]], AppTest],
) -> None:
    at = open_app(cookies({"language": "xx"}))
    assert at.session_state["language"] == "en"
    assert open_app(cookies({"language": 7})).session_state["language"] == "en"
