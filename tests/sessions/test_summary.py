"""A summary is true: it praises what was seen, and names one thing to work on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routines.coaching import IMPORTANCE
from routines.judge import EXPLAINED_BY
from routines.reps import Check, Outcome, Rep
from routines.routine import FAULT_CODES, load_routine
from sessions.summary import EVEN_CV, Summary, summarise

ROUTINE = load_routine()
TIMES_S = (8.0, 8.4, 7.8, 8.2, 8.1, 8.0, 7.9, 8.3, 8.2, 8.0)


def rep(index, *faults, duration_s=None, not_seen=(), measured=2.0, score=100.0):
    start_s = 10.0 * index
    outcomes: dict[str, Outcome] = dict.fromkeys(FAULT_CODES, "fine")
    outcomes.update(dict.fromkeys(not_seen, "not_seen"))
    outcomes.update(dict.fromkeys(faults, "fault"))
    end_s = start_s + (TIMES_S[index % 10] if duration_s is None else duration_s)
    checks = tuple(
        Check(code, outcome, start_s, end_s, "left", measured, 1.0, "s")
        for code, outcome in outcomes.items()
    )
    counted = not any(ROUTINE.faults[code].kind == "path" for code in faults)
    return Rep(index + 1, start_s, end_s, counted, (), checks, 0.0, score)


def session(*faults, **more) -> Summary:
    """The summary of reps with these faults: a code, several, or None each."""
    rows = [(one,) if isinstance(one, str) else one or () for one in faults]
    return summarise([rep(index, *codes, **more) for index, codes in enumerate(rows)], ROUTINE)


def test_no_rep_is_said_honestly():
    empty = Summary(0, 0, 0, None, None, None, None, 0, (), None, None, ())
    assert summarise([], ROUTINE) == empty


def test_one_clean_rep_is_clean_and_has_no_rhythm_yet():
    told = session(None)
    assert (told.count, told.clean, told.went_well) == (1, 1, "clean")
    assert told.evenness is None
    assert told.work_on is None
    assert told.next_focus is None


def test_one_rep_with_a_fault_is_not_praised():
    told = session("short_reach")
    assert (told.count, told.attempts, told.clean, told.went_well) == (0, 1, 0, None)
    assert told.next_focus == "short_reach"


def test_what_nobody_saw_is_neither_praised_nor_blamed():
    told = session(None, None, None, None, not_seen=FAULT_CODES, score=None, duration_s=8.0)
    assert told.clean == 0
    assert told.work_on is None
    assert told.never_seen == IMPORTANCE
    assert told.went_well is None
    assert told.evenness is None


def test_a_check_that_was_seen_once_is_not_called_never_seen():
    reps = [rep(0, not_seen=["asymmetric", "pause"]), rep(1, not_seen=["asymmetric"])]
    assert summarise(reps, ROUTINE).never_seen == ("asymmetric",)


def test_tempo_holds_every_rep_and_evenness_the_counted_ones():
    reps = [
        rep(0, duration_s=8.0),
        rep(1, duration_s=10.0),
        rep(2, "incomplete", duration_s=3.0),
        rep(3, duration_s=12.0),
    ]
    told = summarise(reps, ROUTINE)
    assert told.tempo_s == pytest.approx((8.0, 10.0, 3.0, 12.0))
    assert told.evenness == pytest.approx(2.0 / 10.0)
    assert told.went_well != "even"


def test_an_even_rhythm_went_well():
    told = session("pause", None, None, None, "pause")
    assert told.evenness is not None
    assert told.evenness <= EVEN_CV
    assert told.went_well == "even"


@pytest.mark.parametrize(
    ("faults", "key"),
    [
        (["pause"], "beside_spine"),
        (["on_spine"], "together"),
        (["on_spine", "asymmetric"], "to_neck"),
        (["on_spine", "asymmetric", "short_reach"], None),
        (["on_spine", "one_hand"], "to_neck"),
    ],
)
def test_what_was_fine_every_time_went_well(faults, key):
    reps = [rep(index, *faults, duration_s=5.0 + 5.0 * index) for index in range(3)]
    assert summarise(reps, ROUTINE).went_well == key


def test_every_time_takes_three_reps_and_sight():
    uneven = {"duration_s": 5.0}
    two = [rep(0, "pause"), rep(1, "pause", **uneven)]
    assert summarise(two, ROUTINE).went_well is None
    hidden = [rep(index, "pause", duration_s=5.0 + 5.0 * index) for index in range(3)]
    hidden[1] = rep(1, "pause", not_seen=["on_spine"], duration_s=10.0)
    assert summarise(hidden, ROUTINE).went_well == "together"


def test_a_mended_fault_went_well_and_is_minded_next_time():
    told = session("pause", "pause", None, None)
    assert (told.went_well, told.mended) == ("mended", "pause")
    assert told.work_on is None
    assert told.next_focus == "pause"


@pytest.mark.parametrize(
    "faults",
    [
        ["pause", None],
        ["pause", "pause", "pause", None, None],
        ["pause", None, None, "pause"],
    ],
)
def test_a_fault_that_hardly_stayed_away_is_not_mended(faults):
    told = session(*faults)
    assert told.mended is None
    assert told.work_on is not None
    assert told.work_on.code == "pause"


def test_a_fault_that_was_no_longer_seen_is_not_mended():
    reps = [rep(0, "pause"), rep(1), rep(2, not_seen=["pause"])]
    assert summarise(reps, ROUTINE).mended is None


def test_a_fault_that_another_one_explains_was_not_seen_to_be_mended():
    (effect, cause), *_ = [("asymmetric", one) for one in EXPLAINED_BY["asymmetric"]]
    told = session(effect, cause, cause)
    assert told.mended is None
    assert told.work_on is not None
    assert told.work_on.code == cause


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (["pause", "on_spine", "short_reach"], "on_spine"),
        (["pause", "pause", "short_reach"], "short_reach"),
        (["pause", "pause", "pause", "short_reach", "pause"], "pause"),
        (["pause", "asymmetric"], "pause"),
    ],
)
def test_work_on_weighs_importance_by_how_often(faults, code):
    told = session(*faults)
    assert told.work_on is not None
    assert told.work_on.code == told.next_focus == code
    assert told.work_on_reps == faults.count(code)


def test_work_on_shows_the_plainest_moment():
    reps = [rep(0, "pause", measured=1.5), rep(1, "pause", measured=4.0), rep(2, "pause")]
    told = summarise(reps, ROUTINE)
    assert told.rep_index == 2
    assert told.work_on is not None
    assert (told.work_on.measured, told.work_on.start_s) == (4.0, reps[1].start_s)
    below = [rep(0, "rushed", measured=0.9), rep(1, "rushed", measured=0.3)]
    assert summarise(below, ROUTINE).rep_index == 2


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(FAULT_CODES), max_size=3),
            st.lists(st.sampled_from(FAULT_CODES), max_size=13),
            st.floats(0.5, 60.0),
        ),
        max_size=12,
    )
)
def test_a_summary_never_contradicts_its_reps(drawn):
    reps = [
        rep(index, *faults, not_seen=unseen, duration_s=duration_s)
        for index, (faults, unseen, duration_s) in enumerate(drawn)
    ]
    told = summarise(reps, ROUTINE)
    assert told.clean <= told.count <= told.attempts == len(told.tempo_s)
    if told.work_on is not None:
        assert told.rep_index is not None
        assert told.work_on in reps[told.rep_index - 1].faults
        assert told.work_on.code != told.mended
        assert told.work_on.code not in told.never_seen
    else:
        assert not any(one.faults for one in reps[-2:])
    if told.went_well == "clean":
        assert not any(one.faults for one in reps)
    assert (told.went_well == "mended") == (told.mended is not None)
