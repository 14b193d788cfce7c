"""A whole session by what the hands do, and what its buttons do."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from routines.reps import RepEnded
from routines.routine import Routine
from sessions.guided import GuidedSession, Plan, Scene
from vision.arrays import ImageRGB
from vision.calibration import Calibration
from vision.camera_moved import look_around, surround_from_json
from vision.errors import CalibrationError
from vision.frames import Frame
from vision.hands import DetectedHand

START = ((-0.35, 0.07), (0.35, 0.07))
NECK = ((-0.37, 0.85), (0.37, 0.85))
SHOULDERS = ((-0.94, 0.81), (0.94, 0.81))
SETTLE = ((0.02, 0.74), (-0.02, 0.03))
SETTLE_TURNED = ((-0.02, 0.03), (0.02, 0.74))
BESIDE = ((-1.9, 0.3), (1.9, 0.3))
SIZE = (640, 480)
SHORT = Plan(goal=2, settle_s=0.0)

NO_SHOULDERS = (
    (0.32, ((0.37, 0.90),)),
    (0.40, ((0.55, 0.60), (0.64, 0.25), (0.62, 0.10))),
    (0.28, ((0.56, 0.00), (0.47, 0.00), (0.35, 0.07))),
)
ON_SPINE = (
    (0.32, ((0.15, 0.20), (0.15, 0.88), (0.37, 0.90))),
    (0.30, ((0.60, 0.92), (0.85, 0.88), (1.05, 0.81), (1.15, 0.72), (1.14, 0.63))),
    (0.23, ((1.00, 0.50), (0.75, 0.40), (0.64, 0.25), (0.62, 0.10))),
    (0.15, ((0.56, 0.00), (0.47, 0.00), (0.35, 0.07))),
)


def stages(scenes: Sequence[Scene]) -> list[str]:
    """Each stage once, in order."""
    found: list[str] = [scenes[0].stage]
    for scene in scenes:
        if scene.stage != found[-1]:
            found.append(scene.stage)
    return found


def said(scenes: Sequence[Scene], *kinds: str) -> list[str]:
    return [say.key for scene in scenes for say in scene.says if say.kind in kinds]


def begin_of(scenes: Sequence[Scene], stage: str) -> float:
    return next(scene.time_s for scene in scenes if scene.stage == stage)


def ready(giver):
    """Check, confirmation of a given back, start place; for a plan without a settle."""
    return giver.rest(START, 7.5)


# By itself


@pytest.fixture(scope="module")
def whole(new_giver, routine) -> SimpleNamespace:
    """From the camera check to the second stroke, without one command."""
    giver = new_giver()
    giver.rest(START, 5.0).rest(NECK, 2.6).rest(SHOULDERS, 2.6).rest(SETTLE, 8.0)
    giver.rub(3.0).rest(START, 1.0).strokes(2).rest(START, 1.0)
    session = GuidedSession(routine, Plan(goal=2, settle_s=3.0), SIZE, detector=giver)
    with session:
        scenes = [session.step(frame) for frame in giver.frames()]
    return SimpleNamespace(scenes=scenes, session=session)


def test_a_whole_session_needs_no_touch(whole) -> None:
    expected = ["check", "touch", "confirm", "settle", "oil", "strokes", "done"]
    assert stages(whole.scenes) == expected
    assert whole.scenes[-1].progress.count == 2
    assert [rep.index for rep in whole.session.recorder.reps] == [1, 2]
    assert all(rep.counted for rep in whole.session.recorder.reps)


def test_it_says_each_task_once_and_first_what_to_do_when_it_hurts(whole) -> None:
    assert said(whole.scenes, "task", "notice") == [
        "notice.stop_when_it_hurts",
        "guide.check",
        "guide.touch_lower_back",
        "guide.touch_neck",
        "guide.touch_shoulders",
        "guide.confirm",
        "guide.settle",
        "guide.breathe",
        "guide.oil",
        "guide.strokes",
        "guide.done",
    ]
    counts = [say.values for scene in whole.scenes for say in scene.says if say.kind == "count"]
    assert [dict(values) for values in counts] == [
        {"count": 1, "goal": 2},
        {"count": 2, "goal": 2},
    ]


def test_each_place_has_a_ring_that_fills_and_a_tone(whole) -> None:
    touching = [scene for scene in whole.scenes if scene.stage == "touch"]
    shares = [scene.hold.share for scene in touching if scene.hold is not None]
    assert len(shares) > 0.9 * len(touching)
    assert sum(share > 0.95 for share in shares) >= 2
    assert said(whole.scenes, "tone").count("tone.got_it") == 3
    ring = touching[15].hold
    hands = [hand.palm_px for hand in (touching[15].pair.left, touching[15].pair.right)]
    assert ring.radius_px > 20
    assert np.allclose(sorted(ring.places_px), sorted(map(tuple, hands)))


def test_the_back_is_found_where_it_is(whole, known: Calibration) -> None:
    found = whole.scenes[-1].calibration
    assert found.source == "touch"
    width = abs(known.points_px["right_shoulder"][0] - known.points_px["left_shoulder"][0])
    for name, place in known.points_px.items():
        assert np.linalg.norm(np.subtract(found.points_px[name], place)) < 0.12 * width


def test_the_settle_counts_down_and_breathes(whole) -> None:
    breathing = [scene for scene in whole.scenes if scene.breath is not None]
    assert breathing[0].breath.phase == "in"
    assert breathing[0].breath.swell < 0.1
    lefts = [scene.remaining_s for scene in breathing]
    assert lefts == sorted(lefts, reverse=True)
    assert lefts[0] == pytest.approx(3.0, abs=0.1)
    assert begin_of(whole.scenes, "oil") - breathing[0].time_s == pytest.approx(3.0, abs=0.2)


def test_the_ghost_is_there_while_strokes_are_done(whole) -> None:
    assert all(scene.ghost is None for scene in whole.scenes if scene.task != "guide.strokes")
    during = [scene for scene in whole.scenes if scene.task == "guide.strokes"][1:]
    assert all(scene.ghost is not None for scene in during)
    lefts = [scene.ghost["left"] for scene in whole.scenes if scene.ghost]
    assert min(u for u, _ in lefts) < -1.0
    assert max(v for _, v in lefts) > 0.85


def test_paths_are_kept_of_the_strokes_alone(whole) -> None:
    begin_s = begin_of(whole.scenes, "strokes")
    path = whole.session.recorder.paths()["left"]
    assert path.time_s[0] >= begin_s - 0.2
    assert np.ptp(path.palm_back[:, 1]) > 0.7
    assert whole.session.recorder.settle is not None


@pytest.mark.parametrize("goal", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_the_goal_ends_it(goal: int, giver, play, known: Calibration) -> None:
    ready(giver).strokes(goal + 1, seconds=6.0)
    scenes = play(giver, Plan(goal=goal, settle_s=0.0), calibration=known)
    assert scenes[-1].stage == "done"
    assert scenes[-1].progress.count == goal
    assert said(scenes, "count") == ["count"] * goal
    assert scenes[-1].time_s - begin_of(scenes, "done") > 4.0


@pytest.mark.slow
def test_the_last_calibration_is_offered_and_taken_by_going_on(giver, play, known) -> None:
    scenes = play(ready(giver).strokes(1), Plan(goal=1, settle_s=0.0), calibration=known)
    assert stages(scenes) == ["check", "confirm", "oil", "strokes", "done"]
    assert scenes[-1].calibration.points_px == known.points_px


def test_hands_left_away_redo_the_place(giver, play, known) -> None:
    giver.rest(START, 2.0).away(6.0).rest(START, 3.0)
    scenes = play(giver, calibration=known)
    assert stages(scenes) == ["check", "confirm", "touch", "done"]
    assert "notice.redo" in said(scenes, "notice")
    assert scenes[-1].calibration is None


def test_without_hands_the_check_stays(giver, play) -> None:
    scenes = play(giver.away(20.0))
    assert stages(scenes) == ["check", "done"]
    assert scenes[-2].remarks == ("no_hands",)


def test_a_flaw_that_cannot_be_mended_does_not_keep_anybody_for_ever(giver, routine) -> None:
    giver.rest(START, 14.0)
    dark = np.full((SIZE[1], SIZE[0], 3), 20, np.uint8)
    session = GuidedSession(routine, Plan(), SIZE, detector=giver)
    scenes = [session.step(frame) for frame in giver.frames(dark)]
    assert "dark" in scenes[40].remarks
    assert 5.0 < begin_of(scenes, "touch") < 12.0


# Settle


@pytest.mark.slow
def test_the_settle_waits_when_a_hand_leaves(giver, play, known) -> None:
    giver.rest(START, 3.0).rest(SETTLE, 4.5).rest(BESIDE, 4.0).rest(SETTLE_TURNED, 5.0)
    scenes = play(giver.rest(BESIDE, 1.0), Plan(settle_s=6.0), calibration=known)
    assert stages(scenes) == ["check", "confirm", "settle", "oil", "done"]
    waiting = [scene.remaining_s for scene in scenes if scene.task == "guide.settle_wait"]
    assert len(set(waiting)) == 1
    assert 0.5 < waiting[0] < 5.5
    assert all(scene.breath is None for scene in scenes if scene.task == "guide.settle_wait")


@pytest.mark.slow
def test_a_hand_that_nobody_sees_does_not_keep_the_settle(giver, play, known) -> None:
    giver.rest(START, 3.0).rest(SETTLE, 9.0).hide(1, 9.5)
    scenes = play(giver, Plan(settle_s=3.0), calibration=known)
    assert "oil" in stages(scenes)


@pytest.mark.slow
def test_both_hands_at_the_waist_are_no_settle(giver, play, known) -> None:
    scenes = play(giver.rest(START, 20.0), Plan(settle_s=3.0), calibration=known)
    assert stages(scenes) == ["check", "confirm", "settle", "done"]


@pytest.mark.slow
def test_a_settle_of_no_time_is_left_out(giver, play, known) -> None:
    giver.rest(START, 3.5).rest(BESIDE, 1.0).rest(START, 5.0)
    scenes = play(giver, Plan(settle_s=0.0), calibration=known)
    assert "strokes" in stages(scenes)
    assert "guide.settle" not in said(scenes, "task")


# Oil


@pytest.mark.slow
def test_rubbing_oil_in_is_no_start(giver, play, known) -> None:
    giver.rest(START, 3.0).rest(SETTLE, 7.0).rub(8.0)
    scenes = play(giver, Plan(settle_s=2.0), calibration=known)
    assert stages(scenes)[-2:] == ["oil", "done"]


@pytest.mark.slow
def test_strokes_are_counted_from_the_start_place_on(giver, play, known) -> None:
    """Also where nobody saw them rest there: a whole stroke is no spreading of oil."""
    giver.rest(START, 3.0).rest(SETTLE, 7.0).strokes(3, rest_s=0.0).rest(START, 1.5)
    scenes = play(giver, Plan(settle_s=2.0), calibration=known)
    assert stages(scenes)[-2:] == ["strokes", "done"]
    assert scenes[-1].progress.count == 3
    assert said(scenes, "count") == ["count"] * 3
    reps = [e.rep for scene in scenes for e in scene.events if isinstance(e, RepEnded)]
    assert [rep.index for rep in reps] == list(range(1, len(reps) + 1))


# Strokes and pauses


@pytest.mark.slow
def test_hands_away_pause_and_the_start_place_goes_on(giver, play, known) -> None:
    ready(giver).strokes(1).away(6.0).rest(START, 1.0).strokes(1)
    giver.away(6.0).rest(START, 1.0).strokes(1)
    scenes = play(giver, Plan(goal=3, settle_s=0.0), calibration=known)
    expected = ["strokes", "paused", "strokes", "paused", "strokes", "done"]
    assert stages(scenes)[3:] == expected
    assert scenes[-1].progress.count == 3
    notices = said(scenes, "notice")
    assert notices.count("notice.hands_not_seen") == 1
    assert notices.count("notice.goes_on") == 2


@pytest.mark.slow
def test_hands_seen_beside_the_back_pause_without_a_word_of_not_seen(giver, play, known) -> None:
    ready(giver).strokes(1).rest(BESIDE, 6.0)
    scenes = play(giver, Plan(goal=3, settle_s=0.0), calibration=known)
    assert stages(scenes)[-2:] == ["paused", "done"]
    assert "notice.paused" in said(scenes, "notice")
    assert "notice.hands_not_seen" not in said(scenes, "notice")


@pytest.mark.slow
def test_a_stroke_whose_middle_nobody_saw_may_end_after_the_pause(giver, play, known) -> None:
    ready(giver).strokes(1, seconds=9.0)
    for index in range(
        len(giver.steps) - round(7.2 * giver.fps), len(giver.steps) - round(3 * giver.fps)
    ):
        giver.steps[index] = (None, None)
    giver.rest(START, 2.0).strokes(1)
    plan = Plan(goal=3, settle_s=0.0, pause_after_s=2.0)
    scenes = play(giver, plan, calibration=known)
    assert "paused" in stages(scenes)
    assert stages(scenes)[-2:] == ["strokes", "done"]
    assert scenes[-1].progress.attempts >= 1


@pytest.mark.slow
def test_cues_come_with_their_code_and_the_spine_goes_first(giver, play, known) -> None:
    ready(giver).path(NO_SHOULDERS, 7.0).rest(START, 3.0, move_s=0.1)
    giver.path(ON_SPINE, 7.0).rest(START, 2.0, move_s=0.1)
    scenes = play(giver, Plan(goal=3, settle_s=0.0, level="every"), calibration=known)
    cues = said(scenes, "cue")
    assert cues == ["skipped_shoulders", "on_spine"]
    assert scenes[-1].progress.attempts == 2


@pytest.mark.slow
def test_no_cue_at_the_level_summary(giver, play, known) -> None:
    ready(giver).path(NO_SHOULDERS, 7.0).rest(START, 1.5, move_s=0.1)
    scenes = play(giver, Plan(goal=3, settle_s=0.0, level="summary"), calibration=known)
    assert scenes[-1].progress.attempts == 1
    assert said(scenes, "cue") == []


# A moved camera


def room() -> ImageRGB:
    """Furniture: patches of light and dark."""
    rng = np.random.default_rng(11)
    image = np.full((SIZE[1], SIZE[0], 3), 110, np.uint8)
    for _ in range(120):
        x, y = rng.integers(0, (SIZE[0] - 40, SIZE[1] - 40))
        width, height = rng.integers(8, 40, 2)
        image[y : y + height, x : x + width] = rng.integers(40, 220)
    return image


@pytest.mark.slow
def test_a_moved_camera_asks_for_the_place_again_and_keeps_the_count(
    giver, routine, known: Calibration
) -> None:
    ready(giver).strokes(1)
    moved_s = giver.now_s + 0.5
    giver.rest(START, 8.0).rest(NECK, 2.8).rest(SHOULDERS, 2.8).rest(START, 6.0).strokes(1)
    before = room()
    after = np.roll(before, round(0.03 * SIZE[0]), axis=1)
    session = GuidedSession(routine, SHORT, SIZE, calibration=known, detector=giver)
    scenes = []
    for frame in giver.frames():
        image = before if frame.time_s < moved_s else after
        scenes.append(session.step(Frame(frame.index, frame.time_s, image, SIZE)))
    assert stages(scenes)[-6:] == ["strokes", "touch", "confirm", "paused", "strokes", "done"]
    assert said(scenes, "notice").count("notice.camera_moved") == 1
    noticed_s = next(
        scene.time_s for scene in scenes if any(s.key == "notice.camera_moved" for s in scene.says)
    )
    assert 0.0 < noticed_s - moved_s < 3.0
    assert scenes[-1].progress.count == 2


def test_the_last_calibration_is_not_offered_where_the_camera_has_moved(
    giver, routine, known: Calibration
) -> None:
    giver.rest(START, 6.0)
    image = room()
    surround = look_around(Frame(0, 0.0, np.roll(image, 25, axis=0), SIZE))
    session = GuidedSession(
        routine, SHORT, SIZE, calibration=known, surround=surround, detector=giver
    )
    scenes = [session.step(frame) for frame in giver.frames(image)]
    assert stages(scenes) == ["check", "touch"]
    assert "notice.camera_moved" in said(scenes, "notice")
    same = GuidedSession(
        routine,
        SHORT,
        SIZE,
        calibration=known,
        surround=look_around(Frame(0, 0.0, image, SIZE)),
        detector=giver,
    )
    assert stages([same.step(frame) for frame in giver.frames(image)]) == [
        "check",
        "confirm",
        "oil",
    ]
    assert same.surround is not None


@pytest.mark.parametrize(
    ("moved_px", "expected"), [(0, ["check", "confirm", "oil"]), (25, ["check", "touch"])]
)
def test_after_a_restart_it_is_offered_only_where_the_camera_has_not_moved(
    moved_px: int, expected: list[str], giver, routine, known: Calibration
) -> None:
    """What is kept on disk leaves the people out, and is enough."""
    giver.rest(START, 6.0)
    was = look_around(Frame(0, 0.0, room(), SIZE)).without_people(known)
    surround = surround_from_json(was.to_json())
    image = np.roll(room(), moved_px, axis=0)
    session = GuidedSession(
        routine, SHORT, SIZE, calibration=known, surround=surround, detector=giver
    )
    scenes = [session.step(frame) for frame in giver.frames(image)]
    assert stages(scenes) == expected
    assert ("notice.camera_moved" in said(scenes, "notice")) == (moved_px > 0)


# The page's buttons


@pytest.mark.slow
def test_pause_and_resume(giver, play, known) -> None:
    ready(giver)
    began_s = giver.now_s
    giver.strokes(2).rest(START, 1.0)
    scenes = play(
        giver,
        SHORT,
        {began_s - 0.3: GuidedSession.pause, began_s + 7.8: GuidedSession.resume},
        calibration=known,
    )
    assert stages(scenes)[3:] == ["strokes", "paused", "strokes", "done"]
    assert scenes[-1].progress.count == 1


@pytest.mark.slow
def test_a_pause_by_button_ends_when_the_hands_have_left_and_are_back(giver, play, known) -> None:
    ready(giver)
    began_s = giver.now_s
    giver.rest(START, 3.0).away(5.0).rest(START, 2.0)
    scenes = play(giver, SHORT, {began_s: GuidedSession.pause}, calibration=known)
    paused = [scene.time_s for scene in scenes if scene.stage == "paused"]
    assert paused[-1] - paused[0] > 7.0
    assert stages(scenes)[-3:] == ["paused", "strokes", "done"]


def test_skip_goes_from_stage_to_stage(giver, play, known) -> None:
    skips = {0.5 * number: GuidedSession.skip for number in range(1, 6)}
    scenes = play(giver.rest(BESIDE, 4.0), Plan(), skips, calibration=known)
    assert stages(scenes) == ["check", "confirm", "settle", "oil", "strokes", "done"]


def test_the_touch_cannot_be_skipped(giver, play) -> None:
    skips = {0.5 * number: GuidedSession.skip for number in range(1, 6)}
    assert stages(play(giver.rest(BESIDE, 4.0), Plan(), skips)) == ["check", "touch", "done"]


def test_points_that_are_set_are_shown_and_taken(giver, play, known) -> None:
    giver.rest(START, 9.0)
    scenes = play(giver, SHORT, {3.0: lambda session: session.calibrate(known)})
    assert stages(scenes) == ["check", "touch", "confirm", "oil", "strokes", "done"]
    assert scenes[-1].calibration.source == "points"


def test_points_of_another_picture_are_refused(giver, routine, known) -> None:
    with pytest.raises(CalibrationError, match="another shape"):
        GuidedSession(routine, SHORT, (480, 640), calibration=known, detector=giver)
    session = GuidedSession(routine, SHORT, (480, 640), detector=giver)
    with pytest.raises(CalibrationError, match="another shape"):
        session.calibrate(known)
    assert session.stage == "check"


def test_the_place_can_be_found_anew_at_any_time(giver, play, known) -> None:
    scenes = play(giver.rest(START, 6.0), SHORT, {0.5: GuidedSession.redo_place}, calibration=known)
    assert stages(scenes) == ["touch", "done"] or stages(scenes) == ["check", "touch", "done"]
    assert "guide.touch_neck" in said(scenes, "task")


def test_a_turned_picture_asks_for_the_place_again(giver, routine, known) -> None:
    giver.rest(START, 4.0)
    session = GuidedSession(routine, SHORT, SIZE, calibration=known, detector=giver)
    for frame in giver.frames():
        session.step(frame)
    before = session.stage
    session.turned((480, 640))
    assert (before, session.stage) == ("confirm", "touch")
    assert session.calibration is None


@pytest.mark.slow
def test_another_plan_keeps_the_count(giver, play, known) -> None:
    ready(giver).strokes(2)
    change_s = giver.now_s - 2.0
    new = Plan(goal=1, settle_s=0.0, level="every")
    scenes = play(
        giver,
        Plan(goal=5, settle_s=0.0),
        {change_s: lambda session: session.change(new)},
        calibration=known,
    )
    assert begin_of(scenes, "done") == pytest.approx(change_s, abs=0.2)
    assert scenes[-1].progress.count == 1
    assert scenes[-1].goal == 1


@pytest.mark.slow
def test_end_ends_and_nothing_happens_afterwards(giver, play, known) -> None:
    ready(giver).strokes(2)
    commands = [
        GuidedSession.end,
        GuidedSession.pause,
        GuidedSession.resume,
        GuidedSession.skip,
        GuidedSession.redo_place,
        lambda session: session.calibrate(known),
    ]
    at = {giver.now_s - 4.0 + 0.1 * number: each for number, each in enumerate(commands)}
    scenes = play(giver, SHORT, at, calibration=known)
    assert stages(scenes)[-2:] == ["strokes", "done"]
    assert scenes[-1].progress.attempts == 1


@pytest.mark.slow
def test_finish_judges_what_is_open_and_may_come_twice(giver, routine, known) -> None:
    ready(giver).strokes(1)
    session = GuidedSession(routine, SHORT, SIZE, calibration=known, detector=giver)
    frames = list(giver.frames())
    for frame in frames[: -round(3.0 * giver.fps)]:
        session.step(frame)
    scene = session.finish()
    assert scene.stage == "done"
    assert scene.progress.attempts == 1
    assert [rep.counted for rep in session.recorder.reps] == [False]
    assert session.finish().progress.attempts == 1
    assert session.step(frames[-1]).stage == "done"


def test_a_frame_whose_time_does_not_rise_changes_nothing(giver, routine) -> None:
    giver.rest(START, 2.0)
    session = GuidedSession(routine, SHORT, SIZE, detector=giver)
    frames = list(giver.frames())
    scene = session.step(frames[5])
    assert session.step(frames[5]) is scene
    assert session.step(frames[3]) is scene


# The hand model


class Models:
    """Counts hand models that are open."""

    def __init__(self, detect: Callable[[Frame], tuple[DetectedHand, ...]]) -> None:
        self.open = self.loaded = 0
        self._detect = detect

    def __call__(self, **_options) -> "Models":
        return self

    def __enter__(self) -> "Models":
        self.open += 1
        self.loaded += 1
        return self

    def __exit__(self, *_error) -> None:
        self.open -= 1

    def look_at(self, region) -> None:
        """Sees all of the picture anyway."""

    def detect(self, frame: Frame):
        return self._detect(frame)


@pytest.fixture
def models(giver, monkeypatch: pytest.MonkeyPatch) -> Models:
    made = Models(giver.detect)
    monkeypatch.setattr("sessions.guided.eyes.HandLandmarker", made)
    return made


def test_one_hand_model_is_open_at_a_time_and_none_stays(
    models: Models, giver, routine: Routine, known: Calibration
) -> None:
    ready(giver).strokes(1).rest(START, 1.0)
    with GuidedSession(routine, Plan(goal=1, settle_s=0.0), SIZE, calibration=known) as session:
        for frame in giver.frames():
            scene = session.step(frame)
            assert models.open == (0 if scene.stage == "done" and not scene.says else 1)
    assert scene.stage == "done"
    assert models.open == 0
    assert models.loaded == 1


@pytest.mark.slow
def test_a_session_that_rests_gives_the_model_back_and_goes_on(
    models: Models, giver, routine: Routine, known: Calibration
) -> None:
    ready(giver).strokes(2).rest(START, 1.0)
    session = GuidedSession(routine, SHORT, SIZE, calibration=known)
    frames = list(giver.frames())
    rest = len(frames) - round(12.0 * giver.fps)
    with session:
        for frame in frames[:rest]:
            session.step(frame)
    assert models.open == 0
    with session:
        for frame in frames[rest:]:
            scene = session.step(frame)
    assert models.open == 0
    assert scene.progress.count == 2
