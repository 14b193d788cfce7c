"""Tables as CSV text and as Parquet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sessions.exports.columns import BY_NAME, Column, Kind, Table
from sessions.exports.rows import Row, Value
from sessions.store.values import LandmarkTrack
from vision.hands import SIDES

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With which a spreadsheet takes a cell for something to run."""

LANDMARKS: Final = 21

_TYPES: Final[dict[Kind, pa.DataType]] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "moment": pa.timestamp("ms", tz="UTC"),
}


def csv_of(table: Table, rows: Iterable[Row]) -> bytes:
    """The table as CSV: UTF-8 with its mark (for spreadsheets), commas, empty where missing.

    Words that a spreadsheet would take for a formula begin with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case str():
            return harmless(value)
        case _:
            return value


def harmless(words: str) -> str:
    """Words that no spreadsheet runs."""
    return f"'{words}" if words.lstrip(" ").startswith(FORMULA_SIGNS) else words


def parquet_of(table: Table, rows: Iterable[Row]) -> bytes:
    """The table as Parquet, compressed; units stand in the columns' metadata."""
    held: Sequence[Row] = list(rows)
    columns = [
        pa.array([row[at] for row in held], _TYPES[column.kind])
        for at, column in enumerate(table.columns)
    ]
    return _written(table, columns)


def landmarks_parquet(session_id: str, track: LandmarkTrack) -> bytes:
    """The landmarks of both hands; a hand that is not known has no places."""
    table = BY_NAME["landmarks"]
    pictures = len(track.time_s)
    rows = pictures * LANDMARKS
    places = np.concatenate([track.landmarks_px[side].reshape(-1, 2) for side in SIDES])
    observed = np.concatenate([np.repeat(track.observed[side], LANDMARKS) for side in SIDES])
    columns = [
        pa.repeat(session_id, rows * len(SIDES)),
        pa.array(np.tile(np.repeat(track.time_s, LANDMARKS), len(SIDES))),
        pa.concat_arrays([pa.repeat(side, rows) for side in SIDES]),
        pa.array(observed),
        pa.array(np.tile(np.arange(LANDMARKS), pictures * len(SIDES))),
        *(pa.array(places[:, axis], from_pandas=True) for axis in (0, 1)),
    ]
    return _written(table, columns)


def _written(table: Table, columns: Sequence[pa.Array]) -> bytes:
    fields = [_field(column) for column in table.columns]
    written = io.BytesIO()
    whole = pa.Table.from_arrays(list(columns), schema=pa.schema(fields))
    pq.write_table(whole, written, compression="zstd")
    return written.getvalue()


def _field(column: Column) -> pa.Field:
    told = {"unit": column.unit, "meaning": column.meaning}
    return pa.field(column.name, _TYPES[column.kind], metadata=told)
