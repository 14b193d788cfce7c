"""A bar on the terminal with rate and time left; silent where nobody looks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bars

from sessions.review import Progress
from sessions.words import left

LEAST_SHARE: Final = 0.01
"""Before this much is done the time left is not known."""


class OnProgress(Protocol):
    """Takes the progress of the review that runs."""

    def __call__(self, progress: Progress) -> None:
        """Show it."""


class ReviewBar:
    """Shows one review after the other, each on its own line while it runs."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars

    @contextmanager
    def of(self, name: str) -> Iterator[OnProgress]:
        """A bar for the recording called `name`, gone when the block ends."""
        task = self._bars.add_task(name, total=1.0, rate="", left="starting")
        begun_s = time.monotonic()
        try:
            yield lambda progress: self._show(task, progress, time.monotonic() - begun_s)
        finally:
            self._bars.remove_task(task)

    def _show(self, task: TaskID, progress: Progress, spent_s: float) -> None:
        speed = progress.time_s / spent_s if spent_s > 0 else 0.0
        rate = f"{progress.frames / spent_s:.0f} frames/s, {speed:.1f} x real time"
        share = progress.share
        wait = ""
        if share is not None and share >= LEAST_SHARE:
            wait = f"{left(spent_s * (1 - share) / share)} left"
        self._bars.update(task, completed=share or 0.0, rate=rate, left=wait)


@contextmanager
def review_bar() -> Iterator[ReviewBar]:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield ReviewBar(bars)
