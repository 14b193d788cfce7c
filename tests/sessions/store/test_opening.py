"""Opening the store: on first use, after an update, and where something is wrong."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from sessions.store.database import Database, chosen_url
from sessions.store.errors import StoreError
from sessions.store.folder import private_folder
from sessions.store.migrate import HEAD, SCRIPTS, migrate, version_of
from sessions.store.store import open_store
from sessions.store.tables import Base
from tests.sessions.store.drafts import check, draft, rep, same_reviews

VERSIONS = ("0001", "0002", "0003", "0004")


@pytest.fixture
def database(tmp_path, url):
    """An empty one: no tables."""
    database = Database(chosen_url(url, private_folder(tmp_path / "bare")))
    database.make_private()
    yield database
    database.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_use_makes_what_only_the_user_can_read(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("TSTROKE_DATABASE_URL", raising=False)
    before = os.umask(0)
    try:
        with open_store() as store:
            store.add_session(draft())
            files = list((tmp_path / "tstroke-coach").iterdir())
            assert {path.name for path in files} >= {"sessions.sqlite3", "sessions.sqlite3-wal"}
            assert {mode(path) for path in files} == {0o600}
            assert mode(tmp_path / "tstroke-coach") == 0o700
    finally:
        os.umask(before)


def test_the_environment_names_another_database(tmp_path, monkeypatch):
    path = tmp_path / "other.sqlite3"
    monkeypatch.setenv("TSTROKE_DATABASE_URL", f"sqlite:///{path}")
    open_store(folder=tmp_path / "home").close()
    assert path.is_file()


@pytest.mark.slow
def test_a_plain_server_address_takes_the_driver_that_is_here(postgresql):
    found = chosen_url("postgresql://tester@host/name", Path())
    assert found.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "address", ["mysql://x/y", "no address", "postgresql://host", "://", "postgresql://host:x/y"]
)
def test_other_databases_are_refused_without_their_password(tmp_path, address):
    with pytest.raises(StoreError, match="TSTROKE_DATABASE_URL"):
        open_store(address, folder=tmp_path)


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path):
    with pytest.raises(StoreError, match="server runs") as error:
        open_store("postgresql://anna:secret@127.0.0.1:1/sessions", folder=tmp_path)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_the_newest_step_is_the_one_that_is_asked_for():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [HEAD]
    assert tuple(one.revision for one in script.walk_revisions())[::-1] == VERSIONS


def test_the_steps_make_the_tables_that_the_program_knows(database):
    migrate(database)
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_step_twice_is_a_step(database):
    migrate(database)
    migrate(database)
    with database.reading() as session:
        assert version_of(session.connection()) == HEAD


def rows_of(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.reading() as session:
        found = session.execute(text(f"SELECT * FROM {table}"))
        return sorted((tuple(map(str, row)) for row in found), key=str)


def test_sessions_survive_each_step_down_and_up(opened, url, tmp_path):
    with opened() as store:
        anna = store.add_person("Anna", "learner")
        ids = [store.add_session(draft(learner_id=anna.id)) for _ in range(3)]
        store.comment(ids[0], anna.id, 1.0, "Hm.")
        before = [store.session(one) for one in ids]
    database = Database(chosen_url(url, tmp_path / "kept"))
    kept = {name: rows_of(database, name) for name in ("people", "judgements", "reps", "checks")}
    for version in [*VERSIONS[::-1], *VERSIONS]:
        migrate(database, version)
        assert {name: rows_of(database, name) for name in kept} == kept
    database.close()
    with opened() as store:
        after = [store.session(one) for one in ids]
        assert [one.line.learner for one in after] == ["Anna"] * 3
        assert all(one.line.waiting for one in after)
        assert all(same_reviews(a.review, b.review) for a, b in zip(before, after, strict=True))
        assert all(store.landmarks(one) is not None for one in ids)


def test_down_to_nothing_leaves_nothing(database):
    migrate(database)
    migrate(database, "base")
    with database.reading() as session:
        assert set(inspect(session.connection()).get_table_names()) <= {"alembic_version"}
    migrate(database)


def test_several_programs_open_a_new_store_at_once(database, url):
    databases = [Database(database.url) for _ in range(4)]
    errors: list[StoreError] = []

    def step_up(one: Database) -> None:
        try:
            migrate(one)
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=step_up, args=(one,)) for one in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in databases:
        one.close()
    assert errors == []


def test_a_program_waits_while_another_makes_the_first_table(tmp_path):
    path = tmp_path / "sessions.sqlite3"
    database = Database(chosen_url(f"sqlite:///{path}", tmp_path))
    database.make_private()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    released = threading.Timer(0.2, other.execute, ["ROLLBACK"])
    released.start()
    with database.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    released.join()
    other.close()
    database.close()


def test_a_newer_database_is_refused(opened, url, tmp_path):
    opened().close()
    database = Database(chosen_url(url, tmp_path / "kept"))
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(StoreError, match="newer version"):
        opened()


@pytest.mark.parametrize("content", [b"not a database at all" * 200, b"SQLite format 3\0" * 300])
def test_a_file_that_is_no_database_is_told(tmp_path, content):
    (tmp_path / "sessions.sqlite3").write_bytes(content)
    with pytest.raises(StoreError, match="damaged or holds something else"):
        open_store("", folder=tmp_path)
    assert (tmp_path / "sessions.sqlite3").read_bytes() == content


def test_a_damaged_file_is_told(tmp_path, empty):
    with open_store("", folder=tmp_path) as store:
        for _ in range(20):
            store.add_session(draft(*(rep(index, check("pause")) for index in range(1, 9))))
    path = tmp_path / "sessions.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = bytes(len(content) - 4096 * 2)
    path.write_bytes(content)
    with (
        pytest.raises(StoreError, match="damaged"),
        open_store("", folder=tmp_path) as store,
    ):
        store.sessions()


def test_a_locked_file_is_told(tmp_path, monkeypatch):
    open_store("", folder=tmp_path).close()
    monkeypatch.setattr("sessions.store.database.PATIENCE_S", 0.05)
    other = sqlite3.connect(tmp_path / "sessions.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_store("", folder=tmp_path) as store:
        assert store.sessions() == ()
        with pytest.raises(StoreError, match="Another program is writing"):
            store.add_session(draft())
        other.execute("ROLLBACK")
        store.add_session(draft())
    other.close()


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(StoreError, match="can't be made"):
        open_store("", folder=tmp_path / "file" / "home")


def test_a_database_in_a_missing_folder_is_told(tmp_path):
    with pytest.raises(StoreError, match="rights of its folder"):
        open_store(f"sqlite:///{tmp_path}/nowhere/x.sqlite3", folder=tmp_path / "home")


KILLED = """
import os, signal, sys
from pathlib import Path
from sessions.store import rows
from sessions.store.store import open_store
from tests.sessions.store.drafts import draft

store = open_store("", folder=Path(sys.argv[1]))
store.add_session(draft(name="whole.mp4"))
insert = rows.insert_judgement
def killed(*args):
    insert(*args)
    os.kill(os.getpid(), signal.SIGKILL)
rows.insert_judgement = killed
store.add_session(draft(name="half.mp4"))
"""


@pytest.mark.slow
def test_a_program_that_is_killed_leaves_whole_sessions_only(tmp_path):
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=root, check=False)
    assert done.returncode == -9
    with open_store("", folder=tmp_path) as store:
        assert [line.name for line in store.sessions()] == ["whole.mp4"]
        store.session(store.add_session(draft()))
    rows = create_engine(f"sqlite:///{tmp_path}/sessions.sqlite3").connect()
    for table in ("sessions", "tracks", "judgements"):
        assert rows.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 2
    assert rows.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    rows.close()
    rows.engine.dispose()
