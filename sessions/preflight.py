"""Whether a picture is fit to judge strokes by: the same for a session's camera check and for a
review's warnings.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from routines.routine import Routine
from sessions.looks import KnownBack, Look, Noted, Notes, Reaching, seen_of
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.camera_moved import Surround, has_moved
from vision.frames import Frame
from vision.hands import HandPair

Code = Literal["dark", "small", "slow", "no_hands", "few_hands", "near", "far", "cut_off", "moved"]
"""`few_hands` and `moved` come in reviews alone: a session knows better what is asked of the hands
just now, and when the camera began to stand rightly."""

LIVE_WINDOW_S: Final = 4.0
"""In a session only so much of the past counts: what was mended is soon forgotten."""

SETTLED_S: Final = 1.9
"""Rates and shares are told from so much time on."""

DARK: Final = 60.0
"""Of 255. Where nine tenths of a picture are darker than this, hands are lost in its noise: of
three clips with the grain of a dim room's camera 0.45 to 0.9 of the hands were left at this
light, 0.25 to 0.75 at half of it, and none at a third."""

DARK_BACK: Final = 40.0
"""The same on the back alone, for a back in the shade of a bright window; dark skin in fair light
is lighter than this."""

LEAST_SIDE_PX: Final = 360
"""Below 640 px of width landmarks move noticeably, in the usual shapes 360 to 480 px high."""

LEAST_FPS: Final = 12.0
"""A quick turn at the nape takes 0.3 s: fewer than four pictures do not show it."""

FAR_HAND_PX: Final = 45.0
"""A hand from wrist to fingertip, in px of the picture that is looked at. The hand model sees it
at 224 px: enlarged five times and more its landmarks blur, and one hand in five is lost."""

NEAR_LONG: Final = 0.36
NEAR_SHORT: Final = 0.43
"""Shares of the picture's sides. Strokes take 2.8 hands along the back and 2.3 across it, so with
a longer hand than this the back does not fit into the picture."""

FEW_BOTH: Final = 0.35
"""Share of frames with both hands below which many strokes can't be judged whole."""

NEVER: Final = 0.1
"""Share of frames with a hand below which a session takes none to be there."""

CUT_TIMES: Final = 3
"""So often hands must have reached out of a picture whose back nobody knows: who fetches the oil
does it once or twice, who strokes a back that is cut off at every stroke."""

FEWEST_LOOKS: Final = 4
"""Looks with a hand in them from which its size is told."""

MOVED_LOOKS: Final = 3
"""So often in a row it must stand elsewhere: a jolt of the table, or a giver who leans into the
picture, is no moved camera."""

EASE: Final = 1.1
"""What was remarked in a session is taken back when it is better than its limit by this factor."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that speaks against a picture."""

    code: Code
    values: Mapping[str, float | str] = field(default_factory=dict)
    """What was measured: `width`, `height`, `fps`, `share`, `hand_px`, or the `edge` of the
    picture (left, top, right, bottom) that cuts the back off."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Remark, (self.code, dict(self.values))


class Preflight:
    """Steps frames with the hands found in them; says what speaks against the picture.

    With a `window_s` only so much of the past counts, as in a session; with None all of it, as
    for a review's warnings.
    """

    def __init__(self, routine: Routine, *, window_s: float | None = LIVE_WINDOW_S) -> None:
        self._routine = routine
        self._window_s = window_s
        self._size = (0, 0)
        self._scale = 1.0
        self._looks: deque[Look] = deque()
        self._calibration: Calibration | None = None
        self._back: KnownBack | None = None
        self._notes = Notes()
        self._stand = _Stand()
        self._reaching = Reaching()
        self._remarks: tuple[Remark, ...] = ()
        self._judged = True

    def step(
        self,
        frame: Frame,
        pair: HandPair | None = None,
        calibration: Calibration | None = None,
        *,
        back_frame: BackFrame | None = None,
    ) -> None:
        """Take the next frame; times must rise.

        `pair` is None where hands were not looked for, `calibration` where nobody knows yet where
        the back is. Whoever has its `back_frame` gives it: fitting one takes a fraction of a
        second. Raises CalibrationError where none can be fitted.
        """
        if calibration is not self._calibration:
            self._calibration = calibration
            self.know(None if calibration is None else back_frame or fit_back_frame(calibration))
        self.take(self._notes.of(frame), pair)

    def know(self, back_frame: BackFrame | None) -> None:
        """From now on the back lies there; None where nobody knows."""
        self._back = None if back_frame is None else KnownBack(back_frame, self._routine)
        self._notes = self.notes()
        self._stand = _Stand()  # What matters is whether it moved since then.

    def notes(self) -> Notes:
        """For who looks at the pictures and gives what is noted to `take`."""
        return Notes(self._back, around=self._back is not None and self._window_s is None)

    def take(self, noted: Noted, pair: HandPair | None) -> None:
        """`step` with what was noted of the frame; the first one was looked at."""
        self._size, self._scale = noted.full_size, noted.scale or self._scale
        if noted.light is not None:
            self._look(noted, noted.light)
        self._looks[-1].count(noted, pair)
        if pair is not None:
            self._reaching.step(noted, seen_of(pair))
        self._judged &= self._window_s is not None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What speaks against the picture, the worst first; in a session new every `LOOK_S`."""
        if not self._judged:
            judges: tuple[Callable[[], Remark | None], ...] = (
                *(self._dark, self._small, self._slow, self._hands),
                *(self._near, self._far, self._cut_off, self._camera),
            )
            found = [judge() for judge in judges] if self._looks else []
            self._remarks = tuple(remark for remark in found if remark is not None)
            self._judged = True
        return self._remarks

    def _look(self, noted: Noted, light: float) -> None:
        self._judged = False
        self._looks.append(Look(noted.time_s, noted.time_s, light, noted.back_light))
        if self._window_s is None:
            self._stand.step(noted.surround)
            return
        first_s = noted.time_s - self._window_s
        while self._looks[0].start_s < first_s:
            self._looks.popleft()
        while self._reaching.times and self._reaching.times[0][0] < first_s:
            self._reaching.times.pop(0)

    def _said(self, code: Code) -> bool:
        live = self._window_s is not None
        return live and any(remark.code == code for remark in self._remarks)

    def _under(self, code: Code, value: float | None, limit: float) -> bool:
        """Whether a value is too low; once said, until it is clearly enough."""
        return value is not None and value < (limit * EASE if self._said(code) else limit)

    def _over(self, code: Code, value: float | None, limit: float) -> bool:
        return value is not None and value > (limit / EASE if self._said(code) else limit)

    def _dark(self) -> Remark | None:
        picture = _median(look.light for look in self._looks)
        back = _median(look.back_light for look in self._looks)
        dark = self._under("dark", picture, DARK) or self._under("dark", back, DARK_BACK)
        return Remark("dark") if dark else None

    def _small(self) -> Remark | None:
        width, height = self._size
        small = min(width, height) < LEAST_SIDE_PX
        return Remark("small", {"width": width, "height": height}) if small else None

    def _slow(self) -> Remark | None:
        lasted_s = _lasted_s(self._looks)
        fps = (sum(look.frames for look in self._looks) - 1) / max(lasted_s, 1e-9)
        slow = lasted_s >= SETTLED_S and self._under("slow", fps, LEAST_FPS)
        return Remark("slow", {"fps": fps}) if slow else None

    def _hands(self) -> Remark | None:
        looks = [look for look in self._looks if look.searched]
        searched = sum(look.searched for look in looks)
        if not searched:
            return None
        any_share = sum(look.any_hand for look in looks) / searched
        both_share = sum(look.both_hands for look in looks) / searched
        if self._window_s is not None:
            known = _lasted_s(looks) >= SETTLED_S
            return Remark("no_hands") if known and any_share < NEVER else None
        if any_share == 0:
            return Remark("no_hands")
        return Remark("few_hands", {"share": both_share}) if both_share < FEW_BOTH else None

    def _near(self) -> Remark | None:
        if self._back is not None:  # It is known then whether the back is in the picture.
            return None
        hand_px = self._seen_hand_px()
        short, long = sorted(self._image_size())
        near = self._over("near", hand_px, min(NEAR_LONG * long, NEAR_SHORT * short))
        return Remark("near") if near else None

    def _far(self) -> Remark | None:
        """A picture that is small itself has its own remark."""
        hand_px = self._seen_hand_px()
        if self._back is not None:
            hand_px = self._back.hand_px / self._scale
        far = min(self._size) >= LEAST_SIDE_PX and self._under("far", hand_px, FAR_HAND_PX)
        return Remark("far", {"hand_px": hand_px or 0.0}) if far else None

    def _cut_off(self) -> Remark | None:
        if self._back is not None:
            edge = self._back.cut_at(self._size)
            return None if edge is None else Remark("cut_off", {"edge": edge})
        edges = [edge for _, edge in self._reaching.times]
        if len(edges) < (CUT_TIMES if self._window_s is None else 1):
            return None
        return Remark("cut_off", {"edge": max(edges, key=edges.count)})

    def _camera(self) -> Remark | None:
        return Remark("moved") if self._stand.moved else None

    def _seen_hand_px(self) -> float | None:
        """None where hands were seen too shortly: one that comes or goes looks foreshortened."""
        known = [look.hand_px for look in self._looks if look.hand_px is not None]
        return float(np.median(known)) if len(known) >= FEWEST_LOOKS else None

    def _image_size(self) -> tuple[float, float]:
        width, height = self._size
        return width / self._scale, height / self._scale


class _Stand:
    """Notices that the camera stands elsewhere than at first."""

    def __init__(self) -> None:
        self.moved = False
        self._first: Surround | None = None
        self._in_a_row = 0

    def step(self, now: Surround | None) -> None:
        if now is None:
            return
        if self._first is None:
            self._first = now
            return
        self._in_a_row = self._in_a_row + 1 if has_moved(self._first, now) is True else 0
        self.moved |= self._in_a_row >= MOVED_LOOKS


def _lasted_s(looks: Iterable[Look]) -> float:
    known = list(looks)
    return known[-1].end_s - known[0].start_s


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
