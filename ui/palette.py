"""The colours of the drawings, for pages."""

from sessions.drawing.palette import FAULT, HAND, PHASE, UNSEEN

__all__ = ["FAULT", "HAND", "PHASE", "UNSEEN"]
