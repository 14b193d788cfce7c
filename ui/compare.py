"""The page Compare: two sessions side by side, in step by phase and not by clock."""

import streamlit as st

from ui.compare_parts import comparison
from ui.shell import footer
from ui.store_handle import problems_told
from ui.texts import text

st.title(text("compare.title"))
st.write(text("compare.lead"))
with problems_told():
    comparison()

footer()
