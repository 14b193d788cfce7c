"""Shares work out over processes of this machine.

Not by `concurrent.futures`: when one worker of its pool is killed, the pool ends all others, and
nobody can tell whose task was at fault. Here every worker has a pipe of its own, so that its end is
seen as the end of that pipe, and nothing is shared that a killed worker could leave locked.
"""

import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final, Generic

from sessions.many.crew import LEAST_TOLD_S, TRIES, Outcome, Task, Tell, Watch

SPAWN: Final = get_context("spawn")
"""A fresh interpreter each: MediaPipe and its threads do not survive a fork."""

GRACE_S: Final = 5.0
"""A worker that is told to stop has this long to remove what it has half written."""

_TOLD: Final = "told"
_ENDED: Final = "ended"


class _Stopped(BaseException):
    """Nobody waits for this task any more. No error: it must pass all that handles errors."""


class Processes:
    """So many workers, each with one task at a time."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(
        self,
        tasks: Sequence[Task],
        work: Callable[[Task, Tell], Outcome],
        watch: Watch[Outcome],
    ) -> None:
        """Do all tasks; leaving it by an exception, such as Ctrl-C, ends all workers."""
        shift = _Shift(tasks, work, watch)
        try:
            shift.run(min(self.workers, len(tasks)))
        finally:
            shift.end()


@dataclass(frozen=True, slots=True)
class _Turn(Generic[Task]):
    """A task that is to be done for the first time, or once more."""

    index: int
    task: Task
    tries: int


@dataclass(slots=True)
class _Worker(Generic[Task]):
    process: SpawnProcess
    line: Connection
    turn: _Turn[Task] | None = None


class _Shift(Generic[Task, Outcome]):
    """One run: the tasks that wait, and the workers."""

    def __init__(
        self,
        tasks: Sequence[Task],
        work: Callable[[Task, Tell], Outcome],
        watch: Watch[Outcome],
    ) -> None:
        self._waiting = deque(_Turn(index, task, 1) for index, task in enumerate(tasks))
        self._work = work
        self._watch = watch
        self._workers: list[_Worker[Task]] = []

    def run(self, workers: int) -> None:
        for _ in range(workers):
            self._hire()
        while busy := {worker.line: worker for worker in self._workers if worker.turn}:
            for line in connection.wait(list(busy)):
                assert isinstance(line, Connection)
                self._hear(busy[line])

    def end(self) -> None:
        """A worker takes the end of its pipe for the word to stop."""
        try:
            for worker in self._workers:
                worker.line.close()
            for worker in self._workers:
                worker.process.join(GRACE_S)
        finally:  # Also where somebody presses Ctrl-C once more.
            for worker in self._workers:
                worker.process.kill()
                worker.process.join()

    def _hire(self) -> None:
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=_serve, args=(theirs, self._work))
        with _no_interrupt():
            process.start()
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours)
        self._workers.append(worker)
        self._give(worker)

    def _give(self, worker: _Worker[Task]) -> None:
        """The next task, if there is one."""
        worker.turn = self._waiting.popleft() if self._waiting else None
        if worker.turn is not None:
            with suppress(OSError):  # It has died; that is heard next.
                worker.line.send(worker.turn.task)
            self._watch.begun(worker.turn.index)

    def _hear(self, worker: _Worker[Task]) -> None:
        turn = worker.turn
        assert turn is not None
        try:
            kind, what = worker.line.recv()
        except (EOFError, OSError):
            self._lose(worker, turn)
            return
        if kind == _TOLD:
            self._watch.told(turn.index, what)
        else:
            self._watch.ended(turn.index, what)
            self._give(worker)

    def _lose(self, worker: _Worker[Task], turn: _Turn[Task]) -> None:
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join(GRACE_S)
        worker.process.kill()
        worker.process.join()
        code = worker.process.exitcode or 0
        # One that was killed may have better luck; one that left by itself would leave again.
        again = code < 0 and turn.tries < TRIES
        if again:
            self._waiting.appendleft(_Turn(turn.index, turn.task, turn.tries + 1))
        self._watch.lost(turn.index, _how(code), again=again)
        if self._waiting:
            self._hire()


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Processes that begin in this block never hear Ctrl-C, which a terminal sends to all.

    The one that shares out hears of it when the block ends, and tells the others to stop.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(line: Connection, work: Callable[[Any, Tell], Any]) -> None:
    """A worker's life: it ends with its pipe, also when the other end was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    teller = _Teller(line)
    with suppress(_Stopped):
        while True:
            teller.send(_ENDED, work(teller.next_task(), teller.tell))


class _Teller:
    """A worker's end of the pipe."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._told_s = 0.0

    def next_task(self) -> Any:
        try:
            return self._line.recv()
        except (EOFError, OSError) as error:
            raise _Stopped from error

    def tell(self, progress: Any) -> None:
        """Raises `_Stopped` when nobody listens any more."""
        now_s = time.monotonic()
        if now_s - self._told_s < LEAST_TOLD_S:
            return
        self._told_s = now_s
        if self._line.poll():  # Nothing is ever sent while a task runs: this is the pipe's end.
            raise _Stopped
        self.send(_TOLD, progress)

    def send(self, kind: str, what: Any) -> None:
        try:
            self._line.send((kind, what))
        except OSError as error:
            raise _Stopped from error
