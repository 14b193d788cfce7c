"""What guides the hands is on the picture where they should go, and only when it is needed."""

import numpy as np
import pytest

from routines.routine import load_routine
from sessions.guided import Hold, Scene, Stage
from ui.scene_painter import ScenePainter
from vision.arrays import ImageRGB
from vision.back_frame import fit_back_frame
from vision.calibration import Calibration
from vision.frames import Frame
from vision.hands import HandPair

POINTS = {
    "nape": (320.0, 120.0),
    "waist": (320.0, 360.0),
    "left_shoulder": (200.0, 180.0),
    "right_shoulder": (440.0, 180.0),
}
CALIBRATION = Calibration((640, 480), POINTS)
BACK = fit_back_frame(CALIBRATION)
NOBODY = HandPair(0.0, None, None)


def paint(scene: Scene, size: tuple[int, int] = (640, 480)) -> ImageRGB:
    image = np.full((size[1], size[0], 3), 90, np.uint8)
    picture = ScenePainter(load_routine()).draw(Frame(0, 0.0, image, (640, 480)), scene)
    assert (image == 90).all(), "the camera's picture stays as it is"
    return picture


def scene(stage: Stage, **more: object) -> Scene:
    return Scene(0.0, stage, "guide.any", 10, NOBODY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", ["check", "touch", "oil", "done"])
def test_the_picture_is_left_alone_where_nothing_guides(stage: Stage) -> None:
    assert (paint(scene(stage)) == 90).all()


def test_the_chart_to_accept_covers_the_back_and_nothing_else() -> None:
    picture = paint(scene("confirm", back_frame=BACK))
    assert (picture[240, 300] != 90).any()
    assert (picture[:60] == 90).all()
    assert (picture[460:] == 90).all()


def test_the_path_stands_while_strokes_are_made() -> None:
    for stage in ("strokes", "paused"):
        assert (paint(scene(stage, back_frame=BACK)) != 90).any()
    assert (paint(scene("oil", back_frame=BACK)) == 90).all()


@pytest.mark.parametrize("size", [(640, 480), (320, 240)])
def test_the_ghost_is_where_the_hand_should_be(size: tuple[int, int]) -> None:
    place = (0.37, 0.5)
    scale = 640 / size[0]
    without = paint(scene("strokes", back_frame=BACK), size)
    ghost = paint(scene("strokes", back_frame=BACK, ghost={"right": place}), size)
    changed = np.argwhere((ghost != without).any(axis=2)).mean(axis=0)[::-1] * scale
    expected = BACK.to_image(np.array([place]))[0]
    assert changed == pytest.approx(expected, abs=4.0)


def test_the_ring_fills_around_the_hands() -> None:
    def inked(share: float) -> int:
        hold = Hold(((200.0, 200.0), (400.0, 200.0)), 60.0, share)
        return int((paint(scene("touch", hold=hold))[..., 2] > 150).sum())

    assert 0 < inked(0.1) < inked(0.5) < inked(1.0)
