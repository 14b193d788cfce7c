"""Sessions as files that other programs read; `docs/exports.md` says what is in them."""

from sessions.exports.errors import ExportError
from sessions.exports.export import FORMATS, ExportFile, Format, export_session, files_of, stem_of
from sessions.exports.mp4 import ExportCancelled, annotated_mp4

__all__ = [
    "FORMATS",
    "ExportCancelled",
    "ExportError",
    "ExportFile",
    "Format",
    "annotated_mp4",
    "export_session",
    "files_of",
    "stem_of",
]
