"""Errors and warnings are told in the tab's language, and no language lacks one."""

import copy
import pickle
import re
from dataclasses import replace
from pathlib import Path

import pytest

from messages import ENGLISH, languages, own_messages
from sessions.fitness import WARNINGS, recognised, warnings_of
from sessions.preflight import Remark
from sessions.record import VideoFacts
from tests.sentences import said_in_english_alone, sentences
from ui import ice_servers, texts
from ui.texts import messages, told
from vision.calibration import Calibration, load_calibration
from vision.errors import CalibrationError, CoachError, Sentence, VideoError
from vision.frames import VideoReader
from vision.hand_model import find_hand_model

OTHERS = tuple(code for code in languages() if code != ENGLISH)
VIDEO = VideoFacts("a.mp4", "0" * 64, 1280, 720, 10.0, 300, 1.0)
POINTS = {
    "nape": (320.0, 60.0),
    "waist": (320.0, 400.0),
    "left_shoulder": (200.0, 120.0),
    "right_shoulder": (440.0, 120.0),
}
REMARKS = (
    Remark("dark"),
    Remark("small", {"width": 320, "height": 240}),
    Remark("slow", {"fps": 8.1}),
    Remark("few_hands", {"share": 0.119}),
    Remark("near"),
    Remark("far", {"hand_px": 31.2}),
    Remark("cut_off", {"edge": "top"}),
    Remark("moved"),
)


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "language", lambda: "de")


def names_in(template: str) -> set[str]:
    return set(re.findall(r"{(\w+)", template))


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_every_sentence_with_its_values(code: str) -> None:
    own = own_messages(code)
    for key, english in sentences().items():
        assert key in own, key
        assert names_in(own[key]) == names_in(english), key


def test_every_error_that_a_page_may_show_has_a_key() -> None:
    assert said_in_english_alone() == []


def test_a_sentence_is_its_english_and_knows_its_key() -> None:
    inner = Sentence("left {what}", key="point.left_shoulder", what="shoulder")
    sentence = Sentence("{points}: {x:g}.", key="x.y", points=(inner, "waist"), x=2.5)
    assert sentence == "left shoulder, waist: 2.5."
    assert sentence.told({"x.y": "{x:g} {points}", "point.left_shoulder": "linke {what}"}, ",") == (
        "2,5 linke shoulder, waist"
    )
    assert sentence.told({}, ",") == sentence
    for twin in (copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        assert (twin, twin.key, twin.values) == (sentence, sentence.key, sentence.values)
    assert str(CoachError("Braces {stay} here.")) == "Braces {stay} here."


def refusal(path: Path) -> CoachError:
    with pytest.raises(VideoError) as caught, VideoReader(path):
        pass
    return caught.value


def test_a_wrong_file_is_refused_in_german(german: None, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"GIF89a")
    error = refusal(path)
    assert str(error).startswith("a.mp4 is a GIF picture, not a recording")
    assert told(error.sentence).startswith("a.mp4 ist ein Bild (GIF) und keine Aufnahme")


def test_points_are_named_in_german(german: None, tmp_path: Path) -> None:
    with pytest.raises(CalibrationError) as lacking:
        Calibration((640, 480), {"nape": (1.0, 1.0)})
    assert "fehlt: Taille, linke Schulter, rechte Schulter." in told(lacking.value.sentence)
    with pytest.raises(CalibrationError) as outside:
        Calibration((640, 480), POINTS | {"waist": (320.5, 999.25)})
    assert "Taille, bei 320,5; 999,25" in told(outside.value.sentence)
    swapped = POINTS | {"nape": POINTS["waist"], "waist": POINTS["nape"]}
    with pytest.raises(CalibrationError) as turned:
        Calibration((640, 480), swapped)
    assert "vertauscht: Nacken und Taille;" in told(turned.value.sentence)


def test_an_error_within_an_error_is_german_too(german: None, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text('{"image_size": [640, 480], "points_px": {"nape": [1, 2]}}', "utf-8")
    with pytest.raises(CalibrationError) as caught:
        load_calibration(path)
    assert str(caught.value).startswith("b.json: The calibration")
    assert told(caught.value.sentence).startswith("b.json: ")
    assert "The calibration" not in told(caught.value.sentence)


def test_a_missing_model_and_wrong_servers_are_german(german: None, tmp_path: Path) -> None:
    with pytest.raises(CoachError) as missing:
        find_hand_model(tmp_path / "none.task")
    assert "lässt sich nicht lesen" in told(missing.value.sentence)
    with pytest.raises(CoachError) as wrong:
        ice_servers.ice_servers({ice_servers.VARIABLE: "{"})
    assert "denn es ist kein JSON" in told(wrong.value.sentence)


def test_warnings_are_told_in_german_also_from_a_stored_review(german: None) -> None:
    calibration = Calibration((640, 480), POINTS)
    broken = replace(VIDEO, readable_share=0.629)
    found = [
        *warnings_of(broken, REMARKS, calibration),
        *warnings_of(VIDEO, (Remark("no_hands"),), None),
        *warnings_of(VIDEO, (), None),
        *(
            warning
            for source in ("settle", "motion")
            for warning in warnings_of(VIDEO, (), replace(calibration, source=source))
        ),
    ]
    assert {f"warning.{name}" for name in WARNINGS} - {each.key for each in found} == {
        "warning.mirrored"
    }
    for warning in found:
        stored = str(warning)
        assert type(stored) is str
        assert recognised(stored) == warning
        assert told(stored) == told(warning) == warning.told(messages("de"), ",") != stored
    assert "am oberen Rand des Bildes" in told(found[7])
    assert recognised("The picture is dark.") is None


def test_english_stays_english() -> None:
    for warning in warnings_of(VIDEO, REMARKS, Calibration((640, 480), POINTS)):
        assert told(warning) == warning
