"""The hand model is found in the order promised, hashed, and explained when absent."""

import hashlib
import sys
from pathlib import Path
from urllib.error import URLError

import pytest

from vision import hand_model
from vision.errors import HandModelError
from vision.hand_model import ADDRESS, DISTRIBUTION, FILE_NAME, SHA256, SIZE_BYTES, find_hand_model

ABSENT = "no-such-distribution-here"
BODY = b"a small stand-in for the model"


def never(address: str) -> bytes:
    raise AssertionError(f"nothing should be fetched, but {address} was")


def offline(address: str) -> bytes:
    raise URLError("no route to host")


@pytest.fixture(autouse=True)
def _no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(hand_model.ENVIRONMENT_NAME, raising=False)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Makes BODY the right model, so that the cache can be tested without eight megabytes."""
    monkeypatch.setattr(hand_model, "SHA256", hashlib.sha256(BODY).hexdigest())
    return BODY


def test_installed_distribution_carries_the_official_file_and_is_not_imported() -> None:
    before = set(sys.modules)
    path = find_hand_model(fetch=never)
    assert path.name == FILE_NAME
    assert path.stat().st_size == SIZE_BYTES
    assert hashlib.sha256(path.read_bytes()).hexdigest() == SHA256
    assert not {name for name in set(sys.modules) - before if name.startswith("hand_tracking")}


def test_named_path_comes_before_the_installed_one(tmp_path: Path) -> None:
    copy = tmp_path / "mine.task"
    copy.write_bytes(find_hand_model(fetch=never).read_bytes())
    assert find_hand_model(copy, fetch=never) == copy


def test_environment_names_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "mine.task"
    copy.write_bytes(find_hand_model(fetch=never).read_bytes())
    monkeypatch.setenv(hand_model.ENVIRONMENT_NAME, str(copy))
    assert find_hand_model(fetch=never) == copy


def test_named_path_that_is_missing_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        HandModelError, match=r"absent\.task can't be read: check the path"
    ) as caught:
        find_hand_model(tmp_path / "absent.task", fetch=never)
    assert "\n" not in str(caught.value)


def test_named_path_with_another_hash_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.task"
    other.write_bytes(b"another model")
    with pytest.raises(HandModelError, match="not the official hand model"):
        find_hand_model(other, fetch=never)


def test_cache_is_used_when_nothing_is_installed(tmp_path: Path, small: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(small)
    found = find_hand_model(distribution=ABSENT, cache=tmp_path, fetch=never)
    assert found == tmp_path / FILE_NAME


def test_fetched_once_then_cached_whole(tmp_path: Path, small: bytes) -> None:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return small

    cache = tmp_path / "deep" / "cache"
    for _ in range(2):
        found = find_hand_model(distribution=ABSENT, cache=cache, fetch=fetch)
    assert asked == [ADDRESS]
    assert found.read_bytes() == small
    assert [path.name for path in cache.iterdir()] == [FILE_NAME]


def test_spoiled_cache_is_fetched_again(tmp_path: Path, small: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"half a mod")
    found = find_hand_model(distribution=ABSENT, cache=tmp_path, fetch=lambda _: small)
    assert found.read_bytes() == small


def test_offline_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(HandModelError, match="no route to host") as caught:
        find_hand_model(distribution=ABSENT, cache=tmp_path, fetch=offline)
    assert DISTRIBUTION in str(caught.value)
    assert hand_model.ENVIRONMENT_NAME in str(caught.value)


def test_wrong_download_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(HandModelError, match="another network"):
        find_hand_model(distribution=ABSENT, cache=tmp_path, fetch=lambda _: b"<html>login</html>")
    assert list(tmp_path.iterdir()) == []


def test_cache_that_cannot_be_written_is_explained(tmp_path: Path, small: bytes) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HandModelError, match="write permission"):
        find_hand_model(distribution=ABSENT, cache=tmp_path / "file", fetch=lambda _: small)
