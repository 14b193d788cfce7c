"""Every text that the pages and papers ask for is in the messages, and none is there in vain."""

import re
from pathlib import Path
from typing import get_args

import pytest

from messages import ENGLISH, languages, own_messages
from routines.routine import load_routine
from routines.words import in_language
from sessions.analysis.measures import Why
from sessions.analysis.progress import Direction
from sessions.guided import Level, Stage
from sessions.preflight import Code
from sessions.store.values import Word
from sessions.summary import WentWell
from sessions.why import Quantity
from tests.sentences import sentences
from ui import camera_watch, samples, texts
from ui.learn_chart import STEPS
from ui.learn_parts import ASPECTS, FEELS, SEES
from ui.player.words import NAMES as PLAYER_WORDS
from ui.routine_words import in_words
from ui.settings import PACES
from ui.speech import SOUNDS
from ui.summary_parts import FELT
from ui.texts import known, language, messages, text, told
from ui.webrtc_compat import Facing
from ui.words import duration, number, quantity
from vision.calibration import POINT_NAMES
from vision.touch import PLACES_BACK

UI = Path(texts.__file__).parent
SESSIONS = UI.parent / "sessions"
PAPERS = (
    "exports/*.py",
    "reports/*.py",
    "reports/templates/*.html",
    "guided/*.py",
    "*words.py",
    "wording.py",
)
NO_KEYS = {"report.css", "report.html"}
FILES = (
    *UI.rglob("*.py"),
    *(UI.parent / "messages").glob("*.py"),
    UI.parent / "app.py",
    *(path for pattern in PAPERS for path in SESSIONS.glob(pattern)),
)
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(FILES))

WITHOUT_PARTNER = ("place", "start", "round", "pull_in")
"""Steps of the lesson in which the partner feels nothing that the others do not tell."""

TOLD_OF_STEPS = tuple(
    f"{aspect}_{step}"
    for step in STEPS
    for aspect in ASPECTS
    if aspect != "partner" or step not in WITHOUT_PARTNER
)

FAMILIES = {
    "safety.{}": ("stop", "never", "ask", "unseen"),
    "point.{}": POINT_NAMES,
    "phase.{}": tuple(phase.name for phase in load_routine().phases),
    "player.{}": PLAYER_WORDS,
    "picker.{}": ("done", "help", "clear", "optional", "prompt", "prompt_optional"),
    "camera.{}": camera_watch.TROUBLES,
    "review.sample_{}": samples.SAMPLES,
    "reps.{}": ("number", "time", "verdict", "phases", "faults"),
    "unit.{}": ("v", "u", "of_up", "of_the_path", "of_the_other_s_path"),
    "chart.letter_{}": ("left", "right"),
    "guide.{}": tuple(set(get_args(Stage)) - {"touch"}),
    "guide.touch_{}": tuple(PLACES_BACK),
    "check.{}": get_args(Code),
    "breath.{}": ("in", "out"),
    "tone.breath_{}": (),
    "practice.{}": ("pause", "go_on", "skip", "take_place", "redo_place"),
    "settings.level_{}": get_args(Level),
    "settings.pace_{}": PACES,
    "settings.sound_{}": SOUNDS,
    "settings.turn_{}": (0, 90, 180, 270),
    "settings.camera_{}": get_args(Facing),
    "summary.{}": ("went_well", "work_on", "evenness", "next_focus", "never_seen"),
    "summary.felt_{}": FELT,
    "learn.{}": ("sees_title", "feels_title", *ASPECTS, *TOLD_OF_STEPS),
    "session.by_{}": get_args(Why),
    "why.course_{}": get_args(Quantity),
    "learn.title_{}": STEPS,
    "learn.do_{}": STEPS,
    "learn.sees_{}": SEES,
    "learn.feels_{}": FEELS,
    "summary.well_{}": get_args(WentWell),
    "hand.{}": ("left", "right"),
    "word.{}": (*get_args(Word), "missed_rep", "corrected"),
    "well.{}": get_args(WentWell),
    "report.felt_{}": (1, 2, 3, 4, 5),
    "report.trend_{}": get_args(Direction),
}
"""Keys that the code builds from a name. Tones have no words."""

PLURAL = ("report.sessions", "report.strokes", "report.lately", "report.practise_because")
"""Keys that have a form for one."""


OTHERS = tuple(code for code in languages() if code != ENGLISH)
LONGEST_WORD = 22
"""A phone of 390 px has room for so many letters of the largest heading."""


def used_keys() -> set[str]:
    plain = set(re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", SOURCE))
    built = {family.format(name) for family, names in FAMILIES.items() for name in names}
    built |= {f"{key}_one" for key in PLURAL}
    return {
        key for key in plain - NO_KEYS | built if key in messages() or key.split(".")[0] in groups()
    }


def groups() -> set[str]:
    return {key.split(".")[0] for key in messages()}


def test_every_key_that_is_used_has_a_text() -> None:
    assert sorted(used_keys() - set(messages())) == []


def test_every_text_is_used() -> None:
    assert sorted(set(messages()) - used_keys()) == []


def test_no_family_of_keys_is_forgotten() -> None:
    built = {key.replace("{}", "") for key in FAMILIES}
    found = {re.sub(r"\{.*", "", key) for key in re.findall(r"f[\"']([a-z]+\.[a-z_]*\{)", SOURCE)}
    assert found == built


def test_texts_are_filled_in() -> None:
    assert text("review.result_of", attempts=3) == "of 3 tried"
    with pytest.raises(KeyError):
        text("review.result_of")
    with pytest.raises(KeyError):
        text("no.such_key")


def names_in(words: str) -> set[str]:
    return set(re.findall(r"{(\w+)", words))


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_no_key_or_name_of_its_own(code: str) -> None:
    english = {**sentences(), **messages(ENGLISH)}
    for key, words in own_messages(code).items():
        assert key in english, key
        assert names_in(words) == names_in(english[key]), key
        assert words.strip() == words != "", key


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_is_whole(code: str) -> None:
    own = own_messages(code)
    assert sorted(set(messages(ENGLISH)) - set(own)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_words_fit_a_phone(code: str) -> None:
    for key, words in own_messages(code).items():
        longest = max(re.split(r"[\s/-]+", words), key=len)
        assert len(longest) <= LONGEST_WORD or "://" in longest, f"{key}: {longest}"


def test_locales_lead_to_languages() -> None:
    assert known("de-AT") == known("de_CH") == known("DE") == "de"
    assert known("en-GB") == "en"
    assert known("xx") is known("") is known(None) is None
    assert next(iter(languages())) == ENGLISH


def test_outside_of_a_tab_it_is_english_and_keys_can_be_passed() -> None:
    assert language() == ENGLISH
    assert told("camera.gone") == text("camera.gone")
    assert told("The file is damaged: copy it again.") == "The file is damaged: copy it again."


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "language", lambda: "de")


def test_numbers_are_written_as_the_language_writes_them(german: None) -> None:
    assert number(7.25, 1) == "7,2"
    assert duration(7.25) == "7,2 s"
    assert quantity(-3.14, "cm") == "≈ \N{MINUS SIGN}3,1 cm"


def test_a_routine_is_named_in_the_language(german: None) -> None:
    own = load_routine()
    assert in_words(own) == in_language(own, "de") != own


def test_texts_are_plain() -> None:
    """No emoji, no shouting, no leftovers."""
    for key, words in messages().items():
        assert all(ord(sign) < 0x2190 for sign in words), key
        assert "!" not in words, key
        assert "TODO" not in words, key


def test_errors_say_what_to_do() -> None:
    for code in camera_watch.TROUBLES:
        sentence = text(f"camera.{code}", detail="x")
        assert sentence.endswith("."), code
        assert sentence.count(". ") == 0, f"{code}: one sentence"
        assert ":" in sentence, f"{code}: the remedy follows the reason"
