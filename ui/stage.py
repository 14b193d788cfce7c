"""What stands beside the picture while a session runs: one line, and count, breath or drawing."""

import math
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

import streamlit as st

from routines.routine import Routine
from sessions.guided import Breath, Plan, Scene
from ui.figures import figure_for
from ui.guide_run import Spoken
from ui.palette import PHASE
from ui.say_words import standing_cue, standing_notice, tone_caption, words_of
from ui.texts import text

COUNTED: Final = ("strokes", "paused", "done")
"""Stages in which the count is what matters."""


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("web", name).read_text("utf-8")


_stage = st.components.v2.component(
    "tstroke_stage", html=_asset("stage.html"), css=_asset("stage.css"), js=_asset("stage.js")
)


def show_stage(data: Mapping[str, Any]) -> None:
    """Show what `stage_data` gives; it stays mounted, and only words change."""
    _stage(key="stage", data=dict(data))


def stage_data(
    scene: Scene, spoken: Sequence[Spoken], routine: Routine, plan: Plan
) -> dict[str, Any]:
    """The stage's words, numbers and drawing for a scene."""
    cue, told = (find(spoken, scene.time_s) for find in (standing_cue, standing_notice))
    figure = figure_for(scene, routine)
    slot = "count" if scene.stage in COUNTED else "breath" if scene.breath else "figure"
    return {
        "stage": scene.stage,
        "slot": slot,
        "line": _remark(scene) or text(scene.task) if cue is None else words_of(cue, routine),
        "line_kind": "task" if cue is None else "cue",
        "note": tone_caption(spoken, scene.time_s) if told is None else words_of(told, routine),
        "count": str(scene.progress.count),
        "of": text("practice.of_goal", goal=scene.goal),
        "word": _phase_word(scene),
        "word_colour": PHASE.get(scene.phase_now or "", "transparent"),
        "breath": None if scene.breath is None else breath_data(scene.breath, plan),
        "breath_word": "" if scene.breath is None else text(f"breath.{scene.breath.phase}"),
        "left": _left(scene),
        "figure": figure if slot == "figure" else "",
    }


def waiting_data(line: str) -> dict[str, Any]:
    """A stage before the first scene: one line."""
    empty = ("note", "count", "of", "word", "breath_word", "left", "figure")
    return {
        **dict.fromkeys(empty, ""),
        "stage": "loading",
        "slot": "none",
        "line": line,
        "line_kind": "task",
        "word_colour": "transparent",
        "breath": None,
    }


def breath_data(breath: Breath, plan: Plan) -> dict[str, Any]:
    """Where the breath stands, and how long it still goes this way: the browser moves it there."""
    whole_s = plan.breath_in_s if breath.phase == "in" else plan.breath_out_s
    gone = breath.swell if breath.phase == "in" else 1.0 - breath.swell
    # The swell is eased as half a cosine; see `sessions.guided.settle.breath_at`.
    share = math.acos(1.0 - 2.0 * min(max(gone, 0.0), 1.0)) / math.pi
    return {
        "phase": breath.phase,
        "swell": round(breath.swell, 3),
        "left_s": round((1.0 - share) * whole_s, 2),
    }


def _remark(scene: Scene) -> str:
    """What speaks against the picture, in the camera check: the first thing, one sentence."""
    if scene.stage != "check" or not scene.remarks:
        return ""
    return text(f"check.{scene.remarks[0]}")


def _phase_word(scene: Scene) -> str:
    phase = scene.phase_now
    if scene.stage != "strokes" or phase is None:
        return ""
    return text(f"phase.{phase}") if phase in PHASE else phase


def _left(scene: Scene) -> str:
    if scene.remaining_s is None:
        return ""
    return text("practice.left", seconds=math.ceil(scene.remaining_s))
