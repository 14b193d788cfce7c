"""Trends in words: what is known, how sure, and nothing beyond."""

from sessions.analysis.progress import LEAST_SESSIONS, Trend
from ui.texts import text
from ui.words import number


def clean_trend(trend: Trend) -> str:
    """Of the share of clean strokes."""
    words = {"rising": "progress.clean_rising", "falling": "progress.clean_falling"}
    return _sentence(trend, words)


def evenness_trend(trend: Trend) -> str:
    """Of the variation of the strokes' times: less of it is more even."""
    words = {"rising": "progress.even_rising", "falling": "progress.even_falling"}
    return _sentence(trend, words)


def fault_trend(trend: Trend) -> str:
    """Of a fault's rate, in two or three words."""
    match trend.direction:
        case "rising":
            return text("progress.fault_rising")
        case "falling":
            return text("progress.fault_falling")
        case "none_seen":
            return text("progress.fault_none_seen")
        case "too_early":
            return text("progress.fault_too_early")


def points(per_week: float) -> str:
    """A change of a share, as percentage points; one digit where they are few."""
    value = abs(100 * per_week)
    return text("progress.points", value=number(value, 1 if value < 2 else 0))


def capital(words: str) -> str:
    """With a capital letter, as a sentence begins."""
    return words[:1].upper() + words[1:]


def _sentence(trend: Trend, words: dict[str, str]) -> str:
    if trend.direction in words and trend.per_week is not None:
        key = words[trend.direction]
        return text(key, change=points(trend.per_week), sessions=trend.sessions)
    if trend.direction == "too_early":
        return text("progress.too_early", least=LEAST_SESSIONS, sessions=trend.sessions)
    return text("progress.none_seen", sessions=trend.sessions)
