"""Bring docs/camera.md up to date: figures from the accuracy card, pictures from the samples.

    python benchmarks/camera_page.py [--pictures]

The figures stand between two marks in the page and come from docs/accuracy.json, so that the page
never says more than the card. The pictures show where the chart lies in each camera's view.
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from routines.path import path_back
from routines.routine import load_routine
from vision.arrays import Floats, ImageRGB
from vision.back_frame import fit_back_frame
from vision.calibration import load_calibration
from vision.drawing import HAND_COLOURS, WHITE, Line, draw
from vision.frames import VideoReader
from vision.hands import SIDES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "camera.md"
CARD = ROOT / "docs" / "accuracy.json"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"

VIEWS = {"order": 8.0, "wide": 12.0, "side": 8.0, "speed": 8.0, "hands": 9.0}
"""Clips whose picture stands in the page, and the moment shown, s."""

CAMERAS = {
    "overhead": "overhead",
    "overhead_wide": "overhead, body across",
    "side60": "side, 60° down",
    "side45": "side, 45° down",
    "foot45": "foot end, 45° down",
}
HEADINGS = (
    *("camera", "clip", "strokes counted"),
    *("both hands seen", "of what could be seen", "right phase"),
)
WIDTH_PX = 640
NO_STROKES = "distractors"


def table(card: dict[str, Any]) -> str:
    """The card's figures in the order of the cameras, as Markdown."""
    lines = [
        "| " + " | ".join(HEADINGS) + " |",
        "| --- " * len(HEADINGS) + "|",
    ]
    clips = {name: clip for name, clip in card["clips"].items() if name != NO_STROKES}
    order = list(CAMERAS)
    for name, clip in sorted(clips.items(), key=lambda item: order.index(item[1]["camera"])):
        low, high = clip["count_range"]
        wanted = f"{low}" if low == high else f"{low} to {high}"
        found = clip["tracking"]["both_found_share"]
        lines.append(
            f"| {CAMERAS[clip['camera']]} | `{name}` | {clip['count']} of {wanted} "
            f"| {_percent(clip['both_hands_share'])} | {_percent(found)} "
            f"| {_percent(clip['phase_frame_accuracy'])} |"
        )
    return "\n".join(lines)


def with_table(page: str, words: str) -> str:
    """The page with this between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{words}\n\n{END}{after}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def view(name: str, time_s: float) -> ImageRGB:
    """A frame of a sample with the chart's spine, shoulder line and paths drawn in."""
    back = fit_back_frame(load_calibration(ROOT / "sample_videos" / f"{name}.calibration.json"))
    shoulder = back.scale.shoulder_line_v
    axes = (((0.0, 0.0), (0.0, 1.0)), ((-1.0, shoulder), (1.0, shoulder)))
    lines = [Line(back.to_image(_fine(np.array(ends))), WHITE, dashed=True) for ends in axes]
    routine = load_routine()
    lines += [
        Line(back.to_image(_fine(path_back(routine, side))), HAND_COLOURS[side]) for side in SIDES
    ]
    with VideoReader(ROOT / "sample_videos" / f"{name}.mp4") as video:
        frame = next(frame for frame in video if frame.time_s >= time_s)
    picture = draw(frame.image_rgb, None, tuple(lines), None, frame.scale)
    height, width = picture.shape[:2]
    size = (WIDTH_PX, round(height * WIDTH_PX / width))
    small: ImageRGB = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return small


def _fine(points_back: Floats) -> Floats:
    steps = np.linspace(0, len(points_back) - 1, 8 * len(points_back))
    corners = np.arange(len(points_back))
    return np.column_stack([np.interp(steps, corners, points_back[:, axis]) for axis in (0, 1)])


def main() -> None:
    """Write the figures anew, and the pictures where asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pictures", action="store_true", help="draw the pictures anew as well")
    arguments = parser.parse_args()
    when = subprocess.run(
        ["git", "log", "-1", "--format=%cs %h", "--", str(CARD)],
        check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout.strip()  # fmt: skip
    card = json.loads(CARD.read_text("utf-8"))
    words = f"{table(card)}\n\nFrom the accuracy card of {when}."
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), words), "utf-8")
    for name, time_s in VIEWS.items() if arguments.pictures else ():
        target = ROOT / "docs" / "pictures" / f"camera_{name}.jpg"
        bgr = cv2.cvtColor(view(name, time_s), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(target), bgr, [cv2.IMWRITE_JPEG_QUALITY, 80])


if __name__ == "__main__":
    main()
