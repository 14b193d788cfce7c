"""Warnings come when a recording is unfit, and not before; each is one sentence."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from routines.routine import load_routine
from sessions.batch import Job, Refusal, run
from sessions.fitness import warnings_of
from sessions.preflight import Remark
from sessions.record import Review, VideoFacts
from sessions.review import review_recording
from vision.arrays import Floats, ImageRGB
from vision.calibration import Calibration, load_calibration
from vision.frames import Frame, VideoReader
from vision.hands import DetectedHand
from vision.sink import Mp4Sink
from vision.tracker import Detector

SAMPLES = Path(__file__).parents[2] / "sample_videos"
NAMES = ("distractors", "fps15", "hands", "order", "place", "side", "speed", "wide")
VIDEO = VideoFacts("a.mp4", "0" * 64, 1280, 720, 10.0, 300, 1.0)

TrueHandsOf = Callable[[str], Detector]


def given(name: str) -> Calibration:
    return load_calibration(SAMPLES / f"{name}.calibration.json")


def mirror_image(calibration: Calibration) -> Calibration:
    width, _ = calibration.image_size
    points = {name: (width - x, y) for name, (x, y) in calibration.points_px.items()}
    return replace(calibration, points_px=points)


def found_by(source: str) -> Calibration:
    return replace(given("wide"), source=source)  # type: ignore[arg-type]


def test_a_good_recording_has_no_warning() -> None:
    assert warnings_of(VIDEO, (), given("wide")) == ()


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        (Remark("dark"), "dark"),
        (Remark("small", {"width": 320, "height": 240}), "(320 x 240 px)"),
        (Remark("slow", {"fps": 8.1}), "8 frames a second"),
        (Remark("no_hands"), "No hands were found in the whole recording"),
        (Remark("few_hands", {"share": 0.119}), "in only 11 % of the frames"),
        (Remark("near"), "move the camera away"),
        (Remark("far", {"hand_px": 31.2}), "(31 px long)"),
        (Remark("cut_off", {"edge": "top"}), "cut off at the top of the picture"),
        (Remark("moved"), "camera moved during the recording"),
    ],
)
def test_each_flaw_has_its_sentence(remark: Remark, words: str) -> None:
    (warning,) = warnings_of(VIDEO, (remark,), given("wide"))
    assert words in warning
    assert warning.endswith(".")


def test_a_truncated_file_says_its_share() -> None:
    (warning,) = warnings_of(replace(VIDEO, readable_share=0.629), (), given("wide"))
    assert "Only 62 % of this recording could be read" in warning


@pytest.mark.parametrize(
    ("calibration", "words"),
    [
        (None, "the hands do not tell where it is"),
        (found_by("settle"), "found from the hands on nape and waist"),
        (found_by("motion"), "how far they reach was not judged"),
        (mirror_image(given("wide")), "this picture is a mirror image"),
    ],
)
def test_what_the_back_was_found_from_is_told(calibration: Calibration | None, words: str) -> None:
    (warning,) = warnings_of(VIDEO, (), calibration)
    assert words in warning


def test_a_mirrored_picture_that_was_announced_needs_no_warning() -> None:
    announced = replace(mirror_image(given("wide")), mirrored_said=True)
    assert warnings_of(VIDEO, (), announced) == ()


def test_without_any_hand_it_is_not_asked_why_the_back_was_not_found() -> None:
    (warning,) = warnings_of(VIDEO, (Remark("no_hands"),), None)
    assert "No hands were found" in warning


# Recordings made from the clips: each version has its warning, and no other.


def plain(frame: Frame) -> ImageRGB:
    return frame.image_rgb


def darkened(frame: Frame) -> ImageRGB:
    return (frame.image_rgb * 0.2).astype(np.uint8)


def shrunk(frame: Frame) -> ImageRGB:
    return np.asarray(cv2.resize(frame.image_rgb, (320, 240)), np.uint8)


def every_fourth(frame: Frame) -> ImageRGB | None:
    return None if frame.index % 4 else frame.image_rgb


def far_away(frame: Frame) -> ImageRGB:
    """A third as large, in the corner of a bright floor."""
    floor = np.full_like(frame.image_rgb, 120)
    floor[:160, :213] = cv2.resize(frame.image_rgb, (213, 160))
    return floor


TOP_PX = 120


def cropped(frame: Frame) -> ImageRGB:
    """The left shoulder lies at the edge: hands that go round it leave the picture."""
    return frame.image_rgb[TOP_PX:]


@dataclass(frozen=True, slots=True)
class Version:
    """Pictures made from those of `wide`, and where a place of them is then."""

    picture: Callable[[Frame], ImageRGB | None]
    words: str | None
    times: float = 1.0
    up_px: float = 0.0
    size: tuple[int, int] = (640, 480)

    def detect(self, frame: Frame, detector: Detector) -> list[DetectedHand]:
        found = detector.detect(frame)
        return [replace(hand, landmarks_px=self.moved(hand.landmarks_px)) for hand in found]

    def calibration(self) -> Calibration:
        points = {name: self.moved(np.array(p)) for name, p in given("wide").points_px.items()}
        return Calibration(
            self.size, {name: (float(x), float(y)) for name, (x, y) in points.items()}
        )

    def moved(self, points_px: Floats) -> Floats:
        return points_px * self.times - (0, self.up_px)


VERSIONS = {
    "as it is": Version(plain, None),
    "a fifth of the light": Version(darkened, "The picture is dark"),
    "half the size": Version(shrunk, "picture is small (320 x 240 px)", 0.5, size=(320, 240)),
    "8 frames a second": Version(every_fourth, "only 8 frames a second"),
    "far away": Version(far_away, "The hands are small in the picture", 1 / 3),
    "cropped": Version(
        cropped, "cut off at the top of the picture", up_px=TOP_PX, size=(640, 480 - TOP_PX)
    ),
}


def film(
    name: str, target: Path, picture: Callable[[Frame], ImageRGB | None], end_s: float
) -> Path:
    with VideoReader(SAMPLES / f"{name}.mp4") as reader, ExitStack() as held:
        sink: Mp4Sink | None = None
        for frame in until(reader, end_s):
            image_rgb = picture(frame)
            if image_rgb is None:
                continue
            if sink is None:
                size = (image_rgb.shape[1], image_rgb.shape[0])
                sink = held.enter_context(Mp4Sink(target, size, 30.0))
            sink.write(np.ascontiguousarray(image_rgb), frame.time_s)
    return target


def until(reader: VideoReader, end_s: float) -> Iterator[Frame]:
    for frame in reader:
        if frame.time_s > end_s:
            return
        yield frame


class _Where:
    """The true hands of `wide`, as that version has them."""

    def __init__(self, version: Version, detector: Detector) -> None:
        self._version = version
        self._detector = detector

    def detect(self, frame: Frame) -> list[DetectedHand]:
        return self._version.detect(frame, self._detector)


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS.values(), ids=list(VERSIONS))
def test_worse_pictures_are_warned_of(
    version: Version, tmp_path: Path, true_hands: TrueHandsOf
) -> None:
    path = film("wide", tmp_path / "film.mp4", version.picture, 4.0)
    hands = _Where(version, true_hands("wide"))
    review = review_recording(path, version.calibration(), load_routine(), detector=hands)
    assert len(review.warnings) == (version.words is not None)
    assert all(version.words in warning for warning in review.warnings if version.words)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_clip_is_warned_of_falsely(name: str, true_hands: TrueHandsOf) -> None:
    path = SAMPLES / f"{name}.mp4"
    review = review_recording(path, given(name), load_routine(), detector=true_hands(name))
    half_hidden = ["in only 18 % of the frames"] if name == "hands" else []
    assert len(review.warnings) == len(half_hidden)
    assert all(words in review.warnings[0] for words in half_hidden)


# Recordings without a calibration: hands come from the hand model.


def reviewed(video: Path) -> Review:
    review = run(Job(video, video.with_suffix(".json"), None), load_routine(), None)
    assert not isinstance(review, Refusal)
    return review


@pytest.mark.slow
def test_a_back_that_is_cut_off_is_noticed_by_the_hands_alone(tmp_path: Path) -> None:
    def head_cut_off(frame: Frame) -> ImageRGB:
        return frame.image_rgb[:, :302]

    review = reviewed(film("wide", tmp_path / "film.mp4", head_cut_off, 30.0))
    assert review.count == 0
    assert any("cut off at the right of the picture" in warning for warning in review.warnings)
    assert any("do not tell where it is" in warning for warning in review.warnings)


@pytest.mark.slow
def test_a_hand_without_a_back_is_no_stroke() -> None:
    video = SAMPLES.parents[1] / "shared" / "clips" / "real" / "one_hand.mp4"
    if not video.is_file():
        pytest.skip("the recording is no part of the project")
    review = review_recording(video, None, load_routine())
    assert (review.count, review.reps) == (0, ())
    assert review.tracking.any_hand_share > 0.95
    assert any("do not tell where it is" in warning for warning in review.warnings)
