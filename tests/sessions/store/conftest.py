"""A store on SQLite, and one on a real PostgreSQL server that lives as long as the tests."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sessions.store.store import Store, open_store

NEWEST_FIRST = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
"""Where Debian has the programs of a server, none of them in PATH."""

DATABASES = itertools.count()

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A time of day that tests move on."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def move_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([*map(str, NEWEST_FIRST), os.environ["PATH"]]))
    assert found, f"{name} is missing; run scripts/setup dev database"
    return found


def _server_user() -> dict[str, Any]:
    """A server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A server's address without a database's name: it listens on a socket in its own folder."""
    user = _server_user()
    # A socket's path has at most 107 letters.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if user:
        os.chown(folder, user["user"], user["group"])
    data = folder / "data"
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **user}
    run: list[str | Path] = [
        _program("initdb"),
        "-D",
        data,
        "-U",
        "tester",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    subprocess.run([*run, "--no-locale", "--no-sync"], **quiet)
    # Nothing here has to outlive a power cut.
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    control: list[str | Path] = [_program("pg_ctl"), "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", settings, "start"], **quiet)
    try:
        yield f"host={folder} user=tester"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder)


def _new_database(server: str) -> str:
    name = f"test{next(DATABASES)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    folder = server.partition(" ")[0].removeprefix("host=")
    return f"postgresql://tester@/{name}?host={folder}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest) -> str | None:
    """An empty database of its own for each test; None is the file in the store's folder."""
    if request.param == "sqlite":
        return None
    return _new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def other_url(request: pytest.FixtureRequest, url: str | None) -> str:
    """Another empty database of the same kind."""
    return "" if url is None else _new_database(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty store, to be copied: making the tables takes most of a test's time."""
    folder = tmp_path_factory.mktemp("empty") / "kept"
    open_store("", folder=folder).close()
    return folder


@pytest.fixture
def opened(
    tmp_path: Path, url: str | None, clock: Clock, empty: Path
) -> Iterator[Callable[[], Store]]:
    """Opens the same store, as often as asked."""
    stores: list[Store] = []
    shutil.copytree(empty, tmp_path / "kept")

    def open_it() -> Store:
        stores.append(open_store(url, folder=tmp_path / "kept", now=clock))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()
