"""Calibrations as JSON values, with all that their source knew, and back."""

from typing import Any, Final

from pydantic import TypeAdapter

from vision.calibration import Calibration

_CALIBRATION: Final = TypeAdapter(Calibration)


def calibration_from(kept: Any) -> Calibration:
    """What `calibration_json` made. Raises `CalibrationError` or ValueError where it is none."""
    return _CALIBRATION.validate_python(kept)


def calibration_json(calibration: Calibration | None) -> dict[str, Any] | None:
    """As JSON values, with all that its source knew."""
    if calibration is None:
        return None
    return {
        "image_size": [int(length) for length in calibration.image_size],
        "points_px": points_json(calibration.points_px),
        "shoulder_width_cm": plain_float(calibration.shoulder_width_cm),
        "source": calibration.source,
        "residual_px": plain_float(calibration.residual_px),
        "mirrored_said": calibration.mirrored_said,
        "shifts_px": [points_json(shift) for shift in calibration.shifts_px],
    }


def points_json(points: Any) -> dict[str, list[float]]:
    """Points by name."""
    return {name: [float(x), float(y)] for name, (x, y) in points.items()}


def plain_float(value: float | None) -> float | None:
    """NumPy's numbers as Python's own."""
    return None if value is None else float(value)
