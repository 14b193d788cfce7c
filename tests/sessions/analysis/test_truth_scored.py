"""From a recording over an instructor's corrections to the engine's score, with the hand model."""

import pytest

from routines.routine import load_routine
from sessions.accuracy import clips_in, score_clip
from sessions.analysis.truth_files import truth_files
from sessions.review import review_recording
from sessions.store.store import open_store
from sessions.store.values import SessionDraft
from tests.sessions.analysis.studio import Studio
from vision.calibration import load_calibration


@pytest.mark.slow
def test_the_engine_is_scored_on_what_an_instructor_corrected(piece, tmp_path):
    video = piece("order", 32.0)
    routine = load_routine()
    calibration = load_calibration(video.with_name("order.calibration.json"))
    review = review_recording(video, calibration, routine)
    assert len(review.reps) >= 2
    with open_store(folder=tmp_path / "kept") as store:
        ida = store.add_person("Ida", "instructor").id
        draft = SessionDraft("recorded", Studio.noon, review, calibration, None)
        session_id = store.add_session(draft)
        store.set_looked_at(session_id, True, ida)
        first = review.reps[0]
        store.verdict(session_id, ida, "does_not_count", first.start_s, first.end_s)
        store.verdict(session_id, ida, "missed", first.start_s, first.end_s, "pause")
        files = truth_files(store.session(session_id), routine)
    assert {file.name for file in files} == {"order.truth.json", "order.calibration.json"}
    for file in files:
        (video.parent / file.name).write_text(file.text, "utf-8")
    ((found, truth),) = clips_in(video.parent)
    run = score_clip(found, truth, routine)
    assert run.score.reps_matched == len(review.reps)
    assert run.score.count_off == 1, "the first was said not to count"
    assert run.score.faults["pause"].missed == 1
    # An average rate of frames stands for their own times: a frame at a boundary may differ.
    assert run.score.phase_share == pytest.approx(1.0, abs=0.02)
    assert run.score.hands.frames == 0
