"""The card: what counts as worse, what the page says, and that its pictures exist."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routines.reps import Check, PhaseSpan, Rep, Span
from sessions.accuracy import ClipRun, ClipScore, score
from sessions.calibration_error import CalibrationMiss
from sessions.card_check import FIGURES, at, worse
from sessions.card_page import Figures, full_card, write_card
from sessions.goals import goals
from sessions.hand_errors import HandErrors
from sessions.harder import HarderScore
from sessions.live_log import LiveScore
from sessions.truth import TrueHand, TrueRep, Truth
from sessions.uncalibrated import UncalibratedScore
from sessions.weaknesses import weaknesses
from vision.hands import HandPair, TrackedHand

FPS = 10.0
FRAMES = 20
SHAKEN = HarderScore("shake by 1 %", "a", 1, 1, 0.9, ())


def _truth(fault: str | None = None) -> Truth:
    hand = np.tile(np.column_stack([np.full(21, 60.0), np.arange(21) * 5.0]), (FRAMES, 1, 1))
    hands = TrueHand(hand, np.ones(FRAMES, bool)), TrueHand(hand + 200, np.ones(FRAMES, bool))
    rep = TrueRep(0.2, 1.8, True, (PhaseSpan("up", 0.2, 1.8),), fault, None, True)
    both = {"left": hands[0], "right": hands[1]}
    return Truth(FPS, FRAMES, 1, (1, 1), (rep,), (), both, "overhead")  # type: ignore[arg-type]


def _score(truth: Truth, *faults: Check) -> ClipScore:
    rep = Rep(1, 0.2, 1.8, True, (PhaseSpan("up", 0.5, 1.8),), faults, 0.0, 90.0)
    hands = HandErrors(
        frames=20,
        visible=20,
        visible_right=19,
        errors_lengths=[0.1] * 8,
        missed=[Span(0.5, 0.6)],
        farthest=(0.2, 1.0),
    )
    bare = HandErrors(frames=20, visible=20, visible_right=10, phantoms=[Span(0.0, 1.0)])
    live = LiveScore(1, 20, 15, (0.5,))
    scored = score("a", truth, [rep], hands)
    return replace(scored, bare=bare, live=live, baselines={"peak_and_threshold": 3})


def _card(scored: ClipScore, *harder: HarderScore) -> dict[str, Any]:
    return full_card(Figures([scored], harder))


def test_a_run_is_not_worse_than_itself() -> None:
    card = _card(_score(_truth()), SHAKEN)
    assert worse(card, card) == ()
    assert all(at(card["all"], figure.path) is not None for figure in FIGURES[:4])


def test_every_figure_is_on_the_card() -> None:
    clip = _card(_score(_truth("pause")))["clips"]["a"]
    for figure in FIGURES:
        found: Any = clip
        for key in figure.path.split("."):
            assert key in found, figure.path
            found = found[key]


def test_a_figure_beyond_its_slack_is_worse() -> None:
    before = _score(_truth())
    slightly = replace(before, live=replace(before.live, delays_s=(0.58,)))
    much = replace(before, live=replace(before.live, delays_s=(0.62,)))
    assert worse(_card(before), _card(slightly)) == ()
    lines = worse(_card(before), _card(much))
    assert lines[0] == "a: live.decision_delay_s.max was 0.5, is 0.62"
    assert worse(_card(much), _card(before)) == ()


def test_a_count_has_no_slack() -> None:
    before = _score(_truth())
    lines = worse(_card(before), _card(replace(before, count=2)))
    assert lines[0] == "a: count_off was 0.0, is 1.0"


def test_a_clip_or_a_version_that_is_missing_or_lost_is_worse() -> None:
    before = _score(_truth())
    card = _card(before, SHAKEN)
    assert "a: not scored" in worse(card, _card(replace(before, name="b"), SHAKEN))
    assert worse(card, _card(before)) == ("shake by 1 %, a: not tried",)
    lost = _card(before, replace(SHAKEN, count=0))
    assert worse(card, lost) == ("shake by 1 %, a: counted 1, now 0",)
    assert worse(lost, card) == ()


def test_a_clip_that_is_refused_without_calibration_is_worse() -> None:
    scored = _score(_truth("pause"))
    miss = CalibrationMiss("settle", {"nape": 0.1, "waist": 0.3})
    found = UncalibratedScore("a", True, miss, (miss,), scored)
    before = full_card(Figures([scored], (), [found]))
    after = full_card(Figures([scored], (), [UncalibratedScore("a", True, None, (), None)]))
    assert before["uncalibrated"]["a"]["calibration"]["mean"] == 0.2
    assert before["uncalibrated"]["a"]["sources"][0]["source"] == "settle"
    assert worse(before, before) == ()
    lines = worse(before, after)
    assert lines[0] == "a without calibration: count_off was 0.0, is None"
    assert worse(after, before) == ()
    met = {one.wanted: one.met for one in goals([scored], [], [found])}
    assert met["without the calibration file, where there is a settle hold: count within 1"]


def test_without_calibration_a_fault_may_be_missed_but_none_may_be_false() -> None:
    truth, pause = _truth("pause"), Check("pause", "fault", 0.5, 1.0)

    def card(*faults: Check) -> dict[str, Any]:
        scored = _score(truth, *faults)
        miss = CalibrationMiss("settle", {"nape": 0.1})
        return full_card(Figures([scored], (), [UncalibratedScore("a", True, miss, (), scored)]))

    def lines(fresh: dict[str, Any]) -> list[str]:
        return [one for one in worse(card(pause), fresh) if "without calibration" in one]

    assert lines(card()) == []
    assert lines(card(pause, replace(pause, code="rushed"))) == [
        "a without calibration: faults_all.false was 0.0, is 1.0"
    ]


def test_goals_say_what_is_met() -> None:
    met = {goal.wanted: goal.met for goal in goals([_score(_truth())], [SHAKEN], [])}
    assert met["count in its range on every clip, review"] is True
    assert met["frames with the right phase ≥ 0.93"] is False
    assert met["count stays in harder pictures"] is True
    assert met["faults stay in harder pictures, or are not seen, and none is new"] is True
    assert met["no attempt where there is no stroke"] is None


def _run(video: Path, truth: Truth, *faults: Check) -> ClipRun:
    hand = TrackedHand(truth.hands["left"].landmarks_px[0] + 4, observed=True)
    pairs = tuple(HandPair(index / FPS, hand, None) for index in range(FRAMES))
    rep = Rep(1, 0.2, 1.8, True, (PhaseSpan("up", 0.5, 1.8),), faults, 0.0, 90.0)
    return ClipRun(video, truth, (rep,), pairs, _score(truth, *faults))


def test_faults_missed_and_false_are_weaknesses() -> None:
    false = Check("pause", "fault", 0.5, 1.0)
    unseen = Check("rushed", "not_seen", 0.2, 1.8)
    found = weaknesses([_run(Path("a.mp4"), _truth("rushed"), false, unseen)])
    words = " ".join(one.words for one in found)
    assert "the fault `rushed` was played and the check says not seen" in words
    assert "the fault `pause` is found and is none" in words
    assert {one.key for one in found} >= {"missed", "inexact", "missed_a_1", "false_a_1_pause"}


@pytest.mark.slow
def test_the_card_is_a_page_with_its_twin_and_pictures(
    grey_clip: Callable[..., Path], tmp_path: Path
) -> None:
    page = tmp_path / "docs" / "accuracy.md"
    old = tmp_path / "docs" / "pictures" / "accuracy_old.jpg"
    old.parent.mkdir(parents=True)
    old.touch()
    run = _run(grey_clip("a.mp4", seconds=2.0), _truth(), Check("pause", "fault", 0.5, 1.0))
    lost = replace(SHAKEN, count=0)
    shown = [(lost, np.zeros((48, 64, 3), np.uint8))]
    bare_clip = UncalibratedScore("a", True, None, (), None)
    write_card([run], shown, [bare_clip], tmp_path / "clips", page)
    text = page.read_text("utf-8")
    assert "| `a` | overhead | 1 | 1 | 3 | – | 1/1 |" in text
    assert "| `a` | yes | none | – | – |" in text
    links = re.findall(r"\]\((pictures/[^)]+)\)", text)
    assert len(links) == 5
    sizes = [(page.parent / link).stat().st_size for link in links]
    assert 0 < min(sizes) <= max(sizes) <= 60_000
    assert not old.exists()
    twin = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert worse(twin, _card(run.score, lost)) == ()
    assert twin["slack"]["count_off"] == {"better": "lower", "slack": 0}


def test_regained_is_null_without_bare() -> None:
    scored = _score(_truth())
    assert _card(scored)["clips"]["a"]["regained"] == 0.9
    assert _card(replace(scored, bare=None))["clips"]["a"]["regained"] is None
