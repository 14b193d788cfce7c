"""A routine's names and cues in other languages: its own file has them in English."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel

from messages import routine_words
from routines.routine import Routine

_Model = TypeVar("_Model", bound=BaseModel)


def in_language(routine: Routine, code: str) -> Routine:
    """The routine as the language of this code names it; what it leaves out stays English.

    The language's file has labels and cues by the names of phases and faults, under the routine's
    id. Without them the routine is given back as it is.
    """
    words = routine_words(routine.id, code)
    phases = tuple(
        _named(phase, words.get("phases", {}).get(phase.name, {})) for phase in routine.phases
    )
    faults = {
        name: _named(rule, words.get("faults", {}).get(name, {}))
        for name, rule in routine.faults.items()
    }
    own = {"name": words["name"]} if "name" in words else {}
    return routine.model_copy(update={**own, "phases": phases, "faults": faults})


def _named(model: _Model, words: Mapping[str, str]) -> _Model:
    return model.model_copy(update=dict(words)) if words else model
