"""Frames of a user's recording, decoded in a process that may crash, hang or be killed unharmed."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from vision.containers import open_file, sniff_container
from vision.decoder import Decoder, DecoderLost, Limits, Why
from vision.decoder_talk import (
    AHEAD,
    Picture,
    checked_info,
    checked_picture,
    checked_question,
    checked_seconds,
    checked_sentence,
)
from vision.errors import Sentence, VideoError
from vision.frames import MAX_SIDE_PX, Frame, LeftOut, VideoInfo

LIMITS: Final = Limits()


def open_recording(
    path: Path | str,
    max_side: int = MAX_SIDE_PX,
    *,
    start_s: float = 0.0,
    limits: Limits = LIMITS,
    lent: bool = False,
    asking: bool = False,
) -> "RecordingReader":
    """A reader of a recording that anybody may have made.

        with open_recording(path) as video:
            for frame in video:
                ...

    It gives the frames of a `VideoReader`, decoded a few ahead in a process of its own. That
    process may open nothing, neither files nor connections, and ends with the block or with this
    process. Where it breaks down or goes over the `limits`, the recording ends there:
    `readable_share` says how much there was, and `trouble` says in a sentence why. Before the first
    frame that sentence is a VideoError.

    Pictures that are `lent` are read-only, and true until the next frame is asked for: that saves
    copying them. With `asking`, pictures that are not chosen are not even made (see
    `RecordingReader.chosen`), and those that are come a little later.
    """
    if max_side < 1:
        raise ValueError(f"max_side must be at least 1 px, not {max_side}")
    return RecordingReader(Path(path), max_side, start_s, limits, lent=lent, asking=asking)


def frame_at(path: Path | str, time_s: float, max_side: int = MAX_SIDE_PX) -> Frame:
    """The first frame of a user's recording at or after `time_s`, or the last one.

    Raises VideoError.
    """
    with open_recording(path, max_side, start_s=time_s) as video:
        return next(iter(video))


class RecordingReader:
    """What `open_recording` gives; of the same use as a `VideoReader`."""

    def __init__(
        self,
        path: Path,
        max_side: int,
        start_s: float,
        limits: Limits,
        *,
        lent: bool = False,
        asking: bool = False,
    ) -> None:
        self.path = path
        self.frames_read = 0
        self.trouble: Sentence | None = None
        """Why decoding ended too early; None as long as it goes well."""
        self._max_side = max_side
        self._start_s = start_s
        self._limits = limits
        self._lent = lent
        self._asking = asking
        self._choose: Callable[[float], bool] = _all
        self._stack = ExitStack()
        self._read_s = 0.0
        self._read_bytes = 0
        self._info: VideoInfo | None = None
        self._frames: Generator[Frame | LeftOut, None, None] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            file = stack.enter_context(open_file(self.path))
            sniff_container(file, self.path)
            self._size_bytes = os.fstat(file.fileno()).st_size
            decoder = self._started(stack, file)
            self._info = self._first_word(decoder)
            self._frames = self._pictures(decoder)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._frames is not None:
            self._frames.close()
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        """The frames that were not read yet; none before entering or after leaving."""
        return cast(Iterator[Frame], self.chosen(_all))

    def chosen(self, choose: Callable[[float], bool]) -> Iterator[Frame | LeftOut]:
        """The same, but only the pictures of those whose times are chosen; `choose` is asked for
        each, in order."""
        self._choose = choose
        return iter(()) if self._frames is None else self._frames

    @property
    def info(self) -> VideoInfo:
        """What the recording says of itself; known once entered."""
        if self._info is None:
            raise RuntimeError("a recording has no info before it is entered")
        return self._info

    @property
    def read_s(self) -> float:
        """Media time that was read so far, without what the decoder refused."""
        return self._read_s

    @property
    def readable_share(self) -> float:
        """Share of the stated duration that was read so far, 0 to 1.

        As of a `VideoReader`; where decoding broke down and no duration is stated, the share of the
        file.
        """
        if self.trouble is not None and not self.info.duration_s:
            return min(1.0, self._read_bytes / max(1, self._size_bytes))
        return self.info.share_of(self._read_s)

    def _started(self, stack: ExitStack, file: BinaryIO) -> Decoder:
        decoder = Decoder(
            file, self.path.name, self._max_side, self._start_s, self._limits, asks=self._asking
        )
        try:
            return stack.enter_context(decoder)
        except OSError as error:
            raise VideoError(
                "The decoder for {file} could not be started ({reason}): close other programs, and "
                "try again.",
                key="error.decoder_not_started",
                file=self.path.name,
                reason=error.strerror,
            ) from error

    def _first_word(self, decoder: Decoder) -> VideoInfo:
        try:
            kind, value = decoder.hear()
            if kind == "refused":
                raise VideoError(checked_sentence(value))
            return checked_info(value, self.path.name)
        except ValueError as error:
            raise self._lost("broken") from error
        except DecoderLost as lost:
            raise self._lost(lost.why) from lost

    def _pictures(self, decoder: Decoder) -> Generator[Frame | LeftOut, None, None]:
        try:
            yield from self._heard(decoder)
        except (DecoderLost, ValueError) as error:
            trouble = self._lost(error.why if isinstance(error, DecoderLost) else "broken")
            if self.frames_read == 0:
                raise trouble from error
            self.trouble = trouble.sentence

    def _heard(self, decoder: Decoder) -> Generator[Frame | LeftOut, None, None]:
        questions = deque[tuple[float, float]]()
        coming = False
        while True:
            while questions and not coming:
                time_s, read_s = questions.popleft()
                coming = self._choose(time_s)
                decoder.answer(wanted=coming)
                if not coming:
                    self.frames_read, self._read_s = self.frames_read + 1, read_s
                    yield LeftOut(time_s)
            kind, value = decoder.hear()
            match kind:
                case "asks" if len(questions) < AHEAD:
                    questions.append(checked_question(value))
                case "picture":
                    coming, picture = False, checked_picture(value, self._max_side)
                    index, self.frames_read = self.frames_read, self.frames_read + 1
                    self._read_s, self._read_bytes = picture.read_s, picture.read_bytes
                    yield from self._handed_on(decoder, picture, index)
                case "lost" if coming:
                    coming = False
                case "refused":
                    raise VideoError(checked_sentence(value))
                case "end" if self.frames_read:
                    self._read_s = checked_seconds(value)
                    return
                case _:
                    raise ValueError(f"a decoder says {kind!r} out of turn")

    def _handed_on(
        self, decoder: Decoder, picture: Picture, index: int
    ) -> Iterator[Frame | LeftOut]:
        image_rgb = decoder.look_at(picture)
        if not self._asking and not self._choose(picture.time_s):
            decoder.give_back(picture)
            yield LeftOut(picture.time_s)
        elif self._lent:
            yield Frame(index, picture.time_s, image_rgb, picture.full_size)
            decoder.give_back(picture)
        else:
            own_rgb = image_rgb.copy()
            decoder.give_back(picture)
            yield Frame(index, picture.time_s, own_rgb, picture.full_size)

    def _lost(self, why: Why) -> VideoError:
        return _TROUBLES[why](self.path.name, self._limits)


def _all(_time_s: float) -> bool:
    return True


def _broken(file: str, _limits: Limits) -> VideoError:
    return VideoError(
        "The decoder broke down over {file}, so it is damaged or made in an unusual way: copy it "
        "again from the camera, or convert it to an MP4 with H.264.",
        key="error.decoder_broke",
        file=file,
    )


def _hung(file: str, _limits: Limits) -> VideoError:
    return VideoError(
        "The decoder got stuck over {file}, so it is damaged or made in an unusual way: copy it "
        "again from the camera, or convert it to an MP4 with H.264.",
        key="error.decoder_stuck",
        file=file,
    )


def _too_large(file: str, limits: Limits) -> VideoError:
    return VideoError(
        "{file} takes more memory to decode than the {gb:.0f} GB that are allowed: convert it to "
        "an MP4 with H.264 of 4K or less.",
        key="error.decoder_memory",
        file=file,
        gb=limits.memory_bytes / 1024**3,
    )


_TROUBLES: Final = {"broken": _broken, "hung": _hung, "memory": _too_large}
