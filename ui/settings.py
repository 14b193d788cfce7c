"""What the giver chose for a session; kept by the browser, over sessions, pages and restarts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from sessions.guided import Level, Plan
from ui.speech import SOUNDS, Sound, SpeechSettings
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

LONGEST_VOICE: Final = 200
"""Letters of a voice's name."""


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

    def to_json(self) -> dict[str, Any]:
        """The choices that are not as at first, by name, as JSON values."""
        first = asdict(Settings())
        return {name: value for name, value in asdict(self).items() if value != first[name]}


def settings_from_json(obj: object) -> Settings:
    """The choices that were kept. What is missing, or can't be chosen any more, is as at first."""
    kept: Mapping[str, Any] = obj if isinstance(obj, dict) else {}
    settings = Settings()
    for name, (low, high, *_) in _RANGES.items():
        value = kept.get(name)
        if isinstance(value, int | float) and low <= value <= high:
            setattr(settings, name, type(getattr(settings, name))(value))
    for name, known in _NAMES.items():
        if kept.get(name) in known:
            setattr(settings, name, kept[name])
    voice = kept.get("voice")
    if isinstance(voice, str) and len(voice) <= LONGEST_VOICE:
        settings.voice = voice
    return settings


_RANGES: Final = {
    "goal": (1, MOST_STROKES),
    "settle_s": SETTLE_S,
    "breath_in_s": BREATH_S,
    "breath_out_s": BREATH_S,
    "tempo_s": TEMPO_S,
    "rate": RATE,
}
_NAMES: Final = {"level": LEVELS, "pace": PACES, "sound": SOUNDS, "facing": FACINGS}
