"""Visitors who practise without end, as the app's server has them: for benchmarks and slow tests.

A clip's strokes come encoded, as from a browser, over and over, each picture when it is due. What
the server does is done with the server's own objects: decoding, the wires of the connection, the
live session with a guided session in its strokes, the painter, and the encoder that sends back.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import cv2
from aiortc import MediaStreamTrack
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.mediastreams import MediaStreamError

from routines.routine import load_routine
from sessions.guided import GuidedSession, Plan
from ui.camera_wires import CameraWires
from ui.live_session import LiveSession
from ui.places import Places
from ui.scene_painter import ScenePainter
from vision.arrays import ImageRGB
from vision.calibration import Calibration, load_calibration
from vision.frames import VideoReader
from vision.tracker import Detector

SAMPLES: Final = Path(__file__).resolve().parents[1] / "sample_videos"
CLIP: Final = SAMPLES / "side.mp4"
STROKES_S: Final = (3.9, 31.78)
"""The clip's four strokes: they end where they begin, so that the loop has no seam."""
WIDTH_PX: Final = 640
BIT_RATE: Final = 1_000_000
"""About what a browser sends at this size."""
TIME_BASE: Final = Fraction(1, 90_000)


def strokes(hertz: float, clip: Path = CLIP) -> Iterator[ImageRGB]:
    """The pictures of the clip's strokes as a webcam would send them."""
    begin_s, end_s = STROKES_S
    sent = 0
    with VideoReader(clip) as video:
        for frame in video:
            if frame.time_s > end_s:
                return
            height, width = frame.image_rgb.shape[:2]
            size = (WIDTH_PX, round(height * WIDTH_PX / width / 2) * 2)
            while sent <= (frame.time_s - begin_s) * hertz:
                sent += 1
                image = cv2.resize(frame.image_rgb, size, interpolation=cv2.INTER_AREA)
                yield cast(ImageRGB, image)


@dataclass(frozen=True, slots=True)
class Film:
    """Pictures as they come over the wire; the first one needs no other."""

    packets: tuple[bytes, ...]
    hertz: float


def film_of(images: Iterator[ImageRGB], hertz: float) -> Film:
    """The pictures, encoded as browsers do."""
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.time_base, encoder.pix_fmt, encoder.gop_size = TIME_BASE, "yuv420p", 3000
    encoder.bit_rate = BIT_RATE
    encoder.options = {"deadline": "realtime", "cpu-used": "-6", "lag-in-frames": "0"}
    packets = list[bytes]()
    for number, image in enumerate(images):
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        if not encoder.is_open:
            encoder.width, encoder.height = frame.width, frame.height
        frame.pts, frame.time_base = round(number / hertz / TIME_BASE), TIME_BASE
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return Film(tuple(packets), hertz)


class LoopedWebcam(MediaStreamTrack):
    """Sends a film over and over, each picture when its time has come; `late_s` later than others.

    Decodes in a thread of its own, as a connection does.
    """

    kind = "video"

    def __init__(self, film: Film, late_s: float = 0.0) -> None:
        super().__init__()
        self._film, self._late_s = film, late_s
        self._decoder = av.CodecContext.create("libvpx", "r")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="decoder")
        self._next = 0
        self.begun_s: float | None = None

    async def recv(self) -> av.VideoFrame:
        """The next picture."""
        if self.begun_s is None:
            self.begun_s = time.monotonic() + self._late_s
        number, self._next = self._next, self._next + 1
        await asyncio.sleep(max(0.0, self.due_s(number) - time.monotonic()))
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._frame, number)

    def due_s(self, number: int) -> float:
        """When a picture arrives; monotonic clock."""
        assert self.begun_s is not None
        return self.begun_s + number / self._film.hertz

    def age_ms(self, frame: av.VideoFrame) -> float:
        """How long ago this picture arrived."""
        assert frame.pts is not None
        number = round(float(frame.pts * TIME_BASE) * self._film.hertz)
        return 1000 * (time.monotonic() - self.due_s(number))

    def stop(self) -> None:
        """Give the decoder's thread back."""
        super().stop()
        self._thread.shutdown(wait=False)

    def _frame(self, number: int) -> av.VideoFrame:
        packet = av.Packet(self._film.packets[number % len(self._film.packets)])
        packet.pts, packet.time_base = round(number / self._film.hertz / TIME_BASE), TIME_BASE
        (frame,) = self._decoder.decode(packet)
        frame.pts, frame.time_base = packet.pts, TIME_BASE
        return frame


Begin = Callable[[LiveSession], object]


def beginner(calibration: Calibration | None = None, detector: Detector | None = None) -> Begin:
    """What begins a session that stands in its strokes from the first picture on."""
    routine = load_routine()
    known = calibration or load_calibration(CLIP.with_suffix(".calibration.json"))

    def make(size: tuple[int, int]) -> GuidedSession:
        guide = GuidedSession(
            routine, Plan(), size, calibration=known.fitted_to(*size), detector=detector
        )
        while guide.stage != "strokes":
            guide.skip()
        return guide

    return lambda live: live.begin(make, ScenePainter(routine).draw)


class Visitor:
    """Practises for a while: a session whose goal is reached is followed by another one."""

    def __init__(self, film: Film, begin: Begin, late_s: float = 0.0) -> None:
        self.live = LiveSession(Places(1))
        self.sessions = 1
        self.strokes = 0
        self.taken_ms: list[float] = []
        """From arrival to the drawn picture, of each that was sent back; the caller may clear."""
        self._webcam, self._begin = LoopedWebcam(film, late_s), begin

    async def practise(self, until_s: float) -> None:
        """Practise until a moment of the monotonic clock."""
        self._begin(self.live)
        wires, encoder = CameraWires(self.live.open_stream), Vp8Encoder()
        wires.addTrack(self._webcam)
        wires.start()
        loop = asyncio.get_running_loop()
        try:
            while time.monotonic() < until_s:
                drawn = await wires.drawn.recv()
                self.taken_ms.append(self._webcam.age_ms(drawn))
                await loop.run_in_executor(None, encoder.encode, drawn, False)
                self._again()
        except MediaStreamError:
            return
        finally:
            self._webcam.stop()
            wires.stop()
            self.live.clear()

    def _again(self) -> None:
        view = self.live.view
        if view.stage == "ended":
            self.sessions += 1
            self.strokes += sum(rep.counted for rep in view.reps)
            self._begin(self.live)
