"""Times, shares and faults in the words of the tab's language."""

from typing import Final

from routines.reps import Check, Rep
from routines.routine import Routine
from sessions.wording import Words, clock
from ui import texts
from ui.texts import text

__all__ = [
    "clock",
    "duration",
    "fault_label",
    "fault_measure",
    "not_seen",
    "number",
    "percent",
    "quantity",
    "verdict",
]

MOST_NAMED: Final = 3
"""More checks than this are counted, not named."""


def number(value: float, digits: int) -> str:
    """A number as the language writes it."""
    return _words().number(value, digits)


def duration(time_s: float) -> str:
    """A length of time, with the digits that it deserves."""
    return _words().duration(time_s)


def percent(share: float) -> str:
    """A share of 0 to 1 as whole per cent."""
    return _words().percent(share)


def quantity(value: float, unit: str) -> str:
    """A measured value with its unit; lengths are estimates and say so, shares say of what."""
    return _words().quantity(value, unit)


def fault_label(check: Check, routine: Routine) -> str:
    """Short title of the fault, and the hand where it concerns one of them."""
    return _words().fault(check, routine)


def fault_measure(check: Check) -> str:
    """What was measured against which limit; empty where nothing was measured."""
    return _words().measure(check)


def verdict(rep: Rep, routine: Routine) -> str:
    """Counted, or why not."""
    return _words().outcome(rep, routine)


def not_seen(rep: Rep, routine: Routine) -> str:
    """The checks that the picture did not allow, by name if they are few; empty if none."""
    codes = [check.code for check in rep.checks if check.outcome == "not_seen"]
    if len(codes) > MOST_NAMED:
        return text("reps.not_seen_many", unseen=len(codes), checks=len(rep.checks))
    labels = [routine.faults[code].label for code in codes if code in routine.faults]
    return text("reps.not_seen", checks=", ".join(labels)) if labels else ""


def _words() -> Words:
    return Words(texts.language())
