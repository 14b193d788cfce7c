"""A routine as data: its phases, places, limits and cue texts, checked when it is loaded."""

import math
from collections.abc import Mapping
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
    model_validator,
)

from routines.toml_lines import NotTomlError, line_of, read_toml
from vision.errors import CoachError, shortened
from vision.strict_json import NotStrictError, read_bytes

LIMITS: Final[Mapping[str, frozenset[str]]] = {
    "short_reach": frozenset({"reach_v"}),
    "skipped_shoulders": frozenset({"across_x", "below_shoulder_line_v", "across_share_of_up"}),
    "out_of_order": frozenset({"wrong_way_v"}),
    "one_hand": frozenset({"share_of_path"}),
    "incomplete": frozenset({"waist_v"}),
    "on_spine": frozenset({"distance_cm", "duration_s"}),
    "asymmetric": frozenset({"lag_s", "reach_v", "reach_x"}),
    "rushed": frozenset({"duration_s"}),
    "rushed_sides": frozenset({"duration_s", "speed_cm_s"}),
    "missing_pull_in": frozenset({"inward_x", "stop_share"}),
    "fingers_not_to_head": frozenset({"angle_deg", "share_of_up"}),
    "hand_lifted": frozenset({"duration_s"}),
    "pause": frozenset({"duration_s"}),
}
"""The limits that each fault's check asks for; the unit is in the name."""

FAULT_CODES: Final = tuple(LIMITS)

SHORTEST_STEP: Final = 0.001
"""Between two places of a path, in the chart's units: the path's direction is asked for there."""

LARGEST_BYTES: Final = 32_000
"""Of a routine file; the T-stroke's has 4,300."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("there is a sign in it that can't be printed, such as a line's end")
    return text


Text = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_printable)]
Coordinate = Annotated[FiniteFloat, Field(ge=-2, le=2)]
# TOML has no tuples, only lists.
Place = Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]
Positive = Annotated[FiniteFloat, Field(ge=0.001, le=1000)]


class RoutineError(CoachError):
    """A routine file that can't be used; the message names the file and the key."""


class _FlawError(ValueError):
    """What is wrong with values that are fine one by one, and at which of them to look."""

    def __init__(self, why: str, *key: str | int) -> None:
        self.key = key
        super().__init__(why)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Settle(_Strict):
    """The quiet hold before the strokes: one hand at each place."""

    nape: Place
    waist: Place
    radius: Positive
    hold_s: Positive


class Start(_Strict):
    """Where a stroke begins and ends: (x, v) of the palm, and how far around it still is there."""

    place: Place
    radius: Positive


class Phase(_Strict):
    """One leg of the stroke: the palm's path as (x, v), x the distance from the spine."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,30}$")]
    label: Text
    path: Annotated[tuple[Place, ...], Field(min_length=2, max_length=64, strict=False)]
    spread: Positive
    """How far beside the path the phase may still be meant, in half shoulder widths."""
    share: Annotated[FiniteFloat, Field(gt=0, le=1)]
    """The phase's usual share of a stroke's time; it decides where nobody saw the hands."""


class FaultRule(_Strict):
    """What makes a fault, and what is said of it."""

    code: str = ""
    kind: Literal["path", "technique"]
    label: Text
    spoken: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_printable)]
    """The cue while the hands are busy: two to four words, the target first."""
    written: Text
    """The cue at rest: one short sentence."""
    limits: Mapping[Annotated[str, Field(max_length=40)], Positive]


class Routine(_Strict):
    """A stroke that is repeated: phases that join up to a closed path, and its faults."""

    schema_: Literal["tstroke.routine/1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    name: Text
    repetitions: Annotated[int, Field(ge=1, le=100)]
    settle: Settle
    start: Start
    phases: Annotated[tuple[Phase, ...], Field(min_length=2, max_length=16, strict=False)]
    faults: Mapping[str, FaultRule]

    @model_validator(mode="after")
    def _joins_up(self) -> "Routine":
        names = [phase.name for phase in self.phases]
        for index, phase in enumerate(self.phases):
            following = self.phases[(index + 1) % len(self.phases)]
            if phase.name in names[:index]:
                raise _FlawError("two phases have the same name", "phases", index, "name")
            if any(math.dist(*pair) < SHORTEST_STEP for pair in pairwise(phase.path)):
                raise _FlawError("two places of the path are the same", "phases", index, "path")
            if phase.path[-1] != following.path[0]:
                raise _FlawError(
                    f"phase '{phase.name}' ends at {phase.path[-1]}, "
                    f"but '{following.name}' begins at {following.path[0]}",
                    *("phases", index, "path"),
                )
        return self

    @model_validator(mode="after")
    def _knows_its_faults(self) -> "Routine":
        missing = sorted(set(FAULT_CODES) - set(self.faults))
        for code in self.faults:
            if code not in LIMITS:
                raise _FlawError(f"there is no fault '{code}'", "faults", code)
        if missing:
            raise _FlawError(f"missing faults {missing}", "faults")
        for code, rule in self.faults.items():
            if set(rule.limits) != LIMITS[code]:
                needed = f"the fault '{code}' needs the limits {sorted(LIMITS[code])}"
                raise _FlawError(needed, "faults", code, "limits")
            for name, limit in rule.limits.items():
                if "share" in name and limit > 1:
                    raise _FlawError("a share is 1 at most", "faults", code, "limits", name)
        coded = {code: rule.model_copy(update={"code": code}) for code, rule in self.faults.items()}
        object.__setattr__(self, "faults", coded)
        return self

    def limit(self, code: str, name: str) -> float:
        """The limit called `name` of the fault `code`."""
        return self.faults[code].limits[name]


def load_routine(path: Path | None = None) -> Routine:
    """Read and check a routine file; the T-stroke that comes with the coach when none is named."""
    if path is None:
        own = resources.files(__package__).joinpath("t_stroke.toml")
        return routine_from_bytes(own.read_bytes(), own.name)
    try:
        return routine_from_bytes(read_bytes(path, LARGEST_BYTES), str(path))
    except (OSError, NotStrictError) as error:
        raise RoutineError(f"The routine '{path}' can't be read ({error}): check it.") from error


def routine_from_bytes(data: bytes, name: str) -> Routine:
    """The routine in a file's bytes; `name` is what an error calls it, with line and key."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        document = read_toml(text)
    except UnicodeDecodeError as error:
        why = f"is not UTF-8 text ({error})"
        raise RoutineError(f"The routine '{name}' {why}; save it as such.") from error
    except NotTomlError as error:
        raise RoutineError(f"The routine '{name}' is not valid TOML ({error}).") from error
    try:
        return Routine.model_validate(document)
    except ValidationError as error:
        raise _invalid(name, text, error) from error


def _invalid(name: str, text: str, error: ValidationError) -> RoutineError:
    """The first flaw with its line; what pydantic calls extra is a key that nobody knows."""
    first = error.errors()[0]
    raised = first.get("ctx", {}).get("error")
    place = raised.key if isinstance(raised, _FlawError) else first["loc"]
    key = shortened(".".join(str(part) for part in place)) or "the whole file"
    line = line_of(text, place)
    where = key if line is None else f"{key} in line {line}"
    why = "there is no such key" if first["type"] == "extra_forbidden" else first["msg"]
    return RoutineError(
        f"The routine '{name}' is not valid at {where}: "
        f"{shortened(why.removeprefix('Value error, '))}; correct it."
    )
