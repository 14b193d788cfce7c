"""Errors of exports."""

from vision.errors import CoachError


class ExportError(CoachError):
    """Something that can't be exported; the message says why, and what to do."""
