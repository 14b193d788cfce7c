"""A decoder that is lost in the middle of a review: what it gave before is reviewed."""

import os
import signal
from pathlib import Path

import pytest

from routines.routine import load_routine
from sessions.review import Progress, review_recording
from tests.children import children, started_since
from tests.vision.corpus import video
from vision.frames import Frame
from vision.hands import DetectedHand


class Blind:
    """Sees no hands."""

    def __enter__(self) -> "Blind":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        return ()


@pytest.mark.parametrize("killer", [signal.SIGKILL, signal.SIGSEGV])
def test_its_share_is_stated(tmp_path: Path, killer: int) -> None:
    video(count=120)(tmp_path / "a.mp4")
    before = set(children())

    def kill(progress: Progress) -> None:
        if progress.frames == 40:
            os.kill(started_since(before), killer)

    review = review_recording(
        tmp_path / "a.mp4", None, load_routine(), detector=Blind(), on_progress=kill
    )
    assert 40 <= review.video.frames_read < 80
    assert review.video.readable_share == pytest.approx(review.video.frames_read / 120, abs=0.02)
    assert any("could be read" in warning for warning in review.warnings)
    assert set(children()) == before
