"""Killed at 200 random moments, the app has lost no session, and leaves nothing behind."""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from sessions.store import unfinished
from sessions.store.database import Database, chosen_url
from sessions.store.folder import LEFT_OVER_S
from sessions.store.journal import Seen, read_journal
from sessions.store.migrate import migrate
from sessions.store.store import Store, open_store
from tests.killed import PARTS, PICTURES
from tests.sessions.store.conftest import postgresql as postgresql
from tests.sessions.store.drafts import draft
from ui import review_restart
from ui.review_files import NEW, left_behind
from ui.review_records import read_record

pytestmark = [pytest.mark.slow, pytest.mark.timeout(570)]

ROOT: Final = Path(__file__).parents[2]
AT_ONCE: Final = 4

LONGEST_S: Final = {
    "opening": 0.25,
    "live": 2.2,
    "keeping": 0.06,
    "reviewing": 0.5,
    "exporting": 0.06,
}
"""How long after it has begun a part is killed, at most: about as long as it takes."""

MOMENTS: Final = {
    "sqlite": {"opening": 20, "live": 70, "keeping": 25, "reviewing": 30, "exporting": 10},
    "postgresql": {"opening": 5, "live": 20, "keeping": 8, "reviewing": 10, "exporting": 2},
}
"""So many are killed in each part: 200 in all."""

LOST_S: Final = 2.0
"""So much may be lost: by the clock, of the time in which the program was let run; and half of the
times no more of the session, which runs ten times as fast here."""

SHORT_S: Final = 0.1
"""Longer than this between two pictures the program was not let run."""

STALLED_S: Final = 5.0
"""So much later by the clock everything is written, however busy the machine is."""

OLD: Final = ("a.mp4", "b.mp4")

OPENING: Final = threading.Lock()


@dataclass
class Said:
    """What a program said before it was killed."""

    lines: list[list[str]] = field(default_factory=list)

    def of(self, word: str) -> list[list[str]]:
        """The time and the further words of all lines with this word."""
        return [[one[0], *one[2:]] for one in self.lines if one[1] == word]


class Zygote:
    """Forks programs that have imported everything."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lock = threading.Lock()
        assert self._answer() == "ready"

    def fork(self, folder: Path, url: str, first: str, seed: int) -> int:
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(f"{folder}\t{url}\t{first}\t{seed}\n")
            self._process.stdin.flush()
            return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.killed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Zygote(process)
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of an older version of the program, with sessions in it."""
    folder = tmp_path_factory.mktemp("older") / "kept"
    with open_store("", folder=folder) as store:
        for name in OLD:
            store.add_session(draft(name=name))
    database = Database(chosen_url("", folder))
    migrate(database, "0002")
    database.close()
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Gives the address of a store of the older version, a new one for each number."""
    if request.param == "sqlite":
        yield lambda number: ""
        return
    server: str = request.getfixturevalue("postgresql")
    folder = server.partition(" ")[0].removeprefix("host=")

    def make(number: int | str, template: str = "killed_old") -> str:
        with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE killed_{number} TEMPLATE {template}".encode())
        return f"postgresql://tester@/killed_{number}?host={folder}"

    url = make("old", "template1")
    home = request.getfixturevalue("tmp_path") / "made"
    with open_store(url, folder=home) as store:
        for name in OLD:
            store.add_session(draft(name=name))
    database = Database(chosen_url(url, home))
    migrate(database, "0002")
    database.close()
    yield make


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder that no other program's disk traffic can slow: a kill harms it as it does a disk."""
    shared = Path("/dev/shm")
    fast = shared.is_dir() and os.access(shared, os.W_OK)
    made = Path(tempfile.mkdtemp(prefix="tstroke-test-", dir=shared)) if fast else tmp_path
    yield made
    shutil.rmtree(made)


def wait_for(folder: Path, part: str) -> None:
    """Until the program has begun that part."""
    said, until_s = folder / "said", time.monotonic() + 120
    while time.monotonic() < until_s:
        if said.exists() and f" {part}" in said.read_text():
            return
        time.sleep(0.003)
    pytest.fail(f"the program never came to {part}")


def kill(pid: int) -> None:
    """And wait until it is gone: then the system has let go of all that it held."""
    os.kill(pid, 9)
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.001)


def run(zygote: Zygote, folder: Path, url: str, part: str, seed: int) -> tuple[Said, float]:
    """A program that was killed at a random moment of that part, and when."""
    first = part if part in PARTS else "keeping"
    pid = zygote.fork(folder, url, first, seed)
    try:
        wait_for(folder, part)
        time.sleep(random.Random(seed).uniform(0, LONGEST_S[part]))
    finally:
        killed_s = time.monotonic()
        kill(pid)
    lines = [line.split() for line in (folder / "said").read_text().splitlines()]
    return Said(lines), killed_s


def finished_are_whole(said: Said, store: Store) -> None:
    """What was kept is there with all that belongs to it, and nothing else is."""
    lines = {line.id: line for line in store.sessions()}
    assert {line.name for line in lines.values()} >= set(OLD)
    known = {one[1] for one in said.of("keeping")} | {one[2] for one in said.of("queued")}
    assert {line.id for line in lines.values() if line.name not in OLD} <= known
    for _, session_id, reps in said.of("kept"):
        assert len(store.session(session_id).review.reps) == int(reps)
        track = store.landmarks(session_id)
        assert track is not None
        assert len(track.time_s) > 200
    for _, session_id in said.of("pictures"):
        kept = store.session(session_id).pictures
        assert kept is not None
        assert kept.path.read_bytes() == PICTURES
    for line in lines.values():
        store.session(line.id)


def unfinished_is_offered(said: Said, killed_s: float, store: Store, folder: Path) -> float | None:
    """A session under way is found up to its last seconds, and kept; gives how much was lost."""
    done = {one[1] for one in said.of("done")} | {line.id for line in store.sessions()}
    saw = [one for one in said.of("saw") if one[1] not in done]
    found = unfinished.unfinished(store, folder)
    assert {one.id for one in found} <= {one[1] for one in saw}
    lost_s = None
    if saw:
        entries = read_journal(folder / "live" / f"{saw[-1][1]}.arrow")
        times_s = [entry.pair.time_s for entry in entries if isinstance(entry, Seen)]
        last_s = max(times_s, default=-1.0)
        assert len(times_s) == round((last_s + 1 / 15) * 15) if times_s else True, "no gap"
        must = [one for one in saw if float(one[0]) < killed_s - STALLED_S]
        assert not must or last_s >= float(must[-1][2]), "a second is enough to write"
        assert ran_since_s(saw, last_s, killed_s) <= LOST_S
        lost_s = float(saw[-1][2]) - last_s
        strokes = sum(int(one[3]) for one in saw if float(one[2]) <= last_s)
        offered = {one.id: one.strokes for one in found}
        assert offered.get(saw[-1][1], 0) in (strokes, strokes - 1 if last_s else 0)
    for one in found:
        unfinished.keep(one.id, store, folder)
        assert len(store.session(one.id).review.reps) == one.strokes
        assert store.landmarks(one.id) is not None
    # What had just been begun may belong to somebody for a while.
    later = datetime.now(UTC) + timedelta(seconds=LEFT_OVER_S + 60)
    unfinished.sweep(store, folder, later)
    assert not list((folder / "live").glob("*")), "nothing is left"
    return lost_s


def ran_since_s(saw: list[list[str]], last_s: float, killed_s: float) -> float:
    """For how long the program ran with something that was not written down when it was killed."""
    at_s = [float(one[0]) for one in saw if float(one[2]) > last_s]
    return sum(min(later - earlier, SHORT_S) for earlier, later in pairwise([*at_s, killed_s]))


def recording_is_offered(said: Said, store: Store, passing: Path) -> None:
    """A recording that was sent is there, or its session is; half of one is gone."""
    here = {}
    for new in passing.glob(f"{NEW}*"):
        assert not list(new.iterdir()), "nothing is in a folder before somebody holds it"
        os.utime(new, (0, 0))  # An hour later it goes.
    for folder in left_behind(passing):
        record = read_record(folder.path)
        if record is None:
            folder.remove()
        else:
            here[record.id] = record
    queued = {one[1]: one[2] for one in said.of("queued")}
    for _, recording_id in said.of("sent"):
        session_id = queued.get(recording_id)
        kept = session_id is not None and store.has_session(session_id)
        assert recording_id in here or kept
        if recording_id in here and session_id is not None:
            job = here[recording_id].job
            assert job is not None
            assert job.session_id == session_id
            assert job.begun < review_restart.MOST_BEGUN
    assert len(list(passing.glob("*"))) == len(here)


def no_rest_of_pictures(store: Store, folder: Path) -> None:
    """A copy that was cut off goes once it can't be on its way any more."""
    parts = list((folder / "pictures").glob("*/.*"))
    for part in parts:
        os.utime(part, (0, 0))
    store.forget_due(store._now().date())
    assert not list((folder / "pictures").glob("*/.*"))
    files = list((folder / "pictures").glob("*/*"))
    for path in files:
        assert path.read_bytes() == PICTURES


def test_no_session_is_lost(
    request: pytest.FixtureRequest,
    zygote: Zygote,
    older: Path,
    urls: Any,
    memory: Path,
) -> None:
    """Opens an older store, practises, keeps, reviews and exports, and is killed anywhere."""
    kind = request.node.callspec.params["urls"]
    parts = [part for part, times in MOMENTS[kind].items() for _ in range(times)]

    def trial(number: int) -> float | None:
        folder, url = memory / str(number), urls(number)
        folder.mkdir()
        if not url:
            shutil.copytree(older, folder / "kept")
        said, killed_s = run(zygote, folder, url, parts[number], seed=number)
        try:
            with OPENING:  # Alembic knows one thread only.
                opened = open_store(url, folder=folder / "kept")
            with opened as store:
                finished_are_whole(said, store)
                lost_s = unfinished_is_offered(said, killed_s, store, folder / "kept")
                recording_is_offered(said, store, folder / "tstroke-coach" / "passing")
                no_rest_of_pictures(store, folder / "kept")
        except BaseException as error:
            error.add_note(f"killed in {parts[number]}, number {number}: {said.lines[-3:]}")
            raise
        shutil.rmtree(folder)
        return lost_s

    with ThreadPoolExecutor(AT_ONCE) as threads:
        lost_s = [one for one in threads.map(trial, range(len(parts))) if one is not None]
    assert statistics.median(lost_s) <= LOST_S
