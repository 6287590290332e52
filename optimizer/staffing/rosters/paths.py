"""The cheapest row of a person for prices that change."""
from __future__ import annotations

import numpy as np

from optimizer.staffing.rosters.backwards import cheapest
from optimizer.staffing.rosters.counts import counts
from optimizer.staffing.rosters.graph import Graph, graph
from optimizer.staffing.rosters.problem import Floats, Ints, Person, Problem, Rule
from optimizer.staffing.rosters.states import kinds, states


class Paths:
    """All rows that a person's rules allow; people with the same rules share one."""

    def __init__(self, problem: Problem, person: Person, fair: frozenset[str]) -> None:
        self.kinds = kinds(problem, person)
        tables = counts(problem, person, self.kinds, fair)
        self.graph: Graph = graph(problem, states(problem, person, self.kinds), tables)
        self.left_out: tuple[Rule, ...] = tables.left_out
        nodes, choices = int(self.graph.layers[-1]), 1 + len(self.kinds.examples)
        self.value, self.best = np.zeros(nodes), np.zeros(nodes, np.int64)
        self.prices, self.duties = np.zeros((problem.days, choices)), np.zeros((problem.days, choices), np.int64)

    def cheapest(self, own: Floats, shared: Floats, end_price: Floats) -> tuple[float, Ints]:
        """Cost and row [days] of the cheapest; the cost is infinite if there is none.

        ``own`` [days, duties + 1] and ``shared`` [days, duties] are prices, the last of ``own`` of a day off;
        ``end_price`` [nodes of the end].
        """
        row = np.full(len(own), -1)
        if self.graph.empty:
            return np.inf, row
        g = self.graph
        cost, _ = cheapest(self.kinds.of, own, shared, g.layers, g.first, g.head, g.choice, g.price, end_price,
                           self.prices, self.duties, self.value, self.best, row)
        return float(cost), row
