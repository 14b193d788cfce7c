"""Pictures from the browser, and drawn ones back to it: the newest wins, at most one waits.

streamlit-webrtc's own way holds a drawn picture back until the next one arrives, sends the last one
again for every picture that it left out, and reads the camera no faster than it sends. Here the
camera is read as fast as it sends; while a picture is being worked on, only the newest one waits,
and a drawn picture leaves at once. A slow machine shows fewer pictures, and none that is old.

Everything but `Stream` runs in the event loop of Streamlit's server; `Stream` is called in one
thread of its own.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol, cast

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

SILENT_S: Final = 2.5
"""A camera that sends nothing for so long is gone, for now: it was unplugged, it hangs, or its page
is closed. With the page's own look it is said within 3 s."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A picture that the camera sent."""

    picture: av.VideoFrame
    at_s: float
    """Monotonic clock."""
    dropped: int = 0
    """Pictures that were left out for this one."""


class Stream(Protocol):
    """What becomes of one connection's pictures. Called in one thread, never in two at once."""

    def show(self, arrival: Arrival) -> av.VideoFrame:
        """The picture to send back."""

    def silent(self) -> None:
        """No picture has come for `SILENT_S`; more may come."""

    def ended(self) -> None:
        """No picture will come any more."""


class Newest:
    """The one picture that waits. `take` gives None when there will be no more."""

    def __init__(self) -> None:
        self._waiting: Arrival | None = None
        self._changed = asyncio.Event()
        self._over = False

    def put(self, picture: av.VideoFrame) -> None:
        """Let this picture wait in the place of the one that waited."""
        dropped = 0 if self._waiting is None else self._waiting.dropped + 1
        self._waiting = Arrival(picture, time.monotonic(), dropped)
        self._changed.set()

    def end(self) -> None:
        """Say that no more will come."""
        self._over = True
        self._changed.set()

    async def take(self) -> Arrival | None:
        """The newest picture, as soon as there is one that was not taken yet."""
        await self._changed.wait()
        self._changed.clear()
        arrival, self._waiting = self._waiting, None
        return None if self._over else arrival


class DrawnTrack(MediaStreamTrack):
    """The drawn pictures, as the browser asks for them."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._newest = Newest()

    def give(self, picture: av.VideoFrame) -> None:
        """Send this picture next."""
        self._newest.put(picture)

    def finish(self) -> None:
        """Send nothing any more."""
        self.stop()
        self._newest.end()

    async def recv(self) -> av.VideoFrame:
        """The next picture; raises MediaStreamError after the last."""
        arrival = await self._newest.take() if self.readyState == "live" else None
        if arrival is None:
            raise MediaStreamError
        return arrival.picture


class CameraWires:
    """Joins one connection's two tracks; a `MediaSink` to streamlit-webrtc.

    The stream is opened when the connection begins, so wires that are never used cost nothing.
    """

    def __init__(self, open_stream: Callable[[], Stream]) -> None:
        self._open_stream = open_stream
        self.drawn = DrawnTrack()
        self._track: MediaStreamTrack | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def addTrack(self, track: MediaStreamTrack) -> None:  # noqa: N802 - the protocol's name
        """Take the pictures of this track."""
        self._track = track

    def hasTrack(self) -> bool:  # noqa: N802 - the protocol's name
        """True once there is something to read."""
        return self._track is not None

    def start(self) -> None:
        """Begin; called in the event loop."""
        if self._track is not None:
            self._loop = asyncio.get_running_loop()
            self._task = self._loop.create_task(self._run(self._track))

    def stop(self) -> None:
        """End; may be called in any thread, and twice."""
        if self._loop is not None and self._task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)

    async def _run(self, track: MediaStreamTrack) -> None:
        stream, newest = self._open_stream(), Newest()
        thread = ThreadPoolExecutor(1, thread_name_prefix="camera")
        loop = asyncio.get_running_loop()
        reader = loop.create_task(_read(track, newest, lambda: thread.submit(stream.silent)))
        try:
            while (arrival := await newest.take()) is not None:
                self.drawn.give(await loop.run_in_executor(thread, stream.show, arrival))
        finally:
            reader.cancel()
            self.drawn.finish()
            thread.submit(stream.ended)
            thread.shutdown(wait=False)


async def _read(track: MediaStreamTrack, newest: Newest, on_silence: Callable[[], object]) -> None:
    """Reads a track to its end, as fast as it gives."""
    try:
        while True:
            newest.put(await _next(track, on_silence))
    except MediaStreamError:
        newest.end()


async def _next(track: MediaStreamTrack, on_silence: Callable[[], object]) -> av.VideoFrame:
    coming = asyncio.ensure_future(track.recv())
    try:
        done, _ = await asyncio.wait({coming}, timeout=SILENT_S)
        if not done:
            on_silence()
        return cast(av.VideoFrame, await coming)
    finally:
        coming.cancel()
