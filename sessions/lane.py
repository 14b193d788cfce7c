"""Looks for hands through a recording, or from some time of it on."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sessions.hand_watch import HandWatch, Looked
from sessions.looks import Noted, Notes
from sessions.pace import Pace
from sessions.workplaces import Workplaces
from vision.back_frame import BackFrame
from vision.frames import Frame, LeftOut, VideoInfo
from vision.recording import RecordingReader, open_recording
from vision.tracker import Detector

AT_ONCE: Final = 2
"""Lanes that look at a time. More cores would ask for more; each takes some 150 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """What is kept of one frame until its turn comes."""

    noted: Noted
    looked: Looked | None
    """None where the frame was left out."""
    read_s: float
    """Media time that its reader had read then, without what the decoder refused."""

    @property
    def time_s(self) -> float:
        """Of the frame."""
        return self.noted.time_s


@dataclass(frozen=True, slots=True)
class End:
    """The recording's end was reached, or the end of what can be read of it."""

    info: VideoInfo
    read_s: float
    readable_share: float
    """As its own reader has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """How hands are looked for in a recording."""

    back_frame: BackFrame | None
    """None where nobody knows where the back is."""
    notes: Callable[[], Notes]
    pace: Callable[[], Pace]
    asking: bool
    """Whether that leaves frames out: then their pictures are not made."""


class LaneOpener:
    """Opens lanes of one recording: each has its reader, its tracker, and a place to work at."""

    def __init__(
        self, path: Path, reader: RecordingReader, places: Workplaces, manner: Manner
    ) -> None:
        """`reader`, open and not read yet, is the first lane's, which leaves it at its end."""
        self._path = path
        self._reader = reader
        self._places = places
        self._manner = manner
        self._first: Future[Frame] = Future()

    @contextmanager
    def __call__(self, start_s: float) -> Iterator[Iterator[Glance | End]]:
        """What is seen from that time on; one lane begins at 0, in which the others trust.

        Raises as reading does, and HandModelError.
        """
        with ExitStack() as held:
            if begins := start_s == 0:
                held.callback(self._first.cancel)
                # Its decoder ends with the lane, though the reader is held longer.
                held.push(self._reader)
            reader = self._reader if begins else self._opened(held, start_s)
            # After its decoder was started, which would have to share the core.
            detector = held.enter_context(self._places.taken())
            yield self._glances(reader, detector, begins=begins)

    def _opened(self, held: ExitStack, start_s: float) -> RecordingReader:
        return held.enter_context(
            open_recording(self._path, start_s=start_s, lent=True, asking=self._manner.asking)
        )

    def _glances(
        self, reader: RecordingReader, detector: Detector, *, begins: bool
    ) -> Iterator[Glance | End]:
        manner, notes, pace = self._manner, self._manner.notes(), self._manner.pace()
        full_size = (reader.info.width, reader.info.height)
        frames = reader.chosen(pace.looks_at)
        first = None if begins else self._first.result()
        watch = HandWatch(detector, manner.back_frame, on_found=pace.report, first=first)
        for frame in self._kept_first(frames) if begins else frames:
            if isinstance(frame, LeftOut):
                yield Glance(Noted(frame.time_s, full_size), None, reader.read_s)
            else:
                looked = watch.look(frame)
                yield Glance(notes.of(frame), looked, reader.read_s)
        yield End(reader.info, reader.read_s, reader.readable_share)

    def _kept_first(self, frames: Iterator[Frame | LeftOut]) -> Iterator[Frame | LeftOut]:
        for frame in frames:
            if isinstance(frame, Frame) and not self._first.done():
                self._first.set_result(replace(frame, image_rgb=frame.image_rgb.copy()))
            yield frame
