"""What kind of file a recording is, told by its first bytes and never by its name.

FFmpeg guesses a format from the content, and among its formats are playlists that open other files:
a two-line text file called `x.mp4` would be read as the recording that it names. So the kind is
found here, and FFmpeg is given that one format and nothing else.
"""

import codecs
from pathlib import Path
from typing import BinaryIO, Final, Literal

from vision.errors import VideoError

ContainerFormat = Literal["mov", "matroska", "avi"]
"""FFmpeg's names of the formats read here: MP4, MOV and 3GP; MKV and WebM; AVI."""

VIDEO_CODECS: Final = frozenset(
    {
        "av1",
        "h263",
        "h264",
        "hevc",
        "mjpeg",
        "mpeg2video",
        "mpeg4",
        "prores",
        "vp8",
        "vp9",
    }
)
"""What phones, cameras, webcams and browsers record; other decoders are not let near a file."""

_KINDS: Final = "an MP4, MOV, MKV, WebM or AVI file"
_HEAD_BYTES: Final = 4096

# First box of an ISO base media file; QuickTime files may lack `ftyp` and start with the others.
_ISO_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_PICTURE_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
_OTHER_FILES: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"ID3", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an archive"),
)
_RIFF_KINDS: Final = {b"WEBP": "a WebP picture", b"WAVE": "a sound file"}


def sniff_container(file: BinaryIO, path: Path) -> ContainerFormat:
    """The format of the open `file`, from its first bytes; leaves the file at its start.

    Raises VideoError when it is empty, or anything but a recording of a known kind.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    found = _container_format(head)
    if found is not None:
        return found
    if not head:
        raise VideoError(
            f"{path.name} is empty (0 bytes), so there is nothing to see in it: "
            "copy it again from the camera."
        )
    kind = _other_kind(head)
    raise VideoError(
        f"{path.name} is {kind}, not a recording, whatever its name says: choose {_KINDS}."
        if kind
        else f"{path.name} is not a recording of a kind that is read here: choose {_KINDS}."
    )


def _container_format(head: bytes) -> ContainerFormat | None:
    if head[:4] == b"\x1aE\xdf\xa3":
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"AVIX"):
        return "avi"
    if head[4:8] in _ISO_BOXES and not _is_iso_picture(head):
        return "mov"
    return None


def _is_iso_picture(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS


def _other_kind(head: bytes) -> str | None:
    for magic, kind in _OTHER_FILES:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF_KINDS.get(head[8:12])
    if _is_iso_picture(head):
        return "a HEIF or AVIF picture"
    return "a text file" if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        # The last character may be cut by the end of what was read.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def has_iso_index(file: BinaryIO) -> bool:
    """Whether an ISO base media file has a whole `moov` box, without which nothing can be found.

    Phones write it last, so a recording or a copy that broke off lacks it. Leaves the file at its
    start.
    """
    end = file.seek(0, 2)
    position = 0
    found = False
    while position + 8 <= end and not found:
        file.seek(position)
        header = file.read(16)
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        if size < 8:  # 0: this box reaches to the end of the file; else broken
            break
        position += size
        found = header[4:8] == b"moov" and position <= end
    file.seek(0)
    return found
