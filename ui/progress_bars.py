"""Sessions or weeks side by side as bars, in plain HTML: they fit a phone, and say their numbers.

A clean stroke is solid, one that counts with something to work on is light, one that does not
count is hatched; what was not judged has no bar, but a dot.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from routines.routine import Routine
from sessions.analysis.progress import Figures, Trend
from sessions.summary import EVEN_CV
from ui.progress_words import capital, fault_trend
from ui.session_words import day
from ui.texts import text
from ui.words import percent


def strokes_html(figures: Sequence[Figures]) -> str:
    """Strokes that were tried: clean, counted, not counted."""
    most = max((each.attempts for each in figures), default=0) or 1
    return _bars(figures, text("progress.strokes_title"), lambda each: _stroke_bar(each, most))


def evenness_html(figures: Sequence[Figures]) -> str:
    """How much the strokes' times vary, with the limit of what is called even."""
    known = [each.evenness for each in figures if each.evenness is not None]
    most = max([*known, 2 * EVEN_CV])
    line = f'<i class="limit" style="bottom:{100 * EVEN_CV / most:.1f}%"></i>'
    bars = _bars(figures, text("progress.even_title"), lambda each: _even_bar(each, most))
    return bars.replace("</ol>", f'<li class="limit" aria-hidden="true">{line}</li></ol>')


def bar_legend_html() -> str:
    """What the bars' fillings mean."""
    parts = (
        ("clean", text("progress.clean")),
        ("counted", text("progress.counted")),
        ("uncounted", text("progress.uncounted")),
    )
    keys = "".join(f'<span><i class="{kind}"></i>{escape(word)}</span>' for kind, word in parts)
    return f'<p class="bars-legend">{keys}</p>'


def fault_rows_html(
    trends: Mapping[str, Trend], figures: Sequence[Figures], routine: Routine
) -> str:
    """A row for each fault: its rate over time, lately, and its trend."""
    rows = "".join(_fault_row(code, trends[code], figures, routine) for code in trends)
    heads = ("fault", "over_time", "lately", "trend")
    words = {
        "fault": text("progress.head_fault"),
        "over_time": text("progress.head_over_time"),
        "lately": text("progress.head_lately"),
        "trend": text("progress.head_trend"),
    }
    head = "".join(f'<th scope="col" class="{key}">{escape(words[key])}</th>' for key in heads)
    return f'<table class="rates"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _bars(figures: Sequence[Figures], title: str, bar: Callable[[Figures], str]) -> str:
    items = "".join(
        f"<li>{bar(each)}<small>{escape(short_day(each))}</small></li>" for each in figures
    )
    return f'<ol class="bars" aria-label="{escape(title)}">{items}</ol>'


def short_day(figures: Figures) -> str:
    """Day and month: the year goes without saying."""
    return f"{figures.since:%d.%m.}"


def _stroke_bar(each: Figures, most: int) -> str:
    clean = round((each.clean_share or 0.0) * each.attempts)
    told = text(
        "progress.bar_told",
        day=day(each.since),
        attempts=each.attempts,
        count=each.count,
        clean=clean,
    )
    parts = (
        ("uncounted", each.attempts - each.count),
        ("counted", each.count - clean),
        ("clean", clean),
    )
    pieces = "".join(
        f'<i class="{kind}" style="height:{100 * size / most:.1f}%"></i>'
        for kind, size in parts
        if size > 0
    )
    return (
        f'<div class="bar" role="img" title="{escape(told)}" aria-label="{escape(told)}">'
        f"<b>{each.attempts}</b>{pieces}</div>"
    )


def _even_bar(each: Figures, most: float) -> str:
    if each.evenness is None:
        told = text("progress.even_unknown", day=day(each.since))
        inner = '<i class="unknown"></i>'
    else:
        share = percent(each.evenness)
        told = text("progress.even_told", day=day(each.since), share=share)
        inner = (
            f"<b>{100 * each.evenness:.0f}</b>"
            f'<i class="plain" style="height:{100 * each.evenness / most:.1f}%"></i>'
        )
    return (
        f'<div class="bar" role="img" title="{escape(told)}" aria-label="{escape(told)}">'
        f"{inner}</div>"
    )


def _fault_row(code: str, trend: Trend, figures: Sequence[Figures], routine: Routine) -> str:
    known = [each.rates[code] for each in figures if code in each.rates]
    lately = percent(known[-1]) if known else text("progress.never_judged")
    cells = (
        ("fault", escape(capital(routine.faults[code].label))),
        ("over_time", _spark(code, figures)),
        ("lately", f"<b>{escape(lately)}</b>"),
        ("trend", escape(fault_trend(trend))),
    )
    return "<tr>" + "".join(f'<td class="{key}">{html}</td>' for key, html in cells) + "</tr>"


def _spark(code: str, figures: Sequence[Figures]) -> str:
    rates = [each.rates.get(code) for each in figures]
    told = ", ".join(
        text("progress.never_judged") if rate is None else percent(rate) for rate in rates
    )
    pieces = "".join(
        '<i class="unknown"></i>'
        if rate is None
        else f'<i style="height:{max(100 * rate, 4):.0f}%"{_none(rate)}></i>'
        for rate in rates
    )
    return f'<div class="spark" role="img" aria-label="{escape(told)}">{pieces}</div>'


def _none(rate: float) -> str:
    return "" if rate else ' class="none"'
