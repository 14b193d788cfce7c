"""Recordings as no camera should make them, and as some do: each is made here, small, from a seed.

`CASES` names each, says how it is made, and what is to become of it.
"""

import resource
import struct
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final, Literal, ParamSpec, cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from vision.arrays import ImageRGB

Outcome = Literal["read", "refused", "either"]
Maker = Callable[[Path], None]

ENDS_WITHIN_S: Final = 10.0
HANGS_FROM_S: Final = 60.0

SIZE: Final = (160, 120)
SECONDS: Final = 1.2
FPS: Final = 15.0

# Full chroma, so that even the smallest pictures have true colours at their edges.
FULL_CHROMA: Final = {"libx264": "yuv444p", "ffv1": "yuv444p", "mjpeg": "yuvj444p"}


@dataclass(frozen=True, slots=True)
class Case:
    """A file and what is to become of it."""

    name: str
    make: Maker
    outcome: Outcome = "read"
    share: tuple[float, float] = (1.0, 1.0)
    """Between these lies the readable share, where it is read."""
    says: str = ""
    """Part of the sentence with which it is refused."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Files that lie next to it."""

    def written(self, folder: Path) -> Path:
        """Make it in that folder."""
        for name, content in self.beside.items():
            (folder / name).write_bytes(content)
        path = folder / self.name
        self.make(path)
        return path


@contextmanager
def ends_soon() -> Iterator[None]:
    """Within 10 s of computing, whatever else the machine does meanwhile; a hang is longer."""
    began_s, computed_s = time.monotonic(), _computed_s()
    yield
    assert _computed_s() - computed_s < ENDS_WITHIN_S
    assert time.monotonic() - began_s < HANGS_FROM_S


def _computed_s() -> float:
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in each)


def add_silence(container: OutputContainer, seconds: float, codec: str = "aac") -> None:
    """A sound track in which nothing is heard."""
    stream = container.add_stream(codec, rate=8000, layout="mono")
    assert isinstance(stream, AudioStream)
    kind = "fltp" if codec == "aac" else "s16"
    count = round(8000 * seconds)
    silence = np.zeros((1, count), np.float32 if codec == "aac" else np.int16)
    frame = av.AudioFrame.from_ndarray(silence, format=kind, layout="mono")
    frame.sample_rate = 8000
    container.mux([*stream.encode(frame), *stream.encode(None)])


Asked = ParamSpec("Asked")


def in_a_passing_thread(write: Callable[Asked, None]) -> Callable[Asked, None]:
    """Where it is root, SVT-AV1 makes the thread that encodes a real-time one, for good."""

    @wraps(write)
    def passing(*args: Asked.args, **options: Asked.kwargs) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write, *args, **options).result()

    return passing


@in_a_passing_thread
def write_video(
    path: Path,
    *,
    fps: float = 30.0,
    count: int = 10,
    times_s: Sequence[float] | None = None,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    pixels: str | None = None,
    rotation_deg: int | None = None,
    mirrored: bool = False,
    picture: Callable[[int], ImageRGB] | None = None,
    encoder: Mapping[str, str] | None = None,
    muxer: Mapping[str, str] | None = None,
    container: str | None = None,
    clock: Fraction | None = None,
    sound_s: float | None = None,
) -> None:
    """Write a recording. Without `picture(index)` frame i is grey, of level 10 + 9 i."""
    times = [i / fps for i in range(count)] if times_s is None else list(times_s)
    rate = Fraction(fps).limit_denominator(1001)
    # AVI counts frames, and MPEG-4's clock is too coarse for more; the others count time.
    clock = clock or (1 / rate if path.suffix == ".avi" else Fraction(1, 90_000))
    with av.open(str(path), "w", container, container_options=dict(muxer or {})) as sink:
        stream = sink.add_stream(codec, rate=rate, options=dict(encoder or {}))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = pixels or FULL_CHROMA.get(codec, "yuv420p")
        stream.time_base = stream.codec_context.time_base = clock
        if rotation_deg is not None or mirrored:
            stream.set_display_rotation(rotation_deg or 0, hflip=mirrored)
        if sound_s is not None:
            add_silence(sink, sound_s)
        for index, time_s in enumerate(times):
            grey = np.full((size[1], size[0], 3), (10 + 9 * index) % 256, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey if picture is None else picture(index))
            frame.pts, frame.time_base = round(time_s / clock), clock
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))


def write_ticks(path: Path, ticks_ms: Sequence[int]) -> None:
    """A recording whose pictures bear these times, in whatever order."""
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for index, tick in enumerate(ticks_ms):
            image = np.full((48, 64, 3), (20 + 30 * index) % 256, np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(image)):
                packet.time_base = Fraction(1, 1000)
                # A muxer refuses pictures that are shown before they are decoded.
                packet.pts, packet.dts = tick, index - 1000
                sink.mux(packet)


def moving(size: tuple[int, int] = SIZE) -> Callable[[int], ImageRGB]:
    """Pictures that don't compress to nothing, and move."""
    width, height = size
    base = np.random.default_rng(2).integers(0, 255, (height, width, 3), dtype=np.uint8)
    soft = cast(ImageRGB, cv2.blur(base, (5, 5)).reshape(height, width, 3))
    return lambda index: np.roll(soft, 2 * index, axis=1)


def video(**options: Any) -> Maker:
    """A second and a bit that moves, made with `options` of `write_video`."""

    def make(path: Path) -> None:
        size = options.get("size", SIZE)
        usual = {"fps": FPS, "count": round(SECONDS * FPS), "size": size, "picture": moving(size)}
        encoder = {"g": "5"} | options.get("encoder", {})
        write_video(path, **(usual | options | {"encoder": encoder}))

    return make


def content(data: bytes) -> Maker:
    """A file that holds just this."""

    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def altered(maker: Maker, change: Callable[[bytearray], bytes | bytearray]) -> Maker:
    """What another maker makes, changed."""

    def make(path: Path) -> None:
        path.write_bytes(change(bytearray(_made(maker, path.suffix))))

    return make


@cache
def _made(maker: Maker, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        maker(path)
        return path.read_bytes()


def cut(share: float) -> Callable[[bytearray], bytes]:
    """Only so much of the beginning is left."""
    return lambda data: bytes(data[: int(len(data) * share)])


def overwritten(after: bytes, skip: int, value: bytes) -> Callable[[bytearray], bytearray]:
    """Other bytes, so far behind each place where `after` stands."""

    def change(data: bytearray) -> bytearray:
        at = data.find(after)
        assert at >= 0, after
        while at >= 0:
            start = at + len(after) + skip
            data[start : start + len(value)] = value
            at = data.find(after, start)
        return data

    return change


def flipped(seed: int) -> Callable[[bytearray], bytearray]:
    """One bit somewhere is another, or, of every fourth file, some."""

    def change(data: bytearray) -> bytearray:
        rng = np.random.default_rng(seed)
        for place in rng.integers(0, 8 * len(data), 20 if seed % 4 == 0 else 1):
            data[place // 8] ^= 1 << (place % 8)
        return data

    return change


def without_cues(data: bytearray) -> bytearray:
    """Matroska without the index at its end."""
    at = data.rfind(b"\x1c\x53\xbb\x6b")
    assert at > len(data) // 2
    return data[:at]


def rate_from_1_to_120(index: int) -> float:
    """The time of a picture of a camera that changes its rate all along, s."""
    steps = 1 / np.geomspace(1, 120, 30)
    return float(steps[:index].sum())


FIRST: Final = video(muxer={"movflags": "+faststart"})
"""An MP4 with its index first, as it is sent over the network."""

TAPE: Final = video(codec="mpeg2video", fps=25.0, clock=Fraction(1, 25))
QUICK: Final = {"preset": "ultrafast"}
RANDOM: Final = np.random.default_rng(1).bytes(50_000)
HDR: Final = {
    "x265-params": "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
}
NESTED: Final = b"\0\0\xff\0moov" * 9000
PLAYLIST: Final = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:2,\nvictim.mp4\n#EXT-X-ENDLIST\n"
CONCAT: Final = b"ffconcat version 1.0\nfile victim.mp4\n"


def _png() -> bytes:
    return cv2.imencode(".png", np.zeros((48, 64, 3), np.uint8))[1].tobytes()


def _gif(path: Path) -> None:
    write_video(path, codec="gif", pixels="rgb8", container="gif", clock=Fraction(1, 100), fps=10)


def _sound(path: Path) -> None:
    with av.open(str(path), "w") as sink:
        add_silence(sink, 1.0)


def _cut_cases() -> list[Case]:
    makers = {"mp4": FIRST, "mkv": video(), "webm": video(codec="libvpx"), "avi": video()}
    return [
        Case(
            f"cut_{round(share * 100)}.{kind}",
            altered(maker, cut(share)),
            # The head alone may hold no picture.
            "read" if share >= 0.5 else "either",
            # What a file holds of its pictures hangs on how they are coded.
            (max(0.0, share - 0.4), min(1.0, share + 0.2)),
        )
        for kind, maker in makers.items()
        for share in (0.03, 0.2, 0.5, 0.8, 0.99)
    ]


_DAMAGED: Final = (
    Case("zero_bytes.mp4", content(b""), "refused", says="empty"),
    Case("random_bytes.mp4", content(RANDOM), "refused", says="not a recording"),
    Case("random_in.mp4", content(b"\0\0\0\x18ftypmp42" + RANDOM), "refused"),
    Case("random_in.mkv", content(b"\x1aE\xdf\xa3" + RANDOM), "refused"),
    Case("random_in.avi", content(b"RIFF\xff\xff\0\0AVI " + RANDOM), "refused"),
    Case("no_index.mp4", altered(video(), cut(0.6)), "refused", says="cut off before its index"),
    Case("no_index.mov", altered(video(), cut(0.9)), "refused", says="cut off before its index"),
    Case("no_cues.mkv", altered(video(), without_cues)),
    Case("sound_alone.mp4", _sound, "refused", says="only sound"),
    Case("sound_alone.mkv", _sound, "refused", says="only sound"),
)

_ODD: Final = (
    Case("one_frame.mp4", video(count=1)),
    Case("8k.mp4", lambda path: write_video(path, size=(7680, 4320), count=1, encoder=QUICK)),
    Case("1x1.mp4", video(size=(1, 1))),
    Case("1x1.webm", video(size=(1, 1), codec="libvpx-vp9", count=5)),
    Case("odd.mp4", video(size=(161, 121))),
    Case("odd.mkv", video(size=(33, 151))),
    Case("a_line.mp4", video(size=(2, 640))),
    Case("444.mp4", video(pixels="yuv444p")),
    Case("422.mp4", video(pixels="yuv422p")),
    Case("hdr.mp4", video(codec="libx265", pixels="yuv420p10le", encoder=HDR)),
    Case("hdr.mkv", video(codec="libsvtav1", pixels="yuv420p10le", encoder={"preset": "12"})),
    Case("rate_1_to_120.mp4", video(times_s=[rate_from_1_to_120(i) for i in range(30)])),
    Case("turned_90.mp4", video(rotation_deg=90)),
    Case("turned_180.mp4", video(rotation_deg=180)),
    Case("turned_270.mov", video(rotation_deg=270)),
    Case("times_stand_still.mkv", lambda p: write_ticks(p, [0, 40, 80, 80, 80, 120, 160])),
    Case("times_all_one.mkv", lambda p: write_ticks(p, [0] * 8)),
    Case("times_go_back.mkv", lambda p: write_ticks(p, [0, 40, 80, 20, 0, 120, 60, 160])),
    Case("times_leap.mkv", lambda p: write_ticks(p, [0, 40, 80, 1_000_000_000, 120, 160])),
    Case("times_below_zero.mkv", lambda p: write_ticks(p, [-200, -100, 0, 100])),
)

_OTHER: Final = (
    Case("mkv_inside.mp4", video(container="matroska")),
    Case("mp4_inside.avi", video(container="mp4", clock=Fraction(1, 90_000))),
    Case("avi_inside.mov", video(container="avi", clock=Fraction(1, 15), codec="mpeg4")),
    Case("png.mp4", content(_png()), "refused", says="PNG picture"),
    Case("gif.mp4", _gif, "refused", says="GIF picture"),
    Case("text.mp4", content(b"Notes of the evening.\n"), "refused", says="text file"),
    Case("playlist.mp4", content(PLAYLIST), "refused", says="text file"),
    Case("concat.mp4", content(CONCAT), "refused", says="text file"),
    Case("mpeg2.mkv", TAPE, "refused", says="mpeg2video"),
    Case("prores.mov", video(codec="prores_ks", pixels="yuv422p10le"), "refused", says="prores"),
    Case("flash.avi", video(codec="flv1"), "refused", says="flv1"),
    Case("windows.avi", video(codec="wmv2"), "refused", says="wmv2"),
)

_MALICIOUS: Final = (
    # A JPEG that says it is 65500 x 65500: 6 GB for one picture.
    Case(
        "vast.avi",
        altered(
            video(codec="mjpeg", pixels="yuvj420p"),
            overwritten(b"\xff\xc0\x00\x11\x08", 0, struct.pack(">HH", 65500, 65500)),
        ),
        "refused",
    ),
    # Two thousand million pictures of no bytes.
    Case(
        "countless.mp4",
        altered(FIRST, overwritten(b"stsz", 4, struct.pack(">II", 1, 0x7FFFFFFF))),
        "either",
    ),
    Case(
        "endless.mp4",
        altered(FIRST, overwritten(b"mdhd", 16, struct.pack(">I", 0xFFFFFFFE))),
        "either",
        (0.0, 1.0),
    ),
    Case("boxes_in_boxes.mp4", content(b"\0\0\0\x10ftypmp42\0\0\0\0" + NESTED), "refused"),
)

_NAMES: Final = (
    "with spaces  in it.mp4",
    'it\'s "quoted" `so`.mp4',
    "größe 背中 🙌 %d {x}.mp4",
    "-leading dash.mp4",
    "--out=x.mp4",
    "$(touch victim).mp4",
    "http:victim.mp4",
)

CASES: Final = (
    *_DAMAGED,
    *_cut_cases(),
    *_ODD,
    *_OTHER,
    *_MALICIOUS,
    *(Case(name, video(count=6)) for name in _NAMES),
    Case("x" * 251 + ".mp4", video(count=6), "either", says="name"),
)
