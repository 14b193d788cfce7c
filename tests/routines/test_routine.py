"""A routine file is checked when it is loaded, and an error names the file and the key."""

import re
from importlib import resources

import numpy as np
import pytest

from routines.judge import CHECKS, EXPLAINED_BY
from routines.path import path_back
from routines.routine import FAULT_CODES, RoutineError, load_routine
from vision.errors import Sentence


@pytest.fixture
def text() -> str:
    return resources.files("routines").joinpath("t_stroke.toml").read_text("utf-8")


def write(tmp_path, text: str):
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_t_stroke_has_its_four_phases_and_all_faults(routine):
    assert [phase.name for phase in routine.phases] == ["up", "out", "down", "pull_in"]
    assert set(routine.faults) == set(FAULT_CODES) == set(CHECKS)
    assert {code for causes in EXPLAINED_BY.values() for code in causes} <= set(FAULT_CODES)


def test_a_file_of_ones_own_may_have_other_limits(tmp_path, text):
    path = write(tmp_path, text.replace("duration_s = 4.0", "duration_s = 6.0"))
    assert load_routine(path).limit("rushed", "duration_s") == 6.0


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('id = "t_stroke"', 'id = "../../evil"', "id in line 6"),
        ('id = "t_stroke"', 'id = "/etc/evil"', "id in line 6"),
        ('id = "t_stroke"', "id = 'C:\\evil'", "id in line 6"),
        ('id = "t_stroke"', 'id = "NUL.toml"', "id in line 6"),
        ('id = "t_stroke"', 'id = "%2e%2e%2fevil"', "id in line 6"),
        ('id = "t_stroke"', 'id = "a\\u0000"', "id in line 6"),
        ("version = 1", 'version = "one"', "version in line 7"),
        ("version = 1", "version = true", "version in line 7"),
        ("version = 1", "version = 1\nspeed = 2", "speed in line 8: there is no such key"),
        ("reach_v = 0.80", "reach_v = nan", "faults.short_reach.limits.reach_v in line 62"),
        ("reach_v = 0.80", "reach_v = -1.0", "faults.short_reach.limits.reach_v in line 62"),
        ("reach_v = 0.80", "reach_v = 1e300", "faults.short_reach.limits.reach_v in line 62"),
        ("reach_v = 0.80", 'reach_v = "0.80"', "faults.short_reach.limits.reach_v in line 62"),
        ("reach_v = 0.80", "reach = 0.80", "faults.short_reach.limits in line 62"),
        ('kind = "path"', 'kind = "other"', "faults.short_reach.kind in line 58"),
        ("[faults.pause]", "[faults.nap]", "faults.nap in line"),
        ("[faults.pause]", '["faults"."pa\\nuse"]', "faults.pa use in line"),
        ("spread = 0.25", "spread = 0.25\nfrom_code = 'os'", "phases.3.from_code in line 50"),
        ("[[0.35, 0.07], [0.36, 0.30]", "[[0.30, 0.07], [0.36, 0.30]", "phases.3.path in line 48"),
        ("[0.35, 0.07], [0.36, 0.30]", "\n [0.35, 0.07],\n [9, 0.30]", "path.1.0 in line 27"),
        ('name = "down"', 'name = "out"', "phases.2.name in line 39"),
        ('name = "down"', "", "phases.2.name in line 38"),
        ('name = "down"', 'name = "../down"', "phases.2.name in line 39"),
        ('name = "down"', 'name = "__import__"', "phases.2.name in line 39"),
        ('label = "down the sides"', 'label = "down\\nthe sides"', "phases.2.label in line 40"),
        ("[0.36, 0.30], [0.36, 0.60]", "[0.36, 0.30], [0.36, 0.30]", "phases.0.path in line 27"),
        ("across_share_of_up = ", "across_share_of_up = 1", "across_share_of_up in line"),
        ("spread = 0.25", "spread = 1e-300", "phases.3.spread in line 49"),
        ("repetitions = 10", "repetitions = 0", "repetitions in line 9"),
        ("repetitions = 10", "repetitions = 10.5", "repetitions in line 9"),
    ],
)
def test_a_bad_value_is_named_with_file_line_and_key(tmp_path, text, old, new, named):
    assert old in text
    with pytest.raises(RoutineError, match=r"mine\.toml") as caught:
        load_routine(write(tmp_path, text.replace(old, new, 1)))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "x = " + "[" * 20_000,
        "x = " + "{a=" * 9_000,
        ".".join("a" * 9_000) + " = 1",
        "# " + "x" * 40_000,
        "x = 1" * 400,
        "x = " + "9" * 20_000,
        'x = "\x00"',
    ],
)
def test_a_file_made_to_do_harm_is_refused_in_one_sentence(tmp_path, content):
    with pytest.raises(RoutineError, match=r"mine\.toml") as caught:
        load_routine(write(tmp_path, content))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_words_of_a_routine_are_never_filled_in(tmp_path, text):
    """Braces and dots in them stand for themselves, wherever a sentence is made of them."""
    label = "{0.__class__} {label} %s ${x}"
    own = load_routine(write(tmp_path, text.replace("stopped on the way", label)))
    assert own.faults["pause"].label == label
    said = Sentence("{what}.", key="x", what=own.faults["pause"].label)
    assert said == f"{label}."
    assert said.told({"x": "{what}!"}, ",") == f"{label}!"


@pytest.mark.parametrize("content", ["", "not toml at all [", "id = 1"])
def test_what_is_no_routine_is_refused(tmp_path, content):
    with pytest.raises(RoutineError, match=r"mine\.toml"):
        load_routine(write(tmp_path, content))


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(RoutineError, match=r"gone\.toml"):
        load_routine(tmp_path / "gone.toml")


def test_the_path_is_closed_and_mirrored(routine):
    left, right = path_back(routine, "left"), path_back(routine, "right")
    assert np.array_equal(left[0], left[-1])
    assert np.array_equal(left * [-1, 1], right)
    assert (right[:, 0] > 0).all()


def test_cues_are_short_when_spoken_and_one_sentence_when_written(routine):
    for rule in routine.faults.values():
        assert 2 <= len(rule.spoken.split()) <= 4
        assert rule.written.endswith(".")
        assert rule.written.count(".") == 1
        assert len(rule.written) <= 80


def test_cues_say_what_to_do_and_nothing_that_a_camera_cannot_see(routine):
    for rule in routine.faults.values():
        words = set(re.findall(r"[a-z']+", f"{rule.spoken} {rule.written}".lower()))
        assert not words & {"press", "pressure", "firm", "hard", "not", "don't", "wrong", "never"}
