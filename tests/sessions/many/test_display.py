"""One display for many recordings."""

import pytest

from sessions.progress_bar import ReviewBars
from sessions.review import Progress


def test_it_shows_what_runs_and_how_many_are_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with ReviewBars(["a.mp4", "b.mp4", "c.mp4"]) as bars:
        bars.begin(0)
        bars.begin(1)
        bars.show(0, Progress(0.5, 30.0, 900))
        bars.end(1, worked=True)
        with bars.aside():
            pass  # Shows what there was last before it goes away.
    shown = capsys.readouterr().err
    assert "1 of 3 recordings" in shown
    assert "a.mp4" in shown
    assert "x real time" in shown
    assert "left" in shown


def test_it_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with ReviewBars(["a.mp4"]) as bars:
        bars.begin(0)
        bars.show(0, Progress(None, 1.0, 30))
        bars.end(0, worked=True)
    assert capsys.readouterr() == ("", "")
