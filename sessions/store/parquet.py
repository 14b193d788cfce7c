"""Tracks of hands as Parquet bytes, small and without loss that anybody could see.

Places are kept to a tenth of a pixel, as whole numbers from frame to frame: they change little
then. Times are kept as they are.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sessions.record import HandPath
from sessions.store.errors import StoreError
from sessions.store.values import LandmarkTrack
from vision.arrays import Floats
from vision.hands import SIDES, Side

STEP_PX: Final = 0.1

SCHEMA_KEY: Final = b"tstroke.landmarks"
SCHEMA: Final = b"1"

MOST_ROWS: Final = 2_000_000
"""A recording of an hour at 60 pictures a second has 216,000, and twice as many of both hands."""
MOST_COLUMNS: Final = 200

FARTHEST_PX: Final = 1e8
"""Beyond any picture; a place farther out fits in no column."""


def landmarks_to_parquet(track: LandmarkTrack) -> bytes:
    """One row per frame: time, drift, and of each hand whether it was observed and 21 places.

    Places are `STEP_PX` units in columns such as `left_8_x`; null where the hand is not known.
    """
    columns: dict[str, Any] = {"time_s": track.time_s}
    columns |= dict(zip(("drift_x", "drift_y"), _steps(track.drift_px).T, strict=True))
    for side in SIDES:
        columns[f"{side}_observed"] = track.observed[side]
        marks = _steps(track.landmarks_px[side])
        known = _known(track.landmarks_px[side])
        for mark in range(21):
            for axis, name in enumerate("xy"):
                values = pa.array(marks[:, mark, axis], mask=~known)
                columns[f"{side}_{mark}_{name}"] = values
    size = ",".join(str(length) for length in track.image_size).encode()
    table = pa.table(columns).replace_schema_metadata({SCHEMA_KEY: SCHEMA, b"image_size": size})
    return _to_bytes(table, {name: _encoding(name) for name in columns})


def landmarks_from_parquet(data: bytes) -> LandmarkTrack:
    """What `landmarks_to_parquet` kept. Raises `StoreError` where it is something else."""
    table = _from_bytes(data)
    try:
        metadata = table.schema.metadata or {}
        if metadata[SCHEMA_KEY] != SCHEMA:
            raise _damaged("they are of another version")
        width, height = (int(part) for part in metadata[b"image_size"].split(b","))
        return LandmarkTrack(
            image_size=(width, height),
            time_s=_column(table, "time_s"),
            landmarks_px={side: _marks(table, side) for side in SIDES},
            observed={side: _column(table, f"{side}_observed") for side in SIDES},
            drift_px=STEP_PX * np.column_stack([_column(table, f"drift_{a}") for a in "xy"]),
        )
    except (KeyError, ValueError, pa.ArrowException) as error:
        raise _damaged(str(error)) from error


def paths_to_parquet(paths: Mapping[Side, HandPath]) -> bytes:
    """Both hands' ways over the chart, one row per point."""
    lengths = [len(paths[side].time_s) for side in SIDES]
    places = np.concatenate([paths[side].palm_back for side in SIDES])
    columns = {
        "right": np.repeat([False, True], lengths),
        "time_s": np.concatenate([paths[side].time_s for side in SIDES]),
        "u": places[:, 0].astype(np.float32),
        "v": places[:, 1].astype(np.float32),
        "observed": np.concatenate([paths[side].observed for side in SIDES]),
    }
    split = dict.fromkeys(("time_s", "u", "v"), "BYTE_STREAM_SPLIT")
    return _to_bytes(pa.table(columns), split)


def paths_from_parquet(data: bytes) -> Mapping[Side, HandPath]:
    """What `paths_to_parquet` kept. Raises `StoreError` where it is something else."""
    table = _from_bytes(data)
    try:
        names = ("right", "time_s", "u", "v", "observed")
        right, time_s, u, v, observed = (_column(table, name) for name in names)
    except KeyError as error:
        raise _damaged(str(error)) from error
    places = np.column_stack([u, v])
    of = {"left": ~right.astype(np.bool_), "right": right.astype(np.bool_)}
    return {
        side: HandPath(time_s[of[side]], places[of[side]], observed[of[side]]) for side in SIDES
    }


def _encoding(name: str) -> str:
    if name == "time_s":
        return "BYTE_STREAM_SPLIT"
    return "PLAIN" if name.endswith("observed") else "DELTA_BINARY_PACKED"


def _known(marks_px: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(marks_px).all(axis=(1, 2)))


def _steps(places_px: Floats) -> NDArray[np.int32]:
    """Whole steps; 0 where a place is not known."""
    bounded = np.clip(np.nan_to_num(places_px, nan=0.0), -FARTHEST_PX, FARTHEST_PX)
    return np.rint(bounded / STEP_PX).astype(np.int32)


def _marks(table: pa.Table, side: Side) -> Floats:
    """(N, 21, 2) px; NaN where the hand is not known."""
    names = [f"{side}_{mark}_{axis}" for mark in range(21) for axis in "xy"]
    steps = np.column_stack([_column(table, name) for name in names])
    marks: Floats = STEP_PX * steps.reshape(-1, 21, 2).astype(np.float64)
    return marks


def _column(table: pa.Table, name: str) -> NDArray[Any]:
    column: NDArray[Any] = table.column(name).to_numpy()
    return column


def _to_bytes(table: pa.Table, encodings: Mapping[str, str]) -> bytes:
    buffer = BytesIO()
    pq.write_table(
        table,
        buffer,
        compression="zstd",
        compression_level=9,
        use_dictionary=False,
        column_encoding=dict(encodings),
        write_statistics=False,
    )
    return buffer.getvalue()


def _from_bytes(data: bytes) -> pa.Table:
    try:
        about = pq.ParquetFile(BytesIO(data)).metadata
        if about.num_rows > MOST_ROWS or about.num_columns > MOST_COLUMNS:
            raise _damaged("they are larger than any session's")
        return pq.read_table(BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise _damaged(str(error)) from error


def _damaged(why: str) -> StoreError:
    reason = why.strip().partition("\n")[0]
    return StoreError(
        "The hands of this session can't be read ({reason}); they are damaged, so "
        "delete the session, or import it again.",
        key="error.hands_unreadable",
        reason=reason,
    )
