"""`tstroke review` of a folder, killed and stopped: what was finished is not done again."""

import os
import signal
from pathlib import Path

import pytest

from tests.sessions.many.runs import KINDS, NAMES, Start, command_of, finished, workers
from tests.sessions.many.works import wait_for

pytestmark = pytest.mark.slow


def test_a_worker_that_is_killed_stops_no_other(folder: Path, start: Start) -> None:
    (folder / "e.mp4").touch()
    process = start("--workers", "2")
    wait_for(lambda: len(finished(folder)) >= 1)
    os.kill(workers(process)[0], signal.SIGKILL)
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "the process that reviewed it ended (SIGKILL); once more." in stderr
    assert "e.mp4 is empty" in stderr
    assert "5 recordings: 4 reviewed, 1 could not be." in stdout
    assert {path.name for path in (folder / "out").iterdir()} == {f"{name}.json" for name in NAMES}


def test_after_a_kill_it_goes_on_with_what_is_left(folder: Path, start: Start) -> None:
    process = start("--workers", "2", "--annotate")
    wait_for(lambda: len(finished(folder)) >= 1)
    left = workers(process)
    assert len(left) == 2
    process.kill()
    process.wait()
    wait_for(lambda: not any(command_of(pid) for pid in left))
    first = finished(folder)
    process = start("--workers", "2", "--annotate")
    stdout, stderr = process.communicate(timeout=300)
    assert (process.returncode, stderr) == (0, "")
    assert f"4 recordings: {4 - len(first)} reviewed, {len(first)} kept as they were" in stdout
    assert first.items() <= finished(folder).items()
    results = {f"{name}.{kind}" for name in NAMES for kind in KINDS}
    assert {path.name for path in (folder / "out").iterdir()} == results


def test_ctrl_c_ends_all_workers_and_leaves_nothing_half_written(
    folder: Path, start: Start
) -> None:
    process = start("--workers", "2", "--annotate")
    wait_for(lambda: len(finished(folder)) >= 1)
    left = workers(process)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    (line,) = stderr.splitlines()
    assert line.startswith("Stopped. What was finished before is kept")
    assert not any(command_of(pid) for pid in left)
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {f"{name}.{kind}" for name in finished(folder) for kind in KINDS}
