"""What a session is called, and its figures, in words."""

from datetime import date, datetime

from routines.routine import load_routine
from sessions.store.values import SessionLine
from ui.routine_words import in_words
from ui.texts import text

MOST_FAULTS = 2
"""So many kinds of faults are named in a line; the session's own page has all."""


def day(moment: datetime | date) -> str:
    """A day, as people write it; a moment's in this machine's own zone."""
    if isinstance(moment, datetime):
        moment = moment.astimezone()
    return f"{moment:%d.%m.%Y}"


def moment_words(moment: datetime) -> str:
    """A day and a time of day, in this machine's own zone."""
    return f"{moment.astimezone():%d.%m.%Y, %H:%M}"


def title_of(line: SessionLine) -> str:
    """What a session is called: its recording, or that it was practised."""
    return text("sessions.practised") if line.kind == "live" else line.name


def fault_words(line: SessionLine) -> str:
    """The commonest faults with how often they came; empty where there was none."""
    rules = in_words(load_routine()).faults
    found = sorted(
        ((count, code) for code, count in line.faults.items() if count and code in rules),
        reverse=True,
    )
    return ", ".join(f"{rules[code].label} {count}×" for count, code in found[:MOST_FAULTS])


def plain(words: str) -> str:
    """Words in Markdown: signs that have a meaning there stand for themselves."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|~$:" else sign for sign in words)
