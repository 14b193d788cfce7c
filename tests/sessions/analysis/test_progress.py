"""Progress over made-up weeks, worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.analysis.progress import LEAST_SESSIONS, Next, progress_of, trend, work_on


def _weekly(studio, *values):
    return [(studio.line(day=7 * week).started, value) for week, value in enumerate(values)]


def test_four_sessions_are_too_early_whatever_they_show(studio):
    found = trend(_weekly(studio, 0.1, 0.3, 0.5, 0.9))
    assert (found.direction, found.per_week, found.sessions) == ("too_early", None, 4)


def test_five_in_order_are_a_trend(studio):
    rising = trend(_weekly(studio, 0.1, 0.2, 0.4, 0.5, 0.7))
    assert rising.direction == "rising"
    # Median of the ten slopes between pairs of points.
    assert rising.per_week == pytest.approx(0.15)
    assert trend(_weekly(studio, 0.7, 0.5, 0.4, 0.2, 0.1)).direction == "falling"


def test_five_with_two_out_of_order_may_be_chance(studio):
    # Kendall's tau is 0.8, whose exact p for n = 5 is 0.0833.
    assert trend(_weekly(studio, 0.1, 0.4, 0.2, 0.5, 0.7)).direction == "none_seen"


def test_what_never_changes_has_no_trend(studio):
    assert trend(_weekly(studio, *[0.0] * 8)).direction == "none_seen"


def test_sessions_without_a_figure_are_left_out(studio):
    found = trend(_weekly(studio, 0.1, None, 0.2, 0.4, None, 0.5, 0.7))
    assert (found.direction, found.sessions) == ("rising", LEAST_SESSIONS)


def test_sessions_of_one_moment_have_no_time_to_trend_over(studio):
    started = studio.line().started
    assert trend([(started, value / 10) for value in range(6)]).direction == "too_early"


@given(st.lists(st.floats(0, 1), min_size=5, max_size=12))
def test_time_the_other_way_round_turns_a_trend_around(values):
    start = datetime(2026, 1, 5, tzinfo=UTC)
    times = [start + timedelta(weeks=week) for week in range(len(values))]
    forward = trend(list(zip(times, values, strict=True))).direction
    backward = trend(list(zip(times, reversed(values), strict=True))).direction
    turned = {"rising": "falling", "falling": "rising"}
    assert backward == turned.get(forward, forward)


def test_rates_are_of_the_reps_in_which_a_fault_was_judged(studio):
    reps = [
        studio.rep(1, "pause"),
        studio.rep(2, not_seen=("pause",)),
        studio.rep(3, not_seen=("on_spine",)),
    ]
    blind = studio.line([studio.rep(1, not_seen=("on_spine",))], day=1)
    found = progress_of([studio.line(reps), blind], studio.routine)
    assert found.by_session[0].rates["pause"] == pytest.approx(1 / 2)
    assert found.by_session[0].rates["on_spine"] == 0.0
    assert "on_spine" not in found.by_session[1].rates, "never judged there"
    assert found.by_session[0].clean_share == pytest.approx(2 / 3)


def test_a_week_is_its_sessions_together(studio):
    one = studio.line([studio.rep(1, "pause"), studio.rep(2)], day=0)
    other = studio.line([studio.rep(1), studio.rep(2), studio.rep(3)], day=6)
    later = studio.line([studio.rep(1)], day=21)
    found = progress_of([later, other, one], studio.routine)
    assert [(week.sessions, week.count, week.attempts) for week in found.by_week] == [
        (2, 5, 5),
        (1, 1, 1),
    ]
    assert found.by_week[0].rates["pause"] == pytest.approx(1 / 5)
    assert [week.since.isoformat() for week in found.by_week] == ["2026-03-02", "2026-03-23"]
    assert [one.since.isoformat() for one in found.by_session] == [
        "2026-03-02",
        "2026-03-08",
        "2026-03-23",
    ]


def test_what_to_work_on_weighs_kind_and_rate_of_the_newest_sessions(studio):
    old = studio.line([studio.rep(1, "on_spine")], day=0)
    new = [
        studio.line([studio.rep(1, "pause"), studio.rep(2, "pause"), studio.rep(3)], day=day)
        for day in (1, 2, 3)
    ]
    assert work_on([old, *new], studio.routine) == Next("pause", 6, 9, 3)
    path = studio.line([studio.rep(1, "short_reach", "pause"), studio.rep(2, "short_reach")], day=4)
    assert work_on([old, *new, path], studio.routine) == Next("pause", 5, 8, 3)
    spine = studio.line([studio.rep(1, "on_spine"), studio.rep(2, "on_spine")], day=5)
    assert work_on([old, *new, path, spine], studio.routine) == Next("on_spine", 2, 7, 3)


def test_nothing_found_lately_is_nothing_to_work_on(studio):
    assert work_on([studio.line([studio.rep(1)])], studio.routine) is None
    found = progress_of([], studio.routine)
    assert (found.by_session, found.by_week, found.work_on) == ((), (), None)
    assert found.clean.direction == "too_early"


def test_a_session_of_few_reps_has_no_rate_to_trend_by(studio):
    lines = [studio.line([studio.rep(1), studio.rep(2)], day=7 * week) for week in range(8)]
    found = progress_of(lines, studio.routine)
    assert found.clean.sessions == 0
    assert found.faults["pause"].sessions == 0
