"""One door to all exports: a stored session goes in, a file comes out."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from messages import ENGLISH
from routines.routine import Routine
from sessions.exports.boris import boris_project
from sessions.exports.captions import srt_of, vtt_of
from sessions.exports.columns import TABLES
from sessions.exports.rows import rows_of
from sessions.exports.session_json import session_json
from sessions.exports.sheets import csv_of, landmarks_parquet, parquet_of
from sessions.record import review_text
from sessions.store.values import LandmarkTrack, StoredSession
from sessions.wording import Words

Format = Literal["csv", "parquet", "json", "boris", "srt", "vtt"]
"""All but the annotated video, which takes its time (`annotated_mp4`)."""

FORMATS: Final[Sequence[Format]] = get_args(Format)

MIME: Final = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "boris": "application/json",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "zip": "application/zip",
}

_LONGEST_STEM: Final = 80
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say: the same session makes the same bytes."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that leaves the project."""

    name: str
    mime: str
    data: bytes


def export_session(
    session: StoredSession,
    landmarks: LandmarkTrack | None,
    routine: Routine,
    fmt: Format,
    *,
    language: str = ENGLISH,
) -> ExportFile:
    """The session as one file: a zip where the format has several (CSV, Parquet, JSON).

    `language` is that of captions and of comments in BORIS; columns and codes are the same in all.
    """
    files = files_of(session, landmarks, routine, fmt, language=language)
    if len(files) == 1:
        return files[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _NO_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.data, zipfile.ZIP_DEFLATED)
    return ExportFile(f"{stem_of(session)}.{fmt}.zip", MIME["zip"], packed.getvalue())


def files_of(
    session: StoredSession,
    landmarks: LandmarkTrack | None,
    routine: Routine,
    fmt: Format,
    *,
    language: str = ENGLISH,
) -> tuple[ExportFile, ...]:
    """The files of the format, none of them packed."""
    words = Words(language)
    named = words.routine(routine)
    stem = stem_of(session)
    match fmt:
        case "csv" | "parquet":
            return tuple(_tables(session, landmarks, routine, fmt))
        case "json":
            review = review_text(session.review).encode("utf-8")
            rest = session_json(session, routine)
            return (
                ExportFile(f"{stem}.review.json", MIME["json"], review),
                ExportFile(f"{stem}.session.json", MIME["json"], rest),
            )
        case "boris":
            data = boris_project(session, named, words)
        case "srt":
            data = srt_of(session, named, words)
        case "vtt":
            data = vtt_of(session, named, words)
    return (ExportFile(f"{stem}.{fmt}", MIME[fmt], data),)


def _tables(
    session: StoredSession,
    landmarks: LandmarkTrack | None,
    routine: Routine,
    fmt: Literal["csv", "parquet"],
) -> Iterator[ExportFile]:
    for table in TABLES:
        name = f"{table.name}.{fmt}"
        if table.name == "landmarks":
            if fmt == "parquet" and landmarks is not None:
                data = landmarks_parquet(session.line.id, landmarks)
                yield ExportFile(name, MIME[fmt], data)
            continue
        rows = rows_of(table.name, session, routine)
        written = csv_of(table, rows) if fmt == "csv" else parquet_of(table, rows)
        yield ExportFile(name, MIME[fmt], written)


def stem_of(session: StoredSession) -> str:
    """A file's name without ending that any system takes: of the session's name and its id."""
    named = session.line.name.rsplit(".", 1)[0] if session.line.kind == "recorded" else ""
    words = unicodedata.normalize("NFC", named or session.line.started.strftime("%Y-%m-%d"))
    plain = re.sub(r"[^\w-]+", "-", words).strip("-_")[:_LONGEST_STEM]
    return f"{plain or 'session'}-{re.sub(r'[^A-Za-z0-9]+', '', session.line.id)[:8]}"
