"""Replications on disk while a study goes on: whatever interrupts it, only those in hand are lost."""
from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.tables import Floats

Arrays = dict[str, Floats]
PART = re.compile(r"(\d+)-(\d+)\.npz")
STATE = "state.npz"
SEAL = hashlib.sha256().digest_size  # bytes of digest before the arrays


class Shelf:
    """A folder with what was added up so far, and the findings that were not yet. What is about another study is
    as good as not there."""

    def __init__(self, folder: Path | None, about: str = ""):
        self.folder, self.about = folder, about.encode()

    def put(self, replication: int, variant: int, arrays: Arrays) -> None:
        """Keep a finding."""
        self.write(f"{replication}-{variant}.npz", arrays)

    def add_up(self, replications: int, arrays: Arrays) -> None:
        """Keep what the first replications add up to, and not them any more."""
        self.write(STATE, arrays)
        for replication, _, path in self.parts():
            if replication < replications:
                path.unlink(missing_ok=True)

    def write(self, name: str, arrays: Arrays) -> None:
        """A file that is there whole or not at all.

        :raises OSError: if there is no room.
        """
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{name}.{os.getpid()}"
        try:
            with part.open("wb") as file:
                file.write(self.sealed(arrays))
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
                yield replication, variant, arrays

    def parts(self) -> Iterator[tuple[int, int, Path]]:
        for path in sorted(self.folder.glob("*.npz")) if self.folder else ():
            if match := PART.fullmatch(path.name):
                yield int(match[1]), int(match[2]), path

    def clear(self) -> None:
        """What was kept is not needed any more."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def sealed(self, arrays: Arrays) -> bytes:
        """The arrays as bytes, after a digest that tells when any of them is lost, changed, or of another study."""
        file = io.BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]
        return self.seal(file.getbuffer()) + file.getvalue()

    def seal(self, data: memoryview) -> bytes:
        digest = hashlib.sha256(self.about + b"\n")
        digest.update(data)
        return digest.digest()

    def read(self, path: Path) -> Arrays | None:
        """The arrays of a file, None where there is none, or not what was written here."""
        try:
            data = memoryview(path.read_bytes())
        except OSError:
            return None
        if self.seal(data[SEAL:]) != data[:SEAL]:
            return None
        with np.load(io.BytesIO(data[SEAL:]), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
