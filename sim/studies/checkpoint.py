"""Replications on disk while a study goes on: whatever interrupts it, only those in hand are lost."""
from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from sim.core.arrays import Floats

Arrays = dict[str, Floats]
PART = re.compile(r"(\d+)-(\d+)\.npz")
STATE = "state.npz"
SEAL = 32  # bytes of digest behind the arrays
EVERY_S, SHARE = 5.0, 0.05  # keep what is finished as often as this, if it takes no larger share of the time
PIECE = 1 << 22


class Checkpoint:
    """A folder with what was added up so far, and the findings that were not yet. What is about another study is
    as good as not there."""

    def __init__(self, folder: Path | None, about: str = ""):
        self.folder, self.about = folder, about.encode()
        self.kept_at = time.monotonic()
        self.due_at = self.kept_at + EVERY_S
        self.there: set[str] = set()  # findings that are known to be whole

    @property
    def is_due(self) -> bool:
        """Whether it is time to keep what is finished: writing all of it takes as long as a replication."""
        return self.folder is not None and time.monotonic() >= self.due_at

    @property
    def is_behind(self) -> bool:
        """Whether more than a moment's work has not been kept."""
        return self.folder is not None and time.monotonic() >= self.kept_at + EVERY_S

    def keep(self, replications: int, state: Arrays, waiting: Mapping[tuple[int, int], Arrays]) -> None:
        """Keep what so many replications add up to, and the findings by replication and variant that wait for their
        turn; what was kept before is not needed any more."""
        began = time.monotonic()
        for (replication, variant), arrays in waiting.items():
            self.put(replication, variant, arrays)
        if replications:
            self.write(STATE, state)
        for replication, _, path in self.parts():
            if replication < replications:
                path.unlink(missing_ok=True)
        self.kept_at = time.monotonic()
        self.due_at = self.kept_at + max(EVERY_S, (self.kept_at - began) / SHARE)

    def put(self, replication: int, variant: int, arrays: Arrays) -> None:
        """Keep a finding, unless it is there."""
        name = name_of(replication, variant)
        if name not in self.there:
            self.write(name, arrays)
            self.there.add(name)

    def write(self, name: str, arrays: Arrays) -> None:
        """A file that is there whole or not at all, with a digest that tells when any of it is lost, changed, or of
        another study.

        :raises OSError: if there is no room.
        """
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{name}.{os.getpid()}"
        try:
            with part.open("w+b") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]
                file.seek(0)
                seal = self.seal(iter(lambda: file.read(PIECE), b""))
                file.seek(0, os.SEEK_END)
                file.write(seal)
            part.replace(self.folder / name)
        finally:
            part.unlink(missing_ok=True)

    def state(self) -> Arrays | None:
        """What was added up."""
        return None if self.folder is None else self.read(self.folder / STATE)

    def findings(self) -> Iterator[tuple[int, int, Arrays]]:
        """Replication, variant and finding of those that wait to be added up."""
        for replication, variant, path in self.parts():
            arrays = self.read(path)
            if arrays is not None:
                self.there.add(path.name)
                yield replication, variant, arrays

    def parts(self) -> Iterator[tuple[int, int, Path]]:
        for path in sorted(self.folder.glob("*.npz")) if self.folder else ():
            if match := PART.fullmatch(path.name):
                yield int(match[1]), int(match[2]), path

    def clear(self) -> None:
        """What was kept is not needed any more."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def seal(self, pieces: Iterable[bytes | memoryview]) -> bytes:
        digest = hashlib.blake2b(self.about + b"\n", digest_size=SEAL)
        for piece in pieces:
            digest.update(piece)
        return digest.digest()

    def read(self, path: Path) -> Arrays | None:
        """The arrays of a file, None where there is none, or not what was written here."""
        try:
            data = memoryview(path.read_bytes())
        except OSError:
            return None
        arrays, seal = data[:-SEAL], data[-SEAL:]
        if self.seal([arrays]) != seal:
            return None
        with np.load(io.BytesIO(arrays), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}


def name_of(replication: int, variant: int) -> str:
    return f"{replication}-{variant}.npz"
