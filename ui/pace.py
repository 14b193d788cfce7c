"""How fast pictures go through: rate, latency and what was left out, over the last seconds.

Latency is counted from the picture's arrival in this process to the drawn one that is handed to
the encoder. Times are those of a monotonic clock in seconds.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

WINDOW_S: Final = 10.0
"""Long enough for a 95th percentile of over a hundred pictures, short enough to follow a change."""

REPORT_EVERY_S: Final = 0.5

STAGES: Final = ("wait", "read", "coach", "draw", "hand_over")
"""What a picture goes through: it waits for the one before, becomes pixels, is coached, is drawn,
and is packed for the encoder."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the diagnostics show, of the last seconds where nothing else is said."""

    rate_hz: float = 0.0
    """Pictures shown a second."""
    arrived_hz: float = 0.0
    """Pictures the camera sent a second."""
    latency_ms: float | None = None
    """Median; None before the first picture."""
    latency_p95_ms: float | None = None
    stages_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Median of each of `STAGES`."""
    shown: int = 0
    """Since the camera started."""
    dropped: int = 0
    """Pictures left out for a newer one, since the camera started."""
    no_hands: float | None = None
    """Share of the coached pictures without a hand; None while none was coached."""
    one_hand: float | None = None
    both_hands: float | None = None
    size: tuple[int, int] | None = None
    """(width, height) of the newest picture, px."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One picture's way through the app."""

    arrived_s: float
    ends_s: tuple[float, ...]
    """When each of `STAGES` was over."""
    hands: int | None = None
    """Hands observed, 0 to 2; None where it was not coached."""
    dropped: int = 0
    """Pictures that were left out since the one before."""
    size: tuple[int, int] = (0, 0)

    @property
    def latency_s(self) -> float:
        """From arrival to the drawn picture."""
        return self.ends_s[-1] - self.arrived_s

    def stages_s(self) -> tuple[float, ...]:
        """How long each of `STAGES` took."""
        starts = (self.arrived_s, *self.ends_s[:-1])
        return tuple(end - start for start, end in zip(starts, self.ends_s, strict=True))


class Pace:
    """Gathers passages, and now and then makes figures of them."""

    def __init__(self) -> None:
        self._passages: deque[Passage] = deque()
        self._shown = self._dropped = 0
        self._reported_s = float("-inf")
        self.figures = Figures()
        """The newest figures; they change twice a second at most."""

    def step(self, passage: Passage) -> None:
        """Take a picture that was shown just now."""
        now_s = passage.ends_s[-1]
        self._passages.append(passage)
        self._shown += 1
        self._dropped += passage.dropped
        while self._passages[0].ends_s[-1] < now_s - WINDOW_S:
            self._passages.popleft()
        if now_s - self._reported_s >= REPORT_EVERY_S:
            self._reported_s = now_s
            self.figures = self._figures()

    def _figures(self) -> Figures:
        passages = tuple(self._passages)
        latencies = [1000 * passage.latency_s for passage in passages]
        median, high = np.percentile(latencies, (50, 95)).tolist()
        stages = np.median([passage.stages_s() for passage in passages], axis=0)
        span_s = passages[-1].ends_s[-1] - passages[0].ends_s[-1]
        later = passages[1:]
        none, one, both = _shares([each.hands for each in passages if each.hands is not None])
        return Figures(
            rate_hz=len(later) / span_s if span_s else 0.0,
            arrived_hz=sum(1 + each.dropped for each in later) / span_s if span_s else 0.0,
            latency_ms=median,
            latency_p95_ms=high,
            stages_ms=MappingProxyType(dict(zip(STAGES, (1000 * stages).tolist(), strict=True))),
            shown=self._shown,
            dropped=self._dropped,
            no_hands=none,
            one_hand=one,
            both_hands=both,
            size=passages[-1].size,
        )


def _shares(hands: list[int]) -> tuple[float, float, float] | tuple[None, None, None]:
    if not hands:
        return None, None, None
    none, one, both = (hands.count(number) / len(hands) for number in (0, 1, 2))
    return none, one, both
