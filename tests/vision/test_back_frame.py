"""The chart stays in place whatever the camera, and says where it can't be trusted."""

import gzip
import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from vision.arrays import Floats
from vision.back_frame import BackFrame, fit_back_frame
from vision.back_template import SHAPE_PRIOR, BackShape, BackSurface
from vision.calibration import Calibration, load_calibration
from vision.camera_pose import CameraPose
from vision.errors import CalibrationError
from vision.hands import SIDES, HandPair, Side, TrackedHand

SAMPLES = Path(__file__).parents[2] / "sample_videos"
SIZE = (1280, 720)
MEAN_BACK = BackShape(*(mean for mean, _ in SHAPE_PRIOR.values()))
UP = np.array([[0.36, v] for v in np.linspace(0.07, 0.9, 12)])
OUT = np.array([[u, 1.0 - 0.25 * u] for u in np.linspace(0.4, 1.0, 8)])
FOUR = ("nape", "waist", "left_shoulder", "right_shoulder")

views = st.tuples(
    st.floats(50, 89), st.floats(-180, 180), st.floats(42, 78), st.integers(0, 2**32 - 1)
)


def camera_at(elevation_deg: float, azimuth_deg: float, view_deg: float = 60) -> CameraPose:
    """A camera at that height over the back (azimuth 0: from the right, 90: from the head)."""
    up, round_ = math.radians(elevation_deg), math.radians(azimuth_deg)
    toward = np.array([math.cos(up) * math.cos(round_), math.cos(up) * math.sin(round_)])
    forward = -np.append(toward, math.sin(up))
    down = -np.array([0.0, 1.0, 0.0]) + forward[1] * forward
    down /= np.linalg.norm(down)
    rotation = np.stack([np.cross(down, forward), down, forward])
    focal_px = SIZE[0] / 2 / math.tan(math.radians(view_deg / 2))
    ahead = focal_px / 130
    centre = np.array([0.0, 1.0, -0.1])
    return CameraPose(rotation, [0, 0, ahead] - rotation @ centre, focal_px, np.array(SIZE) / 2)


def seen_by(
    camera: CameraPose, shape: BackShape = MEAN_BACK, names: tuple[str, ...] | None = None
) -> Calibration:
    points = shape.points()
    chosen = names or tuple(points)
    px = camera.project(np.array([points[name] for name in chosen]))
    pairs = zip(chosen, px.tolist(), strict=True)
    return Calibration(SIZE, {name: (x, y) for name, (x, y) in pairs})


@cache
def frame_of(name: str) -> BackFrame:
    return fit_back_frame(load_calibration(SAMPLES / f"{name}.calibration.json"))


@cache
def overhead() -> BackFrame:
    return fit_back_frame(seen_by(camera_at(89, 0)))


def mirrored(points_back: Floats) -> Floats:
    return points_back * (-1, 1)


# Any back, any camera


@pytest.mark.slow
@settings(max_examples=8, deadline=None, derandomize=True)
@given(views)
def test_strokes_keep_their_place_from_any_side(view: tuple[float, float, float, int]) -> None:
    """Bodies, lenses and clicks vary as the priors say; hands ride at other heights too."""
    elevation, azimuth, angle, seed = view
    rng = np.random.default_rng(seed)
    draws = [mean + sd * np.clip(rng.normal(), -1.5, 1.5) for mean, sd in SHAPE_PRIOR.values()]
    shape = BackShape(*draws)
    camera = camera_at(elevation, azimuth, angle)
    hands = BackSurface(shape, thickness=0.165 + 0.03 * rng.uniform(-1, 1), bulge=0.18)
    frame = fit_back_frame(seen_by(camera, shape))
    for path in (UP, mirrored(UP)):
        found, trusted = frame.to_back(camera.project(hands.lift(path)))
        off = np.abs(found - path)[trusted]
        assert trusted.mean() > 0.8
        assert off[:, 0].mean() < 0.2
        assert off[:, 1].mean() < 0.1


@pytest.mark.slow
@settings(max_examples=6, deadline=None, derandomize=True)
@given(views)
def test_clicks_may_be_off_by_a_hundredth(view: tuple[float, float, float, int]) -> None:
    elevation, azimuth, angle, seed = view
    camera = camera_at(elevation, azimuth, angle)
    exact = seen_by(camera)
    rng = np.random.default_rng(seed)
    shaken = {
        name: (x + rng.normal() * 3, y + rng.normal() * 3)
        for name, (x, y) in exact.points_px.items()
    }
    frame = fit_back_frame(Calibration(SIZE, shaken))
    hands_px = camera.project(BackSurface(MEAN_BACK, 0.17, 0.18).lift(UP))
    off = np.abs(frame.to_back(hands_px)[0] - UP)
    assert off[:, 0].mean() < 0.25
    assert off[:, 1].mean() < 0.12
    assert 0 < frame.rms_px < 12


@pytest.mark.parametrize("name", ["wide", "order", "side", "speed", "hands"])
def test_the_way_to_the_picture_and_back_changes_nothing(name: str) -> None:
    frame = frame_of(name)
    chart = np.stack(np.meshgrid(np.linspace(-1, 1, 9), np.linspace(0, 1, 7)), -1).reshape(-1, 2)
    chart = chart[np.abs(chart[:, 0]) <= 0.6 + 0.6 * chart[:, 1]]
    back, _ = frame.to_back(frame.to_image(chart))
    assert np.abs(back - chart).max() < 0.02


@pytest.mark.parametrize("name", ["wide", "speed"])
@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_the_picture_s_scale_changes_nothing(name: str, scale: float) -> None:
    calibration = load_calibration(SAMPLES / f"{name}.calibration.json")
    width, height = calibration.image_size
    scaled = fit_back_frame(calibration.fitted_to(int(width * scale), int(height * scale)))
    points_px = frame_of(name).to_image(np.concatenate([UP, OUT, mirrored(UP)]))
    one, other = frame_of(name).to_back(points_px), scaled.to_back(points_px * scale)
    assert np.abs(one[0] - other[0]).max() < 0.005
    assert (one[1] == other[1]).all()


@pytest.mark.parametrize("name", ["wide", "speed"])
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turning_the_picture_changes_nothing(name: str, quarters: int) -> None:
    calibration = load_calibration(SAMPLES / f"{name}.calibration.json")
    size = calibration.image_size

    def turned(points_px: Floats) -> Floats:
        (width, height), points = size, points_px
        for _ in range(quarters):
            points = np.stack([height - points[:, 1], points[:, 0]], axis=1)
            width, height = height, width
        return points

    names = tuple(calibration.points_px)
    places = turned(np.array(list(calibration.points_px.values())))
    other_size = size if quarters == 2 else (size[1], size[0])
    pairs = {n: (float(x), float(y)) for n, (x, y) in zip(names, places, strict=True)}
    other = fit_back_frame(Calibration(other_size, pairs, calibration.shoulder_width_cm))
    points_px = frame_of(name).to_image(np.concatenate([UP, OUT, mirrored(UP)]))
    before = frame_of(name).to_back(points_px)[0]
    assert np.abs(other.to_back(turned(points_px))[0] - before).max() < 0.01


@pytest.mark.parametrize("name", ["wide", "speed"])
def test_a_mirrored_picture_with_exchanged_names_mirrors_the_chart(name: str) -> None:
    calibration = load_calibration(SAMPLES / f"{name}.calibration.json")
    width, _ = calibration.image_size
    other_name = {"left_shoulder": "right_shoulder", "left_waist": "right_waist"}
    other_name |= {right: left for left, right in other_name.items()}
    points = calibration.points_px.items()
    flipped = {other_name.get(n, n): (width - x, y) for n, (x, y) in points}
    other = fit_back_frame(
        Calibration(calibration.image_size, flipped, calibration.shoulder_width_cm)
    )
    points_px = frame_of(name).to_image(np.concatenate([UP, OUT]))
    before = frame_of(name).to_back(points_px)[0]
    after = other.to_back(points_px * (-1, 1) + (width, 0))[0]
    assert np.abs(after - mirrored(before)).max() < 0.01


@pytest.mark.parametrize("name", ["wide", "speed"])
def test_a_mirrored_picture_keeps_the_chart(name: str) -> None:
    """As from a selfie camera: the same places, on the picture's other side."""
    calibration = load_calibration(SAMPLES / f"{name}.calibration.json")
    width, _ = calibration.image_size
    flipped = {n: (width - x, y) for n, (x, y) in calibration.points_px.items()}
    other = fit_back_frame(replace(calibration, points_px=flipped))
    plain = frame_of(name)
    assert other.rms_px == pytest.approx(plain.rms_px)
    path = np.concatenate([UP, OUT, mirrored(UP)])
    points_px = plain.to_image(path)
    flipped_px = points_px * (-1, 1) + (width, 0)
    assert np.abs(other.to_image(path) - flipped_px).max() < 0.01
    for before, after in zip(plain.to_back(points_px), other.to_back(flipped_px), strict=True):
        assert np.abs(after.astype(float) - before).max() < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("elevation", [8.0, 20.0, 45.0, 89.0])
@pytest.mark.parametrize("azimuth", [0.0, -90.0, 90.0])
def test_nothing_is_ever_not_a_number(elevation: float, azimuth: float) -> None:
    frame = fit_back_frame(seen_by(camera_at(elevation, azimuth)))
    far_px = np.stack(np.meshgrid([-5e4, -300, 0, 640, 1500, 5e4], [-5e4, 0, 360, 900, 5e4]), -1)
    chart, trusted = frame.to_back(far_px.reshape(-1, 2))
    assert np.isfinite(chart).all()
    assert trusted.sum() < trusted.size
    far_back = np.stack(np.meshgrid([-30, -1, 0, 1, 30], [-30, 0, 1, 30]), -1).reshape(-1, 2)
    assert np.isfinite(frame.to_image(far_back)).all()


# Trust


def test_all_of_a_stroke_is_trusted_from_above() -> None:
    for path in (UP, OUT, mirrored(UP), mirrored(OUT)):
        assert overhead().to_back(overhead().to_image(path))[1].all()


def test_the_far_flank_is_not_trusted_from_a_low_laptop() -> None:
    low = fit_back_frame(seen_by(camera_at(20, 0)))
    near, far = np.array([[0.65, 0.3], [1.0, 0.6]]), np.array([[-0.65, 0.3], [-1.0, 0.6]])
    assert low.to_back(low.to_image(near))[1].any()
    assert not low.to_back(low.to_image(far))[1].any()


def test_four_points_from_the_foot_end_leave_the_tilt_open() -> None:
    """Without the sides of the waist a flat back from the foot or the head end looks alike."""
    camera = camera_at(40, -90)
    four, six = (fit_back_frame(seen_by(camera, names=names)) for names in (FOUR, None))
    shares = [
        frame.to_back(camera.project(frame.rays.surface.lift(UP)))[1] for frame in (four, six)
    ]
    assert shares[0].mean() < 0.3
    assert shares[1].all()


def test_places_off_the_back_are_on_the_chart_but_not_trusted() -> None:
    frame = overhead()
    off = np.array([[2.0, 0.5], [-2.0, 0.5], [0.0, 1.6], [0.0, -0.6]])
    found, trusted = frame.to_back(frame.to_image(off))
    assert not trusted.any()
    assert (np.sign(np.round(found, 1)) == np.sign(off)).all()


# What is stated beside the chart


def test_the_residual_is_in_px() -> None:
    exact = seen_by(camera_at(60, 20))
    residual_px = fit_back_frame(exact).rms_px
    nape_x, nape_y = exact.points_px["nape"]
    moved = {**exact.points_px, "nape": (nape_x + 25, nape_y)}
    assert residual_px < 1
    assert residual_px + 1 < fit_back_frame(Calibration(SIZE, moved)).rms_px < 25


def test_points_of_no_back_are_refused() -> None:
    exact = dict(seen_by(camera_at(80, 0)).points_px)
    exact["left_waist"], exact["right_waist"] = (100.0, 20.0), (1250.0, 30.0)
    with pytest.raises(CalibrationError, match="can't be those of a back"):
        fit_back_frame(Calibration(SIZE, exact))


def test_centimetres_come_from_the_measured_width_or_are_marked_assumed() -> None:
    exact = seen_by(camera_at(80, 0))
    assumed = fit_back_frame(exact).scale
    measured = fit_back_frame(Calibration(SIZE, exact.points_px, shoulder_width_cm=44)).scale
    assert assumed.assumed
    assert assumed.u_cm == pytest.approx(19.5)
    assert not measured.assumed
    assert measured.u_cm == 22
    assert measured.v_cm == pytest.approx(22 * 2.15, rel=0.03)
    assert measured.shoulder_line_v == pytest.approx(0.77, abs=0.02)


# Hands


def hand_at(frame: BackFrame, palm_back: tuple[float, float], turn_deg: float) -> TrackedHand:
    """A flat hand whose wrist, knuckles and fingertips lie in a row along `turn_deg`."""
    turn = math.radians(turn_deg)
    along_cm = np.array([math.sin(turn), math.cos(turn)])
    chart = np.tile(np.array(palm_back, float), (21, 1))
    for mark, ahead_cm in {0: -7, 5: 2, 9: 2, 13: 2, 17: 2, 8: 9, 12: 9, 16: 9, 20: 9}.items():
        chart[mark] += along_cm * ahead_cm / (frame.scale.u_cm, frame.scale.v_cm)
    return TrackedHand(frame.to_image(chart), observed=turn_deg != 0)


@pytest.mark.parametrize("turn_deg", [0.0, 35.0, 90.0, 180.0])
def test_a_hand_s_direction_is_measured_from_the_spine(turn_deg: float) -> None:
    frame = overhead()
    pair = HandPair(2.5, None, hand_at(frame, (0.36, 0.4), turn_deg))
    sample = frame.sample(pair)
    assert sample.time_s == 2.5
    assert sample.left is None
    assert sample.right is not None
    assert sample.right.pointing_deg == pytest.approx(turn_deg, abs=4)
    assert sample.right.palm_back == pytest.approx([0.36, 0.4], abs=0.06)
    assert sample.right.observed == (turn_deg != 0)
    assert sample.right.trusted


def test_each_hand_keeps_its_side() -> None:
    frame = overhead()
    hands = {"left": (-0.4, 0.2), "right": (0.5, 0.6)}
    pair = HandPair(0, *(hand_at(frame, hands[side], 0) for side in SIDES))
    sample = frame.sample(pair)
    for side in SIDES:
        hand = sample.side(side)
        assert hand is not None
        assert hand.palm_back == pytest.approx(hands[side], abs=0.06)
        assert hand.tips_back[1] > hand.palm_back[1]
    assert frame.sample(HandPair(1, None, None)).right is None


# The samples: renderings with exact truth


class Palms(NamedTuple):
    place_back: Floats
    trusted: NDArray[np.bool_]
    seen: NDArray[np.bool_]


@cache
def truth_of(name: str) -> dict[str, Any]:
    with gzip.open(SAMPLES / f"{name}.truth.json.gz", "rt", encoding="utf-8") as file:
        truth: dict[str, Any] = json.load(file)
    return truth


def palms_of(name: str, phase: str) -> list[dict[Side, Palms]]:
    """Per clean rep: each side's palm on the chart during the phase."""
    truth, frame, reps = truth_of(name), frame_of(name), []
    for rep in truth["reps"]:
        if rep["fault"] is not None:
            continue
        (span,) = (p for p in rep["phases"] if p["name"] == phase)
        during = slice(*(round(span[key] * truth["fps"]) for key in ("start_s", "end_s")))
        reps.append({side: palms_in(truth["hands"][side], frame, during) for side in SIDES})
    return reps


def palms_in(hand: dict[str, Any], frame: BackFrame, during: slice) -> Palms:
    palm_px = np.array(hand["landmarks21"][during])[:, [0, 5, 9, 13, 17]].mean(axis=1)
    place_back, trusted = frame.to_back(palm_px)
    seen = [np.array(hand[name][during], bool) for name in ("wrist_visible", "middle_mcp_visible")]
    return Palms(place_back, trusted, seen[0] | seen[1])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["wide", "place", "order", "fps15", "side", "speed", "hands"])
def test_clean_strokes_lie_alike_on_both_sides_from_every_camera(name: str) -> None:
    apart = []
    for rep in palms_of(name, "up"):
        left, right = (rep[side] for side in SIDES)
        assert 0.25 < np.median(right.place_back[:, 0]) < 0.45
        both = left.seen & right.seen & left.trusted & right.trusted
        apart.append(np.abs(left.place_back[both, 0] + right.place_back[both, 0]))
    assert np.quantile(np.concatenate(apart), 0.9) < 0.1


SAME_BODY = {"side": "fps15", "speed": "fps15", "hands": "place"}
"""Clips from other sides, and one from overhead of the same receiver."""


@pytest.mark.parametrize("name", SAME_BODY)
def test_reach_is_what_a_camera_overhead_sees(name: str) -> None:
    seen, from_above = (
        np.mean(
            [rep[side].place_back[:, 1].max() for rep in palms_of(clip, "up") for side in SIDES]
        )
        for clip in (name, SAME_BODY[name])
    )
    assert abs(seen - from_above) < 0.08


@pytest.mark.parametrize("name", SAME_BODY)
def test_the_shoulder_line_is_where_a_camera_overhead_sees_it(name: str) -> None:
    fitted, from_above = (frame_of(clip).scale.shoulder_line_v for clip in (name, SAME_BODY[name]))
    assert abs(fitted - from_above) < 0.08
    passed, passed_from_above = (heights_at_the_shoulders(clip) for clip in (name, SAME_BODY[name]))
    assert abs(np.mean(passed) - np.mean(passed_from_above)) < 0.08


def heights_at_the_shoulders(name: str) -> list[float]:
    """v of every trusted palm where it comes out to the shoulder's tip."""
    heights = []
    for rep in palms_of(name, "out"):
        for palms in rep.values():
            out = np.flatnonzero(np.abs(palms.place_back[:, 0]) >= 0.9)
            if len(out) and palms.trusted[out[0]]:
                heights.append(float(palms.place_back[out[0], 1]))
    assert heights
    return heights


@pytest.mark.parametrize("name", ["side", "speed"])
def test_the_near_hand_goes_out_as_far_as_overhead_sees(name: str) -> None:
    seen, from_above = (
        np.mean([np.abs(rep["right"].place_back[:, 0]).max() for rep in palms_of(clip, "out")])
        for clip in (name, "fps15")
    )
    assert abs(seen - from_above) < 0.08


@pytest.mark.parametrize("name", ["side", "speed"])
def test_the_far_hand_is_doubted_more_than_the_near_one(name: str) -> None:
    near, far = (
        np.mean([rep[side].trusted.mean() for rep in palms_of(name, "out")])
        for side in ("right", "left")
    )
    assert far < near


# What the source of a calibration leaves open


def shifted(calibration: Calibration, shoulder_px: float) -> Calibration:
    """Found from hands: across the spine its width may be off by so much on each side."""
    shift = dict.fromkeys(calibration.points_px, (0.0, 0.0))
    shift |= {"left_shoulder": (-shoulder_px, 0.0), "right_shoulder": (shoulder_px, 0.0)}
    shift |= {"left_waist": (-shoulder_px, 0.0), "right_waist": (shoulder_px, 0.0)}
    return replace(calibration, source="settle", shifts_px=(shift,))


def test_what_a_source_leaves_open_widens_the_doubt_there() -> None:
    exact = seen_by(camera_at(80, 90))
    sure, open_ = fit_back_frame(exact), fit_back_frame(shifted(exact, 40.0))
    places = np.array([[0.0, 0.5], [0.9, 0.75]])
    before, after = (frame.spread(frame.to_image(places)) for frame in (sure, open_))
    assert np.abs(sure.to_image(places) - open_.to_image(places)).max() < 1
    unit_px = math.dist(exact.points_px["left_shoulder"], exact.points_px["right_shoulder"]) / 2
    expected = math.hypot(before[1, 0], 0.9 * 40.0 / unit_px)
    assert after[1, 0] == pytest.approx(expected, rel=0.3)
    assert after[0, 0] < before[0, 0] + 0.02
    assert after[:, 1].max() < 0.1


def test_doubt_grows_with_the_picture_and_survives_the_mirror() -> None:
    exact = shifted(seen_by(camera_at(80, 90)), 40.0)
    width, height = exact.image_size
    twice = fit_back_frame(exact.fitted_to(2 * width, 2 * height))
    flipped = replace(
        exact,
        points_px={n: (width - x, y) for n, (x, y) in exact.points_px.items()},
        shifts_px=tuple({n: (-x, y) for n, (x, y) in one.items()} for one in exact.shifts_px),
    )
    mirrored_frame = fit_back_frame(flipped)
    places = np.array([[0.36, 0.4], [0.9, 0.75]])
    one, *others = (
        frame.spread(frame.to_image(places))
        for frame in (fit_back_frame(exact), twice, mirrored_frame)
    )
    for other in others:
        assert other == pytest.approx(one, abs=0.01)


@pytest.mark.slow
def test_reach_is_told_by_points_but_not_by_a_source_that_leaves_it_open() -> None:
    exact = seen_by(camera_at(80, 0))
    told = fit_back_frame(exact).scale
    assert told.tells_reach
    assert 0 < told.reach_sd_v < 0.1
    assert not fit_back_frame(replace(exact, source="motion")).scale.tells_reach
    unsaid = fit_back_frame(replace(exact, source="settle")).scale
    assert unsaid.reach_sd_v > 1.5 * told.reach_sd_v
    nape_only = {name: (0.0, 40.0 * (name == "nape")) for name in exact.points_px}
    doubted = fit_back_frame(replace(exact, source="settle", shifts_px=(nape_only,))).scale
    assert doubted.reach_sd_v > 0.1
    assert not doubted.tells_reach


def test_a_hand_bears_the_doubt_of_its_place() -> None:
    frame = overhead()
    hand = frame.sample(HandPair(0, None, hand_at(frame, (0.36, 0.4), 0))).right
    assert hand is not None
    assert hand.sd_back == pytest.approx(
        tuple(frame.spread(frame.to_image(np.array([[0.36, 0.4]])))[0]), 0.1
    )
