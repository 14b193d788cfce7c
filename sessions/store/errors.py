"""Errors of the store, as one sentence each."""

from vision.errors import CoachError


class StoreError(CoachError):
    """Something that the store can't do; the message says why, and what to do."""
