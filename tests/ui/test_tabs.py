"""What a tab holds is found again after a reload, by nobody else, and is given back in time."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from ui import tabs
from ui.tabs import KEEP_S, Tabs


class Held:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class House:
    """Tabs, the pages that are open, and a clock."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.now_s = 0.0
        self.tabs: Tabs[Held] = Tabs(self.open.__contains__, lambda: self.now_s)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(tabs, "SWEEP_S", 3600.0)
    return House()


def test_a_reloaded_page_finds_what_it_held(house: House) -> None:
    house.open.add("first")
    held = Held()
    secret = house.tabs.add(held, "first")
    house.open.remove("first")
    assert house.tabs.claim(secret, "second") is held
    assert held.closed == 0


def test_a_second_tab_gets_nothing_while_the_first_is_open(house: House) -> None:
    house.open |= {"first", "second"}
    secret = house.tabs.add(Held(), "first")
    assert house.tabs.is_taken(secret, "second")
    assert house.tabs.claim(secret, "second") is None
    assert not house.tabs.is_taken(secret, "first")


def test_a_guess_gets_nothing(house: House) -> None:
    secrets = {house.tabs.add(Held(), "first") for _ in range(100)}
    assert len(secrets) == 100
    assert min(map(len, secrets)) >= 32
    assert house.tabs.claim("", "second") is None
    assert house.tabs.claim("guess", "second") is None


def test_what_has_no_page_is_closed_in_time(house: House) -> None:
    house.open.add("first")
    left, kept = Held(), Held()
    secret = house.tabs.add(left, "gone")
    house.tabs.add(kept, "first")
    house.now_s = KEEP_S - 1
    house.tabs.sweep()
    assert left.closed == 0
    house.now_s = KEEP_S + 1
    house.tabs.sweep()
    assert (left.closed, kept.closed, len(house.tabs)) == (1, 0, 1)
    assert house.tabs.claim(secret, "second") is None
    house.open.remove("first")
    house.now_s += KEEP_S - 1
    house.tabs.sweep()
    assert kept.closed == 0, "its time begins when the page was last seen"


def test_it_is_swept_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "SWEEP_S", 0.01)
    house = House()
    held, closed = Held(), threading.Event()
    monkeypatch.setattr(held, "close", closed.set)
    house.tabs.add(held, "gone")
    house.now_s = KEEP_S + 1
    assert closed.wait(10)


PAGE = """
import streamlit as st
from ui.tab_memory import came_back, remember_tab, settle, tab_state

class Count:
    def __init__(self):
        self.count = 0
        self.closed = False
    def close(self):
        self.closed = True

state = tab_state("counted", Count)
st.button("count", on_click=lambda: setattr(state, "count", state.count + 1))
st.text_input("secret", key="secret")
st.button("settle", on_click=lambda: settle(st.session_state.secret))
remember_tab()
st.markdown(f"{state.count} {came_back()}")
"""


def visit() -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=20)
    return page.run()


def test_a_page_counts_on_after_a_reload() -> None:
    first = visit()
    first.button[0].click().run()
    first.button[0].click().run()
    assert first.markdown[0].value == "2 False"

    second = visit()
    assert second.markdown[0].value == "0 False"
    fresh = second.session_state["counted"]
    second.text_input[0].set_value(first.session_state["tab"].secret).run()
    second.button[1].click().run()
    assert second.markdown[0].value == "2 True"
    assert fresh.closed, "what was made for the reload is given back"
    second.button[0].click().run()
    assert second.markdown[0].value == "3 True"


def test_a_page_without_a_past_keeps_its_own() -> None:
    page = visit()
    page.button[0].click().run()
    page.button[1].click().run()
    assert page.markdown[0].value == "1 False"
    assert page.session_state["tab"].settled
