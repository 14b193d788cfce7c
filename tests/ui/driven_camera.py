"""A webcam that shows what a story tells it to, when the session has come so far.

A film that plays by itself runs ahead of a busy machine; this one waits for the page.
"""

import io
import json
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Page, Route

from tests.films import Shot
from vision.arrays import ImageRGB
from vision.frames import VideoReader

_SCRIPT: Final = Path(__file__).with_name("driven_camera.js")


class Film:
    """A clip's pictures, packed, for a page whose webcam is driven from here."""

    def __init__(self, clip: Path) -> None:
        with VideoReader(clip) as video:
            frames = [(frame.time_s, _packed(frame.image_rgb)) for frame in video]
        self._pictures = [jpeg for _, jpeg in frames]
        self.hertz = round((len(frames) - 1) / (frames[-1][0] - frames[0][0]))

    @property
    def script(self) -> str:
        """What makes the page's webcam show the film."""
        source = _SCRIPT.read_text("utf-8").replace("__HZ__", str(self.hertz))
        return source.replace("__LENGTHS__", json.dumps([len(jpeg) for jpeg in self._pictures]))

    def lend_to(self, page: Page) -> None:
        """Answer the page's question for the film."""
        page.route("**/__film__", self._give)

    def _give(self, route: Route) -> None:
        route.fulfill(body=b"".join(self._pictures), content_type="application/octet-stream")

    def show(
        self,
        page: Page,
        start_s: float,
        end_s: float,
        *,
        turns: bool = False,
        slower: float = 1.0,
    ) -> None:
        """Play a stretch once, and stay at its last picture; or to and fro."""
        wanted = {
            "from": round(start_s * self.hertz),
            "to": round(end_s * self.hertz),
            "turns": turns,
            "slower": slower,
        }
        page.evaluate("wanted => { window.film = { ...wanted, since: Date.now() }; }", wanted)

    def hold(self, page: Page, at_s: float) -> None:
        """Show one picture."""
        self.show(page, at_s, at_s)

    def break_down(self, page: Page, how: Literal["freezes", "repeats", "blocks"]) -> None:
        """The camera hangs from here on: at one picture, at a few over and over, or without any."""
        page.evaluate("how => { window.film.broken = how; }", how)

    def come_back(self, page: Page) -> None:
        """The camera works again, as if nothing had been."""
        page.evaluate("() => { delete window.film.broken; }")

    def play(self, page: Page, shot: Shot, slower: float = 1.0) -> None:
        """Play a piece of the clip once."""
        self.show(page, shot.start_s, shot.end_s, slower=slower)


def _packed(image_rgb: ImageRGB) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(image_rgb).save(packed, "jpeg", quality=92)
    return packed.getvalue()
