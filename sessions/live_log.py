"""What the coach said while it watched, at the very frame, beside the truth."""

from dataclasses import dataclass

from routines.reps import RepEnded
from sessions.coach import Moment
from sessions.matching import phase_at
from sessions.truth import Truth


@dataclass(frozen=True, slots=True)
class LiveScore:
    """How right the coach was at each moment; nothing here looks ahead."""

    count: int = 0
    """On the screen at the last frame."""
    frames: int = 0
    frames_right: int = 0
    """Frames at which the phase on the screen was right."""
    delays_s: tuple[float, ...] = ()
    """From the end of each attempt to the moment it was judged."""

    def __add__(self, other: "LiveScore") -> "LiveScore":
        return LiveScore(
            self.count + other.count,
            self.frames + other.frames,
            self.frames_right + other.frames_right,
            self.delays_s + other.delays_s,
        )

    @property
    def phase_share(self) -> float | None:
        """Share of frames at which the phase on the screen was right."""
        return self.frames_right / self.frames if self.frames else None


class LiveLog:
    """Steps a clip's moments."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._count = self._frames = self._right = 0
        self._delays_s: list[float] = []

    def step(self, moment: Moment) -> None:
        """Take the next moment; one beyond the truth's last frame is left out."""
        if round(moment.time_s * self._truth.fps) >= self._truth.frames:
            return
        self._frames += 1
        self._right += moment.progress.phase == phase_at(self._truth.reps, moment.time_s)
        self._count = moment.progress.count
        ended = (event for event in moment.events if isinstance(event, RepEnded))
        self._delays_s += [event.time_s - event.rep.end_s for event in ended]

    @property
    def score(self) -> LiveScore:
        """So far."""
        return LiveScore(self._count, self._frames, self._right, tuple(self._delays_s))
