"""Which engine judges: a name that changes exactly when its code does."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("routines", "vision")

BEGINS: Final = ("routines.engine", "vision.back_frame")
"""What turns landmarks and a calibration into judged reps: the chart of the back, and the engine.
All that these import of the project belongs to it. The tracker does not: what it gave stays."""

DIGITS: Final = 10


@cache
def engine_name() -> str:
    """The package's version and a hash of the judging code, such as "0.1.0+3f2a91c4d0".

    Comments, docstrings and layout do not count, so that only a change of what the code does
    gives another name; and nobody has to think of raising a number.
    """
    digest = hashlib.sha256()
    for name, tree in sorted(_modules().items()):
        digest.update(f"{name}\n{ast.dump(tree)}\n".encode())
    return f"{metadata.version('tstroke-coach')}+{digest.hexdigest()[:DIGITS]}"


def _modules() -> dict[str, ast.Module]:
    """The judging modules by name, without their docstrings."""
    found: dict[str, ast.Module] = {}
    todo = list(BEGINS)
    while todo:
        name = todo.pop()
        path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
        if name in found or not path.is_file():
            continue
        tree = found[name] = ast.parse(path.read_text("utf-8"))
        _drop_docstrings(tree)
        todo += _imports(tree)
    return found


def _imports(tree: ast.Module) -> Iterator[str]:
    """Modules of the two rooms that this one imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in ROOMS


def _drop_docstrings(tree: ast.Module) -> None:
    """Of modules, classes and functions, and those under a constant or a field."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [one for one in node.body if not _is_text(one)]


def _is_text(node: ast.stmt) -> bool:
    text = node.value if isinstance(node, ast.Expr) else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str)
