"""A camera that runs for an hour: rate, latency and memory must stay flat.

    python benchmarks/long_session.py [--minutes 60] [--every 5] [--hertz 15]

One visitor practises in real time through all that the app's server does with a picture; a session
that has reached its goal is followed by another one. Prints rate, latency and memory for each
stretch, and how they change in an hour.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.live_feed import Visitor, beginner, film_of, strokes
from benchmarks.machine import machine

WARM_UP_STRETCHES: Final = 1
"""The first stretch loads models and fills caches: slopes begin after it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some minutes of it."""

    end_min: float
    rate_hz: float
    middle_ms: float
    high_ms: float
    memory_mb: float

    @property
    def line(self) -> str:
        """For the table."""
        return (
            f"{self.end_min:6.1f} {self.rate_hz:10.2f} {self.middle_ms:10.1f} "
            f"{self.high_ms:10.1f} {self.memory_mb:10.1f}"
        )


def memory_mb() -> float:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1024**2


def slopes(stretches: list[Stretch]) -> dict[str, float]:
    """What changes in an hour, from all stretches after the first."""
    later = stretches[WARM_UP_STRETCHES:]
    hours = [each.end_min / 60 for each in later]

    def an_hour(values: list[float]) -> float:
        return float(np.polyfit(hours, values, 1)[0]) if len(later) > 1 else float("nan")

    return {
        "pictures a second": an_hour([each.rate_hz for each in later]),
        "ms of latency (median)": an_hour([each.middle_ms for each in later]),
        "MB": an_hour([each.memory_mb for each in later]),
    }


async def practised(minutes: float, every_min: float, hertz: float) -> list[Stretch]:
    """Practise, and print each stretch when it is over."""
    film = film_of(strokes(hertz), hertz)
    visitor = Visitor(film, beginner())
    begun_s = time.monotonic()
    practising = asyncio.create_task(visitor.practise(begun_s + 60 * minutes + 1))
    stretches, last_s = list[Stretch](), begun_s
    while time.monotonic() < begun_s + 60 * minutes - 1:
        due_s = begun_s + 60 * every_min * (len(stretches) + 1)
        await asyncio.sleep(due_s - time.monotonic())
        now_s, taken = time.monotonic(), visitor.taken_ms[:]
        visitor.taken_ms.clear()
        middle, high = np.percentile(taken, (50, 95)).tolist()
        rate_hz = len(taken) / (now_s - last_s)
        stretches.append(Stretch((now_s - begun_s) / 60, rate_hz, middle, high, memory_mb()))
        last_s = now_s
        print(stretches[-1].line, flush=True)
    await practising
    print(f"{visitor.sessions} sessions, {visitor.strokes} strokes counted in those that are over")
    return stretches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0, help="how long, in real time")
    parser.add_argument("--every", type=float, default=5.0, help="minutes of a stretch")
    parser.add_argument("--hertz", type=float, default=15.0, help="pictures a second of the camera")
    wanted = parser.parse_args()
    print(machine())
    print("minute   a second  median ms    95th ms         MB", flush=True)
    stretches = asyncio.run(practised(wanted.minutes, wanted.every, wanted.hertz))
    for what, change in slopes(stretches).items():
        print(f"in an hour {change:+.2f} {what}")


if __name__ == "__main__":
    main()
