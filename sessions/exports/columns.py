"""What the exported tables hold: every column with its unit and what it means.

`docs/exports.md` says the same; a test compares them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "whole", "number", "truth", "moment"]
"""Of a column's values: words, whole number, number, true or false, date and time in UTC."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    unit: str
    """Empty where there is none."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One exported table."""

    name: str
    """Of its file, without the ending."""
    meaning: str
    columns: tuple[Column, ...]
    only_parquet: bool = False
    """Too long to be read as text."""


def _text(name: str, meaning: str) -> Column:
    return Column(name, "text", "", meaning)


def _whole(name: str, meaning: str) -> Column:
    return Column(name, "whole", "", meaning)


def _truth(name: str, meaning: str) -> Column:
    return Column(name, "truth", "", meaning)


def _number(name: str, unit: str, meaning: str) -> Column:
    return Column(name, "number", unit, meaning)


_SESSION: Final = _text("session", "id of the session, the same in all tables")
_REP: Final = _whole("rep", "number of the attempt, 1 for the first")
_START: Final = _number("start_s", "s", "begin, in media time")
_END: Final = _number("end_s", "s", "end, in media time")
_TIME: Final = _number("time_s", "s", "media time")
_AUTHOR: Final = _text("author", "who wrote it")
_CREATED: Final = Column("created", "moment", "", "when it was written")
_HAND: Final = _text("hand", "the giver's left or right hand")
_HANDS: Final = _text("hand", "left, right or both: the giver's; empty where no hand is meant")

_SESSION_COLUMNS: Final = (
    _SESSION,
    _text("kind", "live or recorded"),
    _text("name", "of the recording; the date of a live session"),
    Column("started", "moment", "", "when it began, or when the recording was reviewed"),
    _text("learner", "whose session it is"),
    _number("duration_s", "s", "length"),
    _whole("count", "attempts that count"),
    _whole("attempts", "all attempts"),
    _whole("clean", "attempts that count, without any fault, of which enough was seen"),
    _whole("goal", "strokes that were aimed at in a live session"),
    _number("evenness", "share", "standard deviation over mean of the counted attempts' times"),
    _whole("felt_evenness", "the learner's own word on it, 1 (uneven) to 5 (very even)"),
    _text("routine", "what was practised"),
    _whole("routine_version", "of its file"),
    _text("engine", "version of the engine that judged"),
    Column("judged", "moment", "", "when it judged"),
    _text("calibration", "source of the back's place: points, touch, settle, pose or motion"),
    _number("calibration_rms_px", "px", "residual of the chart fitted to it"),
    _number("shoulder_cm", "cm", "from the spine to a shoulder tip, one unit of u"),
    _number("back_cm", "cm", "from the waist to the nape, one unit of v"),
    _truth("cm_assumed", "true where no shoulder was measured: cm then carry about ±14 %"),
    _number("both_hands_share", "share", "of pictures, both hands seen"),
    _number("any_hand_share", "share", "of pictures, at least one hand seen"),
    _number("inferred_share", "share", "of hands in pictures, bridged over a short gap"),
)

_REP_COLUMNS: Final = (
    _SESSION,
    _REP,
    _START,
    _END,
    _number("duration_s", "s", "how long it took"),
    _truth("counted", "true where it has no fault of its path"),
    _number("score", "points", "0 to 100; empty where too little was seen"),
    _number("unseen_share", "share", "of the time of both hands, not seen"),
    _text("faults", "codes of the faults found, in time order, with blanks between"),
    _number("up_s", "s", "on the way up"),
    _number("out_s", "s", "on the way out across the shoulders"),
    _number("down_s", "s", "on the way down the sides"),
    _number("pull_in_s", "s", "on the way in at the waist"),
    _number("left_reach_v", "v", "highest place of the left palm: 0 at the waist, 1 at the nape"),
    _number("right_reach_v", "v", "highest place of the right palm"),
    _number("left_widest_x", "half shoulder widths", "farthest the left palm went from the spine"),
    _number("right_widest_x", "half shoulder widths", "farthest the right palm went"),
    _number("left_spine_cm", "cm", "median distance of the left palm from the spine, going up"),
    _number("right_spine_cm", "cm", "median distance of the right palm from the spine, going up"),
    _number("lag_s", "s", "the right hand behind the left one; below 0 where it goes ahead"),
    _number("reach_gap_v", "v", "how much higher the right palm reached than the left one"),
    _number("widest_gap_u", "half shoulder widths", "how much farther out the right palm reached"),
)

_CHECK_COLUMNS: Final = (
    _SESSION,
    _REP,
    _text("code", "what was checked"),
    _text("kind", "path (an attempt with this fault does not count) or technique"),
    _text("outcome", "fine, fault or not_seen"),
    Column("measured", "number", "see unit", "what was measured; empty where nothing could be"),
    Column("limit", "number", "see unit", "the routine's limit"),
    _text("unit", "of measured and limit: s, v (waist to nape), u (half shoulder widths), ..."),
    _HANDS,
    _START,
    _END,
)

_LANDMARK_COLUMNS: Final = (
    _SESSION,
    _number("time_s", "s", "media time of the picture"),
    _HAND,
    _truth("observed", "false where it is not known or was bridged over a short gap"),
    _whole("landmark", "0 (wrist) to 20 (tip of the little finger), in MediaPipe's order"),
    _number("x_px", "px", "from the left edge of the picture"),
    _number("y_px", "px", "from its upper edge"),
)

TABLES: Final = (
    Table("session", "the session in one row", _SESSION_COLUMNS),
    Table("reps", "one row for each attempt", _REP_COLUMNS),
    Table("checks", "one row for each check of each attempt", _CHECK_COLUMNS),
    Table(
        "phases",
        "one row for each phase of each attempt",
        (_SESSION, _REP, _text("phase", "its name"), _START, _END),
    ),
    Table(
        "paths",
        "where both palms went on the chart of the back, about ten times a second",
        (
            _SESSION,
            _TIME,
            _HAND,
            _number("u", "half shoulder widths", "0 on the spine, -1 and 1 at the shoulder tips"),
            _number("v", "waist to nape", "0 at the waist, 1 at the nape"),
            _truth("observed", "false where a short gap was bridged"),
        ),
    ),
    Table("unseen", "stretches in which a hand was not seen", (_SESSION, _START, _END, _HANDS)),
    Table(
        "cues",
        "what was said during a live session",
        (_SESSION, _TIME, _text("code", "of the fault"), _HANDS),
    ),
    Table(
        "comments",
        "what people wrote at a moment",
        (
            _SESSION,
            _TIME,
            _AUTHOR,
            _text("text", "the words"),
            _whole("marks", "lines drawn with it; they are in the JSON"),
            _CREATED,
        ),
    ),
    Table(
        "verdicts",
        "an instructor's word on a fault or an attempt",
        (
            _SESSION,
            _text("word", "right, wrong, missed, counts or does_not_count"),
            _START,
            _END,
            _text("code", "of the fault; empty where the word is on an attempt"),
            _HANDS,
            _AUTHOR,
            _CREATED,
        ),
    ),
    Table(
        "corrections",
        "an attempt's phases as an instructor set them, one row for each phase",
        (
            _SESSION,
            _number("of_start_s", "s", "begin of the attempt as the machine had it"),
            _number("of_end_s", "s", "its end"),
            _text("phase", "its name"),
            _START,
            _END,
            _AUTHOR,
            _CREATED,
        ),
    ),
    Table(
        "landmarks",
        "21 places of each hand in every picture",
        _LANDMARK_COLUMNS,
        only_parquet=True,
    ),
)
"""All tables, in the order in which they are told of."""

BY_NAME: Final[Mapping[str, Table]] = {table.name: table for table in TABLES}
