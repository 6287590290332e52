"""Everyone's breaks drawn at once by a particle filter over the whole horizon."""
from __future__ import annotations

import time

import numpy as np

from optimizer.staffing.shifts.breaks.chances import chances_of, favour_of, graph_of
from optimizer.staffing.shifts.breaks.floor import Crew, Floor, Path
from optimizer.staffing.shifts.breaks.particles import (
    STRICT,
    Duties,
    Graph,
    Plans,
    Slots,
    advance,
    plans_of,
    scratch_of,
)
from optimizer.staffing.shifts.breaks.ways import END
from optimizer.staffing.shifts.terms import Ints

CHUNK = 24            # intervals between looks at the clock
MOST_CELLS = 2 ** 26  # breaks of all people in all plans


class Drawing:
    """The floor, made ready to draw plans from. Crews without people have no part in it."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.crews = [crew for crew in floor.crews if crew.people]
        self.graph = graph_of(self.crews)
        self.breaks = most_breaks(self.graph)
        ends = (self.graph.start + last_back(self.graph)).max()
        slots = len(floor.spare) if floor.is_cyclic else max(len(floor.spare), int(ends) + 1)
        spare = np.concatenate([floor.spare, np.zeros(slots - len(floor.spare))])
        counted = np.arange(slots) < len(floor.spare)
        self.chances = chances_of(self.graph, favour_of(self.graph, spare, counted))
        self.first, self.duties, seam = cut(self.graph, slots)
        under, over = (np.roll(np.where(counted, price, 0.0), -self.first)
                       for price in (floor.understaffed_price, floor.overstaffed_price))
        self.slots = Slots(np.roll(spare, -self.first), under, over, seam)

    def paths(self, count: int, seed: int, until: float) -> list[list[Path]] | None:
        """The best of so many plans, by crew and person; None where the time was over."""
        people = len(self.duties.crew)
        count = max(min(count, MOST_CELLS // (people * max(self.breaks, 1))), 1)
        plans = plans_of(self.graph, self.duties, count, self.breaks, self.slots.seam)
        scratch, end = scratch_of(self.duties, seed), len(self.slots.spare) + self.slots.seam
        prices = [price for price in (self.floor.understaffed_price, self.floor.overstaffed_price) if price > 0]
        for since in range(0, end, CHUNK):
            if time.perf_counter() > until:
                return None
            advance(self.graph, self.chances, self.duties, self.slots, plans, scratch, since, min(since + CHUNK, end),
                    STRICT / min(prices, default=1.0))
        return self.written(plans, int(plans.cost.argmin()))

    def written(self, plans: Plans, plan: int) -> list[list[Path]]:
        paths: list[list[Path]] = [[] for _ in self.crews]
        for person, crew in enumerate(self.duties.crew.tolist()):
            taken = plans.taken[plan, person, :plans.number[plan, person]] - self.graph.first_node[crew]
            paths[crew].append(path_through(self.crews[crew], taken.tolist()))
        its = iter(paths)
        return [next(its) if crew.people else [] for crew in self.floor.crews]


def most_breaks(graph: Graph) -> int:
    """Of one person. All ways of a crew have as many."""
    return max(depth(graph, int(node)) for node in graph.first_node[:-1])


def depth(graph: Graph, node: int) -> int:
    breaks = 0
    while graph.begins[node := int(graph.head[graph.first_arc[node]])] != END:
        breaks += 1
    return breaks


def last_back(graph: Graph) -> Ints:
    """[crews] interval of the shift from which nobody is away any more."""
    return np.maximum.reduceat(graph.back, graph.first_node[:-1])


def first_away(graph: Graph) -> Ints:
    """[crews] interval of the shift before which nobody is away."""
    begins = np.where(graph.back > graph.begins, graph.begins, graph.begins.max())
    return np.minimum.reduceat(begins, graph.first_node[:-1])


def cut(graph: Graph, slots: int) -> tuple[int, Duties, int]:
    """Where the circle is cut, so that fewest may be away both before and after; everyone's shift from there on, in
    the order of their starts; and the slots into which absences reach over the cut."""
    away, back, crossing = first_away(graph), last_back(graph), np.zeros(slots)
    for start, since, until, people in zip(graph.start, away, back, graph.people, strict=True):
        crossing[np.arange(start + since + 1, start + until) % slots] += people
    first = int(crossing.argmin())
    start = (graph.start - first) % slots
    start = np.where(start + away >= slots, start - slots, start)
    crew = np.repeat(order := np.argsort(start, kind="stable"), graph.people[order])
    return first, Duties(crew, start[crew], (start + back)[crew]), max(int((start + back).max()) - slots, 0)


def path_through(crew: Crew, nodes: list[int]) -> Path:
    """The arcs from node to node, from the start of the shift to its end."""
    its, steps = crew.ways, zip([0, *nodes], [*nodes, crew.ways.nodes - 1], strict=True)
    return np.array([np.flatnonzero((its.tail == tail) & (its.head == head))[0] for tail, head in steps], np.int64)
