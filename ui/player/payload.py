"""All that the player shows of a session, made ready for the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from routines.routine import Routine
from sessions.store.values import LandmarkTrack, StoredSession
from ui.player.backdrop import Backdrop, backdrop, sheet_json
from ui.player.lanes import lanes_json
from ui.player.track_bytes import TrackBytes, pack_paths, pack_track
from ui.routine_words import in_words
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.errors import CalibrationError

FRAME_S: Final = 1 / 30
"""One picture, where nobody knows how many a second there were."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What does not change while a session is talked about: hands, chart, calibration.

    It costs about a second to make; `payload_of` takes it over from the payload before.
    """

    session_id: str
    calibration: Calibration | None
    landmarks: LandmarkTrack | None
    frame: BackFrame | None
    """None where nobody knows where the back is."""
    hands: TrackBytes
    backdrop: Backdrop


@dataclass(frozen=True, slots=True, eq=False)
class Payload:
    """A session, ready to be played."""

    ground: Ground
    video: Path | None
    """The recording; None where no pictures were kept."""
    data: Mapping[str, Any]
    """JSON values: everything but the hands and the pictures."""

    @property
    def session_id(self) -> str:
        """The session that is played."""
        return self.ground.session_id


def payload_of(
    session: StoredSession,
    landmarks: LandmarkTrack | None,
    routine: Routine,
    before: Payload | None = None,
) -> Payload:
    """Make a session ready; its words are the tab's.

    `before` is what was shown last: where it is of the same session, calibration and landmarks,
    only the lanes are made anew, which takes milliseconds.
    """
    ground = None if before is None else _still_good(before.ground, session, landmarks)
    ground = ground or _ground(session, landmarks, routine)
    named = in_words(routine)
    size = _size(session, landmarks)
    pictures = session.pictures
    video = pictures.path if pictures is not None and pictures.path.is_file() else None
    data = {
        "id": session.line.id,
        "duration": round(max(session.line.duration_s, 0.1), 3),
        "frame_s": round(_frame_s(session), 6),
        "picture": list(size),
        "hands": {
            "count": ground.hands.count,
            "every": ground.hands.every,
            "kept": landmarks is not None,
        },
        "lines": ground.backdrop.lines,
        "sheet": sheet_json(named, ground.backdrop.scale),
        **lanes_json(session, named, ground.frame, size),
    }
    return Payload(ground, video, data)


def _still_good(
    ground: Ground, session: StoredSession, landmarks: LandmarkTrack | None
) -> Ground | None:
    same = (
        ground.session_id == session.line.id
        and ground.calibration == session.calibration
        and (ground.landmarks is None) == (landmarks is None)
    )
    return ground if same else None


def _ground(session: StoredSession, landmarks: LandmarkTrack | None, routine: Routine) -> Ground:
    size = _size(session, landmarks)
    frame = _frame(session.calibration, size)
    hands = (
        pack_paths(dict(session.review.paths))
        if landmarks is None
        else pack_track(landmarks, frame)
    )
    drawn = backdrop(routine, frame, size, session.review.scale)
    return Ground(session.line.id, session.calibration, landmarks, frame, hands, drawn)


def _frame(calibration: Calibration | None, size: tuple[int, int]) -> BackFrame | None:
    """The chart in pictures of this size; None where the calibration is of no use for them."""
    if calibration is None:
        return None
    try:
        return fit_back_frame(calibration.fitted_to(*size))
    except CalibrationError:
        return None


def _size(session: StoredSession, landmarks: LandmarkTrack | None) -> tuple[int, int]:
    """(width, height) px of the upright picture."""
    if landmarks is not None:
        return landmarks.image_size
    video = session.review.video
    return video.width, video.height


def _frame_s(session: StoredSession) -> float:
    video = session.review.video
    if video.frames_read < 2 or video.duration_s <= 0:
        return FRAME_S
    return video.duration_s / video.frames_read
