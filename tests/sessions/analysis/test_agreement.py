"""Kappa on published tables, and agreement on sessions worked out by hand."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routines.reps import Span
from sessions.analysis.agreement import (
    Agreement,
    Table,
    between_instructors,
    pairs_total,
    total,
    with_machine,
)
from sessions.analysis.instructors import authors_of, looked, rep_of, taught
from sessions.store.values import Verdict

NUMBERS = st.integers(0, 40)
TABLES = st.builds(Table, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        # Proposals for grants, two readers: the example of most textbooks' first page on kappa.
        (Table(20, 5, 10, 15), 0.4),
        # The textbooks' pair with the same agreement of 60 % and other margins.
        (Table(45, 15, 25, 15), 0.1304),
        (Table(25, 35, 5, 35), 0.2593),
        # The two paradoxes of Feinstein & Cicchetti 1990: 85 % of agreement each.
        (Table(40, 9, 6, 45), 0.70),
        (Table(80, 10, 5, 5), 0.32),
    ],
)
def test_kappa_of_published_tables(table, kappa):
    assert table.kappa == pytest.approx(kappa, abs=0.005)


def test_kappa_is_undefined_without_units_and_without_contrast():
    assert Table().kappa is None
    assert Table(neither=12).kappa is None
    assert Table(both=3).kappa is None
    assert Table(both=1, neither=11).kappa == 1.0
    assert Table(one_only=1, other_only=1).kappa == -1.0


@given(TABLES)
def test_kappa_does_not_ask_who_is_who(table):
    assert table.kappa == table.swapped.kappa
    if table.kappa is not None:
        assert -1.0 <= table.kappa <= 1.0


@given(NUMBERS, NUMBERS)
def test_a_judge_agrees_with_himself(there, absent):
    assume(there and absent)
    assert Table(both=there, neither=absent).kappa == 1.0


@given(TABLES)
def test_kappa_is_agreement_beyond_chance(table):
    assume(table.kappa is not None)
    one = (table.both + table.one_only) / table.units
    other = (table.both + table.other_only) / table.units
    chance = one * other + (1 - one) * (1 - other)
    assert table.kappa == pytest.approx((table.agreed_share - chance) / (1 - chance), abs=1e-9)


def test_what_was_left_untouched_counts_as_agreed(studio):
    reps = [studio.rep(1, "pause"), studio.rep(2)]
    assert authors_of(taught(studio.session(reps))) == (None,)
    found = with_machine(taught(studio.session(reps)), studio.routine)
    assert found.faults["pause"] == Table(both=1, neither=1)
    assert found.all_faults.kappa == 1.0
    assert found.counts.mean_error == 0.0
    assert found.boundary_error_s is None


def test_a_session_that_waits_tells_nothing(studio):
    rep = studio.rep(1, "pause")
    said = [studio.verdict("wrong", rep, "pause")]
    waiting = studio.session([rep], verdicts=said, waiting=True)
    assert with_machine(taught(waiting), studio.routine) == Agreement()
    assert between_instructors(taught(waiting), studio.routine) == {}


def test_words_on_faults_make_the_table(studio):
    reps = [
        studio.rep(1, "pause"),
        studio.rep(2, "pause"),
        studio.rep(3),
        studio.rep(4, not_seen=("pause",)),
        studio.rep(5, not_seen=("pause",)),
    ]
    said = [
        studio.verdict("right", reps[0], "pause"),
        studio.verdict("wrong", reps[1], "pause"),
        studio.verdict("missed", reps[2], "pause"),
        studio.verdict("missed", reps[3], "pause"),
    ]
    found = with_machine(taught(studio.session(reps, verdicts=said)), studio.routine)
    # What the machine could not see is no unit, whatever the instructor saw.
    assert found.faults["pause"] == Table(both=1, one_only=1, other_only=1)
    assert found.faults["pause"].kappa == pytest.approx(-0.5)
    assert found.reps == 5


def test_the_last_word_holds(studio):
    rep = studio.rep(1, "pause")
    said = [
        studio.verdict("right", rep, "pause", after_s=9),
        studio.verdict("wrong", rep, "pause", after_s=3),
    ]
    found = with_machine(taught(studio.session([rep], verdicts=said)), studio.routine)
    assert found.faults["pause"] == Table(both=1)


def test_a_fault_that_a_newer_engine_no_longer_finds_is_still_there_by_their_word(studio):
    rep = studio.rep(1)
    said = [studio.verdict("right", rep, "pause")]
    found = with_machine(taught(studio.session([rep], verdicts=said)), studio.routine)
    assert found.faults["pause"] == Table(other_only=1)


def test_counts_follow_words_on_reps_and_on_path_faults(studio):
    reps = [
        studio.rep(1),
        studio.rep(2, "short_reach"),
        studio.rep(3),
        studio.rep(4, "incomplete"),
        studio.rep(5),
    ]
    said = [
        studio.verdict("does_not_count", reps[0]),
        studio.verdict("wrong", reps[1], "short_reach"),
        studio.verdict("missed", reps[2], "out_of_order"),
        studio.verdict("counts", reps[3]),
    ]
    look = looked(taught(studio.session(reps, verdicts=said)), "ida", studio.routine)
    assert [word.counted for word in look.reps] == [False, True, False, True, True]
    found = with_machine(taught(studio.session(reps, verdicts=said)), studio.routine)
    assert (found.counts.one, found.counts.other) == ((3,), (3,))


def test_a_missed_rep_is_counted_until_a_newer_engine_finds_it(studio):
    reps = [studio.rep(1), studio.rep(2)]
    said = [studio.verdict("missed", studio.rep(3))]
    before = with_machine(taught(studio.session(reps, verdicts=said)), studio.routine)
    assert (before.counts.one, before.counts.other) == ((2,), (3,))
    assert before.counts.mean_error == 1.0
    later = [*reps, studio.rep(3, start_s=30.4)]
    after = with_machine(taught(studio.session(later, verdicts=said)), studio.routine)
    assert after.counts.mean_error == 0.0
    assert after.counts.right_share == 1.0


def test_boundary_errors_are_of_corrected_reps_alone(studio):
    reps = [studio.rep(1, phases=studio.phases(10.0, 2, 2, 2, 2)), studio.rep(2)]
    set_anew = studio.phases(10.2, 2, 2.1, 1.9, 2)
    session = studio.session(reps, corrections=[studio.correction(reps[0], *set_anew)])
    found = with_machine(taught(session), studio.routine)
    assert sorted(found.boundaries_s) == pytest.approx([0.2, 0.2, 0.2, 0.2, 0.3])
    assert found.boundary_error_s == pytest.approx(0.2)
    assert found.corrected_reps == 1


def test_two_instructors_are_compared_where_both_spoke(studio):
    reps = [studio.rep(1, "pause"), studio.rep(2, "pause"), studio.rep(3)]
    said = [
        studio.verdict("wrong", reps[0], "pause"),
        studio.verdict("right", reps[0], "pause", by="otto"),
        studio.verdict("wrong", reps[1], "pause", by="otto"),
        studio.verdict("does_not_count", reps[2], by="otto"),
    ]
    session = studio.session(reps, verdicts=said)
    found = between_instructors(taught(session), studio.routine)
    assert list(found) == [("ida", "otto")]
    assert found["ida", "otto"].faults["pause"] == Table(one_only=1, other_only=1, neither=1)
    assert (found["ida", "otto"].counts.one, found["ida", "otto"].counts.other) == ((3,), (2,))
    twice = pairs_total([found, found])
    assert twice["ida", "otto"].sessions == 2
    assert twice["ida", "otto"].faults["pause"].units == 6
    assert with_machine(taught(session), studio.routine).sessions == 2, "one for each of them"


def test_agreements_add_up(studio):
    reps = [studio.rep(1, "pause"), studio.rep(2)]
    one = with_machine(taught(studio.session(reps)), studio.routine)
    whole = total([one, one, Agreement()])
    assert (whole.sessions, whole.reps) == (2, 4)
    assert whole.all_faults.units == 2 * one.all_faults.units


def test_a_word_belongs_to_the_rep_it_lies_in(studio):
    reps = [studio.rep(1), studio.rep(2)]
    assert rep_of(Span(17.0, 21.0), reps) is reps[0], "of two alike the first"
    assert rep_of(Span(17.5, 24.0), reps) is reps[1]
    assert rep_of(Span(12.0, 12.0), reps) is reps[0], "a moment"
    assert rep_of(Span(18.5, 19.5), reps) is None
    assert rep_of(Span(1.0, 2.0), []) is None


def test_words_beside_every_rep_are_no_unit(studio):
    rep = studio.rep(1)
    aside = Verdict("v", "ida", "Ida", "missed", 1.0, 2.0, "pause", None, studio.noon)
    found = with_machine(taught(studio.session([rep], verdicts=[aside])), studio.routine)
    assert found.faults["pause"] == Table(neither=1)


def test_who_looked_and_said_nothing_agrees_with_the_machine(studio):
    reps = [studio.rep(1, "pause"), studio.rep(2)]
    said = [studio.verdict("wrong", reps[0], "pause")]
    session = taught(studio.session(reps, verdicts=said, looked_at_by=("otto",)))
    assert authors_of(session) == ("ida", "otto")
    found = between_instructors(session, studio.routine)["ida", "otto"]
    assert found.faults["pause"] == Table(other_only=1, neither=1)
    assert with_machine(session, studio.routine).faults["pause"] == Table(1, 1, 0, 2)


@pytest.mark.parametrize("looked_at_by", [(), ("ida",), ("ida", "otto")])
def test_untouched_sessions_are_told_by_their_line_as_by_their_reps(studio, looked_at_by):
    reps = [
        studio.rep(1, "pause"),
        studio.rep(2, "short_reach", not_seen=("pause",)),
        studio.rep(3),
    ]
    whole = taught(studio.session(reps, looked_at_by=looked_at_by))
    aside = Verdict("v", "ida", "Ida", "missed", 1.0, 2.0, "pause", None, studio.noon)
    spoken = replace(whole, verdicts=(aside,), looked_at_by=looked_at_by or ("ida",))
    assert with_machine(replace(whole, reps=()), studio.routine) == with_machine(
        spoken, studio.routine
    )
    if len(looked_at_by) == 2:
        quiet = between_instructors(replace(whole, reps=()), studio.routine)
        assert quiet == between_instructors(spoken, studio.routine)
        assert quiet["ida", "otto"].all_faults.kappa == 1.0
