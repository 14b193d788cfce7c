"""Where the receiver's back lies in the picture: a calibration as a checked value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from jsonschema import Draft202012Validator

from contract import schema
from vision.errors import CalibrationError, Sentence, shortened
from vision.strict_json import NotStrictError, read_bytes, strict_json, too_large

Source = Literal["points", "touch", "settle", "pose", "motion"]
"""How the points were found, best first."""

SOURCES: Final[tuple[Source, ...]] = ("points", "touch", "settle", "pose", "motion")

REQUIRED_POINTS: Final = ("nape", "waist", "left_shoulder", "right_shoulder")
POINT_NAMES: Final = (*REQUIRED_POINTS, "left_waist", "right_waist")

ASPECT_SLACK: Final = 0.02
"""Width to height may differ by this share before a picture counts as another one."""

LINE_SHARE: Final = 0.05
"""Points that span less than this share of the longest distance between them lie in one line."""

SMALLEST_PX: Final = 8.0
"""Points closer together than this can't be told apart by a click."""

LARGEST_BYTES: Final = 64_000
"""Of a calibration file; a common one has 400."""

LARGEST_PX: Final = 65_536
"""Of a picture's side: more than any camera has, and little enough to count with."""

MIDDLE: Final = 0.45
"""Shoulders that lie nearer the waist than this share of the spine mean swapped ends."""

PointPx = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Picture positions of named places of the receiver's back.

    Left and right are the receiver's own. Raises CalibrationError where the points can't be those
    of a back in a picture of `image_size`.
    """

    image_size: tuple[int, int]
    """(width, height) in px of the picture that the points were taken on."""
    points_px: Mapping[str, PointPx]
    """(x, y) px for each name of REQUIRED_POINTS, and for the sides of the waist where known."""
    shoulder_width_cm: float | None = None
    """Measured from shoulder tip to shoulder tip; None where nobody measured."""
    source: Source = "points"
    residual_px: float | None = None
    """Root mean square misfit of what the points were found from; None where they were set."""
    mirrored_said: bool | None = None
    """Whether somebody said that the picture is a mirror image; None where nobody did, and the
    points alone tell."""
    shifts_px: tuple[Mapping[str, PointPx], ...] = ()
    """What the source leaves open: each holds by how much all points together may be off (one
    standard deviation) along one of several independent directions. Empty where nobody knows:
    then `vision.camera_pose.POINT_SD` holds for each point. A file does not keep them."""

    def __post_init__(self) -> None:
        points = {name: self.points_px[name] for name in POINT_NAMES if name in self.points_px}
        object.__setattr__(self, "points_px", MappingProxyType(points))
        _check_names(points)
        _check_inside(points, self.image_size)
        _check_apart(points)
        _check_orientation(points, self.mirrored_said)

    @property
    def mirrored(self) -> bool:
        """True where the picture is a mirror image, as selfie cameras make them: the receiver's
        left shoulder is on its right, seen with the head up."""
        return _shows_mirror_image(self.points_px)

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy can't be pickled, and batch reviews send calibrations to other processes.
        points = dict(self.points_px)
        return Calibration, (
            self.image_size,
            points,
            self.shoulder_width_cm,
            self.source,
            self.residual_px,
            self.mirrored_said,
            self.shifts_px,
        )

    def to_json(self) -> dict[str, Any]:
        """The object that `calibration_from_json` reads, valid against the schema."""
        obj: dict[str, Any] = {
            "schema": "tstroke.calibration/1",
            "image_size": list(self.image_size),
            "points_px": {name: list(point) for name, point in self.points_px.items()},
            "source": self.source,
        }
        if self.shoulder_width_cm is not None:
            obj["shoulder_width_cm"] = self.shoulder_width_cm
        if self.mirrored_said is not None:
            obj["mirrored"] = self.mirrored_said
        return obj

    def fitted_to(self, width: int, height: int) -> "Calibration":
        """This calibration for a picture of `width` x `height` px that shows the same view.

        Raises CalibrationError where the pictures differ in shape by more than 2 %.
        """
        own_width, own_height = self.image_size
        if (width, height) == self.image_size:
            return self
        scale_x, scale_y = width / own_width, height / own_height
        if abs(scale_x / scale_y - 1) > ASPECT_SLACK:
            raise CalibrationError(
                "The calibration was made on a picture of {own_width} x {own_height} px and can't "
                "be used on one of {width} x {height} px, which has another shape; calibrate on a "
                "still of this picture.",
                key="error.calibration_shape",
                own_width=own_width,
                own_height=own_height,
                width=width,
                height=height,
            )
        points = {name: (x * scale_x, y * scale_y) for name, (x, y) in self.points_px.items()}
        shifts = tuple(
            {name: (x * scale_x, y * scale_y) for name, (x, y) in shift.items()}
            for shift in self.shifts_px
        )
        residual_px = None if self.residual_px is None else self.residual_px * scale_x
        return replace(
            self,
            image_size=(width, height),
            points_px=points,
            residual_px=residual_px,
            shifts_px=shifts,
        )


def load_calibration(path: Path) -> Calibration:
    """The calibration in a file. Raises CalibrationError, which names the file and the flaw."""
    try:
        return calibration_from_bytes(read_bytes(path, LARGEST_BYTES))
    except FileNotFoundError:
        raise CalibrationError(
            "There is no calibration file {path}; make one by clicking the named points on a "
            "still, or name the right file.",
            key="error.calibration_missing",
            path=path,
        ) from None
    except OSError as error:
        raise CalibrationError(
            "The calibration file {path} can't be read ({reason}); choose a file that can.",
            key="error.calibration_unreadable",
            path=path,
            reason=error.strerror,
        ) from None
    except NotStrictError as error:
        raise _not_json(path, error.reason) from None
    except CalibrationError as error:
        raise CalibrationError(
            "{file}: {error}", key="error.in_file", file=path.name, error=error.sentence
        ) from None


def calibration_from_bytes(data: bytes) -> Calibration:
    """The calibration in a file's bytes.

    Raises `NotStrictError` where they are no JSON that may be read, and CalibrationError.
    """
    if len(data) > LARGEST_BYTES:
        raise too_large(LARGEST_BYTES)
    return calibration_from_json(strict_json(data))


def calibration_from_json(obj: object) -> Calibration:
    """The calibration in a decoded JSON object. Raises CalibrationError, which names the key."""
    errors = sorted(
        Draft202012Validator(schema("calibration")).iter_errors(obj), key=lambda e: list(e.path)
    )
    if errors:
        raise _invalid(list(errors[0].absolute_path), errors[0].message)
    valid = cast(dict[str, Any], obj)
    width, height = valid["image_size"]
    if max(width, height) > LARGEST_PX:
        raise _invalid(["image_size"], f"a side is longer than {LARGEST_PX} px")
    width_cm = valid.get("shoulder_width_cm")
    return Calibration(
        image_size=(int(width), int(height)),
        points_px={name: _point(name, value) for name, value in valid["points_px"].items()},
        shoulder_width_cm=None if width_cm is None else float(width_cm),
        source=_source(valid.get("source", "points")),
        mirrored_said=_yes_or_no("mirrored", valid.get("mirrored")),
    )


def _not_json(path: Path, why: Sentence) -> CalibrationError:
    return CalibrationError(
        "The calibration file {path} is not JSON ({why}); make a new one, or name the right file.",
        key="error.calibration_no_json",
        path=path,
        why=why,
    )


def _invalid(path: list[Any], why: str) -> CalibrationError:
    whole = Sentence("the whole object", key="error.whole_object")
    return CalibrationError(
        "The calibration is not valid at {place} ({why}); correct it or calibrate again.",
        key="error.calibration_invalid",
        place=shortened(".".join(str(part) for part in path), 60) or whole,
        why=shortened(why),
    )


def _point(name: str, value: Any) -> PointPx:
    numbers = isinstance(value, list) and all(
        isinstance(part, int | float) and not isinstance(part, bool) for part in value
    )
    if not numbers or len(value) != 2:
        raise _invalid(["points_px", name], f"expected two numbers [x, y], got {value!r}")
    try:
        return float(value[0]), float(value[1])
    except OverflowError:
        raise _invalid(["points_px", name], "a number is too large") from None


def _source(value: Any) -> Source:
    if value not in SOURCES:
        raise _invalid(["source"], f"expected one of {', '.join(SOURCES)}, got {value!r}")
    return cast(Source, value)


def _yes_or_no(key: str, value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise _invalid([key], f"expected true or false, got {value!r}")
    return value


def _label(name: str) -> Sentence:
    return Sentence(name.replace("_", " "), key=f"point.{name}")


def _check_names(known: Mapping[str, PointPx]) -> None:
    missing = tuple(_label(name) for name in REQUIRED_POINTS if name not in known)
    if missing:
        raise CalibrationError(
            "The calibration lacks {missing}, so the back's place is not known; "
            "give all four of nape, waist, left shoulder and right shoulder.",
            key="error.points_missing",
            missing=missing,
        )


def _check_inside(points: Mapping[str, PointPx], size: tuple[int, int]) -> None:
    for name, (x, y) in points.items():
        inside = math.isfinite(x) and math.isfinite(y) and 0 <= x <= size[0] and 0 <= y <= size[1]
        if not inside:
            raise CalibrationError(
                "The calibration's {point} at ({x:g}, {y:g}) lies outside its picture of "
                "{width} x {height} px; set the camera so that the whole back is in the "
                "picture, and calibrate again.",
                key="error.point_outside",
                point=_label(name),
                x=x,
                y=y,
                width=size[0],
                height=size[1],
            )


def _check_apart(points: Mapping[str, PointPx]) -> None:
    for first, second in combinations(points, 2):
        # From a low camera the waist may hide a side of itself.
        sides = {first, second} & {"left_waist", "right_waist"}
        if len(sides) != 1 and math.dist(points[first], points[second]) < SMALLEST_PX:
            raise CalibrationError(
                "The calibration's {first} and {second} lie on the same spot, "
                "so the back has no size; click each of them in its own place.",
                key="error.points_together",
                first=_label(first),
                second=_label(second),
            )
    spine = _minus(points["nape"], points["waist"])
    across = _minus(points["right_shoulder"], points["left_shoulder"])
    longest = max(math.hypot(*spine), math.hypot(*across))
    if abs(_cross(spine, across)) < LINE_SHARE * longest**2:
        raise CalibrationError(
            "The calibration's points lie nearly in one line, so they show no back seen from "
            "behind; click each point in its own place, or raise the camera.",
            key="error.points_in_line",
        )


def _shows_mirror_image(points: Mapping[str, PointPx]) -> bool:
    """Seen from behind, the receiver's right is clockwise from the head."""
    spine = _minus(points["nape"], points["waist"])
    return _cross(spine, _minus(points["right_shoulder"], points["left_shoulder"])) < 0


def _check_orientation(points: Mapping[str, PointPx], mirrored_said: bool | None) -> None:
    """Swapped ends betray themselves: the shoulders lie near the nape on a back.

    Swapped sides do not: points and hands of a mirrored picture look just the same. So they are
    taken for a mirrored picture, unless somebody said that it is none.
    """
    spine = _minus(points["nape"], points["waist"])
    left, right = points["left_shoulder"], points["right_shoulder"]
    mirrored = _shows_mirror_image(points)
    middle = _minus(((left[0] + right[0]) / 2, (left[1] + right[1]) / 2), points["waist"])
    head_first = _dot(middle, spine) >= MIDDLE * _dot(spine, spine)
    # Exchanging nape and waist turns a mirror image into none and back.
    sides_swapped = mirrored_said is not None and (mirrored == head_first) != mirrored_said
    if sides_swapped or not head_first:
        raise _swapped(ends=not head_first, sides=sides_swapped, mirrored_said=mirrored_said)
    sides = [points.get("left_waist"), points.get("right_waist")]
    if sides[0] and sides[1] and (_cross(spine, _minus(sides[1], sides[0])) < 0) != mirrored:
        raise CalibrationError(
            "The calibration's left and right waist are swapped against its shoulders; swap them.",
            key="error.waist_swapped",
        )


def _swapped(*, ends: bool, sides: bool, mirrored_said: bool | None) -> CalibrationError:
    pair = Sentence(
        "left and right shoulder (and the sides of the waist, if given)", key="error.sides"
    )
    if ends:
        pair = Sentence("nape and waist", key="error.ends")
    if ends and sides:
        pair = Sentence("nape and waist, and also left and right", key="error.ends_and_sides")
    if mirrored_said:
        return CalibrationError(
            "The calibration's points seem to be swapped: {pair}; left and right are the "
            "receiver's own, and in a mirrored picture with the head at the top the left one is on "
            "the right, so swap them, or say that it is not mirrored.",
            key="error.swapped_mirrored",
            pair=pair,
        )
    return CalibrationError(
        "The calibration's points seem to be swapped: {pair}; left and right are the receiver's "
        "own, and seen from behind with the head at the top the left one is on the left, so swap "
        "them, or turn off the picture's mirroring.",
        key="error.swapped",
        pair=pair,
    )


def _minus(a: PointPx, b: PointPx) -> PointPx:
    return a[0] - b[0], a[1] - b[1]


def _dot(a: PointPx, b: PointPx) -> float:
    return a[0] * b[0] + a[1] * b[1]


def _cross(a: PointPx, b: PointPx) -> float:
    return a[0] * b[1] - a[1] * b[0]
