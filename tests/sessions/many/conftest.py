"""A folder of short recordings, and reviews of it that run as programs of their own."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sessions.many.runs import NAMES, Start


@pytest.fixture
def folder(tmp_path: Path, piece: Callable[[str, float], Path]) -> Path:
    """Four recordings of a second, with calibrations."""
    folder = tmp_path / "evening"
    folder.mkdir()
    clip = piece("wide", 1.2)
    for name in NAMES:
        shutil.copy(clip, folder / f"{name}.mp4")
        shutil.copy(clip.with_name("wide.calibration.json"), folder / f"{name}.calibration.json")
    return folder


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts a review as a shell does: in a group of its own, which hears Ctrl-C together."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", "from sessions.cli import main; main()", "review"]
        command += [str(folder), "--out", str(folder / "out"), *words]
        started.append(
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
