"""On what a benchmark ran."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """This machine's name: its cores by number, and their processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    name = next(names, platform.processor() or platform.machine())
    return f"{os.cpu_count()} cores of {name}"
