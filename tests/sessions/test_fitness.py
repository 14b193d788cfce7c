"""Warnings come when the picture is unfit, and not before."""

from dataclasses import replace

import numpy as np
import pytest

from sessions.fitness import PictureLog, warnings_of
from sessions.record import TrackingFacts, VideoFacts
from vision.frames import Frame

GOOD_VIDEO = VideoFacts("a.mp4", "0" * 64, 1280, 720, 10.0, 300, 1.0)
GOOD_TRACKING = TrackingFacts(0.9, 0.95, 0.05)


def test_a_good_recording_has_no_warning() -> None:
    assert warnings_of(GOOD_VIDEO, GOOD_TRACKING, 120.0) == ()


@pytest.mark.parametrize(
    ("video", "tracking", "brightness", "words"),
    [
        (GOOD_VIDEO, TrackingFacts(0, 0, 0), 120.0, "No hands were found in the whole recording"),
        (GOOD_VIDEO, TrackingFacts(0.119, 0.5, 0), 120.0, "in only 11 % of the frames"),
        (GOOD_VIDEO, GOOD_TRACKING, 20.0, "dark"),
        (replace(GOOD_VIDEO, width=320, height=240), GOOD_TRACKING, 120.0, r"320 x 240 px"),
        (replace(GOOD_VIDEO, frames_read=80), GOOD_TRACKING, 120.0, "8 frames a second"),
    ],
)
def test_each_flaw_has_its_sentence(
    video: VideoFacts, tracking: TrackingFacts, brightness: float, words: str
) -> None:
    (warning,) = warnings_of(video, tracking, brightness)
    assert words in warning


def test_a_truncated_file_says_its_share_and_keeps_its_frame_rate() -> None:
    video = replace(GOOD_VIDEO, readable_share=0.629, frames_read=189)
    (warning,) = warnings_of(video, GOOD_TRACKING, 120.0)
    assert "Only 62 % of this recording could be read" in warning


def test_brightness_is_the_median_of_a_look_a_second() -> None:
    log = PictureLog()
    assert log.brightness is None
    for index, value in enumerate([0, 100, 100, 200, 10]):
        image = np.full((32, 32, 3), value, np.uint8)
        log.step(Frame(index, index * 0.5, image, (32, 32)))
    assert log.brightness == 10  # Looked at 0.0, 1.0 and 2.0 s: 0, 100, 10.
