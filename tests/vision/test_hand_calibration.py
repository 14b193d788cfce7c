"""The back is found from hands alone: at rest on nape and waist, on the stroke, or by touch."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from vision.arrays import Floats
from vision.back_frame import fit_back_frame
from vision.back_template import SHAPE_PRIOR, BackShape, BackSurface
from vision.calibration import Calibration
from vision.camera_pose import CameraPose
from vision.errors import CalibrationError
from vision.hand_calibration import calibrate_by_motion, calibrate_by_settle
from vision.hands import DetectedHand
from vision.settle import Hold, find_hold, looks_around, rests_in
from vision.sightings import Sighting, traces_of
from vision.touch import PLACES_BACK, Place, calibrate_by_touch

SIZE = (1280, 720)
MEAN_BACK = BackShape(*(mean for mean, _ in SHAPE_PRIOR.values()))
HANDS_RIDE = BackSurface(MEAN_BACK, thickness=0.17, bulge=0.18)
U_CM, V_CM = 19.5, 42.0
FPS = 12
CAMERAS = [(88.0, 0.0), (60.0, 0.0), (50.0, -90.0), (65.0, 135.0)]
"""Elevation and azimuth: above, from the right, from the foot end, from the head's left."""

# Not the T-stroke, so that nothing hangs on it: up inside, down outside, on the right side.
LOOP = np.array(
    [
        [0.3, 0.1],
        [0.3, 0.5],
        [0.3, 0.9],
        [0.8, 0.85],
        [1.0, 0.7],
        [0.8, 0.4],
        [0.6, 0.1],
        [0.3, 0.1],
    ]
)


def camera_at(elevation_deg: float, azimuth_deg: float) -> CameraPose:
    up, round_ = math.radians(elevation_deg), math.radians(azimuth_deg)
    toward = np.array([math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_)])
    forward = -np.append(toward, math.sin(up))
    down = -np.array([0.0, 1.0, 0.0]) + forward[1] * forward
    down /= np.linalg.norm(down)
    rotation = np.stack([np.cross(down, forward), down, forward])
    focal_px = SIZE[0] / 2 / math.tan(math.radians(30))
    centre = np.array([0.0, 1.0, -0.1])
    return CameraPose(rotation, [0, 0, 7.5] - rotation @ centre, focal_px, np.array(SIZE) / 2)


def hand(camera: CameraPose, palm_back: Floats, turn_deg: float = 0.0) -> DetectedHand:
    """A flat hand of 18 cm, its fingers turned from the head by `turn_deg` to the right."""
    along = np.array([math.sin(math.radians(turn_deg)), math.cos(math.radians(turn_deg))])
    across = np.array([along[1], -along[0]])
    flat_cm = np.zeros((21, 2))
    for mark, (ahead, beside) in {
        0: (-6.8, 0), 5: (2.2, -2.5), 9: (2.2, -0.5), 13: (1.4, 1.0), 17: (1, 2), 12: (11.2, 0)
    }.items():  # fmt: skip
        flat_cm[mark] = ahead * along + beside * across
    chart = palm_back + flat_cm / (U_CM, V_CM)
    return DetectedHand(camera.project(HANDS_RIDE.lift(chart)), 0.9)


def truth(camera: CameraPose) -> Calibration:
    points = MEAN_BACK.points()
    places = camera.project(np.array(list(points.values()))).tolist()
    return Calibration(SIZE, {name: (x, y) for name, (x, y) in zip(points, places, strict=True)})


def worst_miss(found: Calibration, given: Calibration) -> float:
    """In shoulder widths of an upright view: a low camera shortens the seen one."""
    own, true = found.points_px, given.points_px
    unit = max(
        math.dist(true["left_shoulder"], true["right_shoulder"]),
        math.dist(true["nape"], true["waist"]),
    )
    return max(math.dist(own[name], true[name]) for name in true) / unit


def settling(camera: CameraPose, seconds: float = 3.0) -> Iterator[Sighting]:
    """The left hand on the nape, the right one on the waist, both slantwise and trembling."""
    rng = np.random.default_rng(5)
    for index in range(round(seconds * FPS)):
        places = np.array([[0.03, 0.74], [-0.02, 0.03]]) + rng.normal(0, 0.005, (2, 2))
        hands = (hand(camera, places[0], 40), hand(camera, places[1], -40))
        yield Sighting(index / FPS, hands)


def stroking(camera: CameraPose, start_s: float, loops: int = 3) -> Iterator[Sighting]:
    """Both hands round LOOP, a loop in 7 s, each unseen now and then."""
    rng = np.random.default_rng(6)
    steps = np.linalg.norm(np.diff(LOOP * (1, 2.15), axis=0), axis=1)
    at = np.concatenate([[0], np.cumsum(steps)]) / steps.sum()
    for index in range(round(7 * FPS * loops)):
        share = index / FPS / 7 % 1
        place = np.array([np.interp(share, at, column) for column in LOOP.T])
        seen = np.array([place * (-1, 1), place]) + rng.normal(0, 0.015, (2, 2))
        hands = tuple(hand(camera, one) for one in seen if rng.uniform() > 0.1)
        yield Sighting(start_s + index / FPS, hands)


def circles(camera: CameraPose) -> Iterator[Sighting]:
    for index in range(30 * FPS):
        angle = index / FPS * 3
        place = 0.15 * np.array([math.cos(angle), math.sin(angle) / 2]) + (0.4, 0.5)
        yield Sighting(index / FPS, (hand(camera, place), hand(camera, place * (-1, 1))))


def waves(camera: CameraPose) -> Iterator[Sighting]:
    for index in range(30 * FPS):
        across = 1.2 * math.sin(index / FPS * 4)
        places = np.array([[across, 0.5], [across + 0.1, 0.9]])
        yield Sighting(index / FPS, tuple(hand(camera, place) for place in places))


def kneading(camera: CameraPose) -> Iterator[Sighting]:
    """Circles that wander up the back."""
    for index in range(30 * FPS):
        angle = index / FPS * 3
        circle = np.array([0.12 * math.cos(angle), 0.3 + index / 900 + 0.06 * math.sin(angle)])
        places = circle + np.array([[-0.35, 0], [0.35, 0]])
        yield Sighting(index / FPS, tuple(hand(camera, place) for place in places))


def hold_of(sightings: Iterator[Sighting]) -> Hold | None:
    return find_hold(rests_in(traces_of(list(sightings))))


@pytest.fixture(
    params=[CAMERAS[0], *(pytest.param(view, marks=pytest.mark.slow) for view in CAMERAS[1:])],
    ids=lambda view: f"{view[0]:.0f}-{view[1]:.0f}",
)
def camera(request: pytest.FixtureRequest) -> CameraPose:
    return camera_at(*request.param)


# The hold


def test_a_hold_says_which_hand_is_where_and_for_how_long(camera: CameraPose) -> None:
    hold = hold_of(settling(camera))
    assert hold is not None
    nape_px, waist_px = camera.project(HANDS_RIDE.lift(np.array([[0.03, 0.74], [-0.02, 0.03]])))
    assert np.linalg.norm(hold.nape.palm_px - nape_px) < 12
    assert np.linalg.norm(hold.waist.palm_px - waist_px) < 12
    assert hold.span_s == pytest.approx((0.0, 2.9), abs=0.15)


def test_a_short_touch_is_no_hold() -> None:
    assert hold_of(settling(camera_at(80, 0), seconds=1.2)) is None


@pytest.mark.parametrize("places", [((-0.35, 0.07), (0.35, 0.07)), ((-1.0, 0.8), (1.0, 0.8))])
def test_hands_side_by_side_are_no_hold(places: tuple[tuple[float, float], ...]) -> None:
    camera = camera_at(80, 0)
    hands = tuple(hand(camera, np.array(place)) for place in places)
    assert hold_of(Sighting(index / FPS, hands) for index in range(40)) is None


def test_strokes_hold_no_hold(camera: CameraPose) -> None:
    assert hold_of(stroking(camera, 0.0)) is None


def test_the_other_hand_of_a_hold_lies_in_the_first_looks(camera: CameraPose) -> None:
    hold = hold_of(settling(camera))
    assert hold is not None
    for known, other in ((hold.nape, hold.waist), (hold.waist, hold.nape)):
        offsets = [
            np.linalg.norm(other.palm_px - look.centre_px) / (look.side_px / 2)
            for look in looks_around(known)
        ]
        assert min(offsets) < 0.5


# Settle


def test_a_hold_alone_places_the_back_from_above() -> None:
    camera = camera_at(85, 0)
    hold = hold_of(settling(camera))
    assert hold is not None
    found = calibrate_by_settle(hold, SIZE, LOOP)
    assert found.source == "settle"
    assert found.residual_px is not None
    assert worst_miss(found, truth(camera)) < 0.1


@pytest.mark.slow
def test_strokes_after_a_hold_tell_the_tilt(camera: CameraPose) -> None:
    sightings = [*settling(camera), *stroking(camera, 3.0)]
    traces = traces_of(sightings)
    hold = find_hold(rests_in(traces))
    assert hold is not None
    found = calibrate_by_settle(hold, SIZE, LOOP, traces)
    assert found.source == "settle"
    assert worst_miss(found, truth(camera)) < 0.12


@pytest.mark.slow
def test_strokes_elsewhere_tell_that_a_hold_was_none(camera: CameraPose) -> None:
    """Both hands rest across the lower back, fingers to the side, as if the spine lay there."""
    waiting = [
        Sighting(
            index / FPS,
            (
                hand(camera, np.array([-0.5, 0.2]), 90),
                hand(camera, np.array([0.7, 0.15]), 80),
            ),
        )
        for index in range(3 * FPS)
    ]
    hold = hold_of(iter(waiting))
    assert hold is not None
    wrong = calibrate_by_settle(hold, SIZE, LOOP)
    assert worst_miss(wrong, truth(camera)) > 0.5
    traces = traces_of([*waiting, *stroking(camera, 3.0)])
    found = calibrate_by_settle(hold, SIZE, LOOP, traces)
    assert found.source == "motion"
    assert worst_miss(found, truth(camera)) < 0.15


def lifted(camera: CameraPose, start_s: float) -> Iterator[Sighting]:
    """Once, one hand goes round the loop in the air, 25 cm off; the other is not seen."""
    for index in range(7 * FPS):
        at = np.linspace(0, 1, len(LOOP))
        place = np.array([np.interp(index / FPS / 7, at, column) for column in LOOP.T])
        yield Sighting(start_s + index / FPS, (hand(camera, place + np.array([0.35, 0.3])),))


@pytest.mark.slow
def test_what_a_hand_does_once_hardly_moves_the_back() -> None:
    camera = camera_at(60, 0)
    strokes = [*settling(camera), *stroking(camera, 3.0)]
    strayed = [*strokes, *lifted(camera, strokes[-1].time_s + 1)]
    back, other = (calibrated(sightings) for sightings in (strokes, strayed))
    assert worst_miss(other, truth(camera)) < 0.12
    assert worst_miss(other, back) < 0.04


def calibrated(sightings: list[Sighting]) -> Calibration:
    traces = traces_of(sightings)
    hold = find_hold(rests_in(traces))
    assert hold is not None
    return calibrate_by_settle(hold, SIZE, LOOP, traces)


def open_px(calibration: Calibration, name: str) -> float:
    """How far a point may be off: one standard deviation."""
    return math.hypot(*(part for shift in calibration.shifts_px for part in shift[name]))


@pytest.mark.slow
def test_a_hold_without_strokes_claims_less(camera: CameraPose) -> None:
    """Its waist is known, its tilt is not; each stroke that is seen tells more."""
    held = calibrated(list(settling(camera)))
    once, often = (
        calibrated([*settling(camera), *stroking(camera, 3.0, loops)]) for loops in (1, 3)
    )
    opens = [open_px(one, "left_shoulder") for one in (held, once, often)]
    assert opens[0] > opens[1] > 1.2 * opens[2]
    assert opens[0] > 2 * opens[2]
    assert open_px(held, "waist") < open_px(held, "left_shoulder")
    off_px = math.dist(held.points_px["left_shoulder"], truth(camera).points_px["left_shoulder"])
    assert off_px < 3 * opens[0]


@pytest.mark.slow
def test_a_hold_without_strokes_does_not_tell_reach() -> None:
    camera = camera_at(80, 0)
    held = fit_back_frame(calibrated(list(settling(camera))))
    stroked = fit_back_frame(calibrated([*settling(camera), *stroking(camera, 3.0)]))
    assert not held.scale.tells_reach
    assert stroked.scale.tells_reach
    shoulders = np.array([[-0.94, 0.81], [0.94, 0.81]])
    assert not held.to_back(held.to_image(shoulders))[1].any()
    assert stroked.to_back(stroked.to_image(shoulders))[1].all()


@pytest.mark.slow
@pytest.mark.parametrize("movement", [circles, waves, kneading])
def test_what_is_no_stroke_does_not_tilt_a_hold_s_back(
    movement: Callable[[CameraPose], Iterator[Sighting]],
) -> None:
    camera = camera_at(80, 0)
    later = (Sighting(4.0 + one.time_s, one.hands) for one in movement(camera))
    held = calibrated(list(settling(camera)))
    assert worst_miss(calibrated([*settling(camera), *later]), held) < 0.01


def test_a_hold_whose_back_would_leave_the_picture_is_refused() -> None:
    hold = hold_of(settling(camera_at(85, 0)))
    assert hold is not None
    width, height = int(hold.nape.palm_px[0]) + 20, SIZE[1]
    with pytest.raises(CalibrationError, match="outside its picture"):
        calibrate_by_settle(hold, (width, height), LOOP)


# Motion


@pytest.mark.slow
def test_strokes_alone_place_the_back(camera: CameraPose) -> None:
    found = calibrate_by_motion(traces_of(list(stroking(camera, 0.0))), SIZE, LOOP)
    assert found.source == "motion"
    assert found.residual_px is not None
    assert worst_miss(found, truth(camera)) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180])
def test_a_turned_picture_turns_the_calibration(turn: int) -> None:
    camera = camera_at(75, 30)
    size = SIZE if turn == 180 else (SIZE[1], SIZE[0])

    def turned(points: Floats) -> Floats:
        return np.array(SIZE) - points if turn == 180 else np.stack(
            [SIZE[1] - points[..., 1], points[..., 0]], axis=-1
        )  # fmt: skip

    sightings = [
        Sighting(one.time_s, tuple(DetectedHand(turned(h.landmarks_px), 0.9) for h in one.hands))
        for one in stroking(camera, 0.0)
    ]
    found = calibrate_by_motion(traces_of(sightings), size, LOOP)
    places = turned(np.array(list(truth(camera).points_px.values()))).tolist()
    names = truth(camera).points_px
    given = Calibration(size, {n: (x, y) for n, (x, y) in zip(names, places, strict=True)})
    assert worst_miss(found, given) < 0.2


def nothing(camera: CameraPose) -> Iterator[Sighting]:
    return iter(())


@pytest.mark.slow
@pytest.mark.parametrize("movement", [circles, waves, kneading, nothing, settling])
def test_what_is_no_stroke_is_refused(
    movement: Callable[[CameraPose], Iterator[Sighting]],
) -> None:
    traces = traces_of(list(movement(camera_at(80, 0))))
    with pytest.raises(CalibrationError, match="hands alone do not tell"):
        calibrate_by_motion(traces, SIZE, LOOP)


# Touch


def touched(camera: CameraPose, seed: int = 7) -> dict[Place, tuple[Floats, Floats]]:
    rng = np.random.default_rng(seed)
    palms: dict[Place, tuple[Floats, Floats]] = {}
    for name, (across, v) in PLACES_BACK.items():
        places = np.array([[-across, v], [across, v]]) + rng.normal(0, 0.02, (2, 2))
        left, right = camera.project(HANDS_RIDE.lift(places))
        palms[name] = (left, right)
    return palms


def test_touched_places_tell_back_and_tilt(camera: CameraPose) -> None:
    found = calibrate_by_touch(touched(camera), 130.0, SIZE)
    assert found.source == "touch"
    assert found.residual_px is not None
    assert found.residual_px < 15
    assert worst_miss(found, truth(camera)) < 0.12


def test_a_place_not_touched_is_named() -> None:
    palms = touched(camera_at(80, 0))
    del palms["neck"]
    with pytest.raises(CalibrationError, match="rest on the neck"):
        calibrate_by_touch(palms, 130.0, SIZE)


def test_exchanged_hands_are_refused() -> None:
    palms = touched(camera_at(80, 0))
    palms["shoulders"] = palms["shoulders"][::-1]
    with pytest.raises(CalibrationError, match="lay both hands on each of them again"):
        calibrate_by_touch(palms, 130.0, SIZE)
