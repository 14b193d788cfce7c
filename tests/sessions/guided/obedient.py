"""A giver on film who does what the session asks for, as a user would.

The film is one stroke of a sample with its settle before: what is shown next depends on the task
that stands on the screen, so a session that waits keeps waiting hands in front of it.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from sessions.guided import GuidedSession, Scene
from sessions.truth import Truth
from tests.films import _opened, _pictures
from tests.once import back_of, truth_of
from vision.frames import Frame
from vision.hands import PALM, SIDES
from vision.touch import PLACES_BACK, Place

SAMPLES: Final = Path(__file__).resolve().parents[3] / "sample_videos"
FIRST_S: Final = 3.3
"""Where the samples' hands come from the settle to the start place."""
SETTLE_S: Final = 1.5
LOWER_BACK_S: Final = 3.97
REACTION_S: Final = 0.8
"""From a task's first moment to the hands' leaving."""
RATE: Final = 1.3
"""Hands move so much faster than in the clip from place to place."""
SWAY_S: Final = 0.06
"""Hands that rest are a few pictures of the clip, to and fro."""
REST_S: Final = 0.6
"""Between strokes."""


def place_s(name: str, place: Place) -> float:
    """When both palms of the sample's first stroke come nearest to a named place."""
    truth, back = truth_of(name), back_of(name)
    across, v = PLACES_BACK[place]
    first, last = (round(at_s * truth.fps) for at_s in _first_stroke(truth))
    off = np.zeros(last - first)
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        palms = truth.hands[side].landmarks_px[first:last, list(PALM)].mean(axis=1)
        gaps = (back.to_back(palms)[0] - (sign * across, v)) * (1.0, 2.1)
        off += np.linalg.norm(gaps, axis=1)
    return (first + int(off.argmin())) / truth.fps


def _first_stroke(truth: Truth) -> tuple[float, float]:
    return truth.reps[0].start_s, truth.reps[0].end_s


class Obedient:
    """Frames of a giver who follows the tasks."""

    def __init__(self, name: str, hz: float = 15.0) -> None:
        self._pictures = _pictures(SAMPLES / f"{name}.mp4")
        self._times = np.array([time_s for time_s, _ in self._pictures])
        self._end_s = _first_stroke(truth_of(name))[1]
        self._goals = {
            "guide.touch_neck": place_s(name, "neck"),
            "guide.touch_shoulders": place_s(name, "shoulders"),
            **dict.fromkeys(("guide.settle", "guide.settle_wait", "guide.breathe"), SETTLE_S),
        }
        self._dt_s = 1 / hz
        self._at_s = FIRST_S
        self._rests_s = 0.0
        self._task, self._since_s = "guide.check", -REACTION_S
        self._goal = LOWER_BACK_S
        self._settles = False
        self.index = 0

    @property
    def now_s(self) -> float:
        """The film's time."""
        return self.index * self._dt_s

    def frame(self, scene: Scene | None) -> Frame:
        """The next picture, after that scene."""
        self._listen(scene)
        if self._task == "guide.strokes" and self.now_s - self._since_s >= REACTION_S:
            shown_s = self._stroke()
        else:
            shown_s = self._go()
        image = _opened(self._pictures[int(np.abs(self._times - shown_s).argmin())][1])
        height, width = image.shape[:2]
        frame = Frame(self.index, self.now_s, image, (width, height))
        self.index += 1
        return frame

    def _listen(self, scene: Scene | None) -> None:
        task = self._task if scene is None else scene.task
        if task != self._task:
            self._task, self._since_s = task, self.now_s
        if scene is not None and any(say.key.endswith("other_ways") for say in scene.says):
            self._settles = True
        if self.now_s - self._since_s >= REACTION_S:
            self._goal = self._goals.get(self._task, LOWER_BACK_S)
            if self._settles and self._task.startswith("guide.touch"):
                self._goal = SETTLE_S

    def _stroke(self) -> float:
        if self._rests_s > 0:
            self._rests_s -= self._dt_s
            return LOWER_BACK_S
        self._at_s = max(self._at_s, LOWER_BACK_S) + self._dt_s
        if self._at_s >= self._end_s:
            self._at_s, self._rests_s = LOWER_BACK_S, REST_S
        return self._at_s

    def _go(self) -> float:
        step_s = RATE * self._dt_s
        self._at_s += float(np.clip(self._goal - self._at_s, -step_s, step_s))
        sway = SWAY_S * np.sin(2 * np.pi * self.now_s) if self._at_s == self._goal else 0.0
        return self._at_s + float(sway)


def follow(
    session: GuidedSession,
    giver: Obedient,
    until: Callable[[Scene], bool],
    most_s: float = 120.0,
) -> Iterator[Scene]:
    """The session's scenes while the giver follows it."""
    scene: Scene | None = None
    while scene is None or (not until(scene) and giver.now_s < most_s):
        scene = session.step(giver.frame(scene))
        yield scene


def said(scenes: Sequence[Scene]) -> list[str]:
    """Keys of all that was said in words."""
    return [say.key for scene in scenes for say in scene.says if say.kind in ("task", "notice")]
