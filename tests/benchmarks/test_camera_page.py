"""The page on the camera's place says what the accuracy card says."""

import json

from benchmarks.camera_page import BEGIN, CAMERAS, CARD, END, PAGE, table, with_table


def test_the_page_shows_the_figures_of_the_card() -> None:
    card = json.loads(CARD.read_text("utf-8"))
    written = PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert table(card) in written, "run: python benchmarks/camera_page.py"
    assert "From the accuracy card of 20" in written


def test_every_camera_of_the_card_has_its_place() -> None:
    card = json.loads(CARD.read_text("utf-8"))
    assert {clip["camera"] for clip in card["clips"].values()} <= set(CAMERAS)


def test_only_what_stands_between_the_marks_is_written_anew() -> None:
    page = f"before {BEGIN} old {END} after"
    assert with_table(page, "new") == f"before {BEGIN}\n\nnew\n\n{END} after"
    assert with_table(with_table(page, "other"), "new") == with_table(page, "new")
