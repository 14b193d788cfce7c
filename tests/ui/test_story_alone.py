"""A whole session and a review, with every call to the system watched: nothing leaves the machine.

strace writes down each connection, each address that anything is sent to, and each file that is
written, of the server and of all processes that it starts.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sessions.app_start import app_command, app_path
from tests.ui.conftest import App, wait_until_it_answers
from tests.ui.practice_page import (
    WAIT_MS,
    button,
    go_to_strokes,
    know_the_back,
    start_camera,
)
from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SAMPLES = app_path().parent / "sample_videos"
CLIP = SAMPLES / "hands.mp4"
REVIEWED = SAMPLES / "side.mp4"
STROKES_MS = 15_000

ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
WRITE = re.compile(r'\bp?write(?:64|v)?\(\d+<(/[^>]*)>, (?:\[{iov_base=)?"((?:[^"\\]|\\.)*)"')
"""A write into a file: its path, and the first bytes as C writes them."""

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"\x1a\x45\xdf\xa3", b"RIFF", b"GIF8")

TRACE = (
    *("strace", "-D", "-f", "-qq", "-y", "-s", "12", "--seccomp-bpf"),
    *("-e", "trace=connect,sendto,sendmsg,sendmmsg,open,openat,creat,write,pwrite64,writev"),
    *("-e", "signal=none"),
)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Path]]:
    """The app on a free port with a data folder of its own, and what strace writes of it."""
    assert shutil.which("strace"), "strace is missing; run scripts/setup dev browser"
    folder = tmp_path_factory.mktemp("watched")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "tmp").mkdir()
    environment = os.environ | {
        "HOME": str(folder / "home"),
        "XDG_DATA_HOME": str(folder / "data"),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    know_the_back(folder / "data", CLIP.with_suffix(".calibration.json"))
    log, trace = folder / "app.log", folder / "trace.txt"
    with log.open("wb") as sink:
        server = subprocess.Popen(
            [*TRACE, "-o", str(trace), *app_command(port, open_browser=False)],
            cwd=app_path().parent,
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        running = App(f"http://127.0.0.1:{port}", folder / "data", log, server.pid)
        wait_until_it_answers(running, server)
        yield running, trace
    finally:
        server.terminate()
        server.wait(30)


def addresses_in(trace: Path) -> set[str]:
    """Every address of the Internet's kinds that something was sent to, or connected with."""
    found: set[str] = set()
    for line in trace.read_text("utf-8", "replace").splitlines():
        if "AF_INET" in line and (match := ADDRESS.search(line)):
            found.add(match[1] or match[2])
    return found


def files_written(trace: Path) -> dict[str, bytes]:
    """Each file that was written to, and what its first write began with."""
    found: dict[str, bytes] = {}
    for line in trace.read_text("utf-8", "replace").splitlines():
        match = WRITE.search(line)
        if match is not None and match[1] not in found:
            found[match[1]] = match[2].encode().decode("unicode_escape").encode("latin-1")
    return found


def looks_like_a_picture(start: bytes) -> bool:
    return start.startswith(PICTURES) or start[4:8] == b"ftyp"


def test_the_watch_sees_what_it_is_to_see(tmp_path: Path) -> None:
    """A look-up of a name, a datagram and a picture: a watch that is blind proves nothing."""
    trace = tmp_path / "trace.txt"
    code = (
        "import socket, sys\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.53', 53))\n"
        "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', ('::1', 9))\n"
        "open(sys.argv[1], 'wb').write(b'\\xff\\xd8\\xff\\xe0 a picture')\n"
    )
    command = [*TRACE, "-o", str(trace), sys.executable, "-c", code, str(tmp_path / "a.bin")]
    subprocess.run(command, check=True, timeout=60)
    deadline = time.monotonic() + 20
    while str(tmp_path / "a.bin") not in files_written(trace) and time.monotonic() < deadline:
        time.sleep(0.1)  # It writes by itself until all is written.
    assert addresses_in(trace) == {"127.0.0.53", "::1"}
    assert looks_like_a_picture(files_written(trace)[str(tmp_path / "a.bin")])


def own_addresses() -> set[str]:
    """Of this machine in its networks: what is sent there comes back over the loopback device."""
    listed = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True)
    return set(listed.stdout.split())


def practise(page: Page) -> None:
    start_camera(page)
    go_to_strokes(page)
    # Watched so closely it is slow: that the hands are followed is enough here.
    page.wait_for_timeout(STROKES_MS)
    button(page, "practice.end").click(timeout=WAIT_MS)
    expect(page.get_by_text(text("summary.felt_title"))).to_be_visible(timeout=2 * WAIT_MS)


def review_an_upload(page: Page, address: str) -> None:
    page.goto(f"{address}/review")
    page.get_by_text(text("review.source_upload"), exact=True).click(timeout=WAIT_MS)
    page.locator("input[type=file]").first.set_input_files(REVIEWED)
    page.get_by_text(text("review.calibration_file"), exact=True).click(timeout=WAIT_MS)
    calibration = REVIEWED.with_suffix(".calibration.json")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(calibration)
    start = button(page, "review.start")
    expect(start).to_be_enabled(timeout=WAIT_MS)
    start.click()
    expect(page.get_by_test_id("count")).to_be_visible(timeout=300_000)


def test_nothing_leaves_the_machine_and_no_picture_is_written(
    watched: tuple[App, Path],
    open_page: Callable[..., Page],
    webcam: Callable[..., tuple[str, ...]],
) -> None:
    app, trace = watched
    hosts: set[str] = set()
    page = open_page(app.address, *webcam(CLIP, 2.0, 2.0), hosts=hosts)
    practise(page)
    live = files_written(trace)
    review_an_upload(page, app.address)

    abroad = addresses_in(trace) - own_addresses()
    assert [each for each in abroad if not ip_address(each).is_loopback] == []
    assert hosts == {"127.0.0.1"}, "the page asked elsewhere"

    assert live, "the watch saw nothing"
    assert [path for path, start in live.items() if looks_like_a_picture(start)] == []
    everything = files_written(trace)
    here = (str(app.data_folder.parent), "/dev/null", "/proc/", "/dev/shm/")
    assert [path for path in everything if not path.startswith(here)] == []
    # An upload lies in the app's own folder while it is looked at, and nowhere else.
    passing = str(app.data_folder / "tstroke-coach" / "passing")
    pictures = [path for path, start in everything.items() if looks_like_a_picture(start)]
    assert pictures, "the watch did not see the upload"
    assert all(path.startswith(passing) for path in pictures), pictures


def listening_on(pid: int) -> set[str]:
    """The addresses on which a process takes connections, as the kernel writes them."""
    held = {os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink()}  # noqa: PTH115
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in held:
                found.add(fields[1].split(":")[0])
    return found


def answer_to(address: str, **headers: str) -> str:
    """What the server says first to a browser that asks for a web socket with these headers."""
    host, port = address.removeprefix("http://").split(":")
    wanted = {
        "Host": f"{host}:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    } | headers
    lines = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{lines}\r\n".encode())
        return line.recv(200).decode().split("\r\n")[0]


def test_the_real_server_listens_here_alone_and_refuses_pages_from_elsewhere(
    watched: tuple[App, Path],
) -> None:
    app, trace = watched
    assert listening_on(app.pid) == {"0100007F"}  # 127.0.0.1, its bytes the other way round
    assert "101" in answer_to(app.address, Origin=app.address)
    assert "403" in answer_to(app.address, Origin="http://evil.example")
    assert "403" in answer_to(app.address, Origin="null")
    # A name that was made to lead here, with a page that is its own.
    assert "403" in answer_to(app.address, Host="evil.example", Origin="http://evil.example")
    # Streamlit by itself would ask the web for the machine's outside address now.
    abroad = addresses_in(trace) - own_addresses()
    assert [each for each in abroad if not ip_address(each).is_loopback] == []
