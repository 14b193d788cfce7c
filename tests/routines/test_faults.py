"""Every fault is found where it was drawn, alone, and with what was measured."""

from dataclasses import replace

import pytest

from routines.routine import FAULT_CODES

UP, OUT, DOWN, IN = range(4)


def changed(studio, index, share=None, through=None):
    legs = list(studio.clean)
    old_share, old_through = legs[index]
    legs[index] = (share or old_share, through or old_through)
    return legs


def faulty(studio, code):
    """A pen that draws this fault."""
    pen = studio.Pen
    short = [(0.60, 0.66), (0.95, 0.66), (1.12, 0.60)]
    return {
        "short_reach": pen(
            legs=[(0.32, [(0.37, 0.62)]), (0.30, short), *studio.clean[DOWN:]],
        ),
        "skipped_shoulders": pen(
            legs=[
                studio.clean[UP],
                (0.40, [(0.55, 0.60), (0.64, 0.25), (0.62, 0.10)]),
                studio.clean[IN],
            ]
        ),
        "out_of_order": pen(
            legs=[
                (0.20, [(0.62, 0.10)]),
                (0.30, [(0.64, 0.25), (0.75, 0.40), (1.0, 0.5), (1.14, 0.63), (1.15, 0.72)]),
                (0.25, [(1.05, 0.81), (0.85, 0.88), (0.60, 0.92), (0.37, 0.9)]),
                (0.25, [(0.37, 0.07)]),
            ]
        ),
        "one_hand": pen(only="right"),
        "on_spine": pen(sideways=-0.2),
        "asymmetric": pen(lag_s=0.6),
        "rushed": pen(3.2),
        "rushed_sides": pen(7.0, legs=changed(studio, DOWN, share=0.10)),
        "fingers_not_to_head": pen(pointing_deg=60.0),
        "pause": pen(
            12.0,
            legs=[
                (0.15, [(0.37, 0.5)]),
                (0.2, [(0.37, 0.501)]),
                (0.15, [(0.37, 0.9)]),
                (0.2, studio.clean[OUT][1]),
                (0.2, studio.clean[DOWN][1]),
                (0.1, studio.clean[IN][1]),
            ],
        ),
    }[code]


DRAWN = (
    "short_reach",
    "skipped_shoulders",
    "out_of_order",
    "one_hand",
    "on_spine",
    "asymmetric",
    "rushed",
    "rushed_sides",
    "fingers_not_to_head",
    "pause",
)


@pytest.mark.parametrize("code", DRAWN)
def test_a_drawn_fault_is_found_alone(studio, code):
    pens = [studio.Pen(), replace(faulty(studio, code), rest_s=0.5), studio.Pen()]
    told = studio.session(*pens)
    assert told.faults == [[], [code], []]
    assert told.reps[0].counted
    assert told.reps[2].counted


@pytest.mark.slow
@pytest.mark.parametrize("code", DRAWN)
def test_path_faults_do_not_count_and_technique_faults_do(studio, routine, code):
    told = studio.session(faulty(studio, code))
    assert told.count == (0 if routine.faults[code].kind == "path" else 1)


@pytest.mark.slow
@pytest.mark.parametrize("code", DRAWN)
def test_a_fault_says_when_what_and_against_which_limit(studio, code):
    told = studio.session(faulty(studio, code))
    (rep,) = told.reps
    (fault,) = rep.faults
    assert rep.start_s <= fault.start_s <= fault.end_s <= rep.end_s
    assert fault.hand in ("left", "right", "both")
    assert fault.measured is not None
    assert fault.limit is not None
    assert fault.unit


@pytest.mark.slow
@pytest.mark.parametrize("code", [*DRAWN, "incomplete", "hand_lifted"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_an_unseen_hand_is_never_named(studio, code, side):
    """The evidence of one hand gone, the fault may go, but it never falls on that hand."""
    pen = faulty(studio, code) if code in DRAWN else studio.Pen()
    camera = studio.Camera(unseen=[(side, 0.0, 99.0)])
    told = studio.session(pen, camera=camera)
    for rep in told.reps:
        for fault in rep.faults:
            assert fault.hand != side


def test_breaking_off_at_the_shoulders_is_incomplete(studio):
    pen = studio.Pen(legs=[*studio.clean[:DOWN], (0.05, [(1.9, -0.8)])])
    drawing = studio.Drawing().settle().hold(0.9).rep(pen).away(3.0)
    told = studio.tell(studio.look(drawing, studio.Camera()))
    assert told.faults == [["incomplete"]]
    assert told.count == 0


LIFTED_S = 1.4


def lifting(studio, for_s=LIFTED_S):
    """A stroke whose right hand leaves the back for so long; and when it does, in s."""
    drawing = studio.Drawing().settle().hold(0.9)
    first = len(drawing.places) + 380
    drawing.rep(studio.Pen(9.0)).hold(1.5)
    for index in range(first, first + round(for_s / drawing.step_s)):
        left, right = drawing.places[index]
        drawing.places[index] = (left, (right[0] + 0.4, right[1] + 0.45))
    return drawing, drawing.times_s[first]


def test_a_hand_seen_away_from_the_back_is_lifted(studio):
    drawing, _ = lifting(studio)
    told = studio.tell(studio.look(drawing, studio.Camera()))
    assert told.faults == [["hand_lifted"]]
    (fault,) = told.reps[0].faults
    assert fault.hand == "right"


@pytest.mark.parametrize(
    ("away_s", "seen_s", "hidden_s", "outcome"),
    [
        (LIFTED_S, 0.4, 1.2, "not_seen"),
        (0.4, 0.4, 0.0, "fine"),
        (LIFTED_S, 0.0, LIFTED_S, "fine"),
        (LIFTED_S, 0.9, 0.5, "fault"),
    ],
    ids=["it was seen to go", "it was soon back", "nothing was seen of it", "it was seen away"],
)
def test_a_hand_that_is_hidden_as_it_goes_is_neither_fine_nor_lifted(
    studio, away_s, seen_s, hidden_s, outcome
):
    drawing, from_s = lifting(studio, away_s)
    hidden = ("right", from_s + seen_s, from_s + seen_s + hidden_s)
    told = studio.tell(studio.look(drawing, studio.Camera(unseen=[hidden])))
    (rep,) = told.reps
    assert [check.outcome for check in rep.checks if check.code == "hand_lifted"] == [outcome]


def test_the_lagging_hand_is_named(studio):
    told = studio.session(studio.Pen(lag_s=0.6))
    (fault,) = told.reps[0].faults
    assert (fault.code, fault.hand, fault.unit) == ("asymmetric", "right", "s")
    assert fault.measured == pytest.approx(0.6, abs=0.1)


def test_every_code_has_a_verdict_in_every_rep(studio):
    told = studio.session(studio.Pen(), faulty(studio, "on_spine"))
    for rep in told.reps:
        assert tuple(check.code for check in rep.checks) == tuple(
            code for code in FAULT_CODES if code in {check.code for check in rep.checks}
        )
        assert len(rep.checks) == len(FAULT_CODES)


def test_a_way_up_that_nobody_saw_is_not_judged(studio):
    camera = studio.Camera(unseen=[("left", 4.2, 6.4), ("right", 4.2, 6.4)])
    told = studio.session(faulty(studio, "fingers_not_to_head"), camera=camera)
    (rep,) = told.reps
    outcome = {check.code: check.outcome for check in rep.checks}
    assert outcome["fingers_not_to_head"] == "not_seen"
    assert outcome["on_spine"] == "not_seen"
