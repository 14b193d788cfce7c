"""Peak memory of a review, for a recording and for one three times as long: it must not grow.

    python benchmarks/memory.py [--clip sample_videos/order.mp4] [--times 4]

Both repeat the clip's packets without encoding anew, the shorter one so often that all has been
needed once that is loaded on need, such as the model for close looks. Each review is a process of
its own; the figure is the most that it and its decoders took, looked at twice a second.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.longer import repeat
from benchmarks.machine import machine
from vision.calibration import load_calibration

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"
LIMIT_MB = 600
EVERY_S = 0.5
LONGER = 3
SLACK = 1.10
"""The longer review may take a tenth more: allocators are not exact."""


def peak_mb(clip: Path, calibration: Path) -> float:
    """Peak memory of a review of the clip in a fresh process and its decoders'."""
    command = [sys.executable, __file__, "--clip", str(clip), "--review", str(calibration)]
    peak_mb = 0.0
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak_mb = max(peak_mb, sum(map(share_mb, family(process.pid))))
            time.sleep(EVERY_S)
    if process.returncode:
        sys.exit(f"The review of {clip.name} failed.")
    return peak_mb


def family(pid: int) -> list[int]:
    """A process and those that it started."""
    children = list[int]()
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(OSError):
            children.extend(int(one) for one in (thread / "children").read_text("ascii").split())
    return [pid, *children]


def share_mb(pid: int) -> float:
    """Its memory; what it has in common with others counts in parts."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def review(clip: Path, calibration: Path) -> None:
    """Review in this process."""
    from routines.routine import load_routine
    from sessions.review import review_recording

    review_recording(clip, load_calibration(calibration), load_routine())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=SAMPLES / "order.mp4")
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--review", type=Path, help="calibration: measure this process alone")
    wanted = parser.parse_args()
    clip: Path = wanted.clip
    if wanted.review:
        review(clip, wanted.review)
        return
    calibration = clip.with_name(f"{clip.stem}.calibration.json")
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        peaks = list[float]()
        for times in (wanted.times, LONGER * wanted.times):
            longer = Path(folder) / f"{times}.mp4"
            repeat(clip, times, longer)
            peaks.append(peak_mb(longer, calibration))
            print(f"{clip.name} {times} times over: {peaks[-1]:.0f} MB", flush=True)
    once, over = peaks
    print(f"{over / once:.2f} times the memory for {LONGER} times the length")
    if over > SLACK * once:
        sys.exit(f"Memory grew by {over / once - 1:.0%}.")
    if over > LIMIT_MB:
        sys.exit(f"That is more than {LIMIT_MB} MB.")


if __name__ == "__main__":
    main()
