"""`docs/security.md` names what is really installed, and tests that are really there."""

import re
from pathlib import Path

import av
import cv2

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")


def test_the_ffmpeg_within_the_wheels_is_the_one_that_is_named() -> None:
    codec = ".".join(map(str, av.library_versions["libavcodec"]))
    assert f"**{av.ffmpeg_version_info}** in PyAV" in PAGE
    assert f"libavcodec {codec})" in PAGE
    found = re.search(r"avcodec:\s+YES \(([\d.]+)\)", cv2.getBuildInformation())
    assert found is not None
    assert found[1] == codec, "OpenCV brings another FFmpeg than PyAV: name both"


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(?:tests/[\w/]+/)?(test_\w+\.py)`", PAGE)
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(named) > 10
    assert set(named) <= there
