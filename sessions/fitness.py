"""Says in words what makes a review less sure: what it is, why it matters, what to do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sessions.preflight import Code, Remark
from sessions.record import VideoFacts
from vision.calibration import Calibration

Values = Mapping[str, float | str]

NO_BACK: Final = (
    "Nobody set the points of the back, and the hands do not tell where it is, because none were "
    "seen to do the stroke or to rest on nape and waist: nothing was counted; if there are "
    "strokes in it, set the points, or begin with one hand on the nape and one on the waist, in "
    "full view."
)
MIRRORED: Final = (
    "By its points this picture is a mirror image, as selfie cameras make them, and it was taken "
    "for one: if it is none, left and right are exchanged in the points, so swap them there."
)
BY_SETTLE: Final = (
    "Nobody set the points of the back, so it was found from the hands on nape and waist: the "
    "count is as sure, measures are rougher; set the points for exact ones."
)
BY_MOTION: Final = (
    "Nobody set the points of the back, so it was found from the strokes themselves: how far they "
    "reach was not judged; set the points, or begin with one hand on the nape and one on the "
    "waist."
)


def warnings_of(
    video: VideoFacts, remarks: Sequence[Remark], calibration: Calibration | None
) -> tuple[str, ...]:
    """One sentence for each thing that makes a review less sure; `calibration` as it was used."""
    empty = any(remark.code == "no_hands" for remark in remarks)
    found = (
        _broken_off(video),
        *(_SENTENCES[remark.code](remark.values) for remark in remarks),
        # Without any hand it is no wonder that they do not tell where the back is.
        None if empty and calibration is None else _of_calibration(calibration),
    )
    return tuple(sentence for sentence in found if sentence is not None)


def _of_calibration(calibration: Calibration | None) -> str | None:
    if calibration is None:
        return NO_BACK
    if calibration.mirrored and calibration.mirrored_said is None:
        return MIRRORED
    return {"settle": BY_SETTLE, "motion": BY_MOTION}.get(calibration.source)


def _broken_off(video: VideoFacts) -> str | None:
    if video.readable_share >= 1.0:
        return None
    return (
        f"Only {_percent(video.readable_share)} of this recording could be read, because it is "
        "cut off or damaged: what is readable was reviewed; copy it again from the camera for the "
        "rest."
    )


def _small(values: Values) -> str:
    return (
        f"The picture is small ({values['width']} x {values['height']} px), so hands are seen "
        "less exactly and are easily lost: record with 640 x 480 px or more."
    )


def _slow(values: Values) -> str:
    return (
        f"There are only {values['fps']:.0f} frames a second, so quick movements may be missed: "
        "record with 25 or more."
    )


def _few_hands(values: Values) -> str:
    return (
        f"Both hands were found in only {_percent(values['share'])} of the frames, so some strokes "
        "may be missing or seen in part: film from above, with both hands in view."
    )


def _far(values: Values) -> str:
    return (
        f"The hands are small in the picture ({values['hand_px']:.0f} px long), so they are seen "
        "less exactly and are easily lost: bring the camera nearer."
    )


def _cut_off(values: Values) -> str:
    return (
        f"The back is cut off at the {values['edge']} of the picture, so what the hands do there "
        "was not seen: set the camera so that the whole back is in the picture, with a hand's "
        "length around it."
    )


_SENTENCES: Final[Mapping[Code, Callable[[Values], str]]] = {
    "dark": lambda _: "The picture is dark, so hands are easily lost: light the back evenly.",
    "small": _small,
    "slow": _slow,
    "no_hands": lambda _: (
        "No hands were found in the whole recording, so there is nothing to count: check that it "
        "shows a giver's hands on a back, in good light, and that its calibration is its own."
    ),
    "few_hands": _few_hands,
    "near": lambda _: (
        "The hands are so large in the picture that the whole back cannot be in it, so parts of "
        "the strokes were not seen: move the camera away."
    ),
    "far": _far,
    "cut_off": _cut_off,
    "moved": lambda _: (
        "The camera moved during the recording, which was allowed for as far as the picture tells, "
        "so places are rougher: fasten the camera next time."
    ),
}


def _percent(share: float | str) -> str:
    """Rounded down: 99.6 % read is not all of it."""
    return f"{int(float(share) * 100)} %"
