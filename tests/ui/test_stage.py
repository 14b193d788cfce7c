"""Beside the picture stand three things at most, and always the right ones."""

import xml.etree.ElementTree as ET
from typing import get_args

import pytest

from routines.reps import Progress
from routines.routine import load_routine
from sessions.guided import Breath, Plan, Say, Scene, Stage
from sessions.guided.settle import breath_at
from sessions.preflight import Code
from ui.figures import camera_figure, figure_for
from ui.guide_run import Spoken
from ui.palette import PHASE
from ui.stage import breath_data, stage_data
from ui.texts import text
from vision.hands import HandPair

ROUTINE = load_routine()
PLAN = Plan(goal=3)


def scene(stage: Stage, task: str, **more: object) -> Scene:
    return Scene(5.0, stage, f"guide.{task}", 3, HandPair(5.0, None, None), **more)  # type: ignore[arg-type]


def test_the_count_of_the_goal_and_the_phase_stand_during_strokes() -> None:
    progress = Progress(2, 3, "up", settling=False)
    now = scene("strokes", "strokes", progress=progress, phase_now="out")
    data = stage_data(now, (), ROUTINE, PLAN)
    assert (data["slot"], data["count"], data["of"]) == (
        "count",
        "2",
        text("practice.of_goal", goal=3),
    )
    assert (data["word"], data["word_colour"]) == (text("phase.out"), PHASE["out"])
    assert data["line"] == text("guide.strokes")
    assert data["figure"] == ""


def test_a_cue_takes_the_task_s_place() -> None:
    says = (Spoken(1, Say(4.0, "cue", "rushed")),)
    data = stage_data(scene("strokes", "strokes"), says, ROUTINE, PLAN)
    assert (data["line"], data["line_kind"]) == (ROUTINE.faults["rushed"].spoken, "cue")


def test_a_tone_has_its_caption_while_it_is_new() -> None:
    got_it = (Spoken(1, Say(4.0, "tone", "tone.got_it")),)
    assert stage_data(scene("touch", "touch_neck"), got_it, ROUTINE, PLAN)["note"] == "Got it."
    pace = (*got_it, Spoken(2, Say(4.5, "tone", "tone.pace", {"phase": "out"})))
    noted = stage_data(scene("strokes", "strokes"), pace, ROUTINE, PLAN)["note"]
    assert noted == text("caption.pace", phase=text("phase.out"))
    old = (Spoken(1, Say(3.0, "tone", "tone.got_it")),)
    assert stage_data(scene("touch", "touch_neck"), old, ROUTINE, PLAN)["note"] == ""


def test_what_speaks_against_the_picture_is_one_sentence_and_a_drawing() -> None:
    data = stage_data(scene("check", "check", remarks=("dark", "far")), (), ROUTINE, PLAN)
    assert data["line"] == text("check.dark")
    assert data["figure"] == camera_figure("dark")


@pytest.mark.parametrize("remark", ["", *get_args(Code)])
def test_every_remark_has_a_drawing_that_is_sound(remark: str) -> None:
    assert ET.fromstring(camera_figure(remark)).tag.endswith("svg")


@pytest.mark.parametrize("task", ["touch_lower_back", "touch_neck", "touch_shoulders"])
def test_both_hands_are_drawn_on_the_place_that_is_asked_for(task: str) -> None:
    svg = figure_for(scene("touch", task), ROUTINE)
    assert 'data-hand="left"' in svg
    assert 'data-hand="right"' in svg


def test_the_breath_takes_the_drawing_s_place_and_the_seconds_stand_in_it() -> None:
    breath = Breath(0.5, "out")
    data = stage_data(
        scene("settle", "breathe", breath=breath, remaining_s=11.2), (), ROUTINE, PLAN
    )
    assert (data["slot"], data["breath_word"]) == ("breath", text("breath.out"))
    assert data["left"] == text("practice.left", seconds=12)


@pytest.mark.parametrize("spent_s", [0.0, 1.0, 3.9, 4.0, 7.0, 9.9])
def test_the_browser_moves_the_breath_for_as_long_as_it_still_lasts(spent_s: float) -> None:
    left_s = breath_data(breath_at(spent_s, PLAN), PLAN)["left_s"]
    until_s = (
        PLAN.breath_in_s if spent_s < PLAN.breath_in_s else PLAN.breath_in_s + PLAN.breath_out_s
    )
    assert left_s == pytest.approx(until_s - spent_s, abs=0.02)
