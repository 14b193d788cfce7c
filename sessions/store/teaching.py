"""What instructors said of many sessions, read in a few queries however many they are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from routines.reps import PhaseSpan
from sessions.store import lines, notes
from sessions.store.tables import (
    CheckRow,
    CorrectionRow,
    LookRow,
    PhaseRow,
    RepRow,
    SessionRow,
    VerdictRow,
)
from sessions.store.values import JudgedRep, SessionFilter, TaughtSession

_FAULT: Final = "fault"
_IS: Final = "="
_AND: Final = ","
"""In the one text of a rep's verdicts: a row for each would take most of the time."""

_NOTHING: Final[Mapping[str, bool]] = {}

_Place = tuple[str, int]
"""A session's id and a rep's place in it."""


def taught(session: Session, chosen: SessionFilter) -> tuple[TaughtSession, ...]:
    """The sessions that pass the filter and were looked at, newest first."""
    chosen = replace(chosen, waiting=False)
    of = lines.ids(chosen)
    verdicts = notes.all_verdicts(session, of)
    corrections = notes.all_corrections(session, of)
    corrected = of.where(SessionRow.id.in_(select(CorrectionRow.session_id)))
    said = select(VerdictRow.session_id).union(select(CorrectionRow.session_id))
    reps = _reps(session, of.where(SessionRow.id.in_(said)), corrected)
    looks = _looks(session, of)
    return tuple(
        TaughtSession(
            line=line,
            reps=reps.get(line.id, ()),
            verdicts=tuple(verdicts.get(line.id, ())),
            corrections=tuple(corrections.get(line.id, ())),
            looked_at_by=looks.get(line.id, ()),
        )
        for line in lines.lines(session, chosen, None, 0)
    )


def _looks(session: Session, of: Select[str]) -> Mapping[str, tuple[str, ...]]:
    chosen = select(LookRow.session_id, LookRow.author_id).where(LookRow.session_id.in_(of))
    found: dict[str, tuple[str, ...]] = {}
    for session_id, author_id in session.execute(chosen.order_by(LookRow.author_id)):
        found[session_id] = (*found.get(session_id, ()), author_id)
    return found


def _reps(
    session: Session, of: Select[str], with_phases: Select[str]
) -> Mapping[str, tuple[JudgedRep, ...]]:
    """The newest judgement's reps of these sessions."""
    columns = (RepRow.session_id, RepRow.place, RepRow.start_s, RepRow.end_s, RepRow.counted)
    chosen = _newest(select(*columns), RepRow, of).order_by(RepRow.session_id, RepRow.place)
    outcomes, phases = _outcomes(session, of), _phases(session, with_phases)
    found: dict[str, list[JudgedRep]] = {}
    for session_id, place, start_s, end_s, counted in session.execute(chosen):
        key = session_id, place
        rep = JudgedRep(
            start_s, end_s, counted, tuple(phases.get(key, ())), outcomes.get(key, _NOTHING)
        )
        found.setdefault(session_id, []).append(rep)
    return {session_id: tuple(reps) for session_id, reps in found.items()}


def _outcomes(session: Session, of: Select[str]) -> Mapping[_Place, Mapping[str, bool]]:
    text = func.aggregate_strings(CheckRow.code + _IS + CheckRow.outcome, _AND)
    chosen = _newest(select(CheckRow.session_id, CheckRow.rep, text), CheckRow, of)
    chosen = chosen.where(CheckRow.outcome != "not_seen")
    chosen = chosen.group_by(CheckRow.session_id, CheckRow.rep)
    read: dict[str, Mapping[str, bool]] = {}
    found: dict[_Place, Mapping[str, bool]] = {}
    for session_id, rep, said in session.execute(chosen):
        # Most reps are judged alike: the same text is taken apart once.
        if said not in read:
            read[said] = dict(map(_outcome, said.split(_AND)))
        found[session_id, rep] = read[said]
    return found


def _outcome(said: str) -> tuple[str, bool]:
    code, _, outcome = said.partition(_IS)
    return code, outcome == _FAULT


def _phases(session: Session, of: Select[str]) -> Mapping[_Place, list[PhaseSpan]]:
    """Of the reps that somebody corrected: of all of them they would be many."""
    columns = (PhaseRow.session_id, PhaseRow.rep, PhaseRow.name, PhaseRow.start_s, PhaseRow.end_s)
    corrected = exists().where(
        RepRow.session_id == PhaseRow.session_id,
        RepRow.judgement == PhaseRow.judgement,
        RepRow.place == PhaseRow.rep,
        CorrectionRow.session_id == PhaseRow.session_id,
        CorrectionRow.of_start_s < RepRow.end_s,
        CorrectionRow.of_end_s > RepRow.start_s,
    )
    chosen = _newest(select(*columns), PhaseRow, of).where(corrected)
    chosen = chosen.order_by(PhaseRow.session_id, PhaseRow.rep, PhaseRow.place)
    found: dict[_Place, list[PhaseSpan]] = {}
    for session_id, rep, name, start_s, end_s in session.execute(chosen):
        found.setdefault((session_id, rep), []).append(PhaseSpan(name, start_s, end_s))
    return found


def _newest(
    chosen: Select[*tuple[Any, ...]],
    table: type[RepRow] | type[PhaseRow] | type[CheckRow],
    of: Select[str],
) -> Select[*tuple[Any, ...]]:
    """Rows of the newest judgement of these sessions."""
    judged = chosen.join(SessionRow, SessionRow.id == table.session_id)
    return judged.where(table.judgement == SessionRow.judgement, SessionRow.id.in_(of))
