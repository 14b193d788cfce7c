"""How many strokes each session had, and how many of them were clean, as SVG bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 700.0
_TALL: Final = 120.0
_LEFT: Final = 26.0
_BOTTOM: Final = 150.0
_BROADEST: Final = 34.0
_ACCENT: Final = "#1F6F78"
_LABELS: Final = 12
"""So many dates have room below the bars."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One session, or several of a time together."""

    label: str
    """Short: its day."""
    clean: int
    counted: int
    """With something to practise."""
    uncounted: int

    @property
    def all(self) -> int:
        return self.clean + self.counted + self.uncounted


@dataclass(frozen=True, slots=True)
class BarWords:
    """What is written beside the bars."""

    title: str
    clean: str
    counted: str
    uncounted: str


def session_bars_svg(bars: Sequence[Bar], words: BarWords, name: str = "bars") -> str:
    """The bars in the order given; solid, light and hatched, so that grey paper tells them apart.

    `name` must be unique in a page: ids hang on it.
    """
    most = max((bar.all for bar in bars), default=0) or 1
    step = (_WIDTH - _LEFT) / max(len(bars), 1)
    parts = [*_defs(name), *_axis(most)]
    every = -(-len(bars) // _LABELS)
    for at, bar in enumerate(bars):
        middle = _LEFT + (at + 0.5) * step
        parts += _bar(bar, middle, min(_BROADEST, 0.72 * step), _TALL / most, name)
        if at % every == 0:
            parts.append(_label(bar.label, middle))
    parts += _legend(words, name)
    return (
        f'<svg class="session-bars" viewBox="0 0 {_WIDTH:.0f} {_BOTTOM + 44:.0f}" role="img" '
        f'aria-label="{escape(words.title)}" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="inherit">{"".join(parts)}</svg>'
    )


def _defs(name: str) -> Iterator[str]:
    yield (
        f'<defs><pattern id="{name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="1.6" height="5" fill="#6B655F"/></pattern>'
        "</defs>"
    )


def _axis(most: int) -> Iterator[str]:
    top = _BOTTOM - _TALL
    yield (
        f'<path d="M{_LEFT},{_BOTTOM}H{_WIDTH}M{_LEFT},{top}H{_WIDTH}" stroke="currentColor" '
        'stroke-opacity="0.35" stroke-width="1" fill="none"/>'
    )
    for y, value in ((_BOTTOM, 0), (top, most)):
        yield (
            f'<text x="{_LEFT - 6}" y="{y + 4}" font-size="11" text-anchor="end" '
            f'fill="currentColor">{value}</text>'
        )


def _bar(bar: Bar, middle: float, broad: float, scale: float, name: str) -> Iterator[str]:
    foot = _BOTTOM
    for number, style in zip((bar.clean, bar.counted, bar.uncounted), _styles(name), strict=True):
        if number:
            foot -= number * scale
            yield (
                f'<rect x="{middle - broad / 2:.1f}" y="{foot:.1f}" width="{broad:.1f}" '
                f'height="{number * scale:.1f}" {style}/>'
            )


def _styles(name: str) -> tuple[str, str, str]:
    edge = f'stroke="{_ACCENT}" stroke-width="1"'
    return (
        f'fill="{_ACCENT}" {edge}',
        f'fill="{_ACCENT}" fill-opacity="0.22" {edge}',
        f'fill="url(#{name}-hatch)" stroke="#6B655F" stroke-width="1"',
    )


def _label(words: str, middle: float) -> str:
    return (
        f'<text x="{middle:.1f}" y="{_BOTTOM + 15}" font-size="10.5" text-anchor="middle" '
        f'fill="currentColor">{escape(words)}</text>'
    )


def _legend(words: BarWords, name: str) -> Iterator[str]:
    x = _LEFT
    told = (words.clean, words.counted, words.uncounted)
    for word, style in zip(told, _styles(name), strict=True):
        yield (
            f'<rect x="{x:.0f}" y="{_BOTTOM + 26}" width="14" height="12" {style}/>'
            f'<text x="{x + 20:.0f}" y="{_BOTTOM + 36.5}" font-size="12" fill="currentColor">'
            f"{escape(word)}</text>"
        )
        x += 48 + 6.4 * len(word)
