"""What a plan's manifest says for its order: levels read off an ACD, and terms that an edited plan breaks."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from surgeline.folders.manifests import Entry


class Level(Entry):
    """Of a time of day, from minute to minute: shares of dials answered in a quarter-hour."""

    start: int
    end: int
    usual: float
    expected: float
    low: float
    everyday: float
    recall: float
    release: float
    escalate: float


class CityLevels(Entry):
    """Of a city on the days of the plan; and on which part of them each rule would act though all goes as planned."""

    minutes: int
    times: tuple[Level, ...]
    recalls: float
    escalations: float
    releases: float


class BrokenTerm(Entry):
    """A term that a plan breaks, whom it is about, when, what the plan has and what the term allows."""

    term: str
    city: str = ""
    other: str = ""
    at: datetime | None = None
    found: float | None = None
    limit: float | None = None
    offered: bool = False


def levels_of(found: dict[str, Any]) -> dict[str, CityLevels]:
    return {city: CityLevels.model_validate(one) for city, one in found.items()}
