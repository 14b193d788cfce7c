"""Tables: every attempt says whether it counted and why not, in 80 columns."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from routines.reps import Check, PhaseSpan, Rep
from routines.routine import load_routine
from sessions.accuracy import ClipScore
from sessions.hand_errors import HandErrors
from sessions.matching import FaultTally
from sessions.tables import accuracy_tables, review_table

WIDTH = 80


def _printed(what: object) -> str:
    text = StringIO()
    Console(file=text, width=WIDTH).print(what)
    return text.getvalue()


def _review(*reps: Rep) -> str:
    return _printed(review_table("clip.mp4", reps, load_routine(), Path("out/clip.json")))


def _rep(*checks: Check, counted: bool) -> Rep:
    phases = (PhaseSpan("up", 61.0, 63.5), PhaseSpan("up", 70.0, 71.0))
    return Rep(1, 61.0, 71.0, counted, phases, checks, 0.0, 90.0)


def test_a_rep_seen_in_part_says_how_much_was_not() -> None:
    part = replace(_rep(counted=True), score=None, unseen_share=0.71)
    assert "seen in part: hands unseen for 71 %" in " ".join(_review(part).split())


def test_a_clean_rep_has_times_phases_and_no_fault() -> None:
    text = _review(_rep(counted=True))
    assert "clip.mp4: 1 stroke counted" in text
    row = next(line for line in text.splitlines() if "1:01.0" in line)
    assert row.split() == ["1", "yes", "1:01.0", "1:11.0", "3.5", "none"]
    assert "out/clip.json" in text


def test_what_kept_it_from_counting_comes_first() -> None:
    pause = Check("pause", "fault", 61, 62, None, 1.2, 1.0, "s")
    short = Check("short_reach", "fault", 63, 64, "both", 0.6, 0.8, "v")
    text = " ".join(_review(_rep(pause, short, counted=False)).split())
    labels = [load_routine().faults[code].label for code in ("short_reach", "pause")]
    assert text.index(f"not counted: {labels[0]}") < text.index(labels[1])


def test_an_attempt_that_was_hardly_seen_says_so() -> None:
    unseen = Check("incomplete", "not_seen", 61, 71)
    text = " ".join(_review(_rep(unseen, counted=False)).split())
    assert "not counted: too little of it was seen" in text
    assert "1 of 1 checks not seen" in text


def test_no_attempts_means_no_table() -> None:
    text = _review()
    assert "0 strokes counted" in text
    assert "faults" not in text


def test_accuracy_fits_the_width_whole() -> None:
    hands = HandErrors(100, 98, 90, 89, 88, 50, 1, [1.0, 12.5], [0.01, 0.1])
    score = ClipScore(
        name="distractors",
        count=12,
        count_range=(10, 11),
        reps_true=12,
        reps_found=14,
        reps_matched=11,
        frames=100,
        frames_right=97,
        boundaries_s=(0.1, 0.3),
        faults={"fingers_not_to_head": FaultTally(10, 2, 3)},
        hands=hands,
    )
    text = _printed(accuracy_tables([score], score))
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    for figure in ("10 to 11", "11/12 +3", "0.97", "0.20 s", "0.98", "0.99", "0.83", "0.77"):
        assert figure in text
