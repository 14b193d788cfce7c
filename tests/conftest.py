"""What holds for all tests."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

# A busy machine is no failure: no test is timed.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture(scope="session", autouse=True)
def no_data_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test does may touch what the user has kept: calibrations, sessions, pictures.

    Programs that a test starts inherit it. Tests that need a folder of their own set it anew.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("TSTROKE_DATABASE_URL", raising=False)
        yield
