"""One file takes a store elsewhere, as often as one likes; a bad one changes nothing."""

import json
import shutil
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest

from routines.reps import PhaseSpan
from sessions.files import OutputError
from sessions.store.errors import StoreError
from sessions.store.migrate import HEAD
from sessions.store.parquet import paths_from_parquet, paths_to_parquet
from sessions.store.store import Store, open_store
from sessions.store.values import DrawnMark, Imported
from tests.sessions.store.conftest import Clock
from tests.sessions.store.drafts import draft, same_reviews, same_tracks

FORGET_ON = date(2026, 4, 1)

Change = Callable[[str, bytes], bytes | None]


def fill(store: Store, folder: Path) -> None:
    """All that there can be."""
    anna = store.add_person("Anna", "learner")
    teacher = store.add_person("Tea", "instructor")
    session_id = store.add_session(draft(learner_id=anna.id))
    store.add_session(draft(name="other.mp4"))
    mark = DrawnMark("picture", "line", ((0.1, 0.2), (0.3, 0.4)))
    store.comment(session_id, teacher.id, 2.5, "Längs, nicht quer.", [mark])
    store.verdict(session_id, teacher.id, "right", 10.0, 10.4, "pause", "left")
    store.correct(session_id, teacher.id, 10.0, 16.0, [PhaseSpan("up", 10.0, 15.0)])
    store.set_looked_at(session_id, True, teacher.id)
    film = folder / "film.mp4"
    film.write_bytes(b"pictures")
    store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)


@pytest.fixture
def full(store, tmp_path):
    """On either database."""
    fill(store, tmp_path)
    return store


@pytest.fixture
def elsewhere(tmp_path, other_url, clock):
    """An empty one of the same kind."""
    with open_store(other_url, folder=tmp_path / "elsewhere", now=clock) as other:
        yield other


@pytest.fixture
def archive(full, tmp_path):
    path = tmp_path / "all.zip"
    full.export_all(path, with_pictures=True)
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """An archive in which nothing is wrong."""
    folder = tmp_path_factory.mktemp("good")
    with open_store("", folder=folder / "kept", now=Clock()) as store:
        fill(store, folder)
        store.export_all(folder / "all.zip", with_pictures=True)
    return folder / "all.zip"


@pytest.fixture
def bad(good, tmp_path):
    """A copy of it, to be spoilt."""
    return Path(shutil.copy(good, tmp_path / "bad.zip"))


@pytest.fixture
def target(empty, tmp_path, clock):
    """An empty store in a file."""
    shutil.copytree(empty, tmp_path / "target")
    with open_store("", folder=tmp_path / "target", now=clock) as store:
        yield store


def rewritten(archive: Path, change: Change) -> Path:
    """The archive with some members changed, or left out."""
    other = archive.with_name("changed.zip")
    with ZipFile(archive) as source, ZipFile(other, "w") as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
    return other


def in_lines(table: str, **values: Any) -> Change:
    """Other values in all rows of a table."""

    def change(name: str, data: bytes) -> bytes:
        if name != f"tables/{table}.jsonl":
            return data
        rows = [json.loads(line) | values for line in data.splitlines()]
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return change


def without(part: str) -> Change:
    return lambda name, data: None if part in name else data


def test_all_of_it_arrives(full, elsewhere, archive):
    assert elsewhere.import_all(archive) == Imported(2, 2, 3, 1, 0)
    assert elsewhere.people() == full.people()
    assert elsewhere.sessions() == full.sessions()
    for line in full.sessions():
        here, there = full.session(line.id), elsewhere.session(line.id)
        for part in ("judged", "calibration", "cues", "comments", "verdicts", "corrections"):
            assert getattr(here, part) == getattr(there, part)
        assert here.looked_at_by == there.looked_at_by
        assert same_reviews(here.review, there.review)
        assert same_tracks(full.landmarks(line.id), elsewhere.landmarks(line.id))
        assert (here.pictures is None) == (there.pictures is None)
        if here.pictures and there.pictures:
            assert here.pictures.path.read_bytes() == there.pictures.path.read_bytes()
            assert here.pictures.forget_on == there.pictures.forget_on


def test_twice_is_once(full, elsewhere, archive, tmp_path):
    elsewhere.import_all(archive)
    before = elsewhere.sessions()
    assert elsewhere.import_all(archive) == Imported(0, 0, 0, 0, 2)
    assert full.import_all(archive) == Imported(0, 0, 0, 0, 2)
    assert elsewhere.sessions() == before
    assert not list((tmp_path / "elsewhere").glob(".import-*"))


def test_an_instructors_words_come_back(full, elsewhere, archive, tmp_path):
    elsewhere.import_all(archive)
    session_id = elsewhere.sessions()[0].id
    teacher = elsewhere.people("instructor")[0]
    said = elsewhere.comment(session_id, teacher.id, 9.0, "Much better.")
    elsewhere.export_all(tmp_path / "back.zip")
    assert full.import_all(tmp_path / "back.zip") == Imported(0, 0, 1, 0, 2)
    assert said in full.session(session_id).comments


def test_without_pictures_there_are_none(full, elsewhere, tmp_path):
    path = tmp_path / "all.zip"
    full.export_all(path)
    assert not any("pictures" in name for name in ZipFile(path).namelist())
    assert elsewhere.import_all(path).pictures == 0
    assert not any(line.has_pictures for line in elsewhere.sessions())


def test_pictures_whose_day_has_come_do_not_arrive(elsewhere, archive, clock, tmp_path):
    clock.move_on(days=60)
    assert elsewhere.import_all(archive).pictures == 0
    assert not list((tmp_path / "elsewhere" / "pictures").glob("*/*"))


def test_the_archive_is_for_the_users_eyes_only(archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_an_archive_that_can_not_be_written_is_told(full, tmp_path):
    with pytest.raises(OutputError):
        full.export_all(tmp_path / "nowhere" / "all.zip")


def nothing_came(store: Store, folder: Path) -> bool:
    """Neither rows, nor files."""
    files = [path for path in folder.rglob("*") if "sqlite3" not in path.name and path.is_file()]
    return (store.people(), store.sessions(), files) == ((), (), [])


BAD: dict[str, Change] = {
    "not said what it is": without("tstroke-store.json"),
    "no JSON at its head": lambda name, data: b"{" if name == "tstroke-store.json" else data,
    "a head that is a list": lambda name, data: b"[]" if name == "tstroke-store.json" else data,
    "a table that is no JSON": lambda name, data: b"x\n" if "people" in name else data,
    "half a table": lambda name, data: data[:-20] if "checks" in name else data,
    "NaN in a drawing": in_lines("comments", marks=[{"frame": "picture", "x": float("nan")}]),
    "a key twice": lambda name, data: (
        data.replace(b'"name"', b'"id"') if "people" in name else data
    ),
    "deep nesting": lambda name, data: b"[" * 100_000 if "people" in name else data,
    "no people": without("people"),
    "no judgements": without("judgements"),
    "no tracks": without(".paths."),
    "no hands": without(".landmarks."),
    "hands that are none": lambda name, data: b"PAR1" * 9 if "landmarks" in name else data,
    "paths that are none": lambda name, data: b"" if ".paths." in name else data,
    "an id that is a path": in_lines("people", id="../../etc/passwd"),
    "a number as a name": in_lines("people", name=7),
    "an unknown role": in_lines("people", role="king"),
    "a column too many": in_lines("people", password="x"),
    "no number": in_lines("reps", start_s=float("nan")),
    "a huge number": in_lines("reps", index=2**70),
    "an unknown judgement": in_lines("sessions", judgement=9),
    "another calibration": in_lines("sessions", calibration={"image_size": [1, 1]}),
    "cues that are none": in_lines("sessions", cues=[{"code": 1}]),
    "marks that are none": in_lines("comments", marks=[{"frame": "moon"}]),
    "no date": in_lines("sessions", started="soon"),
    "a list as a date": in_lines("people", created=[]),
    "false as a text": in_lines("people", name=False),
    "text as a truth": in_lines("sessions", looked_at="no"),
}


FLAWS = [*list(BAD)[:4], *(pytest.param(flaw, marks=pytest.mark.slow) for flaw in list(BAD)[4:])]


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_bad_archive_changes_nothing(target, bad, tmp_path, flaw):
    spoilt = rewritten(bad, BAD[flaw])
    with pytest.raises(StoreError, match="nothing of it was") as error:
        target.import_all(spoilt)
    assert "\n" not in str(error.value)
    assert nothing_came(target, tmp_path / "target")


STRANGERS = (
    *("../../evil", "/etc/evil", "pictures/../../evil.mp4", "tables\\evil.jsonl", "x.sh"),
    *("C:\\evil", "\\\\host\\evil", "pictures\\..\\..\\evil.mp4", "%2e%2e%2fevil"),
    *("tables/%2e%2e%2fevil.jsonl", "NUL", "tables/NUL.jsonl", "pictures/con.2026-04-01.mp4"),
    *(f"pictures/{'a' * 32}.2026-04-01.mp4/../../../evil", "tables/", "tables/evil.jsonl\n"),
)


@pytest.mark.parametrize("name", STRANGERS)
def test_an_archive_with_other_files_is_refused(target, bad, tmp_path, name):
    with ZipFile(bad, "a") as archive:
        archive.writestr(name, b"evil")
    with pytest.raises(StoreError, match="files that no export writes"):
        target.import_all(bad)
    assert nothing_came(target, tmp_path / "target")
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("name", ["tables/odd.jsonl\0/../../evil", "\0evil", "../evil\0.jsonl"])
def test_a_nought_in_a_name_hides_no_other(target, bad, tmp_path, name):
    stand_in = name.replace("\0", "@")
    with ZipFile(bad, "a") as archive:
        archive.writestr(stand_in, b"evil")
    bad.write_bytes(bad.read_bytes().replace(stand_in.encode(), name.encode()))
    with pytest.raises(StoreError, match="files that no export writes"):
        target.import_all(bad)
    assert nothing_came(target, tmp_path / "target")
    assert not list(tmp_path.rglob("*evil*"))


def test_an_archive_that_swells_is_refused_before_it_is_unpacked(target, bad, tmp_path):
    with ZipFile(bad, "a", ZIP_DEFLATED) as archive:
        archive.writestr(f"pictures/{'a' * 32}.2026-04-01.mp4", bytes(4 << 20))
    with pytest.raises(StoreError, match="more than a store can hold"):
        target.import_all(bad)
    assert nothing_came(target, tmp_path / "target")


@pytest.mark.parametrize("packing", [ZIP_BZIP2, ZIP_LZMA])
def test_an_archive_that_is_packed_otherwise_is_refused(target, bad, packing):
    with ZipFile(bad, "a", packing) as archive:
        archive.writestr("tables/odd.jsonl", b"x" * 100)
    with pytest.raises(StoreError, match="more than a store can hold"):
        target.import_all(bad)


def test_an_archive_of_too_many_files_is_refused(target, bad, monkeypatch):
    monkeypatch.setattr("sessions.store.intake.MOST_MEMBERS", 5)
    with pytest.raises(StoreError, match="more than a store can hold"):
        target.import_all(bad)


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(target, bad, monkeypatch):
    monkeypatch.setattr("sessions.store.intake._Listed.most", 200)
    with pytest.raises(StoreError, match="list of files is too long"):
        target.import_all(bad)


def test_hands_with_endless_rows_are_refused(monkeypatch):
    paths = paths_to_parquet(draft().review.paths)
    monkeypatch.setattr("sessions.store.parquet.MOST_ROWS", 3)
    with pytest.raises(StoreError, match="larger than any session"):
        paths_from_parquet(paths)


def test_a_link_in_an_archive_is_refused(target, bad):
    link = ZipInfo(f"pictures/{'a' * 32}.2026-04-01.mp4")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(bad, "a") as archive:
        archive.writestr(link, b"/etc/passwd")
    with pytest.raises(StoreError, match="files that no export writes"):
        target.import_all(bad)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(target, bad):
    with ZipFile(bad, "a") as archive:
        archive.writestr("tables/people.jsonl", b"")
    with pytest.raises(StoreError, match="files that no export writes"):
        target.import_all(bad)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(200)])
def test_another_file_is_refused(target, tmp_path, content):
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="no archive of sessions"):
        target.import_all(path)


def test_a_missing_file_is_told(target, tmp_path):
    with pytest.raises(StoreError, match="No such file"):
        target.import_all(tmp_path / "none.zip")


@pytest.mark.parametrize("member", [".landmarks.parquet", "reps.jsonl", ".mp4"])
def test_a_flipped_byte_is_noticed(target, bad, tmp_path, member):
    content = bytearray(bad.read_bytes())
    with ZipFile(bad) as archive:
        (info,) = [one for one in archive.infolist() if one.filename.endswith(member)][:1]
    name = info.filename.encode()
    content[content.index(name) + len(name) + info.compress_size // 2 + 20] ^= 0xFF
    bad.write_bytes(content)
    with pytest.raises(StoreError, match="nothing of it was"):
        target.import_all(bad)
    assert nothing_came(target, tmp_path / "target")


def test_a_locked_archive_is_refused(target, bad, tmp_path):
    content = bytearray(bad.read_bytes())
    at = content.index(b"PK\x01\x02", content.rindex(b"people.jsonl") - 60)
    content[at + 8] |= 1
    bad.write_bytes(content)
    with pytest.raises(StoreError, match="password"):
        target.import_all(bad)
    assert nothing_came(target, tmp_path / "target")


def test_a_newer_archive_is_refused(elsewhere, archive):
    def newer(name: str, data: bytes) -> bytes:
        return data.replace(b'"tables": "', b'"tables": "9') if "tstroke" in name else data

    with pytest.raises(StoreError, match="newer version"):
        elsewhere.import_all(rewritten(archive, newer))


def test_an_older_archive_is_taken_in(elsewhere, archive, full):
    """One from before it was noted who had looked."""

    def older(name: str, data: bytes) -> bytes | None:
        if "looks" in name:
            return None
        return data.replace(HEAD.encode(), b"0002") if name == "tstroke-store.json" else data

    assert elsewhere.import_all(rewritten(archive, older)).sessions == 2
    assert elsewhere.sessions() == full.sessions()
    assert all(elsewhere.session(line.id).looked_at_by == () for line in elsewhere.sessions())


def test_what_fails_at_the_end_leaves_nothing(elsewhere, archive, tmp_path, monkeypatch):
    def fail(*_args):
        raise StoreError("The last step failed.")

    monkeypatch.setattr("sessions.store.pictures.session_row", fail)
    with pytest.raises(StoreError, match="last step"):
        elsewhere.import_all(archive)
    assert nothing_came(elsewhere, tmp_path / "elsewhere")


def test_a_full_disk_is_told_before_any_work(elsewhere, archive, monkeypatch):
    monkeypatch.setattr(
        "sessions.store.intake.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})()
    )
    with pytest.raises(StoreError, match="free space"):
        elsewhere.import_all(archive)
