"""Corrections as truth files: read back by the code that scores the engine, and scored."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from routines.reps import Span
from sessions.accuracy import score
from sessions.analysis.truth_files import NotLookedAtError, truth_files, truth_zip
from sessions.hand_errors import HandErrors, HandJudge
from sessions.matching import FaultTally
from sessions.true_touch import calibrate_by_true_touch
from sessions.truth import load_truth
from vision.calibration import Calibration, load_calibration
from vision.hands import HandPair


def _loaded(session, routine, folder, author_id=None):
    (file,) = truth_files(session, routine, author_id)
    assert file.name == "clip.truth.json"
    path = folder / file.name
    path.write_text(file.text, "utf-8")
    return load_truth(path)


def test_untouched_reps_come_out_as_the_machine_has_them(studio, tmp_path):
    reps = [studio.rep(1), studio.rep(2, "short_reach", "pause"), studio.rep(3)]
    truth = _loaded(studio.session(reps), studio.routine, tmp_path)
    assert (truth.count, truth.count_range, truth.frames) == (2, (2, 2), 30 * 39)
    assert truth.fps == pytest.approx(30.0)
    assert [rep.faults for rep in truth.reps] == [set(), {"short_reach", "pause"}, set()]
    assert truth.reps[1].fault == "short_reach", "what keeps it from counting goes first"
    assert truth.reps[1].hand == "left"
    assert [phase.name for phase in truth.reps[0].phases] == ["up", "out", "down", "pull_in"]
    found = score("clip", truth, reps, HandErrors())
    assert (found.count_off, found.reps_matched, found.clean_faulted) == (0, 3, 0)
    assert found.phase_share == 1.0
    assert found.fault_total == FaultTally(right=2)
    assert max(found.boundaries_s) < 0.001


def test_words_change_what_the_engine_is_scored_on(studio, tmp_path):
    reps = [
        studio.rep(1, "pause"),
        studio.rep(2, "short_reach"),
        studio.rep(3, not_seen=("on_spine",)),
    ]
    words = [
        studio.verdict("wrong", reps[0], "pause"),
        studio.verdict("wrong", reps[1], "short_reach"),
        studio.verdict("missed", reps[1], "rushed"),
        studio.verdict("missed", studio.rep(4)),
    ]
    set_anew = studio.correction(reps[2], *studio.phases(30.5, 2, 2, 2, 1.5))
    session = studio.session(reps, verdicts=words, corrections=[set_anew])
    truth = _loaded(session, studio.routine, tmp_path)
    assert truth.count == 4
    assert [rep.fault for rep in truth.reps] == [None, "rushed", None, None]
    assert (truth.reps[2].start_s, truth.reps[2].end_s) == (30.5, 38.0)
    assert "on_spine" in truth.reps[2].unjudged
    assert truth.reps[3].phases == ()
    assert (truth.reps[3].start_s, truth.reps[3].end_s) == (40.0, 48.0)
    found = score("clip", truth, reps, HandErrors())
    assert found.count_off == 2
    assert found.clean_faulted == 1
    assert found.faults == {
        "pause": FaultTally(false=1),
        "rushed": FaultTally(missed=1),
        "short_reach": FaultTally(false=1),
    }


def test_a_fault_that_nobody_judged_is_neither_owed_nor_false(studio, tmp_path):
    truth = _loaded(studio.session([studio.rep(1, not_seen=("pause",))]), studio.routine, tmp_path)
    found = score("clip", truth, [studio.rep(1, "pause")], HandErrors())
    assert found.faults == {}
    assert found.clean_faulted == 0


def test_a_truth_without_hands_judges_no_hands(studio, tmp_path):
    truth = _loaded(studio.session([studio.rep(1)]), studio.routine, tmp_path)
    assert truth.hands == {}
    judge = HandJudge(truth)
    judge.step(HandPair(1.0, None, None))
    assert judge.errors.frames == 0
    assert judge.errors.both_share is None
    assert calibrate_by_true_touch(truth, studio.routine, (1280, 720)) is None


def test_the_last_word_speaks_unless_somebody_is_named(studio, tmp_path):
    rep = studio.rep(1, "pause")
    said = [
        studio.verdict("wrong", rep, "pause", by="ida", after_s=5),
        studio.verdict("right", rep, "pause", by="otto", after_s=9),
    ]
    session = studio.session([rep], verdicts=said)
    assert _loaded(session, studio.routine, tmp_path).reps[0].fault == "pause"
    assert _loaded(session, studio.routine, tmp_path, "ida").reps[0].fault is None


def test_the_settle_hold_and_the_calibration_go_with_it(studio, tmp_path):
    points = {"nape": (1.0, 2.0), "waist": (1.0, 90.0), "left_shoulder": (9.0, 20.0)}
    calibration = Calibration((1280, 720), points | {"right_shoulder": (40.0, 20.0)})
    session = studio.session([studio.rep(1)])
    session = replace(
        session,
        calibration=calibration,
        review=replace(session.review, settle=Span(1.0, 4.0)),
    )
    truth, beside = truth_files(session, studio.routine)
    assert json.loads(truth.text)["settle"] == [{"start_s": 1.0, "end_s": 4.0}]
    path = tmp_path / beside.name
    path.write_text(beside.text, "utf-8")
    assert beside.name == "clip.calibration.json"
    assert load_calibration(path).points_px == calibration.points_px


def test_a_session_that_waits_has_no_truth(studio):
    with pytest.raises(NotLookedAtError, match=r"clip\.mp4"):
        truth_files(studio.session([studio.rep(1)], waiting=True), studio.routine)


def test_many_sessions_go_into_one_file_and_none_hides_another(studio):
    one, other = (studio.session([studio.rep(1, *codes)]) for codes in ((), ("pause",)))
    packed = truth_zip([one, other], studio.routine)
    assert packed == truth_zip([one, other], studio.routine)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["clip.truth.json", "2/clip.truth.json"]
        assert json.loads(archive.read("2/clip.truth.json"))["reps"][0]["fault"] == "pause"


def test_a_recordings_name_leads_nowhere_else(studio):
    session = studio.session([studio.rep(1)])
    odd = replace(session.review.video, name="../../etc/x.mp4")
    session = replace(session, review=replace(session.review, video=odd))
    assert [file.name for file in truth_files(session, studio.routine)] == ["x.truth.json"]
