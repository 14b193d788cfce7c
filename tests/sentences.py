"""The sentences that the code says to users in English, each with the key of its translations."""

import ast
from functools import cache
from pathlib import Path
from typing import Final

from sessions.fitness import WARNINGS
from sessions.looks import EDGES
from vision.touch import PLACES_BACK

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("vision", "routines", "sessions", "ui")

COMMAND_LINE_ALONE: Final = (
    "routines/routine.py",
    "sessions/accuracy.py",
    "sessions/batch.py",
    "sessions/export_runs.py",
    "sessions/guided/plan.py",
    "sessions/many/ray_cluster.py",
    "sessions/truth.py",
    "ui/turning.py",
)
"""What only somebody at a command line or in the code can do wrong is said in English alone."""


def sentences() -> dict[str, str]:
    """English templates by key, all that a language has to have beside `en.toml`."""
    words = {f"place.{place}": place for place in PLACES_BACK} | {
        f"edge.{edge}": edge for edge in EDGES
    }
    warnings = {f"warning.{name}": template for name, template in WARNINGS.items()}
    found = words | warnings
    for _, call in _calls():
        key, template = _key(call), call.args[0]
        if isinstance(key, ast.Constant) and isinstance(template, ast.Constant):
            found[str(key.value)] = str(template.value)
    return found


def said_in_english_alone() -> list[str]:
    """Places where an error that a page may show is made without a key."""
    return [
        f"{path}:{call.lineno}"
        for path, call in _calls()
        if _key(call) is None
        and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
        and _name(call) != "Sentence"
        and path not in COMMAND_LINE_ALONE
    ]


@cache
def _calls() -> tuple[tuple[str, ast.Call], ...]:
    """Every making of a sentence or an error, and the file it stands in."""
    return tuple(
        (path, node)
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and _name(node) in _names()
    )


@cache
def _names() -> frozenset[str]:
    """Sentence, CoachError, and all classes below it, wherever they are defined."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"Sentence", "CoachError"}
    while new := {name for name, of in bases.items() if of & known} - known:
        known |= new
    return frozenset(known)


@cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths
    )


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _key(call: ast.Call) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == "key"), None)
