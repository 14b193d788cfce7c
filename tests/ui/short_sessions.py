"""Short live sessions with the real hand model, and what they leave behind in their process.

`python -m tests.ui.short_sessions 50` holds so many and writes what was held before them and after:
in a process of their own, as where other tests ran before, freed memory lies in pieces.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import av

from benchmarks.live_feed import beginner, strokes
from tests.ui.long_practice import HERTZ, TIME_BASE, blocks, memory_mb
from ui.camera_wires import Arrival
from ui.live_session import LiveSession
from ui.places import Places


class Held(NamedTuple):
    """What a process holds once all is tidied up."""

    threads: int
    """All of the process, also those that Python did not start."""
    descriptors: int
    blocks: int
    memory_mb: float


def held_at_rest() -> Held:
    """What this process holds."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(10)
    threads, descriptors = (
        len(list(Path("/proc/self", what).iterdir())) for what in ("task", "fd")
    )
    return Held(threads, descriptors, blocks(), memory_mb())


def _practise(pictures: list[av.VideoFrame]) -> None:
    """From the first picture to the closed connection."""
    live = LiveSession(Places(1))
    beginner()(live)
    stream = live.open_stream()
    for picture in pictures:
        stream.show(Arrival(picture, time.monotonic()))
    assert live.view.stage == "running", live.view.problem
    assert live.view.scene is not None
    assert live.view.scene.pair.left is not None
    live.clear()


def _pictures() -> list[av.VideoFrame]:
    pictures = list[av.VideoFrame]()
    for index, image in zip(range(4), strokes(HERTZ), strict=False):
        picture = av.VideoFrame.from_ndarray(image, format="rgb24")
        picture.pts, picture.time_base = round(index / HERTZ / TIME_BASE), TIME_BASE
        pictures.append(picture)
    return pictures


def main() -> None:
    pictures = _pictures()
    for _ in range(10):  # pools and caches fill
        _practise(pictures)
    before = held_at_rest()
    for _ in range(int(sys.argv[1])):
        _practise(pictures)
    sys.stdout.write(json.dumps([before, held_at_rest()]))


if __name__ == "__main__":
    main()
