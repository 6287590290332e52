"""All ways to take the breaks of one shift, as paths through a graph.

A node is a break that begins at some time after certain others; an arc is a stretch of work and the break that follows
it. Every path from the first node to the last keeps all rules, and every way that keeps them is such a path.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.shifts.breaks.terms import Break, BreakRules
from optimizer.staffing.shifts.terms import Ints
from sim.scenario.messages import say

Node = tuple[tuple[int, ...], int, int]  # breaks taken of each sort, sort of the last, interval in which it begins
END = -1


@dataclass(frozen=True)
class Ways:
    """Arcs in an order in which every path runs forward. Times are intervals from the start of the shift."""

    tail: Ints
    head: Ints
    begins: Ints  # of the break at the arc's head; END where the arc leads to the end of the shift
    sort: Ints    # of the same break, by its place in the rules
    away: Ints    # intervals in which its person gives no cover
    nodes: int    # 0 is the start of the shift, the last is its end


@dataclass(frozen=True)
class Grid:
    """The rules of a shift in whole intervals."""

    rules: BreakRules
    length: int
    interval_min: int

    def intervals(self, minutes: int) -> int:
        if minutes % self.interval_min:
            raise ValueError(say("{minutes} min is no whole number of intervals of {interval} min", minutes=minutes,
                                 interval=self.interval_min))
        return minutes // self.interval_min

    def break_length(self, sort: int) -> int:
        return self.intervals(self.rules.breaks[sort].length_min)

    def most_stretch(self) -> int:
        most = self.rules.most_stretch_min
        return self.length if most is None else self.intervals(most)

    def stretches(self, sort: int) -> range:
        """How long the work before a break of this sort may be."""
        long, most = self.rules.long_stretch_min, self.most_stretch()
        if long is not None and self.rules.breaks[sort].length_min < self.rules.long_break_min:
            most = min(most, self.intervals(long))
        return range(self.intervals(self.rules.least_stretch_min), most + 1)

    def allows(self, sort: int, begins: int) -> bool:
        """Whether a break of this sort may begin here: its window and the edges of the shift."""
        kind: Break = self.rules.breaks[sort]
        until = self.length if kind.latest_end_min is None else self.intervals(kind.latest_end_min)
        edge = self.intervals(self.rules.edge_min)
        earliest = max(self.intervals(kind.earliest_start_min), edge)
        return earliest <= begins <= min(until, self.length - edge) - self.break_length(sort)

    def next_breaks(self, node: Node | None) -> list[Node]:
        """Breaks that may follow one; None is the start of the shift."""
        taken, free = ((0,) * len(self.rules.breaks), 0) if node is None else (node[0], self.back_at(node))
        return [(tuple(n + (k == sort) for k, n in enumerate(taken)), sort, free + stretch)
                for sort, kind in enumerate(self.rules.breaks) if taken[sort] < kind.times
                for stretch in self.stretches(sort) if self.allows(sort, free + stretch)]

    def back_at(self, node: Node) -> int:
        return node[2] + self.break_length(node[1])

    def may_end(self, node: Node | None) -> bool:
        """Whether the shift may end with the work after this break."""
        last = self.length - (0 if node is None else self.back_at(node))
        return self.intervals(self.rules.least_stretch_min) <= last <= self.most_stretch()

    def away(self, node: Node) -> int:
        settled = self.break_length(node[1]) + self.intervals(self.rules.settling_min)
        return min(settled, self.length - node[2])


def ways(rules: BreakRules, length_min: int, interval_min: int) -> Ways:
    """The graph of all ways to take breaks in a shift of this length.

    :raises ValueError: where there is none, or times are no whole intervals.
    """
    grid = Grid(rules, 0, interval_min)
    grid = Grid(rules, grid.intervals(length_min), interval_min)
    arcs, last = forward(grid, sum(kind.times for kind in rules.breaks))
    arcs += [(node, None) for node in last if grid.may_end(node)]
    kept = leading_to_the_end(arcs)
    if not kept:
        raise ValueError(say("no break times keep all rules in a shift of {minutes} min", minutes=length_min))
    return numbered(grid, kept)


Arc = tuple[Node | None, Node | None]  # None at the tail is the start of the shift, at the head its end


def forward(grid: Grid, breaks: int) -> tuple[list[Arc], list[Node | None]]:
    """All arcs that can be reached from the start, and where all breaks are taken."""
    arcs: list[Arc] = []
    layer: list[Node | None] = [None]
    for _ in range(breaks):
        following: dict[Node | None, None] = {}
        for node in layer:
            for after in grid.next_breaks(node):
                arcs.append((node, after))
                following[after] = None
        layer = list(following)
    return arcs, layer


def leading_to_the_end(arcs: list[Arc]) -> list[Arc]:
    """Those on a path to the end; arcs are in an order in which paths run forward."""
    alive: set[Node | None] = set()
    kept: list[Arc] = []
    for tail, head in reversed(arcs):
        if head is None or head in alive:
            alive.add(tail)
            kept.append((tail, head))
    return kept[::-1]


def numbered(grid: Grid, arcs: list[Arc]) -> Ways:
    number: dict[Node | None, int] = {None: 0}
    for tail, _ in arcs:
        number.setdefault(tail, len(number))
    heads = [head for _, head in arcs]
    ints = {"tail": [number[tail] for tail, _ in arcs],
            "head": [len(number) if head is None else number[head] for head in heads],
            "begins": [END if head is None else head[2] for head in heads],
            "sort": [END if head is None else head[1] for head in heads],
            "away": [0 if head is None else grid.away(head) for head in heads]}
    return Ways(**{name: np.array(values, np.int64) for name, values in ints.items()}, nodes=len(number) + 1)
