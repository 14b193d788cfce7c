"""What one live session costs the server in all, its page in a real browser included.

    python benchmarks/page_cost.py [--seconds 30]

The app runs on the loopback address, and headless Chromium shows it a clip's strokes as its webcam.
Prints the processor time of the server's process alone, whatever the browser takes beside it, and
what is left of it without the pictures, which `live_capacity.py` measures.
"""

import argparse
import os
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.app_server import BROWSER_FLAGS, chromium, running_app
from benchmarks.live_feed import CLIP, STROKES_S
from benchmarks.machine import machine
from tests.ui.driven_camera import Film
from tests.ui.practice_page import WITH_WEBCAM, go_to_strokes, know_the_back, start_camera
from ui.texts import text

WARM_UP_MS: Final = 5000


def server() -> Path:
    """The folder of the server's process: the only Streamlit among this one's children."""
    children = Path("/proc/self/task").glob("*/children")
    for number in " ".join(each.read_text("ascii") for each in children).split():
        folder = Path("/proc") / number
        if b"streamlit" in (folder / "cmdline").read_bytes():
            return folder
    raise SystemExit("The server was not found among this process's children.")


def cpu_s(process: Path) -> float:
    """Processor time that a process has taken so far, with all its threads."""
    fields = (process / "stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def shown(page: Page) -> int:
    """Pictures that came to the page so far."""
    read = "() => document.querySelector(\"iframe[title*='webrtc_streamer']\")"
    read += ".contentDocument.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
    count: int = page.evaluate(read)
    return count


def measure(page: Page, film: Film, seconds: float) -> None:
    """Print what the strokes cost."""
    page.get_by_text(text("diagnostics.title")).wait_for()
    film.show(page, *STROKES_S, turns=False)
    page.wait_for_timeout(WARM_UP_MS)
    process = server()
    begun_s, cpu, pictures = time.monotonic(), cpu_s(process), shown(page)
    while time.monotonic() < begun_s + seconds:
        page.wait_for_timeout(1000)
    took_s = time.monotonic() - begun_s
    cores = (cpu_s(process) - cpu) / took_s
    rate = (shown(page) - pictures) / took_s
    print(f"{cores:.2f} cores, {rate:.1f} pictures a second, {1000 * cores / rate:.1f} ms each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="within the clip's strokes")
    seconds = parser.parse_args().seconds
    print(machine())
    with running_app() as (address, data_folder), sync_playwright() as driver:
        know_the_back(data_folder, CLIP.with_suffix(".calibration.json"))
        flags = [*BROWSER_FLAGS, *WITH_WEBCAM]
        browser = driver.chromium.launch(executable_path=chromium(), args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        film = Film(CLIP)
        film.lend_to(page)
        page.add_init_script(film.script)
        page.goto(address)
        film.hold(page, STROKES_S[0])
        start_camera(page)
        go_to_strokes(page)
        measure(page, film, seconds)
        browser.close()


if __name__ == "__main__":
    main()
