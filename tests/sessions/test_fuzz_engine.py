"""Whatever the hands are said to have done, and whenever: the result is a valid review.

`scripts/fuzz` runs these for long. What it finds is kept as an `@example` here.
"""

import json
import math
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from itertools import repeat
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contract import schema
from routines.engine import Engine
from routines.path import path_back
from routines.routine import Routine, load_routine
from sessions.record import review_text
from sessions.recorder import Recorder
from tests.sessions.store.drafts import review
from vision.hands import SIDES, Side
from vision.samples import BackHand, BackSample, BackScale

ROUTINE = load_routine()
WAYS = {side: path_back(ROUTINE, side) for side in SIDES}
VALID = Draft202012Validator(schema("review"))

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("TSTROKE_FUZZ", "12"))
"""A few each time the tests are run: one takes most of a second."""

Kind = Literal["stroke", "back", "hold", "leap", "far"]


@dataclass(frozen=True)
class Stretch:
    """Some frames in which both hands do one thing."""

    kind: Kind
    frames: int
    step_s: float = 0.1
    """From frame to frame; 0 and less too, as damaged files have it."""
    unseen: str = ""
    """Sides that are not there."""
    bridged: bool = False
    trusted: bool = True
    pointing_deg: float = 5.0
    sd: float = 0.0
    seed: int = 0
    gap_s: float = 0.0
    """Before the next stretch."""


stretches = st.builds(
    Stretch,
    kind=st.sampled_from(["stroke", "stroke", "back", "hold", "leap", "far"]),
    frames=st.integers(1, 60),
    step_s=st.sampled_from([1 / 30, 1 / 15, 0.2, 0.5, 1.0, 1e-6, 0.0, -0.1, -100.0]),
    unseen=st.sampled_from(["", "", "", "left", "right", "left right"]),
    bridged=st.booleans(),
    trusted=st.booleans(),
    pointing_deg=st.sampled_from([0.0, 5.0, 90.0, 180.0]),
    sd=st.sampled_from([0.0, 0.05, 3.0, 1e6]),
    seed=st.integers(0, 99),
    gap_s=st.sampled_from([0.0, 0.0, 0.0, 5.0, 61.0, 1e6, 1e12]),
)

scales = st.builds(
    BackScale,
    u_cm=st.floats(1, 100),
    v_cm=st.floats(1, 200),
    shoulder_line_v=st.floats(0.3, 1.2),
    assumed=st.booleans(),
    tells_reach=st.booleans(),
    reach_sd_v=st.sampled_from([0.0, 0.05, 10.0]),
)


def samples(plan: list[Stretch]) -> Iterator[BackSample]:
    time_s = 0.0
    for stretch in plan:
        random = np.random.default_rng(stretch.seed)
        for index in range(stretch.frames):
            hands = {side: _hand(stretch, side, index, random) for side in SIDES}
            yield BackSample(time_s, hands["left"], hands["right"])
            time_s += stretch.step_s
        time_s += stretch.gap_s


def _hand(stretch: Stretch, side: Side, index: int, random: np.random.Generator) -> BackHand | None:
    if side in stretch.unseen:
        return None
    way = WAYS[side]
    at = index / stretch.frames * (len(way) - 1)
    place = {
        "stroke": way[round(at)],
        "back": way[-1 - round(at)],
        "hold": way[stretch.seed % len(way)],
        "leap": random.uniform(-3, 3, 2),
        "far": random.normal(size=2) * 10.0 ** random.integers(2, 9),
    }[stretch.kind]
    return BackHand(
        palm_back=place,
        tips_back=place + random.normal(size=2) * 0.1,
        thumb_edge_back=place + random.normal(size=2) * 0.1,
        pointing_deg=stretch.pointing_deg,
        observed=not stretch.bridged,
        trusted=stretch.trusted,
        sd_back=(stretch.sd, stretch.sd),
    )


def judged(plan: list[Stretch], scale: BackScale) -> dict[str, Any]:
    """The review of it, as its file says it."""
    engine, record = Engine(ROUTINE, scale), Recorder()
    for sample in samples(plan):
        record.take(engine.step(sample))
    record.take(engine.finish())
    assert engine.progress.count <= engine.progress.attempts == len(record.reps)
    whole = replace(review(*record.reps), settle=record.settle)
    told: dict[str, Any] = json.loads(review_text(whole))
    return told


PLAIN = BackScale(19.0, 40.0, 0.77, assumed=False)


@settings(max_examples=EXAMPLES)
@given(st.lists(stretches, max_size=8), scales)
@example([], PLAIN)
@example([Stretch("far", 5, 30.0)], PLAIN)
# A clock that leaps by years made the engine tick through all of them.
@example(
    [Stretch("stroke", 30, 1 / 15), Stretch("hold", 1, gap_s=1e9), Stretch("stroke", 30, 0.2)],
    PLAIN,
)
def test_any_observations_give_a_valid_review(plan: list[Stretch], scale: BackScale) -> None:
    told = judged(plan, scale)
    VALID.validate(told)
    reps = told["reps"]
    assert told["count"] == sum(rep["counted"] for rep in reps) <= len(reps)
    assert [rep["index"] for rep in reps] == list(range(1, len(reps) + 1))
    for rep in reps:
        assert rep["start_s"] <= rep["end_s"]
        assert 0 <= rep["unseen_share"] <= 1
        assert rep["score"] is None or 0 <= rep["score"] <= 100
        spans = [*rep["phases"], *rep["faults"], *rep["checks"]]
        assert all(span["start_s"] <= span["end_s"] for span in spans)
        starts = [phase["start_s"] for phase in rep["phases"]]
        assert starts == sorted(starts)
    assert [rep["start_s"] for rep in reps] == sorted(rep["start_s"] for rep in reps)
    numbers = [rep[key] for rep in reps for key in ("start_s", "end_s")]
    assert all(math.isfinite(number) for number in numbers)


def test_how_long_nobody_was_there_does_not_matter() -> None:
    strokes = [Stretch("stroke", 150, 1 / 15), Stretch("hold", 15, 1 / 15, gap_s=120.0)]
    short = judged([*strokes, *strokes], PLAIN)
    long = judged([strokes[0], replace(strokes[1], gap_s=36_000.0), *strokes], PLAIN)
    assert short["reps"]
    codes = [[fault["code"] for fault in rep["faults"]] for rep in short["reps"]]
    assert codes == [[fault["code"] for fault in rep["faults"]] for rep in long["reps"]]
    assert short["count"] == long["count"]


TOML = tomllib.loads(resources.files("routines").joinpath("t_stroke.toml").read_text("utf-8"))
NUMBERS = st.sampled_from([1e-300, 1e-9, 0.001, 0.01, 0.5, 1.0, 2.0, 1000.0, 0.0, -2.0])


def with_numbers(value: Any, numbers: Iterator[tuple[float, float]]) -> Any:
    """The values with some of their numbers replaced: each where its share of chance says so."""
    if isinstance(value, dict):
        return {key: with_numbers(each, numbers) for key, each in value.items()}
    if isinstance(value, list):
        return [with_numbers(each, numbers) for each in value]
    if isinstance(value, float):
        chance, number = next(numbers)
        return number if chance > 0.97 else value
    return value


@settings(max_examples=4 * EXAMPLES)
@given(st.integers(0, 10**6), st.lists(NUMBERS, min_size=1, max_size=6))
# A duration shorter than a tick.
@example(9976, [0.001])
def test_a_routine_that_is_taken_can_be_followed(seed: int, numbers: list[float]) -> None:
    random = np.random.default_rng(seed)
    drawn = ((random.random(), numbers[int(random.integers(len(numbers)))]) for _ in repeat(0))
    try:
        routine = Routine.model_validate(with_numbers(TOML, drawn))
    except ValueError:
        return
    engine = Engine(routine, PLAIN)
    plan = [Stretch("stroke", 40, 1 / 15), Stretch("back", 20, 1 / 15), Stretch("leap", 10, 1 / 15)]
    for sample in samples(plan):
        engine.step(sample)
    engine.finish()
    assert engine.progress.count <= engine.progress.attempts
