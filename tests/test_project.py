"""The promises of the project as a whole: what is pinned, where code lives, what set-up says."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("contract", "messages", "vision", "routines", "sessions", "ui")
LOCKS = ("app", "dev", "ray")
LONGEST_FILE_LINES = 400


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirements(lock: str) -> Iterator[tuple[str, str, str]]:
    """Name, version and hashes of each requirement of a lock file."""
    text = (ROOT / "locks" / f"{lock}.lock").read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        found = re.match(r"([A-Za-z0-9._-]+)==(\S+)(?: ; [^-]*?)?\s+(--hash=.*)", line)
        assert found, f"{lock}.lock has a line that pins nothing: {line[:80]}"
        yield found[1], found[2], found[3]


def pins(lock: str) -> set[tuple[str, str]]:
    return {(name, version) for name, version, _ in requirements(lock)}


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def imported_packages(file: Path) -> set[str]:
    """Top-level names of all that a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_every_package_by_hash_and_name_no_host(lock: str) -> None:
    text = (ROOT / "locks" / f"{lock}.lock").read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    for name, _, hashes in requirements(lock):
        assert re.fullmatch(r"(--hash=sha256:[0-9a-f]{64}\s*)+", hashes), name


@pytest.mark.parametrize("lock", LOCKS)
def test_mediapipe_is_the_release_that_reports_nothing(lock: str) -> None:
    assert "mediapipe==0.10.32" in project()["project"]["dependencies"]
    assert [version for name, version in pins(lock) if name == "mediapipe"] == ["0.10.32"]


@pytest.mark.parametrize("lock", LOCKS)
def test_one_build_of_opencv_is_locked(lock: str) -> None:
    builds = {name for name, _ in pins(lock) if name.startswith("opencv")}
    assert builds == {"opencv-python"}


def test_tools_for_tests_come_on_top_of_the_packages_of_the_app() -> None:
    assert pins("app") < pins("dev")


def test_ray_is_an_extra_that_comes_on_top_of_all_others() -> None:
    assert pins("app") - pins("ray") <= pins("dev")
    shared = {name for name, _ in pins("dev")} & {name for name, _ in pins("ray")}
    assert {pin for pin in pins("ray") if pin[0] in shared} <= pins("dev")
    extras = project()["project"]["optional-dependencies"]
    assert [re.split(r"[<>=]", line)[0] for line in extras["ray"]] == ["ray"]
    assert "ray" in {name for name, _ in pins("ray") - pins("dev")}


def test_every_dependency_is_locked() -> None:
    named = {re.split(r"[<>=\[]", line)[0] for line in project()["project"]["dependencies"]}
    assert named <= {name for name, _ in pins("app")}
    groups = project()["dependency-groups"]
    tools = {re.split(r"[<>=\[]", line)[0] for line in groups["dev"] if isinstance(line, str)}
    assert tools <= {name for name, _ in pins("dev")}


def test_packages_are_the_rooms() -> None:
    assert project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(ROOMS)
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert packages == set(ROOMS)


def test_tests_mirror_the_rooms() -> None:
    folders = {file.parent.name for file in (ROOT / "tests").glob("*/test_*.py")}
    assert folders <= {*ROOMS, "stories", "benchmarks"}


def test_no_python_file_grows_too_long() -> None:
    files = [ROOT / "app.py", *python_files(*ROOMS, "benchmarks")]
    lengths = {file.name: len(file.read_text("utf-8").splitlines()) for file in files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_only_the_landmarker_imports_mediapipe() -> None:
    files = [ROOT / "app.py", *python_files(*ROOMS)]
    seen = [
        file.relative_to(ROOT).as_posix()
        for file in files
        if "mediapipe" in imported_packages(file)
    ]
    assert seen == ["vision/landmarker.py"]


def test_the_app_file_uses_no_room_but_ui() -> None:
    used = imported_packages(ROOT / "app.py") - sys.stdlib_module_names
    assert used <= {"ui", "streamlit"}


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("sample_videos/*.md")]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in link
    ]
    assert [
        f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()
    ] == []


@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    """Variables for a machine that has the plainest commands, and neither Python nor apt-get."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("bash", "dirname", "cat", "cut", "sha256sum", "mktemp", "rm", "tail", "id", "env"):
        found = shutil.which(name)
        assert found, name
        (commands / name).symlink_to(found)
    return {"PATH": str(commands), "HOME": str(tmp_path)}


def add_command(machine: dict[str, str], name: str, text: str) -> None:
    command = Path(machine["PATH"]) / name
    command.unlink(missing_ok=True)
    command.write_text(f"#!{machine['PATH']}/bash\n{text}\n", "utf-8")
    command.chmod(0o755)


def set_up(machine: dict[str, str], folder: Path, kind: str = "app") -> tuple[int, str]:
    """Exit code and words of the set-up script, run in a copy that has nothing set up yet."""
    copy = folder / "a copy with spaces"
    (copy / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup", copy / "scripts")
    shutil.copytree(ROOT / "locks", copy / "locks")
    shutil.copy(ROOT / "pyproject.toml", copy)
    command = [str(Path(machine["PATH"]) / "bash"), str(copy / "scripts" / "setup"), kind]
    done = subprocess.run(
        command, env=machine, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    assert not done.stdout
    return done.returncode, done.stderr.strip()


def test_set_up_names_what_to_install_where_there_is_no_apt_get(
    bare_machine: dict[str, str], tmp_path: Path
) -> None:
    code, words = set_up(bare_machine, tmp_path)
    assert code == 1
    assert words.startswith("setup: The system packages python3 python3-venv (Debian's names)")
    assert len(words.splitlines()) == 1


def test_set_up_names_what_to_install_where_nobody_is_root(
    bare_machine: dict[str, str], tmp_path: Path
) -> None:
    add_command(bare_machine, "id", "echo 1000")
    add_command(bare_machine, "apt-get", "exit 0")
    code, words = set_up(bare_machine, tmp_path)
    assert code == 1
    assert "run 'apt-get install python3 python3-venv' as root" in words
    assert len(words.splitlines()) == 1


def test_set_up_shows_why_apt_get_failed(bare_machine: dict[str, str], tmp_path: Path) -> None:
    add_command(bare_machine, "id", "echo 0")
    add_command(bare_machine, "apt-get", "echo E: no such mirror; exit 100")
    code, words = set_up(bare_machine, tmp_path)
    assert code == 1
    assert "E: no such mirror" in words.splitlines()
    assert words.splitlines()[-1].startswith(
        "setup: The system packages python3 python3-venv could"
    )


def test_set_up_refuses_a_python_that_is_too_old(
    bare_machine: dict[str, str], tmp_path: Path
) -> None:
    add_command(bare_machine, "id", "echo 0")
    add_command(bare_machine, "apt-get", "exit 0")
    add_command(bare_machine, "python3", "exit 1")
    code, words = set_up(bare_machine, tmp_path)
    assert code == 1
    assert words.splitlines()[-1].startswith("setup: Python 3.11 or newer is needed")


def test_set_up_refuses_an_unknown_kind(bare_machine: dict[str, str], tmp_path: Path) -> None:
    assert set_up(bare_machine, tmp_path, "all") == (1, "setup: Say 'app' or 'dev', not 'all'.")


@pytest.mark.parametrize(
    "script",
    ["scripts/app", "scripts/setup", "scripts/test", "scripts/lock", "scripts/fuzz", ".ci/run"],
)
def test_scripts_can_be_run_and_stop_at_the_first_error(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert "set -euo pipefail" in (ROOT / script).read_text("utf-8")
