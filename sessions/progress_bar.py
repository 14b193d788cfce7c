"""Bars on the terminal with rate and time left; silent where nobody looks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bars

from sessions.review import Progress
from sessions.words import left

LEAST_SHARE: Final = 0.01
"""Before this much is done the time left is not known."""


class OnProgress(Protocol):
    """Takes the progress of the review that runs."""

    def __call__(self, progress: Progress) -> None:
        """Show it."""


class _Line:
    """The bar of one recording, from its beginning to its end."""

    def __init__(self, bars: Bars, name: str) -> None:
        self._bars = bars
        self._task = bars.add_task(name, total=1.0, rate="", left="starting")
        self._begun_s = time.monotonic()
        self.share = 0.0
        """Of the recording, as far as it is known."""

    def show(self, progress: Progress) -> None:
        spent_s = time.monotonic() - self._begun_s
        speed = progress.time_s / spent_s if spent_s > 0 else 0.0
        rate = f"{progress.frames / spent_s:.0f} frames/s, {speed:.1f} x real time"
        self.share = progress.share or 0.0
        self._bars.update(
            self._task, completed=self.share, rate=rate, left=_left(self.share, spent_s)
        )

    def remove(self) -> None:
        self._bars.remove_task(self._task)


class ReviewBar:
    """Shows one review after the other, each on its own line while it runs."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars

    @contextmanager
    def of(self, name: str) -> Iterator[OnProgress]:
        """A bar for the recording called `name`, gone when the block ends."""
        line = _Line(self._bars, name)
        try:
            yield line.show
        finally:
            line.remove()


class ReviewBars:
    """One display for many: a line for each that runs, and one for all, where there are several."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._bars = _bars()
        self._lines: dict[int, _Line] = {}
        self._begun_s = time.monotonic()
        self._ended = 0
        self._worked = 0.0
        """Recordings that took time here; what was finished before took none."""
        self._all = None
        if len(names) > 1:
            self._all = self._bars.add_task("", total=len(names), rate="", left="")

    def __enter__(self) -> Self:
        self._begun_s = time.monotonic()
        self._show_all()
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def begin(self, index: int) -> None:
        """A line for the recording at this place of the names."""
        self._lines[index] = _Line(self._bars, self._names[index])

    def show(self, index: int, progress: Progress) -> None:
        """So far has it come."""
        self._lines[index].show(progress)
        self._show_all()

    def drop(self, index: int) -> None:
        """It will be begun once more."""
        self._lines.pop(index).remove()

    def end(self, index: int, *, worked: bool) -> None:
        """It is done; `worked` where that took its time."""
        self.drop(index)
        self._ended += 1
        self._worked += worked
        self._show_all()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The display is away in this block, so that lines can be printed where it was."""
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()

    def _show_all(self) -> None:
        if self._all is None:
            return
        running = sum(line.share for line in self._lines.values())
        todo = len(self._names) - self._ended + self._worked
        share = (self._worked + running) / todo if todo else 1.0
        self._bars.update(
            self._all,
            description=f"{self._ended} of {len(self._names)} recordings",
            completed=self._ended + running,
            left=_left(share, time.monotonic() - self._begun_s),
        )


def _left(share: float, spent_s: float) -> str:
    return "" if share < LEAST_SHARE else f"{left(spent_s * (1 - share) / share)} left"


@contextmanager
def review_bar() -> Iterator[ReviewBar]:
    """A bar on standard error, where that is a terminal."""
    with _bars() as bars:
        yield ReviewBar(bars)


def _bars() -> Bars:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
    )
    return Bars(*columns, console=console, transient=True, disable=not console.is_terminal)
