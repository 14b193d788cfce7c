"""What stands on the timeline, in the tab's words."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from routines.reps import Check, PhaseSpan, Rep
from routines.routine import Routine
from sessions.store.values import Comment, DrawnMark, StoredSession
from ui.palette import PHASE
from ui.texts import text
from ui.words import duration, fault_label, fault_measure, verdict
from vision.back_frame import BackFrame

SAME_S: Final = 0.5
"""A correction belongs to the rep whose ends lie within this of the ones that it names."""

_DIGITS: Final = 3


def lanes_json(
    session: StoredSession, routine: Routine, frame: BackFrame | None, image_size: tuple[int, int]
) -> dict[str, Any]:
    """All lanes as JSON values; every item has its times and says in `label` what it is."""
    review = session.review
    return {
        "reps": [_rep(rep, session, routine) for rep in review.reps],
        "unseen": [
            _span(gap.start_s, gap.end_s)
            | {"hand": gap.hand, "label": _unseen(gap.hand, gap.end_s - gap.start_s)}
            for gap in review.unseen
        ],
        "cues": [
            {
                "time": _time(cue.time_s),
                "label": text("player.item_cue", cue=_cue(cue.code, routine)),
            }
            for cue in session.cues
        ],
        "comments": [_comment(one, frame, image_size) for one in session.comments],
        "verdicts": list(_verdicts(session, routine)),
    }


def _rep(rep: Rep, session: StoredSession, routine: Routine) -> dict[str, Any]:
    corrected = corrected_phases(rep, session)
    phases = rep.phases if corrected is None else corrected
    label = text("player.item_rep", rep=rep.index, verdict=verdict(rep, routine))
    return _span(rep.start_s, rep.end_s) | {
        "index": rep.index,
        "counted": rep.counted,
        "in_part": rep.seen_in_part,
        "label": label if corrected is None else text("player.item_corrected", rep=label),
        "corrected": corrected is not None,
        "phases": [_phase(phase, routine) for phase in phases],
        "faults": [_fault(rep, check, routine) for check in rep.faults],
    }


def corrected_phases(rep: Rep, session: StoredSession) -> tuple[PhaseSpan, ...] | None:
    """The phases as somebody last set them by hand; None where nobody did."""
    found = [
        correction
        for correction in session.corrections
        if abs(correction.of_start_s - rep.start_s) <= SAME_S
        and abs(correction.of_end_s - rep.end_s) <= SAME_S
    ]
    return max(found, key=lambda correction: correction.created).phases if found else None


def _phase(phase: PhaseSpan, routine: Routine) -> dict[str, Any]:
    words = {one.name: one.label for one in routine.phases}
    return _span(phase.start_s, phase.end_s) | {
        "name": phase.name,
        "label": words.get(phase.name, phase.name),
        "short": _short(phase.name),
    }


def _short(name: str) -> str:
    """A word that fits a narrow bar; a routine's own phases keep their names."""
    return text(f"phase.{name}") if name in PHASE else name


def _fault(rep: Rep, check: Check, routine: Routine) -> dict[str, Any]:
    title = fault_label(check, routine)
    label = text("player.item_fault", rep=rep.index, fault=title)
    return _span(check.start_s, check.end_s) | {
        "code": check.code,
        "short": title,
        "label": ". ".join(filter(None, (label, fault_measure(check)))),
    }


def _unseen(hand: str, seconds: float) -> str:
    lasted = duration(seconds)
    if hand == "both":
        return text("player.item_unseen_both", lasted=lasted)
    left = hand == "left"
    return text("player.item_unseen_left" if left else "player.item_unseen_right", lasted=lasted)


def _cue(code: str, routine: Routine) -> str:
    rule = routine.faults.get(code)
    return rule.spoken if rule else code


def _comment(comment: Comment, frame: BackFrame | None, size: tuple[int, int]) -> dict[str, Any]:
    return {
        "id": comment.id,
        "time": _time(comment.time_s),
        "label": text("player.item_comment", author=comment.author, words=comment.text),
        "marks": [_mark(mark, frame, size) for mark in comment.marks],
    }


def _mark(mark: DrawnMark, frame: BackFrame | None, size: tuple[int, int]) -> dict[str, Any]:
    """The mark in the frame that it was drawn in, and in the other where that can be told."""
    places: dict[str, Sequence[Sequence[float]]] = {mark.frame: mark.points}
    points = np.array(mark.points, dtype=np.float64).reshape(-1, 2)
    if frame is not None and len(points):
        if mark.frame == "chart":
            places["picture"] = (frame.to_image(points) / size).round(4).tolist()
        else:
            on_chart, trusted = frame.to_back(points * size)
            if trusted.all():
                places["chart"] = on_chart.round(4).tolist()
    return {"tool": mark.tool, "places": {name: [*map(list, at)] for name, at in places.items()}}


def _verdicts(session: StoredSession, routine: Routine) -> Iterator[dict[str, Any]]:
    words = {
        "right": text("player.verdict_right"),
        "wrong": text("player.verdict_wrong"),
        "missed": text("player.verdict_missed"),
        "counts": text("player.verdict_counts"),
        "does_not_count": text("player.verdict_does_not_count"),
    }
    for one in session.verdicts:
        rule = routine.faults.get(one.code or "")
        title = rule.label if rule else one.code
        said = words[one.word] if title is None else f"{title}: {words[one.word]}"
        label = text("player.item_comment", author=one.author, words=said)
        yield _span(one.start_s, one.end_s) | {"word": one.word, "label": label}


def _span(start_s: float, end_s: float) -> dict[str, Any]:
    return {"start": _time(start_s), "end": _time(end_s)}


def _time(seconds: float) -> float:
    return round(float(seconds), _DIGITS)
