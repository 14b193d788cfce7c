"""Shares work out over a Ray cluster. Ray is an extra, and imported only when it is asked for."""

import ipaddress
import logging
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final, Generic

from sessions.many.crew import TRIES, Outcome, Task, Tell, Watch
from vision.errors import CoachError

LOOPBACK: Final = "127.0.0.1"
CONNECT_S: Final = 5.0
GRACE_S: Final = 5.0
"""A worker that is told to stop has this long to remove what it has half written."""

LOOK_S: Final = 0.5
"""How often progress is told."""


class ClusterError(CoachError):
    """A Ray cluster that can't be used."""


class RayCluster:
    """One recording for each of the cluster's processors, or `workers` of them at a time.

    Without an address Ray is started on this machine's loopback address, and ended afterwards.
    """

    def __init__(self, address: str | None, workers: int | None) -> None:
        """Raises `ClusterError` where Ray is not installed, or nobody answers at the address."""
        if find_spec("ray") is None:
            raise ClusterError(
                "The engine ray needs the package ray, which is not installed; run "
                "'scripts/setup app ray' in the project's folder, or leave --engine out."
            )
        self._host = LOOPBACK if address is None else _answering_host(address)
        self._address = address
        self._workers = workers

    def run(
        self,
        tasks: Sequence[Task],
        work: Callable[[Task, Tell], Outcome],
        watch: Watch[Outcome],
    ) -> None:
        """Do all tasks; leaving it by an exception, such as Ctrl-C, ends those that run."""
        with self._connected() as ray:
            shift = _Shift(ray, tasks, work, watch)
            try:
                shift.run(self._workers)
            finally:
                shift.end()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        ray = _imported(self._host)
        where: dict[str, Any] = {"address": self._address}
        if self._address is None:
            where = {"address": "local", "include_dashboard": False, "num_cpus": self._workers}
        if _is_loopback(self._host):
            where["_node_ip_address"] = self._host
        try:
            ray.init(**where, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise ClusterError(
                f"The Ray cluster at {self._address or 'this machine'} can't be used ({reason}); "
                "see that it runs, with the same versions of Ray and Python as here."
            ) from error
        # A worker that dies is told in one line of ours; Ray would add a paragraph.
        logging.getLogger("ray").setLevel(logging.CRITICAL)
        try:
            yield ray
        finally:
            ray.shutdown()


def _imported(host: str) -> Any:
    # Ray reports usage to its makers unless it is told not to, before it is imported.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if _is_loopback(host):
        # Otherwise Ray puts this machine's outer address in the place of the loopback one. The
        # variable is named for the systems on which that is the default.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    import ray

    return ray


def _answering_host(address: str) -> str:
    """Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise ClusterError(
            f"{address} is no address of a Ray cluster; give it as HOST:PORT, such as "
            "127.0.0.1:6379."
        )
    host = host.strip("[]")
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_S).close()
    except (OSError, OverflowError) as error:
        raise ClusterError(
            f"No Ray cluster answers at {address} ({error}); start it with 'ray start --head', "
            "and give the address that it names."
        ) from error
    return LOOPBACK if host == "localhost" else host


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Turn(Generic[Task]):
    """A task that is to be done for the first time, or once more."""

    index: int
    task: Task
    tries: int


class _Shift(Generic[Task, Outcome]):
    """One run: the tasks that wait, and those that are out."""

    def __init__(
        self,
        ray: Any,
        tasks: Sequence[Task],
        work: Callable[[Task, Tell], Outcome],
        watch: Watch[Outcome],
    ) -> None:
        self._ray = ray
        self._waiting = deque(_Turn(index, task, 1) for index, task in enumerate(tasks))
        self._out: dict[Any, _Turn[Task]] = {}
        self._work = work
        self._watch = watch
        # Whoever dies is begun again here, so that it is told, and not by Ray.
        self._do = ray.remote(num_cpus=1, max_retries=0)(_do)
        self._board = ray.remote(num_cpus=0, max_restarts=-1)(Board).remote()

    def run(self, workers: int | None) -> None:
        while self._waiting or self._out:
            # Asked each time: nodes come and go.
            free = workers or max(1, int(self._ray.cluster_resources().get("CPU", 1)))
            while self._waiting and len(self._out) < free:
                self._send(self._waiting.popleft())
            done, _ = self._ray.wait(list(self._out), num_returns=1, timeout=LOOK_S)
            self._show()
            for ref in done:
                self._take(ref, self._out.pop(ref))

    def end(self) -> None:
        """Tells those that are out to stop, first as Ctrl-C does, then by killing them."""
        for force in (False, True):
            for ref in self._out:
                self._ray.cancel(ref, force=force)
            if self._out:
                refs = list(self._out)
                _, left = self._ray.wait(refs, num_returns=len(refs), timeout=GRACE_S)
                self._out = {ref: self._out[ref] for ref in left}

    def _send(self, turn: _Turn[Task]) -> None:
        ref = self._do.remote(self._work, turn.index, turn.task, self._board)
        self._out[ref] = turn
        self._watch.begun(turn.index)

    def _take(self, ref: Any, turn: _Turn[Task]) -> None:
        try:
            outcome = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            # An error of the program, which would come again.
            self._watch.lost(turn.index, str(error.cause or error), again=False)
        except self._ray.exceptions.RayError as error:
            again = turn.tries < TRIES
            if again:
                self._waiting.appendleft(_Turn(turn.index, turn.task, turn.tries + 1))
            self._watch.lost(turn.index, type(error).__name__, again=again)
        else:
            self._watch.ended(turn.index, outcome)

    def _show(self) -> None:
        out = {turn.index for turn in self._out.values()}
        # Without a board nobody sees how far they are, and that is all.
        with suppress(self._ray.exceptions.RayError):
            told = self._ray.get(self._board.take.remote(), timeout=LOOK_S)
            for index in out & told.keys():
                self._watch.told(index, told[index])


class Board:
    """Holds what workers told last, until it is looked at."""

    def __init__(self) -> None:
        self._told: dict[int, Any] = {}

    def tell(self, index: int, progress: Any) -> None:
        """From a worker."""
        self._told[index] = progress

    def take(self) -> dict[int, Any]:
        """All that is new."""
        told, self._told = self._told, {}
        return told


def _do(work: Callable[[Any, Tell], Any], index: int, task: Any, board: Any) -> Any:
    """Runs on a node."""
    told_s = 0.0

    def tell(progress: Any) -> None:
        nonlocal told_s
        if time.monotonic() - told_s >= LOOK_S:
            told_s = time.monotonic()
            board.tell.remote(index, progress)

    return work(task, tell)
