"""Whether others than this machine can reach the app, and what to say then.

The app asks for no password and speaks no HTTPS: whoever serves others puts a proxy before it that
does both, and says so by one setting.
"""

import logging
import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from streamlit import config

from messages import ENGLISH
from ui.texts import messages

GUARDED: Final = "TSTROKE_GUARDED"
"""Set to `yes` where a proxy asks for a password and speaks HTTPS."""

WARNING: Final = "exposure.warning"

_LOG: Final = logging.getLogger(__name__)


def is_exposed(address: str | None, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a server that listens on `address` can be reached by others with nothing between.

    Without an address it listens on all that the machine has.
    """
    said = (os.environ if environment is None else environment).get(GUARDED, "")
    return said.strip().lower() not in ("yes", "1", "true") and not _is_loopback(address)


def exposure() -> str | None:
    """The key of what to say on every page; None where nothing is to be said."""
    return WARNING if is_exposed(config.get_option("server.address")) else None


def warn_if_exposed() -> None:
    """Say it where the server was started."""
    key = exposure()
    if key is not None:
        _LOG.warning("%s", messages(ENGLISH)[key])


def _is_loopback(address: str | None) -> bool:
    if not address:
        return False
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost" or address.startswith("unix:")
