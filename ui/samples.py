"""The sample recordings that the app offers, where they are there."""

from pathlib import Path
from typing import Final

SAMPLES: Final = ("wide", "side", "order")
"""Names of recordings in the folder of samples, in the order in which they are offered."""

FOLDER: Final = Path(__file__).resolve().parent.parent / "sample_videos"


def sample_paths(folder: Path = FOLDER) -> dict[str, tuple[Path, Path]]:
    """Recording and calibration of each sample by name; those that are missing are left out.

    An installation without the project's folder has none.
    """
    pairs = {
        name: (folder / f"{name}.mp4", folder / f"{name}.calibration.json") for name in SAMPLES
    }
    return {name: pair for name, pair in pairs.items() if all(path.is_file() for path in pair)}
