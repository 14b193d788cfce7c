"""The app's server is started on the loopback address, without usage statistics, from anywhere."""

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sessions.app_start import app_command, app_path
from sessions.cli import main


def test_the_page_is_found_beside_the_packages() -> None:
    assert app_path() == Path(__file__).parents[2] / "app.py"
    assert app_path().is_file()


def _value(command: list[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_the_server_listens_on_the_loopback_address_alone() -> None:
    command = app_command(None, open_browser=False)
    assert _value(command, "--server.address") == "127.0.0.1"
    assert _value(command, "--browser.gatherUsageStats") == "false"
    assert _value(command, "--server.headless") == "true"
    assert "--server.port" not in command


def test_port_and_browser_are_passed_on() -> None:
    command = app_command(8600, open_browser=True)
    assert _value(command, "--server.port") == "8600"
    assert _value(command, "--server.headless") == "false"


def test_the_command_becomes_the_server_in_the_apps_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    called: list[tuple[str, list[str], Path]] = []
    monkeypatch.setattr(os, "execv", lambda path, words: called.append((path, words, Path.cwd())))
    assert CliRunner().invoke(main, ["app", "--port", "8600"]).exit_code == 0
    ((path, words, folder),) = called
    assert path == words[0] == sys.executable
    assert words[1:5] == ["-m", "streamlit", "run", str(app_path())]
    assert folder == app_path().parent
