"""Truth files: found, read, refused."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from sessions.truth import TruthError, load_truth, truth_path

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@pytest.fixture
def values() -> dict[str, Any]:
    hand: dict[str, Any] = {
        "landmarks21": [[[0.0, 1.0]] * 21] * 3,
        "wrist_visible": [True, True, False],
        "middle_mcp_visible": [True, False, False],
    }
    phase: dict[str, Any] = {"name": "up", "start_s": 0.0, "end_s": 0.1}
    rep: dict[str, Any] = {
        "seeable": False,
        "index": 1,
        "start_s": 0.0,
        "end_s": 0.1,
        "counted": True,
    }
    rep |= {"fault": "one_hand", "hand": "left", "phases": [phase]}
    return {
        "schema": "tstroke.truth/1",
        "fps": 30,
        "frames": 3,
        "count": 1,
        "count_range": [1, 2],
        "reps": [rep],
        "settle": [{"start_s": 0.0, "end_s": 3.0, "nape_hand": "left"}],
        "hands": {"left": hand, "right": hand},
    }


@pytest.mark.slow
def test_every_sample_has_a_truth_that_agrees_with_itself() -> None:
    videos = sorted(SAMPLES.glob("*.mp4"))
    assert len(videos) == 8
    for video in videos:
        path = truth_path(video)
        assert path is not None
        truth = load_truth(path)
        assert truth.count == sum(rep.counted for rep in truth.reps)
        for hand in truth.hands.values():
            assert hand.landmarks_px.shape == (truth.frames, 21, 2)
            assert hand.visible.shape == (truth.frames,)


def test_plain_and_packed_say_the_same(values: dict[str, Any], tmp_path: Path) -> None:
    text = json.dumps(values).encode()
    plain, packed = tmp_path / "a.truth.json", tmp_path / "b.truth.json.gz"
    plain.write_bytes(text)
    packed.write_bytes(gzip.compress(text, mtime=0))
    one, two = load_truth(plain), load_truth(packed)
    assert one.reps == two.reps
    assert one.count_range == two.count_range == (1, 2)
    assert not one.reps[0].seeable


def test_a_hand_is_visible_when_wrist_and_knuckle_are(
    values: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.truth.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    assert load_truth(path).hands["left"].visible.tolist() == [True, False, False]


def test_no_truth_beside_a_recording_is_none(tmp_path: Path) -> None:
    assert truth_path(tmp_path / "clip.mp4") is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.truth.json", b"{"),
        ("a.truth.json", b'{"schema": "other/1"}'),
        ("a.truth.json", b'["schema"]'),
        ("a.truth.json", b"\xff\xfe"),
        ("a.truth.json.gz", b"no gzip"),
        ("a.truth.json.gz", gzip.compress(b"{}" * 99, mtime=0)[:-9]),
    ],
)
def test_what_is_no_truth_is_refused_by_name(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TruthError, match=r"a\.truth\.json"):
        load_truth(path)


def in_rep(**changes: object) -> dict[str, object]:
    rep = {"start_s": 0.0, "end_s": 0.1, "counted": True, "phases": [], "fault": None}
    return {"reps": [rep | {"hand": None, "seeable": True} | changes]}


def in_hands(**changes: object) -> dict[str, object]:
    hand: dict[str, object] = {"landmarks21": [], "wrist_visible": [], "middle_mcp_visible": []}
    return {"hands": {"left": hand | changes, "right": hand}}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"fps": "30"}, "at fps"),
        ({"fps": 0}, "at fps"),
        ({"frames": 10**12}, "at frames"),
        ({"count": True}, "at count"),
        ({"count_range": [1, 2, 3]}, "at count_range"),
        (in_rep(start_s="soon"), "at reps.0.start_s"),
        (in_rep(start_s=5.0), "ends before it begins"),
        (in_rep(hand="third"), "at reps.0.hand"),
        (in_rep(phases=[{"name": "up"}]), "at reps.0.phases.0.start_s"),
        (in_hands(landmarks21=[[{}]]), "landmarks21"),
        (in_hands(wrist_visible=[1]), "at hands.left.wrist_visible.0"),
        (in_hands(), "has not 3 frames"),
        ({"hands": {}}, "at hands.left"),
        ({"reps": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}, "nested deeper"),
    ],
)
def test_a_wrong_value_is_named(
    values: dict[str, Any], tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    path = tmp_path / "a.truth.json"
    path.write_text(json.dumps(values | changes), encoding="utf-8")
    with pytest.raises(TruthError, match=rf"a\.truth\.json.*{named}"):
        load_truth(path)


def test_a_packed_file_that_grows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sessions.truth.LARGEST_BYTES", 10_000)
    path = tmp_path / "a.truth.json.gz"
    path.write_bytes(gzip.compress(bytes(1_000_000)))
    with pytest.raises(TruthError, match="larger than 10 kB"):
        load_truth(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TruthError, match=r"gone\.truth\.json"):
        load_truth(tmp_path / "gone.truth.json")
