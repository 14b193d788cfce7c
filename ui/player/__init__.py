"""A session's player: the picture with hands and chart in step, its timeline, and drawing.

    payload = payload_of(session, landmarks, routine)
    event = player(payload, key="player", drawing=True, correcting=True)
    match event:
        case CommentHere(time_s, marks): ...

Public: `payload_of(session, landmarks, routine, before=None) -> Payload`, `player(payload, *, key,
correcting=False, drawing=False, seek_s=None, loop=None) -> PlayerEvent | None`, and
`two_players(first, second, *, key, first_s, second_s, seek_s=None) -> PlayerEvent | None`.
"""

from ui.player.events import (
    BoundariesMoved,
    CommentHere,
    FaultPicked,
    Moment,
    PlayerEvent,
    RangePicked,
    RepPicked,
)

__all__ = [
    "BoundariesMoved",
    "CommentHere",
    "FaultPicked",
    "Moment",
    "PlayerEvent",
    "RangePicked",
    "RepPicked",
]
