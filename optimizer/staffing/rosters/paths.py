"""The cheapest row of a person for prices that change."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.staffing.rosters.backwards import cheapest
from optimizer.staffing.rosters.best_exchange import walk
from optimizer.staffing.rosters.counts import Counts, counts
from optimizer.staffing.rosters.graph import Graph, graph
from optimizer.staffing.rosters.problem import Floats, Ints, Person, Problem, Rule, TooLargeError
from optimizer.staffing.rosters.states import Past, kinds, states

MOST_NODES = 20_000_000   # states, with all counts that can be reached on each day


class Paths:
    """All rows that the rules of some people allow: people with the same rules and any of some pasts."""

    def __init__(self, problem: Problem, person: Person, pasts: Sequence[Past], weekly_only: bool = False) -> None:
        self.pasts = {past: k for k, past in enumerate(pasts)}
        self.kinds = kinds(problem, person, pasts)
        tables = counts(problem, person, self.kinds, weekly_only)
        machine = states(problem, person, self.kinds, pasts)
        if len(machine.worked) * keys_reached(problem, tables) > MOST_NODES:
            raise TooLargeError(f"{person.name}: the rows of so many days do not fit in memory: plan fewer weeks")
        self.graph: Graph = graph(problem, machine, tables)
        self.left_out: tuple[Rule, ...] = tables.left_out
        nodes, choices = int(self.graph.layers[-1]), 1 + len(self.kinds.examples)
        self.value, self.best = np.zeros(nodes), np.zeros(nodes, np.int64)
        self.prices, self.duties = np.zeros((problem.days, choices)), np.zeros((problem.days, choices), np.int64)

    def cheapest(self, past: Past, own: Floats, shared: Floats) -> tuple[float, Ints]:
        """Cost and row [days] of the cheapest; the cost is infinite if there is none.

        ``own`` [days, duties + 1] and ``shared`` [days, duties] are prices, the last of ``own`` of a day off.
        """
        g, row = self.graph, np.full(len(own), -1)
        start = int(g.starts[self.pasts[past]])
        if start < 0:
            return np.inf, row
        cost = cheapest(self.kinds.of, own, shared, g.layers, g.first, g.head, g.choice, g.price, g.end_price, start,
                        self.prices, self.duties, self.value, self.best, row)
        return float(cost), row

    def cost(self, past: Past, own: Floats, row: Ints) -> float:
        """Of a given row, infinite if a hard rule forbids it."""
        g = self.graph
        start = int(g.starts[self.pasts[past]])
        if start < 0:
            return np.inf
        return float(walk(self.kinds.of, own, g.layers, g.first, g.head, g.choice, g.price, g.end_price, start, row))


def keys_reached(problem: Problem, tables: Counts) -> int:
    """Over all days, how many keys of counts can be reached before each, whatever states forbid."""
    keys, total = np.array([tables.start]), 0
    for day in range(problem.days):
        total += len(keys)
        following = np.unique(tables.then[:, keys])
        keys = following[following >= 0]
        if day == problem.days - 1 or problem.week(day + 1) != problem.week(day):
            keys = np.unique(tables.new_week[keys])
    return total
