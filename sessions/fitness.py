"""Says in words what makes a review less sure: what it is, why it matters, what to do."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sessions.preflight import Remark
from sessions.record import VideoFacts
from vision.calibration import Calibration
from vision.errors import Sentence

WARNINGS: Final[Mapping[str, str]] = {
    "broken_off": (
        "Only {share} of this recording could be read, because it is cut off or damaged: what is "
        "readable was reviewed; copy it again from the camera for the rest."
    ),
    "dark": "The picture is dark, so hands are easily lost: light the back evenly.",
    "small": (
        "The picture is small ({width} x {height} px), so hands are seen less exactly and are "
        "easily lost: record with 640 x 480 px or more."
    ),
    "slow": (
        "There are only {fps:.0f} frames a second, so quick movements may be missed: record with "
        "25 or more."
    ),
    "no_hands": (
        "No hands were found in the whole recording, so there is nothing to count: check that it "
        "shows a giver's hands on a back, in good light, and that its calibration is its own."
    ),
    "few_hands": (
        "Both hands were found in only {share} of the frames, so some strokes may be missing or "
        "seen in part: film from above, with both hands in view."
    ),
    "near": (
        "The hands are so large in the picture that the whole back cannot be in it, so parts of "
        "the strokes were not seen: move the camera away."
    ),
    "far": (
        "The hands are small in the picture ({hand_px:.0f} px long), so they are seen less exactly "
        "and are easily lost: bring the camera nearer."
    ),
    "cut_off": (
        "The back is cut off at the {edge} of the picture, so what the hands do there was not "
        "seen: set the camera so that the whole back is in the picture, with a hand's length "
        "around it."
    ),
    "moved": (
        "The camera moved during the recording, which was allowed for as far as the picture tells, "
        "so places are rougher: fasten the camera next time."
    ),
    "no_back": (
        "Nobody set the points of the back, and the hands do not tell where it is, because none "
        "were seen to do the stroke or to rest on nape and waist: nothing was counted; if there "
        "are strokes in it, set the points, or begin with one hand on the nape and one on the "
        "waist, in full view."
    ),
    "mirrored": (
        "By its points this picture is a mirror image, as selfie cameras make them, and it was "
        "taken for one: if it is none, left and right are exchanged in the points, so swap them "
        "there."
    ),
    "by_settle": (
        "Nobody set the points of the back, so it was found from the hands on nape and waist: the "
        "count is as sure, measures are rougher; set the points for exact ones."
    ),
    "by_motion": (
        "Nobody set the points of the back, so it was found from the strokes themselves: how far "
        "they reach was not judged; set the points, or begin with one hand on the nape and one on "
        "the waist."
    ),
}
"""In English, by the name under which a message file has them, as `warning.dark`."""


def warnings_of(
    video: VideoFacts, remarks: Sequence[Remark], calibration: Calibration | None
) -> tuple[Sentence, ...]:
    """One sentence for each thing that makes a review less sure; `calibration` as it was used."""
    empty = any(remark.code == "no_hands" for remark in remarks)
    found = (
        _broken_off(video),
        *(_warning(remark.code, **remark.values) for remark in remarks),
        # Without any hand it is no wonder that they do not tell where the back is.
        None if empty and calibration is None else _of_calibration(calibration),
    )
    return tuple(sentence for sentence in found if sentence is not None)


def recognised(warning: str) -> Sentence | None:
    """The warning that these English words are, as a stored review has them; None for others."""
    for name, (pattern, numbers) in _PATTERNS.items():
        if (match := pattern.fullmatch(warning)) is not None:
            values = {
                value: float(words) if value in numbers else words
                for value, words in match.groupdict().items()
            }
            return _warning(name, **values)
    return None


def _warning(name: str, **values: float | str) -> Sentence:
    told: dict[str, object] = dict(values)
    share, edge = values.get("share"), values.get("edge")
    if isinstance(share, float):
        told["share"] = _percent(share)
    if edge is not None:
        told["edge"] = Sentence(str(edge), key=f"edge.{edge}")
    return Sentence(WARNINGS[name], key=f"warning.{name}", **told)


def _of_calibration(calibration: Calibration | None) -> Sentence | None:
    if calibration is None:
        return _warning("no_back")
    if calibration.mirrored and calibration.mirrored_said is None:
        return _warning("mirrored")
    found = {"settle": "by_settle", "motion": "by_motion"}.get(calibration.source)
    return None if found is None else _warning(found)


def _broken_off(video: VideoFacts) -> Sentence | None:
    whole = video.readable_share >= 1.0
    return None if whole else _warning("broken_off", share=video.readable_share)


def _percent(share: float) -> str:
    """Rounded down: 99.6 % read is not all of it."""
    return f"{int(share * 100)} %"


def _pattern(template: str) -> tuple[re.Pattern[str], frozenset[str]]:
    """What fits the words of a template, and the names of its values that are numbers."""
    pieces = re.split(r"{(\w+)(?::[^}]*)?}", template)
    fitting = (
        f"(?P<{piece}>.+)" if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces)
    )
    return re.compile("".join(fitting)), frozenset(re.findall(r"{(\w+):", template))


_PATTERNS: Final = {name: _pattern(template) for name, template in WARNINGS.items()}
