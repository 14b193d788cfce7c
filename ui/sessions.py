"""The page Sessions: all that were kept, the newest first."""

import streamlit as st

from ui.session_unfinished import unfinished_offer
from ui.sessions_everything import everything
from ui.sessions_parts import session_list
from ui.shell import footer
from ui.store_handle import problems_told
from ui.texts import text

st.title(text("sessions.title"))
with problems_told():
    unfinished_offer()
    session_list()
everything()

footer()
