"""A store with a school's year in it, and how long its questions take.

    python benchmarks/store_load.py [--sessions 2000] [--learners 20] [--url URL] [--keep FOLDER]

Fills a store with sessions of five minutes and some ten strokes each, spread over a year in which
everybody gets better, with what two instructors said of a part of them. Then asks what the pages
ask, each several times, and prints the median and the slowest. `--keep` leaves the store in a
folder, to open the app on it.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.machine import machine
from routines.path import path_back
from routines.reps import Check, PhaseSpan, Rep
from routines.routine import Routine, load_routine
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    Unseen,
    VideoFacts,
)
from sessions.store.store import Store, open_store
from sessions.store.values import LandmarkTrack, Person, SessionDraft, SessionFilter, Word
from vision.arrays import Floats
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.hands import SIDES, Side
from vision.samples import BackScale

BEGIN = datetime(2025, 9, 1, 17, tzinfo=UTC)
YEAR_S = 365 * 24 * 3600.0
NAMES = (
    "Ada", "Ben", "Chiara", "Deniz", "Elif", "Finn", "Greta", "Hana", "Ines", "Jonas",
    "Kaito", "Lena", "Mila", "Noah", "Olga", "Paul", "Quirin", "Rosa", "Sofia", "Tim",
)  # fmt: skip

SCALE = BackScale(u_cm=19.5, v_cm=42.0, shoulder_line_v=0.8, assumed=True)
CALIBRATION = Calibration(
    (640, 480),
    {
        "nape": (320.0, 70.0),
        "waist": (320.0, 400.0),
        "left_shoulder": (190.0, 140.0),
        "right_shoulder": (450.0, 140.0),
    },
)
PALM_HZ = 10.0
LANDMARK_HZ = 15.0


@dataclass(frozen=True)
class Hands:
    """What every session's hands are made of."""

    routine: Routine
    back_frame: BackFrame
    loops: dict[Side, Floats]
    """The ideal way of each hand on the chart."""


def fill(store: Store, sessions: int, learners: int, landmarks_every: int = 20) -> None:
    """Keep so many sessions of so many learners; every so-many-th with its landmarks."""
    chance = random.Random(5)
    routine = load_routine()
    loops = {side: path_back(routine, side) for side in SIDES}
    hands = Hands(routine, fit_back_frame(CALIBRATION), loops)
    people = [store.add_person(_name(index), "learner") for index in range(learners)]
    teachers = [store.add_person(name, "instructor") for name in ("Uta Lind", "Viktor Rau")]
    for index in range(sessions):
        share = index / sessions
        learner = people[chance.randrange(learners)]
        draft = _draft(chance, hands, share, learner, with_landmarks=index % landmarks_every == 0)
        session_id = store.add_session(draft)
        if chance.random() < 0.6:
            _teach(store, chance, session_id, draft.review.reps, chance.choice(teachers))


def _name(index: int) -> str:
    surname = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(7 * index) % 26]
    return f"{NAMES[index % len(NAMES)]} {surname}."


def _draft(
    chance: random.Random, hands: Hands, share: float, learner: Person, *, with_landmarks: bool
) -> SessionDraft:
    started = BEGIN + timedelta(seconds=share * YEAR_S + chance.uniform(0, 3600))
    reps = tuple(_reps(chance, hands.routine, skill=0.35 + 0.5 * share))
    duration_s = reps[-1].end_s + 20.0
    live = chance.random() < 0.5
    review = Review(
        video=VideoFacts(
            f"{started:%Y-%m-%d}.mp4", "0" * 64, 640, 480, duration_s, int(30 * duration_s), 1.0
        ),
        routine=RoutineRef(hands.routine.id, hands.routine.version),
        calibration=CalibrationFacts("points", CALIBRATION.points_px, 1.2),
        tracking=TrackingFacts(0.93, 0.97, 0.03),
        settle=None,
        reps=reps,
        unseen=(Unseen(3.0, 4.5, "left"),),
        warnings=(),
        paths={side: _path(hands.loops[side], reps) for side in SIDES},
        scale=SCALE,
    )
    return SessionDraft(
        kind="live" if live else "recorded",
        started=started,
        review=review,
        calibration=CALIBRATION,
        landmarks=_landmarks(hands, reps) if with_landmarks else None,
        learner_id=learner.id,
        goal=10 if live else None,
        felt_evenness=chance.randint(1, 5) if live else None,
    )


def _reps(chance: random.Random, routine: Routine, skill: float) -> Iterator[Rep]:
    """Attempts as they come in practice: fewer faults and an evener pace with more skill."""
    at_s = 30.0
    for index in range(1, chance.randint(7, 12) + 1):
        lasts_s = max(3.0, chance.gauss(11.0, 3.0 * (1.1 - skill)))
        phases, phase_s = [], at_s
        for phase in routine.phases:
            end_s = phase_s + phase.share * lasts_s
            phases.append(PhaseSpan(phase.name, phase_s, end_s))
            phase_s = end_s
        checks = tuple(_check(chance, code, skill, at_s) for code in routine.faults)
        broken = any(
            check.outcome == "fault" and routine.faults[check.code].kind == "path"
            for check in checks
        )
        yield Rep(index, at_s, phase_s, not broken, tuple(phases), checks, 0.04, 100 * skill)
        at_s = phase_s + chance.uniform(0.5, 12.0)


def _check(chance: random.Random, code: str, skill: float, at_s: float) -> Check:
    if chance.random() < 0.06:
        return Check(code, "not_seen", at_s, at_s + 8)
    if chance.random() < 0.16 * (1.05 - skill):
        return Check(code, "fault", at_s + 1, at_s + 2, "left", chance.uniform(0.3, 0.9), 1.0, "s")
    return Check(code, "fine", at_s, at_s + 8, None, chance.uniform(1.0, 2.0), 1.0, "s")


def _places(loop: Floats, reps: Sequence[Rep], rate_hz: float) -> tuple[Floats, Floats]:
    """(N,) seconds and (N, 2) places of a palm that goes round the loop in each attempt."""
    time_s = np.arange(0.0, reps[-1].end_s + 20.0, 1 / rate_hz)
    starts = np.array([rep.start_s for rep in reps])
    ends = np.array([rep.end_s for rep in reps])
    now = np.clip(np.searchsorted(starts, time_s) - 1, 0, None)
    share = np.clip((time_s - starts[now]) / (ends[now] - starts[now]), 0, 1)
    at = share * (len(loop) - 1)
    places = np.column_stack([np.interp(at, np.arange(len(loop)), line) for line in loop.T])
    return time_s, places


def _path(loop: Floats, reps: Sequence[Rep]) -> HandPath:
    time_s, places = _places(loop, reps, PALM_HZ)
    return HandPath(time_s, places, np.ones(len(time_s), np.bool_))


def _landmarks(hands: Hands, reps: Sequence[Rep]) -> LandmarkTrack:
    """Hands as large as a hand, with the grain of a tracker."""
    grain = np.random.default_rng(len(reps))
    marks: dict[Side, Floats] = {}
    for side in SIDES:
        time_s, places = _places(hands.loops[side], reps, LANDMARK_HZ)
        shape = np.random.default_rng(2).normal(0, 18, (1, 21, 2))
        palms = hands.back_frame.to_image(places)[:, None, :]
        marks[side] = palms + shape + grain.normal(0, 0.6, (len(time_s), 21, 2))
    seen = {side: np.ones(len(time_s), np.bool_) for side in SIDES}
    return LandmarkTrack((640, 480), time_s, marks, seen, np.zeros((len(time_s), 2)))


def _teach(
    store: Store, chance: random.Random, session_id: str, reps: Sequence[Rep], teacher: Person
) -> None:
    """Two comments, and a word on a part of the faults and the reps."""
    for rep in chance.sample(reps, 2):
        store.comment(session_id, teacher.id, rep.start_s + 2, "Lead with the whole hand.")
    for rep in reps[::3]:
        for fault in rep.faults[:2]:
            word: Word = "right" if chance.random() < 0.9 else "wrong"
            span = (fault.start_s, fault.end_s)
            store.verdict(session_id, teacher.id, word, *span, fault.code, fault.hand)
        store.verdict(
            session_id,
            teacher.id,
            "counts" if rep.counted else "does_not_count",
            rep.start_s,
            rep.end_s,
        )
    if chance.random() < 0.3:
        rep = chance.choice(reps)
        store.correct(session_id, teacher.id, rep.start_s, rep.end_s, rep.phases)
    store.set_looked_at(session_id, True, teacher.id)


def questions(store: Store) -> dict[str, Callable[[], object]]:
    """What the pages ask."""
    lines = store.sessions()
    learner = store.people("learner")[0]
    kept = next(line.id for line in lines if line.has_landmarks)
    half_year = BEGIN + timedelta(days=180)
    return {
        "all lines": store.sessions,
        "one page of 50 lines": lambda: store.sessions(limit=50),
        "the last page of 50": lambda: store.sessions(limit=50, offset=len(lines) - 50),
        "one learner's lines": lambda: store.sessions(SessionFilter(learner_id=learner.id)),
        "waiting to be looked at": lambda: store.sessions(SessionFilter(waiting=True), limit=50),
        "with one fault": lambda: store.sessions(SessionFilter(fault="on_spine"), limit=50),
        "count of a text": lambda: store.count_sessions(SessionFilter(text="ada")),
        "half a year": lambda: store.sessions(SessionFilter(since=half_year)),
        "people": store.people,
        "all that was taught": store.taught,
        "one session": lambda: store.session(kept),
        "its landmarks": lambda: store.landmarks(kept),
    }


def _time(store: Store, times: int) -> None:
    print(machine())
    print(f"{'':28}{'median':>10}{'slowest':>10}")
    for name, ask in questions(store).items():
        took_ms = []
        for _ in range(times):
            begun = time.perf_counter()
            ask()
            took_ms.append(1000 * (time.perf_counter() - begun))
        print(f"{name:28}{statistics.median(took_ms):7.1f} ms{max(took_ms):7.1f} ms")


def main() -> None:
    """Fill a store, ask, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--url", default="", help="another database than a file of its own")
    parser.add_argument("--keep", type=Path, help="folder in which the store stays")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.keep or Path(made)
        with open_store(chosen.url, folder=folder) as store:
            if store.count_sessions() == 0:
                begun = time.perf_counter()
                fill(store, chosen.sessions, chosen.learners)
                print(f"filled in {time.perf_counter() - begun:.0f} s")
            _time(store, chosen.times)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{chosen.sessions} sessions take {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
