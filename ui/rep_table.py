"""The list of reps as an HTML table: time, phases, faults, counted or why not."""

from collections.abc import Iterable, Sequence
from html import escape

from routines.reps import Check, Rep
from routines.routine import Routine
from ui.palette import PHASE
from ui.texts import text
from ui.words import clock, duration, fault_label, fault_measure, not_seen, number, percent, verdict

SHORT_UNSEEN_SHARE = 0.05
"""Less than this unseen is not worth a line."""


def rep_table_html(reps: Sequence[Rep], routine: Routine, numbers: Sequence[Check] = ()) -> str:
    """One row per attempt. `numbers` are faults in the order of their marks on a chart."""
    heads = ("number", "time", "verdict", "phases", "faults")
    head = "".join(f'<th scope="col">{escape(text(f"reps.{key}"))}</th>' for key in heads)
    rows = "".join(_row(rep, routine, numbers) for rep in reps)
    return f'<table class="reps"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def marked_faults(reps: Iterable[Rep]) -> list[Check]:
    """All faults in time order: the first is number 1 on the chart and in the table."""
    return [check for rep in reps for check in rep.faults]


def _row(rep: Rep, routine: Routine, numbers: Sequence[Check]) -> str:
    kind = "counted" if rep.counted else "uncounted"
    time = (
        f"{clock(rep.start_s)}–{clock(rep.end_s)}<small>{duration(rep.end_s - rep.start_s)}</small>"
    )
    cells = (
        ("number", f"<strong>{rep.index}</strong>"),
        ("time", time),
        ("verdict", f'<span class="verdict {kind}">{escape(verdict(rep, routine))}</span>'),
        ("phases", _phases(rep)),
        ("faults", _faults(rep, routine, numbers)),
    )
    inner = "".join(
        f'<td class="{key}" data-label="{escape(text(f"reps.{key}"))}">{html}</td>'
        for key, html in cells
    )
    return f'<tr class="{kind}">{inner}</tr>'


def _phases(rep: Rep) -> str:
    """A strip of the phases, as long as they took, with their names and times."""
    pieces = []
    for phase in rep.phases:
        length_s = max(phase.end_s - phase.start_s, 0.0)
        label = text(f"phase.{phase.name}") if phase.name in PHASE else phase.name
        colour = PHASE.get(phase.name, "currentColor")
        pieces.append(
            f'<span style="flex:{length_s:.2f} 1 0;--phase:{colour}">'
            f"<i></i><b>{escape(label)}</b><small>{number(length_s, 1)}</small></span>"
        )
    return f'<div class="strip">{"".join(pieces)}</div>'


def _faults(rep: Rep, routine: Routine, numbers: Sequence[Check]) -> str:
    lines = [_fault(check, routine, numbers) for check in rep.faults]
    notes = []
    if unseen := not_seen(rep, routine):
        notes.append(unseen)
    if rep.unseen_share >= SHORT_UNSEEN_SHARE:
        notes.append(text("reps.unseen_share", share=percent(rep.unseen_share)))
    if not lines and not notes:
        return escape(text("reps.clean"))
    items = "".join(f"<li>{line}</li>" for line in lines)
    quiet = "".join(f'<p class="unseen">{escape(note)}</p>' for note in notes)
    return f"<ul>{items}</ul>{quiet}" if items else quiet


def _fault(check: Check, routine: Routine, numbers: Sequence[Check]) -> str:
    mark = next((i for i, other in enumerate(numbers, start=1) if other is check), None)
    sign = f'<span class="mark">{mark}</span>' if mark is not None else ""
    when = text("reps.fault_at", time=clock(check.start_s))
    measured = fault_measure(check)
    small = f"{when}; {measured}" if measured else when
    return f"{sign}{escape(fault_label(check, routine))} <small>{escape(small)}</small>"
