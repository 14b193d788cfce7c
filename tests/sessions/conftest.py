"""Small recordings, and hands that come from a clip's truth instead of MediaPipe."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import pytest

from routines.routine import load_routine
from sessions.accuracy import clips_in, score_clip
from sessions.card_page import Figures
from sessions.harder import VERSIONS, clips_for_harder, score_harder
from sessions.truth import Truth
from sessions.uncalibrated import score_uncalibrated
from tests.once import truth_of
from vision.frames import Frame, VideoReader
from vision.hands import SIDES, DetectedHand
from vision.sink import Mp4Sink

SAMPLES = Path(__file__).parents[2] / "sample_videos"


class TrueHands:
    """Stands in for the hand model: finds the hands where the truth has them."""

    def __init__(self, truth: Truth | None = None) -> None:
        self._truth = truth

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        truth = self._truth
        if truth is None:
            return ()
        index = round(frame.time_s * truth.fps)
        return tuple(
            DetectedHand(truth.hands[side].landmarks_px[index], 0.9, side)
            for side in SIDES
            if truth.hands[side].visible[index]
        )


@pytest.fixture
def no_hands() -> TrueHands:
    return TrueHands()


@pytest.fixture
def true_hands() -> Callable[[str], TrueHands]:
    """`true_hands("wide")` finds the hands of that sample."""

    def find(name: str) -> TrueHands:
        return TrueHands(truth_of(name))

    return find


@pytest.fixture
def grey_clip(tmp_path: Path) -> Callable[..., Path]:
    """`grey_clip(name, size=(640, 480), seconds=1.0)` writes an empty room, without calibration."""

    def make(name: str, size: tuple[int, int] = (640, 480), seconds: float = 1.0) -> Path:
        path = tmp_path / name
        rng = np.random.default_rng(4)
        room = rng.integers(90, 110, (size[1], size[0], 3), dtype=np.uint8)
        with Mp4Sink(path, size, 30.0) as sink:
            for index in range(round(30 * seconds)):
                sink.write(np.roll(room, index, axis=1), index / 30)
        return path

    return make


@pytest.fixture
def piece(tmp_path: Path) -> Callable[[str, float], Path]:
    """`piece("wide", 10.0)` is the beginning of that sample, with its calibration."""

    def cut(name: str, seconds: float) -> Path:
        source = SAMPLES / f"{name}.mp4"
        target = tmp_path / f"{name}.mp4"
        with VideoReader(source) as reader, Mp4Sink(target, _size(reader), 30.0) as sink:
            for frame in _until(reader, seconds):
                sink.write(frame.image_rgb, frame.time_s)
        shutil.copy(SAMPLES / f"{name}.calibration.json", tmp_path)
        return target

    return cut


def _size(reader: VideoReader) -> tuple[int, int]:
    return reader.info.width, reader.info.height


def _until(reader: VideoReader, seconds: float) -> Iterator[Frame]:
    for frame in reader:
        if frame.time_s >= seconds:
            return
        yield frame


@pytest.fixture
def sound_only(tmp_path: Path) -> Path:
    """An MP4 that holds sound alone."""
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
        frame.sample_rate = 8000
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


@pytest.fixture(scope="session")
def full_run() -> Figures:
    """All samples with the hand model, once for all slow tests; minutes, on all of two cores."""
    routine = load_routine()
    clips = clips_in(SAMPLES)
    chosen = clips_for_harder(clips, routine)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(score_clip, video, truth, routine) for video, truth in clips]
        harder = [
            pool.submit(score_harder, *clip, routine, version)
            for clip in chosen
            for version in VERSIONS
        ]
        alone = [pool.submit(score_uncalibrated, *clip, routine) for clip in clips]
        return Figures(
            [one.result().score for one in runs],
            [one.result()[0] for one in harder],
            [one.result() for one in alone],
        )
