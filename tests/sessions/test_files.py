"""Files that appear whole or not at all, and folders that don't stay behind empty."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.files import (
    LONGEST_NAME_BYTES,
    OutputError,
    output_folder,
    plain_name,
    written_whole,
)


def _write_and_stop(target: Path) -> None:
    with written_whole(target) as part:
        part.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        _write_and_stop(target)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert target.read_text("utf-8") == "old"


def test_a_new_file_replaces_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.write_text("old", encoding="utf-8")
    with written_whole(target) as part:
        part.write_text("new", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert target.read_text("utf-8") == "new"


def test_a_folder_below_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    with (
        pytest.raises(OutputError, match=r"output folder .*taken.* can't be written"),
        output_folder(taken / "out"),
    ):
        pytest.fail("the folder was taken for writable")
    assert taken.read_text("utf-8") == "mine"


def test_folders_that_stayed_empty_are_removed(tmp_path: Path) -> None:
    with output_folder(tmp_path / "a" / "b") as folder:
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_folders_with_results_stay(tmp_path: Path) -> None:
    with output_folder(tmp_path / "a" / "b") as folder:
        (folder / "c.json").write_text("{}", encoding="utf-8")
    assert (tmp_path / "a" / "b" / "c.json").is_file()


def test_an_empty_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with output_folder(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine").is_dir()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../evil.mp4", "evil.mp4"),
        ("/etc/evil.mp4", "evil.mp4"),
        ("C:\\Users\\a\\evil.mp4", "evil.mp4"),
        ("..", "recording"),
        ("", "recording"),
        ("a\nb\0.mp4", "ab.mp4"),
        ("x" * 300 + ".mp4", "x" * 116 + ".mp4"),
        ("Rücken 1.mov", "Rücken 1.mov"),
        ("..\\..\\evil.mp4", "evil.mp4"),
        ("a/..\\b/c\\evil.mp4", "evil.mp4"),
        ("%2e%2e%2fevil.mp4", "%2e%2e%2fevil.mp4"),
        ("nul", "_nul"),
        ("CON.mp4", "_CON.mp4"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.mp4", "console.mp4"),
        ("evil.mp4:stream", "evil.mp4_stream"),
        ("evil.mp4. .", "evil.mp4"),
        ("\u202e4pm.live", "4pm.live"),
        ("\ud800.mp4", ".mp4"),
        (". ..", "recording"),
        ("ü" * 300 + ".mp4", "ü" * 98 + ".mp4"),
        ("-rf", "-rf"),
    ],
)
def test_a_name_leads_nowhere_else(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@given(st.text() | st.text("./\\:conulCON0 \0%*\ud800ü"))
def test_any_name_stays_in_its_folder_and_can_be_written(name: str) -> None:
    plain = plain_name(name)
    assert plain_name(plain) == plain
    with TemporaryDirectory() as folder:
        (Path(folder) / plain).write_bytes(b"x")
        assert [path.name for path in Path(folder).iterdir()] == [plain]
    assert not set(plain) & set('/\\:*?"<>|\0')
    assert len(plain.encode()) <= LONGEST_NAME_BYTES


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("mine", encoding="utf-8")
    target = tmp_path / "a.json"
    target.symlink_to(other)
    with written_whole(target) as part:
        part.write_text("new", encoding="utf-8")
    assert other.read_text("utf-8") == "mine"
    assert target.read_text("utf-8") == "new"
    assert not target.is_symlink()
