"""Figures, faults and verdicts in words of a language, for reports and captions."""

import re
from datetime import date
from typing import Final

from messages import ENGLISH, filled_messages, languages
from routines.reps import Check, Rep
from routines.routine import Routine
from routines.words import in_language
from sessions.store.values import Verdict

_MINUTE_S: Final = 60.0


class Words:
    """What reports and captions say, in one language.

    >>> Words("de").duration(7.25)
    '7,2 s'
    """

    def __init__(self, language: str = ENGLISH) -> None:
        """A language without messages is English."""
        self.language: Final = language if language in languages() else ENGLISH
        self._messages: Final = filled_messages(self.language)

    def text(self, key: str, **values: object) -> str:
        """The text of `key` with its {names} filled in. An unknown key or name raises KeyError."""
        return self._messages[key].format_map(values)

    def routine(self, routine: Routine) -> Routine:
        """The routine, named in this language."""
        return in_language(routine, self.language)

    def number(self, value: float, digits: int) -> str:
        """A number as the language writes it."""
        written = f"{value:.{digits}f}".replace(".", self.text("language.decimal"))
        return written.replace("-", "\N{MINUS SIGN}")

    def duration(self, time_s: float) -> str:
        """A length of time, with the digits that it deserves."""
        if time_s >= _MINUTE_S:
            whole = round(time_s)
            return self.text("time.minutes", minutes=whole // 60, seconds=f"{whole % 60:02d}")
        return self.text("time.seconds", value=self.number(time_s, 1 if time_s < 10 else 0))

    def percent(self, share: float) -> str:
        """A share of 0 to 1 as whole per cent, which stay on one line with their sign."""
        return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"

    def day(self, day: date) -> str:
        """A date with its month in words."""
        month = self.text("language.months").split()[day.month - 1]
        return self.text("language.date", day=day.day, month=month, year=day.year)

    def quantity(self, value: float, unit: str) -> str:
        """A measured value with its unit; lengths are estimates and say so, shares say of what."""
        key = self._share_key(unit)
        if key is None:
            return self._plain(value, unit)
        return self.text(key, share=self.percent(value))

    def _share_key(self, unit: str) -> str | None:
        """The text for a unit that is a share of something; None for other units."""
        key = f"unit.{re.sub('[^a-z]+', '_', unit)}"
        return key if key in self._messages else None

    def _plain(self, value: float, unit: str) -> str:
        digits = 0 if abs(value) >= 20 else 1 if abs(value) >= 2 else 2
        about = "≈ " if unit.startswith("cm") else ""
        sign = unit if unit in ("", "°") else f" {unit}"
        return f"{about}{self.number(value, digits)}{sign}"

    def _exact(self, value: float, unit: str) -> str:
        """A limit: not measured, so neither about nor with noughts at its end."""
        written = f"{value:.3g}".replace(".", self.text("language.decimal"))
        return f"{written}{unit if unit in ('', '°') else f' {unit}'}"

    def fault(self, check: Check, routine: Routine) -> str:
        """Short title of the fault, and the hand where it concerns one of them."""
        return self.fault_of(check.code, check.hand, routine)

    def fault_of(self, code: str, hand: str | None, routine: Routine) -> str:
        """As `fault`, of a code."""
        rule = routine.faults.get(code)
        label = rule.label if rule else code
        return f"{label}, {self.text(f'hand.{hand}')}" if hand in ("left", "right") else label

    def measure(self, check: Check) -> str:
        """What was measured against which limit; empty where nothing was measured."""
        if check.measured is None or check.limit is None:
            return ""
        share = self._share_key(check.unit) is not None
        limit = self.percent(check.limit) if share else self._exact(check.limit, check.unit)
        measured = self.quantity(check.measured, check.unit)
        return self.text("rep.measured", measured=measured, limit=limit)

    def outcome(self, rep: Rep, routine: Routine) -> str:
        """Counted, or why not."""
        if rep.counted:
            return self.text("rep.counted_in_part" if rep.seen_in_part else "rep.counted")
        reasons = [
            rule.label
            for check in rep.faults
            if (rule := routine.faults.get(check.code)) and rule.kind == "path"
        ]
        if not reasons:
            return self.text("rep.not_counted")
        return self.text("rep.because", reasons=", ".join(reasons))

    def verdict(self, said: Verdict, routine: Routine) -> str:
        """An instructor's word, with who said it."""
        if said.code is None:
            key = "missed_rep" if said.word == "missed" else said.word
            return self.text(f"word.{key}", author=said.author, what="")
        what = self.fault_of(said.code, said.hand, routine)
        return self.text(f"word.{said.word}", author=said.author, what=what)


def clock(time_s: float) -> str:
    """Media time as m:ss, for places in a recording."""
    whole = max(0, int(time_s))
    return f"{whole // 60}:{whole % 60:02d}"
