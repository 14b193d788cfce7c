"""What holds for all tests."""

from hypothesis import settings

# A busy machine is no failure: no test is timed.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
