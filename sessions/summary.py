"""What to tell of a session when it is over: its count, one thing that went well, one to work on.

One thing each, because people change one thing at a time; and only what was seen: praise that is
not true teaches nothing, and what the camera could not tell is named as that.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from routines.coaching import IMPORTANCE, SPINE
from routines.judge import EXPLAINED_BY
from routines.reps import Check, Rep
from routines.routine import Routine

WentWell = Literal["mended", "clean", "even", "beside_spine", "together", "to_neck", "shoulders"]
"""What can have gone well, the most telling first; a key of the app's texts."""

EVEN_CV: Final = 0.15
"""Up to about 15 % of variation a rhythm is called even: massage textbooks ask for an even one and
name no figure, so this is a kind reading of them, not a measured threshold."""

LEAST_REPS: Final = 3
"""An evenness, and "every time", take at least so many reps."""

LEAST_MENDED: Final = 2
"""A fault is mended when it stayed away so often, and at least as often as it had come."""

WEIGHT: Final = {"spine": 4, "path": 2, "technique": 1}
"""One fault on the spine weighs like four of technique; what keeps a rep from counting like two."""

ALWAYS_FINE: Final[Sequence[tuple[WentWell, str]]] = (
    ("beside_spine", SPINE),
    ("together", "asymmetric"),
    ("to_neck", "short_reach"),
    ("shoulders", "skipped_shoulders"),
)
"""What went well when a check was fine in every rep."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A session in a few figures. The texts belong to the app."""

    count: int
    """Reps that count."""
    attempts: int
    """All reps, counted or not."""
    clean: int
    """Counted reps without any fault, of which most could be seen."""
    went_well: WentWell | None
    """None when nothing can be said for sure."""
    mended: str | None
    """The fault code that was mended, when that is what went well."""
    work_on: Check | None
    """The fault to work on, in the rep where it was plainest; None when none was seen."""
    rep_index: int | None
    """Number of that rep."""
    work_on_reps: int
    """In how many reps that fault was found."""
    tempo_s: tuple[float, ...]
    """Seconds that each rep took, in order, counted or not."""
    evenness: float | None
    """Coefficient of variation (standard deviation over mean) of the times of the counted reps of
    which enough was seen; None with less than `LEAST_REPS` of them. Up to `EVEN_CV` is even."""
    next_focus: str | None
    """Fault code to mind next time: what to work on, else what was mended, to see if it lasts."""
    never_seen: tuple[str, ...]
    """Fault codes that the camera could tell in no rep, the most important first."""


def summarise(reps: Sequence[Rep], routine: Routine) -> Summary:
    """The session of these reps (all attempts, in order; there may be none)."""
    codes = [code for code in IMPORTANCE if code in routine.faults]
    mended = next((code for code in codes if _is_mended(code, reps)), None)
    evenness = _evenness(reps)
    plainest = _work_on([code for code in codes if not _is_mended(code, reps)], reps, routine)
    check = plainest[1] if plainest else None
    return Summary(
        count=sum(rep.counted for rep in reps),
        attempts=len(reps),
        clean=sum(is_clean(rep) for rep in reps),
        went_well=_went_well(reps, mended, evenness),
        mended=mended,
        work_on=check,
        rep_index=plainest[0].index if plainest else None,
        work_on_reps=len(_found(check.code, reps)) if check else 0,
        tempo_s=tuple(rep.end_s - rep.start_s for rep in reps),
        evenness=evenness,
        next_focus=check.code if check else mended,
        never_seen=tuple(code for code in codes if reps and not _was_seen(code, reps)),
    )


def _went_well(reps: Sequence[Rep], mended: str | None, evenness: float | None) -> WentWell | None:
    if mended is not None:
        return "mended"
    if reps and all(is_clean(rep) for rep in reps):
        return "clean"
    if evenness is not None and evenness <= EVEN_CV:
        return "even"
    if len(reps) < LEAST_REPS:
        return None
    fine = (key for key, code in ALWAYS_FINE if all(_was_fine(code, rep) for rep in reps))
    return next(fine, None)


def _evenness(reps: Sequence[Rep]) -> float | None:
    times = [rep.end_s - rep.start_s for rep in reps if rep.counted and rep.score is not None]
    if len(times) < LEAST_REPS or min(times) <= 0:
        return None
    return statistics.stdev(times) / statistics.fmean(times)


def is_clean(rep: Rep) -> bool:
    """Counted, and without any fault, of which most could be seen."""
    return rep.counted and is_well_seen(rep) and not rep.faults


def is_well_seen(rep: Rep) -> bool:
    """Whether it has a score, and most of its checks came to a verdict."""
    seen = sum(check.outcome != "not_seen" for check in rep.checks)
    return rep.score is not None and 2 * seen > len(rep.checks)


def _check(code: str, rep: Rep) -> Check | None:
    return next((check for check in rep.checks if check.code == code), None)


def _was_fine(code: str, rep: Rep) -> bool:
    """Whether it was seen to be fine, not only left unsaid beside the fault that explains it."""
    check = _check(code, rep)
    explained = {fault.code for fault in rep.faults}.intersection(EXPLAINED_BY.get(code, ()))
    return check is not None and check.outcome == "fine" and not explained


def _was_seen(code: str, reps: Sequence[Rep]) -> bool:
    return bool(_found(code, reps)) or any(_was_fine(code, rep) for rep in reps)


def _found(code: str, reps: Sequence[Rep]) -> list[tuple[Rep, Check]]:
    """The reps in which this fault was found."""
    return [(rep, check) for rep in reps for check in rep.faults if check.code == code]


def _is_mended(code: str, reps: Sequence[Rep]) -> bool:
    """Whether the fault came, and then was seen to stay away to the end."""
    came = len(_found(code, reps))
    stayed_away = 0
    for rep in reversed(reps):
        if not _was_fine(code, rep):
            break
        stayed_away += 1
    return came > 0 and stayed_away >= max(LEAST_MENDED, came)


def _work_on(
    codes: Sequence[str], reps: Sequence[Rep], routine: Routine
) -> tuple[Rep, Check] | None:
    """The fault that weighs most by its kind and how often it came, where it was plainest."""
    found = [one for one in (_found(code, reps) for code in codes) if one]
    if not found:
        return None
    heaviest = max(found, key=lambda one: len(one) * weight_of(one[0][1].code, routine))
    return max(heaviest, key=lambda one: _excess(one[1]))


def weight_of(code: str, routine: Routine) -> int:
    """How much one such fault weighs beside others."""
    return WEIGHT["spine" if code == SPINE else routine.faults[code].kind]


def _excess(check: Check) -> float:
    """How far beyond its limit, as a share of it; limits have different units."""
    if check.measured is None or not check.limit:
        return 0.0
    return abs(check.measured - check.limit) / abs(check.limit)
