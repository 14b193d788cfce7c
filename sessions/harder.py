"""The same strokes in worse pictures: each version must keep the count, and the faults.

Only what a camera or its file does to a picture is changed, never the hands' motion, so the
truth's attempts hold for all versions. A fault may become not seen where its evidence is gone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from routines.reps import Rep
from routines.routine import Routine
from sessions.batch import calibration_of
from sessions.coach import Coach
from sessions.matching import matched
from sessions.recorder import Recorder
from sessions.truth import TrueRep, Truth, load_truth
from vision.arrays import ImageRGB
from vision.calibration import load_calibration
from vision.frames import Frame
from vision.recording import RecordingReader, open_recording

REPS: Final = 2
"""Attempts of a clip that are looked at: enough to see one lost, few enough to be cheap."""

AFTER_S: Final = 1.5
"""Time after the last of them: a decision comes within 0.7 s of an attempt's end."""

EXPOSED: Final = 3
"""Frames that one blurred frame is the mean of: a shutter as long as a dim room asks for."""

SHAKE: Final = 0.01
DRIFT: Final = 0.05
"""Shares of the picture's width: how far a shaken camera strays, and a drifting one goes."""

DRIFT_S: Final = 20.0
"""Time that the drift takes: about two strokes."""

SHAKE_HZ: Final = ((1.3, 2.9), (1.7, 3.7))
"""Two frequencies across and two along the picture, as of a hand or a trodden floor."""

LIGHT: Final = 0.5
GRAIN: Final = 8.0
"""Half of every value, and the standard deviation of the noise upon it, of 255."""

GRAIN_ROOM_PX: Final = 97

LIVE_HZ: Final = 15.0
"""Pictures a second that are looked at, as of a webcam; all of them go into a blur."""

EARLY_S: Final = 0.01
"""So much before its time a picture is the one that is due."""

JPEG_QUALITY: Final = 12
"""Of 100: blocks are plainly seen."""

ImageGrain = NDArray[np.float32]

Effect = Callable[[ImageRGB, float], ImageRGB]
"""Takes the pictures in order, each with its seconds of media time."""


def _motion_blur() -> Effect:
    kept: list[ImageRGB] = []

    def blur(image_rgb: ImageRGB, _time_s: float) -> ImageRGB:
        kept.append(image_rgb)
        del kept[:-EXPOSED]
        return np.asarray(np.mean(kept, axis=0, dtype=np.float32), dtype=np.uint8)

    return blur


def _shake() -> Effect:
    def shake(image_rgb: ImageRGB, time_s: float) -> ImageRGB:
        width = image_rgb.shape[1]
        waves = [sum(np.sin(2 * np.pi * hertz * time_s) for hertz in pair) / 2 for pair in SHAKE_HZ]
        return _shifted(image_rgb, SHAKE * width * waves[0], SHAKE * width * waves[1])

    return shake


def _drift() -> Effect:
    def drift(image_rgb: ImageRGB, time_s: float) -> ImageRGB:
        return _shifted(image_rgb, DRIFT * image_rgb.shape[1] * min(time_s / DRIFT_S, 1.0), 0.0)

    return drift


def _half_light() -> Effect:
    random = np.random.default_rng(7)
    grain: ImageGrain | None = None

    def darken(image_rgb: ImageRGB, _time_s: float) -> ImageRGB:
        nonlocal grain
        height, width = image_rgb.shape[:2]
        if grain is None:
            # Drawn once and cut anew for each picture: to draw it takes longer than the hands do.
            shape = (height + GRAIN_ROOM_PX, width + GRAIN_ROOM_PX, 3)
            grain = random.normal(0.0, GRAIN, shape).astype(np.float32)
        top, left = random.integers(0, GRAIN_ROOM_PX, 2)
        noise = grain[top : top + height, left : left + width]
        darker = np.clip(image_rgb * np.float32(LIGHT) + noise, 0, 255)
        return np.asarray(darker, dtype=np.uint8)

    return darken


def _compressed() -> Effect:
    def compress(image_rgb: ImageRGB, _time_s: float) -> ImageRGB:
        packed = cv2.imencode(
            ".jpg", image_rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        )
        image_bgr = cv2.imdecode(packed[1], cv2.IMREAD_COLOR)
        return np.ascontiguousarray(np.asarray(image_bgr, dtype=np.uint8)[..., ::-1])

    return compress


def _shifted(image_rgb: ImageRGB, right_px: float, down_px: float) -> ImageRGB:
    height, width = image_rgb.shape[:2]
    matrix = np.array([[1.0, 0.0, right_px], [0.0, 1.0, down_px]])
    moved = cv2.warpAffine(image_rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.uint8)


VERSIONS: Final[Mapping[str, Callable[[], Effect]]] = {
    "motion blur": _motion_blur,
    "shake by 1 %": _shake,
    "half the light, with noise": _half_light,
    "strong compression": _compressed,
    "drift by 5 %": _drift,
}
"""Makers of effects by name; an effect may remember pictures, so each film needs its own."""


@dataclass(frozen=True, slots=True)
class HarderScore:
    """What was made of one version of a clip's first attempts."""

    version: str
    clip: str
    wanted: int
    count: int
    both_hands_share: float
    false_faults: tuple[str, ...]
    """Faults in a review of these attempts beyond the ones that they have, by code."""
    lost_faults: tuple[str, ...] = ()
    """Faults that they have and that the review calls fine, by code; not seen is no loss."""

    @property
    def name(self) -> str:
        """Of the version and its clip."""
        return f"{self.version}, {self.clip}"

    @property
    def holds(self) -> bool:
        """True where the count stays."""
        return self.count == self.wanted

    @property
    def keeps_faults(self) -> bool:
        """True where no fault is made up, and none called fine."""
        return not self.false_faults and not self.lost_faults


def clips_for_harder(
    clips: Sequence[tuple[Path, Path]], routine: Routine
) -> tuple[tuple[Path, Path], ...]:
    """Clips by their first attempts: the first with clean ones, the first with a fault of path that
    a camera can see, and the first with one of technique; as many of these as there are."""
    chosen: dict[str, tuple[Path, Path]] = {}
    for video, truth_file in clips:
        reps = load_truth(truth_file).reps[:REPS]
        if len(reps) == REPS and all(rep.seeable for rep in reps):
            kinds = sorted(routine.faults[rep.fault].kind for rep in reps if rep.fault is not None)
            chosen.setdefault(kinds[0] if kinds else "clean", (video, truth_file))
    return tuple(chosen[kind] for kind in ("clean", "path", "technique") if kind in chosen)


def score_harder(
    video: Path, truth_file: Path, routine: Routine, version: str
) -> tuple[HarderScore, ImageRGB]:
    """Review the clip's first attempts in a harder version; also a picture from its middle.

    Raises `CoachError` where the clip, its truth or its calibration can't be used.
    """
    truth = load_truth(truth_file)
    calibration = load_calibration(calibration_of(video))
    end_s = _end_s(truth)
    recorder = Recorder()
    sample: ImageRGB = np.zeros((1, 1, 3), np.uint8)
    with open_recording(video) as reader:
        fitted = calibration.fitted_to(reader.info.width, reader.info.height)
        with Coach(fitted, routine) as coach:
            for frame in _harder(reader, VERSIONS[version](), end_s):
                recorder.step(coach.step(frame))
                if frame.time_s <= end_s / 2:
                    sample = frame.image_rgb
            recorder.take(coach.finish())
    return _score(version, video.stem, truth, recorder), sample


def _end_s(truth: Truth) -> float:
    return truth.reps[:REPS][-1].end_s + AFTER_S


def _harder(reader: RecordingReader, effect: Effect, end_s: float) -> Iterator[Frame]:
    due_s = 0.0
    for frame in reader:
        if frame.time_s > end_s:
            return
        image_rgb = effect(frame.image_rgb, frame.time_s)
        if frame.time_s > due_s - EARLY_S:
            due_s = frame.time_s + 1.0 / LIVE_HZ
            yield replace(frame, image_rgb=image_rgb)


def _score(version: str, clip: str, truth: Truth, recorder: Recorder) -> HarderScore:
    true = truth.reps[:REPS]
    owed = {rep.fault for rep in true if rep.fault is not None}
    return HarderScore(
        version=version,
        clip=clip,
        wanted=sum(rep.counted for rep in true),
        count=sum(rep.counted for rep in recorder.reps),
        both_hands_share=recorder.tracking().both_hands_share,
        false_faults=tuple(sorted(_codes(recorder.reps, "fault") - owed)),
        lost_faults=tuple(sorted(_called_fine(true, recorder.reps))),
    )


def _called_fine(true: Sequence[TrueRep], reps: Sequence[Rep]) -> set[str]:
    return {
        fault
        for played, found in matched(true, reps)
        if (fault := true[played].fault) is not None and fault in _codes([reps[found]], "fine")
    }


def _codes(reps: Sequence[Rep], outcome: str) -> set[str]:
    return {check.code for rep in reps for check in rep.checks if check.outcome == outcome}
