"""Scores the reviews of clips against their truth."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from routines.reps import Rep
from routines.routine import Routine
from sessions.baselines import AutocorrelationCounter, Counting, ThresholdCounter
from sessions.batch import calibration_of, recordings_in
from sessions.coach import Moment
from sessions.hand_errors import HandErrors, HandJudge
from sessions.live_log import LiveLog, LiveScore
from sessions.matching import (
    FaultTally,
    boundary_errors_s,
    fault_codes,
    fault_tallies,
    matched,
    right_frames,
)
from sessions.review import Progress, review_recording
from sessions.truth import TrueRep, Truth, TruthError, load_truth, truth_path
from vision.calibration import Calibration, load_calibration
from vision.hands import HandPair
from vision.landmarker import BARE, HandLandmarker
from vision.recording import open_recording


@dataclass(frozen=True, slots=True)
class ClipScore:
    """How well one clip was understood; scores add up with `total`."""

    name: str
    count: int
    count_range: tuple[int, int]
    """Smallest and largest count that is right."""
    reps_true: int
    reps_found: int
    reps_matched: int
    frames: int
    """Of the truth."""
    frames_right: int
    """Frames whose phase, or none, is right."""
    boundaries_s: tuple[float, ...]
    """Errors of phase boundaries, over the matched attempts."""
    faults: dict[str, FaultTally]
    clean_faulted: int = 0
    """Clean attempts in which a fault was found."""
    hands: HandErrors = field(default_factory=HandErrors)
    bare: HandErrors | None = None
    """What a bare HandLandmarker finds in the same frames; None where it was not asked."""
    live: LiveScore = field(default_factory=LiveScore)
    baselines: Mapping[str, int] = field(default_factory=dict)
    """Counts of the plain counters, by name."""
    camera: str = ""

    @property
    def count_off(self) -> int:
        """How far the count lies outside its range; 0 is right."""
        return self._off(self.count)

    @property
    def live_count_off(self) -> int:
        """The same of the count that was on the screen at the last frame."""
        return self._off(self.live.count)

    def _off(self, count: int) -> int:
        low, high = self.count_range
        return max(low - count, 0, count - high)

    @property
    def phase_share(self) -> float | None:
        """Share of frames whose phase is right."""
        return self.frames_right / self.frames if self.frames else None

    @property
    def fault_total(self) -> FaultTally:
        """All codes together."""
        return sum(self.faults.values(), FaultTally())


def score(name: str, truth: Truth, reps: Sequence[Rep], hands: HandErrors) -> ClipScore:
    """Compare the attempts of a review with the truth."""
    pairs = matched(truth.reps, reps)
    errors = (boundary_errors_s(truth.reps[i], reps[j]) for i, j in pairs)
    return ClipScore(
        name=name,
        count=sum(rep.counted for rep in reps),
        count_range=truth.count_range,
        reps_true=len(truth.reps),
        reps_found=len(reps),
        reps_matched=len(pairs),
        frames=truth.frames,
        frames_right=right_frames(truth, reps),
        boundaries_s=tuple(error for clip in errors for error in clip),
        faults=fault_tallies(truth.reps, reps, pairs),
        clean_faulted=sum(_is_clean_faulted(truth.reps[i], reps[j]) for i, j in pairs),
        hands=hands,
        camera=truth.camera,
    )


def _is_clean_faulted(true: TrueRep, found: Rep) -> bool:
    return not true.faults and bool(fault_codes(found) - set(true.unjudged))


def total(scores: Sequence[ClipScore]) -> ClipScore:
    """All clips as one: sums, and every error of every clip."""
    codes = sorted({code for one in scores for code in one.faults})
    return ClipScore(
        name="all",
        count=sum(one.count for one in scores),
        count_range=(
            sum(one.count_range[0] for one in scores),
            sum(one.count_range[1] for one in scores),
        ),
        reps_true=sum(one.reps_true for one in scores),
        reps_found=sum(one.reps_found for one in scores),
        reps_matched=sum(one.reps_matched for one in scores),
        frames=sum(one.frames for one in scores),
        frames_right=sum(one.frames_right for one in scores),
        boundaries_s=tuple(error for one in scores for error in one.boundaries_s),
        faults={
            code: sum((one.faults.get(code, FaultTally()) for one in scores), FaultTally())
            for code in codes
        },
        clean_faulted=sum(one.clean_faulted for one in scores),
        hands=sum((one.hands for one in scores), HandErrors()),
        bare=_bare_total(scores),
        live=sum((one.live for one in scores), LiveScore()),
        baselines=dict(sum((Counter(one.baselines) for one in scores), Counter())),
    )


def _bare_total(scores: Sequence[ClipScore]) -> HandErrors | None:
    bare = [one.bare for one in scores if one.bare is not None]
    return sum(bare, HandErrors()) if bare and len(bare) == len(scores) else None


def clips_in(folder: Path) -> tuple[tuple[Path, Path], ...]:
    """Recordings of a folder that have a truth, each with the truth's path.

    Raises `CoachError` when the folder can't be read or has none.
    """
    found = [(video, truth_path(video)) for video in recordings_in(folder)]
    clips = tuple((video, truth) for video, truth in found if truth is not None)
    if not clips:
        raise TruthError(
            f"No recording in {folder} has a truth file beside it, so nothing can be scored; "
            "accuracy is for clips with NAME.truth.json or NAME.truth.json.gz."
        )
    return clips


class ClipWatch:
    """Steps a clip's frames and moments; afterwards holds what is compared with the truth."""

    def __init__(self, truth: Truth) -> None:
        self.hands = HandJudge(truth)
        self.bare = HandJudge(truth)
        self.live = LiveLog(truth)
        self.baselines: dict[str, Counting] = {
            "peak_and_threshold": ThresholdCounter(),
            "autocorrelation": AutocorrelationCounter(),
        }
        self.pairs: list[HandPair] = []

    def step(self, moment: Moment) -> None:
        """Take the next frame that was looked at, and what the coach made of it."""
        self.pairs.append(moment.pair)
        self.hands.step(moment.pair)
        self.live.step(moment)
        for counter in self.baselines.values():
            counter.step(moment.sample)

    def step_bare(self, video: Path) -> None:
        """What a HandLandmarker with its maker's options finds by itself.

        It sees the whole of every frame, as it follows hands best; it is judged in the frames that
        were looked at, as the coach is.
        """
        looked_s = {pair.time_s for pair in self.pairs}
        with open_recording(video) as frames, HandLandmarker(options=BARE) as landmarker:
            for frame in frames:
                hands = landmarker.detect(frame)
                if frame.time_s in looked_s:
                    self.bare.step_detected(frame.time_s, hands)


@dataclass(frozen=True, slots=True)
class ClipRun:
    """One clip's score, and what pictures of its weaknesses are made from."""

    video: Path
    truth: Truth
    reps: tuple[Rep, ...]
    pairs: tuple[HandPair, ...]
    score: ClipScore


def score_clip(
    video: Path,
    truth_file: Path,
    routine: Routine,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    bare: bool = False,
    calibration: Calibration | None = None,
    every_frame: bool = False,
) -> ClipRun:
    """Review a clip with the calibration beside it, or the one given, and score what came out.

    With `bare`, a HandLandmarker with its maker's options sees it, too. Raises `CoachError` where
    the clip, its truth or its calibration can't be used.
    """
    truth = load_truth(truth_file)
    watch = ClipWatch(truth)
    review = review_recording(
        video,
        calibration or load_calibration(calibration_of(video)),
        routine,
        on_progress=on_progress,
        on_moment=watch.step,
        every_frame=every_frame,
    )
    if bare:
        watch.step_bare(video)
    scored = replace(
        score(video.stem, truth, review.reps, watch.hands.errors),
        bare=watch.bare.errors if bare else None,
        live=watch.live.score,
        baselines={name: counter.count for name, counter in watch.baselines.items()},
    )
    return ClipRun(video, truth, review.reps, tuple(watch.pairs), scored)
