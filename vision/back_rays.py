"""Where a camera's rays meet the raised back, and how far the answer can be trusted."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vision.arrays import Floats
from vision.back_template import STEEPEST, BackSurface
from vision.camera_pose import CameraFit, CameraPose

HEIGHT_SD: Final = 0.07
"""How well the height of hand and skin is known, in units of half the shoulder width (1.4 cm)."""

WORST_SD_UV: Final = (0.25, 0.1)
"""A place is trusted while the standard deviations of its u and its v are below these."""

TRUSTED_U: Final = 1.4
TRUSTED_V: Final = (-0.3, 1.3)
"""Off this part of the chart there is no back."""

MOST_DOUBT: Final = 4.0

FLANK_U: Final = 1.2
"""abs(u) at which a ray's slope decides how steep a flank it can follow."""

STEEPEST_SEEN: Final = 0.5
"""A flank turned away from the camera is followed up to this share of the ray's own slope."""

RELIEFS: Final = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.0)
"""Shares of the flanks' depth that are tried, until every ray meets the surface once."""

LEAST_RATE: Final = 0.2
"""Rays that near the surface slower than this per unit of descent are treated as if they did so."""

MOST_ITERATIONS: Final = 12
SAME_HEIGHT: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class BackRays:
    """A camera before the raised surface of a back, bounded so that each ray meets it once."""

    camera: CameraPose
    surface: BackSurface

    def meet(self, points_px: Floats) -> Floats:
        """Chart places (N, 2) where the rays through (N, 2) px meet the surface (Newton's rule)."""
        run = self.camera.run_body(points_px)
        height = np.full(len(points_px), self.surface.thickness)
        for _ in range(MOST_ITERATIONS):
            chart = self._at_height(run, height)
            miss = height - self.surface.height(chart)
            height -= miss / np.maximum(crossing_rate(self.surface, chart, run), LEAST_RATE)
            if np.abs(miss).max() < SAME_HEIGHT:
                break
        return self._at_height(run, height)

    def project(self, points_back: Floats) -> Floats:
        """(N, 2) px of chart places (N, 2) on the surface."""
        return self.camera.project(self.surface.lift(points_back))

    def per_height(self, points_px: Floats, chart: Floats) -> Floats:
        """(N, 2) change of u and v per unit by which the thing seen is higher than the surface."""
        run = self.camera.run_body(points_px)
        rate = np.maximum(crossing_rate(self.surface, chart, run), LEAST_RATE)
        change: Floats = -run / rate[:, None] / (1.0, self.surface.shape.spine)
        return change

    def unbounded(self) -> "BackRays":
        """The same with the flanks as steep as they are: it tells where rays graze them."""
        steep = replace(self.surface, steepest_left=STEEPEST, steepest_right=STEEPEST, relief=1.0)
        return BackRays(self.camera, steep)

    def _at_height(self, run: Floats, height: Floats) -> Floats:
        place = self.camera.place_body
        chart: Floats = (place[:2] + run * (place[2] - height)[:, None]) / (
            1.0,
            self.surface.shape.spine,
        )
        return chart


def bounded_rays(camera: CameraPose, surface: BackSurface) -> BackRays:
    """The camera before the surface, its flanks no steeper than the camera can follow."""
    place = camera.place_body
    above = max(float(place[2]) - surface.thickness, 1e-3)
    left, right = (
        min(STEEPEST, STEEPEST_SEEN * above / max(side * (side * FLANK_U - place[0]), 1e-3))
        for side in (-1.0, 1.0)
    )
    bounded = replace(surface, steepest_left=left, steepest_right=right)
    chart = _stroked()
    for relief in RELIEFS:
        bounded = replace(bounded, relief=relief)
        run = camera.run_body(camera.project(bounded.lift(chart)))
        if crossing_rate(bounded, chart, run).min() > LEAST_RATE:
            break
    return BackRays(camera, bounded)


def _stroked() -> Floats:
    """(N, 2) chart places over the part of a back that hands stroke: it widens up to the arms."""
    across, v = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-0.1, 1.1, 13))
    u = across * (0.6 + 0.6 * np.clip(v / 0.6, 0, 1))
    return np.stack([u, v], axis=-1).reshape(-1, 2)


def crossing_rate(surface: BackSurface, points_back: Floats, run: Floats) -> Floats:
    """(N,) how fast a ray nears the surface per unit of its descent: 1 on the flat, 0 grazing."""
    step = 1e-4
    rises = [
        surface.height(points_back + offset) - surface.height(points_back - offset)
        for offset in np.diag([step, step / surface.shape.spine])
    ]
    rate: Floats = 1 + (np.stack(rises, axis=1) / (2 * step) * run).sum(axis=1)
    return rate


def doubt(rays: BackRays, fit: CameraFit, points_px: Floats) -> Floats:
    """(N, 2) standard deviations of u and v of the places found at (N, 2) px.

    They add up what the fit leaves open (its `alternatives`) and what is not known of the height
    of hand and skin, which tells most where a ray grazes. Off the back they are MOST_DOUBT times
    what is bearable, and never more.
    """
    chart = rays.meet(points_px)
    variance = (HEIGHT_SD * rays.unbounded().per_height(points_px, chart)) ** 2
    for open_to in fit.alternatives:
        other = BackRays(open_to.camera, replace(rays.surface, shape=open_to.shape))
        variance += open_to.weight * (other.meet(points_px) - chart) ** 2
    most = MOST_DOUBT * np.array(WORST_SD_UV)
    low, high = TRUSTED_V
    u, v = np.abs(chart[:, 0]), chart[:, 1]
    on_back = (u <= TRUSTED_U) & (v >= low) & (v <= high)
    bounded: Floats = np.where(on_back[:, None], np.minimum(np.sqrt(variance), most), most)
    return bounded
