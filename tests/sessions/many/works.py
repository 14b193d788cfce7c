"""Work for workers that are other processes: it is found there by its name."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from sessions.many.crew import Tell


def double(task: int, tell: Tell) -> int:
    """Twice the task, and a word on the way."""
    tell(f"halfway through {task}")
    return 2 * task


def name_of_process(task: Path, tell: Tell) -> int:
    """Waits until two are at work at the same time, each of which leaves a file."""
    (task / str(os.getpid())).touch()
    wait_for(lambda: len(list(task.iterdir())) == 2)
    return os.getpid()


def die_as_told(task: Path, tell: Tell) -> str:
    """`once` is killed the first time, `always` each time, `error` ends with an error."""
    first = not task.exists()
    task.touch()
    if task.name == "always" or (task.name == "once" and first):
        os.kill(os.getpid(), signal.SIGKILL)
    if task.name == "error":
        raise ValueError("an error of the program")
    return task.name


def hold_a_file(task: Path, tell: Tell) -> None:
    """Has something half written until it is stopped."""
    half = task / f"{os.getpid()}.part"
    half.touch()
    try:
        while True:
            tell("still here")
            time.sleep(0.02)
    finally:
        half.unlink()


def wait_for(what: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Until that is so; a machine may be slow."""
    end_s = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < end_s, "it did not come about in time"
        time.sleep(0.02)
