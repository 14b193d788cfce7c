"""What the store keeps, as frozen values: nobody outside this package sees a table's row.

Times of a session are seconds of media time; dates and times of day are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from routines.coaching import Cue
from routines.reps import Hand, PhaseSpan
from sessions.record import Review
from vision.arrays import Floats, readonly
from vision.calibration import Calibration
from vision.hands import SIDES, Side

Role = Literal["learner", "instructor"]
Kind = Literal["live", "recorded"]

Word = Literal["right", "wrong", "missed", "counts", "does_not_count"]
"""An instructor's word: a fault is right, wrong, or was missed here; a rep counts or does not.

"missed" without a code is a rep that the machine did not list.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who practises or teaches."""

    id: str
    name: str
    role: Role
    created: datetime


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A line drawn on the picture or the chart."""

    frame: Literal["picture", "chart"]
    """picture: x and y as shares of its width and height, 0 to 1; chart: (u, v)."""
    tool: Literal["line", "arrow", "ring"]
    points: tuple[tuple[float, float], ...]
    """A line's points in order; an arrow's tail and tip; a ring's centre and one point on it."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote, and perhaps drew, at a moment of a session."""

    id: str
    author_id: str
    author: str
    """The author's name."""
    time_s: float
    text: str
    marks: tuple[DrawnMark, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """An instructor's word on a fault or a rep. It stands on its times, so that it outlives a new
    judgement by a newer engine."""

    id: str
    author_id: str
    author: str
    word: Word
    start_s: float
    end_s: float
    code: str | None
    """The fault; None where the word is on a rep."""
    hand: Hand | None
    created: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A rep's boundaries as an instructor set them."""

    id: str
    author_id: str
    author: str
    of_start_s: float
    """Of the rep as the machine had it, to find it again."""
    of_end_s: float
    phases: tuple[PhaseSpan, ...]
    """All phases of the rep; it begins with the first and ends with the last."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """Who judged: an engine and a routine, each with its version."""

    engine: str
    routine_id: str
    routine_version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Pictures:
    """A recording that was kept because somebody asked for it and the partner agreed."""

    path: Path
    forget_on: date
    """On this day it is deleted."""


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkTrack:
    """Both hands over a session, as the tracker gave them: enough to judge it again."""

    image_size: tuple[int, int]
    """(width, height) px."""
    time_s: Floats
    """(N,)"""
    landmarks_px: Mapping[Side, Floats]
    """(N, 21, 2) of each hand, px of the picture; NaN where the hand is not known."""
    observed: Mapping[Side, NDArray[np.bool_]]
    """(N,) of each hand: False where it is not known or was bridged over a short gap."""
    drift_px: Floats
    """(N, 2) how far the picture had moved since the calibration; take it off before judging."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "time_s", readonly(self.time_s))
        object.__setattr__(self, "drift_px", readonly(self.drift_px).reshape(-1, 2))
        landmarks = {side: readonly(self.landmarks_px[side]).reshape(-1, 21, 2) for side in SIDES}
        object.__setattr__(self, "landmarks_px", landmarks)
        observed = {side: np.array(self.observed[side], np.bool_) for side in SIDES}
        for mask in observed.values():
            mask.setflags(write=False)
        object.__setattr__(self, "observed", observed)


@dataclass(frozen=True, slots=True, eq=False)
class SessionDraft:
    """A session to be kept."""

    kind: Kind
    started: datetime
    review: Review
    calibration: Calibration | None
    landmarks: LandmarkTrack | None
    learner_id: str | None = None
    goal: int | None = None
    """Strokes that were aimed at; None for a recording."""
    cues: tuple[Cue, ...] = ()
    felt_evenness: int | None = None
    """The learner's own word on "how even was that?", 1 to 5."""


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list: figures only, so that thousands of them are read in one go."""

    id: str
    kind: Kind
    name: str
    """Of the recording; the date for a live one."""
    started: datetime
    duration_s: float
    learner_id: str | None
    learner: str | None
    goal: int | None
    count: int
    attempts: int
    clean: int
    """Counted reps without any fault, of which enough was seen."""
    evenness: float | None
    """Coefficient of variation of the counted reps' times; None with too few."""
    faults: Mapping[str, int]
    """Reps with each fault, by code."""
    judged: Mapping[str, int]
    """Reps in which each check ended as fine or fault, by code: the others were not seen."""
    comments: int
    verdicts: int
    waiting: bool
    """No instructor has looked at it yet."""
    has_landmarks: bool
    has_pictures: bool
    engine: str


@dataclass(frozen=True, slots=True, eq=False)
class StoredSession:
    """A session with all that is known of it."""

    line: SessionLine
    review: Review
    """As its newest judgement has it."""
    judged: Judged
    calibration: Calibration | None
    cues: tuple[Cue, ...]
    felt_evenness: int | None
    comments: tuple[Comment, ...]
    """In the session's time order."""
    verdicts: tuple[Verdict, ...]
    corrections: tuple[Correction, ...]
    pictures: Pictures | None
    looked_at_by: tuple[str, ...] = ()
    """Ids of the instructors who marked it as looked at, as far as that was noted."""


@dataclass(frozen=True, slots=True)
class JudgedRep:
    """A rep as the machine has it, with no more than its verdicts."""

    start_s: float
    end_s: float
    counted: bool
    phases: tuple[PhaseSpan, ...]
    found: Mapping[str, bool]
    """Whether each fault was found, by code; what could not be seen is absent."""


@dataclass(frozen=True, slots=True)
class TaughtSession:
    """A session that was looked at, with what is needed to set people's words beside the
    machine's: thousands of them are read in one go."""

    line: SessionLine
    reps: tuple[JudgedRep, ...]
    """Empty where nobody said anything: the line tells all then. Only those that somebody corrected
    need their phases."""
    verdicts: tuple[Verdict, ...]
    corrections: tuple[Correction, ...]
    looked_at_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions a list shows; None takes all."""

    learner_id: str | None = None
    kind: Kind | None = None
    waiting: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    fault: str | None = None
    """Sessions with at least one rep with this fault."""
    text: str | None = None
    """Part of the recording's or the learner's name, in any case."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a new judgement changed."""

    before: Judged
    after: Judged
    count: tuple[int, int]
    """Reps that count, before and after."""
    attempts: tuple[int, int]
    gone: tuple[tuple[int, str], ...]
    """Faults that went: number of the rep (as it was before) and code."""
    new: tuple[tuple[int, str], ...]
    """Faults that came: number of the rep (as it is now) and code."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an archive brought that was not there before."""

    people: int
    sessions: int
    remarks: int
    """Comments, verdicts and corrections, also on sessions that were there."""
    pictures: int
    """Recordings."""
    known: int
    """Sessions of the archive that were there already, and stayed as they were."""
