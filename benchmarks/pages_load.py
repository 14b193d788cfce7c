"""How long each page takes with a school's year in the store: 2,000 sessions of 20 learners.

    python benchmarks/pages_load.py [--sessions 2000] [--learners 20] [--folder FOLDER]

Fills a store as `benchmarks/store_load.py` does, then runs every page as the app's server runs it
for a browser, each several times, and prints the median and the slowest run in wall seconds and the
median in processor seconds. What a browser then does with the page is not in it. With `--folder`
the store stays there, and a second run finds it filled.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.machine import machine

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What one page took."""

    name: str
    wall_s: tuple[float, ...]
    processor_s: tuple[float, ...]


def page(path: str, **query: str) -> AppTest:
    """A browser tab that opens a page."""
    tab = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    tab.switch_page(path)
    for name, value in query.items():
        tab.query_params[name] = value
    return tab


def timed(name: str, open_page: Callable[[], AppTest], times: int) -> Taken:
    """Open the page anew several times, each in a tab of its own."""
    wall_s, processor_s = [], []
    for _ in range(times):
        tab = open_page()
        wall, processor = time.perf_counter(), time.process_time()
        tab.run()
        wall_s.append(time.perf_counter() - wall)
        processor_s.append(time.process_time() - processor)
        if tab.exception:
            sys.exit(f"{name}: {tab.exception[0].message}")
    return Taken(name, tuple(wall_s), tuple(processor_s))


def pages() -> Iterator[tuple[str, Callable[[], AppTest]]]:
    """Every page that reads the store, in its fullest states."""
    from ui.session_parts import TABS, title_of_tab
    from ui.store_handle import store

    lines = store().sessions()
    kept = [line.id for line in lines if line.has_landmarks and line.verdicts]
    learner = store().people("learner")[0].id

    def chosen(path: str, **state: object) -> Callable[[], AppTest]:
        def opened() -> AppTest:
            tab = page(path)
            for key, value in state.items():
                tab.session_state[key.replace("__", "-")] = value
            return tab

        return opened

    yield "Sessions", chosen("ui/sessions.py")
    yield "Sessions, one learner", chosen("ui/sessions.py", sessions__learner=learner)
    yield "Sessions, one fault", chosen("ui/sessions.py", sessions__fault="on_spine")
    yield "Sessions, by name", chosen("ui/sessions.py", sessions__text="ada")
    for name in TABS:

        def session(tab_title: str = title_of_tab(name)) -> AppTest:
            tab = page("ui/session.py", id=kept[0])
            tab.session_state["session-tabs"] = tab_title
            return tab

        yield f"Session, {name}", session
    yield "Compare", lambda: page("ui/compare.py", a=kept[0], b=kept[1])
    yield "Progress", chosen("ui/progress.py")
    for view in ("waiting", "learners", "agreement", "reports", "people"):
        yield f"Class, {view}", chosen("ui/classroom.py", class__view=view)
    yield "Review", chosen("ui/review.py")


@contextmanager
def filled(folder: Path, sessions: int, learners: int) -> Iterator[None]:
    """The app's store in this folder, filled."""
    os.environ["XDG_DATA_HOME"] = str(folder)
    os.environ.pop("TSTROKE_DATABASE_URL", None)
    from benchmarks.store_load import fill
    from ui.store_handle import store

    if store().count_sessions() == 0:
        fill(store(), sessions, learners)
    yield
    store().close()


def table(found: list[Taken]) -> str:
    """The figures, the slowest page last said."""
    lines = [f"{'':24}{'median':>9}{'slowest':>9}{'processor':>11}"]
    lines += [
        f"{each.name:24}{statistics.median(each.wall_s):7.2f} s{max(each.wall_s):7.2f} s"
        f"{statistics.median(each.processor_s):9.2f} s"
        for each in found
    ]
    slowest = max(found, key=lambda each: statistics.median(each.wall_s))
    lines.append(f"Slowest: {slowest.name}, {statistics.median(slowest.wall_s):.2f} s")
    return "\n".join(lines)


def main() -> None:
    """Fill, open, print. Ends with 1 where a page takes longer than a second."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the store stays")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        with filled(folder, options.sessions, options.learners):
            every = list(pages())
            for _, open_page in every:
                open_page().run()  # imports, and what is read once in a process
            found = [timed(name, open_page, options.times) for name, open_page in every]
    print(machine())
    print(table(found))
    if max(statistics.median(each.wall_s) for each in found) > LIMIT_S:
        sys.exit(1)


if __name__ == "__main__":
    main()
