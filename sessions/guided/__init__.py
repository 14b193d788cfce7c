"""A whole session without a touch: from the camera check to the last stroke.

>>> with GuidedSession(load_routine(), Plan(goal=3), (640, 480)) as session:
...     for frame in frames:
...         scene = session.step(frame)
...     last_scene = session.finish()
"""

from routines.coaching import Level
from sessions.guided.plan import Plan, PlanError
from sessions.guided.scene import Breath, Hold, Say, SayKind, Scene, Stage
from sessions.guided.session import GuidedSession

__all__ = [
    "Breath",
    "GuidedSession",
    "Hold",
    "Level",
    "Plan",
    "PlanError",
    "Say",
    "SayKind",
    "Scene",
    "Stage",
]
