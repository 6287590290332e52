"""Both engines on the same luck, compared call for call."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.core.arrays import CALL, Outcomes
from sim.core.engines import EngineName
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job, Tell, outcomes_of


@dataclass(frozen=True)
class TwinCheck:
    """How many calls the twins told alike, and where they first differ."""

    calls: int
    differences: list[str]


def verify(scenario: Scenario, seed: int = 1, replication: int = 0, tell: Tell | None = None) -> TwinCheck:
    """Run both engines on the same luck and compare every call and every count."""
    names: tuple[EngineName, EngineName] = ("simpy", "kernel")
    one, other = (outcomes_of(Job.of(scenario, name, seed), replication, True, half(tell, i))
                  for i, name in enumerate(names))
    return TwinCheck(len(one.calls), compare(one, other))


def half(tell: Tell | None, i: int) -> Tell | None:
    """The progress of one of two runs."""
    return (lambda share: tell((i + share) / 2)) if tell else None


def compare(one: Outcomes, other: Outcomes) -> list[str]:
    """Where two tellings of the same world differ; empty if nowhere."""
    differences = [f"{name} differ" for name in ("flows", "pools", "waiting")
                   if not np.array_equal(getattr(one, name), getattr(other, name))]
    rows = [calls[np.lexsort((calls["caller"], calls["dialled_ms"]))] for calls in (one.calls, other.calls)]
    if len(rows[0]) != len(rows[1]):
        return [*differences, f"{len(rows[0])} calls against {len(rows[1])}"]
    unequal = np.flatnonzero(rows[0] != rows[1])
    return differences + [first_difference(rows[0][i], rows[1][i]) for i in unequal[:5]]


def first_difference(one: Any, other: Any) -> str:
    wrong = [f"{name} {one[name]} against {other[name]}" for name in CALL.names or () if one[name] != other[name]]
    return f"call of caller {one['caller']} at {one['dialled_ms']} ms: {', '.join(wrong)}"
