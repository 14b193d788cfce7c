"""Which of the engine's strokes belong to the session: those that began while it was on them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from routines.reps import Event, Progress, RepEnded, RepStarted, SettleEnded

SLACK_S: Final = 1.0
"""A stroke that left the start place so long before the stage began still belongs to it: the stage
begins when the hands have rested there, and the engine places a start a moment back."""


class Tally:
    """Numbers and counts the strokes of a session, over pauses and new calibrations."""

    def __init__(self) -> None:
        self._open_since_s: float | None = None
        self._was_open: list[tuple[float, float]] = []
        self._count = 0
        self._attempts = 0

    @property
    def count(self) -> int:
        """Strokes that count."""
        return self._count

    def open(self, time_s: float) -> None:
        """Strokes belong to the session from here on."""
        if self._open_since_s is None:
            self._open_since_s = time_s - SLACK_S

    def close(self, time_s: float) -> None:
        """Strokes that begin from here on do not; one under way still does."""
        if self._open_since_s is not None:
            self._was_open.append((self._open_since_s, time_s))
            self._open_since_s = None

    def step(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """The events that belong to the session, its attempts numbered from 1."""
        taken = (self._take(event) for event in events)
        return tuple(event for event in taken if event is not None)

    def progress(self, of_engine: Progress) -> Progress:
        """The engine's progress with the session's own numbers."""
        phase = of_engine.phase if self._open_since_s is not None else None
        return replace(of_engine, count=self._count, attempts=self._attempts, phase=phase)

    def _take(self, event: Event) -> Event | None:
        if isinstance(event, RepEnded):
            if not self._belongs(event.rep.start_s):
                return None
            self._attempts += 1
            self._count += event.rep.counted
            return replace(event, rep=replace(event.rep, index=self._attempts))
        if isinstance(event, RepStarted):
            return event if self._belongs(event.time_s) else None
        is_open = self._open_since_s is not None
        return event if is_open or isinstance(event, SettleEnded) else None

    def _belongs(self, start_s: float) -> bool:
        if self._open_since_s is not None and start_s >= self._open_since_s:
            return True
        return any(begin <= start_s <= end for begin, end in self._was_open)
