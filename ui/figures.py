"""Small drawings that show what to do now: where the hands go, what to change at the camera."""

from collections.abc import Mapping
from typing import Final

from routines.routine import Routine
from sessions.guided import Scene
from ui.back_chart import back_chart_svg
from ui.chart_hands import ChartHand
from ui.texts import text
from vision.touch import PLACES_BACK

_TURN_DEG: Final = 90.0
"""Hands at rest on nape and waist lie across the spine."""

_CAMERA: Final = "var(--st-primary-color, currentColor)"

# A side view: a body on a table, and a camera on an arm above it that sees the whole back.
_SCENE: Final = (
    '<rect x="14" y="150" width="236" height="9" rx="4" fill="currentColor" opacity="0.25"/>'
    '<g fill="currentColor" opacity="0.4"><circle cx="222" cy="136" r="14"/>'
    '<rect x="98" y="128" width="108" height="22" rx="11"/>'
    '<rect x="22" y="134" width="90" height="16" rx="8"/></g>'
    '<path d="M290,188V36H168" stroke="currentColor" stroke-opacity="0.4" stroke-width="4"/>'
    '<path d="M152,56L{left},127M152,56L{right},127" stroke="currentColor" stroke-opacity="0.5" '
    'stroke-dasharray="3 6" stroke-width="2"/>'
    '<rect x="136" y="30" width="32" height="22" rx="5" fill="{camera}"/>'
    '<circle cx="152" cy="52" r="5" fill="currentColor"/>'
)
_LAMP: Final = (
    '<circle cx="52" cy="46" r="13" fill="{colour}"/>'
    '<path d="M52,20V10M52,72V82M26,46H16M78,46H88M33,27L26,20M71,27L78,20M33,65L26,72M71,65L78,72"'
    ' stroke="{colour}" stroke-width="4"/>'
)
_CROSS: Final = '<path d="M22,16L82,78" stroke="{colour}" stroke-width="6"/>'
_ARROW: Final = (
    '<path d="M206,{tail}V{head}M194,{barb}L206,{head}L218,{barb}" stroke="{colour}" '
    'stroke-width="6"/>'
)
_HANDS: Final = (
    '<g fill="{colour}"><circle cx="128" cy="122" r="9"/><circle cx="176" cy="122" r="9"/></g>'
)


def _nearer() -> str:
    return _ARROW.format(colour=_CAMERA, tail=34, head=90, barb=74)


def _further() -> str:
    return _ARROW.format(colour=_CAMERA, tail=90, head=34, barb=50)


_ON_CAMERA: Final[Mapping[str, str]] = {
    "dark": _LAMP.format(colour=_CAMERA),
    "bright": _LAMP.format(colour="currentColor") + _CROSS.format(colour=_CAMERA),
    "far": _nearer(),
    "near": _further(),
    "cut_off": _further(),
    "slow": _LAMP.format(colour=_CAMERA),
    "no_hands": _HANDS.format(colour=_CAMERA),
}
"""What each remark of the camera check adds to the drawing."""


def figure_for(scene: Scene, routine: Routine) -> str:
    """The drawing that goes with the scene's task; empty where the count has its place."""
    match scene.stage:
        case "check":
            return camera_figure(scene.remarks[0] if scene.remarks else "")
        case "touch":
            return touch_figure(scene.task.rpartition("touch_")[2], routine)
        case "settle":
            return settle_figure(routine)
        case "oil":
            return touch_figure("lower_back", routine)
        case "confirm":
            return back_chart_svg(routine, name="confirm")
        case _:
            return ""


def camera_figure(remark: str) -> str:
    """Camera, body and light from the side, with what to change in the accent colour."""
    whole = remark not in ("cut_off", "near")
    scene = _SCENE.format(
        left=96 if whole else 122,
        right=238 if whole else 186,
        camera=_CAMERA if remark == "small" else "currentColor",
    )
    title = text("practice.camera_drawing")
    return (
        f'<svg viewBox="0 0 304 196" role="img" aria-label="{title}" fill="none" '
        'stroke-linecap="round" stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg">'
        f"{scene}{_ON_CAMERA.get(remark, '')}</svg>"
    )


def touch_figure(place: str, routine: Routine) -> str:
    """Both hands on a named place of the back."""
    known = {str(name): at for name, at in PLACES_BACK.items()}
    across, v = known.get(place, known["lower_back"])
    hands = (ChartHand("left", -across, v), ChartHand("right", across, v))
    return back_chart_svg(routine, hands=hands, name=f"touch-{place}")


def settle_figure(routine: Routine) -> str:
    """One hand on the nape, one on the waist."""
    (_, nape_v), (_, waist_v) = routine.settle.nape, routine.settle.waist
    hands = (
        ChartHand("left", 0.0, nape_v, _TURN_DEG),
        ChartHand("right", 0.0, waist_v, -_TURN_DEG),
    )
    return back_chart_svg(routine, hands=hands, name="settle")
