"""The accuracy card: a page with every figure of a run, its twin in JSON, and the pictures."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sessions.accuracy import ClipRun, ClipScore, total
from sessions.accuracy_card import card, clip_values
from sessions.calibration_error import CalibrationMiss
from sessions.card_check import FIGURES
from sessions.files import output_folder, written_whole
from sessions.goals import goals
from sessions.hand_errors import HandErrors, longest, quantile
from sessions.harder import HarderScore
from sessions.uncalibrated import UncalibratedScore
from sessions.weaknesses import Weakness, weaknesses, write_picture, write_small
from vision.arrays import ImageRGB

PICTURES: Final = "pictures"
PREFIX: Final = "accuracy_"
"""Of the pictures' names: those of an earlier card are removed."""

HEAD: Final = """\
# How accurate it is

Written by `tstroke accuracy {folder} --card {page}` from one run; do not edit it by hand. The
figures are in `{twin}` as well, and a test fails when a run gets worse than they say, beyond the
slack stated there. The clips are rendered, so the truth is exact and the figures are kinder than a
real room's: see the samples' own README. The calibration is the one given beside each clip, unless
a section says otherwise.
"""

STROKES: Final = """
A count is right within its range: where a fault could not be seen, either count is. Beside it, two
plain counters on the same tracks, which know nothing of the stroke and so count attempts: *peak*
follows the palms' height over a high and under a low limit, as popular trainers do; *autocorr.*
adds up time over period. *Attempts*: found of the true ones, + those that are none. *Boundary*:
error of the phases' boundaries, median and 90th percentile. *Clean*: clean attempts in which a
fault was found.
"""

LIVE: Final = """
The same engine takes the same steps live and in a review, so attempts and faults are the same;
what differs is what is known at the moment. *Phase*: frames at which the phase on the screen was
right at that very frame. *Decided*: from an attempt's end to its verdict, median and latest.
"""

TRACKING: Final = """
Beside bare MediaPipe: a HandLandmarker with its maker's options that sees the whole of the same
frames, and names hands by its labels. *Both*: share of the frames in which both hands can be seen
(so says the truth) in which both are found within half a hand's length of their true places.
*Regained*: share of bare's misses that are gone, frames that only bare has right counted against
it. *Misnamed*: times a hand bears the other's name, and the longest. *Phantoms*: times a hand is
shown over half a hand's length from every true one, and the longest. *Error*: distance of the
knuckles from the nearest true hand that can be seen, in hand's lengths (wrist to middle fingertip
along the finger, the clip's median), median and 95th percentile. Tracking is causal: live and
review are alike.
"""

UNCALIBRATED: Final = """
The back is found from the giver's own hands: from the settle hold where one is found, else from
the strokes. *Settle*, *motion*, *touch*: how far each source is off, the mean distance of its
points from the file's in shoulder widths as seen. For *touch* both palms are taken to have been
laid on the lower back, beside the neck and on the shoulders where their true places were when clean
strokes passed there.
"""

HARDER: Final = """
The first two attempts of clips of which these are clean, have a fault of path, and have one of
technique, looked at 15 times a second, as a webcam's. *False faults*: what the attempts do not
have; *lost*: what they have and the review calls fine. What became not seen is no loss.
"""


SOURCES: Final = ("settle", "motion", "touch")
"""Of a calibration that nobody clicked."""


def write_card(
    runs: Sequence[ClipRun],
    harder: Sequence[tuple[HarderScore, ImageRGB]],
    uncalibrated: Sequence[UncalibratedScore],
    folder: Path,
    page: Path,
) -> None:
    """Write page, JSON twin and pictures. Raises `OutputError` where one can't be written."""
    scores = [run.score for run in runs]
    versions = [score for score, _ in harder]
    shown = [*weaknesses(runs)]
    with output_folder(page.parent / PICTURES) as pictures:
        for old in pictures.glob(f"{PREFIX}*.jpg"):
            old.unlink()
        for weakness in shown:
            write_picture(weakness, pictures / _picture(weakness.key))
        for score, image_rgb in harder:
            if not score.holds:
                write_small(image_rgb, pictures / _picture(_key(score)))
    twin = page.with_suffix(".json")
    figures = Figures(scores, versions, uncalibrated)
    _write(twin, twin_text(figures))
    _write(page, page_text(figures, shown, (folder, page, twin)))


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured."""

    scores: Sequence[ClipScore]
    harder: Sequence[HarderScore] = ()
    uncalibrated: Sequence[UncalibratedScore] = ()


def twin_text(figures: Figures) -> str:
    """The JSON twin: the card, the harder pictures, and the slack."""
    return json.dumps({**full_card(figures), "slack": _slack()}, indent=1) + "\n"


def full_card(figures: Figures) -> dict[str, Any]:
    """The card with the harder pictures and the clips without calibration."""
    return {
        **card(figures.scores, total(figures.scores)),
        "uncalibrated": {one.clip: _uncalibrated_values(one) for one in figures.uncalibrated},
        "harder": {
            one.name: {
                "version": one.version,
                "clip": one.clip,
                "wanted": one.wanted,
                "count": one.count,
                "holds": one.holds,
                "both_hands_share": round(one.both_hands_share, 4),
                "false_faults": list(one.false_faults),
                "lost_faults": list(one.lost_faults),
            }
            for one in figures.harder
        },
    }


def _uncalibrated_values(one: UncalibratedScore) -> dict[str, Any]:
    scored = None if one.score is None else clip_values(one.score)
    return {
        "settles": one.settles,
        "calibration": None if one.miss is None else _miss_values(one.miss),
        "sources": [_miss_values(miss) for miss in one.sources],
        "score": scored,
    }


def _miss_values(miss: CalibrationMiss) -> dict[str, Any]:
    return {
        "source": miss.source,
        "mean": round(miss.mean, 4),
        "points": {name: round(far, 4) for name, far in miss.points.items()},
    }


def _slack() -> dict[str, Any]:
    return {one.path: {"better": one.better, "slack": one.slack} for one in FIGURES}


def page_text(figures: Figures, shown: Sequence[Weakness], paths: tuple[Path, Path, Path]) -> str:
    """The page in Markdown; `paths` are the clips' folder, the page and its twin."""
    folder, page, twin = paths
    scores, harder = figures.scores, figures.harder
    parts = [
        HEAD.format(folder=folder.name, page=f"{page.parent.name}/{page.name}", twin=twin.name),
        "\n## Goals\n\n" + _goals(figures),
        "\n## Counts, phases and faults in review\n" + STROKES + "\n" + _per_clip(STROKE, scores),
        "\n## Live\n" + LIVE + "\n" + _per_clip(LIVE_COLUMNS, scores),
        "\n## Hands\n" + TRACKING + "\n" + _per_clip(HANDS, scores),
        "\n## Camera by camera\n\n" + _per_camera(scores),
        "\n## Faults\n\n" + _faults(total(scores)),
        _section("Without the calibration file", UNCALIBRATED, _uncalibrated(figures.uncalibrated)),
        _section("Harder pictures", HARDER, _harder(harder)),
        "\n## Known weaknesses\n" + "".join(_weaknesses(shown, harder)),
    ]
    return "".join(parts)


def _section(title: str, words: str, table: str) -> str:
    """Nothing where nothing was measured."""
    return f"\n## {title}\n{words}\n{table}" if table else ""


def _goals(figures: Figures) -> str:
    reached = goals(figures.scores, figures.harder, figures.uncalibrated)
    words = {True: "met", False: "**not met**", None: "not measured"}
    rows = [(goal.wanted, goal.got, words[goal.met]) for goal in reached]
    return _table(("goal", "this run", ""), rows)


Columns = Mapping[str, Callable[[ClipScore], str]]


def _per_clip(columns: Columns, scores: Sequence[ClipScore]) -> str:
    rows = [
        (f"`{one.name}`", one.camera, *(figure(one) for figure in columns.values()))
        for one in scores
    ]
    whole = total(scores)
    rows.append(("all", "", *(figure(whole) for figure in columns.values())))
    return _table(("clip", "camera", *columns), rows)


def _per_camera(scores: Sequence[ClipScore]) -> str:
    rows = []
    for camera in sorted({one.camera for one in scores}):
        group = [one for one in scores if one.camera == camera]
        whole = total(group)
        names = ", ".join(f"`{one.name}`" for one in group)
        rows.append((camera, names, *(figure(whole) for figure in CAMERA.values())))
    return _table(("camera", "clips", *CAMERA), rows)


def _faults(whole: ClipScore) -> str:
    rows = [
        (f"`{code}`", str(one.right), str(one.false), str(one.missed), _figure(one.f1))
        for code, one in whole.faults.items()
    ]
    return _table(("fault", "right", "false", "missed", "F1"), rows)


def _harder(harder: Sequence[HarderScore]) -> str:
    rows = [
        (
            one.version,
            f"`{one.clip}`",
            str(one.wanted),
            str(one.count),
            _figure(one.both_hands_share),
            ", ".join(one.false_faults) or "none",
            ", ".join(one.lost_faults) or "none",
        )
        for one in harder
    ]
    heading = ("version", "clip", "wanted", "count", "both hands", "false faults", "lost faults")
    return _table(heading, rows) if rows else ""


def _uncalibrated(clips: Sequence[UncalibratedScore]) -> str:
    rows = []
    for one in clips:
        used = "none" if one.miss is None else one.miss.source
        off = {miss.source: miss.mean for miss in one.sources}
        each = [_figure(off.get(source)) for source in SOURCES]
        hold = "yes" if one.settles else "no"
        score = one.score
        figures = ["–"] * 5
        if score is not None:
            phase, f1 = _figure(score.phase_share), _figure(score.fault_total.f1)
            figures = [_range(score), str(score.count), _attempts(score), phase, f1]
        rows.append((f"`{one.clip}`", hold, used, *each, *figures))
    heading = (
        "clip",
        "hold",
        "source",
        *SOURCES,
        "wanted",
        "count",
        "attempts",
        "phase",
        "fault F1",
    )
    return _table(heading, rows) if rows else ""


def _weaknesses(shown: Sequence[Weakness], harder: Sequence[HarderScore]) -> Iterator[str]:
    for one in shown:
        yield _weakness(one.title, one.words, one.key)
    for score in harder:
        if not score.holds:
            words = f"In `{score.clip}` the count is {score.count} instead of {score.wanted}."
            yield _weakness(f"Harder pictures: {score.name}", words, _key(score))


def _weakness(title: str, words: str, key: str) -> str:
    return f"\n### {title}\n\n{words}\n\n![{title}]({PICTURES}/{_picture(key)})\n"


def _key(score: HarderScore) -> str:
    return "harder_" + "".join(letter for letter in score.name if letter.isalnum())


def _picture(key: str) -> str:
    return f"{PREFIX}{key}.jpg"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _write(path: Path, text: str) -> None:
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _range(one: ClipScore) -> str:
    low, high = one.count_range
    return str(low) if low == high else f"{low} to {high}"


def _attempts(one: ClipScore) -> str:
    extra = one.reps_found - one.reps_matched
    return f"{one.reps_matched}/{one.reps_true}" + (f" +{extra}" if extra else "")


def _pair(values: Sequence[float], second: float) -> str:
    return f"{_figure(quantile(values, 0.5))} / {_figure(quantile(values, second))}"


def _times(errors: HandErrors | None, kind: str) -> str:
    if errors is None:
        return "–"
    spans = getattr(errors, kind)
    worst = longest(spans)
    return f"{len(spans)}" + (f", {worst.end_s - worst.start_s:.2f} s" if worst else "")


def _beside(one: ClipScore, figure: Callable[[HandErrors], str]) -> str:
    return figure(one.hands) + (f" ({figure(one.bare)})" if one.bare is not None else "")


def _regained(one: ClipScore) -> str:
    return "–" if one.bare is None else _figure(one.hands.regained(one.bare))


def _baseline(name: str) -> Callable[[ClipScore], str]:
    return lambda one: str(one.baselines.get(name, "–"))


STROKE: Final[Columns] = {
    "wanted": _range,
    "count": lambda one: str(one.count),
    "peak": _baseline("peak_and_threshold"),
    "autocorr.": _baseline("autocorrelation"),
    "attempts": _attempts,
    "phase": lambda one: _figure(one.phase_share),
    "boundary, s": lambda one: _pair(one.boundaries_s, 0.9),
    "fault F1": lambda one: _figure(one.fault_total.f1),
    "clean": lambda one: str(one.clean_faulted),
}

LIVE_COLUMNS: Final[Columns] = {
    "wanted": _range,
    "count": lambda one: str(one.live.count),
    "phase": lambda one: _figure(one.live.phase_share),
    "decided, s": lambda one: _pair(one.live.delays_s, 1.0),
}

HANDS: Final[Columns] = {
    "both (bare)": lambda one: _beside(one, lambda hands: _figure(hands.visible_right_share)),
    "regained": _regained,
    "misnamed (bare)": lambda one: _beside(one, lambda hands: _times(hands, "misnamed")),
    "phantoms (bare)": lambda one: _beside(one, lambda hands: _times(hands, "phantoms")),
    "error (bare)": lambda one: _beside(one, lambda hands: _pair(hands.errors_lengths, 0.95)),
}

CAMERA: Final[Columns] = {
    "wanted": _range,
    "count": lambda one: str(one.count),
    "phase": lambda one: _figure(one.phase_share),
    "phase live": lambda one: _figure(one.live.phase_share),
    "fault F1": lambda one: _figure(one.fault_total.f1),
    "both (bare)": HANDS["both (bare)"],
    "regained": _regained,
}
