"""How long pictures and cues take through a real browser.

    python benchmarks/browser_latency.py [--loops 2]

The app runs on the loopback address, and headless Chromium plays a clip as its webcam in which each
picture bears its number. In the page those numbers are read twice: from the camera, and from the
video that the page shows. So the time from glass to glass is measured, without the camera's own and
the screen's. A stub in the place of the browser's voice notes when a cue is spoken.

A cue's delay is counted from its evidence in the film: the end of the stroke whose fault it names,
as the clip's truth has it, or, for a touched spine, the moment in which the hand has lain on it for
as long as the routine's limit, as a review of the clip has it. Ends with 1 where a goal is missed.
"""

import argparse
import gzip
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.app_server import BROWSER_FLAGS, chromium, running_app
from benchmarks.machine import machine
from routines.routine import Routine, load_routine
from sessions.review import review_recording
from tests.ui.practice_page import WITH_WEBCAM, go_to_strokes, know_the_back, start_camera
from ui.texts import text
from vision.arrays import ImageRGB
from vision.calibration import load_calibration
from vision.frames import VideoReader

HERE: Final = Path(__file__).resolve().parent
CLIP: Final = HERE.parent / "sample_videos" / "place.mp4"
"""From overhead, 640 x 480: a clean stroke, then one on the spine, one with the fingers across, one
with a hand behind, and a clean one."""
FROM_S: Final = 3.9
"""Where the strokes begin, both hands at the start place."""
TO_S: Final = 39.1
LEAD_S: Final = 20.0
"""The first picture of them stands for so long, until the strokes are reached."""
HZ: Final = 30.0
BITS: Final = 13
BLOCK_PX: Final = 16

LATE_MS: Final = 100.0
CUE_LATE_S: Final = 0.7


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page noted; times in ms."""

    given: list[tuple[int, float]]
    """Number of a film's picture, and when the camera gave it."""
    shown: list[tuple[int, float]]
    """The same of the drawn picture in the page."""
    spoken: list[tuple[str, float]]
    lines: list[tuple[str, float]]
    """What stood on the line beside the picture, from when on."""

    def film_s(self, at_ms: float) -> float:
        """The film's time that the camera gave at a moment."""
        numbers, times = zip(*self.given, strict=True)
        return float(np.interp(at_ms, times, numbers)) / HZ


def write_film(film: Path, loops: int) -> None:
    """The clip with its pictures' numbers, as JPEG pictures one after the other."""
    with VideoReader(CLIP) as video:
        images = [each.image_rgb for each in video if FROM_S <= each.time_s <= TO_S]
    pictures = [images[0]] * round(LEAD_S * HZ) + images * loops + [images[-1]] * round(5 * HZ)
    with film.open("wb") as sink:
        for number, image_rgb in enumerate(pictures):
            bgr = cv2.cvtColor(_numbered(image_rgb, number), cv2.COLOR_RGB2BGR)
            sink.write(cv2.imencode(".jpg", bgr)[1].tobytes())


def _numbered(image_rgb: ImageRGB, number: int) -> ImageRGB:
    """A copy with the number as white and black blocks in its upper left corner."""
    image: ImageRGB = np.array(image_rgb)
    for place, bit in enumerate([1, 0, *map(int, f"{number:0{BITS}b}")]):
        image[:BLOCK_PX, place * BLOCK_PX : (place + 1) * BLOCK_PX] = 255 * bit
    return image


def evidence(routine: Routine) -> dict[str, float]:
    """For each cue's words, when in the clip its evidence is complete, s."""
    with gzip.open(CLIP.with_suffix(".truth.json.gz")) as packed:
        truth = json.load(packed)
    ends = {each["fault"]: each["end_s"] for each in truth["reps"] if each["fault"]}
    calibration = load_calibration(CLIP.with_suffix(".calibration.json"))
    review = review_recording(CLIP, calibration, routine)
    spine = [check for rep in review.reps for check in rep.faults if check.code == "on_spine"]
    ends["on_spine"] = spine[0].start_s + routine.faults["on_spine"].limits["duration_s"]
    return {routine.faults[code].spoken: end_s for code, end_s in ends.items()}


def practise(page: Page, loops: int) -> tuple[Seen, dict[str, str]]:
    """Go through the strokes at the level that cues every one; also gives the panel's figures."""
    start_camera(page)
    go_to_strokes(page)
    page.get_by_role("button", name=text("settings.title")).click()
    page.get_by_role("combobox", name=text("settings.level")).click()
    page.get_by_role("option", name=text("settings.level_every")).click()
    page.keyboard.press("Escape")
    page.get_by_text(text("diagnostics.title")).click()
    rows: dict[str, str] = {}
    last = (LEAD_S + loops * (TO_S - FROM_S)) * HZ
    while not rows or page.evaluate("top.__seen.given.at(-1)[0]") < last - HZ:
        page.wait_for_timeout(1000)
        if page.locator("dl.figures").count():
            rows = _rows(page)
    page.wait_for_timeout(3000)
    return Seen(**page.evaluate("top.__seen")), rows


def _rows(page: Page) -> dict[str, str]:
    read = "all => all.map(each => [each.textContent, each.nextElementSibling.textContent])"
    return dict(page.locator("dl.figures dt").evaluate_all(read))


def glass_to_glass_ms(seen: Seen) -> list[float]:
    """From the camera to the page, for each picture that was shown while strokes were made."""
    given = dict(reversed(seen.given))
    first = LEAD_S * HZ
    return [at - given[number] for number, at in seen.shown if number > first and number in given]


def cue_delays(seen: Seen, due: dict[str, float], loops: int) -> Iterator[tuple[str, float, float]]:
    """For each cue: its words, and how long after its evidence it was spoken and shown, s."""
    for words, at in seen.spoken:
        if words not in due:
            continue
        within_s = seen.film_s(at) - LEAD_S
        length_s = TO_S - FROM_S
        due_s = [due[words] - FROM_S + loop * length_s for loop in range(loops)]
        past = [each for each in due_s if within_s - each > -3.0]
        shown = [when for line, when in seen.lines if line == words and abs(when - at) < 3000]
        delay_s = within_s - past[-1]
        yield words, delay_s, delay_s + (shown[0] - at) / 1000 if shown else float("nan")


def report(seen: Seen, rows: dict[str, str], due: dict[str, float], loops: int) -> bool:
    """Prints all of it; True where the goals are met."""
    for name, value in rows.items():
        print(f"{name:32}{value}")
    whole = glass_to_glass_ms(seen)
    middle, high = np.percentile(whole, (50, 95)).tolist()
    print(f"{'From glass to glass':32}{middle:.0f} ms, {high:.0f} ms at the 95th percentile")
    given = [at for number, at in seen.given if number > LEAD_S * HZ]
    span_s = (given[-1] - given[0]) / 1000
    print(
        f"{'Shown in the page':32}{len(whole) / span_s:.1f} of {len(given) / span_s:.1f} a second"
    )
    delays = list(cue_delays(seen, due, loops))
    for words, spoken_s, shown_s in delays:
        print(
            f"  cue {words!r:26}spoken {spoken_s:.2f} s after its evidence, shown {shown_s:.2f} s"
        )
    if not delays:
        sys.exit("No cue was heard: nothing can be said of their delay.")
    slowest = max(spoken_s for _, spoken_s, _ in delays)
    middle_s = statistics.median(spoken_s for _, spoken_s, _ in delays)
    print(f"{'Cue after its evidence':32}{middle_s:.2f} s median, {slowest:.2f} s at most")
    return slowest <= CUE_LATE_S


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--loops", type=int, default=2, help="how often the clip is played")
    loops = parser.parse_args().loops
    due = evidence(load_routine())
    script = (HERE / "browser.js").read_text("utf-8")
    script = script.replace("__CODE__", json.dumps({"bits": BITS, "block": BLOCK_PX}))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        film = Path(name) / "film.mjpeg"
        write_film(film, loops)
        with running_app() as (address, data_folder):
            know_the_back(data_folder, CLIP.with_suffix(".calibration.json"))
            shown = (*WITH_WEBCAM, f"--use-file-for-fake-video-capture={film}")
            flags = [*BROWSER_FLAGS, *shown]
            browser = driver.chromium.launch(executable_path=chromium(), args=flags)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.add_init_script(script)
            page.goto(address)
            seen, rows = practise(page, loops)
            browser.close()
    print(f"{CLIP.name} as the webcam of headless Chromium, {machine()}")
    if not report(seen, rows, due, loops):
        sys.exit(f"A cue came later than {CUE_LATE_S:g} s after its evidence.")


if __name__ == "__main__":
    main()
