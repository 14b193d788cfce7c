"""Recordings and hands are there for open pages only."""

from pathlib import Path

import pytest

from ui.served import KEEP_S, Shelf


class Pages:
    """Which pages are open, and what time it is."""

    def __init__(self) -> None:
        self.open = {"mine", "other"}
        self.time_s = 0.0

    def __call__(self, page: str) -> bool:
        return page in self.open


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def shelf(pages: Pages) -> Shelf:
    return Shelf(pages, lambda: pages.time_s)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mov"
    path.write_bytes(bytes(range(200)))
    return path


def test_a_name_is_good_while_its_page_is_open_and_shows_it(
    shelf: Shelf, pages: Pages, recording: Path
) -> None:
    name = shelf.put("mine", "video", recording)
    assert shelf.put("mine", "video", recording) == name
    assert shelf.put("other", "video", recording) != name
    assert shelf.find(name) == recording
    pages.open.remove("mine")
    assert shelf.find(name) is None
    assert shelf.find("guessed") is None
    pages.open.add("mine")
    hands = shelf.put("mine", "hands", b"1234")
    shelf.put("mine", "video", recording.with_name("another.mp4"))
    assert shelf.find(name) is None
    assert shelf.find(hands) == b"1234"


def test_a_page_that_was_away_for_a_moment_finds_all_again(shelf: Shelf, pages: Pages) -> None:
    name = shelf.put("mine", "hands", b"1234")
    pages.open.remove("mine")
    pages.time_s = KEEP_S / 2
    shelf.put("other", "hands", b"5678")
    pages.open.add("mine")
    assert shelf.find(name) == b"1234"


def test_what_closed_pages_held_is_let_go(shelf: Shelf, pages: Pages) -> None:
    name = shelf.put("mine", "hands", b"1234")
    pages.open.remove("mine")
    pages.time_s = KEEP_S + 1
    shelf.put("other", "hands", b"5678")
    pages.open.add("mine")
    assert shelf.find(name) is None


def test_a_recording_that_was_forgotten_is_gone(shelf: Shelf, recording: Path) -> None:
    name = shelf.put("mine", "video", recording)
    recording.unlink()
    assert shelf.find(name) is None
