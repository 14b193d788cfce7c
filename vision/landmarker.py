"""Hands from MediaPipe's HandLandmarker. The only file that imports mediapipe."""

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final, Self

import cv2
import numpy as np

from vision.arrays import Floats, ImageRGB
from vision.frames import Frame
from vision.hand_model import find_hand_model
from vision.hands import DetectedHand, Side
from vision.region import Gaze, Region, RegionView, paint_over

_LABELS: Final[dict[str, Side]] = {"Left": "left", "Right": "right"}
_BLACK: Final = np.zeros((64, 64, 3), np.uint8)
_MOST_BLACK: Final = 5
_STDERR: Final = 2
_silence_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class LandmarkerOptions:
    """Confidences of MediaPipe, 0 to 1, and the number of hands it looks for.

    Detection and presence are lower than MediaPipe's 0.5: skin on skin lowers every score, and
    what is let in wrongly is turned away by `vision.gate`. `tracking` is the overlap from which
    MediaPipe takes a found hand for one that it follows already. Hands side by side overlap:
    at 0.3 both were found in 0.35 of the frames of a film from the side, at 0.7 in 0.70, at 0.9
    in 0.65.
    """

    detection: float = 0.3
    presence: float = 0.3
    tracking: float = 0.7
    hands: int = 2


BARE: Final = LandmarkerOptions(0.5, 0.5, 0.5)
"""MediaPipe's own defaults, for comparisons."""


class HandLandmarker:
    """Finds hands in pictures that follow each other in time; use it as a context manager.

    >>> with HandLandmarker(region=region) as landmarker:
    ...     hands = landmarker.detect(frame)

    It keeps hands from one picture to the next, so one serves one recording, in one thread.
    Loading takes about a second and is done on entering.
    """

    def __init__(
        self,
        model: Path | None = None,
        options: LandmarkerOptions | None = None,
        region: Region | None = None,
    ) -> None:
        """`model` as for `find_hand_model`; without a `region` the whole picture is seen."""
        self._model = model
        self._options = options or LandmarkerOptions()
        self._region = region
        self._gaze = None if region is None else Gaze(region)
        self._clock = _Milliseconds()
        self._task: Any = None
        self._close_task: Any = None
        self._close_clock = _Milliseconds()
        self._mediapipe: ModuleType | None = None
        self._first = True
        self._followed = False
        """Whether hands are followed that must not be followed any more."""

    def __enter__(self) -> Self:
        """Raises HandModelError when the model is missing or not the right one."""
        model = self._model = find_hand_model(self._model)
        self._first, self._followed = True, False
        with _silent_stderr():
            self._mediapipe, self._task = _load(model, self._options)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        tasks = (self._task, self._close_task)
        self._task = self._close_task = None
        for task in tasks:
            if task is not None:
                task.close()

    def look_at(self, region: Region | None) -> None:
        """From the next picture on look at that square of it, or with None at the whole.

        Hands that were followed are forgotten then, which takes some 20 ms: MediaPipe would follow
        a phantom into the new square. May be called by another thread than the one that detects,
        but not at the same time.
        """
        self._region = region
        self._gaze = None if region is None else Gaze(region)
        self._followed = self._task is not None

    def begin_anew(self) -> None:
        """Other pictures follow, of any time: what is found is what a new landmarker would find."""
        self.look_at(self._region)

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        """The hands in a frame, in px of the full-size picture.

        Times should grow; where they do not, MediaPipe is told the next free millisecond.
        """
        if self._task is None or self._mediapipe is None:
            raise RuntimeError("HandLandmarker.detect needs an entered context manager")
        if self._followed:
            self._forget_hands()
        view = None if self._gaze is None else self._gaze.view(frame.scale)
        image_rgb = frame.image_rgb
        seen = np.ascontiguousarray(image_rgb) if view is None else view.cut(image_rgb)
        with _silent_stderr() if self._first else contextlib.nullcontext():
            result = self._ask(self._task, seen, self._clock.next(frame.time_s))
        self._first = False
        if self._gaze is not None:
            found = len(result.hand_landmarks)
            self._gaze.report(frame.time_s, complete=found >= self._options.hands)
        return _hands(result, seen, view, frame.scale)

    def _ask(self, task: Any, seen: ImageRGB, time_ms: int) -> Any:
        assert self._mediapipe is not None
        image = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=seen)
        return task.detect_for_video(image, time_ms)

    def _forget_hands(self) -> None:
        """All that MediaPipe keeps from picture to picture is where hands are; black has none."""
        looked_with = None if self._first else self._task
        for task, clock in ((looked_with, self._clock), (self._close_task, self._close_clock)):
            for _ in range(_MOST_BLACK if task else 0):
                if not self._ask(task, _BLACK, clock.next(0.0)).hand_landmarks:
                    break
        self._followed = False

    def detect_close(
        self, frame: Frame, square: Region, painted_px: Sequence[Floats] = ()
    ) -> tuple[DetectedHand, ...]:
        """At most one hand in a small square of a frame, in px of the full-size picture.

        `painted_px` are hands (21, 2) that are known already: they are painted over. A square
        that moves along with its hand keeps MediaPipe following it, at half the cost. Needs a
        second graph of MediaPipe's, which is made at the first call.
        """
        if self._task is None or self._mediapipe is None:
            raise RuntimeError("HandLandmarker.detect_close needs an entered context manager")
        if self._followed:
            self._forget_hands()
        view = square.looked_at_closely(frame.scale)
        seen = view.cut(frame.image_rgb)
        for marks in painted_px:
            paint_over(seen, view.from_full(marks))
        first = self._close_task is None
        with _silent_stderr() if first else contextlib.nullcontext():
            if first:
                assert self._model is not None
                self._close_task = _load(self._model, replace(self._options, hands=1))[1]
            time_ms = self._close_clock.next(frame.time_s)
            result = self._ask(self._close_task, seen, time_ms)
        return _hands(result, seen, view, frame.scale)


class LandmarkerHolder:
    """A context manager that holds a landmarker open as long as it is open itself.

    For classes that look for hands in a session, and get or make the landmarker themselves.
    """

    def __init__(self, landmarker: HandLandmarker | None) -> None:
        """None where there is nothing to hold."""
        self._held = landmarker

    def __enter__(self) -> Self:
        """Raises HandModelError when the model is missing or not the right one."""
        if self._held is not None:
            self._held.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held is not None:
            self._held.__exit__(kind, error, trace)

    def _hold_open(self, landmarker: HandLandmarker) -> None:
        """Closes what is held, and holds this one."""
        self.__exit__(None, None, None)
        self._held = landmarker
        landmarker.__enter__()


class _Milliseconds:
    """Strictly growing whole milliseconds for any times: MediaPipe raises on others."""

    def __init__(self) -> None:
        self._last = -1

    def next(self, time_s: float) -> int:
        self._last = max(round(time_s * 1000), self._last + 1)
        return self._last


def _hands(
    result: Any, seen: ImageRGB, view: RegionView | None, pixels_per_px: float
) -> tuple[DetectedHand, ...]:
    size = np.array([seen.shape[1], seen.shape[0]], dtype=np.float64)
    return tuple(
        DetectedHand(
            _full(_points(hand) * size, view, pixels_per_px),
            float(categories[0].score),
            _LABELS.get(categories[0].category_name),
        )
        for hand, categories in zip(result.hand_landmarks, result.handedness, strict=True)
    )


def _points(hand: Any) -> Floats:
    return np.array([(point.x, point.y) for point in hand], dtype=np.float64)


def _full(points_px: Floats, view: RegionView | None, pixels_per_px: float) -> Floats:
    return points_px * pixels_per_px if view is None else view.to_full(points_px)


def warm_up() -> None:
    """Import what is slow to, ahead of its first use; beside a running stream it takes longer."""
    import mediapipe.tasks.python.vision  # noqa: F401
    import scipy.optimize  # noqa: F401


def _load(model: Path, options: LandmarkerOptions) -> tuple[ModuleType, Any]:
    # Importing takes about a second: only who looks for hands pays it.
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    # MediaPipe keeps the cores busy: helpers of OpenCV's would only spin beside it.
    cv2.setNumThreads(1)
    task = vision.HandLandmarker.create_from_options(
        vision.HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.VIDEO,
            num_hands=options.hands,
            min_hand_detection_confidence=options.detection,
            min_hand_presence_confidence=options.presence,
            min_tracking_confidence=options.tracking,
        )
    )
    return mediapipe, task


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Turns file descriptor 2 away: MediaPipe's notes can't be stopped in another way.

    What other threads write to it meanwhile is lost as well, so the time is kept short; the
    lock keeps two of these from restoring each other's redirection.
    """
    with _silence_lock:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # No standard error at all, as under a service manager.
            yield
            return
        try:
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
                os.dup2(nowhere.fileno(), _STDERR)
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
