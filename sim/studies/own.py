"""Functions that an analyst brings: metrics and routing policies, which are computed like ours."""
from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.measures.breakdowns import OwnMetrics
from sim.measures.metrics import METRIC_OF, PEOPLE, Metric
from sim.world.routing import Policy

Metrics = Sequence[Metric] | Mapping[Metric, str]


@dataclass(frozen=True)
class Own:
    """Functions of an analyst: metrics with their units, and a routing policy instead of the scenario's."""

    metrics: OwnMetrics = ()
    policy: Policy | None = None

    @property
    def functions(self) -> list[Callable[..., Any]]:
        return [*dict(self.metrics), *([self.policy] if self.policy else [])]

    @property
    def name(self) -> str:
        """Tells functions of one program apart, and no others: nothing that is kept on disk may go by it."""
        return "".join(f"-{getattr(one, '__qualname__', '')}#{id(one):x}" for one in self.functions)

    @property
    def travels(self) -> bool:
        """Whether other processes find all functions: those of a script, a notebook or another function they don't."""
        return all(getattr(sys.modules.get(one.__module__), getattr(one, "__qualname__", ""), None) is one
                   and one.__module__ != "__main__" for one in self.functions)


def own_of(variants: Sequence[str], metrics: Metrics, policies: Mapping[str, Policy]) -> dict[str, Own]:
    """The functions of an analyst, by variant.

    :raises KeyError: for a variant that is not simulated.
    :raises ValueError: for a metric without a name of its own.
    """
    units = dict(metrics) if isinstance(metrics, Mapping) else dict.fromkeys(metrics, PEOPLE)
    named = [getattr(metric, "__name__", "") for metric in units]
    for name in named:
        if not name.isidentifier() or name in METRIC_OF or named.count(name) > 1:
            raise ValueError(f"a metric goes by the name of its function, and {name} is taken or no name")
    for name in policies.keys() - set(variants):
        raise KeyError(name)
    return {name: Own(tuple(units.items()), policies.get(name)) for name in variants}
