"""Every text that the code asks for is in the messages file, and none is there in vain."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from routines.routine import load_routine
from sessions.guided import Level, Stage
from sessions.preflight import Code
from sessions.summary import WentWell
from ui import camera_watch, samples, texts
from ui.settings import PACES
from ui.speech import SOUNDS
from ui.summary_parts import FELT
from ui.texts import messages, text
from ui.webrtc_compat import Facing
from vision.calibration import POINT_NAMES
from vision.touch import PLACES_BACK

UI = Path(texts.__file__).parent
FILES = (*UI.glob("*.py"), *(UI.parent / "sessions" / "guided").glob("*.py"), UI.parent / "app.py")
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(FILES))

FAMILIES = {
    "safety.{}": ("stop", "never", "ask", "unseen"),
    "point.{}": POINT_NAMES,
    "phase.{}": tuple(phase.name for phase in load_routine().phases),
    "picker.{}": ("done", "help", "clear", "optional", "prompt", "prompt_optional"),
    "camera.{}": camera_watch.TROUBLES,
    "review.sample_{}": samples.SAMPLES,
    "reps.{}": ("number", "time", "verdict", "phases", "faults"),
    "reps.hand_{}": ("left", "right"),
    "unit.{}": ("v", "u", "of_up", "of_the_path", "of_the_other_s_path"),
    "chart.{}": ("left", "right"),
    "chart.letter_{}": ("left", "right"),
    "guide.{}": tuple(set(get_args(Stage)) - {"touch"}),
    "guide.touch_{}": tuple(PLACES_BACK),
    "check.{}": get_args(Code),
    "breath.{}": ("in", "out"),
    "tone.breath_{}": (),
    "cue.{}": (),
    "practice.{}": ("pause", "go_on", "skip", "take_place", "redo_place"),
    "settings.level_{}": get_args(Level),
    "settings.pace_{}": PACES,
    "settings.sound_{}": SOUNDS,
    "settings.turn_{}": (0, 90, 180, 270),
    "settings.camera_{}": get_args(Facing),
    "summary.{}": ("went_well", "work_on", "evenness", "next_focus", "never_seen"),
    "summary.felt_{}": FELT,
    "summary.well_{}": get_args(WentWell),
}
"""Keys that the code builds from a name. Tones have no words; English cues are the routine's."""


def used_keys() -> set[str]:
    plain = set(re.findall(r"\"([a-z_]+\.[a-z_]+)\"", SOURCE))
    built = {family.format(name) for family, names in FAMILIES.items() for name in names}
    return {key for key in plain | built if key in messages() or key.split(".")[0] in groups()}


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


@pytest.mark.parametrize("path", sorted((UI / "messages").glob("*.toml")), ids=lambda p: p.stem)
def test_languages_have_the_same_keys_and_names(path: Path) -> None:
    english, other = messages("en"), messages(path.stem)
    assert set(english) == set(other)
    for key, words in other.items():
        assert set(re.findall(r"\{(\w+)\}", words)) == set(re.findall(r"\{(\w+)\}", english[key]))
        assert words.strip() == words != ""


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


def test_the_file_is_toml_with_one_level() -> None:
    tables = tomllib.loads((UI / "messages" / "en.toml").read_text("utf-8"))
    assert all(isinstance(words, str) for table in tables.values() for words in table.values())
