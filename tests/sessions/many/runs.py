"""Looks at a `tstroke review` that runs as a program of its own."""

import subprocess
from collections.abc import Callable
from pathlib import Path

NAMES = ("a", "b", "c", "d")
KINDS = ("json", "annotated.mp4")

Start = Callable[..., "subprocess.Popen[str]"]


def finished(folder: Path) -> dict[str, int]:
    """When each result was written."""
    return {path.stem: path.stat().st_mtime_ns for path in (folder / "out").glob("*.json")}


def workers(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that the review has started to share its work."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    return [int(pid) for pid in children if b"spawn_main" in command_of(int(pid))]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
