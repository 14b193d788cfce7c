"""Every word for people: one file per language, for pages, reports, captions and routines alike.

Another language is another file here: it takes part as soon as it lies there. What it leaves out is
said in English, which has every text; the English of a routine stands in the routine's own file.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

ENGLISH: Final = "en"
"""It has every text, and stands in for what another language lacks."""

_ROUTINE: Final = "routine"
"""The table of the routines' own names and cues."""


@cache
def languages() -> Mapping[str, str]:
    """Every language by code, under its own name; English first."""
    files = (file.name for file in _folder().iterdir())
    codes = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    ordered = sorted(codes, key=lambda code: code != ENGLISH)
    return {code: own_messages(code).get("language.name", code) for code in ordered}


@cache
def filled_messages(code: str) -> Mapping[str, str]:
    """All texts of a language by dotted key, as `rep.counted`; in English where it has none."""
    return {**own_messages(ENGLISH), **own_messages(code)}


@cache
def own_messages(code: str) -> Mapping[str, str]:
    """The texts that stand in a language's own file, without those of routines."""
    tables = _tables(code)
    return dict(_flat({name: table for name, table in tables.items() if name != _ROUTINE}))


def routine_words(routine_id: str, code: str) -> Mapping[str, Any]:
    """What a language calls a routine, its phases and faults; empty where it has no words for it.

    Nested as in the routine's own file: `name`, `phases.NAME.label`, `faults.CODE.label`, `spoken`
    and `written`.
    """
    if code not in languages():
        return {}
    words: Mapping[str, Any] = _tables(code).get(_ROUTINE, {}).get(routine_id, {})
    return words


@cache
def _tables(code: str) -> Mapping[str, Any]:
    return tomllib.loads(_folder().joinpath(f"{code}.toml").read_text("utf-8"))


def _folder() -> Traversable:
    return resources.files(__package__)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
