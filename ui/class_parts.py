"""The views of the page Class; one at a time, so that each answers at once."""

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from ui.choices import begin_with
from ui.class_agreement import agreement_view
from ui.class_learners import learners_view
from ui.class_people import people_view
from ui.class_reports import reports_view
from ui.class_waiting import waiting_view
from ui.texts import text

WAITING: Final = "waiting"

_VIEWS: Final[Mapping[str, tuple[str, Callable[[], None]]]] = {
    WAITING: ("class.waiting", waiting_view),
    "learners": ("class.learners", learners_view),
    "agreement": ("class.agreement", agreement_view),
    "reports": ("class.reports", reports_view),
    "people": ("class.people", people_view),
}


def class_parts() -> None:
    """Choose a view, and show it."""
    begin_with("class-view", WAITING)
    view = st.segmented_control(
        text("class.view"),
        list(_VIEWS),
        format_func=lambda each: text(_VIEWS[each][0]),
        required=True,
        label_visibility="collapsed",
        key="class-view",
    )
    _VIEWS[view or WAITING][1]()
