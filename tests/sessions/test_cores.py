"""Threads that work at once have a core each where there is one for each, and give it back."""

import os
import threading

import pytest

from sessions.cores import Cores

affinity = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux has it")


@affinity
def test_each_thread_has_a_core_of_its_own_as_long_as_it_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allowed = os.sched_getaffinity(0)
    set_to: dict[str, list[set[int]]] = {}
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5})
    monkeypatch.setattr(
        os,
        "sched_setaffinity",
        lambda _, cores: set_to.setdefault(threading.current_thread().name, []).append(cores),
    )
    cores, both = Cores(2), threading.Barrier(2)

    def work() -> None:
        with cores.own():
            both.wait(timeout=10)
        both.wait(timeout=10)
        with cores.own():
            both.wait(timeout=10)

    threads = [threading.Thread(target=work, name=name) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index in (0, 2):
        assert sorted(min(set_to[name][index]) for name in "ab") == [3, 5]
    assert set_to["a"][1] == set_to["b"][1] == {3, 5}
    monkeypatch.undo()
    assert os.sched_getaffinity(0) == allowed


@affinity
@pytest.mark.parametrize("number", [1, 3])
def test_the_system_chooses_where_there_is_no_core_for_each(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: pytest.fail("it has chosen itself"))
    with Cores(number).own():
        pass


@affinity
def test_a_core_is_given_back_by_a_thread_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(os, "sched_setaffinity", lambda *_: None)
    cores = Cores(2)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), cores.own():
            raise ValueError("no")


@affinity
def test_a_core_that_was_taken_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("invalid argument")

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with Cores(2).own():
        pass
