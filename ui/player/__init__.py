"""A session's player: the picture with hands and chart in step, its timeline, and drawing.

    payload = payload_of(session, landmarks, routine)
    event = player(payload, key="player", drawing=True, correcting=True)
    match event:
        case CommentHere(time_s, marks): ...

Public: `payload_of(session, landmarks, routine, before=None) -> Payload`, `player(payload, *, key,
correcting=False, drawing=False, seek_s=None, loop=None) -> PlayerEvent | None`, and
`two_players(first, second, *, key, first_s, second_s, seek_s=None, loop=None)`, where at
`first_s[i]` of the one the other is at `second_s[i]`. The server has to mount `routes()`, else the
page can't fetch pictures and hands.
"""

from ui.player.component import player, two_players
from ui.player.events import (
    BoundariesMoved,
    CommentHere,
    FaultPicked,
    Moment,
    PlayerEvent,
    RangePicked,
    RepPicked,
)
from ui.player.payload import Payload, payload_of
from ui.served import routes

__all__ = [
    "BoundariesMoved",
    "CommentHere",
    "FaultPicked",
    "Moment",
    "Payload",
    "PlayerEvent",
    "RangePicked",
    "RepPicked",
    "payload_of",
    "player",
    "routes",
    "two_players",
]
