"""Shows the project's own drawings in a page: Streamlit's `st.html` would strip them."""

from typing import Final

import streamlit as st

_CSS: Final = """
.drawing { color: var(--st-text-color); font-family: var(--st-font); line-height: 0; }
.drawing svg { width: 100%; height: auto; max-width: 30rem; display: block; margin: 0 auto; }
"""

_JS: Final = """
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".drawing");
  if (place.__shown === data.svg) return; // Drawn anew, it would begin its movement anew.
  place.__shown = data.svg;
  place.innerHTML = data.svg;
}
"""

_drawing = st.components.v2.component(
    "tstroke_drawing", html='<div class="drawing"></div>', css=_CSS, js=_JS
)


def show_drawing(svg: str, *, key: str) -> None:
    """Show an SVG made by this project; words in it must have been escaped where it was made."""
    _drawing(key=key, data={"svg": svg})
