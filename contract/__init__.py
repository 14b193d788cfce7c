"""What the project promises to files that leave it: JSON schemas of a calibration and a review."""

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

SchemaName = Literal["calibration", "review"]


@cache
def schema(name: SchemaName) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) called `name`."""
    text = resources.files(__name__).joinpath(f"{name}.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
