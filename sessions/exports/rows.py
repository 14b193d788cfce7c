"""A session's rows for the exported tables; what is missing is None."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from routines.routine import Routine
from sessions.analysis.measures import RepMeasures, measure_session
from sessions.store.values import StoredSession
from vision.hands import SIDES

Value = str | int | float | bool | datetime | None
Row = tuple[Value, ...]

TIME_DIGITS: Final = 3
PLACE_DIGITS: Final = 4
SHARE_DIGITS: Final = 4


def rows_of(table: str, session: StoredSession, routine: Routine) -> Iterator[Row]:
    """The rows of that table, each with the session's id before the values.

    Landmarks are no part of this: they are written as columns.
    """
    for row in _ROWS[table](session, routine):
        yield session.line.id, *row


def _session(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    line, review, judged = session.line, session.review, session.judged
    scale, tracking = review.scale, review.tracking
    yield (
        line.kind,
        line.name,
        line.started,
        line.learner,
        _time(line.duration_s),
        line.count,
        line.attempts,
        line.clean,
        line.goal,
        _share(line.evenness),
        session.felt_evenness,
        judged.routine_id,
        judged.routine_version,
        judged.engine,
        judged.at,
        review.calibration.source,
        _rounded(review.calibration.rms_px, 2),
        None if scale is None else _rounded(scale.u_cm, 1),
        None if scale is None else _rounded(scale.v_cm, 1),
        None if scale is None else scale.assumed,
        _share(tracking.both_hands_share),
        _share(tracking.any_hand_share),
        _share(tracking.inferred_share),
    )


def _reps(session: StoredSession, routine: Routine) -> Iterator[Row]:
    measures = measure_session(session.review, routine).reps
    for rep, measured in zip(session.review.reps, measures, strict=True):
        yield (
            rep.index,
            _time(rep.start_s),
            _time(rep.end_s),
            _time(measured.duration_s),
            rep.counted,
            _rounded(rep.score, 1),
            _share(rep.unseen_share),
            " ".join(check.code for check in rep.faults) or None,
            *(_time(measured.phases_s.get(name)) for name in ("up", "out", "down", "pull_in")),
            *_measured(measured),
        )


def _measured(rep: RepMeasures) -> Row:
    left, right = (rep.hands[side] for side in SIDES)
    return (
        _rounded(left.reach_v, 3),
        _rounded(right.reach_v, 3),
        _rounded(left.widest_x, 3),
        _rounded(right.widest_x, 3),
        _rounded(left.spine_cm, 1),
        _rounded(right.spine_cm, 1),
        _rounded(rep.lag_s, 2),
        _rounded(rep.reach_gap_v, 3),
        _rounded(rep.widest_gap_u, 3),
    )


def _checks(session: StoredSession, routine: Routine) -> Iterator[Row]:
    for rep in session.review.reps:
        for check in rep.checks:
            rule = routine.faults.get(check.code)
            yield (
                rep.index,
                check.code,
                None if rule is None else rule.kind,
                check.outcome,
                _rounded(check.measured, 3),
                _rounded(check.limit, 3),
                check.unit or None,
                check.hand,
                _time(check.start_s),
                _time(check.end_s),
            )


def _phases(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for rep in session.review.reps:
        for phase in rep.phases:
            yield rep.index, phase.name, _time(phase.start_s), _time(phase.end_s)


def _paths(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for side in SIDES:
        path = session.review.paths.get(side)
        if path is None:
            continue
        for time_s, (u, v), seen in zip(
            path.time_s.tolist(), path.palm_back.tolist(), path.observed.tolist(), strict=True
        ):
            yield _time(time_s), side, round(u, PLACE_DIGITS), round(v, PLACE_DIGITS), seen


def _unseen(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for gap in session.review.unseen:
        yield _time(gap.start_s), _time(gap.end_s), gap.hand


def _cues(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for cue in session.cues:
        yield _time(cue.time_s), cue.code, cue.hand


def _comments(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for said in session.comments:
        yield _time(said.time_s), said.author, said.text, len(said.marks), said.created


def _verdicts(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for said in session.verdicts:
        start_s, end_s = _time(said.start_s), _time(said.end_s)
        yield said.word, start_s, end_s, said.code, said.hand, said.author, said.created


def _corrections(session: StoredSession, _routine: Routine) -> Iterator[Row]:
    for said in session.corrections:
        of = _time(said.of_start_s), _time(said.of_end_s)
        for phase in said.phases:
            times = _time(phase.start_s), _time(phase.end_s)
            yield *of, phase.name, *times, said.author, said.created


def _time(seconds: float | None) -> float | None:
    return _rounded(seconds, TIME_DIGITS)


def _share(share: float | None) -> float | None:
    return _rounded(share, SHARE_DIGITS)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


_ROWS: Final[Mapping[str, Callable[[StoredSession, Routine], Iterator[Row]]]] = {
    "session": _session,
    "reps": _reps,
    "checks": _checks,
    "phases": _phases,
    "paths": _paths,
    "unseen": _unseen,
    "cues": _cues,
    "comments": _comments,
    "verdicts": _verdicts,
    "corrections": _corrections,
}
