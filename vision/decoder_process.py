"""Decodes one recording in a process that holds nothing, may open nothing, and may be lost.

`recording.py` starts it. It is given the open file, the memory in which it leaves pictures, and a
pipe each way; before FFmpeg sees a byte it gives up the right to open anything else.
"""

import contextlib
import math
import mmap
import os
import resource
import select
import threading
import time
from collections import deque
from typing import BinaryIO, Final

import av.subtitles.stream  # noqa: F401 - av imports it when it meets one, which is too late here
import cv2
import numpy as np

from vision.decoder_talk import (
    AHEAD,
    SLOTS,
    WANTED,
    Job,
    Picture,
    info_value,
    line,
    parsed,
    picture_line,
    sentence_value,
)
from vision.errors import VideoError
from vision.frames import Frame, VideoReader

BUSY_EVERY_S: Final = 0.5
"""A decoder that works through what is no picture says so that often."""

_LOOK_UP_S: Final = 0.5
_OPEN_DESCRIPTORS: Final = 3
_LOG_BYTES: Final = 65_536


def main() -> None:
    """Read the job from standard input, and do it."""
    orders = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115 - a descriptor
    job = _job(orders.readline())
    # What libraries might print must not come between the lines.
    answers = os.dup(1)
    os.dup2(2, 1)
    threading.Thread(target=_follow, args=(job.parent,), daemon=True).start()
    with open(job.file, "rb") as file:  # noqa: PTH123 - a descriptor
        ring = mmap.mmap(job.ring, SLOTS * job.slot_bytes)
        os.close(job.ring)
        _give_up_rights(job)
        _Decoder(job, file, ring, orders, answers).run()


def _job(text: bytes) -> Job:
    kind, value = parsed(text)
    if kind != "info":
        raise ValueError("a decoder is told its job first")
    return Job(**value)


def _follow(parent: int) -> None:
    """End with the process that started this one, however that ends."""
    while os.getppid() == parent:
        time.sleep(_LOOK_UP_S)
    os._exit(1)


def _give_up_rights(job: Job) -> None:
    cv2.setNumThreads(1)
    limits = {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": _LOG_BYTES,
        # Lower than any descriptor that is free: no file, no connection, no pipe.
        "RLIMIT_NOFILE": _OPEN_DESCRIPTORS,
        "RLIMIT_AS": job.memory_bytes,
    }
    for name, most in limits.items():
        # Not every system knows or holds every limit.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


class _Decoder:
    """Puts picture after picture into slots that are free, until there are no more."""

    def __init__(
        self, job: Job, file: BinaryIO, ring: mmap.mmap, orders: BinaryIO, answers: int
    ) -> None:
        self._job = job
        self._file = file
        self._ring = np.frombuffer(ring, np.uint8).reshape(SLOTS, job.slot_bytes)
        self._orders = orders
        self._answers = answers
        self._free = list(range(SLOTS))
        self._wanted = deque[bool]()
        """Answers that were not needed yet."""
        self._said_s = self._renewed_s = 0.0

    def run(self) -> None:
        try:
            with self._reader() as reader:
                self._say(line("info", info_value(reader.info)))
                for frame in reader:
                    self._hand_over(frame, reader.read_s)
                self._say(line("end", reader.read_s))
        except VideoError as error:
            self._say(line("refused", sentence_value(error.sentence)))
        except MemoryError:
            self._say(line("failed", "memory"))

    def _reader(self) -> VideoReader:
        job = self._job
        return VideoReader(
            job.name,
            job.max_side,
            start_s=job.start_s,
            file=self._file,
            on_packet=self._at_work,
            chooser=self if job.asks else None,
            ahead=AHEAD,
        )

    def ask(self, time_s: float, read_s: float) -> None:
        """As of `vision.frames.Chooser`."""
        self._say(line("asks", (time_s, read_s)))

    def answered(self) -> bool:
        """As of `vision.frames.Chooser`."""
        while not self._wanted and select.select([self._orders], [], [], 0)[0]:
            self._hear()
        return bool(self._wanted)

    def answer(self) -> bool:
        """As of `vision.frames.Chooser`."""
        while not self._wanted:
            self._hear()
        return self._wanted.popleft()

    def lose(self) -> None:
        """As of `vision.frames.Chooser`."""
        self._say(line("lost", None))

    def _hand_over(self, frame: Frame, read_s: float) -> None:
        while not self._free:
            self._hear()
        slot = self._free.pop()
        height, width = frame.image_rgb.shape[:2]
        place = self._ring[slot, : height * width * 3].reshape(height, width, 3)
        np.copyto(place, frame.image_rgb)
        read_bytes = self._file.tell()
        picture = Picture(slot, frame.time_s, (height, width), frame.full_size, read_s, read_bytes)
        self._say(picture_line(picture))

    def _hear(self) -> None:
        """Take the next order: a slot is free again, or an answer."""
        order = self._orders.read(1)
        if not order:  # Nobody is there to take the next one.
            os._exit(0)
        if order[0] < SLOTS:
            self._free.append(order[0])
        else:
            self._wanted.append(order == WANTED)

    def _at_work(self) -> None:
        now_s = time.monotonic()
        if now_s - self._renewed_s > BUSY_EVERY_S:
            self._renewed_s = now_s
            _allow_cpu(self._job.hang_s)
        if now_s - self._said_s > BUSY_EVERY_S:
            self._say(line("busy"))

    def _say(self, words: bytes) -> None:
        self._said_s = time.monotonic()
        try:
            while words:
                words = words[os.write(self._answers, words) :]
        except BrokenPipeError:
            os._exit(0)


def _allow_cpu(more_s: float) -> None:
    """So long this process may compute on before it asks again; a decoder that loops ends then."""
    used_s = time.process_time()
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = math.ceil(used_s + more_s * (os.cpu_count() or 1))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
