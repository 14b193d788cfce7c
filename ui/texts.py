"""All words that the app shows come from the languages' files; a tab speaks one of them."""

from collections.abc import Mapping
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from messages import ENGLISH, filled_messages, languages
from ui.kept_choices import keep, kept
from vision.errors import Sentence

PARAMETER: Final = "lang"
"""Of the page's address: it outlives a reload, which a session does not."""

_KEY: Final = "language"


def text(key: str, **values: object) -> str:
    """The text of `key`, with its {names} filled in. An unknown key or name raises KeyError."""
    return messages()[key].format_map(values)


def told(sentence: str) -> str:
    """A sentence in the tab's language: an error's, a warning's, or the text of a key.

    For what a thread without a tab has to tell: it can pass keys, and knows no language. A stored
    review's warnings are known by their English words. Other words stay as they are.
    """
    known = sentence if isinstance(sentence, Sentence) else _recognised(sentence)
    if known is not None:
        return known.told(messages(), text("language.decimal"))
    return messages().get(sentence, sentence)


def _recognised(sentence: str) -> Sentence | None:
    # All that looks at pictures comes with it, and a first page mostly has nothing to tell.
    from sessions.fitness import recognised

    return recognised(sentence)


def language() -> str:
    """The tab's language; English outside of a tab, as in a camera's thread."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(_KEY, ENGLISH))


def choose_language(chosen: str) -> None:
    """Speak this language from now on: in this tab, and in later ones of the same browser."""
    st.session_state[_KEY] = chosen
    st.query_params[PARAMETER] = chosen
    keep(_KEY, chosen)


def in_language(key: str) -> str:
    """A widget's key in the tab's language: for Streamlit, options are the words that name them.

    In another language it is another widget, which begins with the value that it is given.
    """
    return key if language() == ENGLISH else f"{key}-{language()}"


def hold_choice(key: str) -> None:
    """Keep the choice of a widget that has no value of its own, while its options are renamed.

    To be called before the widget; what was chosen is told to the browser by its new name.
    """
    spoken = language()
    # Only when they are: a choice that is set at every run undoes a click made while it lasts.
    if key in st.session_state and st.session_state.get(f"{key}-spoken") != spoken:
        st.session_state[key] = st.session_state[key]
    st.session_state[f"{key}-spoken"] = spoken


def page_address(page: str) -> str:
    """A link to another page that keeps the tab's language, for what leads there by itself."""
    return f"{page}?{PARAMETER}={language()}"


def settle_language() -> None:
    """Find out at a tab's first run what it speaks: as before, else as its browser.

    Later runs keep the choice in the address, which turning a page empties.
    """
    named = known(st.query_params.get(PARAMETER))
    chosen = kept(_KEY)
    own = known(chosen if isinstance(chosen, str) else None) or known(st.context.locale) or ENGLISH
    held = st.session_state.setdefault(_KEY, named or own)
    if held != (named or own):
        st.query_params[PARAMETER] = held


def known(locale: str | None) -> str | None:
    """The language of a locale, as `de` of `de-AT`, if there are messages in it."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return code if code in languages() else None


def messages(code: str | None = None) -> Mapping[str, str]:
    """All texts by dotted key, as `practice.start_camera`: of the tab's language, or of `code`.

    They are English where the language has none.
    """
    return filled_messages(language() if code is None else code)
