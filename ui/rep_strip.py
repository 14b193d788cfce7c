"""All strokes side by side: how long each took, whether it counted, what was seen in it."""

from collections.abc import Sequence
from html import escape
from typing import Final

from routines.reps import Rep
from routines.routine import Routine
from ui.palette import PHASE
from ui.words import duration, verdict

TALLEST_REM: Final = 7.0
"""Height of the bar of the longest stroke."""


def rep_strip_html(reps: Sequence[Rep], routine: Routine) -> str:
    """One column per attempt: its bar as high as it took long, in the colours of its phases."""
    longest_s = max((rep.end_s - rep.start_s for rep in reps), default=0.0)
    items = "".join(_item(rep, routine, longest_s) for rep in reps)
    return f'<ol class="rep-strip">{items}</ol>'


def _item(rep: Rep, routine: Routine, longest_s: float) -> str:
    kind = "counted" if rep.counted else "uncounted"
    length_s = rep.end_s - rep.start_s
    faults = "".join(f"<li>{escape(routine.faults[each.code].label)}</li>" for each in rep.faults)
    title = escape(verdict(rep, routine))
    return (
        f'<li class="{kind}" title="{title}">'
        f'<div class="bar" style="height:{TALLEST_REM * length_s / max(longest_s, 1e-9):.2f}rem" '
        f'aria-hidden="true">{_phases(rep)}</div>'
        f"<small>{escape(duration(length_s))}</small>"
        f'<span class="verdict {kind}"><b>{rep.index}</b><span class="told">{title}</span></span>'
        f"<ul>{faults}</ul></li>"
    )


def _phases(rep: Rep) -> str:
    """From the waist up: the first phase lies at the foot of the bar."""
    return "".join(
        f'<i style="flex:{max(phase.end_s - phase.start_s, 0.0):.2f} 1 0;'
        f'--phase:{PHASE.get(phase.name, "currentColor")}"></i>'
        for phase in reversed(rep.phases)
    )
