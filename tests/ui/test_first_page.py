"""The first page is there soon: what takes long to import waits until it is needed."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sessions.app_start import app_path
from ui import first_page

FOR_PICTURES = {"aiortc", "av", "cv2", "jsonschema", "numpy", "pyarrow", "pydantic", "scipy"}
"""What the server can answer without, and what the first page is made of."""

LATER = {
    *("alembic", "altair", "jinja2", "matplotlib", "mediapipe", "pandas", "psycopg", "ray"),
    *("scipy.optimize", "sqlalchemy", "weasyprint"),
}
"""What is not needed before something is clicked on."""

FIRST_PAGE = f"""
from streamlit.testing.v1 import AppTest
import ui.practice_parts

ui.practice_parts.camera = lambda live, facing: False
at = AppTest.from_file({str(app_path())!r}, default_timeout=60).run()
assert not at.exception, at.exception
assert at.subheader, "not the page Practice"
"""

CAMERA = f"""
import runpy
from streamlit.testing.v1 import AppTest

runpy.run_path({str(app_path())!r}, run_name="app")
page = '''
import streamlit.components.v1 as components
probe = components.declare_component("probe", url="http://127.0.0.1")
probe(key="probe", settings={{"video": {{"width": 640}}}}, servers=[{{"urls": "stun:a"}}])
'''
at = AppTest.from_string(page, default_timeout=60).run()
assert not at.exception, at.exception
"""
"""Streamlit-webrtc's part of the page takes such settings; a page under test has no camera."""


def imported(code: str, folder: Path, *names: str) -> set[str]:
    """Which of the modules a fresh interpreter has imported after this code."""
    command = [
        sys.executable,
        "-c",
        f"{code}\nimport sys; print(*({set(names)} & set(sys.modules)))",
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=app_path().parent,
        env=os.environ | {"XDG_DATA_HOME": str(folder)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_the_server_answers_before_anything_of_its_pages_is_imported(tmp_path: Path) -> None:
    assert imported("import app", tmp_path, *FOR_PICTURES, *LATER) == set()


@pytest.mark.slow
@pytest.mark.parametrize("code", [FIRST_PAGE, CAMERA], ids=["page", "camera"])
def test_the_first_page_imports_nothing_that_only_a_click_needs(code: str, tmp_path: Path) -> None:
    assert imported(code, tmp_path, *LATER) == set()


@pytest.mark.slow
def test_what_is_loaded_ahead_is_what_the_page_needs_and_not_the_cameras_own(
    tmp_path: Path,
) -> None:
    ahead = "from ui.first_page import MODULES\nfor name in MODULES: __import__(name)"
    found = imported(ahead, tmp_path, *FOR_PICTURES, *LATER, "streamlit_webrtc")
    assert found == FOR_PICTURES


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(first_page, "_begun", threading.Event())
    monkeypatch.setattr(first_page, "_loaded", threading.Event())
    monkeypatch.setattr(first_page, "STORE_AFTER_S", 0.0)
    return monkeypatch


def test_a_page_without_a_server_waits_for_nothing(fresh: pytest.MonkeyPatch) -> None:
    first_page.wait_until_loaded()


def test_a_page_comes_though_its_parts_could_not_be_loaded_ahead(
    fresh: pytest.MonkeyPatch,
) -> None:
    fresh.setattr(first_page, "MODULES", ("ui.no_such_module",))
    told: list[str] = []
    fresh.setattr(threading, "excepthook", lambda args: told.append(args.exc_type.__name__))
    first_page.load_ahead()
    first_page.wait_until_loaded()
    for thread in threading.enumerate():
        if thread.name == "first-page":
            thread.join(10)
    assert told == ["ModuleNotFoundError"]
