"""Break times for people on given shifts that keep the need as well as the rules allow.

First everyone in turn takes the cheapest breaks. Small problems are then solved as a whole; where that took too long,
and for large ones, ever more plans are drawn at once. What still is missing is mended by new breaks for a few crews
around it, with all other people as they are. The best so far is returned when the time is over; the same input and seed
give the same plan unless a time limit struck.
"""
from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from optimizer.staffing.shifts.breaks.drawing import Drawing
from optimizer.staffing.shifts.breaks.floor import Crew, Floor, Path, away_of, away_of_crew, floor_of
from optimizer.staffing.shifts.breaks.paths import cheapest, one_by_one, paths_of
from optimizer.staffing.shifts.breaks.program import best_flows
from optimizer.staffing.shifts.breaks.terms import BreakPlan, BreakProblem, BreakTime, DutyGroup
from optimizer.staffing.shifts.terms import Bools, Floats, Ints

SMALL = 5000       # arcs of all crews that are solved at once
SOLVE_SHARE = 0.3  # of the time for that
DRAW_SHARE = 0.8   # until then plans are drawn
PLANS = (250, 1000, 2000, 4000, 8000, 16000)  # drawn at once
FEW = 4            # crews that get new paths at once
WINDOW_S = 5.0     # seconds for that
PATIENCE = 150     # times in vain after which mending ends
CLOSE = 1e-9       # of costs that differ by rounding alone
Paths = list[list[Path]]  # by crew and person


def stagger_breaks(problem: BreakProblem, most_s: float = 30.0, seed: int = 1) -> BreakPlan:
    """When each person takes breaks.

    :param most_s: seconds after which the best plan so far is returned; compiling, once on a machine, comes on top.
    :raises ValueError: where no times keep the rules in some shift, or times are no whole intervals.
    """
    began = time.perf_counter()
    floor = floor_of(problem)
    paths = one_by_one(floor, range(len(floor.crews)), np.zeros(len(floor.spare)))
    best, least = Best(floor, paths), least_cost(floor)
    if best.cost > least + CLOSE and arcs_of(floor) <= SMALL:
        least = at_once(best, least, SOLVE_SHARE * most_s)
    if best.cost > least + CLOSE:
        draw(best, least, seed, began + DRAW_SHARE * most_s)
    mend(best, least, np.random.default_rng(seed), began + most_s)
    return written(problem, best, best.cost <= least + CLOSE, time.perf_counter() - began)


class Best:
    """The cheapest paths so far; of equals the last."""

    def __init__(self, floor: Floor, paths: Paths) -> None:
        self.floor, self.paths, self.cost = floor, paths, cost_of(floor, paths)

    def offer(self, paths: Paths) -> None:
        cost = cost_of(self.floor, paths)
        if cost <= self.cost + CLOSE:
            self.paths, self.cost = paths, cost


def arcs_of(floor: Floor) -> int:
    return sum(len(crew.ways.tail) for crew in floor.crews if crew.people)


def at_once(best: Best, least: float, most_s: float) -> float:
    """All crews together; the cost that no plan goes below."""
    floor, everyone = best.floor, [k for k, crew in enumerate(best.floor.crews) if crew.people]
    nobody, counted = np.zeros(len(floor.spare)), np.ones(len(floor.spare), np.bool_)
    found = best_flows(floor, everyone, nobody, counted, most_s)
    if found is None:
        return least
    best.offer(with_flows(floor, best.paths, everyone, found[0]))
    return best.cost if found[1] else least


def with_flows(floor: Floor, paths: Paths, crews: Sequence[int], flows: Sequence[Ints]) -> Paths:
    """The paths, those of some crews replaced by those of their flows."""
    changed = list(paths)
    for k, flow in zip(crews, flows, strict=True):
        changed[k] = paths_of(floor.crews[k], flow)
    return changed


def cost_of(floor: Floor, paths: Paths) -> float:
    return floor.cost(away_of(floor, paths))


def least_cost(floor: Floor) -> float:
    """What no plan can go below: a shortage or surplus that the sum of all absences leaves, wherever they are."""
    everywhere, spare = np.ones(len(floor.spare)), float(floor.spare.sum())
    fewest, most = (sign * sum(crew.people * absence(crew, sign * everywhere) for crew in floor.crews)
                    for sign in (1, -1))
    return max(floor.overstaffed_price * (spare - most), floor.understaffed_price * (fewest - spare), 0.0)


def absence(crew: Crew, cost: Floats) -> float:
    """Least sum of ``cost`` [intervals] over the intervals in which one person is away."""
    return float(away_of_crew(crew, [cheapest(crew, cost)], len(cost)) @ cost)


def touched(floor: Floor, crews: Sequence[int]) -> Bools:
    """[intervals] in which some of these people are present."""
    found = np.zeros(len(floor.spare), np.bool_)
    for k in crews:
        found[floor.crews[k].present] = True
    return found


def draw(best: Best, least: float, seed: int, until: float) -> None:
    """Ever more plans drawn at once."""
    drawing = Drawing(best.floor)
    for k, plans in enumerate(PLANS):
        paths = drawing.paths(plans, seed + k, until) if best.cost > least + CLOSE else None
        if paths is None:
            break
        best.offer(paths)


def mend(best: Best, least: float, luck: np.random.Generator, until: float) -> None:
    """Again and again some crews on duty at a moment that is under- or overstaffed get new paths."""
    in_vain = 0
    while best.cost > least + CLOSE and in_vain < PATIENCE and time.perf_counter() < until:
        before = best.cost
        mend_window(best, window_of(best.floor, best.paths, luck), min(WINDOW_S, until - time.perf_counter()))
        in_vain = 0 if best.cost < before - CLOSE else in_vain + 1


def window_of(floor: Floor, paths: Paths, luck: np.random.Generator) -> list[int]:
    """A few crews on duty at a chance moment that is under- or overstaffed; none where nobody is on duty then."""
    moment = int(luck.choice(np.flatnonzero(np.abs(floor.spare - away_of(floor, paths)) > CLOSE)))
    present = [k for k, crew in enumerate(floor.crews) if crew.people and moment in crew.present]
    return sorted(map(int, luck.permutation(np.array(present, np.int64))[:FEW]))


def mend_window(best: Best, window: list[int], most_s: float) -> None:
    floor = best.floor
    others: Paths = [[] if k in window else its for k, its in enumerate(best.paths)]
    found = best_flows(floor, window, away_of(floor, others), touched(floor, window), most_s) if window else None
    if found is not None:
        best.offer(with_flows(floor, others, window, found[0]))


def written(problem: BreakProblem, best: Best, proved: bool, seconds: float) -> BreakPlan:
    floor, paths = best.floor, best.paths
    over = floor.spare - away_of(floor, paths)
    breaks = tuple(tuple(times_of(problem, group, crew, path) for path in its)
                   for group, crew, its in zip(problem.groups, floor.crews, paths, strict=True))
    return BreakPlan(breaks, np.asarray(problem.need, np.float64) + over, np.maximum(-over, 0), np.maximum(over, 0),
                     best.cost, proved, seconds)


def times_of(problem: BreakProblem, group: DutyGroup, crew: Crew, path: Path) -> tuple[BreakTime, ...]:
    """One person's breaks."""
    taken = path[crew.ways.sort[path] >= 0]
    kinds = [group.rules.breaks[sort] for sort in crew.ways.sort[taken]]
    starts = (group.start_min + crew.ways.begins[taken] * problem.interval_min).tolist()
    horizon = len(problem.need) * problem.interval_min
    return tuple(BreakTime(kind.name, start % horizon if problem.is_cyclic else start, kind.length_min)
                 for kind, start in zip(kinds, starts, strict=True))
