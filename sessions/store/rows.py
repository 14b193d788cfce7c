"""Turns drafts into rows, and rows into the values that the store gives."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from routines.coaching import Cue
from routines.reps import Check, PhaseSpan, Rep, Span
from routines.routine import load_routine
from sessions.record import (
    CalibrationFacts,
    Review,
    RoutineRef,
    TrackingFacts,
    Unseen,
    VideoFacts,
)
from sessions.store.calibrations import calibration_from, calibration_json, plain_float, points_json
from sessions.store.parquet import landmarks_to_parquet, paths_from_parquet, paths_to_parquet
from sessions.store.tables import (
    CheckRow,
    JudgementRow,
    PhaseRow,
    RepRow,
    SessionRow,
    TrackRow,
)
from sessions.store.texts import clean_text
from sessions.store.values import Judged, SessionDraft
from sessions.summary import summarise
from vision.calibration import Calibration
from vision.samples import BackScale

_Row = TypeVar("_Row", RepRow, PhaseRow, CheckRow)

_VIDEO: Final = TypeAdapter(VideoFacts)
_TRACKING: Final = TypeAdapter(TrackingFacts)
_FACTS: Final = TypeAdapter(CalibrationFacts)
_SCALE: Final = TypeAdapter(BackScale)
_UNSEEN: Final = TypeAdapter(tuple[Unseen, ...])
_CUES: Final = TypeAdapter(tuple[Cue, ...])
_SPAN: Final = TypeAdapter(Span)


def insert_session(session: Session, session_id: str, draft: SessionDraft, judged: Judged) -> None:
    """All rows of a session, with its first judgement."""
    review = draft.review
    video = replace(review.video, name=clean_text(review.video.name))
    live = f"{draft.started.astimezone(UTC):%Y-%m-%d %H:%M}"
    name = live if draft.kind == "live" else video.name
    row = SessionRow(
        id=session_id,
        kind=draft.kind,
        name=name,
        folded=name.casefold(),
        started=draft.started,
        learner_id=draft.learner_id,
        goal=draft.goal,
        felt_evenness=draft.felt_evenness,
        has_landmarks=draft.landmarks is not None,
        video=_VIDEO.dump_python(video, mode="json"),
        tracking=_TRACKING.dump_python(review.tracking, mode="json"),
        calibration=calibration_json(draft.calibration),
        calibration_facts=_facts_json(review.calibration),
        scale=None if review.scale is None else _SCALE.dump_python(review.scale, mode="json"),
        unseen=_UNSEEN.dump_python(review.unseen, mode="json"),
        warnings=[clean_text(warning) for warning in review.warnings],
        cues=_CUES.dump_python(draft.cues, mode="json"),
        duration_s=review.video.duration_s,
        judgement=1,
        **figures_of(judged, review.reps),
    )
    session.add(row)
    landmarks = None if draft.landmarks is None else landmarks_to_parquet(draft.landmarks)
    paths = paths_to_parquet(review.paths)
    session.flush()
    session.add(TrackRow(session_id=session_id, paths=paths, landmarks=landmarks))
    insert_judgement(session, session_id, 1, judged, review)


def add_judgement(session: Session, session_id: str, judged: Judged, review: Review) -> None:
    """One more judgement of a session that is there; lists have its figures from now on."""
    row = session.get_one(SessionRow, session_id, with_for_update=True)
    number = row.judgement + 1
    insert_judgement(session, session_id, number, judged, review)
    row.judgement = number
    for name, value in figures_of(judged, review.reps).items():
        setattr(row, name, value)
    row.scale = None if review.scale is None else _SCALE.dump_python(review.scale, mode="json")


def figures_of(judged: Judged, reps: Sequence[Rep]) -> dict[str, Any]:
    """What a list says of a judgement, by column."""
    summary = summarise(reps, load_routine())
    faults = Counter(code for rep in reps for code in {check.code for check in rep.faults})
    known = Counter(
        code
        for rep in reps
        for code in {check.code for check in rep.checks if check.outcome != "not_seen"}
    )
    return {
        "engine": judged.engine,
        "count": summary.count,
        "attempts": summary.attempts,
        "clean": summary.clean,
        "evenness": summary.evenness,
        "faults": dict(sorted(faults.items())),
        "judged": dict(sorted(known.items())),
    }


def insert_judgement(
    session: Session, session_id: str, number: int, judged: Judged, review: Review
) -> None:
    """The rows of one judgement of a session that is there."""
    settle = None if review.settle is None else _SPAN.dump_python(review.settle, mode="json")
    session.add(
        JudgementRow(
            session_id=session_id,
            number=number,
            engine=judged.engine,
            routine_id=judged.routine_id,
            routine_version=judged.routine_version,
            at=judged.at,
            settle=settle,
        )
    )
    session.flush()
    key = {"session_id": session_id, "judgement": number}
    _insert_all(session, RepRow, [key | _rep(*each) for each in enumerate(review.reps)])
    phases = [
        key | {"rep": rep_place, "place": place} | _phase(phase)
        for rep_place, rep in enumerate(review.reps)
        for place, phase in enumerate(rep.phases)
    ]
    _insert_all(session, PhaseRow, phases)
    checks = [
        key | {"rep": rep_place, "place": place} | _check(check)
        for rep_place, rep in enumerate(review.reps)
        for place, check in enumerate(rep.checks)
    ]
    _insert_all(session, CheckRow, checks)


def _insert_all(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _rep(place: int, rep: Rep) -> dict[str, Any]:
    return {
        "place": place,
        "index": rep.index,
        "start_s": float(rep.start_s),
        "end_s": float(rep.end_s),
        "counted": bool(rep.counted),
        "unseen_share": float(rep.unseen_share),
        "score": plain_float(rep.score),
    }


def _phase(phase: PhaseSpan) -> dict[str, Any]:
    return {"name": phase.name, "start_s": float(phase.start_s), "end_s": float(phase.end_s)}


def _check(check: Check) -> dict[str, Any]:
    return {
        "code": check.code,
        "outcome": check.outcome,
        "start_s": float(check.start_s),
        "end_s": float(check.end_s),
        "hand": check.hand,
        "measured": plain_float(check.measured),
        "limit": plain_float(check.limit),
        "unit": check.unit,
    }


def review_of(session: Session, row: SessionRow, judgement: JudgementRow) -> Review:
    """The review as one judgement has it."""
    paths = session.scalars(select(TrackRow.paths).where(TrackRow.session_id == row.id)).one()
    return Review(
        video=_VIDEO.validate_python(row.video),
        routine=RoutineRef(judgement.routine_id, judgement.routine_version),
        calibration=_FACTS.validate_python(row.calibration_facts),
        tracking=_TRACKING.validate_python(row.tracking),
        settle=None if judgement.settle is None else _SPAN.validate_python(judgement.settle),
        reps=reps_of(session, row.id, judgement.number),
        unseen=_UNSEEN.validate_python(row.unseen),
        warnings=tuple(row.warnings),
        paths=paths_from_parquet(paths),
        scale=None if row.scale is None else _SCALE.validate_python(row.scale),
    )


def reps_of(session: Session, session_id: str, judgement: int) -> tuple[Rep, ...]:
    """The reps of one judgement, in order."""

    def found(table: type[_Row], *order: Any) -> Sequence[_Row]:
        chosen = select(table).where(table.session_id == session_id, table.judgement == judgement)
        return session.scalars(chosen.order_by(*order)).all()

    reps = found(RepRow, RepRow.place)
    phases = found(PhaseRow, PhaseRow.rep, PhaseRow.place)
    checks = found(CheckRow, CheckRow.rep, CheckRow.place)
    phases_of = {rep: list(rows) for rep, rows in groupby(phases, attrgetter("rep"))}
    checks_of = {rep: list(rows) for rep, rows in groupby(checks, attrgetter("rep"))}
    return tuple(
        _rep_value(rep, phases_of.get(rep.place, []), checks_of.get(rep.place, [])) for rep in reps
    )


def _rep_value(row: RepRow, phases: Sequence[PhaseRow], checks: Sequence[CheckRow]) -> Rep:
    return Rep(
        index=row.index,
        start_s=row.start_s,
        end_s=row.end_s,
        counted=row.counted,
        phases=tuple(PhaseSpan(one.name, one.start_s, one.end_s) for one in phases),
        checks=tuple(_check_value(one) for one in checks),
        unseen_share=row.unseen_share,
        score=row.score,
    )


_NAMES: Final = ("code", "outcome", "start_s", "end_s", "hand", "measured", "limit", "unit")


def _check_value(row: CheckRow) -> Check:
    return Check(**{name: getattr(row, name) for name in _NAMES})


def judgements_of(session: Session, session_id: str) -> tuple[Judged, ...]:
    """All of a session's, the newest last."""
    chosen = select(JudgementRow).where(JudgementRow.session_id == session_id)
    return tuple(map(judged_of, session.scalars(chosen.order_by(JudgementRow.number))))


def judged_of(row: JudgementRow) -> Judged:
    """Who judged."""
    return Judged(row.engine, row.routine_id, row.routine_version, row.at)


def cues_of(row: SessionRow) -> tuple[Cue, ...]:
    """The cues that were given."""
    return _CUES.validate_python(row.cues)


def calibration_of(row: SessionRow) -> Calibration | None:
    """With all that its source knew, which a calibration's own file leaves out.

    Raises `CalibrationError` where it is none.
    """
    return None if row.calibration is None else calibration_from(row.calibration)


def _facts_json(facts: CalibrationFacts) -> dict[str, Any]:
    return {
        "source": facts.source,
        "points_px": points_json(facts.points_px),
        "rms_px": plain_float(facts.rms_px),
    }
