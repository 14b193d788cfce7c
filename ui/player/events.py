"""What the player tells: frozen values, each heard once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routines.reps import PhaseSpan
from sessions.store.values import DrawnMark


@dataclass(frozen=True, slots=True)
class Moment:
    """The player was paused, or moved while paused: this is what it shows."""

    time_s: float


@dataclass(frozen=True, slots=True)
class CommentHere:
    """Somebody wants to say something of this moment, and perhaps drew it."""

    time_s: float
    marks: tuple[DrawnMark, ...]


@dataclass(frozen=True, slots=True)
class FaultPicked:
    """A fault was clicked on the timeline, or jumped to."""

    rep_index: int
    code: str


@dataclass(frozen=True, slots=True)
class RepPicked:
    """A rep was clicked on the timeline, or jumped to."""

    index: int


@dataclass(frozen=True, slots=True)
class BoundariesMoved:
    """A rep's boundaries were dragged and are to be kept, as `Store.correct` takes them."""

    of_start_s: float
    of_end_s: float
    """Of the rep as the machine had it."""
    phases: tuple[PhaseSpan, ...]


@dataclass(frozen=True, slots=True)
class RangePicked:
    """A stretch was dragged out or set by its two ends; it plays in a loop."""

    start_s: float
    end_s: float


PlayerEvent = Moment | CommentHere | FaultPicked | RepPicked | BoundariesMoved | RangePicked


def read_event(state: Mapping[str, Any]) -> PlayerEvent | None:
    """The event in what the browser sent; None where it sent something else."""
    try:
        return _read(state)
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _read(state: Mapping[str, Any]) -> PlayerEvent | None:
    match state["kind"]:
        case "moment":
            return Moment(float(state["time_s"]))
        case "comment":
            return CommentHere(float(state["time_s"]), _marks(state["marks"]))
        case "fault":
            return FaultPicked(int(state["rep"]), str(state["code"]))
        case "rep":
            return RepPicked(int(state["rep"]))
        case "range":
            return RangePicked(float(state["start_s"]), float(state["end_s"]))
        case "boundaries":
            phases = tuple(
                PhaseSpan(str(name), float(start_s), float(end_s))
                for name, start_s, end_s in state["phases"]
            )
            return BoundariesMoved(float(state["of_start_s"]), float(state["of_end_s"]), phases)
        case _:
            return None


def _marks(drawn: Sequence[Mapping[str, Any]]) -> tuple[DrawnMark, ...]:
    known = (mark for mark in drawn if mark["tool"] in ("line", "arrow", "ring"))
    return tuple(
        DrawnMark(
            "chart" if mark["frame"] == "chart" else "picture",
            mark["tool"],
            tuple((float(x), float(y)) for x, y in mark["points"]),
        )
        for mark in known
    )
