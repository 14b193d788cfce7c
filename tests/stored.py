"""Stored sessions as values: hands along the routine's own path, with the faults asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from routines.coaching import Cue
from routines.path import phase_path_back
from routines.reps import Check, Hand, PhaseSpan, Rep, Span
from routines.routine import FAULT_CODES, load_routine
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    Unseen,
    VideoFacts,
)
from sessions.store.values import (
    Comment,
    DrawnMark,
    Judged,
    LandmarkTrack,
    SessionLine,
    StoredSession,
    Verdict,
)
from sessions.summary import is_clean, summarise
from vision.arrays import distances_along, places_at
from vision.hands import SIDES, Side
from vision.samples import BackScale

ROUTINE: Final = load_routine()
NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

MEASURED: Final[Mapping[str, tuple[Hand, float, float, str]]] = {
    "short_reach": ("both", 0.66, 0.8, "v"),
    "skipped_shoulders": ("right", 0.55, 0.8, "u"),
    "one_hand": ("left", 0.12, 0.3, "of the path"),
    "on_spine": ("left", 0.4, 1.0, "cm"),
    "asymmetric": ("right", 0.52, 0.3, "s"),
    "rushed": ("both", 3.1, 4.0, "s"),
    "rushed_sides": ("both", 0.6, 0.9, "s"),
    "hand_lifted": ("right", 0.9, 0.5, "s"),
    "pause": ("both", 1.4, 1.0, "s"),
    "fingers_not_to_head": ("both", 0.7, 0.5, "of up"),
    "missing_pull_in": ("both", 0.02, 0.08, "u"),
}
"""Hand, measure, limit and unit of a fault."""


def rep(
    index: int, start_s: float, length_s: float, *faults: str, not_seen: Sequence[str] = ()
) -> Rep:
    """An attempt with these faults, each a second long from its middle on."""
    middle_s = start_s + length_s / 2
    checks = []
    for code in FAULT_CODES:
        if code in faults:
            hand, measured, limit, unit = MEASURED.get(code, ("both", 0.0, 0.0, ""))
            found = Check(code, "fault", middle_s, middle_s + 1.0, hand, measured, limit, unit)
            checks.append(found)
        else:
            outcome: Any = "not_seen" if code in not_seen else "fine"
            checks.append(Check(code, outcome, start_s, start_s + length_s))
    counted = not any(ROUTINE.faults[code].kind == "path" for code in faults)
    edges = start_s + length_s * np.cumsum([0.0, *(phase.share for phase in ROUTINE.phases)])
    phases = tuple(
        PhaseSpan(phase.name, float(begin), float(end))
        for phase, begin, end in zip(ROUTINE.phases, edges, edges[1:], strict=False)
    )
    score = 100.0 - 15 * len(faults)
    end_s = float(edges[-1])
    return Rep(index, start_s, end_s, counted, phases, tuple(checks), 0.04, score)


def paths(reps: Sequence[Rep], seed: int) -> dict[Side, HandPath]:
    """Both palms through the attempts, not quite where they should be; one stretch is unseen."""
    rng = np.random.default_rng(seed)
    last_s = max((one.end_s for one in reps), default=0.0) + 1.0
    times = np.arange(0.0, last_s, 0.1)
    made: dict[Side, HandPath] = {}
    for side in SIDES:
        places = np.tile(phase_path_back(ROUTINE.phases[0], side)[0], (len(times), 1))
        for one in reps:
            off = rng.normal(0.0, 0.03, 2)
            for span in one.phases:
                phase = next(each for each in ROUTINE.phases if each.name == span.name)
                path = phase_path_back(phase, side)
                along = distances_along(path)
                during = (times >= span.start_s) & (times < span.end_s)
                share = (times[during] - span.start_s) / (span.end_s - span.start_s)
                places[during] = places_at(path, along, share * along[-1]) + off
        unseen = (times >= last_s / 2) & (times < last_s / 2 + 0.8)
        made[side] = HandPath(times, places, ~unseen)
    return made


def review(reps: Sequence[Rep], name: str = "clip.mp4", seed: int = 1) -> Review:
    """A review of these attempts."""
    duration_s = max((one.end_s for one in reps), default=0.0) + 1.0
    return Review(
        VideoFacts(name, "0" * 64, 1280, 720, duration_s, round(30 * duration_s), 1.0),
        RoutineRef(ROUTINE.id, ROUTINE.version),
        CalibrationFacts("points", {"nape": (640.0, 120.0)}, 1.23),
        TrackingFacts(0.93, 0.99, 0.02),
        Span(0.0, 2.0),
        tuple(reps),
        (Unseen(4.0, 4.8, "left"), Unseen(4.8, 5.5, "both"), Unseen(9.0, 9.7, "right")),
        ("The picture is dark.",),
        paths(reps, seed),
        BackScale(19.8, 43.0, 0.8, assumed=True),
    )


def attempts(faults: Sequence[Sequence[str]], length_s: float = 9.0, seed: int = 1) -> list[Rep]:
    """One attempt for each list of faults, of not quite the same length, with rests between."""
    rng = np.random.default_rng(seed)
    reps, start_s = [], 3.0
    for index, found in enumerate(faults, start=1):
        took_s = float(length_s * rng.uniform(0.9, 1.1))
        reps.append(rep(index, start_s, took_s, *found, not_seen=("fingers_not_to_head",)))
        start_s += took_s + 0.4
    return reps


def session(
    faults: Sequence[Sequence[str]] = ((), ("asymmetric",), ("short_reach",), ()),
    *,
    day: int = 0,
    learner: str | None = "Anna Müller",
    name: str = "clip.mp4",
    words: bool = True,
    **more: Any,
) -> StoredSession:
    """A session so many days after the first; `words` are cues, comments and verdicts."""
    reps = attempts(faults, seed=day + 1)
    started = NOON + timedelta(days=day)
    said = bool(words and reps)
    made = StoredSession(
        line=line(reps, f"{day:04x}cafe", name, started, learner),
        review=review(reps, name, seed=day + 1),
        judged=Judged("0.1.0", ROUTINE.id, ROUTINE.version, started),
        calibration=None,
        cues=(Cue(14.0, "asymmetric", "right"),) if said else (),
        felt_evenness=4,
        comments=(comment(5.0, "Lovely and slow, keep this."),) if said else (),
        verdicts=(verdict(reps[0]),) if said else (),
        corrections=(),
        pictures=None,
    )
    return replace(made, **more)


def line(
    reps: Sequence[Rep], session_id: str, name: str, started: datetime, learner: str | None
) -> SessionLine:
    """The line of a session with these attempts."""
    found = summarise(reps, ROUTINE)
    outcomes = [(check.code, check.outcome) for one in reps for check in one.checks]
    return SessionLine(
        id=session_id,
        kind="recorded",
        name=name,
        started=started,
        duration_s=(reps[-1].end_s if reps else 0.0) + 1.0,
        learner_id=learner,
        learner=learner,
        goal=None,
        count=found.count,
        attempts=len(reps),
        clean=sum(map(is_clean, reps)),
        evenness=found.evenness,
        faults={code: outcomes.count((code, "fault")) for code in FAULT_CODES},
        judged={code: len(reps) - outcomes.count((code, "not_seen")) for code in FAULT_CODES},
        comments=0,
        verdicts=0,
        waiting=False,
        has_landmarks=True,
        has_pictures=False,
        engine="0.1.0",
    )


def comment(time_s: float, text: str, author: str = "Ida Berg") -> Comment:
    """Words with a line drawn on the chart."""
    mark = DrawnMark("chart", "arrow", ((0.2, 0.3), (0.3, 0.6)))
    return Comment("c1", "i1", author, time_s, text, (mark,), NOON)


def verdict(of: Rep, code: str | None = "on_spine", author: str = "Ida Berg") -> Verdict:
    """A fault that the machine did not find."""
    return Verdict("v1", "i1", author, "missed", of.start_s, of.end_s, code, "left", NOON)


def landmarks(pictures: int = 30, fps: float = 30.0) -> LandmarkTrack:
    """Two hands that glide up; the right one is lost half way."""
    times = np.arange(pictures) / fps
    rng = np.random.default_rng(2)
    shape = rng.uniform(-30, 30, (21, 2))
    way = np.column_stack([np.full(pictures, 0.0), -3.0 * np.arange(pictures)])
    places: dict[Side, Any] = {
        "left": shape + way[:, None] + (520.0, 480.0),
        "right": shape + way[:, None] + (760.0, 480.0),
    }
    places["right"][pictures // 2 :] = np.nan
    seen: dict[Side, Any] = {side: ~np.isnan(places[side][:, 0, 0]) for side in SIDES}
    return LandmarkTrack((1280, 720), times, places, seen, np.zeros((pictures, 2)))
