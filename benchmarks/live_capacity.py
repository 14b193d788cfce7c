"""How many live sessions one machine holds.

    python benchmarks/live_capacity.py [--hertz 15] [--seconds 30] [--most 4]

Practises with one visitor, with two at once, and so on in one process, as the app's server does it.
A number holds while no session gets fewer pictures than it should, or gets them late. Prints for
each number the slowest session's pictures a second, the latest session's latency from a picture's
arrival to the drawn one, and how many cores were kept busy. What the visitors' browsers do is
theirs, and what the server does for their pages is not in it: `page_cost.py` measures that.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.live_feed import Film, Visitor, beginner, film_of, strokes
from benchmarks.machine import machine

ENOUGH: Final = 0.9
"""Of the camera's pictures; the engine asks for 10 a second."""
LATE_MS: Final = 100.0
"""At the 95th percentile."""
WARM_UP_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Held:
    """How it went with so many visitors at once."""

    visitors: int
    rate_hz: float
    middle_ms: float
    high_ms: float
    cores: float

    def holds(self, hertz: float) -> bool:
        """True where nobody noticed the others."""
        return self.rate_hz >= ENOUGH * hertz and self.high_ms <= LATE_MS

    @property
    def line(self) -> str:
        """For the table."""
        return (
            f"{self.visitors:8} {self.rate_hz:11.1f} {self.middle_ms:10.0f} {self.high_ms:10.0f} "
            f"{self.cores:10.2f} {self.cores / self.visitors:14.2f}"
        )


async def measured(film: Film, visitors: int, seconds: float) -> Held:
    """So many practise at once."""
    begin, until_s = beginner(), time.monotonic() + WARM_UP_S + seconds
    all_of_them = [Visitor(film, begin, at / visitors / film.hertz) for at in range(visitors)]
    practising = [asyncio.create_task(each.practise(until_s)) for each in all_of_them]
    await asyncio.sleep(WARM_UP_S)
    for each in all_of_them:
        each.taken_ms.clear()
    begun_s, cpu_s = time.monotonic(), time.process_time()
    await asyncio.sleep(until_s - begun_s - 0.2)
    took_s, cpu_s = time.monotonic() - begun_s, time.process_time() - cpu_s
    rates = [len(each.taken_ms) / took_s for each in all_of_them]
    highs = [float(np.percentile(each.taken_ms, 95)) for each in all_of_them]
    middles = [float(np.median(each.taken_ms)) for each in all_of_them]
    await asyncio.gather(*practising)
    return Held(visitors, min(rates), max(middles), max(highs), cpu_s / took_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hertz", type=float, default=15.0, help="pictures a second of a camera")
    parser.add_argument("--seconds", type=float, default=30.0, help="for each number of visitors")
    parser.add_argument("--most", type=int, default=4, help="visitors at once")
    wanted = parser.parse_args()
    film = film_of(strokes(wanted.hertz), wanted.hertz)
    print(machine())
    print("visitors    a second  median ms    95th ms      cores  cores a visitor")
    for visitors in range(1, wanted.most + 1):
        held = asyncio.run(measured(film, visitors, wanted.seconds))
        print(held.line, "holds" if held.holds(wanted.hertz) else "too many", flush=True)


if __name__ == "__main__":
    main()
