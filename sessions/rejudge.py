"""Judges a session again from its landmarks, without its pictures, and says what that changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from routines.engine import Engine
from routines.reps import Rep
from routines.routine import Routine
from sessions.matching import fault_codes, matched
from sessions.record import Review, RoutineRef
from sessions.recorder import Recorder
from sessions.store.values import Changes, Judged, LandmarkTrack
from vision.back_frame import fit_back_frame
from vision.calibration import Calibration
from vision.hands import HandPair, Side, TrackedHand

TELL_EVERY: Final = 300
"""Frames between two words on how far it is: some ten seconds of a session."""


def judged_again(
    review: Review,
    track: LandmarkTrack,
    calibration: Calibration,
    routine: Routine,
    on_progress: Callable[[float], None] | None = None,
) -> Review:
    """The review as this engine and this routine have it.

    What the tracker saw stays: the hands, what was not seen, the warnings. `calibration` is for
    pictures of the track's size. `on_progress` is called now and then with the share that is done;
    an hour takes a minute or two. Raises `CalibrationError` where no chart can be fitted.
    """
    back_frame = fit_back_frame(calibration.fitted_to(*track.image_size))
    engine = Engine(routine, back_frame.scale, foresees=False)
    record = Recorder()
    for index, pair in enumerate(pairs_on_chart(track)):
        record.take(engine.step(back_frame.sample(pair)))
        if on_progress is not None and index % TELL_EVERY == 0:
            on_progress(index / len(track.time_s))
    record.take(engine.finish())
    return replace(
        review,
        routine=RoutineRef(routine.id, routine.version),
        settle=record.settle,
        reps=tuple(record.reps),
        scale=back_frame.scale,
    )


def pairs_on_chart(track: LandmarkTrack) -> Iterator[HandPair]:
    """The hands of each frame where they would be had the camera not drifted."""
    for index, time_s in enumerate(track.time_s.tolist()):
        yield HandPair(time_s, _hand(track, index, "left"), _hand(track, index, "right"))


def _hand(track: LandmarkTrack, index: int, side: Side) -> TrackedHand | None:
    marks_px = track.landmarks_px[side][index] - track.drift_px[index]
    if not np.isfinite(marks_px).all():
        return None
    return TrackedHand(marks_px, bool(track.observed[side][index]))


def changes(before: Judged, old: Sequence[Rep], after: Judged, new: Sequence[Rep]) -> Changes:
    """What became of each rep's faults; reps are the same where they share half of their time."""
    pairs = matched(old, new)
    was, now = dict(pairs), {j: i for i, j in pairs}
    return Changes(
        before=before,
        after=after,
        count=(sum(rep.counted for rep in old), sum(rep.counted for rep in new)),
        attempts=(len(old), len(new)),
        gone=tuple(_only_in(old, new, was)),
        new=tuple(_only_in(new, old, now)),
    )


def _only_in(
    these: Sequence[Rep], others: Sequence[Rep], partner: Mapping[int, int]
) -> Iterator[tuple[int, str]]:
    """Number of the rep and code of each fault that its partner among the others lacks."""
    for place, rep in enumerate(these):
        other = others[partner[place]] if place in partner else None
        known = frozenset() if other is None else fault_codes(other)
        yield from ((rep.index, code) for code in sorted(fault_codes(rep) - known))
