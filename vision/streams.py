"""Containers and streams as FFmpeg opens them, held to what recordings need and nothing more."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from vision.containers import ContainerFormat, has_iso_index
from vision.errors import VideoError

VIDEO_CODECS: Final = frozenset({"av1", "h264", "hevc", "mjpeg", "mpeg4", "vp8", "vp9"})
"""What phones (H.264, HEVC, AV1; MPEG-4 part 2 in older ones), browsers (VP8, VP9, H.264, AV1),
webcams and cameras (MJPEG, H.264) record. FFmpeg's other decoders, hundreds of them and some hardly
ever used, are where its flaws lie; no file gets to them."""

# The decoders of these codecs by FFmpeg's names: AV1 is read by dav1d.
_DECODERS: Final = ",".join(sorted(VIDEO_CODECS | {"libdav1d"}))

# Each decoding thread holds a picture or two of its own, so many cores would cost much memory.
_MAX_DECODER_THREADS: Final = 4


def open_container(file: BinaryIO, kind: ContainerFormat, path: Path) -> InputContainer:
    """The open `file` as a container of that kind. Raises VideoError."""
    # FFmpeg gets the open file and the one format, and may open nothing by itself: no playlist,
    # no address, no other file that a QuickTime track refers to. It looks into every stream of a
    # file before anybody asks for one; that too with no other decoders.
    options = {
        "format_whitelist": kind,
        "protocol_whitelist": "none",
        "codec_whitelist": _DECODERS,
        "enable_drefs": "0",
    }
    try:
        return av.open(file, "r", format=kind, container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        if kind == "mov" and not has_iso_index(file):
            raise VideoError(
                "{file} can't be read because it was cut off before its index was written: "
                "copy it again from the camera or record anew.",
                key="error.cut_off",
                file=path.name,
            ) from error
        raise VideoError(
            "{file} is damaged and can't be read from its beginning: "
            "copy it again from the camera or record anew.",
            key="error.damaged",
            file=path.name,
        ) from error


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The moving picture in it, ready to be decoded. Raises VideoError."""
    attached = av.stream.Disposition.attached_pic  # the cover picture of a piece of music
    streams = [s for s in container.streams.video if not s.disposition & attached]
    if not streams:
        raise VideoError(
            "{file} holds no moving picture, only sound or data: "
            "choose a recording made with a camera.",
            key="error.no_moving_picture",
            file=path.name,
        )
    stream = streams[0]
    codec = getattr(stream.codec_context, "codec", None)
    name = codec.canonical_name if codec else "unknown"
    if name not in VIDEO_CODECS:
        raise VideoError(
            "{file} is coded in a way that is not read here ({codec}): "
            "convert it to an MP4 with H.264.",
            key="error.unknown_codec",
            file=path.name,
            codec=name,
        )
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = min(_MAX_DECODER_THREADS, os.cpu_count() or 1)
    return stream


def packets_of(
    container: InputContainer, stream: VideoStream
) -> "Iterator[Packet[VideoStream] | None]":
    """All that is readable of a stream; None at its end, for the pictures the decoder still has."""
    # A file that breaks off, or a disk that fails, ends the recording there.
    with suppress(av.FFmpegError, OSError):
        yield from container.demux(stream)
    yield None


def stated_duration_s(
    container: InputContainer, stream: VideoStream, start_s: float
) -> float | None:
    """From `start_s` to the end that the file states; None where it states none."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # Matroska states the time at which it ends, for the stream as a tag or for the whole file.
    end_s = _clock_s(stream.metadata.get("DURATION", ""))
    if end_s is None and container.duration:
        end_s = container.duration / av.time_base
    return None if end_s is None or end_s <= start_s else end_s - start_s


def _clock_s(text: str) -> float | None:
    """Seconds of `HH:MM:SS.fraction`; None for anything else."""
    try:
        hours, minutes, seconds = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None


def fps_hint(stream: VideoStream) -> float | None:
    """Mean frame rate as stated."""
    rate = stream.average_rate or stream.guessed_rate
    return float(rate) if rate else None
