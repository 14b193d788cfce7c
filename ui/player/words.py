"""The words that the browser needs, by name; it fills in times and numbers itself."""

from typing import Final

from ui.texts import messages

NAMES: Final = (
    "title",
    "play",
    "pause",
    "frame_back",
    "frame_on",
    "speed",
    "rep_back",
    "rep_on",
    "fault_back",
    "fault_on",
    "loop_rep",
    "loop_in",
    "loop_out",
    "loop_off",
    "mute",
    "unmute",
    "full",
    "full_off",
    "show_hands",
    "show_back",
    "show_chart",
    "show_picture",
    "comment",
    "help",
    "help_close",
    "help_seconds",
    "help_ends",
    "help_timeline",
    "draw",
    "draw_line",
    "draw_arrow",
    "draw_ring",
    "draw_clear",
    "draw_hint",
    "boundaries",
    "boundary",
    "boundaries_hint",
    "boundaries_save",
    "boundaries_undo",
    "timeline",
    "zoom_in",
    "zoom_out",
    "zoom_all",
    "lane_reps",
    "lane_phases",
    "lane_faults",
    "lane_left",
    "lane_right",
    "lane_cues",
    "lane_notes",
    "item_phase",
    "left_unseen",
    "right_unseen",
    "left_bridged",
    "right_bridged",
    "left_no_place",
    "right_no_place",
    "no_codec",
    "no_hands",
    "loading",
)


def browser_words() -> dict[str, str]:
    """Every word as it stands in the tab's language, {names} left standing."""
    words = messages()
    return {name: words[f"player.{name}"] for name in NAMES} | {
        "decimal": words["language.decimal"],
        "letter_left": words["chart.letter_left"],
        "letter_right": words["chart.letter_right"],
    }
