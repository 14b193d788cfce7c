"""Colours with a fixed meaning, safe for colour-blind eyes (Okabe-Ito), the same everywhere.

Colour is never the only carrier: a word, a number or a shape goes with each.
"""

from collections.abc import Mapping
from typing import Final

from vision.hands import Side

HAND: Final[Mapping[Side, str]] = {"left": "#0072B2", "right": "#E69F00"}

PHASE: Final[Mapping[str, str]] = {
    "up": "#009E73",
    "out": "#56B4E9",
    "down": "#CC79A7",
    "pull_in": "#F0E442",
}

FAULT: Final = "#D55E00"

UNSEEN: Final = "#8A8580"
"""Grey, always hatched: not seen is no judgement."""
