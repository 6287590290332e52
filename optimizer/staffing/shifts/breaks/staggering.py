"""Break times for people on given shifts that keep the need as well as the rules allow.

First everyone in turn takes the cheapest breaks. Then day after day is solved as a whole, the next day in foresight,
which often leaves nothing missing. What still is missing is mended by new breaks for a few crews around it, with all
other people as they are. The best so far is returned when the time is over; the same input and seed give the same plan
unless a time limit struck.
"""
from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from optimizer.staffing.shifts.breaks.floor import Crew, Floor, Path, away_of, away_of_crew, floor_of
from optimizer.staffing.shifts.breaks.paths import cheapest, one_by_one, paths_of
from optimizer.staffing.shifts.breaks.program import best_flows
from optimizer.staffing.shifts.breaks.search import searched_flows
from optimizer.staffing.shifts.breaks.terms import Bools, BreakPlan, BreakProblem, BreakTime, DutyGroup, Floats, Ints

DAY_MIN = 24 * 60
SWEEP_SHARE = 0.8  # of the time, for day by day
SHARE = 0.1        # of the time left then, for the crews of one step with foresight,
FORESIGHT_S = 2.5  # and seconds at most
SEARCH_SHARE = 0.4 # likewise, without
SMALL = 5000       # arcs of all crews that are solved at once
FEW = 4            # crews that get new paths at once
WINDOW_S = 5.0     # seconds for that
PATIENCE = 150     # times in vain after which mending ends
CLOSE = 1e-9       # of costs that differ by rounding alone
Paths = list[list[Path]]  # by crew and person


def stagger_breaks(problem: BreakProblem, most_s: float = 30.0, seed: int = 1) -> BreakPlan:
    """When each person takes breaks.

    :param most_s: seconds after which the best plan so far is returned.
    :raises ValueError: where no times keep the rules in some shift, or times are no whole intervals.
    """
    began = time.perf_counter()
    floor = floor_of(problem)
    paths = one_by_one(floor, range(len(floor.crews)), np.zeros(len(floor.spare)))
    best, least = Best(floor, paths), least_cost(floor)
    if best.cost > least + CLOSE and arcs_of(floor) <= SMALL:
        least = at_once(best, least, SWEEP_SHARE * most_s)
    elif best.cost > least + CLOSE:
        until = began + SWEEP_SHARE * most_s
        best.offer(day_by_day(floor, crews_by_day(problem), problem.is_cyclic, until, seed))
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
    found = best_flows(floor, everyone, [], nobody, counted, most_s)
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


def crews_by_day(problem: BreakProblem) -> list[list[int]]:
    """Crews whose shifts begin on each day that has any."""
    days: dict[int, list[int]] = {}
    for k, group in enumerate(problem.groups):
        if group.people:
            days.setdefault(group.start_min // DAY_MIN, []).append(k)
    return [days[day] for day in sorted(days)]


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


def day_by_day(floor: Floor, days: list[list[int]], is_cyclic: bool, until: float, seed: int) -> Paths:
    """Each day as a whole with its neighbours in foresight."""
    paths: Paths = [[] for _ in floor.crews]
    for day, crews in enumerate(days):
        later = [k for d in neighbours(day, len(days), is_cyclic) for k in days[d]
                 if not paths[k] and overlaps(floor, crews, k)]
        settle(floor, paths, crews, later, until, seed)
    return paths


def settle(floor: Floor, paths: Paths, crews: list[int], later: list[int], until: float, seed: int) -> None:
    """Give these crews their paths, the later ones in foresight, or without that where it takes too long. Where that
    does too, half of them come first; one crew alone for which there is no time takes breaks one by one."""
    unsettled = {k for k, its in enumerate(paths) if not its and floor.crews[k].people}
    counted = touched(floor, crews + later) & ~touched(floor, sorted(unsettled - {*crews, *later}))
    away, left = away_of(floor, paths), until - time.perf_counter()
    found = best_flows(floor, crews, later, away, counted, min(left * SHARE, FORESIGHT_S)) if left > 0 else None
    flows = found[0] if found is not None else searched_flows(
        floor, crews, away, touched(floor, crews) & ~touched(floor, sorted(unsettled - {*crews})),
        (until - time.perf_counter()) * SEARCH_SHARE, seed)
    if flows is not None:
        paths[:] = with_flows(floor, paths, crews, flows)
    elif len(crews) > 1:
        half = len(crews) // 2
        settle(floor, paths, crews[:half], crews[half:] + later, until, seed)
        settle(floor, paths, crews[half:], later, until, seed)
    else:
        paths[crews[0]] = one_by_one(floor, crews, away_of(floor, paths))[0]


def overlaps(floor: Floor, crews: list[int], other: int) -> bool:
    """Whether some of the other crew's time is time of these."""
    return bool(touched(floor, crews)[floor.crews[other].present].any())


def neighbours(day: int, days: int, is_cyclic: bool) -> list[int]:
    beside = [(day + step) % days if is_cyclic else day + step for step in (-1, 1)]
    return sorted({other for other in beside if 0 <= other < days and other != day})


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
    found = best_flows(floor, window, [], away_of(floor, others), touched(floor, window), most_s) if window else None
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
