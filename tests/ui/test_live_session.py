"""The live side of a guided session: counts survive, the hand model is given back in every case."""

import threading

import pytest

from tests.ui.live_studio import Studio, numbers
from ui.turning import Turn
from vision.errors import HandModelError


@pytest.fixture
def studio() -> Studio:
    return Studio()


def test_without_a_session_the_camera_is_shown_as_it_is(studio: Studio) -> None:
    assert studio.live.still() is None
    assert (studio.show() == 77).all()
    still = studio.live.still()
    assert still is not None
    assert (still == 77).all()
    assert studio.live.view.stage == "preview"


def test_a_session_is_made_for_the_picture_and_counts(studio: Studio) -> None:
    studio.begin()
    assert studio.live.view.stage == "loading"
    assert studio.show(12)[0, 0].tolist() == [255, 0, 0]
    view = studio.live.view
    assert view.scene is not None
    assert (view.stage, view.scene.progress.count, len(view.reps)) == ("running", 2, 2)
    assert studio.guides[0].sizes == [(64, 48)]
    assert (studio.guides[0].opened, studio.guides[0].closed) == (1, 0)


def test_all_that_was_said_is_kept_with_numbers_that_rise_over_sessions(studio: Studio) -> None:
    studio.begin()
    studio.show(15)
    assert numbers(studio.live) == [1, 2, 3]
    studio.live.end()
    assert numbers(studio.live) == [1, 2, 3, 4]
    studio.begin()
    assert numbers(studio.live) == []
    studio.show(5)
    assert numbers(studio.live) == [5]


def test_the_page_is_told_at_once_what_is_said_and_not_of_every_picture(studio: Studio) -> None:
    news: list[int] = []
    studio.live.listen(lambda: news.append(len(numbers(studio.live))))
    studio.begin(goal=2)
    studio.show(4)
    assert len(news) == 1, "the first picture is news"
    studio.show()
    assert news[1:] == [1], "the count is there when the page is told"
    studio.show(4)
    assert len(news) == 2
    studio.stream.silent()
    assert news[2:] == [2], "so is the word of the camera"
    studio.live.listen(None)
    studio.show(5)
    assert len(news) == 3


def test_time_begins_at_the_first_picture_of_the_session(studio: Studio) -> None:
    studio.show(30)
    studio.begin()
    studio.show(3)
    times = [round(frame.time_s, 4) for frame in studio.guides[0].frames]
    assert times == [0.0, 0.0667, 0.1333]


def test_pictures_whose_time_stands_still_are_left_out(studio: Studio) -> None:
    studio.begin()
    studio.show()
    studio.show(3, step=0)
    assert len(studio.guides[0].frames) == 1


def test_a_smaller_picture_keeps_the_first_ones_pixels(studio: Studio) -> None:
    studio.begin()
    studio.show()
    studio.show(size=(32, 24))
    assert studio.guides[0].frames[-1].full_size == (64, 48)


def test_the_end_of_the_stream_rests_and_the_next_stream_goes_on(studio: Studio) -> None:
    studio.begin()
    studio.show(6)
    studio.stream.ended()
    view = studio.live.view
    guide = studio.guides[0]
    assert (view.stage, guide.closed, guide.finished) == ("interrupted", 1, 0)
    assert view.problem is not None
    assert studio.live.still() is None

    studio.reconnect()
    studio.show(4)
    view = studio.live.view
    assert view.scene is not None
    assert (view.stage, view.scene.progress.count, view.problem) == ("running", 2, None)
    assert len(studio.guides) == 1
    assert guide.opened == 2
    times = [frame.time_s for frame in guide.frames]
    assert times == sorted(set(times)), "media time rises over both streams"


def test_a_silent_camera_rests_the_session_until_it_sends_again(studio: Studio) -> None:
    studio.begin()
    studio.show(3)
    studio.stream.silent()
    stages = [studio.live.view.stage]
    assert studio.guides[0].closed == 1
    studio.show()
    stages.append(studio.live.view.stage)
    assert stages == ["interrupted", "running"]


def test_an_old_connection_neither_counts_nor_ends_the_new_one(studio: Studio) -> None:
    studio.begin()
    studio.show(3)
    old = studio.stream
    studio.reconnect()
    studio.show(2)
    new, studio.stream = studio.stream, old
    assert (studio.show(2) == 77).all()
    old.ended()
    assert studio.live.view.stage == "running"
    assert len(studio.guides[0].frames) == 5
    studio.stream = new
    studio.show()
    assert len(studio.guides[0].frames) == 6


def test_the_goal_ends_the_session_and_gives_the_model_back(studio: Studio) -> None:
    studio.begin(goal=2)
    studio.show(10)
    view = studio.live.view
    assert (view.stage, len(view.reps), set(view.paths)) == ("ended", 2, {"left", "right"})
    assert (studio.guides[0].finished, studio.guides[0].closed) == (1, 1)
    assert (studio.show() == 77).all()
    studio.live.end()
    assert studio.guides[0].finished == 1


def test_the_end_before_the_first_picture_makes_nothing(studio: Studio) -> None:
    studio.begin()
    studio.live.end()
    studio.show()
    assert studio.guides == []
    assert studio.live.view.stage == "ended"


def test_a_missing_model_is_a_sentence_on_the_page(studio: Studio) -> None:
    studio.begin(error=HandModelError("The hand model is missing: fetch it with scripts/setup."))
    assert (studio.show() == 77).all()
    view = studio.live.view
    assert view.stage == "ended"
    assert view.problem is not None
    assert view.problem.startswith("The hand model is missing")


def test_clear_forgets_the_session_and_gives_the_model_back(studio: Studio) -> None:
    studio.begin()
    studio.show(5)
    studio.live.clear()
    view = studio.live.view
    assert (view.stage, view.reps, view.spoken) == ("preview", (), ())
    assert studio.guides[0].closed == 1


def test_commands_reach_the_open_session_only(studio: Studio) -> None:
    studio.live.command(lambda guide: guide.pause())
    studio.begin()
    studio.show()
    studio.live.command(lambda guide: guide.pause())
    studio.live.command(lambda guide: guide.resume())
    studio.live.end()
    studio.live.command(lambda guide: guide.skip())
    assert studio.guides[0].told == ["pause", "resume"]


def test_a_command_for_a_stage_that_is_over_does_nothing(studio: Studio) -> None:
    studio.begin()
    studio.show()
    studio.live.command(lambda guide: guide.skip(), "oil")
    studio.live.command(lambda guide: guide.pause(), "strokes")
    assert studio.guides[0].told == ["pause"]


def test_a_turned_picture_is_turned_everywhere_and_asks_for_the_place_anew(studio: Studio) -> None:
    studio.begin()
    studio.show(5)
    studio.live.turn_to(Turn(1))
    assert studio.live.still() is None
    assert studio.show().shape == (64, 48, 3)
    still = studio.live.still()
    assert still is not None
    assert still.shape == (64, 48, 3)
    guide = studio.guides[0]
    assert guide.sizes == [(64, 48), (48, 64)]
    assert guide.frames[-1].full_size == (48, 64)
    assert len(studio.live.view.reps) == 1, "the count is kept"
    studio.live.turn_to(Turn(1, mirrored=True))
    studio.show()
    assert guide.sizes[-1] == (48, 64)
    assert len(guide.sizes) == 3


def test_a_turn_without_a_session_is_shown(studio: Studio) -> None:
    studio.live.turn_to(Turn(3))
    assert studio.show().shape == (64, 48, 3)


def test_a_phone_turned_on_its_side_goes_on(studio: Studio) -> None:
    studio.begin()
    studio.show(5)
    studio.show(size=(48, 64))
    assert studio.guides[0].sizes == [(64, 48), (48, 64)]
    assert len(studio.live.view.reps) == 1


def test_figures_tell_of_hands(studio: Studio) -> None:
    studio.show()
    assert studio.live.view.figures.one_hand is None
    studio.begin()
    studio.reconnect()
    studio.show()
    assert studio.live.view.figures.one_hand == 1.0


def test_the_page_never_waits_and_a_command_waits_for_the_picture_in_hand(studio: Studio) -> None:
    studio.begin()
    studio.show(4)
    guide = studio.guides[0]
    guide.gate = threading.Event()
    guide.inside.clear()
    camera = threading.Thread(target=studio.show)
    camera.start()
    assert guide.inside.wait(10)
    assert studio.live.view.stage == "running"
    assert studio.live.still() is not None
    ending = threading.Thread(target=studio.live.end)
    ending.start()
    ending.join(0.2)
    assert ending.is_alive()
    assert guide.closed == 0
    guide.gate.set()
    camera.join(10)
    ending.join(10)
    assert guide.closed == 1
    assert len(studio.live.view.reps) == 1


def test_no_model_stays_behind_after_ten_tabs() -> None:
    studios = [Studio() for _ in range(10)]
    for studio in studios:
        studio.begin()
        studio.show(3)
        studio.stream.ended()
    guides = [guide for studio in studios for guide in studio.guides]
    assert [guide.opened - guide.closed for guide in guides] == [0] * 10
