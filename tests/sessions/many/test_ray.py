"""Reviews shared out over a Ray cluster: two nodes on this machine, and what is refused before."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sessions.batch import Job, Refusal
from sessions.cli import main
from sessions.many import ray_cluster
from sessions.many.finished import program_name
from sessions.many.work import Task, review_task
from tests.sessions.many.runs import NAMES, Start, command_of, finished
from tests.sessions.many.works import wait_for

ROOT = Path(__file__).parents[3]
WORKER = b"ray::_do"


def refused(*words: str) -> str:
    done = CliRunner().invoke(
        main, ["review", str(ROOT / "sample_videos"), "--engine", "ray", *words]
    )
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


def test_without_ray_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ray_cluster, "find_spec", lambda _: None)
    line = refused("--out", str(tmp_path / "out"))
    assert "needs the package ray" in line
    assert "scripts/setup app ray" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1:1", "No Ray cluster answers at 127.0.0.1:1"),
        ("auto", "auto is no address of a Ray cluster"),
        ("ray://127.0.0.1:10001", "give it as HOST:PORT"),
        ("127.0.0.1:99999", "No Ray cluster answers at 127.0.0.1:99999"),
    ],
)
def test_a_wrong_address_is_refused_at_once(
    address: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ray_cluster, "find_spec", lambda _: object())
    assert words in refused("--address", address, "--out", str(tmp_path / "out"))


def nowhere(tmp_path: Path, program: str) -> str:
    job = Job(tmp_path / "a.mp4", tmp_path / "out" / "a.json", None)
    outcome = review_task(Task(job, program=program), lambda _: None)
    assert isinstance(outcome, Refusal)
    return outcome.line()


def test_a_node_with_another_version_or_without_the_folder_says_so(tmp_path: Path) -> None:
    assert "has another version of T-Stroke Coach" in nowhere(tmp_path, "0.0.1+0")
    assert "does not see it" in nowhere(tmp_path, program_name())


@pytest.fixture
def two_nodes() -> Iterator[str]:
    """The address of a cluster of two nodes with one processor each."""
    command = [sys.executable, "-m", "tests.sessions.many.two_nodes"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nodes:
        assert nodes.stdout is not None
        assert nodes.stdin is not None
        yield nodes.stdout.readline().strip()
        nodes.stdin.close()


def at_work() -> dict[int, int]:
    """The processes that do a task right now, each with its node's."""
    pids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return {pid: parent_of(pid) for pid in pids if command_of(pid).startswith(WORKER)}


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0


def killed(pid: int) -> bool:
    """Whether it was still there to be killed."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_two_nodes_share_the_work_and_one_that_is_killed_stops_no_other(
    folder: Path, start: Start, two_nodes: str
) -> None:
    assert two_nodes.startswith("127.0.0.1:")
    (folder / "e.mp4").touch()
    words = ("--engine", "ray", "--address", two_nodes)
    process = start(*words)
    wait_for(lambda: len(set(at_work().values())) == 2)
    wait_for(lambda: len(finished(folder)) >= 1)
    wait_for(lambda: any(killed(pid) for pid in list(at_work())[:1]))
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 1, stderr
    assert "the process that reviewed it ended (WorkerCrashedError); once more." in stderr
    assert "e.mp4 is empty" in stderr
    assert "5 recordings: 4 reviewed, 1 could not be." in stdout
    assert {path.name for path in (folder / "out").iterdir()} == {f"{name}.json" for name in NAMES}
    (folder / "e.mp4").unlink()
    stdout, stderr = start(*words).communicate(timeout=300)
    assert "4 recordings: 0 reviewed, 4 kept as they were" in stdout
