"""What a guided session shows and says at one moment, as values: drawing and speaking are others'.

Texts are keys; the face turns them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from routines.reps import Event, Progress
from vision.back_frame import BackFrame
from vision.calibration import Calibration
from vision.hands import HandPair, Side
from vision.samples import BackSample

Stage = Literal["check", "touch", "confirm", "settle", "oil", "strokes", "paused", "done"]

SayKind = Literal["task", "cue", "count", "tone", "notice"]

NO_PROGRESS: Final = Progress(count=0, attempts=0, phase=None, settling=False)


@dataclass(frozen=True, slots=True)
class Say:
    """Something new to be said, shown or sounded once."""

    time_s: float
    kind: SayKind
    key: str
    """A message's key; for a cue the fault's code."""
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Say, (self.time_s, self.kind, self.key, dict(self.values))


@dataclass(frozen=True, slots=True)
class Hold:
    """Hands that are asked to rest: the ring around them and how full it is."""

    places_px: tuple[tuple[float, float], ...]
    """(x, y) centres of the hands that are seen, full-size px."""
    radius_px: float
    share: float
    """0 to 1; full when the rest was long enough."""


@dataclass(frozen=True, slots=True)
class Breath:
    """A shape to breathe by."""

    swell: float
    """0 when breathed out, 1 when breathed in."""
    phase: Literal["in", "out"]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All that is to be shown, spoken and sounded after one frame. Holds no picture."""

    time_s: float
    stage: Stage
    task: str
    """Key of what to do now."""
    goal: int
    pair: HandPair
    progress: Progress = NO_PROGRESS
    """Of the strokes that belong to the session: none before they begin, none while paused."""
    phase_now: str | None = None
    """The phase that the hands are in at this moment, to be shown; `progress.phase` is what was
    decided of a moment that lies 0.45 s back. None outside of strokes."""
    remarks: tuple[str, ...] = ()
    """What speaks against the picture, as codes of the camera check."""
    sample: BackSample | None = None
    """The hands on the chart; None until the back is known."""
    events: tuple[Event, ...] = ()
    calibration: Calibration | None = None
    """The back as it is taken to lie now."""
    back_frame: BackFrame | None = None
    """The same as fitted, so that nobody has to fit it again: that takes a fraction of a second."""
    hold: Hold | None = None
    breath: Breath | None = None
    remaining_s: float | None = None
    """Of the settle."""
    ghost: Mapping[Side, tuple[float, float]] | None = None
    """(u, v) where each hand should be now."""
    says: tuple[Say, ...] = ()
    """What is new at this step, in the order in which it should be heard."""
