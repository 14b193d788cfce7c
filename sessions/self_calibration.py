"""A recording's calibration from the giver's own hands, for when nobody set the points."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from routines.path import path_back
from routines.routine import Routine
from sessions.coach import region_of
from sessions.review import Progress
from vision.calibration import Calibration
from vision.errors import CalibrationError
from vision.frames import Frame
from vision.hand_calibration import calibrate_by_motion, calibrate_by_settle
from vision.hands import DetectedHand
from vision.landmarker import HandLandmarker, LandmarkerHolder
from vision.recording import open_recording
from vision.settle import Hold, Rest, find_hold, looks_around, rests_in
from vision.sightings import Sighting, hand_length_px, traces_of

SAMPLE_S: Final = 60.0
"""So much of a film with hands in it is looked at: several strokes even of a slow giver."""

SETTLE_BY_S: Final = 20.0
"""The hold is looked for in so much of it."""

LONGEST_STEP_S: Final = 0.1
STEP_S: Final = 1 / 15
"""Pictures that follow each other faster are left out: strokes take seconds."""

CHECK_S: Final = 0.5
"""How often a hold is looked for."""

KEPT_FRAMES: Final = 4
MOST_LOOKS: Final = 3
"""How many resting hands are searched around."""

MOVED_LENGTHS: Final = 0.15
"""A hand that moves less than this (hand's lengths) between kept frames rests."""


def calibrate_recording(
    path: Path,
    routine: Routine,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    with_share: bool = False,
) -> Calibration:
    """The best calibration that the hands in a recording give: by settle hold, or by motion.

    Raises CalibrationError where they do not tell enough. See `search_recording`.
    """
    return search_recording(path, routine, on_progress, with_share=with_share).result()


def search_recording(
    path: Path,
    routine: Routine,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    with_share: bool = False,
) -> "HandSearch":
    """What the hands in a recording tell.

    Looks at no more than `SAMPLE_S` of it in which hands are seen. `on_progress` is called
    after every picture; `with_share` of all that is looked at, and not for a bar of the whole
    review, which would run twice.
    """
    with ExitStack() as held:
        reader = held.enter_context(open_recording(path))
        size = (reader.info.width, reader.info.height)
        search = held.enter_context(HandSearch(size, routine))
        for frame in reader:
            search.step(frame)
            if on_progress is not None:
                share = search.share(frame.time_s, reader.info.duration_s) if with_share else None
                on_progress(Progress(share, frame.time_s, frame.index + 1))
            if search.is_full:
                break
        return search


class HandSearch(LandmarkerHolder):
    """Watches hands in pictures of one size until they tell where the back is.

    It looks at the whole picture until a settle hold is found, and then at the square around the
    back that the hold gives. Holds the hand model while it is open.
    """

    def __init__(self, image_size: tuple[int, int], routine: Routine) -> None:
        self._size = image_size
        self._path = path_back(routine, "right")
        self._sightings: list[Sighting] = []
        self._recent: deque[Frame] = deque(maxlen=KEPT_FRAMES)
        self._hold: Hold | None = None
        self._looks = 0
        self._seen_s = 0.0
        self._checked_s = 0.0
        self._last_s: float | None = None
        self._landmarker = HandLandmarker()
        super().__init__(self._landmarker)

    @property
    def is_full(self) -> bool:
        """Whether enough was seen."""
        return self._seen_s >= SAMPLE_S

    def share(self, time_s: float, duration_s: float | None) -> float:
        """What share of the looking is done, 0 to 1: it ends with the sample or the recording."""
        of_recording = time_s / duration_s if duration_s else 0.0
        return min(1.0, max(self._seen_s / SAMPLE_S, of_recording))

    def step(self, frame: Frame) -> None:
        """Take the next picture; times must rise."""
        if self._last_s is not None and frame.time_s - self._last_s < STEP_S - 0.005:
            return
        step_s = 0.0 if self._last_s is None else min(frame.time_s - self._last_s, LONGEST_STEP_S)
        self._last_s = frame.time_s
        hands = self._landmarker.detect(frame)
        if not hands:
            return
        self._seen_s += step_s
        self._sightings.append(Sighting(frame.time_s, hands))
        if self._hold is None and self._seen_s <= SETTLE_BY_S:
            self._recent.append(frame)
            if frame.time_s - self._checked_s >= CHECK_S:
                self._checked_s = frame.time_s
                self._look_for_hold()

    def result(self) -> Calibration:
        """What the hands have told so far. Raises CalibrationError where that is too little."""
        return self._by_motion() if self._hold is None else self._by_settle(self._hold)

    def results(self) -> tuple[Calibration, ...]:
        """What each source has told so far, the best first; those that told too little left out."""
        found = []
        with suppress(CalibrationError):
            found.append(self.result())
        if self._hold is not None and all(one.source == "settle" for one in found):
            with suppress(CalibrationError):
                found.append(self._by_motion())
        return tuple(found)

    def _by_settle(self, hold: Hold) -> Calibration:
        return calibrate_by_settle(hold, self._size, self._path, traces_of(self._sightings))

    def _by_motion(self) -> Calibration:
        return calibrate_by_motion(traces_of(self._sightings), self._size, self._path)

    def _look_for_hold(self) -> None:
        rests = rests_in(traces_of(self._sightings))
        hold = find_hold(rests)
        if hold is None and self._looks < MOST_LOOKS:
            hold = self._look_around(rests)
        if hold is None:
            return
        try:
            rough = calibrate_by_settle(hold, self._size, self._path)
        except CalibrationError:  # Two hands at rest elsewhere: no back fits in the picture there.
            return
        self._hold = hold
        self._recent.clear()
        self._landmarker = HandLandmarker(region=region_of(rough))
        self._hold_open(self._landmarker)

    def _look_around(self, rests: Sequence[Rest]) -> Hold | None:
        """Searches for the other hand of a hold around one that rests right now."""
        now_s = self._sightings[-1].time_s
        for rest in rests:
            if now_s - rest.end_s < 2 * STEP_S + 0.1 and len(self._recent) == KEPT_FRAMES:
                self._looks += 1
                return _other_half(rest, tuple(self._recent))
        return None


def _other_half(rest: Rest, frames: Sequence[Frame]) -> Hold | None:
    """The hold that a resting hand is half of, if its other half is found in all of the frames."""
    for region in looks_around(rest):
        with HandLandmarker(region=region) as landmarker:
            found = [landmarker.detect(frame) for frame in frames]
        others = [
            [hand for hand in hands if np.linalg.norm(hand.palm_px - rest.palm_px) > rest.length_px]
            for hands in found
        ]
        other = _resting([hands[0] for hands in others if hands], rest)
        hold = None if other is None else find_hold((rest, other))
        if hold is not None:
            return hold
    return None


def _resting(hands: Sequence[DetectedHand], beside: Rest) -> Rest | None:
    """The same hand in `KEPT_FRAMES` pictures, resting as long as the one beside it."""
    if len(hands) < KEPT_FRAMES:
        return None
    lengths = [hand_length_px(hand) for hand in hands]
    steps = [float(np.linalg.norm(b.palm_px - a.palm_px)) for a, b in pairwise(hands)]
    if max(steps) > MOVED_LENGTHS * min(lengths):
        return None
    marks = np.median([hand.landmarks_px for hand in hands], axis=0)
    pointing = marks[9] - marks[0]
    return replace(
        beside,
        palm_px=np.median([hand.palm_px for hand in hands], axis=0),
        pointing=pointing / np.linalg.norm(pointing),
        length_px=float(np.median(lengths)),
    )
