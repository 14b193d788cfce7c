"""Where on the chart a fault happened, for pages."""

from sessions.drawing.chart_marks import NEAR_S, chart_marks

__all__ = ["NEAR_S", "chart_marks"]
