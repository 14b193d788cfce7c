"""Sessions as values, drawn along the routine's own path."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from routines.judge import PENALTY
from routines.path import phase_path_back
from routines.reps import Check, Outcome, PhaseSpan, Rep
from routines.routine import FAULT_CODES, load_routine
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    VideoFacts,
)
from sessions.store.values import (
    Correction,
    Judged,
    SessionLine,
    StoredSession,
    Verdict,
    Word,
)
from sessions.summary import is_clean, summarise
from vision.arrays import distances_along, places_at
from vision.hands import SIDES
from vision.samples import BackScale

ROUTINE = load_routine()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOLD = -1.0
"""A score that follows from the faults."""

SHARES = {phase.name: phase.share for phase in ROUTINE.phases}


class Studio:
    """Makes reps, reviews and sessions."""

    routine = ROUTINE
    noon = NOON

    @staticmethod
    def phases(start_s: float, *lengths_s: float, names: Sequence[str] = tuple(SHARES)):
        """Phases one after the other."""
        edges = start_s + np.concatenate([[0.0], np.cumsum(lengths_s)])
        return tuple(
            PhaseSpan(name, float(begin), float(end))
            for name, begin, end in zip(names, edges, edges[1:], strict=False)
        )

    @classmethod
    def rep(
        cls,
        index: int,
        *faults: str,
        start_s: float | None = None,
        length_s: float = 8.0,
        not_seen: Sequence[str] = (),
        phases: tuple[PhaseSpan, ...] | None = None,
        score: float | None = TOLD,
    ) -> Rep:
        """A rep of 8 s, ten seconds after the one before, with these faults."""
        start_s = 10.0 * index if start_s is None else start_s
        outcomes: dict[str, Outcome] = dict.fromkeys(FAULT_CODES, "fine")
        outcomes |= dict.fromkeys(not_seen, "not_seen")
        outcomes |= dict.fromkeys(faults, "fault")
        end_s = start_s + length_s
        checks = tuple(
            Check(code, outcome, start_s, end_s, "left", 2.0, 1.0, "s")
            for code, outcome in outcomes.items()
        )
        kinds = [ROUTINE.faults[code].kind for code in faults]
        if score == TOLD:
            score = max(0.0, 100.0 - sum(PENALTY[kind] for kind in kinds))
        if phases is None:
            phases = cls.phases(start_s, *(share * length_s for share in SHARES.values()))
        return Rep(index, start_s, end_s, "path" not in kinds, phases, checks, 0.0, score)

    @staticmethod
    def paths(
        reps: Sequence[Rep], lag_s: float = 0.0, hidden: Mapping[str, tuple[float, float]] = {}
    ) -> dict[Any, HandPath]:
        """Both palms along the routine's path through every rep; the right one `lag_s` behind.

        `hidden` says from when to when a hand is only bridged.
        """
        last_s = max((rep.end_s for rep in reps), default=0.0) + 1.0
        times = np.arange(0.0, last_s, 0.1)
        made = {}
        for side in SIDES:
            late = times - (lag_s if side == "right" else 0.0)
            places = np.tile(phase_path_back(ROUTINE.phases[0], side)[0], (len(times), 1))
            for rep in reps:
                for span in rep.phases:
                    phase = next(one for one in ROUTINE.phases if one.name == span.name)
                    path = phase_path_back(phase, side)
                    along = distances_along(path)
                    during = (late >= span.start_s) & (late < span.end_s)
                    share = (late[during] - span.start_s) / (span.end_s - span.start_s)
                    places[during] = places_at(path, along, share * along[-1])
            start_s, end_s = hidden.get(side, (-1.0, -1.0))
            made[side] = HandPath(times, places, ~((times >= start_s) & (times < end_s)))
        return made

    @classmethod
    def review(cls, *reps: Rep, assumed: bool = True, **more: Any) -> Review:
        """A review of these reps; `more` goes to `paths`."""
        duration_s = max((rep.end_s for rep in reps), default=0.0) + 1.0
        return Review(
            VideoFacts("clip.mp4", "0" * 64, 1280, 720, duration_s, round(30 * duration_s), 1.0),
            RoutineRef(ROUTINE.id, ROUTINE.version),
            CalibrationFacts("points", {}, 0.0),
            TrackingFacts(1.0, 1.0, 0.0),
            None,
            reps,
            (),
            (),
            cls.paths(reps, **more),
            BackScale(20.0, 43.0, 0.8, assumed),
        )

    @staticmethod
    def line(
        reps: Sequence[Rep] = (), *, day: float = 0, waiting: bool = False, **more: Any
    ) -> SessionLine:
        """The line of a session with these reps, so many days after the first."""
        found = summarise(reps, ROUTINE)
        outcomes = [(check.code, check.outcome) for rep in reps for check in rep.checks]
        values: dict[str, Any] = {
            "id": f"s{day:g}",
            "kind": "recorded",
            "name": "clip.mp4",
            "started": NOON + timedelta(days=day),
            "duration_s": 90.0,
            "learner_id": "anna",
            "learner": "Anna",
            "goal": None,
            "count": found.count,
            "attempts": len(reps),
            "clean": sum(map(is_clean, reps)),
            "evenness": found.evenness,
            "faults": {code: outcomes.count((code, "fault")) for code in FAULT_CODES},
            "judged": {
                code: len(reps) - outcomes.count((code, "not_seen")) for code in FAULT_CODES
            },
            "comments": 0,
            "verdicts": 0,
            "waiting": waiting,
            "has_landmarks": True,
            "has_pictures": False,
            "engine": "1",
        }
        return SessionLine(**(values | more))

    @classmethod
    def session(
        cls,
        reps: Sequence[Rep],
        *,
        verdicts: Sequence[Verdict] = (),
        corrections: Sequence[Correction] = (),
        waiting: bool = False,
        **more: Any,
    ) -> StoredSession:
        """A session with people's words."""
        return StoredSession(
            line=cls.line(reps, waiting=waiting),
            review=cls.review(*reps),
            judged=Judged("1", ROUTINE.id, ROUTINE.version, NOON),
            calibration=None,
            cues=(),
            felt_evenness=None,
            comments=(),
            verdicts=tuple(verdicts),
            corrections=tuple(corrections),
            pictures=None,
            **more,
        )

    @staticmethod
    def verdict(
        word: Word, rep: Rep, code: str | None = None, *, by: str = "ida", after_s: float = 0.0
    ) -> Verdict:
        """An instructor's word on a rep or a fault of it."""
        made = NOON + timedelta(seconds=after_s)
        return Verdict("v", by, by, word, rep.start_s, rep.end_s, code, None, made)

    @staticmethod
    def correction(rep: Rep, *phases: PhaseSpan, by: str = "ida") -> Correction:
        """Boundaries set anew."""
        return Correction("c", by, by, rep.start_s, rep.end_s, phases, NOON)
