"""Each page in each of its states, without a browser and without a camera."""

import time
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import ui.practice_parts
from routines.reps import Check, PhaseSpan, Rep
from routines.routine import load_routine
from sessions.guided import Plan, Say, Scene, Stage
from sessions.record import (
    HandPath,
)
from ui import calibration_store
from ui.guide_run import Spoken
from ui.live_session import LiveSession, LiveView
from ui.places import Places, Token
from ui.practice_state import PracticeState
from ui.texts import text
from ui.turning import Turn
from vision.calibration import Calibration
from vision.hands import HandPair

ROOT = Path(ui.practice_parts.__file__).parent.parent
POINTS = {
    "nape": (320.0, 120.0),
    "waist": (320.0, 360.0),
    "left_shoulder": (200.0, 180.0),
    "right_shoulder": (440.0, 180.0),
}
CALIBRATION = Calibration((640, 480), POINTS)
REP = Rep(
    1,
    2.0,
    10.0,
    counted=False,
    phases=(PhaseSpan("up", 2.0, 6.0), PhaseSpan("down", 6.0, 10.0)),
    checks=(Check("short_reach", "fault", 5.0, 6.0, "both", measured=0.6, limit=0.8),),
    unseen_share=0.1,
    score=50.0,
)
PATH = HandPath(np.arange(3.0), np.array([[0.4, 0.1], [0.4, 0.4], [0.4, 0.6]]), np.ones(3, bool))


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


class Practice:
    """The page Practice over a state that the test can reach into."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.playing = False
        self.opened = 0
        self.state = PracticeState()
        monkeypatch.setattr(ui.practice_parts, "camera", self.camera)
        self.at = AppTest.from_file(str(ROOT / "ui" / "practice.py"), default_timeout=20)
        self.at.session_state["practice"] = self.state

    def camera(self, live: LiveSession, facing: str) -> bool:
        assert live is self.state.live
        assert facing == self.state.settings.facing
        self.opened += 1
        return self.playing

    def show(self, scene: Scene, *says: Say) -> AppTest:
        """A session is under way and stands here."""
        self.playing = True
        spoken = tuple(Spoken(number, say) for number, say in enumerate(says, start=1))
        self.view(LiveView("running", scene, spoken))
        self.state.live._newest = np.zeros((480, 640, 3), np.uint8)
        self.state.live._newest_at_s = time.monotonic()
        return self.run()

    def view(self, view: LiveView) -> None:
        self.state.live._view = view

    def run(self) -> AppTest:
        self.at.run()
        assert not self.at.exception
        return self.at

    def press(self, key: str) -> AppTest:
        next(b for b in self.at.button if b.label == text(key)).click()
        return self.run()

    def labels(self) -> list[str]:
        return [button.label for button in self.at.button]

    def html(self) -> str:
        return html_of(self.at)


@pytest.fixture
def practice(monkeypatch: pytest.MonkeyPatch) -> Practice:
    return Practice(monkeypatch)


def scene(stage: Stage, task: str, **more: object) -> Scene:
    pair = HandPair(10.0, None, None)
    return Scene(10.0, stage, f"guide.{task}", 3, pair, **more)  # type: ignore[arg-type]


def ended(*reps: Rep) -> LiveView:
    last = scene("done", "done", calibration=CALIBRATION)
    return LiveView("ended", last, reps=reps, paths={"left": PATH, "right": PATH})


def test_before_the_camera_it_says_what_to_do_and_who_should_not(practice: Practice) -> None:
    at = practice.run()
    assert text("practice.camera_title") in [each.value for each in at.subheader]
    for name in ("stop", "never", "ask", "unseen"):
        assert text(f"safety.{name}") in practice.html()
    assert text("app.footer") in practice.html()
    assert practice.labels() == []


def test_a_camera_that_plays_begins_the_session_by_itself(practice: Practice) -> None:
    practice.playing = True
    practice.run()
    begun = practice.state.live.view
    assert begun.stage == "loading"
    assert text("safety.never") not in practice.html(), "said once"
    practice.press("practice.end")
    assert practice.state.live.view.stage == "ended"


@pytest.mark.parametrize(
    ("stage", "task", "labels"),
    [
        ("check", "check", ("skip",)),
        ("touch", "touch_neck", ("click_points",)),
        ("confirm", "confirm", ("take_place", "redo_place")),
        ("settle", "breathe", ("skip",)),
        ("oil", "oil", ("skip",)),
        ("strokes", "strokes", ("pause",)),
        ("paused", "paused", ("go_on", "redo_place")),
    ],
)
def test_every_step_can_be_taken_by_a_button_too(
    practice: Practice, stage: Stage, task: str, labels: tuple[str, ...]
) -> None:
    practice.show(scene(stage, task))
    assert practice.labels() == [text(f"practice.{name}") for name in (*labels, "end")]


def test_the_buttons_tell_the_session(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    guide = SimpleNamespace(
        pause=lambda: told.append("pause"),
        resume=lambda: told.append("resume"),
        skip=lambda: told.append("skip"),
        redo_place=lambda: told.append("redo_place"),
    )
    monkeypatch.setattr(practice.state.live, "command", lambda act, stage: act(guide))
    practice.show(scene("strokes", "strokes"))
    practice.press("practice.pause")
    practice.show(scene("paused", "paused"))
    practice.press("practice.go_on")
    practice.press("practice.redo_place")
    practice.show(scene("settle", "settle"))
    practice.press("practice.skip")
    assert told == ["pause", "resume", "redo_place", "skip"]


def test_points_can_be_used_only_when_all_are_set(practice: Practice) -> None:
    practice.show(scene("touch", "touch_lower_back"))
    at = practice.press("practice.click_points")
    use = next(b for b in at.button if b.label == text("practice.use_points"))
    assert use.disabled
    practice.press("practice.cancel")
    assert text("practice.click_points") in practice.labels()


def test_a_still_before_the_picture_is_told(practice: Practice) -> None:
    practice.show(scene("touch", "touch_lower_back"))
    practice.state.live._newest = None
    practice.press("practice.click_points")
    assert text("practice.no_still") in practice.html()


def test_swapped_points_are_told_and_the_still_stays(practice: Practice) -> None:
    practice.show(scene("touch", "touch_lower_back"))
    practice.press("practice.click_points")
    swapped = {**POINTS, "nape": POINTS["waist"], "waist": POINTS["nape"]}
    practice.state.use_points(swapped, None)
    practice.run()
    assert "swapped" in practice.html()
    assert practice.state.still is not None


def test_a_place_that_was_gone_on_with_is_remembered_and_offered(practice: Practice) -> None:
    practice.show(scene("confirm", "confirm", calibration=CALIBRATION))
    assert calibration_store.last() is None, "not accepted yet"
    practice.show(scene("settle", "settle", calibration=CALIBRATION))
    remembered = calibration_store.last()
    assert remembered is not None
    assert remembered.calibration == CALIBRATION
    practice.show(scene("touch", "touch_lower_back"))
    assert text("practice.use_last") in practice.labels()


def test_a_full_machine_says_so_in_place_of_the_camera_and_looks_again(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, somebody = Places(1), Token()
    monkeypatch.setattr(practice.state.live, "_places", one)
    one.hold(somebody)
    practice.run()
    assert text("camera.full") not in practice.html(), "this tab may be one that has a place"
    monkeypatch.setattr(ui.practice_parts, "is_settled", lambda: True)
    practice.run()
    assert text("camera.full") in practice.html()
    assert text("camera.way_on") in practice.html()
    assert practice.opened == 0, "no Start button, so no camera either"
    one.give_back(somebody)
    practice.run()
    assert text("camera.full") not in practice.html()
    assert practice.opened == 1


def test_practising_again_on_a_full_machine_is_a_sentence_and_keeps_the_summary(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, somebody = Places(1), Token()
    monkeypatch.setattr(practice.state.live, "_places", one)
    one.hold(somebody)
    practice.view(ended(REP))
    practice.state.felt = 3
    monkeypatch.setattr(ui.practice_parts, "has_connection", lambda facing: True)
    practice.playing = True
    practice.run()
    practice.press("practice.practise_again")
    assert text("camera.full") in practice.html()
    assert practice.state.live.has_place is False
    one.give_back(somebody)
    practice.press("practice.practise_again")
    assert practice.state.live.view.stage == "loading"


def test_the_app_opens_on_practice_and_knows_review(practice: Practice) -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    at.session_state["practice"] = practice.state
    at.run()
    assert not at.exception
    assert text("practice.camera_title") in [each.value for each in at.subheader]
    at.switch_page("ui/review.py").run()
    assert not at.exception
    assert [each.value for each in at.title] == [text("review.title")]


def test_settings_are_kept_for_the_tab_and_reach_the_session(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = practice.run()
    at.slider(key="settings-goal").set_value(3)
    at.selectbox(key="settings-level").set_value("every")
    at.selectbox(key="settings-pace").set_value("ghost")
    practice.run()
    plan = practice.state.settings.plan()
    assert (plan.goal, plan.level, plan.tempo_s) == (3, "every", 12.0)
    plans: list[Plan] = []
    guide = SimpleNamespace(change=plans.append)
    monkeypatch.setattr(practice.state.live, "command", lambda act: act(guide))
    practice.show(scene("strokes", "strokes"))
    practice.at.slider(key="settings-tempo").set_value(9.0)
    practice.run()
    assert plans == [practice.state.settings.plan()]
    assert plans[0].tempo_s == 9.0


def test_the_picture_can_be_turned_and_mirrored(practice: Practice) -> None:
    at = practice.run()
    at.selectbox(key="settings-turn").set_value(1)
    practice.run()
    at.toggle(key="settings-mirror").set_value(True)
    practice.run()
    assert practice.state.live.turn == Turn(1, mirrored=True)


def test_how_even_it_felt_is_asked_before_any_figure_is_shown(practice: Practice) -> None:
    practice.view(ended(REP))
    at = practice.run()
    assert text("summary.felt_title") in [each.value for each in at.subheader]
    assert 'data-testid="count"' not in practice.html()
    practice.press("summary.felt_4")
    html = practice.html()
    assert '<div class="count" data-testid="count">0</div>' in html
    assert text("summary.you_felt", felt=text("summary.felt_4")) in html


def test_the_summary_names_one_thing_to_work_on_and_shows_when(practice: Practice) -> None:
    practice.state.felt = 3
    practice.view(ended(REP))
    at = practice.run()
    rule = load_routine().faults["short_reach"]
    assert f'data-testid="work_on">{rule.written}<' in practice.html()
    assert text("summary.moment_title") in [each.value for each in at.subheader]
    assert rule.label in practice.html()
    assert "0:02–0:10" in practice.html()


def test_a_summary_without_a_stroke_says_how_to_make_one(practice: Practice) -> None:
    practice.view(ended())
    at = practice.run()
    assert text("practice.summary_none") in [each.value for each in at.markdown]
    practice.press("practice.practise_again")
    assert practice.state.live.view.stage == "loading"
    assert practice.state.felt is None


def html_of(at: AppTest) -> str:
    return unescape(" ".join(str(element.proto.body) for element in at.get("html")))
