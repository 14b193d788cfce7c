"""So many practise at once, and no more: who has a place keeps it, and nobody keeps it for ever."""

import gc
import threading

import pytest

from ui import places as module
from ui.places import (
    KEEP_S,
    VARIABLE,
    LiveSessionsError,
    Places,
    Token,
    cores,
    most_at_once,
    most_on,
    places,
)


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_no_more_than_there_are_places(clock: Clock) -> None:
    two = Places(2, clock)
    ann, ben, cem = Token(), Token(), Token()
    assert two.hold(ann)
    assert two.hold(ben)
    assert not two.hold(cem)
    assert not two.is_free_for(cem)
    assert two.is_free_for(ann), "who has a place is not locked out, after a reload neither"
    assert two.hold(ann)


def test_a_place_that_is_given_back_is_the_next_ones(clock: Clock) -> None:
    one = Places(1, clock)
    ann, ben = Token(), Token()
    one.hold(ann)
    one.give_back(ann)
    one.give_back(ann)
    assert one.hold(ben)
    assert not one.hold(ann)


def test_a_place_is_kept_while_pictures_come_and_lost_some_time_after(clock: Clock) -> None:
    one = Places(1, clock)
    ann, ben = Token(), Token()
    one.hold(ann)
    for _ in range(10):
        clock.now_s += KEEP_S
        assert not one.hold(ben)
        assert one.hold(ann)
    clock.now_s += KEEP_S + 0.1
    assert one.is_free_for(ben)
    assert one.hold(ben)
    assert not one.hold(ann), "somebody else has it by now"


def test_who_comes_back_late_to_a_place_that_nobody_wanted_still_has_it(clock: Clock) -> None:
    one = Places(1, clock)
    ann = Token()
    one.hold(ann)
    clock.now_s += 100 * KEEP_S
    assert one.hold(ann)


def test_a_tab_that_is_forgotten_holds_nothing(clock: Clock) -> None:
    one = Places(1, clock)
    ann = Token()
    one.hold(ann)
    del ann
    gc.collect()
    assert one.hold(Token())


def test_twenty_at_once_get_three_places(clock: Clock) -> None:
    three, got = Places(3, clock), list[bool]()
    tokens = [Token() for _ in range(20)]
    start = threading.Barrier(len(tokens))

    def ask(token: Token) -> None:
        start.wait(10)
        got.append(three.hold(token))

    asking = [threading.Thread(target=ask, args=(token,)) for token in tokens]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(10)
    assert sorted(got) == [False] * 17 + [True] * 3


def test_the_number_is_configured_or_goes_by_the_cores() -> None:
    assert most_at_once({VARIABLE: " 7 "}) == 7
    assert most_at_once({}) == most_at_once({VARIABLE: " "}) == most_on(cores())
    assert most_on(1) == 1
    assert [most_on(number) for number in (2, 64)] == sorted([most_on(2), most_on(64)])


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "two", "1001", "9" * 5000, "٣", "1e3"])
def test_a_wrong_number_is_one_sentence(value: str) -> None:
    with pytest.raises(LiveSessionsError) as caught:
        most_at_once({VARIABLE: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"{VARIABLE} can't be used, because ")
    assert len(sentence) < 300


def test_a_wrong_number_leaves_the_app_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "many")
    monkeypatch.setattr(module, "places", places.__wrapped__)
    assert module.places().most == most_on(cores())
