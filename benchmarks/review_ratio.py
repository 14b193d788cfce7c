"""How fast a recording is reviewed, against a bare loop that decodes it and finds hands in it.

    python benchmarks/review_ratio.py [--clip sample_videos/order.mp4] [--times 1] [--runs 2]

The bare loop is cv2's decoder and MediaPipe's HandLandmarker in VIDEO mode with its own defaults,
frame by frame. With `--times` the clip is played so often over: a longer recording, in which what
is looked at twice counts less. Each run is a process of its own; all kinds take turns, so that a
busy machine harms them alike. Rates count from the first frame on; what a process takes before it,
mostly for loading MediaPipe, is told beside. Then the floor of the models on one core, and where
the time goes.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.longer import repeat
from benchmarks.machine import machine

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_videos"
GOALS = {"every frame": 1.7, "default": 3.0}
REPEATS = 100

MODELS = "models, every frame"
CLOSE = "models, close looks"
CUT = "the back's square for the models"
FOLLOWING = "drift, cuts and both hands"

Figures = dict[str, float]


def bare(clip: Path) -> Figures:
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
    video, frames = cv2.VideoCapture(str(clip)), 0
    with vision.HandLandmarker.create_from_options(options) as landmarker:
        begun_s, last_ms = time.perf_counter(), -1
        while True:
            readable, image_bgr = video.read()
            if not readable:
                break
            frames += 1
            last_ms = max(last_ms + 1, round(video.get(cv2.CAP_PROP_POS_MSEC)))
            rgb = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB)
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
            landmarker.detect_for_video(image, last_ms)
        lasted_s = time.perf_counter() - begun_s
    video.release()
    return {"frames": frames, "lasted_s": lasted_s, "looked": 1.0, "media_s": last_ms / 1000}


def reviewed(clip: Path, calibration: Path, *, every_frame: bool) -> Figures:
    """Everything that `tstroke review` does for a recording, without the table and the file."""
    from routines.routine import load_routine
    from sessions.review import review_recording
    from vision.calibration import load_calibration

    seen: list[float] = []
    review = review_recording(
        clip,
        load_calibration(calibration),
        load_routine(),
        every_frame=every_frame,
        on_progress=lambda _: seen.append(time.perf_counter()),
    )
    lasted_s = time.perf_counter() - seen[0]
    looked, media_s = review.tracking.looked_share, review.video.duration_s
    return {"frames": len(seen), "lasted_s": lasted_s, "looked": looked, "media_s": media_s}


KINDS: dict[str, Callable[[Path, Path], Figures]] = {
    "bare": lambda clip, _calibration: bare(clip),
    "every frame": lambda clip, calibration: reviewed(clip, calibration, every_frame=True),
    "default": lambda clip, calibration: reviewed(clip, calibration, every_frame=False),
}


def floor(clip: Path) -> None:
    """What the models take by themselves, on this machine, one picture after the other."""
    import numpy as np

    from vision.frames import Frame, VideoReader
    from vision.landmarker import BARE, HandLandmarker

    def per_picture_ms(landmarker: HandLandmarker, picture: Frame) -> float:
        begun_s = time.perf_counter()
        for number in range(REPEATS):
            landmarker.detect(Frame(number, picture.time_s + number, picture.image_rgb, size))
        return (time.perf_counter() - begun_s) / REPEATS * 1000

    with VideoReader(clip) as reader, HandLandmarker(options=BARE) as landmarker:
        for frame in reader:
            if len(landmarker.detect(frame)) == 2 and frame.time_s > 1:
                break
        size = frame.full_size
        both_ms = per_picture_ms(landmarker, frame)
        black = Frame(0, 0.0, np.zeros_like(frame.image_rgb), size)
        landmarker.detect(black)
        palm_ms = per_picture_ms(landmarker, black)
    print(f"floor: palm detector {palm_ms:.1f} ms, landmarks {both_ms / 2:.1f} ms a hand")


def parts(clip: Path, calibration: Path) -> None:
    """Where the processor's time of a review goes; on more than one core it overlaps."""
    from routines.routine import load_routine
    from sessions.annotate import Annotator
    from sessions.coach import Coach, StrokeJudge
    from sessions.hand_watch import HandWatch
    from vision.back_frame import fit_back_frame
    from vision.calibration import load_calibration
    from vision.frames import VideoReader
    from vision.landmarker import HandLandmarker
    from vision.region import RegionView

    spent_s: dict[str, float] = {}

    def timed(kind: type, name: str, label: str) -> None:
        plain = getattr(kind, name)

        def wrapped(*given: object, **named: object) -> object:
            begun_s = time.process_time()
            try:
                return plain(*given, **named)
            finally:
                spent_s[label] = spent_s.get(label, 0.0) + time.process_time() - begun_s

        setattr(kind, name, wrapped)

    timed(RegionView, "cut", CUT)
    timed(HandLandmarker, "detect", MODELS)
    timed(HandLandmarker, "detect_close", CLOSE)
    timed(HandWatch, "look", FOLLOWING)
    timed(StrokeJudge, "judge", "strokes and faults")
    begun_s = time.process_time()
    with VideoReader(clip) as reader:
        kept = [frame for frame in reader if frame.index % 40 == 0]
        frames, size = reader.frames_read, (reader.info.width, reader.info.height)
    spent_s["decoding"] = time.process_time() - begun_s
    fitted, routine = load_calibration(calibration).fitted_to(*size), load_routine()
    with VideoReader(clip) as reader, Coach(fitted, routine) as coach:
        last = [coach.step(frame) for frame in reader][-1]
    spent_s[FOLLOWING] -= spent_s[MODELS] + spent_s.get(CLOSE, 0.0)
    spent_s[MODELS] -= spent_s[CUT]
    annotator, begun_s = Annotator(routine, fit_back_frame(fitted)), time.process_time()
    for frame in kept:
        annotator.draw(frame, last)
    spent_s["drawing, if asked for"] = (time.process_time() - begun_s) / len(kept) * frames
    print("where the processor's time goes, ms a frame:")
    for label, seconds in sorted(spent_s.items(), key=lambda one: -one[1]):
        print(f"  {label:32} {seconds / frames * 1000:5.1f}")


def in_own_process(kind: str, clip: Path, calibration: Path) -> Figures:
    """A run in a fresh process, so that none profits from the one before."""
    command = [sys.executable, __file__, "--clip", str(clip), "--only", kind]
    command += ["--calibration", str(calibration)]
    begun_s = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The {kind} run failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures | {"start_s": time.perf_counter() - begun_s - figures["lasted_s"]}


def compare(clip: Path, calibration: Path, runs: int) -> None:
    """Runs all kinds in turn and prints their rates and ratios."""
    found: dict[str, list[Figures]] = {kind: [] for kind in KINDS}
    for _ in range(runs):
        for kind, figures in found.items():
            figures.append(in_own_process(kind, clip, calibration))
    rates = {kind: statistics.median(map(_rate, figures)) for kind, figures in found.items()}
    for kind, figures in found.items():
        one = figures[-1]
        goal = f" (goal {GOALS[kind]})" if kind in GOALS else ""
        print(
            f"  {kind:12} {rates[kind]:6.1f} frames/s, {rates[kind] / rates['bare']:.2f} x bare"
            f"{goal}, {rates[kind] * one['media_s'] / one['frames']:.1f} x real time, "
            f"{one['looked']:.0%} looked at, {one['start_s']:.1f} s before the first frame"
        )


def _rate(figures: Figures) -> float:
    return figures["frames"] / figures["lasted_s"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, default=SAMPLES / "order.mp4", help="a 720p recording")
    parser.add_argument("--times", type=int, default=1, help="how often it is played over")
    parser.add_argument("--runs", type=int, default=2, help="runs of each kind")
    parser.add_argument("--only", choices=list(KINDS), help="time one kind in this process")
    parser.add_argument("--calibration", type=Path, help="the clip's, where it lies elsewhere")
    wanted = parser.parse_args()
    clip: Path = wanted.clip
    calibration = wanted.calibration or clip.with_name(f"{clip.stem}.calibration.json")
    if wanted.only:
        print(json.dumps(KINDS[wanted.only](clip, calibration)))
        return
    print(f"{clip.name}, played {wanted.times} times, on {machine()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        longer = Path(folder) / "longer.mp4"
        repeat(clip, wanted.times, longer)
        compare(longer, calibration, wanted.runs)
    floor(clip)
    parts(clip, calibration)


if __name__ == "__main__":
    main()
