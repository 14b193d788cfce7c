"""What the tests of the analysis share."""

import pytest

from tests.sessions.analysis.studio import Studio


@pytest.fixture
def studio() -> type[Studio]:
    return Studio
