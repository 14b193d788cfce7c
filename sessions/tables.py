"""Tables for the terminal: what a review found, and how accurate reviews are."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from routines.reps import Rep, Span
from routines.routine import Routine
from sessions.accuracy import ClipScore
from sessions.hand_errors import HandErrors, longest, quantile
from sessions.words import breaks_count, clock, fault_words


def review_table(name: str, reps: Sequence[Rep], routine: Routine, result: Path) -> RenderableType:
    """Heading with the recording's name, and a line for every attempt."""
    count = sum(rep.counted for rep in reps)
    strokes = "stroke" if count == 1 else "strokes"
    parts: list[RenderableType] = [Text(f"{name}: {count} {strokes} counted", style="bold")]
    if reps:
        parts.append(_reps_table(reps, routine))
        parts.append(Text("Phases in seconds.", style="dim"))
    parts.append(Text(f"Written to {result}\n", style="dim"))
    return Group(*parts)


def _reps_table(reps: Sequence[Rep], routine: Routine) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("#", justify="right")
    table.add_column("counted")
    table.add_column("from", justify="right", no_wrap=True)
    table.add_column("to", justify="right", no_wrap=True)
    for phase in routine.phases:
        table.add_column(phase.name.replace("_", "\n"), justify="right", min_width=4)
    table.add_column("faults", min_width=24)
    for rep in reps:
        table.add_row(*_rep_row(rep, routine))
    return table


def _rep_row(rep: Rep, routine: Routine) -> list[RenderableType]:
    durations = {phase.name: 0.0 for phase in routine.phases}
    for phase in rep.phases:
        durations[phase.name] = durations.get(phase.name, 0.0) + phase.end_s - phase.start_s
    return [
        str(rep.index),
        Text("yes", style="green") if rep.counted else Text("no", style="red"),
        clock(rep.start_s),
        clock(rep.end_s),
        *(f"{duration:.1f}" if duration else "" for duration in durations.values()),
        "\n".join(_fault_lines(rep, routine)),
    ]


def _fault_lines(rep: Rep, routine: Routine) -> list[str]:
    """What kept the attempt from counting comes first."""
    faults = sorted(rep.faults, key=lambda check: not breaks_count(check, routine))
    lines = [fault_words(check, routine) for check in faults]
    if not rep.counted and not any(breaks_count(check, routine) for check in faults):
        lines.insert(0, "not counted: too little of it was seen")
    if rep.seen_in_part:
        lines.append(f"seen in part: hands unseen for {100 * rep.unseen_share:.0f} % of it")
    unseen = sum(check.outcome == "not_seen" for check in rep.checks)
    if unseen:
        lines.append(f"{unseen} of {len(rep.checks)} checks not seen")
    return lines or ["none"]


def accuracy_tables(scores: Sequence[ClipScore], whole: ClipScore) -> RenderableType:
    """Figures per clip and in all, and the faults per code. Fits 80 columns."""
    strokes = (
        "reps: found of the true ones, + those that are none. phase: share of frames with the "
        "right phase. boundary: error of phase boundaries, median and 90th percentile."
    )
    hands = (
        "both seen: share of frames; of visible: of the frames in which both could be seen. "
        "knuckles: distance from the truth, median and 95th percentile. swapped: hands nearer to "
        "the other hand's truth."
    )
    parts: list[RenderableType] = [
        _clips_table(_STROKE_COLUMNS, scores, whole, _stroke_figures),
        Text(strokes, style="dim"),
        _faults_table(whole),
        _clips_table(_HAND_COLUMNS, scores, whole, _hand_figures),
        Text(hands, style="dim"),
    ]
    if whole.bare is not None:
        parts += [
            _clips_table(_BARE_COLUMNS, scores, whole, _bare_figures),
            Text(_BARE_WORDS, style="dim"),
        ]
    return Group(*parts)


_STROKE_COLUMNS: Final = ("wanted", "count", "reps", "phase", "boundary", "90 %", "fault F1")
_BARE_COLUMNS: Final = ("both", "bare", "regained", "misnamed", "bare", "phantoms", "bare")
_BARE_WORDS: Final = (
    "Beside bare MediaPipe. both: share of the frames in which both hands could be seen with both "
    "within half a hand of their true places. misnamed, phantoms: the longest."
)
_HAND_COLUMNS: Final = ("both seen", "of visible", "knuckles", "95 %", "swapped")


def _clips_table(
    headings: Sequence[str],
    scores: Sequence[ClipScore],
    whole: ClipScore,
    figures: Callable[[ClipScore], list[str]],
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("clip", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for one in scores:
        table.add_row(one.name, *figures(one), style="red" if one.count_off else "")
    table.add_section()
    table.add_row(whole.name, *figures(whole), style="bold")
    return table


def _stroke_figures(one: ClipScore) -> list[str]:
    low, high = one.count_range
    extra = one.reps_found - one.reps_matched
    return [
        str(low) if low == high else f"{low} to {high}",
        str(one.count),
        f"{one.reps_matched}/{one.reps_true}" + (f" +{extra}" if extra else ""),
        _figure(one.phase_share),
        _figure(quantile(one.boundaries_s, 0.5), unit=" s"),
        _figure(quantile(one.boundaries_s, 0.9), unit=" s"),
        _figure(one.fault_total.f1),
    ]


def _hand_figures(one: ClipScore) -> list[str]:
    hands = one.hands
    return [
        _figure(hands.both_share),
        _figure(hands.visible_both_share),
        _figure(quantile(hands.errors_px, 0.5), 1, " px"),
        _figure(quantile(hands.errors_px, 0.95), 1, " px"),
        _figure(hands.swapped_share, 4),
    ]


def _bare_figures(one: ClipScore) -> list[str]:
    bare = one.bare or HandErrors()
    return [
        _figure(one.hands.visible_right_share),
        _figure(bare.visible_right_share),
        _figure(one.hands.regained(bare)),
        *(_longest(errors.misnamed) for errors in (one.hands, bare)),
        *(_longest(errors.phantoms) for errors in (one.hands, bare)),
    ]


def _longest(spans: Sequence[Span]) -> str:
    worst = longest(spans)
    return _figure(None if worst is None else worst.end_s - worst.start_s, unit=" s")


def _faults_table(whole: ClipScore) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("fault", no_wrap=True)
    for heading in ("right", "false", "missed", "precision", "recall", "F1"):
        table.add_column(heading, justify="right")
    for code, tally in (*whole.faults.items(), ("all", whole.fault_total)):
        table.add_row(
            code,
            str(tally.right),
            str(tally.false),
            str(tally.missed),
            _figure(tally.precision),
            _figure(tally.recall),
            _figure(tally.f1),
            style="bold" if code == "all" else "",
        )
    return table


def _figure(value: float | None, digits: int = 2, unit: str = "") -> str:
    return "–" if value is None else f"{value:.{digits}f}{unit}"
