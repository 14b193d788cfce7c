"""A routine's names and cues in the tab's language: its file has them in English."""

from typing import TypeVar

from pydantic import BaseModel

from routines.routine import Routine
from ui.texts import messages

_Model = TypeVar("_Model", bound=BaseModel)


def in_words(routine: Routine) -> Routine:
    """The routine as the tab's language names it; what the language leaves out stays English.

    A language file overrides by key, as `routine.t_stroke.faults.pause.spoken`.
    """
    key = f"routine.{routine.id}"
    phases = tuple(_named(phase, f"{key}.phases.{phase.name}", "label") for phase in routine.phases)
    faults = {
        code: _named(rule, f"{key}.faults.{code}", "label", "spoken", "written")
        for code, rule in routine.faults.items()
    }
    named = _named(routine, key, "name")
    return named.model_copy(update={"phases": phases, "faults": faults})


def _named(model: _Model, key: str, *fields: str) -> _Model:
    known = messages()
    words = {field: known[f"{key}.{field}"] for field in fields if f"{key}.{field}" in known}
    return model.model_copy(update=words) if words else model
