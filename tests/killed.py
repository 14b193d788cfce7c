"""What is killed: a program that opens a store, practises, reviews, keeps, exports, on and on.

All of it is the app's own but the hands, which come from a clip's truth, and the clock, which runs
faster. `python -m tests.killed` reads `FOLDER URL FIRST SEED` on its standard input, and forks a
program for each line: that has imported everything, and begins at once.
"""

import math
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from routines.engine import Engine
from routines.reps import RepEnded
from routines.routine import Routine, load_routine
from sessions.coach import Moment
from sessions.practised import PracticeRecorder, draft_of_practice
from sessions.record import Review
from sessions.store import journal
from sessions.store.store import Store, open_store, utc_now
from sessions.store.unfinished import About, follow
from sessions.truth import Truth, load_truth
from ui.review_files import TemporaryFolder
from ui.review_uploads import UPLOADS
from ui.review_work import ReviewWork, Wish
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration, load_calibration
from vision.hands import SIDES, HandPair, TrackedHand
from vision.samples import BackSample

CLIP: Final = Path(__file__).parents[1] / "sample_videos" / "fps15"
FORGET_ON: Final = date(2999, 1, 1)
SPEED: Final = 10.0
"""Session seconds in a second."""

FIRST_FRAME: Final = 150
"""The settle hold goes before."""

ONE_STROKE_S: Final = 14.0

PICTURES: Final = b"pictures " * 100_000

PARTS: Final = ("keeping", "live", "reviewing", "exporting")
"""What the program does over and over, after it has opened the store."""


@cache
def clip() -> tuple[Truth, Calibration, BackFrame, Routine]:
    """What is watched."""
    calibration = load_calibration(CLIP.with_suffix(".calibration.json"))
    truth = load_truth(CLIP.with_suffix(".truth.json.gz"))
    return truth, calibration, fit_back_frame(calibration), load_routine()


@cache
def samples() -> tuple[tuple[HandPair, BackSample], ...]:
    """The hands in each picture, and on the chart."""
    truth, _, back_frame, _ = clip()
    pairs = []
    for index in range(FIRST_FRAME, truth.frames):
        left, right = (
            TrackedHand(truth.hands[side].landmarks_px[index], observed=True) for side in SIDES
        )
        pairs.append(HandPair((index - FIRST_FRAME) / truth.fps, left, right))
    return tuple((pair, back_frame.sample(pair)) for pair in pairs)


def moments(until_s: float = math.inf) -> Iterator[Moment]:
    """The strokes of the clip, as the engine finds them."""
    _, _, back_frame, routine = clip()
    engine = Engine(routine, back_frame.scale)
    for pair, sample in samples():
        if pair.time_s > until_s:
            return
        events = tuple(engine.step(sample))
        yield Moment(pair.time_s, pair, sample, engine.progress, events)


class Program:
    """Says all that it has done, in a file that outlives it."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        self._random = random.Random(seed)
        self._folder = folder
        self._file = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.say("opening")
        self._store: Store = open_store(url, folder=folder / "kept")
        self.say("opened")

    def say(self, *words: object) -> None:
        """A line, with its time."""
        line = f"{time.monotonic()} {' '.join(map(str, words))}\n"
        os.write(self._file, line.encode())

    def run(self, first: str) -> None:
        """Do everything over and over, from that part on."""
        at = PARTS.index(first)
        for part in cycle(PARTS[at:] + PARTS[:at]):
            act: Callable[[], None] = getattr(self, part)
            act()

    def live(self) -> None:
        """A session, of which some strokes are there already when it is first looked at."""
        self._practise(paced=True)

    def keeping(self) -> None:
        """The end of a session."""
        self._practise(paced=False)

    def _practise(self, *, paced: bool) -> None:
        truth, calibration, _, routine = clip()
        session_id = f"{self._random.getrandbits(128):032x}"
        about = About(utc_now(), routine.id, routine.version, 10)
        live = follow(self._folder / "kept", session_id, about)
        recorder = PracticeRecorder()
        recorder.follower = live
        recorder.know(calibration)
        if paced:
            self.say("live", session_id)
        for moment in moments(math.inf if paced else ONE_STROKE_S):
            if paced:
                # A busy machine slows the session, as it slows whoever writes it down.
                time.sleep(1 / truth.fps / SPEED)
            recorder.step(moment)
            strokes = sum(isinstance(event, RepEnded) for event in moment.events)
            self.say("saw", session_id, moment.time_s, strokes)
        draft = draft_of_practice(recorder, routine, started=about.started, goal=10)
        assert draft is not None
        self.say("keeping", session_id)
        self._store.add_session(draft, session_id)
        self.say("kept", session_id, len(draft.review.reps))
        live.discard()
        self.say("done", session_id)

    def reviewing(self) -> None:
        """A recording is sent, judged and kept with its pictures."""
        _, calibration, _, routine = clip()
        self.say("reviewing")
        UPLOADS.of("me")
        incoming = UPLOADS.receive("me", "clip.mp4")
        assert incoming is not None
        for part in range(0, len(PICTURES), 100_000):
            incoming.write(PICTURES[part : part + 100_000])
        recording = incoming.keep()
        self.say("sent", recording.id)
        taken = UPLOADS.take("me", recording.id)
        assert taken is recording
        wish = Wish(annotate=False, forget_on=FORGET_ON)
        work = ReviewWork(
            recording,
            calibration,
            routine,
            wish,
            lambda: self._store,
            owner="me",
            reviewer=reviewed,
        )
        self.say("queued", recording.id, work.session_id)
        outcome = work.run(Silent())
        assert outcome.problem is None, outcome.problem
        self.say("kept", work.session_id, len(outcome.review.reps))
        self.say("pictures", work.session_id)

    def exporting(self) -> None:
        """All of it in one file."""
        self.say("exporting")
        folder = TemporaryFolder()
        self._store.export_all(folder.path / "all.zip", with_pictures=True)
        folder.remove()


class Silent:
    """Nobody listens."""

    def finding(self, progress: object) -> None: ...

    def judging(self, progress: object) -> None: ...

    def cancelled(self) -> bool:
        return False


def reviewed(path: Path, calibration: Calibration, routine: Routine, **more: Any) -> Review:
    """What the app's own review would find, without looking."""
    recorder = PracticeRecorder()
    recorder.know(calibration)
    for moment in moments(ONE_STROKE_S):
        recorder.step(moment)
        more["on_moment"](moment)
    draft = draft_of_practice(recorder, routine, started=utc_now(), goal=1)
    assert draft is not None
    return replace(draft.review, video=replace(draft.review.video, name=path.name))


def main() -> None:
    """Fork a program for each line; whoever asks kills it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    samples()
    # Arrow imports more when it packs for the first time; in the app that has long been done.
    journal._packed(["begun", journal.Seen(samples()[0][0], (0.0, 0.0))])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        folder, url, first, seed = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            os.environ["XDG_DATA_HOME"] = folder
            try:
                Program(Path(folder), url, int(seed)).run(first)
            finally:
                os._exit(1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
