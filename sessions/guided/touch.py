"""Finding the back by touch: both hands rest on named places in turn.

The eyes look where the back must be once both hands were on the lower back, and closely where each
hand must be on the shoulders. Shoulders on which the hands are not seen are done without, with a
word of it. Who can't be seen on the lower back or the neck hears of the other ways: the settle hold
works at any time, and points can be clicked.
"""

from typing import Final

import numpy as np

from sessions.guided.look import Answer, Look, notice, tone
from sessions.guided.postures import Rested, hold_of, in_place, settle_hold
from sessions.guided.ring import Ring, ring_around
from sessions.guided.scene import Say
from sessions.guided.search import Aim, Spot
from vision.arrays import Floats
from vision.calibration import Calibration
from vision.errors import CalibrationError
from vision.hand_calibration import calibrate_by_settle
from vision.region import Region
from vision.touch import PLACES_BACK, Place, TouchedBack, find_back

HOLD_S: Final = 2.0
SETTLE_HOLD_S: Final = 3.0
"""Who lays the hands on nape and waist instead keeps them there a little longer, so that nobody is
taken by this way on the way to a place."""

REMIND_S: Final = 12.0
"""After so long without a touch something is said: what to do once more, then another way. The
places that were touched are then taken to be wrong, and all begin again."""

PLACES: Final = tuple(PLACES_BACK)

BACK_AHEAD: Final = 1.0
BACK_SIDE: Final = 5.0
"""The square in which the back must be: its middle so far ahead of the hands on the lower back, and
its side, in hand's lengths."""


class TouchStage:
    """Asks for one place after the other; gives the calibration when it has them all."""

    def __init__(self, image_size: tuple[int, int], path_back: Floats) -> None:
        """`path_back` (N, 2) is the right hand's closed path on the chart."""
        self._size = image_size
        self._path = path_back
        self._rests: dict[Place, Rested] = {}
        self._rough: TouchedBack | None = None
        self._square: Region | None = None
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
        hand_px = None if self.low is None else self.low.hand_px
        self._ring.step(look, None if rested is None else rested.marks_px, hand_px)
        if self._ring.is_full and rested is not None:
            return self._touched(place, rested, look)
        if self._rough is not None:
            if self._waited(look):
                return self._without_shoulders(self._rough, look)
        elif (found := self._by_settle(look)) is not None:
            return self._found(found, look)
        says = self._remind(look)
        share = max(self._ring.share, self._settle_ring.share)
        aim = self._aim(rested is not None or self._settle_ring.share > 0)
        return Answer(self._task, says=says, hold=ring_around(look.hands, share), aim=aim)

    @property
    def _place(self) -> Place:
        return PLACES[min(len(self._rests), len(PLACES) - 1)]

    @property
    def _task(self) -> str:
        return f"guide.touch_{self._place}"

    def _aim(self, found: bool) -> Aim:
        if self.low is None or self._rough is None:
            return Aim(found, self._square)
        up, hand_px = self.low.up, self.low.hand_px
        spots = tuple(Spot(palm_px, up, hand_px) for palm_px in self._rough.shoulders_px)
        return Aim(found, self._square, spots)

    def _touched(self, place: Place, rested: Rested, look: Look) -> Answer:
        hold = ring_around(look.hands, 1.0)
        self._rests[place] = touched = Rested(self._ring.rested(), rested.up)
        self._begin_ring(look)
        if place == PLACES[0]:
            middle = touched.middle_px + BACK_AHEAD * touched.hand_px * touched.up
            self._square = Region(middle, touched.up, BACK_SIDE * touched.hand_px)
        else:
            try:
                self._rough = self._find()
            except CalibrationError as error:
                return self._refused(error, look)
            if len(self._rests) == len(PLACES):
                return self._found(self._rough.calibration, look)
        said = (tone(look, "tone.got_it"),)
        return Answer(self._task, says=said, hold=hold, aim=self._aim(False))

    def _find(self) -> TouchedBack:
        palms = {name: rest.palms_px for name, rest in self._rests.items()}
        hand_px = max(rest.hand_px for rest in self._rests.values())
        return find_back(palms, hand_px, self._size)

    def _without_shoulders(self, rough: TouchedBack, look: Look) -> Answer:
        said = (notice(look, "notice.touch_no_shoulders"),)
        return Answer(self._task, "confirm", said, found=rough.calibration)

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
        self._begin_anew()
        return Answer(self._task, says=(notice(look, "notice.touch_refused", reason=str(error)),))

    def _begin_anew(self) -> None:
        self._rests.clear()
        self._ring.empty()
        self._rough = self._square = None

    def _waited(self, look: Look) -> bool:
        """Whether nothing came of what was asked for some time."""
        if self._asked_s is None or max(self._ring.share, self._settle_ring.share) > 0.0:
            self._asked_s = look.time_s if self._asked_s is None else self._asked_s
            return False
        return look.time_s - self._asked_s >= REMIND_S

    def _remind(self, look: Look) -> tuple[Say, ...]:
        if not self._waited(look):
            return ()
        self._asked_s = look.time_s
        self._reminders += 1
        if self._reminders % 2 == 1:
            return (Say(look.time_s, "task", self._task),)
        self._begin_anew()
        return (notice(look, "notice.touch_other_ways"),)

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
