"""All words that the app shows come from one file per language."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

LANGUAGE: Final = "en"


@cache
def messages(language: str = LANGUAGE) -> Mapping[str, str]:
    """All texts of a language by dotted key, as `practice.start`."""
    file = resources.files(__package__).joinpath("messages", f"{language}.toml")
    return dict(_flat(tomllib.loads(file.read_text("utf-8"))))


def text(key: str, **values: object) -> str:
    """The text of `key`, with its {names} filled in. An unknown key or name raises KeyError."""
    return messages()[key].format_map(values)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
