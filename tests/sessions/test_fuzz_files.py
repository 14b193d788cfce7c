"""Whatever bytes a file holds: a value, or one sentence that says what is wrong, and soon.

`scripts/fuzz` runs these for long. What it finds is kept as an `@example` here.
"""

import gzip
import io
import json
import os
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from routines.routine import Routine, load_routine, routine_from_bytes
from sessions.app_start import app_path
from sessions.store.store import open_store
from sessions.truth import load_truth
from tests.sessions.store.conftest import Clock
from tests.sessions.store.drafts import draft
from vision.calibration import Calibration, load_calibration
from vision.errors import CoachError

pytestmark = pytest.mark.slow

HANG_S = 20.0
"""Far longer than any file takes; it is to find what grows without end."""

SAMPLES = app_path().parent / "sample_videos"
FUZZ = settings(
    max_examples=int(os.environ.get("TSTROKE_FUZZ", "50")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([10**400, -1, 1e308, float("nan"), "../..", "{0.__class__}", "\0", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
edits = st.lists(
    st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 8)), min_size=1, max_size=4
)
"""Places as shares of a file, what to write there, and how many bytes to leave out for it."""


def edited(data: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    for share, new, gone in changes:
        at = int(share * len(data))
        data = data[:at] + new + data[at + gone :]
    return data


def replaced(value: Any, number: int, new: Any) -> Any:
    """The value with its part of that number (parts within parts count, too) replaced."""
    left = [number]

    def walk(part: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 and left[0] == -1:
            return new
        if isinstance(part, dict):
            return {key: walk(each) for key, each in part.items()}
        return [walk(each) for each in part] if isinstance(part, list) else part

    return walk(value)


def read(load: Callable[[Path], object], data: bytes, name: str) -> object:
    """What a loader makes of a file: a value, or None where it refused it as it should."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        began_s = time.monotonic()
        try:
            return load(path)
        except CoachError as error:
            said = str(error)
            assert said.strip().endswith((".", "…")), said
            assert "\n" not in said.replace(str(path), ""), said
            assert len(said) < 700, said
            return None
        finally:
            assert time.monotonic() - began_s < HANG_S


CALIBRATION = json.loads((SAMPLES / "hands.calibration.json").read_bytes())
TRUTH: dict[str, Any] = {
    "schema": "tstroke.truth/1",
    "fps": 30,
    "frames": 2,
    "count": 1,
    "count_range": [1, 2],
    "reps": [
        {
            "start_s": 0.0,
            "end_s": 0.1,
            "counted": True,
            "fault": "one_hand",
            "hand": "left",
            "seeable": False,
            "phases": [{"name": "up", "start_s": 0.0, "end_s": 0.1}],
            "also": ["pause"],
        }
    ],
    "settle": [{"start_s": 0.0, "end_s": 3.0}],
    "hands": {
        side: {
            "landmarks21": [[[0.5, 1.0]] * 21] * 2,
            "wrist_visible": [True, False],
            "middle_mcp_visible": [True, True],
        }
        for side in ("left", "right")
    },
}
ROUTINE = (Path(routine_from_bytes.__code__.co_filename).parent / "t_stroke.toml").read_bytes()
ROUTINE_VALUES = tomllib.loads(ROUTINE.decode())


@FUZZ
@given(st.binary(max_size=300) | plain.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b'{"schema": "tstroke.calibration/1", "image_size": [1e400, 1], "points_px": {}}')
@pytest.mark.parametrize(
    "name", ["a.calibration.json", "a.truth.json", "a.truth.json.gz", "a.toml"]
)
def test_any_bytes_are_a_value_or_a_sentence(name: str, data: bytes) -> None:
    loads: dict[str, Callable[[Path], object]] = {
        "a.calibration.json": load_calibration,
        "a.toml": load_routine,
    }
    assert read(loads.get(name, load_truth), data, name) is None
    if name.endswith(".gz"):
        assert read(load_truth, gzip.compress(data), name) is None


@FUZZ
@given(st.integers(0, 30), plain, edits)
def test_a_changed_calibration(number: int, new: object, changes: Any) -> None:
    whole = json.dumps(replaced(CALIBRATION, number, new)).encode()
    read(load_calibration, whole, "a.json")
    found = read(load_calibration, edited(json.dumps(CALIBRATION).encode(), changes), "a.json")
    assert found is None or isinstance(found, Calibration)


@FUZZ
@given(st.integers(0, 220), plain, edits)
def test_a_changed_truth(number: int, new: object, changes: Any) -> None:
    read(load_truth, json.dumps(replaced(TRUTH, number, new)).encode(), "a.truth.json")
    read(load_truth, edited(json.dumps(TRUTH).encode(), changes), "a.truth.json")
    packed = gzip.compress(json.dumps(TRUTH).encode(), mtime=0)
    read(load_truth, edited(packed, changes), "a.truth.json.gz")


@FUZZ
@given(edits)
def test_a_changed_routine_file(changes: Any) -> None:
    found = read(load_routine, edited(ROUTINE, changes), "a.toml")
    assert found is None or isinstance(found, Routine)


@FUZZ
@given(st.integers(0, 260), plain)
def test_a_routine_with_another_value(number: int, new: object) -> None:
    # As errors of pydantic are, which `routine_from_bytes` tells with file, line and key.
    with suppress(ValueError):
        Routine.model_validate(replaced(ROUTINE_VALUES, number, new))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    with open_store("", folder=folder / "kept", now=Clock()) as store:
        person = store.add_person("Anna", "learner")
        store.add_session(draft(learner_id=person.id))
        store.export_all(folder / "all.zip")
    return folder / "all.zip"


def repacked(archive: bytes, share: float, changes: Any) -> bytes:
    """The archive with the bytes of one member changed, and all sums right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        spoilt = names[min(int(share * len(names)), len(names) - 1)]
        for name in names:
            data = source.read(name)
            target.writestr(name, edited(data, changes) if name == spoilt else data)
    return out.getvalue()


@settings(FUZZ, max_examples=max(10, FUZZ.max_examples // 6))
@given(share=st.floats(0, 1), changes=edits, inside=st.booleans())
@example(share=0.0, changes=[(0.0, b"", 1)], inside=False)
def test_a_changed_archive_changes_nothing_or_is_taken_in_whole(
    archive: Path, share: float, changes: Any, inside: bool
) -> None:
    plain = archive.read_bytes()
    data = repacked(plain, share, changes) if inside else edited(plain, changes)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store("", folder=Path(folder) / "kept", now=Clock()) as store,
    ):
        if read(store.import_all, data, "all.zip") is None:
            assert store.sessions() == ()
            assert store.people() == ()
        for line in store.sessions():
            store.session(line.id)
            store.landmarks(line.id)
