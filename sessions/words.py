"""Figures and verdicts in words, the same wherever text is written."""

from routines.reps import Check, Rep
from routines.routine import Routine


def clock(time_s: float) -> str:
    """Media time as minutes and seconds: 83.4 becomes 1:23.4."""
    tenths = round(time_s * 10)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


def left(seconds: float) -> str:
    """Time to wait, in a unit that suits it."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"


def fault_words(check: Check, routine: Routine) -> str:
    """A fault as one would say it, with the hand, what was measured and the limit."""
    rule = routine.faults.get(check.code)
    label = check.code if rule is None else rule.label
    hand = {None: "", "both": ", both hands"}.get(check.hand, f", {check.hand} hand")
    return f"{label}{hand}{_measured(check)}"


def _measured(check: Check) -> str:
    if check.measured is None:
        return ""
    unit = f" {check.unit}" if check.unit else ""
    limit = "" if check.limit is None else f", limit {check.limit:.3g}"
    return f" ({check.measured:.2g}{unit}{limit})"


def verdict_words(rep: Rep, routine: Routine) -> str:
    """Whether a rep counted, or why not."""
    if rep.counted:
        return "counted"
    rules = routine.faults
    path = [
        rules[check.code].label
        for check in rep.faults
        if check.code in rules and rules[check.code].kind == "path"
    ]
    return f"not counted: {', '.join(path)}" if path else "not counted"
