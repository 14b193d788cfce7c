"""Files and folders that belong to a program for as long as it runs, however it ends.

The number of a process tells less: after a restart another program may have it, or the same one.
"""

import fcntl
import os
from pathlib import Path


def hold(path: Path, *, shared: bool = False) -> int | None:
    """Hold a file or folder that is there; None where another program holds it, or nobody may.

    Several may hold it `shared`, to look at it while nobody has it for themselves.

    Gives the open file that holds it. The system lets go when that is closed, also by the end of
    the program: a kill, a crash, a power cut.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    if hold_open(file, shared=shared):
        return file
    os.close(file)
    return None


def hold_open(file: int, *, shared: bool = False) -> bool:
    """Hold what is open already; False where another program holds it."""
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
