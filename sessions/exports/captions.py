"""Captions for any player: numbers of strokes, faults, cues and comments at their times.

Players differ in what they do with captions that overlap, so the lines that hold at the same time
share one caption, which changes whenever a line comes or goes.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from routines.routine import Routine
from sessions.store.values import StoredSession
from sessions.wording import Words

READ_S: Final = 3.0
"""So long at least a fault, a cue or a comment stands, to be read."""

_FLASH_MS: Final = 40
"""A caption that would stand for less than a picture is left out."""

_LINE_LETTERS: Final = 300
"""A longer comment is cut off: it would hide the picture."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words from one time to another."""

    start_ms: int
    end_ms: int
    words: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands on the picture from one time to another."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def srt_of(session: StoredSession, routine: Routine, words: Words) -> bytes:
    """SubRip: UTF-8, the signs that its players take for tags replaced by look-alikes."""
    blocks = [
        f"{number}\n{_time(caption.start_ms, ',')} --> {_time(caption.end_ms, ',')}\n"
        + "".join(f"{_plain(line)}\n" for line in caption.lines)
        for number, caption in enumerate(captions_of(session, routine, words), start=1)
    ]
    return "\n".join(blocks).encode("utf-8")


def vtt_of(session: StoredSession, routine: Routine, words: Words) -> bytes:
    """WebVTT: UTF-8, with its signs escaped."""
    blocks = ["WEBVTT\n"]
    blocks += [
        f"{_time(caption.start_ms, '.')} --> {_time(caption.end_ms, '.')}\n"
        + "".join(f"{escape(line, quote=False)}\n" for line in caption.lines)
        for caption in captions_of(session, routine, words)
    ]
    return "\n".join(blocks).encode("utf-8")


def captions_of(session: StoredSession, routine: Routine, words: Words) -> tuple[Caption, ...]:
    """Captions in time order, none over another."""
    lines = [line for line in _lines(session, routine, words) if line.end_ms > line.start_ms]
    cuts = sorted({time for line in lines for time in (line.start_ms, line.end_ms)})
    captions: list[Caption] = []
    for start_ms, end_ms in itertools.pairwise(cuts):
        held = tuple(
            line.words for line in lines if line.start_ms <= start_ms and line.end_ms >= end_ms
        )
        if held and end_ms - start_ms >= _FLASH_MS:
            captions.append(Caption(start_ms, end_ms, held))
    return tuple(_joined(captions))


def _joined(captions: Sequence[Caption]) -> Iterator[Caption]:
    """The same words in a row as one caption."""
    for lines, group in itertools.groupby(captions, key=lambda caption: caption.lines):
        run: list[Caption] = []
        for caption in group:
            if run and caption.start_ms > run[-1].end_ms:
                yield Caption(run[0].start_ms, run[-1].end_ms, lines)
                run = []
            run.append(caption)
        yield Caption(run[0].start_ms, run[-1].end_ms, lines)


def _lines(session: StoredSession, routine: Routine, words: Words) -> Iterator[Line]:
    """In the order in which they stand in a caption."""
    for rep in session.review.reps:
        title = words.text("rep.stroke", number=rep.index)
        yield _line(rep.start_s, rep.end_s, f"{title}: {words.outcome(rep, routine)}")
    for rep in session.review.reps:
        for check in rep.faults:
            measure = words.measure(check)
            told = words.fault(check, routine) + (f" ({measure})" if measure else "")
            yield _line(check.start_s, max(check.end_s, check.start_s + READ_S), told)
    for cue in session.cues:
        rule = routine.faults.get(cue.code)
        said = rule.spoken if rule else cue.code
        yield _line(cue.time_s, cue.time_s + READ_S, f"“{said}”")
    for verdict in session.verdicts:
        until_s = max(verdict.end_s, verdict.start_s + READ_S)
        yield _line(verdict.start_s, until_s, words.verdict(verdict, routine))
    for comment in session.comments:
        if comment.text.strip():
            told = f"{comment.author}: {comment.text}"
            yield _line(comment.time_s, comment.time_s + _reading_s(comment.text), told)


def _reading_s(text: str) -> float:
    """About 15 letters a second are read at ease, as subtitles are made for television."""
    return max(READ_S, min(len(text), _LINE_LETTERS) / 15)


def _line(start_s: float, end_s: float, words: str) -> Line:
    # One line each: an empty one would end the caption.
    told = " ".join(words.split())
    if len(told) > _LINE_LETTERS:
        told = told[:_LINE_LETTERS].rstrip() + "…"
    return Line(round(max(start_s, 0.0) * 1000), round(max(end_s, 0.0) * 1000), told)


def _plain(words: str) -> str:
    return words.translate(str.maketrans("<>{}\\", "‹›()/"))


def _time(time_ms: int, point: str) -> str:
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms:03d}"
