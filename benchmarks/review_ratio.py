"""What a whole review costs, against a bare loop that decodes the same file and finds hands in it.

    python benchmarks/review_ratio.py [--clip sample_videos/order.mp4] [--runs 3]

The bare loop is cv2's decoder and MediaPipe's HandLandmarker in VIDEO mode with its own defaults,
frame by frame. Each run is a process of its own, timed from its first import of a library to its
last result; bare and whole take turns, so that a busy machine harms both alike. Prints medians and
their ratio, in wall and in processor seconds.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"
LIMIT = 1.15

Seconds = dict[str, float]


def bare(clip: Path) -> None:
    """Decode and find hands; keep nothing."""
    import cv2
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    from vision.hand_model import find_hand_model

    options = vision.HandLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(find_hand_model())),
        running_mode=vision.RunningMode.VIDEO,
        num_hands=2,
    )
    video = cv2.VideoCapture(str(clip))
    with vision.HandLandmarker.create_from_options(options) as landmarker:
        last_ms = -1
        while True:
            readable, image_bgr = video.read()
            if not readable:
                break
            last_ms = max(last_ms + 1, round(video.get(cv2.CAP_PROP_POS_MSEC)))
            rgb = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB)
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
            landmarker.detect_for_video(image, last_ms)
    video.release()


def whole(clip: Path) -> None:
    """Everything that `tstroke review` does for a recording, without the table."""
    import tempfile

    from routines.routine import load_routine
    from sessions.batch import Job, Refusal, run

    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Job(clip, Path(folder) / "result.json", None), load_routine(), None)
    if isinstance(outcome, Refusal):
        sys.exit(outcome.line())


KINDS: dict[str, Callable[[Path], None]] = {"bare": bare, "whole": whole}


def timed(kind: str, clip: Path) -> Seconds:
    """Wall and processor seconds of this process for one run."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    KINDS[kind](clip)
    return {"wall": time.perf_counter() - wall_s, "cpu": time.process_time() - cpu_s}


def in_own_process(kind: str, clip: Path) -> Seconds:
    """The same in a fresh process, so that no run profits from the one before."""
    command = [sys.executable, __file__, "--clip", str(clip), "--only", kind]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The {kind} run failed:\n{done.stderr}")
    seconds: Seconds = json.loads(done.stdout.splitlines()[-1])
    return seconds


def compare(clip: Path, runs: int) -> float:
    """Runs both in turn, prints what they took, and gives the ratio of wall times."""
    print(f"{clip.name} on {platform.processor() or platform.machine()}, {_cores()}")
    times: dict[str, list[Seconds]] = {kind: [] for kind in KINDS}
    for turn in range(runs):
        for kind in KINDS if turn % 2 == 0 else reversed(KINDS):
            times[kind].append(in_own_process(kind, clip))
            print(f"  {kind:5}  " + _words(times[kind][-1]), flush=True)
    middle = {
        kind: {clock: statistics.median(one[clock] for one in seen) for clock in ("wall", "cpu")}
        for kind, seen in times.items()
    }
    for kind, seconds in middle.items():
        print(f"median {kind:5}  {_words(seconds)}")
    ratios = {clock: middle["whole"][clock] / middle["bare"][clock] for clock in ("wall", "cpu")}
    print(
        f"ratio {ratios['wall']:.3f} in wall time (limit {LIMIT}), {ratios['cpu']:.3f} in cpu time"
    )
    return ratios["wall"]


def _words(seconds: Seconds) -> str:
    return f"{seconds['wall']:6.2f} s wall, {seconds['cpu']:6.2f} s cpu"


def _cores() -> str:
    model = ""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = (line for line in info.read_text("utf-8").splitlines() if "model name" in line)
        model = next(names, "").partition(":")[2].strip()
    import os

    return f"{os.cpu_count()} cores {model}".strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=SAMPLES / "order.mp4", help="a 720p recording")
    parser.add_argument("--runs", type=int, default=3, help="runs of each kind")
    parser.add_argument("--only", choices=list(KINDS), help="time one kind in this process")
    wanted = parser.parse_args()
    if wanted.only:
        print(json.dumps(timed(wanted.only, wanted.clip)))
    elif compare(wanted.clip, wanted.runs) > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
