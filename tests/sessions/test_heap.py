"""What is freed goes back to the system, and asking for it never fails."""

import ctypes

import numpy as np
import pytest

from sessions.heap import give_back, share_heaps


def test_a_system_without_such_calls_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    share_heaps()
    give_back()


def test_memory_in_use_stays_as_it_is() -> None:
    share_heaps()
    kept = np.arange(2_000_000)
    give_back()
    assert kept.sum() == 1_999_999 * 1_000_000
