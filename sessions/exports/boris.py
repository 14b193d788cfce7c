"""A session as a project of BORIS (project format 7.0), with its ethogram, subjects and events.

States (strokes, phases, a hand that was not seen) are two events each, as BORIS keeps them: their
begin and their end. Faults, cues, verdicts and comments are point events. What the machine saw is
one observation, and the session as each instructor left it is another, so that BORIS can set them
beside each other.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any, Final

from routines.reps import Check, Hand
from routines.routine import Routine
from sessions.analysis.instructors import Looked, RepWord, authors_of, looked, taught
from sessions.drawing.palette import FAULT, HAND, PHASE, UNSEEN
from sessions.store.values import Correction, StoredSession, Verdict
from sessions.wording import Words
from vision.hands import SIDES

FORMAT: Final = "7.0"

BOTH: Final = "both hands"
SUBJECTS: Final[Mapping[Hand, str]] = {
    "left": "left hand",
    "right": "right hand",
    "both": BOTH,
}

STROKE: Final = "stroke"
NOT_SEEN: Final = "not seen"
CUE: Final = "cue"
VERDICT: Final = "verdict"
COMMENT: Final = "comment"

STATE: Final = "State event"
POINT: Final = "Point event"

COUNTED: Final = ("counted", "not counted")
_OUTCOMES: Final = {True: COUNTED[0], False: COUNTED[1]}

_PLAIN: Final = "#777777"
_DIGITS: Final = 3

Event = list[Any]
"""Time in s, subject, behaviour, modifier, comment."""


def boris_project(session: StoredSession, routine: Routine, words: Words) -> bytes:
    """The project as the JSON text of a `.boris` file.

    The recording is named without folders: BORIS finds it beside the project.
    """
    title = f"{session.line.name} ({session.line.learner})"
    project = {
        "time_format": "hh:mm:ss",
        "project_date": _date(session),
        "project_name": title if session.line.learner else session.line.name,
        "project_description": f"{routine.name}, judged by {session.judged.engine}",
        "project_format_version": FORMAT,
        "subjects_conf": _numbered(_subjects()),
        "behaviors_conf": _numbered(_ethogram(routine)),
        "observations": dict(_observations(session, routine, words)),
        "behavioral_categories": ["strokes", "phases", "faults", "instructor and coach"],
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
    return (json.dumps(project, ensure_ascii=True, indent=1, allow_nan=False) + "\n").encode()


def _date(session: StoredSession) -> str:
    return session.line.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _observation_id(session: StoredSession) -> str:
    """BORIS warns of blanks around it."""
    return f"{session.line.name.strip()} {session.line.id}".strip()


def _numbered(entries: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(number): entry for number, entry in enumerate(entries)}


def _subjects() -> Iterator[dict[str, Any]]:
    for name in SUBJECTS.values():
        yield {"key": "", "name": name, "description": "of the one who gives the massage"}


def _ethogram(routine: Routine) -> Iterator[dict[str, Any]]:
    yield _behaviour(STROKE, STATE, "an attempt", "strokes", _PLAIN) | {
        "modifiers": {"0": {"name": "outcome", "description": "", "type": 0, "values": [*COUNTED]}}
    }
    for phase in routine.phases:
        colour = PHASE.get(phase.name, _PLAIN)
        yield _behaviour(phase.name, STATE, phase.label, "phases", colour)
    yield _behaviour(NOT_SEEN, STATE, "the camera did not see this hand", "strokes", UNSEEN)
    for code, rule in routine.faults.items():
        kind = "does not count" if rule.kind == "path" else "counts, and is marked"
        yield _behaviour(code, POINT, f"{rule.label} ({kind})", "faults", FAULT)
    rest = {
        CUE: "what the coach said",
        VERDICT: "an instructor's word on a fault or a stroke",
        COMMENT: "what somebody wrote",
    }
    for name, meaning in rest.items():
        yield _behaviour(name, POINT, meaning, "instructor and coach", HAND["left"])


def _behaviour(code: str, kind: str, meaning: str, category: str, colour: str) -> dict[str, Any]:
    return {
        "type": kind,
        "key": "",
        "code": code,
        "description": meaning,
        "color": colour,
        "category": category,
        "modifiers": {},
        "excluded": "",
        "coding map": "",
    }


def _observations(
    session: StoredSession, routine: Routine, words: Words
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The machine's, and one for each instructor who looked at the session."""
    own = _observation_id(session)
    yield own, _observation(session, _events(session, routine, words))
    known = taught(session)
    said: list[Verdict | Correction] = [*session.verdicts, *session.corrections]
    names = {each.author_id: each.author.strip() for each in said}
    for number, author_id in enumerate(authors_of(known), start=1):
        name = names.get(author_id or "") or f"instructor {number}"
        events = _left_by(looked(known, author_id, routine), session)
        yield f"{own} ({name}, {number})", _observation(session, events)


def _observation(session: StoredSession, events: list[Event]) -> dict[str, Any]:
    return {
        "type": "MEDIA" if session.line.kind == "recorded" else "LIVE",
        "date": _date(session),
        "description": session.line.learner or "",
        "time offset": 0.0,
        "observation time interval": [0, 0],
        "independent_variables": {},
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "close_behaviors_between_videos": False,
        "scan_sampling_time": 0,
        "events": events,
        **_media(session),
    }


def _media(session: StoredSession) -> dict[str, Any]:
    if session.line.kind != "recorded":
        return {"file": {}}
    video = session.review.video
    fps = round(video.frames_read / video.duration_s, 3) if video.duration_s else 0.0
    players = {str(number): [video.name] if number == 1 else [] for number in range(1, 9)}
    info = {
        "length": {video.name: video.duration_s},
        "fps": {video.name: fps},
        "hasVideo": {video.name: True},
        "hasAudio": {video.name: False},
        "offset": {"1": 0.0},
    }
    return {"file": players, "media_info": info}


def _events(session: StoredSession, routine: Routine, words: Words) -> list[Event]:
    """In time order; of one time a state's end goes before the next one's begin."""
    states = [*_states(session)]
    points = [*_points(session, routine, words)]
    return sorted(states + points, key=lambda event: float(event[0]))


def _left_by(left: Looked, session: StoredSession) -> list[Event]:
    """Strokes, phases and faults as an instructor left them."""
    events: list[Event] = []
    for rep in left.reps:
        events += _state(rep.start_s, rep.end_s, BOTH, STROKE, _OUTCOMES[rep.counted])
        for phase in rep.phases:
            events += _state(phase.start_s, phase.end_s, BOTH, phase.name)
        for code, there in rep.faults.items():
            if there:
                events.append(_point(*_place(code, rep, left, session), code, ""))
    for span in left.missed:
        events += _state(span.start_s, span.end_s, BOTH, STROKE, COUNTED[0])
    return sorted(events, key=lambda event: float(event[0]))


def _place(
    code: str, rep: RepWord, left: Looked, session: StoredSession
) -> tuple[float, Hand | None]:
    """When a fault of a stroke began, and whose: as the instructor said it, else the machine."""
    told: list[Verdict | Check] = []
    told += [each for each in session.verdicts if each.author_id == left.author_id]
    told += [check for one in session.review.reps for check in one.faults]
    for each in told:
        middle_s = (each.start_s + each.end_s) / 2
        if each.code == code and rep.rep.start_s <= middle_s <= rep.rep.end_s:
            return each.start_s, each.hand
    return rep.start_s, None


def _states(session: StoredSession) -> Iterator[Event]:
    for rep in session.review.reps:
        score = "" if rep.score is None else f", score {rep.score:.0f}"
        told = f"stroke {rep.index}{score}"
        yield from _state(rep.start_s, rep.end_s, BOTH, STROKE, _OUTCOMES[rep.counted], told)
        for phase in rep.phases:
            yield from _state(phase.start_s, phase.end_s, BOTH, phase.name)
    for side in SIDES:
        for start_s, end_s in _unseen(session, side):
            yield from _state(start_s, end_s, SUBJECTS[side], NOT_SEEN)


def _state(
    start_s: float, end_s: float, subject: str, code: str, modifier: str = "", comment: str = ""
) -> Iterator[Event]:
    yield [round(start_s, _DIGITS), subject, code, modifier, comment]
    yield [round(end_s, _DIGITS), subject, code, modifier, ""]


def _unseen(session: StoredSession, side: Hand) -> Iterator[tuple[float, float]]:
    """When this hand was not seen, alone or with the other: stretches that touch are one."""
    open_s: tuple[float, float] | None = None
    for gap in sorted(session.review.unseen, key=lambda gap: gap.start_s):
        if gap.hand not in (side, "both"):
            continue
        if open_s is not None and gap.start_s <= open_s[1]:
            open_s = open_s[0], max(open_s[1], gap.end_s)
            continue
        if open_s is not None:
            yield open_s
        open_s = gap.start_s, gap.end_s
    if open_s is not None:
        yield open_s


def _points(session: StoredSession, routine: Routine, words: Words) -> Iterator[Event]:
    for rep in session.review.reps:
        for check in rep.faults:
            yield _point(check.start_s, check.hand, check.code, words.measure(check))
    for cue in session.cues:
        rule = routine.faults.get(cue.code)
        yield _point(cue.time_s, cue.hand, CUE, rule.spoken if rule else cue.code)
    for said in session.verdicts:
        yield _point(said.start_s, said.hand, VERDICT, words.verdict(said, routine))
    for comment in session.comments:
        yield _point(comment.time_s, None, COMMENT, f"{comment.author}: {comment.text}")


def _point(time_s: float, hand: Hand | None, code: str, comment: str) -> Event:
    return [round(time_s, _DIGITS), SUBJECTS[hand or "both"], code, "", comment]
