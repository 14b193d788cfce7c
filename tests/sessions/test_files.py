"""Files that appear whole or not at all, and folders that don't stay behind empty."""

from pathlib import Path

import pytest

from sessions.files import OutputError, output_folder, written_whole


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
