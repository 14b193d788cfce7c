"""The page Learn: every step of the stroke is there, drawn by the routine's own path."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import ui.learn_parts
import ui.practice_parts
from messages import own_messages, routine_words
from routines.path import phase_path_back
from routines.routine import Routine, load_routine
from ui.back_chart import Sheet
from ui.learn_chart import STEPS, TURNS_DEG, step_svg
from ui.learn_motion import Pose, along
from ui.learn_parts import ASPECTS, step_html
from ui.texts import messages, text

ROOT = Path(ui.learn_parts.__file__).parent.parent

LESSON = {
    "room": ("warm", "towel"),
    "place": ("waist", "face the head", "stand or kneel"),
    "settle": ("one hand on the nape", "one on the waist", "30 seconds"),
    "oil": ("oil", "palms"),
    "start": ("lower back", "thumbs either side of the spine", "fingers to the head"),
    "up": ("beside the spine", "firmly", "body's weight"),
    "neck": ("base of the neck", "back down a little", "muscles"),
    "out": ("across the shoulders", "mould to their curve"),
    "round": ("round the tops of the arms",),
    "down": ("down the sides", "lightly", "skin is not dragged"),
    "pull_in": ("at the waist", "in and up"),
    "again": ("up to ten times",),
}
"""What has to be told at each step."""


@pytest.fixture(scope="module")
def routine() -> Routine:
    return load_routine()


@pytest.fixture(autouse=True)
def no_camera(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A page without a browser has none, and leaves nothing behind."""
    monkeypatch.setattr(ui.practice_parts, "camera", lambda *_: False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture
def learn() -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    at.run()
    at.switch_page("ui/learn.py").run()
    assert not at.exception
    return at


def html_of(at: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in at.get("html"))


def shown(at: AppTest) -> str:
    found = re.search(r'data-step="(\w+)"', html_of(at))
    assert found
    return found[1]


def press(at: AppTest, key: str) -> None:
    next(button for button in at.button if button.label == text(key)).click()
    at.run()
    assert not at.exception


def poses(svg: str, name: str) -> list[tuple[float, float]]:
    """Where the CSS moves a part of the drawing, px."""
    found = re.search(rf"@keyframes {name}{{(.*?}})}}", svg)
    assert found, name
    return [
        (float(x), float(y))
        for x, y in re.findall(r"translate\((-?[\d.]+)px,(-?[\d.]+)px", found[1])
    ]


def test_every_step_is_told_in_its_order() -> None:
    assert tuple(LESSON) == STEPS
    for step, phrases in LESSON.items():
        told = text(f"learn.do_{step}").lower()
        assert [phrase for phrase in phrases if phrase not in told] == [], step


@pytest.mark.parametrize("step", STEPS)
def test_every_step_says_why_what_slips_and_what_the_camera_checks(step: str) -> None:
    html = step_html(step)
    for aspect in ASPECTS:
        known = f"learn.{aspect}_{step}" in messages()
        assert known or aspect == "partner"
        assert (f'data-testid="{aspect}"' in html) == known


def test_nothing_of_what_only_the_partner_feels_is_said_to_be_checked() -> None:
    unseen = {"en": ("pressure", "drag", "comfort"), "de": ("druck", "mitgezogen", "wohlsein")}
    for code, words in unseen.items():
        own = own_messages(code)
        checked = [own[f"learn.camera_{step}"].lower() for step in STEPS]
        checked += [own[f"learn.sees_{name}"].lower() for name in ui.learn_parts.SEES]
        assert [line for line in checked if any(word in line for word in words)] == []
        felt = " ".join(own[f"learn.feels_{name}"].lower() for name in ui.learn_parts.FEELS)
        assert all(word in felt for word in words), code


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_moving_drawing_and_a_still_one(step: str, routine: Routine) -> None:
    moving = step_svg(step, routine, "A & B")
    still = step_svg(step, routine, "A & B", moving=False)
    for svg in (moving, still):
        root = ET.fromstring(svg)
        assert root.get("aria-label") == "A & B"
        assert {"left", "right"} <= {each.get("data-hand") for each in root.iter()}
    assert "@keyframes" in moving
    assert "prefers-reduced-motion: no-preference" in moving
    assert moving.count("@keyframes") == moving.count("infinite")
    assert "<style>" not in still


def test_only_ways_to_move_that_streamlit_and_every_browser_know(routine: Routine) -> None:
    """Nothing outside of the media query moves, so a wish for less motion always wins."""
    for step in STEPS:
        svg = step_svg(step, routine, "")
        bare = re.sub(r"<style>.*?</style>", "", svg, flags=re.DOTALL)
        assert "animat" not in bare
        for css in re.findall(r"<style>(.*?)</style>", svg, flags=re.DOTALL):
            assert css.startswith("@media (prefers-reduced-motion: no-preference) {")
            assert css.count("{") == css.count("}")


@pytest.mark.parametrize("name", ["up", "down", "pull_in"])
def test_hands_go_the_routine_s_own_way(name: str, routine: Routine) -> None:
    phase = next(each for each in routine.phases if each.name == name)
    svg = step_svg(name, routine, "")
    sheet = Sheet()
    for side in ("left", "right"):
        ends = [sheet.at(*point) for point in phase_path_back(phase, side)[[0, -1]]]
        way = np.array(poses(svg, f"learn-{name}-0-{side}"))
        assert way[0] == pytest.approx(ends[0], abs=0.1)
        assert way[-1] == pytest.approx(ends[1], abs=0.1)


def test_out_and_round_are_one_way_in_two_parts(routine: Routine) -> None:
    parts = [step_svg(step, routine, "") for step in ("out", "round")]
    names = [next(iter(re.findall(r"@keyframes (learn-out-\d+-left)", part))) for part in parts]
    out, rounded = (np.array(poses(part, name)) for part, name in zip(parts, names, strict=True))
    assert out[-1] == pytest.approx(rounded[0], abs=0.2)
    ends = phase_path_back(routine.phases[1], "left")
    assert rounded[-1] == pytest.approx(Sheet().at(*ends[-1]), abs=0.1)


def test_the_whole_stroke_closes_and_both_hands_mirror_each_other(routine: Routine) -> None:
    svg = step_svg("again", routine, "")
    left, right = (np.array(poses(svg, f"learn-again-{side}")) for side in ("left", "right"))
    assert left[0] == pytest.approx(left[-1], abs=0.1)
    assert left[:, 0] + right[:, 0] == pytest.approx(Sheet().width, abs=0.2)
    assert left[:, 1] == pytest.approx(right[:, 1])
    assert svg.count("@keyframes learn-dot-") == routine.repetitions


def test_fingers_turn_without_a_jump_from_leg_to_leg(routine: Routine) -> None:
    assert set(TURNS_DEG) == {phase.name for phase in routine.phases}
    legs = [TURNS_DEG[phase.name] for phase in routine.phases]
    for leg, following in zip(legs, legs[1:] + legs[:1], strict=True):
        assert leg[-1] == pytest.approx(following[0], abs=2)


def test_a_way_begins_and_ends_gently() -> None:
    line = np.array([(0.0, 0.0), (0.0, 1.0)])
    way = along(Sheet(), line, np.zeros(2), 0.2, 0.8)
    steps = -np.diff([pose.y for pose in way])
    assert isinstance(way[0], Pose)
    assert (way[0].share, way[-1].share) == pytest.approx((0.2, 0.8))
    assert steps.min() > 0
    assert steps[0] < 0.2 * steps.max()
    assert steps[-1] < 0.2 * steps.max()


def test_the_page_leads_from_step_to_step_and_into_practice(learn: AppTest) -> None:
    assert [each.value for each in learn.title] == [text("learn.title")]
    seen = [shown(learn)]
    for _ in STEPS[1:]:
        press(learn, "learn.next")
        seen.append(shown(learn))
    assert tuple(seen) == STEPS
    assert text("learn.next") not in [button.label for button in learn.button]
    press(learn, "learn.back")
    assert shown(learn) == STEPS[-2]
    learn.radio(key="learn-pick").set_value("up").run()
    assert shown(learn) == "up"
    press(learn, "learn.practise")
    assert text("practice.camera_title") in [each.value for each in learn.subheader]


def test_the_page_says_safety_words_once_and_what_nobody_measures(learn: AppTest) -> None:
    html = html_of(learn)
    for name in ("stop", "never", "ask", "unseen"):
        assert html.count(text(f"safety.{name}")) == 1
    assert text("learn.feels_ask") in html


def test_a_language_is_chosen_for_the_tab_and_noted_in_the_address(learn: AppTest) -> None:
    german = own_messages("de")
    learn.button_group(key="language-choice").set_value("de").run()
    assert [each.value for each in learn.title] == [german["learn.title"]]
    assert learn.query_params["lang"] == "de"


def test_the_address_names_the_language_after_a_reload() -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    at.query_params["lang"] = "de"
    at.run()
    assert own_messages("de")["practice.camera_title"] in [each.value for each in at.subheader]
    assert routine_words("t_stroke", "de")["phases"]["up"]["label"] in html_of(at)


def test_an_unknown_language_in_the_address_is_passed_over() -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    at.query_params["lang"] = "../en"
    at.run()
    assert not at.exception
    assert text("practice.camera_title") in [each.value for each in at.subheader]
