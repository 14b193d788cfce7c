"""The command line: what it writes, what it refuses in one sentence, what it leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result

from contract import schema
from sessions.cli import main
from sessions.many.crew import Alone
from sessions.truth import load_truth, truth_path
from vision.frames import Frame, VideoReader
from vision.hands import DetectedHand

SAMPLES = Path(__file__).parents[2] / "sample_videos"
CALIBRATION = SAMPLES / "wide.calibration.json"

HEAVY = {
    *("alembic", "av", "cv2", "jinja2", "jsonschema", "matplotlib", "mediapipe", "numpy", "pandas"),
    *("PIL", "psycopg", "pyarrow", "pydantic", "ray", "rich", "scipy", "sqlalchemy", "starlette"),
    *("streamlit", "streamlit_webrtc", "weasyprint"),
}
"""What takes long to import, and is not needed to say what a command does."""

Clip = Callable[..., Path]


def tstroke(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(*words: str | Path, code: int = 1) -> str:
    """Runs, expects exactly one line on standard error and nothing else, and gives the line."""
    result = tstroke(*words)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def _use(monkeypatch: pytest.MonkeyPatch, detector: object) -> None:
    for module in ("workplaces", "self_calibration"):
        monkeypatch.setattr(f"sessions.{module}.HandLandmarker", lambda **_: detector)
    # Several recordings are reviewed right here, too: another process has the real hand model.
    monkeypatch.setattr("sessions.many.review.Processes", lambda _: Alone())


class _OneHand:
    """Finds one hand that rests, in every picture."""

    def __init__(self) -> None:
        truth_file = truth_path(SAMPLES / "wide.mp4")
        assert truth_file is not None
        self._marks_px = load_truth(truth_file).hands["right"].landmarks_px[100]

    def __enter__(self) -> "_OneHand":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        return (DetectedHand(self._marks_px, 0.9, "right"),)


class TestBadRecordings:
    """Each is refused by name, and no output folder appears."""

    def test_missing_file(self, tmp_path: Path, out: Path) -> None:
        line = refused("review", tmp_path / "gone.mp4", "--out", out)
        assert "gone.mp4" in line
        assert not out.exists()

    def test_folder_without_recordings(self, tmp_path: Path, out: Path) -> None:
        (tmp_path / "notes.txt").touch()
        line = refused("review", tmp_path, "--out", out)
        assert f"no recording in the folder {tmp_path}" in line
        assert not out.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("empty.mp4", b""),
            ("text.mp4", b"this is a shopping list\n" * 20),
            ("noise.mp4", bytes(range(256)) * 40),
        ],
    )
    def test_what_is_no_recording(
        self, name: str, content: bytes, tmp_path: Path, out: Path
    ) -> None:
        (tmp_path / name).write_bytes(content)
        assert name in refused("review", tmp_path / name, "--out", out)
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_a_playlist_does_not_open_the_file_it_names(self, tmp_path: Path, out: Path) -> None:
        shutil.copy(SAMPLES / "wide.mp4", tmp_path / "victim.mp4")
        shutil.copy(CALIBRATION, tmp_path / "list.calibration.json")
        (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile victim.mp4\n", "utf-8")
        assert "list.mp4" in refused("review", tmp_path / "list.mp4", "--out", out)
        assert not out.exists()

    def test_a_picture_with_a_recordings_name(self, tmp_path: Path, out: Path) -> None:
        _, png = cv2.imencode(".png", np.zeros((48, 64, 3), np.uint8))
        (tmp_path / "still.mp4").write_bytes(png.tobytes())
        assert "still.mp4" in refused("review", tmp_path / "still.mp4", "--out", out)
        assert not out.exists()

    def test_sound_alone(self, sound_only: Path, out: Path) -> None:
        assert "sound.mp4" in refused("review", sound_only, "--out", out)
        assert not out.exists()

    def test_a_line_break_in_a_name_does_not_break_the_line(
        self, tmp_path: Path, out: Path
    ) -> None:
        refused("review", tmp_path / "two\nlines.mp4", "--out", out)


class TestBadCalibrations:
    """A calibration that can't be used is refused before any frame is looked at."""

    @pytest.mark.parametrize("content", ["no JSON {", "[]", '{"schema": "tstroke.calibration/1"}'])
    def test_not_json_or_not_a_calibration(
        self, content: str, grey_clip: Clip, tmp_path: Path, out: Path
    ) -> None:
        (tmp_path / "a.calibration.json").write_text(content, encoding="utf-8")
        assert "a.calibration.json" in refused("review", grey_clip("a.mp4"), "--out", out)
        assert not out.exists()

    def test_a_named_file_that_is_missing(self, grey_clip: Clip, tmp_path: Path, out: Path) -> None:
        clip, gone = grey_clip("a.mp4"), tmp_path / "gone.json"
        assert "gone.json" in refused("review", clip, clip, "--calibration", gone, "--out", out)

    @pytest.mark.parametrize(
        ("points", "word"),
        [
            ({"waist": [320, 900]}, "outside"),
            (
                {"nape": [320, 200], "left_shoulder": [320, 300], "right_shoulder": [320, 250]},
                "line",
            ),
        ],
    )
    def test_points_outside_or_in_one_line(
        self, points: dict[str, Any], word: str, grey_clip: Clip, tmp_path: Path, out: Path
    ) -> None:
        values = json.loads(CALIBRATION.read_text("utf-8"))
        values["points_px"] = {"waist": [320, 400], "nape": [320, 100]} | {
            "left_shoulder": [220, 150],
            "right_shoulder": [420, 150],
        }
        values["points_px"] |= points
        (tmp_path / "a.calibration.json").write_text(json.dumps(values), encoding="utf-8")
        assert word in refused("review", grey_clip("a.mp4"), "--out", out)
        assert not out.exists()

    def test_made_for_another_picture(self, grey_clip: Clip, out: Path) -> None:
        clip = grey_clip("wide_screen.mp4", size=(640, 360))
        line = refused("review", clip, "--calibration", CALIBRATION, "--out", out)
        assert "640 x 480" in line
        assert "640 x 360" in line
        assert not out.exists()


class TestOutput:
    """Where results go, and what is never overwritten."""

    def test_a_folder_that_cannot_be_written(self, grey_clip: Clip, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("mine", encoding="utf-8")
        line = refused("review", grey_clip("a.mp4"), "--out", tmp_path / "taken")
        assert "output folder" in line
        assert (tmp_path / "taken").read_text("utf-8") == "mine"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_without_write_permission(self, grey_clip: Clip, tmp_path: Path) -> None:
        (tmp_path / "locked").mkdir(mode=0o500)
        line = refused("review", grey_clip("a.mp4"), "--out", tmp_path / "locked" / "in")
        assert "output folder" in line

    def test_recordings_of_one_name_do_not_overwrite_each_other(
        self,
        grey_clip: Clip,
        tmp_path: Path,
        out: Path,
        monkeypatch: pytest.MonkeyPatch,
        no_hands: object,
    ) -> None:
        _use(monkeypatch, no_hands)
        (tmp_path / "other").mkdir()
        first, second = grey_clip("a.mp4"), grey_clip("other/a.mp4", seconds=0.5)
        words = ("review", first, second, first, "--calibration", CALIBRATION, "--out", out)
        result = tstroke(*words)
        assert result.exit_code == 1
        refusal = result.stderr.splitlines()[0]
        assert "other/a.mp4 was not reviewed because its result would overwrite" in refusal
        assert json.loads((out / "a.json").read_text("utf-8"))["video"]["frames_read"] == 30

    def test_others_are_still_reviewed(
        self,
        grey_clip: Clip,
        tmp_path: Path,
        out: Path,
        monkeypatch: pytest.MonkeyPatch,
        no_hands: object,
    ) -> None:
        _use(monkeypatch, no_hands)
        good, bad = grey_clip("good.mp4"), tmp_path / "bad.mp4"
        bad.touch()
        shutil.copy(CALIBRATION, tmp_path / "good.calibration.json")
        result = tstroke("review", bad, good, "--out", out)
        assert result.exit_code == 1
        assert "bad.mp4" in result.stderr.splitlines()[0]
        assert [path.name for path in out.iterdir()] == ["good.json"]

    @pytest.mark.slow
    def test_a_folder_stands_for_its_recordings_but_not_for_annotated_ones(
        self,
        grey_clip: Clip,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        no_hands: object,
    ) -> None:
        _use(monkeypatch, no_hands)
        grey_clip("b.mp4")
        grey_clip("a.mp4").rename(tmp_path / "a.MP4")
        words = ("--calibration", CALIBRATION, "--out", tmp_path, "--annotate")
        for _ in range(2):
            assert tstroke("review", tmp_path, *words).exit_code == 0
        names = {path.name for path in tmp_path.iterdir()}
        assert names == {
            *("a.MP4", "a.json", "a.annotated.mp4"),
            *("b.mp4", "b.json", "b.annotated.mp4"),
        }


class TestReview:
    """Reviews of real pictures, with hands from the truth where no hand model is needed."""

    def test_no_hands_is_a_result_with_one_clear_sentence(
        self, grey_clip: Clip, out: Path, monkeypatch: pytest.MonkeyPatch, no_hands: object
    ) -> None:
        _use(monkeypatch, no_hands)
        result = tstroke("review", grey_clip("a.mp4"), "--calibration", CALIBRATION, "--out", out)
        assert result.exit_code == 0
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"{grey_clip('a.mp4')}: No hands were found")
        values = json.loads((out / "a.json").read_text("utf-8"))
        assert values["count"] == 0
        assert values["reps"] == []
        assert values["unseen"] == [{"start_s": 0.0, "end_s": 0.967, "hand": "both"}]
        assert len(values["warnings"]) == 1

    @pytest.mark.slow
    def test_a_back_that_nobody_finds_is_a_result_with_one_clear_sentence(
        self, grey_clip: Clip, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _use(monkeypatch, _OneHand())
        result = tstroke("review", grey_clip("a.mp4", seconds=3.0), "--out", out, "--annotate")
        assert result.exit_code == 0
        few, back = result.stderr.splitlines()
        assert "Both hands were found in only 0 %" in few
        assert "Nobody set the points of the back, and the hands do not tell where it is" in back
        values = json.loads((out / "a.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema("review")).validate(values)
        assert values["calibration"] == {"source": "motion", "points_px": {}, "rms_px": None}
        assert (values["count"], values["reps"], values["unseen"]) == (0, [], [])
        assert values["tracking"]["any_hand_share"] == 1
        assert len(values["warnings"]) == 2
        with VideoReader(out / "a.annotated.mp4") as annotated:
            assert len(list(annotated)) == 90

    def test_a_truncated_recording_is_reviewed_as_far_as_it_goes(
        self,
        grey_clip: Clip,
        out: Path,
        monkeypatch: pytest.MonkeyPatch,
        no_hands: object,
    ) -> None:
        _use(monkeypatch, no_hands)
        clip = grey_clip("cut.mp4", seconds=3.0)
        whole = clip.read_bytes()
        clip.write_bytes(whole[: len(whole) * 2 // 3])
        result = tstroke("review", clip, "--calibration", CALIBRATION, "--out", out)
        assert result.exit_code == 0
        values = json.loads((out / "cut.json").read_text("utf-8"))
        assert 0 < values["video"]["readable_share"] < 0.9
        assert f"Only {int(values['video']['readable_share'] * 100)} %" in result.stderr

    @pytest.mark.slow
    def test_table_and_json_of_a_whole_clip(
        self, out: Path, monkeypatch: pytest.MonkeyPatch, true_hands: Callable[[str], object]
    ) -> None:
        _use(monkeypatch, true_hands("wide"))
        result = tstroke("review", SAMPLES / "wide.mp4", "--out", out)
        assert result.exit_code == 0
        assert result.stderr == ""
        assert "wide.mp4: 3 strokes counted" in result.stdout
        values = json.loads((out / "wide.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema("review")).validate(values)
        assert values["count"] == 3
        assert [path.name for path in out.iterdir()] == ["wide.json"]

    def test_a_wrong_hand_model_is_said_once(
        self, grey_clip: Clip, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrong = tmp_path / "model.task"
        wrong.write_bytes(b"another model")
        monkeypatch.setenv("TSTROKE_HAND_MODEL", str(wrong))
        clips = grey_clip("a.mp4"), grey_clip("b.mp4")
        line = refused("review", *clips, "--calibration", CALIBRATION, "--out", out)
        assert "model.task is not the official hand model" in line
        assert not out.exists()

    def test_a_missing_hand_model_is_said_once(
        self, grey_clip: Clip, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TSTROKE_HAND_MODEL", str(tmp_path / "gone.task"))
        line = refused("review", grey_clip("a.mp4"), "--calibration", CALIBRATION, "--out", out)
        assert "gone.task" in line
        assert not out.exists()

    def test_ctrl_c_says_so_and_leaves_nothing(
        self, grey_clip: Clip, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Interrupted:
            def __enter__(self) -> "Interrupted":
                return self

            def __exit__(self, *_: object) -> None:
                pass

            def detect(self, frame: Any) -> tuple[DetectedHand, ...]:
                if frame.index == 12:
                    raise KeyboardInterrupt
                return ()

        _use(monkeypatch, Interrupted())
        words = ("--calibration", CALIBRATION, "--out", out, "--annotate")
        line = refused("review", grey_clip("a.mp4"), *words, code=130)
        assert line.startswith("Stopped.")
        assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


class TestUsage:
    """Help is complete and quick; wrong usage is told apart from bad files."""

    @pytest.mark.parametrize(
        "words",
        [
            ("review",),
            ("review", "--nonsense", "a.mp4"),
            ("review", "--workers", "0", "a.mp4"),
            ("review", "--engine", "oxen", "a.mp4"),
            ("review", "--address", "127.0.0.1:6379", "a.mp4"),
            ("dance",),
            ("app", "--port", "0"),
        ],
    )
    def test_wrong_usage(self, words: tuple[str, ...]) -> None:
        assert tstroke(*words).exit_code == 2

    @pytest.mark.parametrize(
        ("command", "options"),
        [
            ("review", ("--calibration", "--out", "--workers", "--again", "--engine", "Exit code")),
            ("accuracy", ("--json", "DIR", "Exit code")),
            ("app", ("--port", "--browser", "loopback")),
        ],
    )
    def test_help_is_complete(self, command: str, options: tuple[str, ...]) -> None:
        text = tstroke(command, "--help").stdout
        for option in options:
            assert option in text
        assert command in tstroke("--help").stdout

    @pytest.mark.parametrize("words", [("--help",), ("review", "--help"), ("app", "--help")])
    def test_help_loads_nothing_heavy(self, words: tuple[str, ...]) -> None:
        code = (
            "import sys, sessions.cli\n"
            "sessions.cli.main(sys.argv[1:], standalone_mode=False)\n"
            f"print('loaded', sorted({HEAVY} & set(sys.modules)))"
        )
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.stdout.startswith("Usage: ")
        assert done.stdout.splitlines()[-1] == "loaded []"

    def test_accuracy_refuses_a_folder_without_truth(self, grey_clip: Clip, tmp_path: Path) -> None:
        grey_clip("a.mp4")
        assert "truth file" in refused("accuracy", tmp_path)

    def test_accuracy_refuses_a_missing_folder(self, tmp_path: Path) -> None:
        assert "gone can't be read" in refused("accuracy", tmp_path / "gone")


@pytest.mark.slow
def test_ctrl_c_in_a_real_review_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", "from sessions.cli import main; main()", "review"]
    command += [str(SAMPLES / "order.mp4"), "--annotate", "--out", str(out)]
    # A shell may have told this process to ignore Ctrl-C; the review must not inherit that.
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline_s = time.monotonic() + 120
    while not (out.is_dir() and any(out.iterdir())) and process.poll() is None:
        assert time.monotonic() < deadline_s, "the review wrote nothing in time"
        time.sleep(0.05)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.startswith("Stopped.")
    assert list(tmp_path.iterdir()) == []
