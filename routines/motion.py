"""Which leg of the stroke the hands are on: a hidden Markov model over the path.

States are the legs of the routine, each forward and backward, resting at the start place, and
anything else. What is observed is where each hand is and which way it moves. A hand that was not
observed says nothing; a pause or a step back costs little; a leg left out costs more. Decided with
a fixed lag by the Viterbi algorithm (Rabiner 1989), so that live and recorded video are judged by
the same code.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from routines.path import Legs, aspect
from routines.routine import Routine
from routines.ticks import TICK_S, Tick
from vision.arrays import Floats
from vision.samples import BackScale

REST: Final = "rest"
OTHER: Final = "other"
SETTLE: Final = "settle"

SLOPE_TICKS: Final = 3
"""Velocities are fitted over this many ticks on either side (0.15 s)."""

_WHOLE_WINDOW: Final = 2 * TICK_S**2 * sum(n**2 for n in range(1, SLOPE_TICKS + 1))
"""Sum of the squared times of a whole window, s²."""

LAG_TICKS: Final = 6
"""How far the decision looks ahead (0.3 s), beside the velocity's own look."""

_FIRST: Final = 3
"""Place of the first leg among the states, after rest, other and settle."""

_STILL_CM_S: Final = 2.0
"""Slower than this a palm rests; jitter of tracked palms stays below."""
_TURN_CM_S: Final = 3.0
"""From about this speed on the direction of a palm's motion can be told."""
_STRAY: Final = 4.0
"""The most that one hand's place can speak against a state, in nats a tick before tempering."""
_END: Final = 4.0
"""Beyond the ends of a leg the hands are on another one: distance there weighs more."""
_TEMPER: Final = 0.35
"""Neighbouring ticks are not independent: each counts this much."""
_LOG_UNSEEN_LEG: Final = -0.5
"""What it costs to go over to the next leg unseen."""
_LOG_UNSEEN_RETURN: Final = -3.0
"""What it costs to come to rest unseen: the start place is the one that cameras see best."""
_DIRECTION_IN_FITS: Final = 0.4
"""Weight of the direction beside the place where a leg's beginning is put."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of the model."""

    name: str
    """Name of a phase, or REST, OTHER or SETTLE."""
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """What the hands were doing at a tick that lies a fixed lag back."""

    tick: Tick
    state: State
    fits: Floats
    """(L,) log-likelihood of each leg gone forward, by the place of the hands more than by their
    direction: near a leg's end hands slow down and turn, so the place tells more of it."""


class MotionModel:
    """Follows the hands along the path; one `step` per tick."""

    def __init__(self, routine: Routine, scale: BackScale) -> None:
        names = [phase.name for phase in routine.phases]
        self.states: Final = (
            State(REST),
            State(OTHER),
            State(SETTLE),
            *(State(name) for name in names),
            *(State(name, forward=False) for name in names),
        )
        self._legs = Legs(routine, scale)
        self._spread = np.array([phase.spread for phase in routine.phases])
        self._metric = np.array([1.0, aspect(scale)])
        self._u_cm = scale.u_cm
        self._start = np.array(routine.start.place) * self._metric
        self._start_radius = routine.start.radius
        self._settle = np.array([routine.settle.nape, routine.settle.waist]) * self._metric
        self._settle_radius = routine.settle.radius
        self._log_moves = _log_transitions(len(names))
        self._log_unseen_moves = _log_unseen_transitions(len(names))
        self._score = np.full(len(self.states), -np.log(len(self.states)))
        self._window: deque[Tick] = deque(maxlen=2 * SLOPE_TICKS + 1)
        self._waiting: deque[tuple[Tick, Floats]] = deque()
        self._origins: deque[np.ndarray[tuple[int], np.dtype[np.intp]]] = deque()

    @property
    def newest(self) -> State:
        """What the hands are likely doing at the newest tick that has a velocity; not sure yet."""
        return self.states[int(self._score.argmax())]

    def foreseen(self) -> list[Decided]:
        """What would be decided next if nothing more came: the likeliest so far, not sure yet."""
        path = zip(self._waiting, self._likeliest_path(), strict=True)
        return [Decided(tick, self.states[state], fits) for (tick, fits), state in path]

    def step(self, tick: Tick) -> list[Decided]:
        """Take one tick in; give what is decided by now (at most one, a fixed lag back)."""
        self._window.append(tick)
        if len(self._window) <= SLOPE_TICKS:
            return []
        middle = len(self._window) - 1 - SLOPE_TICKS
        self._advance(self._window[middle], middle)
        return [self._decide()] if len(self._waiting) > LAG_TICKS else []

    def finish(self) -> list[Decided]:
        """Decide all that is still waiting."""
        for middle in range(max(len(self._window) - SLOPE_TICKS, 0), len(self._window)):
            self._advance(self._window[middle], middle)
        decided = []
        while self._waiting:
            decided.append(self._decide())
        return decided

    def _advance(self, tick: Tick, middle: int) -> None:
        velocity = self._velocity(middle)
        palms = tick.values[:, :2]
        moves = self._log_moves if (~np.isnan(palms)).any() else self._log_unseen_moves
        reach = self._score[:, None] + moves
        origins = reach.argmax(axis=0)
        best = reach[origins, np.arange(len(origins))]
        likelihood, fits = self._log_likelihood(palms, *velocity)
        self._score = best + likelihood
        self._score -= self._score.max()
        self._origins.append(origins)
        self._waiting.append((tick, fits))

    def _decide(self) -> Decided:
        state = self._likeliest_path()[0]
        self._origins.popleft()
        tick, fits = self._waiting.popleft()
        return Decided(tick, self.states[state], fits)

    def _likeliest_path(self) -> list[int]:
        """The state at each waiting tick."""
        path = [int(self._score.argmax())]
        for origins in list(self._origins)[:0:-1]:
            path.append(int(origins[path[-1]]))
        return path[::-1]

    def _velocity(self, middle: int) -> tuple[Floats, Floats]:
        """(2, 2) each hand's velocity at the window's middle, half shoulder widths a second.

        With it (2,) the velocity's standard error, as a multiple of that of a hand seen in the
        whole window: the fewer moments tell of it, the less it tells.
        """
        values = np.array([tick.values[:, :2] for tick in self._window]) * self._metric
        times = (np.arange(len(self._window)) - middle) * TICK_S
        velocity, error = np.full((2, 2), np.nan), np.ones(2)
        for hand in range(2):
            known = ~np.isnan(values[:, hand, 0])
            if known.sum() >= 3 and known[middle]:
                centred = times[known] - times[known].mean()
                spread = centred @ centred
                velocity[hand] = centred @ values[known, hand] / spread
                error[hand] = np.sqrt(_WHOLE_WINDOW / spread)
        return velocity, error

    def _log_likelihood(
        self, palms: Floats, velocity: Floats, error: Floats
    ) -> tuple[Floats, Floats]:
        """(S,) of every state, and (L,) of every leg gone forward, as `Decided.fits`."""
        total = np.zeros(len(self.states))
        legs = len(self._spread)
        known = ~np.isnan(palms[:, 0])
        if not known.any():
            return total, np.zeros(legs)
        points = palms[known] * self._metric
        speeds = np.linalg.norm(velocity[known], axis=1) * self._u_cm
        turning = _TURN_CM_S * error[known]
        hands = self._log_likelihood_of_hands(points, velocity[known], speeds, turning)
        total += hands.sum(axis=0)
        total[2] = self._settling(points, speeds)
        total *= _TEMPER
        forward, backward = total[_FIRST : _FIRST + legs], total[_FIRST + legs :]
        place, direction = (forward + backward) / 2, (forward - backward) / 2
        return total, place + _DIRECTION_IN_FITS * direction

    def _settling(self, points: Floats, speeds_cm_s: Floats) -> float:
        """One hand on the nape, the other on the waist, both still."""
        if len(points) < 2:
            return -_STRAY
        gaps = np.linalg.norm(points[:, None] - self._settle[None], axis=-1) / self._settle_radius
        fit = 0.5 * float(min(gaps[0, 0] ** 2 + gaps[1, 1] ** 2, gaps[0, 1] ** 2 + gaps[1, 0] ** 2))
        moving = float(np.nan_to_num(speeds_cm_s / _STILL_CM_S, nan=1.0).mean())
        return 2.0 - min(fit, 2 * _STRAY) - 0.5 * min(moving**2, _STRAY)

    def _log_likelihood_of_hands(
        self, points: Floats, velocity: Floats, speeds_cm_s: Floats, turning_cm_s: Floats
    ) -> Floats:
        """(N, S) how well each of N seen hands fits each state.

        `turning_cm_s` (N,) is the speed from which on a hand's direction can be told.
        """
        unknown = np.isnan(speeds_cm_s)
        speeds = np.where(unknown, 0.0, speeds_cm_s)
        stillness = np.where(unknown, 0.5, np.exp(-((speeds / _STILL_CM_S) ** 2)))[:, None]
        certainty = (2.5 * speeds**2 / (speeds**2 + turning_cm_s**2))[:, None]
        heading = np.nan_to_num(velocity) * self._u_cm / np.maximum(speeds, 1e-9)[:, None]
        gaps, tangents, outside = self._legs.project(points)
        stray = (gaps / self._spread) ** 2 + (_END * outside / self._spread) ** 2
        base = -np.minimum(0.5 * stray, _STRAY) - 0.8 * stillness - 0.3 * certainty
        turn = certainty * (heading[:, None, :] * tangents).sum(-1)
        away = np.linalg.norm(points - self._start, axis=1, keepdims=True) / self._start_radius
        rest = -np.minimum(0.5 * away**2, _STRAY) + 1.5 * (stillness - 0.5)
        other = np.full_like(rest, -2.2)
        return np.hstack([rest, other, np.zeros_like(rest), base + turn, base - turn])


def _log_transitions(count: int, turned_back: float = 0.1) -> Floats:
    """(S, S) log probabilities per tick of going from one state (row) to another (column).

    Rates per second: the next leg after about two seconds; a leg left out or turned back is
    rarer; anything else rarer still.
    """
    next_leg = 0.6
    size = _FIRST + 2 * count
    rates = np.full((size, size), 0.005)
    rates[:, 0] = 0.003
    rates[1, :] = 0.05
    rates[:, 1] = 0.05
    rates[1, 0] = rates[2, 0] = rates[2, 1] = 0.5
    for index in range(count):
        here, back = _FIRST + index, _FIRST + count + index
        rates[here, _FIRST + (index + 1) % count] = next_leg
        rates[here, back] = turned_back
        rates[back, here] = max(3 * turned_back, 0.5 * next_leg)
        rates[back, _FIRST + (index + 1) % count] = 0.25 * next_leg
        rates[back, _FIRST + count + (index - 1) % count] = 0.5 * turned_back
    rates[0, _FIRST] = 0.6
    rates[_FIRST + count - 1, 0] = 0.6
    rates[-1, 0] = rates[_FIRST + count, 0] = 0.3
    rates[-1, _FIRST] = 0.3
    np.fill_diagonal(rates, 0.0)
    moves = rates * TICK_S
    np.fill_diagonal(moves, 1.0 - moves.sum(axis=1))
    logs: Floats = np.log(moves)
    return logs


def _log_unseen_transitions(count: int) -> Floats:
    """(S, S) the same while no hand is seen: whoever was on the stroke is taken to go on with it.

    One moment unseen tells no more than the next, so lasting costs nothing, in or out of the
    stroke; and a leg gone unseen costs little, for forearms often hide the half of a stroke.
    """
    logs = _log_transitions(count, turned_back=0.02)
    np.fill_diagonal(logs, 0.0)
    last = _FIRST + count - 1
    for leg in range(_FIRST, last):
        logs[leg, leg + 1] = _LOG_UNSEEN_LEG
    logs[last, 0] = _LOG_UNSEEN_RETURN
    return logs
