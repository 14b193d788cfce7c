"""A disk of a few megabytes, to be filled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A file system of its own, in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Leave so many bytes free."""
        if self.free > leave:
            with self._ballast.open("ab") as ballast:
                size = self._ballast.stat().st_size + self.free - leave
                os.posix_fallocate(ballast.fileno(), 0, size)

    def make_room(self) -> None:
        """Give back what was taken."""
        self._ballast.unlink(missing_ok=True)

    @property
    def free(self) -> int:
        """Bytes."""
        return shutil.disk_usage(self.path).free


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount one; CI may, and whoever is not root is told what was not tested."""
    path.mkdir(parents=True)
    size = f"size={megabytes}m,mode=0777"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", path], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        if os.geteuid() == 0 and "CI" in os.environ:
            pytest.fail(f"no small disk can be mounted: {mounted.stderr!r}")
        pytest.skip("only root can mount a small disk")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "-l", path], check=True)
