"""Reports to print: a learner or a class, one page per session and a summary."""

from sessions.reports.errors import ReportError
from sessions.reports.pdf import pdf_of
from sessions.reports.report import LearnerSessions, Paper, class_report, learner_report

__all__ = [
    "LearnerSessions",
    "Paper",
    "ReportError",
    "class_report",
    "learner_report",
    "pdf_of",
]
