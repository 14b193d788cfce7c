"""A session as JSON: all that is known of it beyond the review, which has a file of its own."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Final

from routines.routine import Routine
from sessions.analysis.measures import measure_session
from sessions.store.values import StoredSession
from vision.hands import SIDES

SCHEMA: Final = "tstroke.session/1"

_DIGITS: Final = 4


def session_json(session: StoredSession, routine: Routine) -> bytes:
    """The text of the JSON file; keys as the fields of `sessions.store.values`.

    Times of day are ISO 8601 in UTC; what is missing is null.
    """
    line, judged = session.line, session.judged
    values = {
        "schema": SCHEMA,
        "session": _without(asdict(line), "learner_id"),
        "judged": asdict(judged),
        "felt_evenness": session.felt_evenness,
        "calibration": None if session.calibration is None else session.calibration.to_json(),
        "scale": None if session.review.scale is None else asdict(session.review.scale),
        "measures": asdict(measure_session(session.review, routine)),
        "cues": [asdict(cue) for cue in session.cues],
        "comments": [_without(asdict(said), "author_id") for said in session.comments],
        "verdicts": [_without(asdict(said), "author_id") for said in session.verdicts],
        "corrections": [_without(asdict(said), "author_id") for said in session.corrections],
        "paths": _paths(session),
    }
    text = json.dumps(_plain(values), indent=1, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def _paths(session: StoredSession) -> dict[str, Any]:
    paths = {side: session.review.paths[side] for side in SIDES if side in session.review.paths}
    return {
        side: {
            "time_s": path.time_s.tolist(),
            "palm_back": path.palm_back.tolist(),
            "observed": path.observed.tolist(),
        }
        for side, path in paths.items()
    }


def _without(values: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def _plain(value: Any) -> Any:
    """As JSON has it."""
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case float():
            return round(value, _DIGITS)
        case _:
            return value
