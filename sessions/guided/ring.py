"""Two hands that are asked to rest: a ring that fills while they do, and empties if they do not."""

from typing import Final

import numpy as np

from sessions.guided.look import Look
from sessions.guided.scene import Hold
from vision.arrays import Floats
from vision.hands import PALM, TrackedHand, palm_centre
from vision.sightings import MIDDLE_TIP, WRIST

STILL_LENGTHS: Final = 0.15
"""A resting palm strays no further than this from where it came to rest, in hand's lengths (as for
`vision.settle`: landmarks of a still hand tremble by half of that)."""

EMPTY_S: Final = 1.0
"""A full ring is empty after so long: gently, so that a flicker costs little."""

BEGIN_S: Final = 0.3
"""A rest is one after so long: hands that rub to and fro stand still for less at each turn."""

GRACE_S: Final = 0.3
"""Hands that are not found for so long are still thought to rest."""

RADIUS_LENGTHS: Final = 0.75
"""A ring of this radius, in hand's lengths, goes round a hand and its fingers."""


class Ring:
    """Fills while both hands rest where they should."""

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._share = 0.0
        self._seen_s = float("-inf")
        self._rested_s = 0.0
        self._marks: list[Floats] = []

    @property
    def share(self) -> float:
        """0 to 1."""
        return self._share

    @property
    def is_full(self) -> bool:
        """Whether the hands have rested for long enough."""
        return self._share >= 1.0 - 1e-9

    def step(self, look: Look, marks_px: Floats | None, hand_px: float | None = None) -> None:
        """Take both hands' landmarks (2, 21, 2), or None where they are not in place.

        `hand_px` is a hand's length where it is known better than these hands show it, which may
        be turned away from the camera.
        """
        if marks_px is None:
            self._lose(look)
            return
        self._seen_s = look.time_s
        if not self._marks or not self._rests(marks_px, hand_px):
            self._drain(look)
            self._marks, self._rested_s = [marks_px], 0.0
            return
        self._marks.append(marks_px)
        before_s, self._rested_s = self._rested_s, self._rested_s + look.dt_s
        if self._rested_s < BEGIN_S:
            self._drain(look)
            return
        credit_s = look.dt_s if before_s >= BEGIN_S else self._rested_s
        self._share = min(self._share + credit_s / self._hold_s, 1.0)

    def rested(self) -> Floats:
        """(2, 21, 2) the hands as they rested: the median, so that single slips do not count."""
        rested: Floats = np.median(self._marks, axis=0)
        return rested

    def empty(self) -> None:
        """Begin anew."""
        self._share, self._marks = 0.0, []

    def _rests(self, marks_px: Floats, hand_px: float | None) -> bool:
        began = self._marks[0]
        strayed = np.linalg.norm(_palms(marks_px) - _palms(began), axis=1).max()
        return bool(strayed < STILL_LENGTHS * max(lengths_px(began).max(), hand_px or 0.0))

    def _lose(self, look: Look) -> None:
        if look.time_s - self._seen_s > GRACE_S:
            self._drain(look)
            self._marks = []

    def _drain(self, look: Look) -> None:
        self._share = max(self._share - look.dt_s / EMPTY_S, 0.0)


def lengths_px(marks_px: Floats) -> Floats:
    """(N,) from wrist to middle fingertip of (N, 21, 2) landmarks."""
    lengths: Floats = np.linalg.norm(marks_px[:, MIDDLE_TIP] - marks_px[:, WRIST], axis=1)
    return lengths


def ring_around(hands: tuple[TrackedHand, ...], share: float) -> Hold | None:
    """The ring as it is drawn; None where no hand is seen."""
    if not hands:
        return None
    marks_px = np.array([hand.landmarks_px for hand in hands])
    places = tuple((float(x), float(y)) for x, y in map(palm_centre, marks_px))
    return Hold(places, RADIUS_LENGTHS * float(lengths_px(marks_px).max()), share)


def _palms(marks_px: Floats) -> Floats:
    palms: Floats = marks_px[:, list(PALM)].mean(axis=1)
    return palms
