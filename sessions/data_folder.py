"""The user's own folder, which holds all that is kept."""

from pathlib import Path

from platformdirs import user_data_path


def data_folder() -> Path:
    """The user's own data folder for this app; it may not exist yet."""
    return Path(user_data_path("tstroke-coach", appauthor=False))
