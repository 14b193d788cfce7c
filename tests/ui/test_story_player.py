"""The player in a real browser: what is drawn is what the picture shows, and every key does it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream
from playwright.sync_api import Locator, Page, expect

from tests.ui.player.played import (
    FIRST_S,
    SECOND_S,
    UNSEEN_S,
    clip,
    landmarks_of,
    session_of,
)
from ui.texts import text
from vision.arrays import Floats, ImageRGB
from vision.frames import VideoReader

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SERVER = Path(__file__).parent / "player" / "demo_server.py"
WAIT_MS = 30_000
FRAME_S = 1 / 30
NEAR_PX = 6.0
GUTTER_PX = 104

BLUE_BOX = """
canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const blue = i => data[i] < 20 && Math.abs(data[i + 1] - 114) < 20
    && Math.abs(data[i + 2] - 178) < 20 && data[i + 3] > 250;
  const box = [1e9, 1e9, -1e9, -1e9];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    if (!blue(4 * (y * width + x))) continue;
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  }
  return box;
}
"""
"""Around everything that is drawn in the left hand's blue, clearly: fingers, joints, the letter."""

PICTURE = """
video => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [160, 120];
  const ink = canvas.getContext('2d');
  ink.drawImage(video, 0, 0, 160, 120);
  const { data } = ink.getImageData(0, 0, 160, 120);
  const grey = (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3;
  return Array.from({ length: 160 * 120 }, grey);
}
"""

BOTH_WHILE_PLAYING = f"""
stage => new Promise(done => {{
  const canvas = stage.querySelector('canvas');
  const told = (now, picture) => done([picture.mediaTime, ({BLUE_BOX})(canvas)]);
  stage.querySelector('video').requestVideoFrameCallback(told);
}})
"""
"""The moment of a picture while it plays, and the box that was drawn over it."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording in a format of last century, which browsers don't play, and one as phones make
    them: stored sideways, with its first picture at 0.4 s."""
    folder = tmp_path_factory.mktemp("films")
    with VideoReader(clip("wide")) as video:
        pictures = [np.ascontiguousarray(frame.image_rgb) for frame in islice(video, 160)]
    small = [np.asarray(cv2.resize(each, (320, 240)), dtype=np.uint8) for each in pictures[:30]]
    write_film(folder / "old.mp4", "mpeg4", small)
    turned = [np.ascontiguousarray(np.rot90(each, -1)) for each in pictures]
    write_film(folder / "turned.mp4", "libx264", turned, turn_deg=90, first_s=0.4)
    return folder


def write_film(
    path: Path, codec: str, pictures: Sequence[ImageRGB], turn_deg: int = 0, first_s: float = 0.0
) -> None:
    """Write pictures as 30 a second, to be turned by `turn_deg` when shown."""
    with av.open(str(path), "w") as sink:
        stream = sink.add_stream(codec, rate=30)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 30)
        if turn_deg:
            stream.set_display_rotation(turn_deg)
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = index + round(first_s * 30), Fraction(1, 30)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))


@pytest.fixture(scope="module")
def address(films: Path) -> Iterator[str]:
    """The demo page's server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(SERVER)]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    log = films / "server.log"
    with log.open("wb") as sink:
        server = subprocess.Popen(
            command,
            cwd=SERVER.parents[3],
            env=os.environ | {"PLAYER_DEMO_FOLDER": str(films)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(15)


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The demo page did not start:\n{log.read_text('utf-8', 'replace')}")


@pytest.fixture
def show(address: str, open_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Opens the demo page with what is to be shown, ready to be played."""

    def open_it(what: str) -> Page:
        page = open_page(f"{address}/?show={what}")
        expect(page.locator(".player")).to_be_visible(timeout=WAIT_MS)
        for chips in page.locator(".chips").all():
            expect(chips).not_to_contain_text(text("player.loading"), timeout=WAIT_MS)
        page.locator(".player").evaluate("player => player.focus()")
        return page

    return open_it


def button(page: Page, key: str) -> Locator:
    return page.locator(".player").get_by_role("button", name=text(key), exact=True)


def now_s(page: Page) -> float:
    return float(page.locator("canvas.sheet").get_attribute("aria-valuenow") or "nan")


def clock_s(page: Page) -> float:
    """What the clock shows: tenths of a second. The time that is told to screen readers, `now_s`,
    is finer while the player stands, and changes once a second while it plays."""
    shown = page.locator(".player output").inner_text().split(" ")[0]
    minutes, seconds = shown.split(":")
    return 60 * int(minutes) + float(seconds)


def until(
    page: Page, is_so: Callable[[float], bool], now: Callable[[Page], float] = now_s
) -> float:
    """The player's time, once it is so."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while not is_so(at_s := now(page)):
        assert time.monotonic() < deadline, at_s
        page.wait_for_timeout(50)
    return at_s


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(120)


def heard(page: Page, pattern: str) -> re.Match[str]:
    """The last of the events that reached Python, once it is as it should be."""
    event = page.get_by_text(re.compile(r"^event \d+: " + pattern)).last
    expect(event).to_be_visible(timeout=WAIT_MS)
    found = re.search(pattern, event.inner_text())
    assert found
    return found


def on_screen(page: Page, landmarks_px: Floats) -> Floats:
    """(21, 2) where landmarks lie on the overlay, CSS px: the picture stands in its middle."""
    box = page.locator(".stage").evaluate("stage => [stage.clientWidth, stage.clientHeight]")
    scale = min(box[0] / 640, box[1] / 480)
    corner = (np.array(box) - scale * np.array([640, 480])) / 2
    placed: Floats = corner + scale * landmarks_px
    return placed


def assert_drawn(page: Page, box: list[float], index: int) -> None:
    """The left hand is drawn where it is in this frame; its letter hangs on the side of the wrist,
    which is on the left in this recording."""
    points = on_screen(page, landmarks_of("wide").landmarks_px["left"][index])
    edges = np.array([points[:, 0].max(), points[:, 1].min(), points[:, 1].max()])
    assert np.abs(edges - [box[2], box[1], box[3]]).max() < NEAR_PX


def first_frames_of_the_clip() -> Floats:
    """(200, 120, 160) grey."""
    with VideoReader(clip("wide")) as video:
        first = islice(video, 200)
        small = [cv2.resize(f.image_rgb, (160, 120), interpolation=cv2.INTER_AREA) for f in first]
    grey: Floats = np.array(small, dtype=np.float64).mean(axis=3)
    return grey


def shown_frame(page: Page, clip_grey: Floats) -> int:
    """Which frame of the clip is on the screen."""
    picture = np.array(page.locator("video").evaluate(PICTURE)).reshape(120, 160)
    return int(np.abs(clip_grey - picture).mean(axis=(1, 2)).argmin())


def test_hands_are_drawn_on_the_very_picture_and_keys_go_frame_by_frame(
    show: Callable[[str], Page],
) -> None:
    page = show("video")
    clip_grey = first_frames_of_the_clip()
    overlay = page.locator("canvas.over")
    button(page, "player.show_back").click()  # its lines have the hands' colours
    press(page, "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight")  # 2 s into the first stroke
    until(page, lambda at: abs(at - 5.9) < FRAME_S)
    for key, steps in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        press(page, key)
        index = 117 + 60 + steps
        until(page, lambda at, index=index: abs(at - index * FRAME_S) < 0.01)  # type: ignore[misc]
        assert shown_frame(page, clip_grey) == index
        assert_drawn(page, overlay.evaluate(BLUE_BOX), index)

    before = page.get_by_text(re.compile(r"^runs")).inner_text()
    press(page, "k")
    until(page, lambda at: at > 6.5)
    for _ in range(3):
        moment_s, box = page.locator(".stage").evaluate(BOTH_WHILE_PLAYING)
        assert_drawn(page, box, round(moment_s / FRAME_S))
    assert page.get_by_text(re.compile(r"^runs")).inner_text() in (before, _one_more(before))
    press(page, " ")
    moment = heard(page, r"Moment\(time_s=(\d{2}\S*|[6-9]\S*)\)")
    assert float(moment[1]) == pytest.approx(until(page, lambda at: at > 6.5), abs=0.1)
    press(page, "Home")
    until(page, lambda at: at < FRAME_S)


def _one_more(runs: str) -> str:
    """The page may run once for the pause before."""
    return f"runs {int(runs.split()[1]) + 1}"


def test_a_loop_a_fault_and_a_comment_with_its_drawing(show: Callable[[str], Page]) -> None:
    page = show("video")
    fault_s = session_of("wide").review.reps[1].faults[0].start_s
    press(page, "f")
    until(page, lambda at: abs(at - fault_s) < 2 * FRAME_S)
    heard(page, r"FaultPicked\(rep_index=2, code='pause'\)")

    press(page, "[", "Shift+ArrowRight", "]")
    ends = heard(page, r"RangePicked\(start_s=(\S+), end_s=(\S+)\)")
    assert float(ends[2]) - float(ends[1]) == pytest.approx(1.0, abs=3 * FRAME_S)
    press(page, "k")
    begin_s = float(ends[1])
    for _ in range(2):
        until(page, lambda at: at > begin_s + 0.6, clock_s)
        assert begin_s - 0.1 < until(page, lambda at: at < begin_s + 0.5, clock_s)
    press(page, "k", "r")

    button(page, "player.draw_arrow").click()
    stage = page.locator(".stage").bounding_box()
    assert stage is not None
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=3)
    page.mouse.up()
    press(page, "m")
    arrow = r"DrawnMark\(frame='picture', tool='arrow', points=\(\((\S+), (\S+)\), "
    drawn = heard(page, r"CommentHere\(time_s=\S+, marks=\(" + arrow)
    assert (float(drawn[1]), float(drawn[2])) == pytest.approx((0.5, 0.5), abs=0.02)


def place_of(page: Page, time_s: float, words: str) -> tuple[float, float]:
    """Where on the timeline something stands, found with the mouse by what it says of itself."""
    sheet = page.locator("canvas.sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    length_s = len(landmarks_of("wide").time_s) * FRAME_S
    x = box["x"] + GUTTER_PX + time_s / length_s * (box["width"] - GUTTER_PX)
    for down in range(24, int(box["height"]), 6):
        page.mouse.move(x, box["y"] + down)
        if words in (page.locator(".tip").text_content() or ""):
            return x, box["y"] + down
    pytest.fail(f"nothing on the timeline says {words!r}")


def test_a_click_on_the_timeline_goes_there_and_boundaries_are_moved_by_keys(
    show: Callable[[str], Page],
) -> None:
    page = show("chart&at=3")
    until(page, lambda at: at == 3)
    page.get_by_role("button", name="Go to twelve").click()
    until(page, lambda at: at == 12)
    first, second, _ = session_of("wide").review.reps
    page.mouse.click(*place_of(page, second.faults[0].start_s, "1.50 s"))
    heard(page, r"FaultPicked\(rep_index=2, code='pause'\)")
    until(page, lambda at: abs(at - second.faults[0].start_s) < 2 * FRAME_S)
    page.mouse.click(
        *place_of(page, UNSEEN_S[0] + 1, text("player.item_unseen_right", lasted="2.0 s"))
    )
    expect(page.locator(".chips")).to_have_text(text("player.right_unseen"))
    page.mouse.click(*place_of(page, first.start_s + 1, text("player.item_rep", rep=1, verdict="")))
    heard(page, r"RepPicked\(index=1\)")

    button_name = text("player.boundaries", rep=1)
    page.locator(".player").get_by_role("button", name=button_name, exact=True).click()
    handle = page.locator(".handle").nth(1)
    handle.focus()
    press(page, "ArrowRight", "ArrowRight")
    expect(handle).to_be_focused()
    button(page, "player.boundaries_save").click()
    moved = heard(page, r"BoundariesMoved\(of_start_s=(\S+), of_end_s=(\S+), phases=.*name='up', "
                        r"start_s=(\S+), end_s=([\d.]+)")  # fmt: skip
    assert float(moved[1]) == pytest.approx(first.start_s)
    assert float(moved[3]) == pytest.approx(first.start_s)
    assert float(moved[4]) == pytest.approx(first.phases[0].end_s + 2 * FRAME_S, abs=FRAME_S)


def test_the_timeline_zooms_and_moves_and_a_stretch_is_dragged_out(
    show: Callable[[str], Page],
) -> None:
    page = show("chart")
    sheet = page.locator("canvas.sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    y, left, right = box["y"] + 60, box["x"] + GUTTER_PX + 1, box["x"] + box["width"] - 1

    def shown_s(x: float) -> float:
        """The time at a place, as the timeline itself says."""
        page.mouse.move(x, y)
        page.wait_for_timeout(150)
        minutes, seconds = (page.locator(".tip").text_content() or "").split(" ")[0].split(":")
        return 60 * int(minutes) + float(seconds)

    assert (shown_s(left), shown_s(right)) == pytest.approx((0.0, 29.2), abs=0.2)
    button(page, "player.zoom_in").click()
    button(page, "player.zoom_in").click()
    near_s = shown_s(right)
    assert near_s < 15
    page.mouse.move(right - 50, y)
    page.mouse.down()
    page.mouse.move(left + 50, y, steps=4)
    page.mouse.up()
    assert shown_s(left) == pytest.approx(near_s * (1 - 100 / (right - left)), abs=0.3)
    before = shown_s(right) - shown_s(left)
    page.mouse.wheel(0, -120)  # the drag has made the timeline the one that is meant
    assert shown_s(right) - shown_s(left) < 0.8 * before
    button(page, "player.zoom_all").click()
    page.keyboard.down("Shift")
    page.mouse.move(left + 200, y)
    page.mouse.down()
    page.mouse.move(left + 400, y, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    ends = heard(page, r"RangePicked\(start_s=(\S+), end_s=(\S+)\)")
    per_px = 29.23 / (right - left + 2)
    assert (float(ends[1]), float(ends[2])) == pytest.approx((200 * per_px, 400 * per_px), abs=0.1)


def test_a_phone_s_recording_stands_upright_and_begins_at_its_first_picture(
    show: Callable[[str], Page],
) -> None:
    page = show("turned")
    clip_grey = first_frames_of_the_clip()
    button(page, "player.show_back").click()
    assert shown_frame(page, clip_grey) < 90  # all of the quiet hold looks alike
    for key in ("ArrowDown", "Shift+ArrowRight", "ArrowRight"):
        page.keyboard.press(key)  # faster than pictures come
    until(page, lambda at: abs(at - 148 * FRAME_S) < 0.01)
    assert shown_frame(page, clip_grey) == 148
    assert_drawn(page, page.locator("canvas.over").evaluate(BLUE_BOX), 148)


def test_two_sessions_are_kept_in_step(show: Callable[[str], Page]) -> None:
    page = show("two")
    times = """player => [...player.querySelectorAll('video')].map(video => video.currentTime)"""

    def apart_s() -> float:
        first, second = page.locator(".player").evaluate(times)
        wanted_s = float(np.interp(first, FIRST_S, SECOND_S))
        return abs(wanted_s - float(second))

    press(page, "l", "Shift+ArrowRight")
    until(page, lambda at: abs(at - 6) < FRAME_S)
    page.wait_for_timeout(500)
    assert apart_s() < 2 * FRAME_S
    press(page, "k")
    until(page, lambda at: at > 8)
    assert apart_s() < 0.6
    press(page, "k")
    page.wait_for_timeout(500)
    assert apart_s() < 2 * FRAME_S


def test_what_the_browser_cannot_play_moves_on_the_chart(show: Callable[[str], Page]) -> None:
    page = show("old")
    expect(page.locator(".note")).to_have_text(text("player.no_codec"), timeout=WAIT_MS)
    expect(page.locator(".chart svg")).to_be_visible()
    press(page, "j", "l", "ArrowRight")
    until(page, lambda at: abs(at - 5 - FRAME_S) < 0.01)
    left, _, right, _ = page.locator("canvas.over").evaluate(BLUE_BOX)
    assert right - left > 20, "no hand on the chart"


def test_a_loop_at_the_very_end_begins_again_at_its_own_beginning_and_pace(
    show: Callable[[str], Page],
) -> None:
    page = show("chart")
    press(page, "End", "Shift+ArrowLeft", "[", "k")
    begin_s = float(heard(page, r"RangePicked\(start_s=(\S+), end_s=29")[1])
    for _ in range(2):
        until(page, lambda at: at > begin_s + 0.7, clock_s)
        assert begin_s - 0.1 < until(page, lambda at: at < begin_s + 0.5, clock_s)
    pace = """player => new Promise(done => {
      const clock = () => player.getRootNode().querySelector('output').textContent.split(' ')[0];
      const seen = [];
      const look = now => {
        if (clock() !== seen.at(-1)?.[1]) seen.push([now, clock()]);
        seen.length < 9 ? requestAnimationFrame(look) : done(seen);
      };
      requestAnimationFrame(look);
    })"""
    seen = page.locator(".player").evaluate(pace)
    steps = [later[0] - earlier[0] for earlier, later in pairwise(seen)]
    assert float(np.median(steps)) > 60, "a tenth of a second went by in less"


def test_a_recording_is_reached_by_its_secret_only_and_only_while_its_page_is_open(
    address: str, show: Callable[[str], Page]
) -> None:
    page = show("video")
    source: Any = page.locator("video").get_attribute("src")
    part = Request(f"{address}{source}", headers={"Range": "bytes=100-199"})
    with urlopen(part, timeout=10) as answer:
        assert (answer.status, len(answer.read())) == (206, 100)
        assert answer.headers["Content-Type"] == "video/mp4"
        assert "no-store" in answer.headers["Cache-Control"]
    page.close()
    deadline = time.monotonic() + 20
    while (status := _status(part)) != 404:
        assert time.monotonic() < deadline, f"it is still there after its page was closed: {status}"
        time.sleep(0.2)


def _status(request: Request) -> int:
    try:
        with urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
