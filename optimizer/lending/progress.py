"""How far the work is, and how long each part of it took."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sim.studies.replication import Tell


class Progress:
    """Tells how much is done, which never falls, and keeps the seconds by what they went into."""

    def __init__(self, tell: Tell | None = None) -> None:
        self.tell, self.done = tell or (lambda share: None), 0.0
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, what: str, share: float = 1.0) -> Iterator[None]:
        """While a part of the work is done: its name, and the share of the whole that is done before it."""
        self.done = max(share, self.done) if share < 1 else self.done
        self.tell(self.done)
        began = time.perf_counter()
        yield
        self.seconds[what] = self.seconds.get(what, 0.0) + time.perf_counter() - began
