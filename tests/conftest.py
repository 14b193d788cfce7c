"""What holds for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.once import fitted_once, migrated_once, users_of_fits

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


@pytest.fixture(scope="session", autouse=True)
def backs_are_fitted_once() -> Iterator[None]:
    """A fit takes an eighth of a second, and is the same in every test."""
    with pytest.MonkeyPatch.context() as patch:
        fitted = fitted_once()
        for module in users_of_fits():
            patch.setattr(module, "fit_back_frame", fitted)
        yield


@pytest.fixture(scope="session")
def new_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tables of a new store are kept, once a test has made them."""
    return tmp_path_factory.mktemp("new") / "tables.sqlite3"


@pytest.fixture(scope="module", autouse=True)
def tables_are_made_once(request: pytest.FixtureRequest, new_tables: Path) -> Iterator[None]:
    """Stores begin with a copy of tables made before, but where that is what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name != "store":
            patch.setattr("sessions.store.store.migrate", migrated_once(new_tables))
        yield
