"""A term that a plan breaks."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

NOTHING = 1e-9


@dataclass(frozen=True)
class BrokenTerm:
    """A term, whom it is about, when it is first broken so far, what the plan has and what the term allows."""

    term: str
    city: str = ""
    other: str = ""
    at: datetime | None = None
    found: float | None = None
    limit: float | None = None
    offered: bool = False   # whether it is about others who are offered to the city


Found = Iterator[BrokenTerm]
