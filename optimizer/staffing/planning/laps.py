"""How long each part of a plan took."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


@contextmanager
def lap(seconds: dict[str, float], name: str) -> Iterator[None]:
    """How long a part takes is added to what its like have taken."""
    began = perf_counter()
    yield
    seconds[name] = seconds.get(name, 0.0) + perf_counter() - began
