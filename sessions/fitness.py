"""Says in words why a recording is hard to judge: too dark, too small, too few frames, no hands."""

from typing import Final

import numpy as np

from sessions.record import TrackingFacts, VideoFacts
from vision.frames import Frame

LOOK_EVERY_S: Final = 1.0
"""Brightness changes slowly: one look a second is enough."""

DARK: Final = 45.0
"""Mean of the picture's values (0 to 255) below which hands are lost in its noise."""

LEAST_SIDE_PX: Final = 360
LEAST_FPS: Final = 12.0
FEW_BOTH: Final = 0.35
"""Share of frames with both hands below which many strokes can't be judged whole."""

_COARSE: Final = 16
"""Every 16th pixel tells the brightness as well as all."""


class PictureLog:
    """Looks at the pictures themselves; keeps a number a second, no picture."""

    def __init__(self) -> None:
        self._values: list[float] = []
        self._looked_s: float | None = None

    def step(self, frame: Frame) -> None:
        """Take the next frame."""
        if self._looked_s is None or frame.time_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = frame.time_s
            self._values.append(float(frame.image_rgb[::_COARSE, ::_COARSE].mean()))

    @property
    def brightness(self) -> float | None:
        """Median over the recording, 0 to 255; None before the first frame."""
        return float(np.median(self._values)) if self._values else None


def warnings_of(
    video: VideoFacts, tracking: TrackingFacts, brightness: float | None
) -> tuple[str, ...]:
    """One sentence for each thing that makes a review less sure: what, why, what to do."""
    found = (_broken_off(video), _hands(tracking), *_picture(video, brightness))
    return tuple(sentence for sentence in found if sentence is not None)


def calibration_warning(source: str) -> str | None:
    """What a calibration that nobody set makes less sure; None for set points."""
    if source == "settle":
        return (
            "Nobody set the points of the back, so it was found from the hands on nape and waist: "
            "the count is as sure, measures are rougher; set the points for exact ones."
        )
    if source == "motion":
        return (
            "Nobody set the points of the back, so it was found from the strokes themselves: how "
            "far they reach was not judged; set the points, or begin with one hand on the nape and "
            "one on the waist."
        )
    return None


def _broken_off(video: VideoFacts) -> str | None:
    if video.readable_share >= 1.0:
        return None
    return (
        f"Only {_percent(video.readable_share)} of this recording could be read, because it is "
        "cut off or damaged: what is readable was reviewed; copy it again from the camera for the "
        "rest."
    )


def _hands(tracking: TrackingFacts) -> str | None:
    if tracking.any_hand_share == 0.0:
        return (
            "No hands were found in the whole recording, so there is nothing to count: check that "
            "it shows a giver's hands on a back, in good light, and that the calibration belongs "
            "to it."
        )
    if tracking.both_hands_share < FEW_BOTH:
        return (
            f"Both hands were found in only {_percent(tracking.both_hands_share)} of the frames, "
            "so some strokes may be missing or seen in part: film from above, with both hands in "
            "view."
        )
    return None


def _picture(video: VideoFacts, brightness: float | None) -> tuple[str | None, ...]:
    fps = video.frames_read / video.duration_s if video.duration_s > 0 else LEAST_FPS
    fps = max(fps, 0.0) / max(video.readable_share, 1e-3)
    dark = brightness is not None and brightness < DARK
    small = min(video.width, video.height) < LEAST_SIDE_PX
    return (
        "The picture is dark, so hands are easily lost: light the back evenly." if dark else None,
        f"The picture is small ({video.width} x {video.height} px), so hands are easily lost: "
        "record with 640 x 480 px or more."
        if small
        else None,
        f"There are only {fps:.0f} frames a second, so quick movements may be missed: "
        "record with 25 or more."
        if fps < LEAST_FPS
        else None,
    )


def _percent(share: float) -> str:
    """Rounded down: 99.6 % read is not all of it."""
    return f"{int(share * 100)} %"
