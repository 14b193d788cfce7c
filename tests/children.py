"""Processes that a test's process has started."""

from collections.abc import Iterable
from pathlib import Path


def children() -> list[int]:
    """Those that are not gone."""
    lists = Path("/proc/self/task").glob("*/children")
    return [int(pid) for names in lists for pid in names.read_text().split()]


def started_since(before: Iterable[int]) -> int:
    """The one that was started since; other tests may have left some of their own."""
    (pid,) = set(children()) - set(before)
    return pid
