"""Finding the back by touch: both hands rest on named places in turn."""

from typing import Final

import numpy as np

from sessions.guided.look import Answer, Look, notice, tone
from sessions.guided.postures import Rested, hold_of, in_place, settle_hold
from sessions.guided.ring import Ring, ring_around
from sessions.guided.scene import Say
from vision.arrays import Floats
from vision.calibration import Calibration
from vision.errors import CalibrationError
from vision.hand_calibration import calibrate_by_settle
from vision.touch import PLACES_BACK, Place, calibrate_by_touch

HOLD_S: Final = 2.0
SETTLE_HOLD_S: Final = 3.0
"""Who lays the hands on nape and waist instead keeps them there a little longer, so that nobody is
taken by this way on the way to a place."""

REMIND_S: Final = 12.0
"""What to do is said again after so long without a touch."""
MOST_REMINDERS: Final = 1
"""After so many the places that were touched are taken to be wrong, and all begin again."""

PLACES: Final = tuple(PLACES_BACK)


class TouchStage:
    """Asks for one place after the other; gives the calibration when it has them all."""

    def __init__(self, image_size: tuple[int, int], path_back: Floats) -> None:
        """`path_back` (N, 2) is the right hand's closed path on the chart."""
        self._size = image_size
        self._path = path_back
        self._rests: dict[Place, Rested] = {}
        self._ring = Ring(HOLD_S)
        self._settle_ring = Ring(SETTLE_HOLD_S)
        self._asked_s: float | None = None
        self._reminders = 0

    @property
    def low(self) -> Rested | None:
        """The hands on the lower back, once they were there: place, direction and size."""
        return self._rests.get("lower_back")

    def step(self, look: Look) -> Answer:
        """Take the next moment; `found` is set once, when all places were touched."""
        place = self._place
        rested = in_place(place, look.hands, self._rests)
        self._ring.step(look, None if rested is None else rested.marks_px)
        if self._ring.is_full and rested is not None:
            return self._touched(place, rested, look)
        if not self._rests:
            found = self._by_settle(look)
            if found is not None:
                return self._found(found, look)
        says = self._remind(look)
        share = max(self._ring.share, self._settle_ring.share)
        return Answer(self._task, says=says, hold=ring_around(look.hands, share))

    @property
    def _place(self) -> Place:
        return PLACES[min(len(self._rests), len(PLACES) - 1)]

    @property
    def _task(self) -> str:
        return f"guide.touch_{self._place}"

    def _touched(self, place: Place, rested: Rested, look: Look) -> Answer:
        hold = ring_around(look.hands, 1.0)
        self._rests[place] = Rested(self._ring.rested(), rested.up)
        self._begin_ring(look)
        if len(self._rests) < len(PLACES):
            return Answer(self._task, says=(tone(look, "tone.got_it"),), hold=hold)
        palms = {name: rest.palms_px for name, rest in self._rests.items()}
        hand_px = max(rest.hand_px for rest in self._rests.values())
        try:
            found = calibrate_by_touch(palms, hand_px, self._size)
        except CalibrationError as error:
            return self._refused(error, look)
        return self._found(found, look)

    def _by_settle(self, look: Look) -> Calibration | None:
        """The third way: one hand on the nape, the other on the waist."""
        held = settle_hold(look.hands)
        marks = None if held is None else _in_order(look, held.nape.palm_px)
        self._settle_ring.step(look, marks)
        if not self._settle_ring.is_full:
            return None
        hold = hold_of(self._settle_ring.rested())
        self._settle_ring.empty()
        try:
            return None if hold is None else calibrate_by_settle(hold, self._size, self._path)
        except CalibrationError:  # Two hands at rest elsewhere: no back fits in the picture there.
            return None

    def _found(self, found: Calibration, look: Look) -> Answer:
        return Answer(
            self._task,
            "confirm",
            (tone(look, "tone.got_it"),),
            ring_around(look.hands, 1.0),
            found=found,
        )

    def _refused(self, error: CalibrationError, look: Look) -> Answer:
        self._rests.clear()
        return Answer(self._task, says=(notice(look, "notice.touch_refused", reason=str(error)),))

    def _remind(self, look: Look) -> tuple[Say, ...]:
        if self._asked_s is None or self._ring.share > 0.0:
            self._asked_s = look.time_s if self._asked_s is None else self._asked_s
            return ()
        if look.time_s - self._asked_s < REMIND_S:
            return ()
        self._asked_s = look.time_s
        self._reminders += 1
        if self._rests and self._reminders > MOST_REMINDERS:
            self._rests.clear()
            self._begin_ring(look)
            return (notice(look, "notice.touch_again"),)
        return (Say(look.time_s, "task", self._task),)

    def _begin_ring(self, look: Look) -> None:
        self._ring.empty()
        self._settle_ring.empty()
        self._asked_s, self._reminders = look.time_s, 0


def _in_order(look: Look, nape_px: Floats) -> Floats:
    """(2, 21, 2) the hand on the nape first, so that the hands keep their order."""
    first, second = look.hands
    near = np.linalg.norm(first.palm_px - nape_px) < np.linalg.norm(second.palm_px - nape_px)
    order = (first, second) if near else (second, first)
    return np.array([hand.landmarks_px for hand in order])
