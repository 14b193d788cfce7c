"""Figures and verdicts in words, the same wherever text is written."""

from routines.reps import Check
from routines.routine import Routine


def clock(time_s: float) -> str:
    """Media time as minutes and seconds: 83.4 becomes 1:23.4."""
    tenths = round(time_s * 10)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


def left(seconds: float) -> str:
    """Time to wait, in a unit that suits it."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"


def breaks_count(check: Check, routine: Routine) -> bool:
    """Whether such a fault keeps an attempt from counting."""
    rule = routine.faults.get(check.code)
    return rule is not None and rule.kind == "path"


def fault_words(check: Check, routine: Routine) -> str:
    """A fault as one would say it, with the hand, what was measured and the limit."""
    rule = routine.faults.get(check.code)
    label = check.code if rule is None else rule.label
    hand = {None: "", "both": ", both hands"}.get(check.hand, f", {check.hand} hand")
    why = "not counted: " if breaks_count(check, routine) else ""
    return f"{why}{label}{hand}{_measured(check)}"


def _measured(check: Check) -> str:
    if check.measured is None:
        return ""
    unit = f" {check.unit}" if check.unit else ""
    limit = "" if check.limit is None else f", limit {check.limit:.3g}"
    return f" ({check.measured:.2g}{unit}{limit})"
