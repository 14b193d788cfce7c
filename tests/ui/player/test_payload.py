"""What goes to the browser: all of it, small, and nothing that was not seen as if it had been."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from routines.reps import PhaseSpan
from routines.routine import load_routine
from sessions.record import HandPath
from sessions.store.values import Correction, LandmarkTrack
from tests.ui.player.played import BRIDGED_S, NOW, UNSEEN_S, clip, landmarks_of, session_of
from ui.player import Payload, payload_of, track_bytes
from ui.player.backdrop import SHEET
from ui.player.track_bytes import (
    BACK_STEP,
    MOST_SAMPLES,
    PX_STEP,
    UNKNOWN,
    State,
    TrackBytes,
    pack_paths,
    pack_track,
)
from ui.texts import text
from vision.arrays import Floats
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import load_calibration
from vision.hands import PALM, SIDES

ROUTINE = load_routine()


@pytest.fixture(scope="module")
def track() -> LandmarkTrack:
    return landmarks_of("wide")


@pytest.fixture(scope="module")
def frame() -> BackFrame:
    return fit_back_frame(load_calibration(clip("wide").with_name("wide.calibration.json")))


@pytest.fixture(scope="module")
def shown(track: LandmarkTrack) -> Payload:
    """What was shown before: to find the back takes most of the time."""
    return payload_of(session_of("wide"), track, ROUTINE)


def unpacked(packed: TrackBytes) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Times, landmarks, drift, places on the chart, states, as the browser reads them."""
    count, content, at = packed.count, packed.packed, 0
    parts = []
    shapes = [(count,), (2, count, 21, 2), (count, 2), (2, count, 2, 2), (2, count)]
    for kind, shape in zip(("<f4", "<i2", "<i2", "<i2", "u1"), shapes, strict=True):
        size = int(np.prod(shape))
        numbers = np.frombuffer(content, kind, size, at)
        at += numbers.nbytes
        parts.append(numbers.astype(np.float64).reshape(shape))
    assert at == len(content)
    return tuple(parts)  # type: ignore[return-value]


def test_hands_survive_the_packing_to_a_tenth_of_a_pixel(
    track: LandmarkTrack, frame: BackFrame
) -> None:
    time_s, landmarks, drift, chart, state = unpacked(pack_track(track, frame))
    assert np.abs(time_s - track.time_s).max() < 1e-4
    longer = max(track.image_size)
    for row, side in enumerate(SIDES):
        known = np.isfinite(track.landmarks_px[side]).all(axis=(1, 2))
        there = landmarks[row][known] * PX_STEP * longer
        assert np.abs(there - track.landmarks_px[side][known]).max() < 0.1
        assert (landmarks[row][~known] == UNKNOWN).all()
        palm_px = track.landmarks_px[side][known][:, list(PALM)].mean(axis=1)
        palm, trusted = frame.to_back(palm_px)
        assert np.abs(chart[row, known, 0] * BACK_STEP - palm)[trusted].max() < 2e-4
        assert (chart[row, known, 0][~trusted] == UNKNOWN).all()
    assert (drift == 0).all()
    at = np.searchsorted(track.time_s, [BRIDGED_S[0] + 0.05, UNSEEN_S[0] + 0.05, 1.0])
    assert state[0][at].tolist() == [State.BRIDGED, State.SEEN, State.SEEN]
    assert state[1][at].tolist() == [State.SEEN, State.UNSEEN, State.SEEN]


def test_drift_is_taken_off_before_the_chart_and_sent_along(
    track: LandmarkTrack, frame: BackFrame
) -> None:
    moved = np.tile([7.0, -3.0], (len(track.time_s), 1))
    shifted = {side: track.landmarks_px[side] + moved[:, None, :] for side in SIDES}
    plain = unpacked(pack_track(track, frame))
    drifted = unpacked(pack_track(replace(track, landmarks_px=shifted, drift_px=moved), frame))
    assert np.abs(plain[3] - drifted[3]).max() <= 1
    assert drifted[2][0] * PX_STEP * 640 == pytest.approx([7.0, -3.0], abs=0.05)


def test_an_hour_is_thinned_out_and_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 300
    monkeypatch.setattr(track_bytes, "MOST_SAMPLES", most)
    count = 2 * most
    hour = LandmarkTrack(
        (1280, 720),
        np.arange(count) / 30,
        dict.fromkeys(SIDES, np.zeros((count, 21, 2))),
        dict.fromkeys(SIDES, np.ones(count, np.bool_)),
        np.zeros((count, 2)),
    )
    packed = pack_track(hour, None)
    assert (packed.every, packed.count) == (2, most)
    assert unpacked(packed)[0][-1] == pytest.approx((count - 2) / 30, abs=1e-3)
    assert len(packed.packed) / most * MOST_SAMPLES < 12e6


def test_positions_far_outside_the_picture_stay_on_the_rim_and_are_not_unknown() -> None:
    far = {side: np.full((1, 21, 2), 1e6) for side in SIDES}
    seen = {side: np.ones(1, np.bool_) for side in SIDES}
    track = LandmarkTrack((640, 480), np.zeros(1), far, seen, np.zeros((1, 2)))
    _, landmarks, _, chart, _ = unpacked(pack_track(track, None))
    assert (landmarks == 32767).all()
    assert (chart == UNKNOWN).all()


def test_without_landmarks_the_review_s_paths_move_on_the_chart() -> None:
    places = np.array([[0.1, 0.2], [0.3, 0.4]])
    left = HandPath(np.array([0.0, 0.1]), places, np.array([True, False]))
    right = HandPath(np.array([0.1]), np.array([[-0.5, 0.6]]), np.array([True]))
    time_s, landmarks, _, chart, state = unpacked(pack_paths({"left": left, "right": right}))
    assert time_s == pytest.approx([0.0, 0.1])
    assert (landmarks == UNKNOWN).all()
    assert chart[0, :, 0] * BACK_STEP == pytest.approx(left.palm_back, abs=1e-3)
    assert state.tolist() == [[State.SEEN, State.BRIDGED], [State.UNSEEN, State.SEEN]]
    assert pack_paths({}).packed == b""


def test_all_but_hands_and_pictures_is_json_and_says_in_words_what_it_is(
    track: LandmarkTrack,
) -> None:
    data = json.loads(
        json.dumps(payload_of(session_of("wide"), track, ROUTINE).data, allow_nan=False)
    )
    fault = data["reps"][1]["faults"][0]
    assert fault["label"].startswith("Stroke 2: ")
    assert fault["label"].endswith("1.50 s, limit 1 s")
    assert data["unseen"][0]["label"] == "Right hand not seen for 2.0 s"
    assert data["verdicts"][0]["label"] == f"Ina: {ROUTINE.faults['pause'].label}: wrong"
    assert [phase["name"] for phase in data["reps"][0]["phases"]] == [
        "up",
        "out",
        "down",
        "pull_in",
    ]
    assert SHEET in data["sheet"]["svg"]


def test_marks_of_comments_stand_on_picture_and_chart_alike(
    shown: Payload, frame: BackFrame
) -> None:
    data = shown.data
    arrow, ring = data["comments"][0]["marks"]
    assert arrow["places"]["picture"] == [[0.2, 0.2], [0.4, 0.45]]
    shares = np.array(ring["places"]["picture"])
    on_chart, _ = frame.to_back(shares * (640, 480))
    assert on_chart == pytest.approx(np.array(ring["places"]["chart"]), abs=0.01)


def test_the_chart_s_lines_lie_in_the_picture_and_nowhere_without_a_calibration(
    track: LandmarkTrack, shown: Payload
) -> None:
    lines = shown.data["lines"]
    assert set(lines) == {"outline", "spine", "shoulders", "left", "right"}
    shares = np.concatenate([np.array(part) for parts in lines.values() for part in parts])
    assert ((shares > 0) & (shares < 1)).all()
    unknown = payload_of(session_of("wide", calibrated=False), track, ROUTINE)
    assert unknown.data["lines"] == {}
    assert (unpacked(unknown.ground.hands)[3] == UNKNOWN).all()


def test_the_newest_correction_is_shown_in_the_place_of_the_machine_s_phases(
    track: LandmarkTrack, shown: Payload
) -> None:
    session = session_of("wide")
    rep = session.review.reps[0]
    moved = tuple(PhaseSpan(p.name, p.start_s + 0.1, p.end_s + 0.1) for p in rep.phases)
    later = tuple(PhaseSpan(p.name, p.start_s + 0.2, p.end_s + 0.2) for p in rep.phases)
    corrections = tuple(
        Correction(str(i), "i", "Ina", rep.start_s, rep.end_s, phases, NOW + timedelta(hours=i))
        for i, phases in ((2, later), (1, moved))
    )
    data = payload_of(replace(session, corrections=corrections), track, ROUTINE, shown).data
    first, second = data["reps"][:2]
    assert first["corrected"]
    assert first["phases"][0]["start"] == pytest.approx(rep.start_s + 0.2)
    assert first["start"] == pytest.approx(rep.start_s)
    assert first["label"].endswith(text("player.item_corrected", rep=""))
    assert not second["corrected"]


def test_only_a_new_session_is_unpacked_anew(track: LandmarkTrack, shown: Payload) -> None:
    session, before = session_of("wide"), shown
    told = payload_of(replace(session, comments=()), track, ROUTINE, before)
    assert told.ground is before.ground
    assert told.data["comments"] == []
    other = replace(session, line=replace(session.line, id="another"))
    assert payload_of(other, track, ROUTINE, before).ground is not before.ground
    gone = payload_of(session_of("wide", calibrated=False), track, ROUTINE, before)
    assert gone.ground is not before.ground


def test_pictures_that_are_gone_are_not_promised(track: LandmarkTrack, shown: Payload) -> None:
    there, gone = clip("wide"), clip("wide").with_name("no such recording.mp4")
    assert payload_of(session_of("wide", there), track, ROUTINE, shown).video == there
    assert payload_of(session_of("wide", gone), track, ROUTINE, shown).video is None
    assert shown.video is None
