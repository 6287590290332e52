"""A lending problem in its small form: arrays in, whole seats out. Blocks that forget each other, exponential times.

The model, the deliberately simplest one that is well defined: in each block every city is a hotline in its long run
(``sim.queueing.shared_line``). A lent seat leaves the lender and serves calls of the borrower, at an efficiency of its
own, after the borrower's own seats. Maximised is what is answered, weighted, less the cost of the seats lent; or the
weighted share of its callers that the worst city answers, over all blocks or on the mean of all scenarios, and of the
plans that are as good in this the one with the most answered less costs. Whoever has no callers or no weight is no
worst city.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.queueing.erlang import Floats

Goal = Literal["answered", "max_min", "cvar", "recourse"]


class InstanceError(ValueError):
    """A problem that makes no sense, or a field that this form does not know."""


@dataclass(frozen=True)
class Case:
    """One block, or what one block may turn out to be."""

    plan: int           # the plan that is in force
    weight: float       # its probability
    length_s: float
    calls_per_s: Floats  # [C] fresh
    own: list[int]      # [C] seats


@dataclass(frozen=True)
class Instance:
    """Cities are numbered; ``plans`` is how many plans there are to make, one a block or one a scenario."""

    cities: tuple[str, ...]
    cases: tuple[Case, ...]
    plans: int
    handle_s: Floats            # [C]
    patience_s: Floats          # [C]
    lines: list[int | None]     # [C]
    efficiency: Floats          # [C, C] of lender and borrower
    arcs: list[tuple[int, int]]
    most_lent: list[int]        # [C] seats of a lender
    most_borrowed: list[int | None]  # [C] licences of a borrower
    floor: Floats               # [C] share answered of whoever lends
    quantum: int = 1
    weight: Floats | None = None   # [C] of an answered call; 1 each
    seat_hour: float = 0.0      # answered calls that a lent seat-hour costs
    same_in_all_blocks: bool = False
    most_switches: int | None = None
    after_busy: float = 0.0
    after_abandon: float = 0.0
    holds_with: float | None = None  # floors hold in scenarios of this probability together; in all, if None
    goal: Goal = "answered"
    tail: float = 0.0           # alpha of the conditional value at risk
    standby_hour: float = 0.0   # answered calls that an hour of a seat on standby costs

    @property
    def weights(self) -> Floats:
        return np.ones(len(self.cities)) if self.weight is None else self.weight

    @property
    def calls(self) -> Floats:
        """[cases, cities] that are expected, by the chances of the cases."""
        return np.array([case.weight * case.length_s * case.calls_per_s for case in self.cases])

    @property
    def compared(self) -> list[int]:
        """The cities of which one is the worst."""
        return np.flatnonzero((self.calls.sum(axis=0) > 0) & (self.weights > 0)).tolist()

