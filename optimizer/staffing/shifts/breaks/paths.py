"""Single people's ways: the cheapest for one person at a time, and people's ways out of a flow."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from optimizer.staffing.shifts.breaks.floor import Crew, Floor, Path, away_of_crew
from optimizer.staffing.shifts.terms import Floats, Ints


def one_by_one(floor: Floor, crews: Iterable[int], away: Floats) -> list[list[Path]]:
    """Paths of some crews: each person in turn takes the breaks that cost least beside all who are away by then.

    :param away: [intervals] people who are away before.
    """
    away, paths = away.copy(), []
    for crew in (floor.crews[k] for k in crews):
        its: list[Path] = []
        for _ in range(crew.people):
            its.append(cheapest(crew, step_cost(floor, away)))
            away += away_of_crew(crew, its[-1:], len(away))
        paths.append(its)
    return paths


def step_cost(floor: Floor, away: Floats) -> Floats:
    """[intervals] what one more absence costs; a small part of how near the next shortage is breaks ties."""
    left = floor.spare - away
    price = np.where(left >= 1, -floor.overstaffed_price, floor.understaffed_price)
    partly = (left > 0) & (left < 1)
    price[partly] = ((1 - left) * floor.understaffed_price - left * floor.overstaffed_price)[partly]
    scale = max(floor.understaffed_price, floor.overstaffed_price, 1e-9)
    return np.asarray(price - 1e-3 * scale * np.clip(left, -100, 100))


def cheapest(crew: Crew, cost: Floats) -> Path:
    """The path with the least sum of ``cost`` [intervals] over the intervals away."""
    its = crew.ways
    of_arc = np.bincount(crew.away_arc, cost[crew.away_slot], minlength=len(its.tail)).tolist()
    least, by = [np.inf] * its.nodes, [-1] * its.nodes
    least[0] = 0.0
    for arc, (tail, head) in enumerate(zip(its.tail.tolist(), its.head.tolist(), strict=True)):
        if least[tail] + of_arc[arc] < least[head]:
            least[head], by[head] = least[tail] + of_arc[arc], arc
    return backwards(its.tail, by, its.nodes - 1)


def backwards(tail: Ints, by: list[int], node: int) -> Path:
    path: list[int] = []
    while node:
        path.append(by[node])
        node = int(tail[by[node]])
    return np.array(path[::-1], np.int64)


def paths_of(crew: Crew, flow: Ints) -> list[Path]:
    """People's ways out of how many take each arc."""
    left = flow.copy()
    out: list[list[int]] = [[] for _ in range(crew.ways.nodes)]
    for arc in np.flatnonzero(flow).tolist():
        out[int(crew.ways.tail[arc])].append(arc)
    paths: list[Path] = []
    for _ in range(crew.people):
        node, path = 0, []
        while node != crew.ways.nodes - 1:
            arc = next(a for a in out[node] if left[a])
            left[arc] -= 1
            path.append(arc)
            node = int(crew.ways.head[arc])
        paths.append(np.array(path, np.int64))
    return paths
