"""A routine as data: its phases, places, limits and cue texts, checked when it is loaded."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from vision.errors import CoachError

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

Text = Annotated[str, Field(min_length=1, max_length=120)]
Coordinate = Annotated[FiniteFloat, Field(ge=-2, le=2)]
Place = tuple[Coordinate, Coordinate]
Positive = Annotated[FiniteFloat, Field(gt=0, le=1000)]


class RoutineError(CoachError):
    """A routine file that can't be used; the message names the file and the key."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    path: Annotated[tuple[Place, ...], Field(min_length=2, max_length=64)]
    spread: Positive
    """How far beside the path the phase may still be meant, in half shoulder widths."""
    share: Annotated[FiniteFloat, Field(gt=0, le=1)]
    """The phase's usual share of a stroke's time; it decides where nobody saw the hands."""


class FaultRule(_Strict):
    """What makes a fault, and what is said of it."""

    code: str = ""
    kind: Literal["path", "technique"]
    label: Text
    spoken: Annotated[str, Field(min_length=1, max_length=40)]
    """The cue while the hands are busy: two to four words, the target first."""
    written: Text
    """The cue at rest: one short sentence."""
    limits: Mapping[Annotated[str, Field(max_length=40)], Positive]


class Routine(_Strict):
    """A stroke that is repeated: phases that join up to a closed path, and its faults."""

    schema_: Literal["tstroke.routine/1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    version: Annotated[int, Field(ge=1)]
    name: Text
    repetitions: Annotated[int, Field(ge=1, le=100)]
    settle: Settle
    start: Start
    phases: Annotated[tuple[Phase, ...], Field(min_length=2, max_length=16)]
    faults: Mapping[str, FaultRule]

    @model_validator(mode="after")
    def _joins_up(self) -> "Routine":
        names = [phase.name for phase in self.phases]
        if len(set(names)) != len(names):
            raise ValueError("two phases have the same name")
        for phase, following in zip(self.phases, self.phases[1:] + self.phases[:1], strict=True):
            if phase.path[-1] != following.path[0]:
                raise ValueError(
                    f"phase '{phase.name}' ends at {phase.path[-1]}, "
                    f"but '{following.name}' begins at {following.path[0]}"
                )
        return self

    @model_validator(mode="after")
    def _knows_its_faults(self) -> "Routine":
        unknown = sorted(set(self.faults) - set(FAULT_CODES))
        missing = sorted(set(FAULT_CODES) - set(self.faults))
        if unknown or missing:
            raise ValueError(f"unknown faults {unknown}, missing faults {missing}")
        for code, rule in self.faults.items():
            if set(rule.limits) != LIMITS[code]:
                raise ValueError(f"the fault '{code}' needs the limits {sorted(LIMITS[code])}")
        coded = {code: rule.model_copy(update={"code": code}) for code, rule in self.faults.items()}
        object.__setattr__(self, "faults", coded)
        return self

    def limit(self, code: str, name: str) -> float:
        """The limit called `name` of the fault `code`."""
        return self.faults[code].limits[name]


def load_routine(path: Path | None = None) -> Routine:
    """Read and check a routine file; the T-stroke that comes with the coach when none is named."""
    name = str(path) if path is not None else "t_stroke.toml"
    try:
        if path is None:
            text = resources.files(__package__).joinpath("t_stroke.toml").read_text("utf-8")
        else:
            text = path.read_text("utf-8")
        return Routine.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise RoutineError(f"The routine '{name}' can't be read ({error}): check it.") from error
    except tomllib.TOMLDecodeError as error:
        raise RoutineError(f"The routine '{name}' is not valid TOML ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise RoutineError(
            f"The routine '{name}' is not valid at {key}: {first['msg']}."
        ) from error
