"""The server of the player's demo page: Streamlit with the player's own route."""

from pathlib import Path

import streamlit as st

from ui.player import routes

app = st.App(Path(__file__).with_name("demo.py"), routes=routes())
