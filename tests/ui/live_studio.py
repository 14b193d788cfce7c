"""A live session with guides that are stubs, and a camera that a test turns by hand."""

import threading
from collections.abc import Sequence
from fractions import Fraction
from types import TracebackType
from typing import Any, Self, cast

import av
import numpy as np

from routines.reps import Progress, Rep, RepEnded
from sessions.coach import Moment
from sessions.guided import Plan, Say, Scene
from sessions.recorder import Recorder
from ui.camera_wires import Arrival
from ui.live_session import CameraStream, LiveSession
from ui.places import Places
from vision.arrays import ImageRGB
from vision.calibration import Calibration
from vision.frames import Frame
from vision.hands import HandPair, TrackedHand
from vision.samples import BackSample

TIME_BASE = Fraction(1, 90_000)


class StubGuide:
    """Counts a stroke and says so at every fifth picture; its goal is `goal` strokes."""

    def __init__(
        self, size: tuple[int, int], *, goal: int = 99, error: Exception | None = None
    ) -> None:
        self.recorder = Recorder()
        self.stage = "strokes"
        self.sizes = [size]
        self.frames: list[Frame] = []
        self.told: list[str] = []
        self.opened = self.closed = self.finished = 0
        self.gate: threading.Event | None = None
        self.inside = threading.Event()
        self._goal, self._error, self._count = goal, error, 0

    def __enter__(self) -> Self:
        self.opened += 1
        if self._error is not None:
            raise self._error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self.closed += 1

    def step(self, frame: Frame) -> Scene:
        assert self.opened > self.closed, "stepped without the hand model"
        self.inside.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        self.frames.append(frame)
        says: tuple[Say, ...] = ()
        if len(self.frames) % 5 == 0:
            self._count += 1
            says = (Say(frame.time_s, "count", "guide.count", {"count": self._count}),)
        return self._scene(frame.time_s, says)

    def finish(self) -> Scene:
        self.finished += 1
        return self._scene(99.0, (Say(99.0, "task", "guide.done"),))

    def _scene(self, time_s: float, says: tuple[Say, ...]) -> Scene:
        pair = HandPair(time_s, TrackedHand(np.zeros((21, 2)), observed=True), None)
        progress = Progress(self._count, self._count, None, settling=False)
        moment = Moment(time_s, pair, BackSample(time_s, None, None), progress, ())
        self.recorder.step(moment)
        if says and says[0].kind == "count":
            rep = Rep(self._count, time_s - 1, time_s, True, (), (), 0.0, score=None)
            self.recorder.take((RepEnded(time_s, rep),))
        done = self.finished or self._count >= self._goal
        return Scene(
            time_s, "done" if done else "strokes", "guide.stroke", self._goal, pair, progress,
            says=says,
        )  # fmt: skip

    def turned(self, image_size: tuple[int, int]) -> None:
        self.sizes.append(image_size)

    def pause(self) -> None:
        self.told.append("pause")

    def resume(self) -> None:
        self.told.append("resume")

    def skip(self) -> None:
        self.told.append("skip")

    def calibrate(self, calibration: Calibration) -> None:
        self.told.append("calibrate")

    def redo_place(self) -> None:
        self.told.append("redo_place")

    def end(self) -> None:
        self.told.append("end")

    def change(self, plan: Plan) -> None:
        self.told.append("change")


def red(frame: Frame, scene: Scene) -> ImageRGB:
    painted = np.zeros_like(frame.image_rgb)
    painted[..., 0] = 255
    return painted


class Studio:
    """A live session, its guides, and a camera."""

    def __init__(self, places: Places | None = None) -> None:
        self.live = LiveSession(places or Places(1))
        self.guides: list[StubGuide] = []
        self.options: dict[str, Any] = {}
        self.stream: CameraStream = self.live.open_stream()
        self.time = 0

    def make(self, size: tuple[int, int]) -> StubGuide:
        self.guides.append(StubGuide(size, **self.options))
        return self.guides[-1]

    def begin(self, **options: Any) -> bool:
        self.options = options
        return self.live.begin(self.make, red)

    def show(self, count: int = 1, size: tuple[int, int] = (64, 48), step: int = 6000) -> ImageRGB:
        shown: ImageRGB = np.zeros((1, 1, 3), dtype=np.uint8)
        for _ in range(count):
            image = np.full((size[1], size[0], 3), 77, dtype=np.uint8)
            picture = av.VideoFrame.from_ndarray(image, format="rgb24")
            self.time += step
            picture.pts, picture.time_base = self.time, TIME_BASE
            sent = self.stream.show(Arrival(picture, 0.0))
            assert (sent.pts, sent.time_base) == (self.time, TIME_BASE)
            shown = cast(ImageRGB, sent.to_ndarray(format="rgb24"))
        return shown

    def reconnect(self) -> None:
        self.stream, self.time = self.live.open_stream(), 0


def numbers(live: LiveSession) -> Sequence[int]:
    return [spoken.number for spoken in live.view.spoken]
