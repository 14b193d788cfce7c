"""The page Session: its player, why the machine judged so, and what people say of it."""

from ui.session_parts import session_page
from ui.shell import footer
from ui.store_handle import problems_told

with problems_told():
    session_page()

footer()
