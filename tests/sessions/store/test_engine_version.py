"""The engine's name changes with its code, and with nothing else."""

import shutil
from importlib import metadata
from pathlib import Path

import pytest

from sessions.store import engine_version
from sessions.store.engine_version import engine_name


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The code that judges, to be changed."""
    for room in engine_version.ROOMS:
        shutil.copytree(
            engine_version.ROOT / room, tmp_path / room, ignore=lambda *_: ["__pycache__"]
        )
    monkeypatch.setattr(engine_version, "ROOT", tmp_path)
    return tmp_path


def name_now() -> str:
    """Read anew, as another process would."""
    return engine_name.__wrapped__()


def test_it_says_the_programs_version():
    assert engine_name().startswith(metadata.version("tstroke-coach") + "+")
    assert engine_name() == name_now()


def test_another_place_gives_no_other_name(copy):
    assert name_now() == engine_name()


@pytest.mark.parametrize(
    "path", [pytest.param("routines/judge.py", marks=pytest.mark.slow), "vision/back_template.py"]
)
def test_other_code_gives_another_name(copy, path):
    (copy / path).write_text((copy / path).read_text("utf-8") + "\nCHANGED = 1\n", "utf-8")
    assert name_now() != engine_name()


@pytest.mark.parametrize(
    "path", ["routines/judge.py", pytest.param("routines/engine.py", marks=pytest.mark.slow)]
)
def test_comments_and_docstrings_do_not_count(copy, path):
    text = (copy / path).read_text("utf-8")
    changed = text.replace('"""', '"""Of old. ', 1) + '\n\n# A remark.\n"""Text."""\n'
    (copy / path).write_text(changed, "utf-8")
    assert name_now() == engine_name()


def test_what_judges_nothing_does_not_count(copy):
    for path in ("vision/tracker.py", "vision/drawing.py", "routines/coaching.py"):
        (copy / path).write_text("CHANGED = 1\n", "utf-8")
    assert name_now() == engine_name()
