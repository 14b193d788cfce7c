"""Times, shares and faults in words."""

import re
from typing import Final

from routines.reps import Check, Rep
from routines.routine import Routine
from ui.texts import messages, text

_MINUTE_S: Final = 60.0

MOST_NAMED: Final = 3
"""More checks than this are counted, not named."""


def clock(time_s: float) -> str:
    """Media time as m:ss, for places in a recording."""
    whole = max(0, int(time_s))
    return f"{whole // 60}:{whole % 60:02d}"


def number(value: float, digits: int) -> str:
    """A number as the tab's language writes it."""
    written = f"{value:.{digits}f}".replace(".", text("language.decimal"))
    return written.replace("-", "\N{MINUS SIGN}")


def duration(time_s: float) -> str:
    """A length of time, with the digits that it deserves."""
    if time_s >= _MINUTE_S:
        whole = round(time_s)
        return text("time.minutes", minutes=whole // 60, seconds=f"{whole % 60:02d}")
    return text("time.seconds", value=number(time_s, 1 if time_s < 10 else 0))


def percent(share: float) -> str:
    """A share of 0 to 1 as whole per cent."""
    return f"{100 * share:.0f} %"


def quantity(value: float, unit: str) -> str:
    """A measured value with its unit; lengths are estimates and say so, shares say of what."""
    key = _share_key(unit)
    return _plain(value, unit) if key is None else text(key, share=percent(value))


def _share_key(unit: str) -> str | None:
    """The text for a unit that is a share of something; None for other units."""
    key = f"unit.{re.sub('[^a-z]+', '_', unit)}"
    return key if key in messages() else None


def _plain(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 20 else 1 if abs(value) >= 2 else 2
    about = "≈ " if unit.startswith("cm") else ""
    sign = unit if unit in ("", "°") else f" {unit}"
    return f"{about}{number(value, digits)}{sign}"


def fault_label(check: Check, routine: Routine) -> str:
    """Short title of the fault, and the hand where it concerns one of them."""
    rule = routine.faults.get(check.code)
    label = rule.label if rule else check.code
    one = check.hand in ("left", "right")
    return f"{label}, {text(f'reps.hand_{check.hand}')}" if one else label


def fault_measure(check: Check) -> str:
    """What was measured against which limit; empty where nothing was measured."""
    if check.measured is None or check.limit is None:
        return ""
    share = _share_key(check.unit) is not None
    limit = percent(check.limit) if share else _plain(check.limit, check.unit)
    return text("reps.measured", measured=quantity(check.measured, check.unit), limit=limit)


def verdict(rep: Rep, routine: Routine) -> str:
    """Counted, or why not."""
    if rep.counted:
        return text("reps.counted_in_part" if rep.seen_in_part else "reps.counted")
    reasons = [
        rule.label
        for check in rep.faults
        if (rule := routine.faults.get(check.code)) and rule.kind == "path"
    ]
    if not reasons:
        return text("reps.not_counted")
    return text("reps.because", reasons=", ".join(reasons))


def not_seen(rep: Rep, routine: Routine) -> str:
    """The checks that the picture did not allow, by name if they are few; empty if none."""
    codes = [check.code for check in rep.checks if check.outcome == "not_seen"]
    if len(codes) > MOST_NAMED:
        return text("reps.not_seen_many", unseen=len(codes), checks=len(rep.checks))
    labels = [routine.faults[code].label for code in codes if code in routine.faults]
    return text("reps.not_seen", checks=", ".join(labels)) if labels else ""
