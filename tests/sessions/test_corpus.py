"""No recording crashes or hangs a review: each of the corpus ends in a result or in one sentence.

By the command, by what the app does with an upload, and, for flipped bits, by reading alone.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from contract import schema
from sessions.cli import main
from tests.children import children
from tests.vision.corpus import CASES, FIRST, HANGS_FROM_S, Case, altered, ends_soon, flipped, video
from vision.errors import VideoError
from vision.recording import open_recording

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process, and no temporary file."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = children()
    yield
    assert children() == before
    assert list(scratch.iterdir()) == []


def check_review(case: Case, result: Path) -> None:
    assert case.outcome != "refused"
    review = json.loads(result.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema("review")).validate(review)
    share = review["video"]["readable_share"]
    assert case.share[0] <= share <= case.share[1]
    assert (share < 1) == any("could be read" in warning for warning in review["warnings"])


def check_refusal(case: Case, sentence: str) -> None:
    assert case.outcome != "read", sentence
    assert case.says in sentence
    assert sentence.endswith(".")
    assert "Traceback" not in sentence


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:30])
def test_by_the_command(case: Case, tmp_path: Path) -> None:
    path, out = case.written(tmp_path), tmp_path / "out"
    with ends_soon():
        ran = CliRunner().invoke(main, ["review", "--out", str(out), "--", str(path)])
    if ran.exit_code == 0:
        check_review(case, out / f"{path.stem}.json")
        return
    assert ran.exit_code == 1, ran.exception
    (line,) = ran.stderr.splitlines()
    check_refusal(case, line)
    assert not out.exists()


def test_a_folder_of_them_by_the_real_command(tmp_path: Path) -> None:
    """One that is refused stops no other, and each is told in one line."""
    kinds = ("zero_bytes.", "no_index.mp4", "cut_80.avi", "vast.", "sound_alone.mp4", "-leading")
    cases = [case for case in CASES if case.name.startswith(kinds)]
    assert len(cases) == len(kinds)
    folder, out = tmp_path / "-all of them", tmp_path / "out"
    folder.mkdir()
    paths = {case.name: case.written(folder) for case in cases}
    program = Path(sys.executable).with_name("tstroke")
    ran = subprocess.run(
        [program, "review", "--out", out, "--", folder.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=len(cases) * HANGS_FROM_S,
    )
    assert ran.returncode == 1, ran.stderr
    written = {path.stem for path in out.iterdir()}
    lines = [line for line in ran.stderr.splitlines() if line]
    for case in cases:
        if (stem := paths[case.name].stem) in written:
            check_review(case, out / f"{stem}.json")
        else:
            check_refusal(case, *[line for line in lines if case.name in line])


class TestFlippedBits:
    """In chunks, so that a failure names few."""

    @pytest.mark.parametrize("first", range(0, 200, 20))
    def test_each_ends(self, first: int, tmp_path: Path) -> None:
        makers = (FIRST, video(), video(codec="mjpeg", pixels="yuvj420p"), video(codec="libvpx"))
        suffixes = (".mp4", ".mkv", ".avi", ".webm")
        for seed in range(first, first + 20):
            kind = seed // 4 % 4
            path = tmp_path / f"{seed}{suffixes[kind]}"
            altered(makers[kind], flipped(seed))(path)
            with ends_soon():
                assert self.ends_well(path)

    def ends_well(self, path: Path) -> bool:
        try:
            with open_recording(path) as recording:
                times_s = [frame.time_s for frame in recording]
        except VideoError as error:
            return str(error).endswith(".")
        return times_s == sorted(times_s) and 0 <= recording.readable_share <= 1
