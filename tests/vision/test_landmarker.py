"""The seam to MediaPipe: right px, growing milliseconds, silence, no connections."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.arrays import Floats, ImageRGB
from vision.errors import HandModelError
from vision.frames import Frame, VideoReader
from vision.hands import DetectedHand
from vision.landmarker import HandLandmarker, _Milliseconds
from vision.region import Region
from vision.sightings import hand_length_px

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "order.mp4"


@given(st.lists(st.floats(-10, 1e6), min_size=2, max_size=50))
def test_milliseconds_always_grow(times_s: list[float]) -> None:
    clock = _Milliseconds()
    told = [clock.next(time_s) for time_s in times_s]
    assert all(earlier < later for earlier, later in pairwise(told))
    assert told[0] >= 0


def test_milliseconds_are_the_true_ones_where_they_can_be() -> None:
    clock = _Milliseconds()
    assert [clock.next(i / 60) for i in range(4)] == [0, 17, 33, 50]


def test_detect_outside_the_context_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError, match="context manager"):
        HandLandmarker().detect(frame(np.zeros((64, 64, 3), np.uint8), 0.0))


def test_wrong_model_is_refused_before_mediapipe_is_loaded(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.task"
    wrong.write_bytes(b"no model")
    with pytest.raises(HandModelError), HandLandmarker(wrong):
        pass


def test_importing_the_landmarker_does_not_import_mediapipe() -> None:
    code = "import sys, vision.landmarker; sys.exit('mediapipe' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def frame(image: ImageRGB, time_s: float, scale: int = 1) -> Frame:
    height, width = image.shape[:2]
    return Frame(0, time_s, image, (width * scale, height * scale))


def pictures(count: int) -> Iterator[tuple[float, ImageRGB]]:
    """The first pictures of a film in which one hand rests on the nape, one on the waist."""
    film = cv2.VideoCapture(str(SAMPLE))
    for index in range(count):
        read, image_bgr = film.read()
        assert read
        yield index / 30, np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    film.release()


def palms(hands: tuple[DetectedHand, ...]) -> Floats:
    """(N, 2) palm centres."""
    return np.array([hand.palm_px for hand in hands])


@pytest.mark.slow
def test_a_turned_and_enlarged_view_gives_the_same_places() -> None:
    head_up = Region(np.array([640.0, 360.0]), np.array([1.0, 0.0]), 720.0)
    with HandLandmarker() as whole, HandLandmarker(region=head_up) as turned:
        for time_s, image in pictures(12):
            plain, found = (one.detect(frame(image, time_s)) for one in (whole, turned))
    assert len(found) == 2
    assert plain
    for hand in plain:
        apart = np.linalg.norm(palms(found) - hand.palm_px, axis=1)
        assert apart.min() < 12  # a hand is 140 px long
    assert all(hand.label in ("left", "right") for hand in found)


@pytest.mark.slow
def test_a_close_look_finds_a_hand_at_the_same_place_unless_it_is_painted_over() -> None:
    with HandLandmarker() as landmarker:
        for time_s, image in pictures(8):
            plain = landmarker.detect(frame(image, time_s))
        hand = plain[0]
        square = Region(hand.palm_px, np.array([1.0, 0.0]), 330.0)
        painted = [
            landmarker.detect_close(frame(image, index / 30), square, [hand.landmarks_px])
            for index in range(3)
        ]
        found = [landmarker.detect_close(frame(image, 1 + i / 30), square) for i in range(3)]
    assert painted == [(), (), ()]
    assert len(found[-1]) == 1
    assert np.linalg.norm(found[-1][0].palm_px - hand.palm_px) < 12


@pytest.mark.slow
def test_full_size_px_from_a_smaller_picture() -> None:
    with HandLandmarker() as full, HandLandmarker() as half:
        for time_s, image in pictures(8):
            small = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5), dtype=np.uint8)
            large_hands = full.detect(frame(image, time_s))
            small_hands = half.detect(frame(small, time_s, 2))
    assert small_hands
    for hand in small_hands:
        assert np.linalg.norm(palms(large_hands) - hand.palm_px, axis=1).min() < 12


@pytest.mark.slow
def test_a_time_that_stands_still_or_goes_back_is_no_error() -> None:
    with HandLandmarker() as landmarker:
        for _, image in pictures(4):
            for time_s in (1.0, 1.0, 0.5):
                landmarker.detect(frame(image, time_s))


@pytest.mark.slow
def test_nothing_on_standard_error_and_standard_error_works_again(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with HandLandmarker() as landmarker:
        for time_s, image in pictures(3):
            landmarker.detect(frame(image, time_s))
        os.write(2, b"after")
    assert capfd.readouterr().err == "after"


LOOKING = """
import time
import numpy as np
from vision.frames import Frame, VideoReader
from vision.landmarker import HandLandmarker

until = time.monotonic() + 10
with HandLandmarker() as landmarker:
    index = 0
    while time.monotonic() < until:
        image = np.full((64, 64, 3), index % 255, np.uint8)
        landmarker.detect(Frame(index, index / 30, image, (64, 64)))
        time.sleep(0.05)
        index += 1
"""

TALKING = """
import socket, time
time.sleep(0.2)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
    line.connect(("127.0.0.1", 53))
    time.sleep(0.02)
"""


def sockets_of(code: str) -> set[str]:
    """Every socket that a Python process running `code` had open, sampled each millisecond.

    A look-up of a name or a connection needs one; the landmarker should have none at all.
    """
    process = subprocess.Popen([sys.executable, "-c", code])
    files = Path(f"/proc/{process.pid}/fd")
    found: set[str] = set()
    while process.poll() is None:
        with contextlib.suppress(OSError):
            for name in os.listdir(files):  # noqa: PTH208 - many times a second
                with contextlib.suppress(OSError):
                    found.add(os.readlink(f"{files}/{name}"))  # noqa: PTH115
        time.sleep(0.001)
    assert process.returncode == 0
    return {link for link in found if link.startswith("socket:")}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
def test_the_watch_sees_a_short_look_up() -> None:
    assert sockets_of(TALKING)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
def test_no_connection_while_looking_for_hands() -> None:
    # Releases of MediaPipe from 0.10.35 on report usage within seconds and fail this test.
    assert sockets_of(LOOKING) == set()


@pytest.mark.slow
def test_another_part_of_the_picture_is_looked_at_afresh() -> None:
    """In the whole of this picture the back is taken for a hand."""
    with VideoReader(SAMPLE) as reader:
        frames = list(islice(reader, 117, 127))
    middle = Region(np.array([640.0, 360.0]), np.array([0.0, -1.0]), 720.0)
    with HandLandmarker() as landmarker:
        before = [landmarker.detect(frame) for frame in frames[:5]]
        landmarker.look_at(middle)
        found = [landmarker.detect(frame) for frame in frames[5:]]
    assert max(hand_length_px(hand) for hands in before for hand in hands) > 400
    assert all(len(hands) == 2 for hands in found)
    assert max(hand_length_px(hand) for hands in found for hand in hands) < 200


@pytest.mark.slow
def test_who_begins_anew_finds_what_a_new_one_finds() -> None:
    """Else a review would hang on which lane had the model before."""
    with VideoReader(SAMPLE) as reader:
        frames = list(islice(reader, 130))
    whole = Region(np.array([640.0, 360.0]), np.array([0.0, -1.0]), 900.0)
    square = Region(np.array([640.0, 360.0]), np.array([0.0, -1.0]), 300.0)

    def found(landmarker: HandLandmarker) -> list[list[bytes]]:
        looks = [
            (*landmarker.detect(frame), *landmarker.detect_close(frame, square))
            for frame in frames[:20]
        ]
        return [[hand.landmarks_px.tobytes() for hand in hands] for hands in looks]

    with HandLandmarker(region=whole) as landmarker:
        for_new = found(landmarker)
        for frame in frames[100:]:
            last = landmarker.detect(frame)
            landmarker.detect_close(frame, square)
        landmarker.begin_anew()
        assert found(landmarker) == for_new
    assert len(last) == 2
    assert any(for_new)
