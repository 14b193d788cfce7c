"""A film of a whole session without a touch, joined from pieces of a sample clip.

Hands that rest are single pictures held for a while; a hold that lasts longer than the clip's own
goes to and fro. What is joined by a cut leaps, as a camera's picture does that lost some frames.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np

from vision.arrays import ImageRGB
from vision.frames import Frame, VideoReader

SAMPLES: Final = Path(__file__).resolve().parent.parent / "sample_videos"
CLIP: Final = SAMPLES / "fps15.mp4"
"""From overhead, 640 x 480, 15 pictures a second: a settle, strokes, oil, hands away."""

LOWER_BACK_S: Final = 10.53
NECK_S: Final = 5.93
SHOULDERS_S: Final = 7.27
"""When both hands lie on these places, as they pass in a stroke."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch of the clip, played to and fro until `lasts_s` is over."""

    start_s: float
    end_s: float
    lasts_s: float

    def at(self, time_s: float) -> float:
        """The clip's time that is shown `time_s` after the shot began."""
        length_s = self.end_s - self.start_s
        if length_s <= 0:
            return self.start_s
        turn, within_s = divmod(time_s, length_s)
        return self.start_s + within_s if turn % 2 == 0 else self.end_s - within_s


def still(clip_s: float, lasts_s: float) -> Shot:
    """One picture of the clip."""
    return Shot(clip_s, clip_s, lasts_s)


def piece(start_s: float, end_s: float) -> Shot:
    """A stretch of the clip as it is."""
    return Shot(start_s, end_s, end_s - start_s)


CLEAN: Final = piece(3.9, 10.7)
"""A stroke without fault, from the start place to the start place."""
ASYMMETRIC: Final = piece(15.4, 22.4)
"""One hand behind the other."""
OIL: Final = piece(10.7, 14.5)
AWAY: Final = piece(23.2, 25.6)
"""Nobody's hands are in the picture."""
EMPTY: Final = still(24.5, 1.0)


def touching(hold_s: float = 3.0, check_s: float = 3.0) -> tuple[Shot, ...]:
    """Hands come into the picture, pass the check, and touch the three places in turn."""
    return (
        still(LOWER_BACK_S, check_s + hold_s),
        piece(3.9, NECK_S),
        still(NECK_S, hold_s),
        piece(NECK_S, SHOULDERS_S),
        still(SHOULDERS_S, hold_s),
        piece(SHOULDERS_S, 10.6),
    )


def settling(lasts_s: float) -> Shot:
    """One hand on the nape, one on the waist."""
    return Shot(0.3, 2.7, lasts_s)


def ready(lasts_s: float = 1.5) -> Shot:
    """At rest at the start place."""
    return still(LOWER_BACK_S, lasts_s)


def whole_session(
    settle_s: float = 6.0, strokes: Sequence[Shot] = (CLEAN, CLEAN, CLEAN)
) -> tuple[Shot, ...]:
    """From the camera check to the last stroke; the settle has 6 s more than its time."""
    return (
        *touching(),
        ready(1.5),
        settling(settle_s + 6.0),
        OIL,
        ready(),
        *strokes,
        ready(3.0),
    )


def length_s(shots: Sequence[Shot]) -> float:
    """How long the film runs."""
    return sum(shot.lasts_s for shot in shots)


def frames_of(shots: Sequence[Shot], hz: float = 15.0, clip: Path = CLIP) -> Iterator[Frame]:
    """The film's frames at an even rate."""
    pictures = _pictures(clip)
    times = np.array([time_s for time_s, _ in pictures])
    begin_s, index = 0.0, 0
    for shot in shots:
        while index / hz < begin_s + shot.lasts_s - 1e-9:
            shown_s = shot.at(index / hz - begin_s)
            image_rgb = _opened(pictures[int(np.abs(times - shown_s).argmin())][1])
            height, width = image_rgb.shape[:2]
            yield Frame(index, index / hz, image_rgb, (width, height))
            index += 1
        begin_s += shot.lasts_s


def write_webcam(shots: Sequence[Shot], film: Path, hz: float = 30.0, clip: Path = CLIP) -> Path:
    """The film as JPEG pictures one after the other, which Chromium plays as its webcam.

    Stills have a sensor's grain: pictures that are the same to the last bit are a broken camera's.
    """
    grain = np.random.default_rng(0)
    with film.open("wb") as sink:
        for frame in frames_of(shots, hz, clip):
            sink.write(_packed(_grainy(frame.image_rgb, grain)))
    return film


def _grainy(image_rgb: ImageRGB, grain: np.random.Generator) -> ImageRGB:
    """A copy that differs a little in one row of blocks, which is enough and costs nothing."""
    grainy: ImageRGB = np.array(image_rgb)
    grainy[:16] ^= grain.integers(0, 4, grainy[:16].shape, dtype=np.uint8)
    return grainy


def _pictures(clip: Path) -> list[tuple[float, bytes]]:
    """Packed, because a clip's pictures would fill half a gigabyte."""
    with VideoReader(clip) as video:
        return [(frame.time_s, _packed(frame.image_rgb)) for frame in video]


def _packed(image_rgb: ImageRGB) -> bytes:
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(image_rgb, cv2.COLOR_RGB2BGR))
    return jpeg.tobytes()


def _opened(jpeg: bytes) -> ImageRGB:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("a picture that was packed here can't be opened")
    return cast(ImageRGB, cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
