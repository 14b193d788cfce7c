"""A drawn hand for the chart of the back, with its letter in the tab's language."""

from sessions.drawing.chart_hands import HAND_CM, ChartHand
from sessions.drawing.chart_hands import hand_svg as drawn_hand
from ui.texts import text

__all__ = ["HAND_CM", "ChartHand", "hand_svg"]


def hand_svg(hand: ChartHand, x: float, y: float, length_px: float) -> str:
    """The hand as an SVG group, its palm's centre at (x, y)."""
    return drawn_hand(hand, x, y, length_px, text(f"chart.letter_{hand.side}"))
