"""Errors of reports."""

from vision.errors import CoachError


class ReportError(CoachError):
    """A report that can't be made; the message says why, and what to do."""
