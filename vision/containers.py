"""What kind of file a recording is, told by its first bytes and never by its name.

FFmpeg guesses a format from the content, and among its formats are playlists that open other files:
a two-line text file called `x.mp4` would be read as the recording that it names. So the kind is
found here, and FFmpeg is given that one format and nothing else.
"""

import codecs
import struct
from pathlib import Path
from typing import BinaryIO, Final, Literal

from vision.errors import Sentence, VideoError

ContainerFormat = Literal["mov", "matroska", "avi"]
"""FFmpeg's names of the formats read here: MP4, MOV and 3GP; MKV and WebM; AVI."""

_HEAD_BYTES: Final = 4096

# First box of an ISO base media file; QuickTime files may lack `ftyp` and start with the others.
_ISO_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_PICTURE_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)


def _picture(form: str) -> Sentence:
    return Sentence("a {form} picture", key="kind.picture", form=form)


_SOUND: Final = Sentence("a sound file", key="kind.sound")
_OTHER_FILES: Final = (
    (b"\x89PNG\r\n\x1a\n", _picture("PNG")),
    (b"\xff\xd8\xff", _picture("JPEG")),
    (b"GIF8", _picture("GIF")),
    (b"II*\x00", _picture("TIFF")),
    (b"MM\x00*", _picture("TIFF")),
    (b"ID3", _SOUND),
    (b"fLaC", _SOUND),
    (b"%PDF-", Sentence("a PDF document", key="kind.pdf")),
    (b"PK\x03\x04", Sentence("an archive", key="kind.archive")),
)
_RIFF_KINDS: Final = {b"WEBP": _picture("WebP"), b"WAVE": _SOUND}


def open_file(path: Path) -> BinaryIO:
    """A file for reading, if it is one. Raises VideoError."""
    if path.is_dir():
        raise VideoError(
            "{path} is a folder, not a recording: name a video file inside it.",
            key="error.folder",
            path=path,
        )
    if not path.exists():
        raise VideoError(
            "There is no file {path}: check its name and folder.", key="error.no_file", path=path
        )
    if not path.is_file():
        raise VideoError(
            "{path} is not a regular file: name a recording that is stored on disk.",
            key="error.no_regular_file",
            path=path,
        )
    try:
        return path.open("rb")
    except OSError as error:
        raise VideoError(
            "{path} can't be opened ({reason}): check that you may read it.",
            key="error.not_opened",
            path=path,
            reason=error.strerror,
        ) from error


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
            "{file} is empty (0 bytes), so there is nothing to see in it: "
            "copy it again from the camera.",
            key="error.empty",
            file=path.name,
        )
    kind = _other_kind(head)
    if kind is None:
        raise VideoError(
            "{file} is not a recording of a kind that is read here: choose an MP4, MOV, MKV, WebM "
            "or AVI file.",
            key="error.unknown_kind",
            file=path.name,
        )
    raise VideoError(
        "{file} is {kind}, not a recording, whatever its name says: choose an MP4, MOV, MKV, WebM "
        "or AVI file.",
        key="error.other_kind",
        file=path.name,
        kind=kind,
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


def _other_kind(head: bytes) -> Sentence | None:
    for magic, kind in _OTHER_FILES:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF_KINDS.get(head[8:12])
    if _is_iso_picture(head):
        return Sentence("a HEIF or AVIF picture", key="kind.picture_box")
    return Sentence("a text file", key="kind.text") if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        # The last character may be cut by the end of what was read.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def avi_duration_s(file: BinaryIO) -> float | None:
    """Length of the first stream of moving pictures as an AVI's own header states it.

    FFmpeg takes the length of what is there instead, so that of a file that was cut off nothing
    would be missing. None where the header states none. Leaves the file at its start.
    """
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    at = head.find(b"vids", 8)
    fields = head[at + 20 : at + 36]
    if at < 0 or head[at - 8 : at - 4] != b"strh" or len(fields) < 16:
        return None
    scale, rate, _, length = struct.unpack("<IIII", fields)
    return length * scale / rate if rate and length else None


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
