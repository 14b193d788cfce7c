"""What else the drawings of the page Learn show: towel, giver, oil, breath, and counted strokes."""

from collections.abc import Sequence
from typing import Final

from ui.back_chart import Sheet
from ui.learn_motion import Moving, Pose

_SOFT: Final = "var(--st-primary-color, currentColor)"

# The giver from above, standing or kneeling beside the waist and looking at the head: arms that end
# at the wrists of both hands, shoulders, nose and head. The origin is between the palms.
_GIVER: Final = (
    '<g fill="currentColor" fill-opacity="0.14" stroke="currentColor" stroke-opacity="0.55" '
    'stroke-width="3">'
    '<g fill="none" stroke-width="34" stroke-opacity="0.3">'
    '<path d="M-226,92C-190,120 40,130 56,64"/><path d="M-372,36C-350,-40 -130,20 -56,64"/></g>'
    '<g transform="translate(-300,70)"><ellipse rx="98" ry="42" transform="rotate(14)"/>'
    '<path d="M-8,-72L10,-98L28,-68"/>'
    '<ellipse cx="6" cy="-34" rx="37" ry="43" transform="rotate(8)" fill-opacity="0.3"/></g></g>'
)

LEAN_S: Final = 6.0
"""From leaning in to leaning in again."""


def towel(sheet: Sheet, top_v: float) -> str:
    """A towel from its upper edge at y = 0 down past the hips; `top_v` is where that edge lies."""
    left, _ = sheet.at(-1.16, 0.0)
    right, _ = sheet.at(1.16, 0.0)
    bottom = sheet.height - sheet.at(0.0, top_v)[1] - 6
    stripes = "".join(
        f'<path d="M{left:.0f},{y}H{right:.0f}" stroke="currentColor" stroke-opacity="0.3" '
        'stroke-width="4"/>'
        for y in (26, 40)
    )
    return (
        f'<rect x="{left:.0f}" y="0" width="{right - left:.0f}" height="{bottom:.0f}" rx="14" '
        f'fill="{_SOFT}" fill-opacity="0.35" stroke="currentColor" stroke-opacity="0.45" '
        f'stroke-width="2"/>{stripes}'
    )


def giver(lean: Sequence[Pose]) -> Moving:
    """Whoever massages; `lean` is where the middle between both palms goes."""
    return Moving("learn-giver", _GIVER, lean, LEAN_S, lean[0])


def heat(beside_px: float, sheet: Sheet) -> tuple[Moving, ...]:
    """Warm air that rises beside the back."""
    wave = (
        '<path d="M0,60C-22,30 22,10 0,-20C-22,-50 22,-70 0,-100" '
        f'stroke="{_SOFT}" stroke-width="9"/>'
    )
    y = sheet.at(0.0, 0.35)[1]
    waves = []
    for number in range(3):
        x = -beside_px + 60 + 62 * number
        late = 0.1 * number
        poses = (
            Pose(0.0, x, y + 40, shown=0.0),
            Pose(0.2 + late, x, y + 20, shown=0.9),
            Pose(0.7 + late, x, y - 30, shown=0.9),
            Pose(1.0, x, y - 60, shown=0.0),
        )
        waves.append(Moving(f"learn-heat-{number}", wave, poses, 5.0, Pose(0.0, x, y)))
    return tuple(waves)


def drop(x: float, y: float) -> Moving:
    """A drop of oil over the hands."""
    shape = f'<path d="M0,-34C22,-4 20,22 0,22C-20,22 -22,-4 0,-34Z" fill="{_SOFT}"/>'
    high, low = y - 190, y - 120
    poses = (
        Pose(0.0, x, high, shown=0.0),
        Pose(0.15, x, high),
        Pose(0.4, x, low, shown=0.9),
        Pose(0.45, x, low, shown=0.0),
        Pose(1.0, x, high, shown=0.0),
    )
    return Moving("learn-drop", shape, poses, 5.4, Pose(0.0, x, high + 20))


def ring(name: str, x: float, y: float, in_s: float, out_s: float) -> Moving:
    """A ring that swells and sinks with the breath."""
    shape = f'<circle r="78" stroke="{_SOFT}" stroke-width="6" fill="{_SOFT}" fill-opacity="0.15"/>'
    whole_s = in_s + out_s
    full = in_s / whole_s
    poses = (
        Pose(0.0, x, y, grow=0.8),
        Pose(full / 2, x, y, grow=1.05),
        Pose(full, x, y, grow=1.3),
        Pose((1 + full) / 2, x, y, grow=1.05),
        Pose(1.0, x, y, grow=0.8),
    )
    return Moving(name, shape, poses, whole_s, Pose(0.0, x, y, grow=1.2))


def beside_line(sheet: Sheet) -> str:
    """The spine, which stays free."""
    (x, top), (_, bottom) = sheet.at(0.0, 1.0), sheet.at(0.0, -0.05)
    return (
        f'<path d="M{x:.1f},{top:.1f}V{bottom:.1f}" stroke="{_SOFT}" stroke-opacity="0.45" '
        'stroke-width="16"/>'
    )


def dots(sheet: Sheet, number: int, stroke_s: float) -> tuple[Moving, ...]:
    """One dot per stroke, filled when it is done."""
    step = 34.0
    y = sheet.height - 16
    left = sheet.width / 2 - step * (number - 1) / 2
    shape = f'<circle r="10" fill="{_SOFT}" stroke="currentColor" stroke-width="2"/>'
    filled = []
    for index in range(number):
        x = left + step * index
        at = (index + 1) / (number + 1)
        poses = (
            Pose(0.0, x, y, shown=0.2),
            Pose(at, x, y, shown=0.2),
            Pose(at + 1e-3, x, y),
            Pose(1.0, x, y),
        )
        whole_s = stroke_s * (number + 1)
        filled.append(Moving(f"learn-dot-{index}", shape, poses, whole_s, Pose(0.0, x, y)))
    return tuple(filled)
