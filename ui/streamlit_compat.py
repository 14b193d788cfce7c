"""All but `ui.fragment_nudge` that depends on the insides of Streamlit 1.67.

What a page hands to a component is searched for data frames, and for that Streamlit imports pandas:
half a second in which the first page waits, and some searching several times a second beside a
camera. Components get JSON here, the camera's among them: no mapping or list of it is a data frame.
"""

from types import ModuleType

from streamlit.components.v1 import custom_component
from streamlit.components.v2.bidi_component import serialization
from streamlit.dataframe_util import is_dataframe_like

_ASKING: tuple[ModuleType, ...] = (custom_component, serialization)


def settle() -> None:
    """Take plain lists and mappings for what they are. May be called twice."""
    for module in _ASKING:
        module.is_dataframe_like = _may_be_dataframe  # type: ignore[attr-defined]


def _may_be_dataframe(value: object) -> bool:
    return type(value) not in (dict, list) and is_dataframe_like(value)
