"""What is kept of a practised session: its figures and where the hands were, never a picture."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, cast

from routines.coaching import Cue
from routines.reps import Event, Hand
from routines.routine import Routine
from sessions.coach import Moment
from sessions.keep import LandmarkKeeper, draft_of_review
from sessions.record import CalibrationFacts, Review, RoutineRef, VideoFacts
from sessions.recorder import Recorder
from sessions.store.values import LandmarkTrack, SessionDraft
from vision.back_frame import fit_back_frame
from vision.calibration import Calibration

if TYPE_CHECKING:  # It needs the recorder.
    from sessions.guided.scene import Say

NO_FILE: Final = hashlib.sha256(b"").hexdigest()
"""There is no recording: this is the digest of nothing."""


class Follower(Protocol):
    """Is told all that a recorder takes, in the same order. Called at every frame: do little."""

    def knows(self, calibration: Calibration) -> None:
        """From the next moment on the back lies there."""

    def sees(self, moment: Moment) -> None:
        """The next moment; its events come by themselves."""

    def takes(self, events: Sequence[Event]) -> None:
        """What was decided."""

    def hears(self, cue: Cue) -> None:
        """A cue was given."""


class PracticeRecorder(Recorder):
    """Gathers a practised session's strokes: figures, ways, and both hands."""

    follower: Follower | None = None
    """Whoever keeps up with it, from before its first moment on."""

    def __init__(self) -> None:
        super().__init__()
        self.calibration: Calibration | None = None
        """By which the strokes were judged; the newest one."""
        self._keeper = LandmarkKeeper()
        self._mixed = False

    def know(self, calibration: Calibration) -> None:
        """From the next moment on the back lies there."""
        self._mixed = self._mixed or (self.frames > 0 and calibration != self.calibration)
        self.calibration = calibration
        if self.follower is not None:
            self.follower.knows(calibration)

    def step(self, moment: Moment) -> None:
        """Take the next moment."""
        if self.follower is not None:
            self.follower.sees(moment)
        super().step(moment)
        self._keeper.step(moment)

    def take(self, events: Iterable[Event]) -> None:
        """Take events that came without a frame, from the session's end."""
        events = tuple(events)
        super().take(events)
        if events and self.follower is not None:
            self.follower.takes(events)

    def hear(self, cues: Iterable[Cue]) -> None:
        """The cues that were given; they are not judged by."""
        if self.follower is not None:
            for cue in cues:
                self.follower.hears(cue)

    def landmarks(self) -> LandmarkTrack | None:
        """Both hands over the strokes; None where there were none.

        None also where the back was found anew between strokes: places of two calibrations can't be
        judged again by one.
        """
        if self.calibration is None or self._mixed:
            return None
        return self._keeper.track(self.calibration.image_size)


def cues_of(says: Iterable["Say"]) -> tuple[Cue, ...]:
    """The cues among all that was said."""
    return tuple(
        Cue(say.time_s, say.key, cast("Hand | None", say.values.get("hand")))
        for say in says
        if say.kind == "cue"
    )


def draft_of_practice(
    recorder: PracticeRecorder,
    routine: Routine | RoutineRef,
    *,
    started: datetime,
    goal: int,
    cues: Sequence[Cue] = (),
    learner_id: str | None = None,
    felt_evenness: int | None = None,
) -> SessionDraft | None:
    """A practised session to be kept, once it is over; None where no stroke was tried.

    Asks the recorder for its gaps, which it tells once. Raises `CalibrationError`.
    """
    calibration = recorder.calibration
    if calibration is None or not recorder.reps:
        return None
    return draft_of_review(
        _review(recorder, routine, calibration),
        recorder.landmarks(),
        calibration,
        started=started,
        kind="live",
        learner_id=learner_id,
        goal=goal,
        cues=cues,
        felt_evenness=felt_evenness,
    )


def _review(
    recorder: PracticeRecorder, routine: Routine | RoutineRef, calibration: Calibration
) -> Review:
    width, height = calibration.image_size
    back_frame = fit_back_frame(calibration)
    return Review(
        video=VideoFacts("practice", NO_FILE, width, height, recorder.last_s, recorder.frames, 1.0),
        routine=RoutineRef(routine.id, routine.version),
        calibration=CalibrationFacts(calibration.source, calibration.points_px, back_frame.rms_px),
        tracking=recorder.tracking(),
        settle=recorder.settle,
        reps=tuple(recorder.reps),
        unseen=recorder.unseen(),
        warnings=(),
        paths=recorder.paths(),
        scale=back_frame.scale,
    )
