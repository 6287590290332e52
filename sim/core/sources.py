"""Which program this is: digests of its own sources, which change when a line of them does."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

SIM = Path(__file__).parents[1]
# What compiled code is made of: the modules that compile and all that they import (a test holds the list to that).
COMPILED = ("core", "measures/counts.py", "measures/waits.py", "measures/welford.py")


def sources_hash() -> str:
    """Twelve hex digits that change when any source of ``sim`` changes."""
    return digest_of(SIM.rglob("*.py"))


def compiled_hash() -> str:
    """Twelve hex digits that change when a source of compiled code changes."""
    paths = (SIM / name for name in COMPILED)
    return digest_of(file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path]))


def digest_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(SIM).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
