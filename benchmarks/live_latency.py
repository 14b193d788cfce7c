"""How long a picture takes through the live session, beside a bare MediaPipe loop.

    python benchmarks/live_latency.py [--clip sample_videos/side.mp4] [--hertz 15] [--seconds 20]

A clip is played as a webcam of 640 px width, at the camera's rate and on its own time, through the
objects that the app uses: the wires of the connection, the live session, a guided session in its
strokes, the painter, and the encoder that sends the picture back. Latency is counted from a
picture's arrival to the drawn one. The bare loop is MediaPipe's HandLandmarker in VIDEO mode with
its own defaults on the same pictures, before and after. Prints latencies, and their ratios to what
the bare loop needs for a picture; ends with 1 where the 95th percentile is over the limit.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.mediastreams import MediaStreamError

from benchmarks.machine import machine
from routines.routine import load_routine
from sessions.guided import GuidedSession, Plan
from ui.camera_wires import CameraWires
from ui.live_session import LiveSession
from ui.pace import STAGES, Figures
from ui.scene_painter import ScenePainter
from vision.arrays import ImageRGB
from vision.calibration import load_calibration
from vision.frames import VideoReader

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"
WIDTH_PX = 640
LIMIT_MS = 100.0
FEWEST = 20
TIME_BASE = Fraction(1, 90_000)


def pictures(clip: Path, hertz: float, seconds: float) -> Iterator[ImageRGB]:
    """The clip's pictures as a webcam would send them."""
    sent = 0
    with VideoReader(clip) as video:
        for frame in video:
            if frame.time_s > seconds:
                return
            height, width = frame.image_rgb.shape[:2]
            size = (WIDTH_PX, round(height * WIDTH_PX / width / 2) * 2)
            while sent <= frame.time_s * hertz:
                sent += 1
                image = cv2.resize(frame.image_rgb, size, interpolation=cv2.INTER_AREA)
                yield cast(ImageRGB, image)


def bare_ms(images: list[ImageRGB], hertz: float) -> tuple[list[float], float]:
    """What MediaPipe alone needs for each picture, and its processor time for one."""
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    from vision.hand_model import find_hand_model

    options = vision.HandLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_hand_model())),
        running_mode=vision.RunningMode.VIDEO,
        num_hands=2,
    )
    took, cpu_s = list[float](), 0.0
    with vision.HandLandmarker.create_from_options(options) as landmarker:
        cpu_s = time.process_time()
        for index, image in enumerate(images):
            begun = time.perf_counter()
            seen = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image)
            landmarker.detect_for_video(seen, round(index * 1000 / hertz))
            took.append(1000 * (time.perf_counter() - begun))
        cpu_s = time.process_time() - cpu_s
    return took, 1000 * cpu_s / len(images)


class Webcam(MediaStreamTrack):
    """Sends each picture when its time has come, as the decoder of a connection would."""

    kind = "video"

    def __init__(self, images: list[ImageRGB], hertz: float) -> None:
        super().__init__()
        self._frames = [self._frame(image, index / hertz) for index, image in enumerate(images)]
        self._hertz = hertz
        self._next = 0
        self._begun_s: float | None = None

    @staticmethod
    def _frame(image: ImageRGB, time_s: float) -> av.VideoFrame:
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = round(time_s / TIME_BASE), TIME_BASE
        return frame

    async def recv(self) -> av.VideoFrame:
        """The next picture; raises MediaStreamError after the last."""
        if self._next == len(self._frames):
            raise MediaStreamError
        begun_s = time.monotonic() if self._begun_s is None else self._begun_s
        self._begun_s = begun_s
        due_s = begun_s + self._next / self._hertz - time.monotonic()
        await asyncio.sleep(max(0.0, due_s))
        self._next += 1
        return self._frames[self._next - 1]


async def played(live: LiveSession, webcam: Webcam) -> tuple[Figures, list[float]]:
    """The last figures of a whole clip, and the latencies of all its pictures but the first ten."""
    wires = CameraWires(live.open_stream)
    wires.addTrack(webcam)
    wires.start()
    loop, encoder = asyncio.get_running_loop(), Vp8Encoder()
    figures, latencies_ms = Figures(), list[float]()
    try:
        while True:
            drawn = await wires.drawn.recv()
            assert drawn.pts is not None
            latencies_ms.append(1000 * (time.monotonic() - _sent_s(webcam, drawn)))
            await loop.run_in_executor(None, encoder.encode, drawn, False)
            figures = live.view.figures
    except MediaStreamError:
        return figures, latencies_ms[10:]


def _sent_s(webcam: Webcam, drawn: av.VideoFrame) -> float:
    assert webcam._begun_s is not None
    assert drawn.pts is not None
    return webcam._begun_s + float(drawn.pts * TIME_BASE)


def in_strokes(clip: Path) -> LiveSession:
    """A live session whose guided session stands in its strokes from the first picture on."""
    routine = load_routine()
    calibration = load_calibration(clip.with_suffix(".calibration.json"))

    def make(size: tuple[int, int]) -> GuidedSession:
        fitted = calibration.fitted_to(*size)
        guide = GuidedSession(routine, Plan(pause_after_s=60.0), size, calibration=fitted)
        while guide.stage != "strokes":
            guide.skip()
        return guide

    live = LiveSession()
    live.begin(make, ScenePainter(routine).draw)
    return live


def report(
    bare: list[float], figures: Figures, latencies: list[float], cost: tuple[float, float]
) -> float:
    """Prints all of it; gives back the 95th percentile of the latency in ms.

    `cost` is the processor time for a picture in ms, bare and whole.
    """
    bare_cpu_ms, cpu_ms = cost
    whole = statistics.median(bare)
    middle, high = np.percentile(latencies, (50, 95)).tolist()
    print(f"bare MediaPipe            {whole:6.1f} ms a picture, 95th {_high(bare):.1f} ms")
    print(f"arrival to drawn picture  {middle:6.1f} ms median, {high:.1f} ms 95th percentile")
    stages = ", ".join(f"{name} {figures.stages_ms[name]:.1f}" for name in STAGES)
    print(f"  of it, median ms         {stages}")
    print(f"rate                      {figures.rate_hz:6.1f} of {figures.arrived_hz:.1f} a second")
    print(f"left out                  {figures.dropped} of {figures.dropped + figures.shown}")
    both, one = figures.both_hands or 0.0, figures.one_hand or 0.0
    print(f"hands found               both {both:.0%}, one {one:.0%} of the last pictures")
    print(
        f"processor time            {cpu_ms:6.1f} ms a picture with the encoder, "
        f"bare {bare_cpu_ms:.1f} ms"
    )
    print(
        f"ratios to bare: median {middle / whole:.2f}, 95th {high / whole:.2f}, "
        f"processor {cpu_ms / bare_cpu_ms:.2f}"
    )
    return float(high)


def _high(values: list[float]) -> float:
    return float(np.percentile(values, 95))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=SAMPLES / "side.mp4")
    parser.add_argument("--hertz", type=float, default=15.0, help="pictures a second of the camera")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the clip")
    wanted = parser.parse_args()
    images = list(pictures(wanted.clip, wanted.hertz, wanted.seconds))
    height, width = images[0].shape[:2]
    print(f"{wanted.clip.name}, {width} x {height} at {wanted.hertz:g} Hz, {machine()}")
    half = images[: len(images) // 2]
    bare, bare_cpu_ms = bare_ms(half, wanted.hertz)
    live, webcam = in_strokes(wanted.clip), Webcam(images, wanted.hertz)
    cpu_s = time.process_time()
    figures, latencies = asyncio.run(played(live, webcam))
    cpu_ms = 1000 * (time.process_time() - cpu_s) / max(1, figures.shown)
    again, again_cpu_ms = bare_ms(half, wanted.hertz)
    cost = (bare_cpu_ms + again_cpu_ms) / 2, cpu_ms
    if len(latencies) < FEWEST:
        sys.exit(f"Only {len(latencies)} pictures went through: too few to measure anything.")
    if live.view.stage == "ended":
        sys.exit(f"The session did not run to the clip's end: {live.view.problem}")
    if report(bare + again, figures, latencies, cost) > LIMIT_MS:
        sys.exit(f"The 95th percentile is over {LIMIT_MS:g} ms.")


if __name__ == "__main__":
    main()
