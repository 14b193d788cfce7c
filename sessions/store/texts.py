"""What people write, as every database can keep it."""

from typing import Final

from sessions.store.errors import StoreError

LONGEST_NAME: Final = 120
LONGEST_TEXT: Final = 10_000


def clean_text(text: str) -> str:
    """The text without what no database keeps: half characters of odd file names, and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def clean_name(name: str) -> str:
    """A person's name in one line. Raises `StoreError` where nothing is left, or it is too long."""
    cleaned = " ".join(clean_text(name).split())
    if not 0 < len(cleaned) <= LONGEST_NAME:
        raise StoreError(
            "A name has 1 to {most} letters and this one has {letters}; write another one.",
            key="error.name_length",
            most=LONGEST_NAME,
            letters=len(cleaned),
        )
    return cleaned
