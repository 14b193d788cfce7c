"""Work that is shared out: all of it is done, whoever dies, and nobody is left when it ends."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sessions.many.crew import Alone, Crew
from sessions.many.processes import Processes
from tests.sessions.many.works import (
    die_as_told,
    double,
    hold_a_file,
    name_of_process,
    wait_for,
)


class Heard:
    """Keeps what a crew tells."""

    def __init__(self) -> None:
        self.begun_indices: list[int] = []
        self.words: dict[int, Any] = {}
        self.outcomes: dict[int, Any] = {}
        self.losses: list[tuple[int, str, bool]] = []

    def begun(self, index: int) -> None:
        self.begun_indices.append(index)

    def told(self, index: int, progress: Any) -> None:
        self.words[index] = progress

    def ended(self, index: int, outcome: Any) -> None:
        assert index not in self.outcomes
        self.outcomes[index] = outcome

    def lost(self, index: int, how: str, *, again: bool) -> None:
        self.losses.append((index, how, again))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.mark.slow
@pytest.mark.parametrize("crew", [Alone(), Processes(2), Processes(9)])
def test_every_task_is_done_once(crew: Crew, heard: Heard) -> None:
    crew.run([1, 2, 3], double, heard)
    assert heard.outcomes == {0: 2, 1: 4, 2: 6}
    assert sorted(heard.begun_indices) == [0, 1, 2]
    assert heard.words[0] == "halfway through 1"
    assert heard.losses == []


@pytest.mark.slow
def test_two_are_at_work_at_the_same_time(tmp_path: Path, heard: Heard) -> None:
    Processes(2).run([tmp_path, tmp_path], name_of_process, heard)
    assert len({os.getpid(), *heard.outcomes.values()}) == 3


@pytest.mark.slow
def test_who_is_killed_stops_no_other(tmp_path: Path, heard: Heard) -> None:
    names = ["a", "once", "b", "always", "c"]
    Processes(2).run([tmp_path / name for name in names], die_as_told, heard)
    assert heard.outcomes == {0: "a", 1: "once", 2: "b", 4: "c"}
    assert sorted(heard.losses) == [
        (1, "SIGKILL", True),
        (3, "SIGKILL", False),
        (3, "SIGKILL", True),
    ]


@pytest.mark.slow
def test_an_error_of_the_program_stops_no_other_and_is_not_tried_again(
    tmp_path: Path, heard: Heard, capfd: pytest.CaptureFixture[str]
) -> None:
    Processes(1).run([tmp_path / "error", tmp_path / "a"], die_as_told, heard)
    assert heard.outcomes == {1: "a"}
    assert heard.losses == [(0, "exit code 1", False)]
    assert "ValueError: an error of the program" in capfd.readouterr().err


@pytest.mark.slow
def test_ctrl_c_ends_all_workers_which_leave_nothing_half_written(tmp_path: Path) -> None:
    class Impatient(Heard):
        def told(self, index: int, progress: Any) -> None:
            if len(list(tmp_path.iterdir())) == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Processes(2).run([tmp_path, tmp_path, tmp_path], hold_a_file, Impatient())
    assert list(tmp_path.iterdir()) == []
    assert multiprocessing.active_children() == []


def test_workers_end_when_the_one_that_shares_out_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from sessions.many.processes import Processes\n"
        "from tests.sessions.many.test_processes import Heard\n"
        "from tests.sessions.many.works import hold_a_file\n"
        "Processes(2).run([Path(sys.argv[1])] * 2, hold_a_file, Heard())"
    )
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=root)
    try:
        wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    wait_for(lambda: list(tmp_path.iterdir()) == [])
