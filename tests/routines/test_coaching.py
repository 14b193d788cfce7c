"""One cue at a time, the most important first, ever fewer while it goes well."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routines.coaching import FADE_REPS, IMPORTANCE, LADDER, SPINE, Coaching
from routines.judge import EXPLAINED_BY
from routines.reps import (
    Check,
    Event,
    Outcome,
    Rep,
    RepEnded,
    RepEnding,
    RepStarted,
    SpineTouched,
)
from routines.routine import FAULT_CODES, load_routine

ROUTINE = load_routine()
GAP_S = 7.5
LEVELS = (*LADDER, "fade")


def rep(start_s, end_s, *faults, not_seen=(), score=100.0):
    outcomes: dict[str, Outcome] = dict.fromkeys(FAULT_CODES, "fine")
    outcomes.update(dict.fromkeys(not_seen, "not_seen"))
    outcomes.update(dict.fromkeys(faults, "fault"))
    path = any(ROUTINE.faults[code].kind == "path" for code in faults)
    return Rep(
        index=1,
        start_s=start_s,
        end_s=end_s,
        counted=not path,
        phases=(),
        checks=tuple(
            Check(code, outcome, start_s, end_s, "left" if outcome == "fault" else None)
            for code, outcome in outcomes.items()
        ),
        unseen_share=0.0,
        score=score,
    )


def said_at(coaching, time_s, *events: Event):
    """Code and hand of the cue for these events, or None."""
    cue = coaching.step(time_s, events)
    return cue and (cue.code, cue.hand)


def told(coaching, *reps, touched=()):
    """The code said at each rep's end, or the spine warning in it."""
    said = []
    for number, one in enumerate(reps):
        coaching.step(one.start_s + 0.5, [RepStarted(one.start_s)])
        events = [SpineTouched(one.start_s + 2.0, "both")] if number in touched else []
        warning = coaching.step(one.start_s + 2.0, events)
        after = coaching.step(one.end_s + 0.5, [RepEnded(one.end_s + 0.5, one)])
        assert warning is None or after is None
        cue = warning or after
        said.append(cue.code if cue else None)
    return said


def row(*faults, cycle_s=10.0):
    """Reps end to end; one fault code each, or None."""
    return [
        rep(index * cycle_s, (index + 1) * cycle_s, *([code] if code else []))
        for index, code in enumerate(faults)
    ]


def test_every_fault_has_its_rank():
    assert sorted(IMPORTANCE) == sorted(FAULT_CODES)
    assert IMPORTANCE[0] == SPINE
    path = [ROUTINE.faults[code].kind == "path" for code in IMPORTANCE[1:]]
    assert path == sorted(path, reverse=True)


def test_a_cause_goes_before_what_follows_from_it():
    for effect, causes in EXPLAINED_BY.items():
        assert all(IMPORTANCE.index(cause) < IMPORTANCE.index(effect) for cause in causes)


def test_the_most_important_fault_is_cued_alone():
    coaching = Coaching(ROUTINE, "every")
    one = rep(0.0, 10.0, "pause", "short_reach", "asymmetric")
    cue = coaching.step(10.5, [RepEnded(10.5, one)])
    assert cue is not None
    assert (cue.time_s, cue.code, cue.hand) == (10.5, "short_reach", "left")


def test_silence_means_right_and_not_seen_is_silence():
    unseen = rep(10.0, 20.0, not_seen=FAULT_CODES, score=None)
    for level in LEVELS:
        assert told(Coaching(ROUTINE, level), rep(0.0, 10.0), unseen) == [None, None]


def test_a_touched_spine_is_said_at_once_and_not_again_at_the_end():
    coaching = Coaching(ROUTINE, "every")
    assert said_at(coaching, 2.0, SpineTouched(2.0, "both")) == (SPINE, "both")
    one = rep(0.0, 11.0, SPINE, "short_reach")
    assert coaching.step(11.5, [RepEnded(11.5, one)]) is None
    after = rep(11.0, 21.0, "short_reach")
    assert said_at(coaching, 21.5, RepEnded(21.5, after)) == ("short_reach", "left")


def test_a_warning_goes_before_the_last_reps_fault():
    coaching = Coaching(ROUTINE, "every")
    over = RepEnded(12.0, rep(0.0, 11.0, "one_hand"))
    assert said_at(coaching, 12.0, over, SpineTouched(12.0, "right")) == (SPINE, "right")


def test_a_warning_that_has_to_wait_comes_at_the_reps_end_before_other_faults():
    coaching = Coaching(ROUTINE, "every")
    first, second = rep(0.0, 10.0, "pause"), rep(10.0, 20.0, "one_hand", SPINE)
    assert told(coaching, first, second, touched=[1]) == ["pause", SPINE]


def test_a_warning_before_an_attempt_that_came_to_nothing_does_not_silence_the_next():
    coaching = Coaching(ROUTINE, "every")
    assert coaching.step(2.0, [SpineTouched(2.0, "both")]) is not None
    one = rep(5.0, 15.0, "pause")
    assert said_at(coaching, 15.5, RepEnded(15.5, one)) == ("pause", "left")


def coming_home(time_s, one):
    return RepEnding(time_s, one.start_s, one.faults)


def test_a_cue_of_hands_that_come_home_waits_for_the_gaps_end():
    coaching = Coaching(ROUTINE, "every")
    first, second = row("pause", "short_reach", cycle_s=7.0)
    assert said_at(coaching, 6.6, coming_home(6.6, first)) == ("pause", "left")
    assert said_at(coaching, 7.5, RepEnded(7.5, first)) is None
    assert said_at(coaching, 13.6, coming_home(13.6, second)) is None
    assert said_at(coaching, 14.05) is None
    assert said_at(coaching, 14.15) == ("short_reach", "left")
    assert said_at(coaching, 14.5, RepEnded(14.5, second)) is None


def test_a_cue_that_would_have_to_wait_for_longer_is_dropped():
    coaching = Coaching(ROUTINE, "every")
    first, second = row("pause", "short_reach", cycle_s=5.0)
    assert said_at(coaching, 4.6, coming_home(4.6, first)) == ("pause", "left")
    assert said_at(coaching, 5.5, RepEnded(5.5, first)) is None
    assert said_at(coaching, 9.6, coming_home(9.6, second)) is None
    assert said_at(coaching, 10.5, RepEnded(10.5, second)) is None
    assert said_at(coaching, 12.2) is None


def test_a_cue_that_waits_is_not_said_into_the_stroke_that_follows():
    coaching = Coaching(ROUTINE, "every")
    first, second = row("pause", "short_reach", cycle_s=7.0)
    assert said_at(coaching, 7.5, RepEnded(7.5, first)) == ("pause", "left")
    assert said_at(coaching, 13.6, coming_home(13.6, second)) is None
    assert said_at(coaching, 15.1) is None


@pytest.mark.parametrize("level", LEVELS)
def test_safety_speaks_at_every_level(level):
    coaching = Coaching(ROUTINE, level)
    reps = row(None, None, None, None, SPINE, SPINE)
    assert told(coaching, *reps, touched=[4]) == [None] * 4 + [SPINE, SPINE]


def test_levels():
    reps = row(*["pause"] * 5)
    assert told(Coaching(ROUTINE, "every"), *reps) == ["pause"] * 5
    assert told(Coaching(ROUTINE, "second"), *reps) == ["pause", None, "pause", None, "pause"]
    assert told(Coaching(ROUTINE, "summary"), *reps) == [None] * 5


def test_cues_fade_as_reps_succeed_and_return_when_they_do_not():
    coaching = Coaching(ROUTINE, "fade")
    levels = []
    said = []
    slips = ["pause", None, None, None, None, "pause", None, "pause", "pause", "pause", "pause"]
    for one in row(*slips):
        said += told(coaching, one)
        levels.append(coaching.level_now)
    assert levels == [
        *["every"] * 2,
        *["second"] * 2,
        *["summary"] * 4,
        *["second"] * 2,
        "every",
    ]
    assert said == ["pause", *[None] * 7, "pause", None, "pause"]


def test_a_rep_that_was_hardly_seen_neither_fades_nor_returns():
    coaching = Coaching(ROUTINE, "fade")
    unseen = [rep(10.0 * n, 10.0 * n + 10.0, not_seen=FAULT_CODES, score=None) for n in range(6)]
    told(coaching, *unseen)
    assert coaching.level_now == "every"


def test_the_level_can_be_changed_on_the_way():
    coaching = Coaching(ROUTINE, "summary")
    first, second, third = row("pause", "pause", "pause")
    assert told(coaching, first) == [None]
    coaching.change_level("every")
    assert told(coaching, second) == ["pause"]
    assert coaching.level_now == "every"
    coaching.change_level("summary")
    assert told(coaching, third) == [None]


codes = st.sampled_from(FAULT_CODES)
drawn_reps = st.lists(
    st.tuples(
        st.floats(1.0, 25.0),
        st.lists(codes, max_size=4),
        st.lists(codes, max_size=6),
        st.booleans(),
        st.floats(0.0, 3.0),
    ),
    max_size=25,
)


@pytest.mark.slow
@given(drawn_reps, st.sampled_from(LEVELS))
def test_whatever_happens_cues_keep_their_rules(drawn, level):
    coaching = Coaching(ROUTINE, level)
    said = []
    now_s = 0.0
    for duration_s, faults, not_seen, touched, rest_s in drawn:
        one = rep(now_s, now_s + duration_s, *faults, not_seen=not_seen)
        during = []
        if touched:
            at_s = now_s + 0.4 * duration_s
            during = [coaching.step(at_s, [SpineTouched(at_s, "both")])]
        now_s += duration_s
        after = coaching.step(now_s, [RepEnded(now_s, one)])
        about = [cue for cue in (*during, after) if cue is not None]
        said += about
        assert len(about) <= 1
        if after is not None:
            assert after.code in faults
            ranks = [IMPORTANCE.index(code) for code in faults]
            assert IMPORTANCE.index(after.code) == min(ranks)
        if level == "summary":
            assert all(cue.code == SPINE for cue in about)
        now_s += rest_s
    for before, later in itertools.pairwise(said):
        assert later.time_s - before.time_s >= GAP_S


@given(drawn_reps, st.integers(FADE_REPS * len(LADDER), 12))
def test_clean_reps_only_ever_fade_and_in_the_end_there_is_silence(drawn, clean):
    coaching = Coaching(ROUTINE, "fade")
    now_s = 0.0
    for duration_s, faults, not_seen, _, rest_s in drawn:
        one = rep(now_s, now_s + duration_s, *faults, not_seen=not_seen)
        now_s += duration_s + rest_s
        coaching.step(now_s, [RepEnded(now_s, one)])
    rungs = [LADDER.index(coaching.level_now)]
    for _ in range(clean):
        one = rep(now_s, now_s + 10.0)
        now_s += 10.0
        assert coaching.step(now_s, [RepEnded(now_s, one)]) is None
        rungs.append(LADDER.index(coaching.level_now))
    assert rungs == sorted(rungs)
    assert rungs[-1] == len(LADDER) - 1
    assert all(later - before <= 1 for before, later in itertools.pairwise(rungs))


@given(st.lists(st.sampled_from([None, "pause"]), min_size=1, max_size=20))
def test_at_second_no_two_reps_in_a_row_are_cued(faults):
    said = told(Coaching(ROUTINE, "second"), *row(*faults))
    assert all(before is None or later is None for before, later in itertools.pairwise(said))
