"""Hands on the chart of the back: what the routines see of a frame."""

from dataclasses import dataclass

from vision.arrays import Floats, readonly
from vision.hands import Side


@dataclass(frozen=True, slots=True, eq=False)
class BackHand:
    """One hand on the back frame (u across, v along the spine; see `vision.back_frame`)."""

    palm_back: Floats
    """(2,) palm centre as (u, v)."""
    tips_back: Floats
    """(2,) mean of the four fingertips as (u, v)."""
    thumb_edge_back: Floats
    """(2,) the thumb-side edge of the palm (between landmarks 1, 2 and 5) as (u, v)."""
    pointing_deg: float
    """Angle between wrist-to-middle-knuckle and the spine toward the head, 0 to 180."""
    observed: bool
    """False where the tracker bridged a gap."""
    trusted: bool
    """False where the camera can't tell the place: a grazing ray, the far flank, off the back."""
    sd_back: tuple[float, float] = (0.0, 0.0)
    """Standard deviations of the palm's u and v: what the calibration, the camera's angle and the
    height of hand and skin leave open. Errors of one session go the same way, so that the
    difference of two places nearby is known better."""

    def __post_init__(self) -> None:
        for name in ("palm_back", "tips_back", "thumb_edge_back"):
            object.__setattr__(self, name, readonly(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class BackScale:
    """Length of the chart's units on this receiver."""

    u_cm: float
    """cm from the spine to a shoulder tip."""
    v_cm: float
    """cm from the waist to the nape."""
    shoulder_line_v: float
    """v of the line through the shoulder tips, as fitted."""
    assumed: bool
    """True where no shoulder width was measured: figures in cm then carry about ±14 %."""
    tells_reach: bool = True
    """False where the chart was fitted to the strokes alone: they reach as far as the chart then.
    And where the camera and the calibration leave it open how far up a palm is."""
    reach_sd_v: float = 0.0
    """Standard deviation of v of a palm near the nape, for the side that is seen better."""


@dataclass(frozen=True, slots=True, eq=False)
class BackSample:
    """Both hands on the back frame at one time; None where a hand is not known."""

    time_s: float
    left: BackHand | None
    right: BackHand | None

    def side(self, side: Side) -> BackHand | None:
        """The hand of that side."""
        return self.left if side == "left" else self.right
