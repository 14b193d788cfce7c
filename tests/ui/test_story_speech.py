"""The page's speech in a real browser: nothing twice, nothing stale, the spine first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ui import speech

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

HERE = Path(__file__).parent
SOURCE = (Path(speech.__file__).parent / "web" / "speech.js").read_text("utf-8")
SETTINGS = {"sound": "voice", "voice": "", "rate": 1.0, "language": "en"}

MOUNT = """async (source) => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { default: component } = await import(address);
  const parentElement = document.createElement("div");
  window.states = {};
  const setStateValue = (name, value) => { window.states[name] = value; };
  window.give = (data) => component({ data, parentElement, setStateValue });
}"""

# Counts the tones that are begun, and plays none.
TONES = """
window.tones = 0;
AudioContext.prototype.createOscillator = ((make) => function () {
  window.tones += 1;
  return make.call(this);
})(AudioContext.prototype.createOscillator);
"""

NO_VOICE = """
Object.defineProperty(window, "speechSynthesis", {
  value: { getVoices: () => [], addEventListener() {}, speak() {}, cancel() {} },
});
"""


class Ear:
    """Gives the component things to say and hears what it says."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def give(self, *says: dict[str, Any], run: str = "a", **settings: object) -> None:
        data = {"run": run, "says": says, "settings": SETTINGS | settings, "frame": "iframe"}
        self.page.evaluate("(data) => window.give(data)", data)

    def said(self, after_ms: int = 700) -> list[str]:
        self.page.wait_for_timeout(after_ms)
        words: list[str] = self.page.evaluate("window.said")
        return words

    def tones(self) -> int:
        return int(self.page.evaluate("window.tones"))


def say(number: int, words: str, kind: str = "task", *, urgent: bool = False) -> dict[str, Any]:
    tone = "urgent" if urgent else kind
    return {"number": number, "kind": kind, "words": words, "tone": tone, "urgent": urgent}


@pytest.fixture
def listen(open_browser: Callable[..., Browser], tmp_path: Path) -> Callable[..., Ear]:
    """Mounts the component in a page of its own."""

    def mount(*, voice: bool = True) -> Ear:
        page = open_browser().new_page()
        if voice:
            page.add_init_script(path=HERE / "speech_stub.js")
        else:
            page.add_init_script(NO_VOICE)
        page.add_init_script(TONES)
        empty = tmp_path / "page.html"
        empty.write_text("<!doctype html><title>speech</title>", "utf-8")
        page.goto(empty.as_uri())
        page.evaluate(MOUNT, SOURCE)
        return Ear(page)

    return mount


def test_a_number_is_said_once_however_often_it_is_shown(listen: Callable[..., Ear]) -> None:
    ear = listen()
    for _ in range(3):
        ear.give(say(1, "one"), say(2, "two", "count"))
    assert ear.said() == ["one", "two"]
    ear.give(say(2, "two", "count"), say(3, "three", "count"))
    assert ear.said() == ["one", "two", "three"]
    assert ear.tones() == 0
    ear.give(say(1, "anew"), run="b")
    assert ear.said()[-1] == "anew", "another session numbers from 1"


def test_a_reload_does_not_say_it_again(listen: Callable[..., Ear]) -> None:
    ear = listen()
    ear.give(say(1, "one"))
    assert ear.said() == ["one"]
    ear.page.reload()
    ear.page.evaluate(MOUNT, SOURCE)
    ear.give(say(1, "one"), say(2, "two"))
    assert ear.said() == ["two"]


def test_a_task_that_is_over_before_its_turn_is_dropped(listen: Callable[..., Ear]) -> None:
    ear = listen()
    ear.give(say(1, "1", "count"), say(2, "lower back"), say(3, "neck"), say(4, "shoulders"))
    assert ear.said() == ["1", "shoulders"]


def test_the_spine_goes_before_everything_that_waits(listen: Callable[..., Ear]) -> None:
    ear = listen()
    ear.give(say(1, "a long notice", "notice"), say(2, "2", "count"), say(3, "task"))
    ear.give(say(4, "beside the spine", "cue", urgent=True))
    assert ear.said()[:2] == ["a long notice", "beside the spine"]


def test_a_machine_without_a_voice_gets_tones_and_the_page_hears_of_it(
    listen: Callable[..., Ear],
) -> None:
    ear = listen(voice=False)
    ear.give(say(1, "both hands"), say(2, "1", "count"))
    assert ear.tones() == 2
    ear.page.wait_for_function("window.states.voices !== undefined", timeout=10_000)
    assert ear.page.evaluate("window.states.voices") == {"ready": True, "voices": []}


def test_a_voice_of_another_language_says_nothing(listen: Callable[..., Ear]) -> None:
    ear = listen()
    ear.give(say(1, "beide Hände"), language="de")
    assert ear.said() == []
    assert ear.tones() == 1


def test_tones_only_and_silence_are_kept(listen: Callable[..., Ear]) -> None:
    ear = listen()
    ear.give(say(1, "one"), sound="tones")
    assert ear.said() == []
    assert ear.tones() == 1
    ear.give(say(2, "two"), sound="off")
    assert ear.said() == []
    assert ear.tones() == 1
    ear.give(say(3, "three"))
    assert ear.said() == ["three"]


def test_the_page_hears_which_voices_there_are(listen: Callable[..., Ear]) -> None:
    ear = listen()
    ear.give()
    voices = ear.page.evaluate("window.states.voices")
    assert speech.read_voices(voices) == (speech.Voice("Stub", "en-GB"),)
