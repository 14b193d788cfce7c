"""A routine's names and cues in other languages: its own file has them in English."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from pydantic import BaseModel

from routines.routine import Routine

_Model = TypeVar("_Model", bound=BaseModel)


def in_language(routine: Routine, code: str) -> Routine:
    """The routine as the language of this code names it; what it leaves out stays English.

    A file beside the routine's, as `t_stroke.de.toml`, has labels and cues by the names of phases
    and faults. Without one the routine is given back as it is.
    """
    words = words_in(routine.id, code)
    phases = tuple(
        _named(phase, words.get("phases", {}).get(phase.name, {})) for phase in routine.phases
    )
    faults = {
        name: _named(rule, words.get("faults", {}).get(name, {}))
        for name, rule in routine.faults.items()
    }
    own = {"name": words["name"]} if "name" in words else {}
    return routine.model_copy(update={**own, "phases": phases, "faults": faults})


@cache
def words_in(routine_id: str, code: str) -> Mapping[str, Any]:
    """What stands in the language's file; empty where there is none."""
    file = resources.files(__package__).joinpath(f"{routine_id}.{code}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _named(model: _Model, words: Mapping[str, str]) -> _Model:
    return model.model_copy(update=dict(words)) if words else model
