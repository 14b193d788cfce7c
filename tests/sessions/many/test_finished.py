"""What is not reviewed again, and what is: by content, program and options, never by dates."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sessions.batch import Job
from sessions.cli import main
from sessions.many import finished, review, work
from sessions.many.crew import Alone
from sessions.many.finished import program_name, remove_leftovers
from sessions.record import (
    CalibrationFacts,
    Review,
    RoutineRef,
    TrackingFacts,
    VideoFacts,
    write_review,
)

SAMPLES = Path(__file__).parents[3] / "sample_videos"


def quick_review(job: Job, *_: object, made: dict[str, Any], **__: object) -> Review:
    """Stands in for a review that finds nothing: its result is written as always."""
    result = Review(
        video=VideoFacts(job.video.name, sha256_of(job.video), 640, 480, 1.0, 30, 1.0),
        routine=RoutineRef("t_stroke", 1),
        calibration=CalibrationFacts("points", {}, 1.0),
        tracking=TrackingFacts(0, 0, 0),
        settle=None,
        reps=(),
        unseen=(),
        warnings=(),
        paths={},
    )
    if job.annotated is not None:
        job.annotated.touch()
    write_review(result, job.result, made)
    return result


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two recordings, reviewed once; reviews run in this process."""
    monkeypatch.setattr(review, "Processes", lambda _: Alone())
    monkeypatch.setattr(work, "run", quick_review)
    for name in ("a", "b"):
        (tmp_path / f"{name}.mp4").write_bytes(name.encode())
        shutil.copy(SAMPLES / "wide.calibration.json", tmp_path / f"{name}.calibration.json")
    assert "2 recordings: 2 reviewed." in reviewed(tmp_path).stdout
    return tmp_path


def reviewed(folder: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["review", str(folder), "--out", str(folder / "out"), *words])
    assert result.exit_code == 0, result.output
    return result


def done_anew(folder: Path, *words: str) -> set[str]:
    """Names of the recordings that another run reviews."""
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "out").glob("*.json")}
    lines = reviewed(folder, *words).stdout
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "out").glob("*.json")}
    anew = {Path(name).stem for name in after if after[name] != before.get(name)}
    kept = {
        name for name in ("a", "b") if f"{name}.mp4: 0 strokes counted, reviewed before" in lines
    }
    assert anew | kept == {"a", "b"}
    assert not anew & kept
    return anew


def test_what_is_finished_is_said_and_kept_unless_it_is_asked_for_again(folder: Path) -> None:
    assert done_anew(folder) == set()
    assert done_anew(folder, "--again") == {"a", "b"}
    assert "2 kept as they were (--again reviews them anew)" in reviewed(folder).stdout


def test_a_changed_recording_is_reviewed_again(folder: Path) -> None:
    with (folder / "b.mp4").open("ab") as file:
        file.write(b"\0" * 8)
    assert done_anew(folder) == {"b"}


def test_a_changed_calibration_is_used(folder: Path) -> None:
    path = folder / "a.calibration.json"
    values = json.loads(path.read_text("utf-8"))
    values["points_px"]["nape"][0] += 2
    path.write_text(json.dumps(values), encoding="utf-8")
    assert done_anew(folder) == {"a"}
    assert done_anew(folder, "--calibration", str(path)) == {"b"}


def test_a_video_that_is_wanted_now_is_made(folder: Path) -> None:
    assert done_anew(folder, "--annotate") == {"a", "b"}
    assert done_anew(folder, "--annotate") == set()
    assert done_anew(folder) == set()
    (folder / "out" / "b.annotated.mp4").unlink()
    assert done_anew(folder, "--annotate") == {"b"}


def test_another_program_reviews_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finished, "program_name", lambda: "0.2.0+0123456789ab")
    assert done_anew(folder) == {"a", "b"}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "tstroke.review/1", "made": 1}'])
def test_a_result_that_is_not_whole_is_replaced(folder: Path, text: str) -> None:
    whole = (folder / "out" / "a.json").read_text("utf-8")
    (folder / "out" / "a.json").write_text(text or whole[: len(whole) // 2], encoding="utf-8")
    assert done_anew(folder) == {"a"}
    assert (folder / "out" / "a.json").read_text("utf-8") == whole


def test_the_program_has_another_name_when_its_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pattern in finished.SOURCES:
        for path in finished.ROOT.glob(pattern):
            copy = tmp_path / path.relative_to(finished.ROOT)
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(path, copy)
    monkeypatch.setattr(finished, "ROOT", tmp_path)
    assert program_name.__wrapped__() == program_name()
    with (tmp_path / "vision" / "tracker.py").open("a", encoding="utf-8") as file:
        file.write("\nMORE = 1\n")
    assert program_name.__wrapped__() != program_name()


def test_what_a_killed_review_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = [".a.json.123.part", ".a.annotated.mp4.partial.mp4"]
    others = ["a.json", ".b.json.5.part", ".a.json.x.part", "a.json.123.part", "a.mp4"]
    for name in left + others:
        (tmp_path / name).touch()
    remove_leftovers(Job(tmp_path / "a.mp4", tmp_path / "a.json", tmp_path / "a.annotated.mp4"))
    assert {path.name for path in tmp_path.iterdir()} == set(others)
