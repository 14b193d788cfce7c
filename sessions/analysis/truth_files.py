"""An instructor's word on a session as a truth file, for `tstroke accuracy` to score the engine on.

It holds times, phases, faults and the count as corrected, and no hands: nobody drew them. What the
machine could not see and nobody spoke of is `unjudged`, and either answer on it is right. A rep
that was missed has no phases, because nobody set any.
"""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from routines.coaching import IMPORTANCE
from routines.reps import Hand, Rep, Span
from routines.routine import Routine
from sessions.analysis.instructors import Looked, RepWord, looked, taught
from sessions.files import plain_name
from sessions.matching import Timed
from sessions.store.values import Correction, StoredSession, Verdict
from sessions.truth import SCHEMA
from vision.errors import CoachError

DEFAULT_FPS: Final = 30.0
"""Of a session of no frame at all."""

_DIGITS: Final = 3

_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""


class NotLookedAtError(CoachError):
    """A session that no instructor has looked at has no truth to tell."""


@dataclass(frozen=True, slots=True)
class TruthFile:
    """A file to put beside the recording that it belongs to."""

    name: str
    """Without folders: NAME.truth.json or NAME.calibration.json for NAME.mp4."""
    text: str


def truth_files(
    session: StoredSession, routine: Routine, author_id: str | None = None
) -> tuple[TruthFile, ...]:
    """The truth by one instructor's word, and the calibration where there is one.

    Without `author_id` it is the instructor who changed something last. Raises `NotLookedAtError`.
    """
    if session.line.waiting:
        raise NotLookedAtError(
            "Nobody has looked at the session {session} yet, so there is no word to "
            "export: look at it, and mark it as looked at.",
            key="error.not_looked_at",
            session=session.line.name,
        )
    look = looked(taught(session), author_id or _last_author(session), routine)
    stem = PurePath(plain_name(session.review.video.name, session.line.id)).stem
    files = [TruthFile(f"{stem}.truth.json", _text(truth_json(session, look)))]
    if session.calibration is not None:
        calibration = _text(session.calibration.to_json())
        files.append(TruthFile(f"{stem}.calibration.json", calibration))
    return tuple(files)


def truth_zip(sessions: Iterable[StoredSession], routine: Routine) -> bytes:
    """The files of many sessions, packed; the same sessions make the same bytes.

    Of two sessions with recordings of one name the later one lies in a folder `2`, and so on.
    """
    packed = io.BytesIO()
    times: Counter[str] = Counter()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for session in sessions:
            files = truth_files(session, routine)
            times[files[0].name] += 1
            folder = "" if times[files[0].name] == 1 else f"{times[files[0].name]}/"
            for file in files:
                entry = zipfile.ZipInfo(folder + file.name, _NO_TIME)
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def truth_json(session: StoredSession, look: Looked) -> dict[str, Any]:
    """The values of a truth file, as `sessions.truth.load_truth` reads them."""
    review = session.review
    told = [_rep(*pair) for pair in zip(look.reps, review.reps, strict=True)]
    reps = told + [_missed(span) for span in look.missed]
    reps.sort(key=lambda rep: float(rep["start_s"]))
    settle = review.settle
    return {
        "schema": SCHEMA,
        "fps": _fps(session),
        "frames": review.video.frames_read,
        "count": look.count,
        "count_range": [look.count, look.count],
        "reps": [{"index": index} | rep for index, rep in enumerate(reps, start=1)],
        "settle": [] if settle is None else [_span(settle)],
    }


def _fps(session: StoredSession) -> float:
    """Frames a second on the average: a truth counts its frames, and phones vary their rate."""
    video = session.review.video
    if not video.frames_read or video.duration_s <= 0:
        return DEFAULT_FPS
    return video.frames_read / video.duration_s


def _last_author(session: StoredSession) -> str | None:
    said: list[Verdict | Correction] = [*session.verdicts, *session.corrections]
    return max(said, key=lambda word: word.created).author_id if said else None


def _rep(word: RepWord, rep: Rep) -> dict[str, Any]:
    there = [code for code in IMPORTANCE if word.faults.get(code)]
    checks = {check.code: check for check in rep.checks}
    hand: Hand | None = checks[there[0]].hand if there and there[0] in checks else None
    return {
        **_span(word),
        "counted": word.counted,
        "fault": there[0] if there else None,
        "hand": hand,
        "also": there[1:],
        "unjudged": [code for code in IMPORTANCE if code not in word.faults],
        "seeable": True,
        "phases": [{"name": phase.name, **_span(phase)} for phase in word.phases],
    }


def _missed(span: Span) -> dict[str, Any]:
    return {
        **_span(span),
        "counted": True,
        "fault": None,
        "hand": None,
        "also": [],
        "unjudged": list(IMPORTANCE),
        "seeable": True,
        "phases": [],
    }


def _span(span: Timed) -> dict[str, float]:
    return {
        "start_s": round(float(span.start_s), _DIGITS),
        "end_s": round(float(span.end_s), _DIGITS),
    }


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
