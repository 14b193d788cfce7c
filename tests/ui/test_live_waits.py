"""A session that has to wait: for its camera, or for a place."""

import pytest

from tests.ui.live_studio import Studio, numbers
from ui.live_session import LiveSession
from ui.places import KEEP_S, Places
from vision.errors import HandModelError


@pytest.fixture
def studio() -> Studio:
    return Studio()


def notices(live: LiveSession) -> list[str]:
    return [each.say.key for each in live.view.spoken if each.say.kind == "notice"]


def test_a_picture_that_stands_still_is_said_once_and_makes_the_session_wait(
    studio: Studio,
) -> None:
    studio.begin()
    studio.show(5)
    frames = len(studio.guides[0].frames)
    for _ in range(3):
        studio.live.stand_still(True)
        assert (studio.show(2) == 77).all()
    view = studio.live.view
    assert (view.stage, view.problem, len(view.reps)) == ("interrupted", "camera.gone", 1)
    assert len(studio.guides[0].frames) == frames, "a frozen picture is no moment of the session"
    assert studio.guides[0].opened == studio.guides[0].closed
    assert notices(studio.live) == ["notice.camera_waits"]

    studio.live.stand_still(False)
    assert studio.live.view.stage == "interrupted", "until a picture comes"
    studio.show()
    view = studio.live.view
    assert (view.stage, view.problem, len(view.reps)) == ("running", None, 1)
    assert notices(studio.live) == ["notice.camera_waits", "notice.goes_on"]
    assert numbers(studio.live) == sorted(set(numbers(studio.live)))


def test_a_new_connection_does_not_stand_still(studio: Studio) -> None:
    studio.begin()
    studio.show()
    studio.live.stand_still(True)
    studio.reconnect()
    studio.show()
    assert studio.live.view.stage == "running"


def test_a_camera_that_goes_before_a_session_says_nothing(studio: Studio) -> None:
    studio.show()
    studio.live.stand_still(True)
    studio.stream.silent()
    assert (studio.live.view.stage, studio.live.view.problem) == ("preview", None)


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_full_machine_begins_nothing_and_leaves_the_other_alone() -> None:
    places = Places(1)
    first, second = Studio(places), Studio(places)
    assert first.begin()
    first.show(5)
    assert not second.live.has_place
    assert not second.begin()
    second.show(2)
    assert (second.guides, second.live.view.stage) == ([], "preview")
    first.show(5)
    assert len(first.live.view.reps) == 2


@pytest.mark.parametrize("end", ["goal", "button", "tab", "error", "camera"])
def test_a_place_is_given_back_at_every_end(end: str) -> None:
    places = Places(1)
    first, second = Studio(places), Studio(places)
    broken = HandModelError("The hand model is missing: fetch it with scripts/setup.")
    first.begin(goal=1 if end == "goal" else 99, error=broken if end == "error" else None)
    first.show(5)
    if end == "button":
        first.live.end()
    elif end == "tab":
        first.live.clear()
    elif end == "camera":
        first.live.end()
        assert first.live.take_place(), "pressed Start, and then Stop"
        first.stream.ended()
    assert second.begin()
    assert not first.begin(), "practising again needs a place as well"
    assert first.live.view.stage != "loading"


def test_a_dead_connection_keeps_its_place_for_a_while_and_then_waits_for_another() -> None:
    clock = Clock()
    places = Places(1, clock)
    first, second = Studio(places), Studio(places)
    first.begin()
    first.show(5)
    first.stream.ended()
    clock.now_s += KEEP_S - 1
    assert not second.begin()
    first.reconnect()
    first.show()
    assert first.live.view.stage == "running", "a reload locks nobody out"

    first.stream.ended()
    clock.now_s += KEEP_S + 1
    assert second.begin()
    second.show()
    first.reconnect()
    first.show()
    view = first.live.view
    assert (view.stage, view.problem, len(view.reps)) == ("interrupted", "camera.full", 1)
    second.live.end()
    first.show(4)
    view = first.live.view
    assert (view.stage, view.problem, len(view.reps)) == ("running", None, 2)
