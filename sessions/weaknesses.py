"""Where a run did worst, each with a frame to show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from routines.reps import Rep, Span
from sessions.accuracy import ClipRun
from sessions.files import written_whole
from sessions.hand_errors import Spans, longest, quantile
from sessions.matching import matched, phase_at
from sessions.truth import Truth
from vision.arrays import Floats, ImageRGB
from vision.drawing import BONES, WHITE, Caption, Line, draw
from vision.hands import HandPair
from vision.recording import frame_at

WIDTH_PX: Final = 640
MOST_BYTES: Final = 60_000
QUALITIES: Final = (85, 75, 65, 55, 45, 35)
"""Of the JPEG, the first that is small enough."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing that goes wrong, and where to see it."""

    key: str
    """Short, for the picture's file name."""
    title: str
    words: str
    """One or two sentences with the figures."""
    run: ClipRun
    time_s: float


def weaknesses(runs: Sequence[ClipRun]) -> tuple[Weakness, ...]:
    """The worst clip of each figure; none where nothing is wrong."""
    found = (_missed, _misnamed, _phantom, _inexact, _wrong_phase)
    ones = (find(runs) for find in found)
    return (*(one for one in ones if one is not None), *_faults(runs))


def _missed(runs: Sequence[ClipRun]) -> Weakness | None:
    run = min(runs, key=lambda run: run.score.hands.visible_right_share or 1.0)
    span = longest(run.score.hands.missed)
    if span is None:
        return None
    share = run.score.hands.visible_right_share or 0.0
    words = (
        f"In `{run.score.name}` both hands are found in {share:.2f} of the frames in which both "
        f"could be seen; for {_lasts(span)} on end they are not."
    )
    return Weakness("missed", "Hands that are not found", words, run, _middle(span))


def _misnamed(runs: Sequence[ClipRun]) -> Weakness | None:
    run = max(runs, key=lambda run: _length(longest(run.score.hands.misnamed)))
    span = longest(run.score.hands.misnamed)
    if span is None:
        return None
    words = f"In `{run.score.name}` a hand bears the other one's name for {_lasts(span)}."
    return Weakness("misnamed", "Hands with the wrong name", words, run, _middle(span))


def _phantom(runs: Sequence[ClipRun]) -> Weakness | None:
    run = max(runs, key=lambda run: _length(longest(run.score.hands.phantoms)))
    span = longest(run.score.hands.phantoms)
    if span is None:
        return None
    words = f"In `{run.score.name}` a hand is shown where none is for {_lasts(span)}."
    return Weakness("phantom", "Hands where none are", words, run, _middle(span))


def _inexact(runs: Sequence[ClipRun]) -> Weakness | None:
    run = max(runs, key=lambda run: quantile(run.score.hands.errors_lengths, 0.95) or 0.0)
    error = quantile(run.score.hands.errors_lengths, 0.95)
    if error is None:
        return None
    far, time_s = run.score.hands.farthest
    words = (
        f"In `{run.score.name}` one knuckle in twenty is more than {error:.2f} of a hand's length "
        f"from its place; the picture shows the worst hand, off by {far:.2f} on the mean."
    )
    return Weakness("inexact", "Landmarks that are off", words, run, time_s)


def _wrong_phase(runs: Sequence[ClipRun]) -> Weakness | None:
    run = min(runs, key=lambda run: run.score.phase_share or 1.0)
    span = longest(_wrong_phases(run.truth, run.reps))
    if span is None:
        return None
    time_s = _middle(span)
    true, got = (phase_at(reps, time_s) or "none" for reps in (run.truth.reps, run.reps))
    words = (
        f"In `{run.score.name}` the phase is right in {run.score.phase_share or 0.0:.2f} of the "
        f"frames; the longest wrong stretch lasts {_lasts(span)}, here `{got}` for `{true}`."
    )
    return Weakness("phase", "Phases that are wrong", words, run, time_s)


def _wrong_phases(truth: Truth, reps: Sequence[Rep]) -> list[Span]:
    spans = Spans()
    for index in range(truth.frames):
        time_s = index / truth.fps
        if phase_at(truth.reps, time_s) != phase_at(reps, time_s):
            spans.mark(time_s, time_s + 1 / truth.fps)
    return spans.spans


def _faults(runs: Sequence[ClipRun]) -> Iterator[Weakness]:
    for run in runs:
        pairs = matched(run.truth.reps, run.reps)
        for i, j in pairs:
            yield from _faults_of(run, i, run.reps[j])


def _faults_of(run: ClipRun, index: int, rep: Rep) -> Iterator[Weakness]:
    """A fault that was missed, and each that was found and is none, in one attempt."""
    true, name = run.truth.reps[index], run.score.name
    codes = {check.code: check for check in rep.faults}
    if true.fault is not None and true.seeable and true.fault not in codes:
        unseen = any(
            check.code == true.fault and check.outcome == "not_seen" for check in rep.checks
        )
        words = f"In attempt {index + 1} of `{name}` the fault `{true.fault}` was played and " + (
            "the check says not seen." if unseen else "not found."
        )
        time_s = (true.start_s + true.end_s) / 2
        key = f"missed_{name}_{index + 1}"
        yield Weakness(key, "A fault that is missed", words, run, time_s)
    for code, check in codes.items():
        if code not in {*true.faults, *true.unjudged}:
            words = f"In attempt {index + 1} of `{name}` the fault `{code}` is found and is none."
            key, time_s = f"false_{name}_{index + 1}_{code}", (check.start_s + check.end_s) / 2
            yield Weakness(key, "A fault that is none", words, run, time_s)


def _length(span: Span | None) -> float:
    return 0.0 if span is None else span.end_s - span.start_s


def _middle(span: Span) -> float:
    return (span.start_s + span.end_s) / 2


def _lasts(span: Span) -> str:
    return f"{_length(span):.2f} s"


def write_picture(weakness: Weakness, path: Path) -> None:
    """The frame with the hands as they were found, and white where they truly are.

    Raises `OutputError` where the picture can't be written.
    """
    run = weakness.run
    frame = frame_at(run.video, weakness.time_s)
    index = min(round(frame.time_s * run.truth.fps), run.truth.frames - 1)
    hands = run.truth.hands.values()
    lines = [Line(_skeleton(hand.landmarks_px[index]), WHITE) for hand in hands]
    caption = Caption(f"{frame.time_s:.1f} s", f"{run.score.name}; white: the truth")
    pair = _pair_at(run.pairs, frame.time_s)
    write_small(draw(frame.image_rgb, pair, lines, caption, frame.scale), path)


def write_small(image_rgb: ImageRGB, path: Path) -> None:
    """A JPEG of at most `WIDTH_PX` and about `MOST_BYTES`. Raises `OutputError`."""
    height, width = image_rgb.shape[:2]
    size = (min(width, WIDTH_PX), round(height * min(1.0, WIDTH_PX / width)))
    small = cv2.resize(image_rgb, size, interpolation=cv2.INTER_AREA)[..., ::-1]
    for quality in QUALITIES:
        packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        if packed.size <= MOST_BYTES:
            break
    with written_whole(path) as part:
        part.write_bytes(packed.tobytes())


def _pair_at(pairs: Sequence[HandPair], time_s: float) -> HandPair:
    return min(pairs, key=lambda pair: abs(pair.time_s - time_s))


def _skeleton(landmarks_px: Floats) -> Floats:
    """(N, 2) all bones one after the other, parted by what is not finite."""
    gap = np.full(2, np.nan)
    return np.array([point for a, b in BONES for point in (landmarks_px[a], landmarks_px[b], gap)])
