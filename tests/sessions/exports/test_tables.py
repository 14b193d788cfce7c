"""Tables come back from other programs as they went in, and every column is documented."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest

from sessions.exports import export_session, files_of
from sessions.exports.columns import TABLES, Column
from sessions.exports.sheets import harmless
from tests.stored import ROUTINE, comment, landmarks, session

DOCS = Path(__file__).parents[3] / "docs" / "exports.md"


def csv_tables(stored) -> dict[str, pd.DataFrame]:
    files = files_of(stored, None, ROUTINE, "csv")
    return {file.name.removesuffix(".csv"): pd.read_csv(io.BytesIO(file.data)) for file in files}


def parquet_tables(stored) -> dict[str, pd.DataFrame]:
    files = files_of(stored, landmarks(), ROUTINE, "parquet")
    return {
        file.name.removesuffix(".parquet"): pd.read_parquet(io.BytesIO(file.data)) for file in files
    }


def test_csv_has_the_documented_columns_and_every_row() -> None:
    stored = session()
    tables = csv_tables(stored)
    told = {table.name: [each.name for each in table.columns] for table in TABLES}
    del told["landmarks"]
    assert {name: list(table.columns) for name, table in tables.items()} == told
    assert list(tables["reps"]["counted"]) == [True, True, False, True]
    assert tables["reps"]["duration_s"].tolist() == pytest.approx(
        [rep.end_s - rep.start_s for rep in stored.review.reps], abs=1e-3
    )
    assert len(tables["checks"]) == 4 * len(ROUTINE.faults)
    assert len(tables["phases"]) == 4 * len(ROUTINE.phases)
    assert len(tables["paths"]) == sum(len(path.time_s) for path in stored.review.paths.values())
    assert tables["session"]["count"].item() == 3


def test_the_phases_of_a_rep_add_up_to_it() -> None:
    reps = csv_tables(session())["reps"]
    parts = reps[["up_s", "out_s", "down_s", "pull_in_s"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(reps["duration_s"].tolist(), abs=5e-3)


def test_what_is_missing_is_empty_and_never_nought() -> None:
    stored = session(learner=None, felt_evenness=None)
    reps = tuple(replace(rep, score=None) for rep in stored.review.reps)
    stored = replace(stored, review=replace(stored.review, reps=reps, scale=None))
    tables = csv_tables(stored)
    assert tables["reps"]["score"].isna().all()
    assert tables["reps"]["left_spine_cm"].isna().all()
    assert tables["session"][["learner", "felt_evenness", "goal", "back_cm"]].isna().all().all()
    fine = tables["checks"][tables["checks"]["outcome"] == "fine"]
    assert fine[["measured", "limit", "unit", "hand"]].isna().all().all()
    typed = parquet_tables(stored)["reps"]["score"]
    assert typed.isna().all()


def test_parquet_is_typed_and_carries_its_units() -> None:
    stored = session()
    files = {file.name: file for file in files_of(stored, None, ROUTINE, "parquet")}
    schema = pq.read_schema(io.BytesIO(files["reps.parquet"].data))
    assert schema.field("start_s").metadata[b"unit"] == b"s"
    assert str(schema.field("counted").type) == "bool"
    tables = parquet_tables(stored)
    assert str(tables["session"]["started"].dtype).endswith("UTC]")
    for name, table in csv_tables(stored).items():
        assert len(tables[name]) == len(table), name
    assert (
        tables["reps"]["duration_s"].tolist() == csv_tables(stored)["reps"]["duration_s"].tolist()
    )


def test_landmarks_that_are_not_known_have_no_place() -> None:
    track = landmarks(30)
    table = parquet_tables(session())["landmarks"]
    assert len(table) == 2 * 30 * 21
    right = table[table["hand"] == "right"]
    assert right["x_px"].isna().sum() == 15 * 21
    assert not right[~right["observed"]]["x_px"].notna().any()
    one = table[(table["hand"] == "left") & (table["landmark"] == 8)].iloc[12]
    assert (one["x_px"], one["y_px"]) == tuple(track.landmarks_px["left"][12, 8])
    assert one["time_s"] == track.time_s[12]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "  =", "＝"])
def test_no_words_become_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("http://x","y")'
    stored = session(learner=evil, comments=(comment(1.0, evil, author=evil),))
    for file in files_of(stored, None, ROUTINE, "csv"):
        table = pd.read_csv(io.BytesIO(file.data), dtype=str, keep_default_na=False)
        for column in table.columns:
            for cell in table[column]:
                if "HYPERLINK" in cell:
                    assert cell.startswith("'"), (file.name, column)
    assert harmless("Anna = Ida") == "Anna = Ida"


def test_numbers_below_nought_stay_numbers() -> None:
    paths = csv_tables(session())["paths"]
    assert paths["u"].min() < 0
    assert paths["u"].dtype == float


def test_words_with_lines_commas_and_quotes_come_back_whole() -> None:
    said = 'slow, "slower"\nand — leiser, größer'
    table = csv_tables(session(comments=(comment(1.0, said),)))["comments"]
    assert table["text"].item() == said


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_a_session_without_strokes_has_all_tables(fmt) -> None:
    stored = session((), words=False)
    file = export_session(stored, None, ROUTINE, fmt)
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(TABLES) - 1
    assert csv_tables(stored)["reps"].empty


def test_the_same_session_makes_the_same_bytes() -> None:
    first, second = (export_session(session(), landmarks(), ROUTINE, "parquet") for _ in "ab")
    assert first == second


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_documentation_tells_every_column_and_no_other(table) -> None:
    section = DOCS.read_text("utf-8").split(f"### {table.name}\n")[1].split("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [documented(column) for column in table.columns]
    assert table.meaning in section


def documented(column: Column) -> str:
    return f"| `{column.name}` | {column.unit} | {column.meaning} |"
