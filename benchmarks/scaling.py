"""How well `tstroke review --workers 2` uses two cores, against two processes that share nothing.

    python benchmarks/scaling.py [--clip sample_videos/order.mp4] [--copies 4] [--runs 3]

The same copies of a recording are reviewed in three ways, which take turns, so that a busy machine
harms all alike: by one process (`--workers 1`), by two (`--workers 2`), and by two commands that
are started side by side, each with half of the copies and one worker. The efficiency is the
rate of `--workers 2` over that of the two commands. Every run is timed from the start of its
commands to their end, so it holds all that a user waits for.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import machine
from sessions.batch import calibration_of

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"
GOAL = 0.9


def folders(clip: Path, copies: int, root: Path) -> tuple[Path, Path, Path]:
    """One folder with all copies, and two with half of them each."""
    whole, *halves = (root / name for name in ("whole", "left", "right"))
    for index in range(copies):
        for folder in (whole, halves[index % 2]):
            folder.mkdir(exist_ok=True)
            target = folder / f"copy{index}.mp4"
            shutil.copy(clip, target)
            shutil.copy(calibration_of(clip), calibration_of(target))
    return whole, halves[0], halves[1]


def start(folder: Path, out: Path, workers: int) -> "subprocess.Popen[bytes]":
    """The command as a user gives it."""
    command = [sys.executable, "-c", "from sessions.cli import main; main()", "review"]
    command += [str(folder), "--out", str(out), "--again", "--workers", str(workers)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def timed(runs: list[tuple[Path, int]], root: Path) -> float:
    """Wall seconds until all commands, started together, are done."""
    begun_s = time.perf_counter()
    processes = [
        start(folder, root / f"out{index}", workers) for index, (folder, workers) in enumerate(runs)
    ]
    codes = [process.wait() for process in processes]
    if any(codes):
        sys.exit("A review failed; its reason stands above.")
    return time.perf_counter() - begun_s


def compare(clip: Path, copies: int, runs: int) -> float:
    """Runs all ways in turn, prints what they took, and gives the efficiency."""
    print(f"{copies} copies of {clip.name} on {machine()}")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        whole, left, right = folders(clip, copies, root)
        ways = {
            "one worker": [(whole, 1)],
            "two workers": [(whole, 2)],
            "two commands": [(left, 1), (right, 1)],
        }
        times: dict[str, list[float]] = {way: [] for way in ways}
        for turn in range(runs):
            for way in ways if turn % 2 == 0 else reversed(ways):
                times[way].append(timed(ways[way], root))
                print(f"  {way:12} {times[way][-1]:7.2f} s", flush=True)
    middle_s = {way: statistics.median(seen) for way, seen in times.items()}
    for way, seconds in middle_s.items():
        print(f"median {way:12} {seconds:7.2f} s, {3600 * copies / seconds:.0f} recordings an hour")
    efficiency = middle_s["two commands"] / middle_s["two workers"]
    speedup = middle_s["one worker"] / middle_s["two workers"]
    print(f"efficiency {efficiency:.3f} (goal {GOAL}); two workers do {speedup:.2f} times of one")
    return efficiency


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=SAMPLES / "order.mp4")
    parser.add_argument("--copies", type=int, default=4, help="an even number of recordings")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way")
    wanted = parser.parse_args()
    if compare(wanted.clip, wanted.copies, wanted.runs) < GOAL:
        sys.exit(1)


if __name__ == "__main__":
    main()
