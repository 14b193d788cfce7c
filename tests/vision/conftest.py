"""Small real recordings, made on the spot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from tests.vision.corpus import add_silence, write_video


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """`make_video(name, **options)`: writes a recording of that name and gives its path.

    The options are those of `write_video`.
    """

    def make(name: str, **options: Any) -> Path:
        write_video(tmp_path / name, **options)
        return tmp_path / name

    return make


@pytest.fixture
def make_sound(tmp_path: Path) -> Callable[[str, str], Path]:
    """`make_sound(name, codec)`: a second of silence, and no picture."""

    def make(name: str, codec: str) -> Path:
        with av.open(str(tmp_path / name), "w") as container:
            add_silence(container, 1.0, codec)
        return tmp_path / name

    return make
