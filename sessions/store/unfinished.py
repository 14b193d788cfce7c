"""Live sessions that were cut off: their journals, and what is made of one when it is to be kept.

    journal = follow(folder, session_id, About(started, "t_stroke", 1, goal=10))
    recorder.follower = journal            # before its first moment
    ...                                    # the program is killed
    for found in unfinished(store, folder):
        keep(found.id, store, folder)      # or drop(found.id, folder)

A session is kept under the journal's own name: done twice, it is there once.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import TypeAdapter

from routines.coaching import Cue
from routines.reps import Event, Progress, Rep, RepEnded, SettleEnded, Span
from sessions.coach import Moment
from sessions.held import hold
from sessions.practised import PracticeRecorder, draft_of_practice
from sessions.record import RoutineRef
from sessions.store.calibrations import calibration_from, calibration_json
from sessions.store.errors import StoreError
from sessions.store.folder import LEFT_OVER_S, age_s
from sessions.store.journal import NEW, SUFFIX, Entry, Journal, Seen, read_journal, read_notes
from sessions.store.values import Person, Role, SessionDraft
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.hands import HandPair, TrackedHand

FOLDER: Final = "live"
"""In the store's own folder."""

AGAIN_S: Final = 0.05
TRIES: Final = 40
"""A page that lists them holds each for a moment."""

_NOTHING: Final = Progress(count=0, attempts=0, phase=None, settling=False)


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a session when it begins; the rest may be told later."""

    started: datetime
    routine_id: str
    routine_version: int
    goal: int
    learner_id: str | None = None
    browser: str | None = None
    """A mark of the browser in which it is practised, by which nobody gets into that."""


_ABOUT: Final = TypeAdapter(About)
_REP: Final = TypeAdapter(Rep)
_SPAN: Final = TypeAdapter(Span)
_CUE: Final = TypeAdapter(Cue)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A session that nobody has ended."""

    id: str
    about: About
    strokes: int
    """All attempts."""


class Keeping(Protocol):
    """What is needed of a store."""

    def has_session(self, session_id: str) -> bool: ...
    def add_session(self, draft: SessionDraft, session_id: str | None = None) -> str: ...
    def people(self, role: Role | None = None) -> tuple[Person, ...]: ...


class LiveJournal:
    """A recorder's `Follower` that writes all of it down; never waits for the disk."""

    def __init__(self, journal: Journal, about: About) -> None:
        self._journal: Final = journal
        self._about = about
        self._note("about", _ABOUT.dump_python(about, mode="json"))

    def knows(self, calibration: Calibration) -> None:
        """From the next moment on the back lies there."""
        self._note("calibration", calibration_json(calibration))

    def sees(self, moment: Moment) -> None:
        """The next moment."""
        self._journal.add(Seen(moment.pair, moment.drift_px))

    def takes(self, events: Sequence[Event]) -> None:
        """What was decided: strokes and the settle hold."""
        for event in events:
            if isinstance(event, RepEnded):
                self._note("rep", asdict(event.rep))
            elif isinstance(event, SettleEnded):
                self._note("settle", asdict(event.span))

    def hears(self, cue: Cue) -> None:
        """A cue was given."""
        self._note("cue", asdict(cue))

    def tell(self, **known: Any) -> None:
        """Something `About` the session has become known, or is otherwise now."""
        about = replace(self._about, **known)
        if about != self._about:
            self._about = about
            self._note("about", _ABOUT.dump_python(about, mode="json"))

    @property
    def trouble(self) -> str | None:
        """Why the newest moments could not be written; None while all is well."""
        return self._journal.trouble

    def close(self) -> None:
        """The session is not kept yet: leave it as unfinished."""
        self._journal.close()

    def discard(self) -> None:
        """It is kept, or nothing of it shall be."""
        self._journal.discard()

    def _note(self, name: str, value: object) -> None:
        self._journal.add(json.dumps({name: value}, default=_plain))


def _plain(number: Any) -> Any:
    """NumPy's numbers as Python's own."""
    return number.item()


def follow(folder: Path, session_id: str, about: About) -> LiveJournal:
    """Begin the journal of a session. `folder` is the store's own."""
    return LiveJournal(Journal(folder / FOLDER, session_id), about)


def is_any(folder: Path) -> bool:
    """Whether a journal lies there at all; looked for without a store."""
    return any((folder / FOLDER).glob(f"[!.]*{SUFFIX}"))


def unfinished(store: Keeping, folder: Path) -> tuple[Unfinished, ...]:
    """Sessions with a stroke that were cut off, the newest first. Raises `StoreError`."""
    looked_at = map(_read, _journals(folder, shared=True))
    found = [one for one in looked_at if one is not None and one.strokes]
    left = [one for one in found if not store.has_session(one.id)]
    return tuple(sorted(left, key=lambda one: one.about.started, reverse=True))


def keep(session_id: str, store: Keeping, folder: Path) -> str:
    """Make it a session like any other. Raises `StoreError`."""
    path = _path(folder, session_id)
    with _held(path):
        if not store.has_session(session_id):
            draft = draft_of_journal(read_journal(path))
            if draft is None:
                raise _gone()
            if draft.learner_id not in {person.id for person in store.people()}:
                draft = replace(draft, learner_id=None)
            store.add_session(draft, session_id)
        path.unlink(missing_ok=True)
    return session_id


def drop(session_id: str, folder: Path) -> None:
    """Throw it away. Raises `StoreError` where it can't be."""
    path = _path(folder, session_id)
    with _held(path):
        path.unlink(missing_ok=True)


def drop_of_learner(learner_id: str, folder: Path) -> None:
    """Throw away what somebody has left unfinished, who is to be forgotten."""
    for path in _journals(folder):
        found = _read(path)
        if found is not None and found.about.learner_id == learner_id:
            path.unlink(missing_ok=True)


def sweep(store: Keeping, folder: Path, now: datetime) -> None:
    """Delete journals without a stroke, and of sessions that are kept. Raises `StoreError`."""
    for path in _journals(folder):
        found = _read(path)
        if found is None or not found.strokes or store.has_session(found.id):
            path.unlink(missing_ok=True)
    for path in (folder / FOLDER).glob(f"{NEW}*"):
        if age_s(path, now) > LEFT_OVER_S:
            path.unlink(missing_ok=True)


def _path(folder: Path, session_id: str) -> Path:
    path = folder / FOLDER / f"{session_id}{SUFFIX}"
    # The name may come from a page: it leads nowhere else.
    if path.parent != folder / FOLDER or path not in set((folder / FOLDER).glob(f"*{SUFFIX}")):
        raise _gone()
    return path


def _journals(folder: Path, *, shared: bool = False) -> Iterator[Path]:
    """Those that belong to no program that runs."""
    for path in sorted((folder / FOLDER).glob(f"[!.]*{SUFFIX}")):
        file = hold(path, shared=shared)
        if file is not None:
            try:
                yield path
            finally:
                os.close(file)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    file, tries = hold(path), TRIES
    while file is None and tries:
        time.sleep(AGAIN_S)
        file, tries = hold(path), tries - 1
    if file is None or not path.exists():
        raise _gone()
    try:
        yield
    finally:
        os.close(file)


def _gone() -> StoreError:
    return StoreError(
        "This unfinished session is not there any more, or goes on elsewhere; "
        "look for it in the list of sessions.",
        key="error.unfinished_gone",
    )


def _read(path: Path) -> Unfinished | None:
    """None where not even its beginning was written."""
    about: About | None = None
    strokes = 0
    for note in map(_noted, read_notes(path)):
        if "about" in note:
            about = _ABOUT.validate_python(note["about"])
        strokes += "rep" in note
    return None if about is None else Unfinished(path.stem, about, strokes)


def _noted(note: str) -> Mapping[str, Any]:
    value: Mapping[str, Any] = json.loads(note)
    return value


def draft_of_journal(entries: Sequence[Entry]) -> SessionDraft | None:
    """The session as it would have been kept, had it ended there; None without a stroke.

    What was under way is not judged any more. Raises `CalibrationError`.
    """
    told = _Retold()
    for entry in entries:
        if isinstance(entry, Seen):
            told.see(entry)
        else:
            told.take(_noted(entry))
    return told.draft()


class _Retold:
    """Takes a journal's entries as the recorder took them when they came."""

    def __init__(self) -> None:
        self._recorder = PracticeRecorder()
        self._about: About | None = None
        self._back: BackFrame | None = None
        self._cues: list[Cue] = []

    def see(self, seen: Seen) -> None:
        if self._back is None:
            return
        sample = self._back.sample(_on_chart(seen))
        moment = Moment(seen.pair.time_s, seen.pair, sample, _NOTHING, (), seen.drift_px)
        self._recorder.step(moment)

    def take(self, note: Mapping[str, Any]) -> None:
        for name, value in note.items():
            match name:
                case "about":
                    self._about = _ABOUT.validate_python(value)
                case "calibration":
                    calibration = calibration_from(value)
                    self._recorder.know(calibration)
                    self._back = fit_back_frame(calibration)
                case "rep":
                    rep = _REP.validate_python(value)
                    self._recorder.take([RepEnded(rep.end_s, rep)])
                case "settle":
                    span = _SPAN.validate_python(value)
                    self._recorder.take([SettleEnded(span.end_s, span)])
                case "cue":
                    self._cues.append(_CUE.validate_python(value))

    def draft(self) -> SessionDraft | None:
        about = self._about
        if about is None:
            return None
        return draft_of_practice(
            self._recorder,
            RoutineRef(about.routine_id, about.routine_version),
            started=about.started,
            goal=about.goal,
            cues=self._cues,
            learner_id=about.learner_id,
        )


def _on_chart(seen: Seen) -> HandPair:
    """The hands where they would be had the camera not drifted."""
    drift_px = seen.drift_px

    def still(hand: TrackedHand | None) -> TrackedHand | None:
        return hand and TrackedHand(hand.landmarks_px - drift_px, hand.observed)

    pair = seen.pair
    return HandPair(pair.time_s, still(pair.left), still(pair.right))
