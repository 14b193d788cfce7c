"""Starts the app's server; what comes after this process belongs to Streamlit."""

import os
import sys
from pathlib import Path
from typing import Final

import sessions

ADDRESS: Final = "127.0.0.1"


def app_path() -> Path:
    """The app's page: it is installed beside the packages, wherever those are."""
    return Path(sessions.__file__).resolve().parent.parent / "app.py"


def app_command(port: int | None, *, open_browser: bool, address: str = ADDRESS) -> list[str]:
    """What to run: Streamlit on the loopback address by default, without usage statistics.

    The settings that keep the app private are given here as well as in its configuration file,
    because that file is not found from every folder.
    """
    command = [sys.executable, "-m", "streamlit", "run", str(app_path())]
    command += ["--server.address", address, "--browser.gatherUsageStats", "false"]
    command += ["--server.headless", "false" if open_browser else "true"]
    command += ["--server.showEmailPrompt", "false"]
    if port is not None:
        command += ["--server.port", str(port)]
    return command


def start_app(port: int | None, *, open_browser: bool, address: str = ADDRESS) -> None:
    """Become the app's server. Does not come back.

    It runs in the app's own folder, where its configuration lies. Being replaced, rather than
    having a child, means that whoever ends this process ends the server.
    """
    command = app_command(port, open_browser=open_browser, address=address)
    os.chdir(app_path().parent)
    sys.stdout.flush()
    os.execv(command[0], command)
