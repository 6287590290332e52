"""Replay against record: what was simulated beside what was observed."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.measures.statistics import Figure, figure
from sim.scenario.observed import Observed
from sim.scenario.scenario import Scenario
from sim.studies.result import Result


@dataclass(frozen=True)
class Comparison:
    """A recorded figure, the simulated one, and whether they agree."""

    observed: Observed
    figure: Figure
    low: float
    high: float

    @property
    def agrees(self) -> bool:
        return self.low <= self.figure.mean <= self.high


def against_record(result: Result, others: Mapping[str, Result]) -> list[Comparison]:
    """Replay against record. ``others`` are the variants that records refer to, on the same luck."""
    found = []
    for i, observed in enumerate(result.scenario.observed):
        values = np.array([record[i] for record in result.record])
        if observed.against is not None:
            values = values - np.array([record[i] for record in others[observed.against].record])
        found.append(Comparison(observed, figure(values).within(*observed.possible()), *observed.bounds()))
    return found


def variants_of_record(scenario: Scenario) -> list[str]:
    """The variants that the record refers to."""
    return list(dict.fromkeys(o.against for o in scenario.observed if o.against is not None))
