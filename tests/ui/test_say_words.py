"""What is said becomes words and tones, stands on the screen for a while, and then rests."""

import pytest

from routines.coaching import Coaching
from routines.reps import Check, Rep, RepEnded
from routines.routine import load_routine
from sessions.guided import Level, Say
from ui.guide_run import Spoken
from ui.say_words import fresh, standing_cue, standing_notice, utterance, words_of
from ui.texts import text

ROUTINE = load_routine()


def spoken(*says: Say) -> tuple[Spoken, ...]:
    return tuple(Spoken(number, say) for number, say in enumerate(says, start=1))


def test_each_kind_has_its_words_and_its_tone() -> None:
    task = utterance(Spoken(1, Say(0.0, "task", "guide.oil")), ROUTINE)
    assert (task.words, task.tone, task.urgent) == (text("guide.oil"), "task", False)
    count = utterance(Spoken(2, Say(0.0, "count", "count", {"count": 3, "goal": 10})), ROUTINE)
    assert (count.words, count.tone) == ("3", "count")
    got = utterance(Spoken(3, Say(0.0, "tone", "tone.got_it")), ROUTINE)
    assert (got.words, got.tone) == ("", "ring")
    cue = utterance(Spoken(4, Say(0.0, "cue", "rushed")), ROUTINE)
    assert (cue.words, cue.tone) == (ROUTINE.faults["rushed"].spoken, "cue")


def test_the_spine_is_urgent() -> None:
    cue = utterance(Spoken(1, Say(0.0, "cue", "on_spine")), ROUTINE)
    assert cue.urgent
    assert cue.tone == "urgent"


def test_a_reason_is_not_read_out() -> None:
    refused = Say(0.0, "notice", "notice.touch_refused", {"reason": "The palms differ by 90 px."})
    assert "px" not in words_of(refused, ROUTINE)


def test_what_was_said_long_ago_is_kept_from_a_page_that_comes_late() -> None:
    says = spoken(Say(1.0, "task", "guide.check"), Say(9.0, "task", "guide.oil"))
    assert [each.number for each in fresh(says, 10.0)] == [2]


def test_a_cue_stands_until_a_newer_task_or_for_some_seconds() -> None:
    cue, task = Say(10.0, "cue", "rushed"), Say(12.0, "task", "guide.paused")
    assert standing_cue(spoken(cue), 11.0) is cue
    assert standing_cue(spoken(cue), 30.0) is None
    assert standing_cue(spoken(cue, task), 13.0) is None
    assert standing_cue(spoken(cue, Say(12.0, "count", "count")), 13.0) is cue


def test_a_notice_stands_beside_the_task() -> None:
    notice, task = Say(0.0, "notice", "notice.stop_when_it_hurts"), Say(0.0, "task", "guide.check")
    assert standing_notice(spoken(notice, task), 3.0) is notice
    assert standing_notice(spoken(notice, task), 30.0) is None


def rep(index: int, *faults: str) -> Rep:
    start_s = 10.0 * index
    checks = tuple(Check(code, "fault", start_s, start_s + 1, "both") for code in faults)
    fine = tuple(
        Check(code, "fine", start_s, start_s) for code in ROUTINE.faults if code not in faults
    )
    return Rep(index, start_s, start_s + 9, True, (), checks + fine, 0.0, score=90.0)


@pytest.mark.parametrize(
    ("level", "heard_after"),
    [("every", [1, 2, 3, 4, 5]), ("second", [1, 3, 5]), ("summary", []), ("fade", [1, 2, 3, 4, 5])],
)
def test_each_level_of_coaching_is_heard_as_often_as_it_says(
    level: Level, heard_after: list[int]
) -> None:
    coaching, heard = Coaching(ROUTINE, level), []
    for index in range(1, 6):
        cue = coaching.step(10.0 * index + 9, [RepEnded(10.0 * index + 9, rep(index, "rushed"))])
        if cue is not None:
            say = Say(cue.time_s, "cue", cue.code)
            assert utterance(Spoken(index, say), ROUTINE).words == ROUTINE.faults["rushed"].spoken
            heard.append(index)
    assert heard == heard_after
