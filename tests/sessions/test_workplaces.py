"""Lanes that come one after the other look with the same few hand models."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import sessions.workplaces
from sessions.workplaces import Workplaces
from vision.errors import HandModelError
from vision.landmarker import HandLandmarker

NOTED = list[tuple[str, int]]


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> NOTED:
    """What happens to hand models, in order, each by its number."""
    noted: NOTED = []

    class Model:
        made = 0

        def __init__(self, **_: Any) -> None:
            self.number = Model.made
            Model.made += 1

        def __enter__(self) -> "Model":
            noted.append(("loaded", self.number))
            return self

        def __exit__(self, *_: object) -> None:
            noted.append(("closed", self.number))

        def begin_anew(self) -> None:
            noted.append(("anew", self.number))

    monkeypatch.setattr(sessions.workplaces, "HandLandmarker", Model)
    return noted


def test_a_lane_takes_over_the_model_of_one_that_has_ended(noted: NOTED) -> None:
    with Workplaces(1, None) as places:
        for _ in range(3):
            with places.taken():
                pass
    assert noted == [("loaded", 0), ("anew", 0), ("anew", 0), ("closed", 0)]


def test_two_at_a_time_have_a_model_each(noted: NOTED) -> None:
    with Workplaces(2, None) as places, ExitStack() as held:
        one, other = (held.enter_context(places.taken()) for _ in range(2))
        assert one is not other
    assert sorted(noted) == [("closed", 0), ("closed", 1), ("loaded", 0), ("loaded", 1)]


def test_a_model_that_failed_is_not_taken_again(noted: NOTED) -> None:
    with Workplaces(1, None) as places:
        with pytest.raises(RuntimeError, match="broken"), places.taken():
            raise RuntimeError("broken")
        with places.taken():
            pass
    assert noted == [("loaded", 0), ("loaded", 1), ("closed", 1), ("closed", 0)]


def test_a_missing_model_is_told_to_each(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_: Any) -> HandLandmarker:
        return HandLandmarker(Path("no such model.task"))

    monkeypatch.setattr(sessions.workplaces, "HandLandmarker", missing)
    with Workplaces(1, None) as places:
        for _ in range(2):
            with pytest.raises(HandModelError), places.taken():
                pass


def test_what_is_given_is_looked_with_and_left_alone(noted: NOTED) -> None:
    class Given:
        def detect(self, _frame: object, /) -> tuple[()]:
            return ()

    given = Given()
    with Workplaces(1, None, given) as places, places.taken() as taken:
        assert taken is given
    assert noted == []
