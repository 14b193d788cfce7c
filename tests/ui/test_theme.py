"""The app stays on this machine, and can be read in both themes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import ui.texts
from ui.palette import FAULT, HAND, PHASE
from vision.drawing import HAND_COLOURS

ROOT = Path(ui.texts.__file__).parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def texts_of(table: dict[str, Any]) -> list[str]:
    words = []
    for value in table.values():
        words += texts_of(value) if isinstance(value, dict) else [str(value)]
    return words


def test_it_binds_to_the_loopback_address_and_reports_nothing() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert not any("//" in words for words in texts_of(CONFIG)), "no font or theme from elsewhere"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_accent_can_be_read(theme: str) -> None:
    colours = CONFIG["theme"][theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colours["textColor"], colours[ground]) >= 7.0
        assert contrast(colours["primaryColor"], colours[ground]) >= 4.5


def test_the_accent_carries_no_other_meaning() -> None:
    meanings = {*HAND.values(), *PHASE.values(), FAULT}
    for theme in ("light", "dark"):
        assert CONFIG["theme"][theme]["primaryColor"].upper() not in meanings


def test_hands_have_the_same_colours_in_charts_and_pictures() -> None:
    for side, (red, green, blue) in HAND_COLOURS.items():
        assert HAND[side] == f"#{red:02X}{green:02X}{blue:02X}"


def test_no_part_of_the_page_comes_from_elsewhere() -> None:
    for path in sorted((ROOT / "ui" / "web").iterdir()):
        words = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:/" not in words, path.name
        assert "https:/" not in words, path.name
        assert "@import" not in words, path.name


def test_no_run_of_a_page_stops_the_camera_to_search_the_memory() -> None:
    assert CONFIG["runner"]["postScriptGC"] is False
