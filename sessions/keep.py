"""Makes of a session what the store keeps: the hands as they are watched, and the draft at the end.

>>> keeper = LandmarkKeeper()
>>> review = review_recording(path, calibration, routine, on_moment=keeper.step)
>>> size = (review.video.width, review.video.height)
>>> draft = draft_of_review(
...     review, keeper.track(size), calibration, started=started, kind="recorded"
... )
"""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import numpy as np

from routines.coaching import Cue
from sessions.coach import Moment
from sessions.record import Review
from sessions.store.values import Kind, LandmarkTrack, SessionDraft
from vision.calibration import Calibration
from vision.hands import SIDES, Side

MARKS: Final = 21

UNKNOWN: Final = [float("nan")] * (2 * MARKS)


class LandmarkKeeper:
    """Steps a session's moments; afterwards holds both hands over all of it.

    About 10 kB a second of 30 frames: a session of an hour takes 36 MB of memory. Feed it the
    moments of one `Coach` from its first on, as another calibration makes other places of them.
    """

    def __init__(self) -> None:
        self._time_s = array("d")
        self._drift_px = array("d")
        self._marks_px: Mapping[Side, array[float]] = {side: array("f") for side in SIDES}
        self._observed: Mapping[Side, array[int]] = {side: array("b") for side in SIDES}

    def step(self, moment: Moment) -> None:
        """Take the next moment."""
        self._time_s.append(moment.time_s)
        self._drift_px.extend(moment.drift_px)
        for side in SIDES:
            hand = moment.pair.side(side)
            self._marks_px[side].extend(
                UNKNOWN if hand is None else hand.landmarks_px.ravel().tolist()
            )
            self._observed[side].append(hand is not None and hand.observed)

    def track(self, image_size: tuple[int, int]) -> LandmarkTrack | None:
        """What was seen in pictures of this size; None where no hand was, ever."""
        marks = {side: np.array(self._marks_px[side]) for side in SIDES}
        if not any(np.isfinite(one).any() for one in marks.values()):
            return None
        return LandmarkTrack(
            image_size=image_size,
            time_s=np.array(self._time_s),
            landmarks_px=marks,
            observed={side: np.array(self._observed[side], np.bool_) for side in SIDES},
            drift_px=np.array(self._drift_px),
        )


def draft_of_review(
    review: Review,
    landmarks: LandmarkTrack | None,
    calibration: Calibration | None,
    *,
    started: datetime,
    kind: Kind,
    learner_id: str | None = None,
    goal: int | None = None,
    cues: Sequence[Cue] = (),
    felt_evenness: int | None = None,
) -> SessionDraft:
    """A session to be kept; its calibration is made to fit the pictures that were watched.

    Raises `CalibrationError` where it can't be one of these pictures.
    """
    size = (review.video.width, review.video.height)
    return SessionDraft(
        kind=kind,
        started=started,
        review=review,
        calibration=None if calibration is None else calibration.fitted_to(*size),
        landmarks=landmarks,
        learner_id=learner_id,
        goal=goal,
        cues=tuple(cues),
        felt_evenness=felt_evenness,
    )
