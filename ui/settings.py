"""What the giver chose for a session; kept for the tab, over sessions and pages."""

from dataclasses import dataclass
from typing import Final, Literal

from sessions.guided import Level, Plan
from ui.speech import Sound, SpeechSettings
from ui.webrtc_compat import Facing

Pace = Literal["off", "tone", "ghost"]
PACES: Final[tuple[Pace, ...]] = ("off", "tone", "ghost")
FACINGS: Final[tuple[Facing, ...]] = ("any", "back", "front")
LEVELS: Final[tuple[Level, ...]] = ("fade", "every", "second", "summary")

MOST_STROKES: Final = 10
SETTLE_S: Final = (0, 120, 10)
"""Least, most and step of the settle's time, s."""
BREATH_S: Final = (2.0, 10.0, 0.5)
TEMPO_S: Final = (6.0, 25.0, 1.0)
"""Of a whole stroke; 8 to 20 s are comfortable, under 4 s is rushed."""
RATE: Final = (0.6, 1.6, 0.1)
"""Of the voice; 1 is its own."""


@dataclass(slots=True)
class Settings:
    """Everything behind the button Settings, but how the picture is turned."""

    goal: int = MOST_STROKES
    settle_s: int = 30
    breath_in_s: float = 4.0
    breath_out_s: float = 6.0
    level: Level = "fade"
    pace: Pace = "off"
    tempo_s: float = 12.0
    sound: Sound = "voice"
    voice: str = ""
    rate: float = 1.0
    facing: Facing = "any"

    def plan(self) -> Plan:
        """The session that was chosen."""
        return Plan(
            goal=self.goal,
            settle_s=float(self.settle_s),
            breath_in_s=self.breath_in_s,
            breath_out_s=self.breath_out_s,
            level=self.level,
            tempo_s=None if self.pace == "off" else self.tempo_s,
        )

    def speech(self, language: str) -> SpeechSettings:
        """How it is to be said."""
        return SpeechSettings(self.sound, self.voice, self.rate, language)
