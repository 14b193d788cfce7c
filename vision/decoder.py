"""Starts a decoding process, hears what it says, and ends it; `recording.py` makes frames of it."""

import fcntl
import json
import mmap
import os
import select
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Literal, Self, cast

import numpy as np

from vision.arrays import ImageRGB
from vision.decoder_talk import (
    LEFT_OUT,
    LINE_BYTES,
    SLOTS,
    WANTED,
    Job,
    Kind,
    Picture,
    line,
    parsed,
)

_ROOT: Final = str(Path(__file__).resolve().parent.parent)
_START: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from vision.decoder_process import main; main()"
)
_KEPT_SETTINGS: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SETTINGS: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    # A picture's memory is kept for the next one: giving it back and asking anew costs as much as
    # decoding it.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 1024**2),
}

Why = Literal["broken", "hung", "memory"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a decoder may take."""

    hang_s: float = 8.0
    """Without a sign of life; half a second is usual at most."""
    pictureless_s: float = 30.0
    """At work without a single picture, as in a long stretch that can't be read."""
    memory_bytes: int = 3 * 1024**3
    """Address space: what 8K takes in a codec that looks back at sixteen pictures."""


class DecoderLost(Exception):  # noqa: N818 - what became of it, for `recording.py` to tell
    """The decoding process is of no more use."""

    def __init__(self, why: Why, note: str = "") -> None:
        super().__init__(note or why)
        self.why: Why = why


class Decoder:
    """A process that decodes the open `file`; it ends with the block, and with this process.

    Entering raises OSError where no process can be started.
    """

    def __init__(
        self,
        file: BinaryIO,
        name: str,
        max_side: int,
        start_s: float,
        limits: Limits,
        *,
        asks: bool = False,
    ) -> None:
        """One that `asks` makes pictures only of frames that are wanted."""
        self._limits = limits
        self._job = Job(
            name=name,
            max_side=max_side,
            start_s=start_s,
            file=file.fileno(),
            parent=os.getpid(),
            memory_bytes=limits.memory_bytes,
            hang_s=limits.hang_s,
            asks=asks,
        )
        self._stack = ExitStack()
        self._heard = b""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            size = SLOTS * self._job.slot_bytes
            ring = stack.enter_context(_shared_memory(size))
            self._log = stack.enter_context(tempfile.TemporaryFile())
            self._process = self._started(ring)
            stack.callback(self._end)
            self._ring = mmap.mmap(ring.fileno(), size, prot=mmap.PROT_READ)
            self._answers = select.poll()
            self._answers.register(_pipe(self._process.stdout), select.POLLIN)
            self._order(line("info", asdict(self._job) | {"ring": ring.fileno()}))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def hear(self) -> tuple[Kind, Any]:
        """What it says next, not checked. Raises DecoderLost, and ValueError for nonsense."""
        until_s = time.monotonic() + self._limits.pictureless_s
        while time.monotonic() < until_s:
            kind, value = parsed(self._line())
            if kind == "failed":
                raise DecoderLost("memory" if value == "memory" else "broken")
            if kind != "busy":
                return kind, value
        raise DecoderLost("hung", "at work without a picture")

    def look_at(self, picture: Picture) -> ImageRGB:
        """A picture where it lies, read-only; it changes once its slot is given back."""
        height, width = picture.shape
        start = picture.slot * self._job.slot_bytes
        flat = np.frombuffer(self._ring, np.uint8, height * width * 3, start)
        return flat.reshape(height, width, 3)

    def give_back(self, picture: Picture) -> None:
        """Let the decoder put another picture in its slot."""
        self._order(bytes([picture.slot]))

    def answer(self, *, wanted: bool) -> None:
        """Whether to make the picture that it asked about."""
        self._order(WANTED if wanted else LEFT_OUT)

    def _started(self, ring: BinaryIO) -> "subprocess.Popen[bytes]":
        path = [_ROOT, *(folder for folder in sys.path if folder not in ("", _ROOT))]
        kept = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=0,
            env=kept | _SETTINGS,
            pass_fds=(self._job.file, ring.fileno()),
            # What the terminal sends, such as Ctrl-C, is for this process alone.
            start_new_session=True,
        )

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()
        if ring := getattr(self, "_ring", None):
            # Who still looks at a picture keeps the memory, for as long as that lasts.
            with suppress(BufferError):
                ring.close()

    def _order(self, words: bytes) -> None:
        # That it is gone comes out when it is listened to.
        with suppress(BrokenPipeError):
            _pipe(self._process.stdin).write(words)

    def _line(self) -> bytes:
        while b"\n" not in self._heard:
            if len(self._heard) > LINE_BYTES:
                raise ValueError("a decoder's line without an end")
            if not self._answers.poll(self._limits.hang_s * 1000):
                raise DecoderLost("hung")
            words = _pipe(self._process.stdout).read(LINE_BYTES)
            if not words:
                raise self._gone()
            self._heard += words
        first, _, self._heard = self._heard.partition(b"\n")
        return first

    def _gone(self) -> DecoderLost:
        code = self._process.wait()
        self._log.seek(0)
        last = self._log.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        why: Why = "memory" if last.startswith("MemoryError") else "broken"
        return DecoderLost(why, f"ended with {code}: {last}")


def _shared_memory(size: int) -> BinaryIO:
    """A nameless file in memory, of which nothing can be left behind."""
    if not hasattr(os, "memfd_create"):  # on disk where the system has none
        file = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115 - the caller's
        file.truncate(size)
        return file
    file = os.fdopen(os.memfd_create("pictures", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "r+b", 0)
    file.truncate(size)
    # A decoder that made it smaller would end the process that looks into it.
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return file


def _pipe(end: Any) -> BinaryIO:
    return cast(BinaryIO, end)
