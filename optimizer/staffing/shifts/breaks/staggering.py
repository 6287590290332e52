"""Break times for people on given shifts that keep the need as well as the rules allow.

First everyone in turn takes the cheapest breaks. Then day after day is solved as a whole, the next day in foresight,
which often leaves nothing missing. What still is missing is mended in days around it, with all other people as they
are. The best so far is returned when the time is over; the same input gives the same plan unless the time limit
struck.
"""
from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import cycle

import numpy as np

from optimizer.staffing.shifts.breaks.floor import Crew, Floor, Path, away_of, away_of_crew, floor_of
from optimizer.staffing.shifts.breaks.paths import cheapest, one_by_one, paths_of
from optimizer.staffing.shifts.breaks.program import best_flows
from optimizer.staffing.shifts.breaks.terms import Bools, BreakPlan, BreakProblem, BreakTime, DutyGroup, Floats

DAY_MIN = 24 * 60
SHARE = 0.1   # of the time left, for the days of one step
CLOSE = 1e-9  # of costs that differ by rounding alone
Paths = list[list[Path]]  # by crew and person


def stagger_breaks(problem: BreakProblem, most_s: float = 30.0) -> BreakPlan:
    """When each person takes breaks.

    :param most_s: seconds after which the best plan so far is returned.
    :raises ValueError: where no times keep the rules in some shift, or times are no whole intervals.
    """
    began = time.perf_counter()
    floor, days = floor_of(problem), crews_by_day(problem)
    least, paths = least_cost(floor), one_by_one(floor, range(len(floor.crews)), np.zeros(len(floor.spare)))
    if cost_of(floor, paths) > least + CLOSE:
        planned = day_by_day(floor, days, problem.is_cyclic, began + most_s)
        paths = min(paths, planned, key=lambda plan: cost_of(floor, plan))
        paths = mended(floor, days, paths, least, began + most_s)
    return written(problem, floor, paths, cost_of(floor, paths) <= least + CLOSE, time.perf_counter() - began)


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
    fewest, most = (sign * sum(crew.people * absence(crew, sign * everywhere) for crew in floor.crews) for sign in (1, -1))
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


def day_by_day(floor: Floor, days: list[list[int]], is_cyclic: bool, until: float) -> Paths:
    """Each day as a whole with its neighbours in foresight."""
    paths: Paths = [[] for _ in floor.crews]
    for day, crews in enumerate(days):
        later = [k for d in neighbours(day, len(days), is_cyclic) for k in days[d]
                 if not paths[k] and overlaps(floor, crews, k)]
        settle(floor, paths, crews, later, until)
    return paths


def settle(floor: Floor, paths: Paths, crews: list[int], later: list[int], until: float) -> None:
    """Give these crews their paths, the later ones in foresight. Where that takes too long, half of them come first;
    one crew alone for which there is no time takes the cheapest breaks one by one."""
    unsettled = [k for k, its in enumerate(paths) if not its and floor.crews[k].people]
    counted = touched(floor, crews + later) & ~touched(floor, sorted({*unsettled} - {*crews, *later}))
    left = until - time.perf_counter()
    found = best_flows(floor, crews, later, away_of(floor, paths), counted, left * SHARE) if left > 0 else None
    if found is not None:
        for k, flow in zip(crews, found[0], strict=True):
            paths[k] = paths_of(floor.crews[k], flow)
    elif len(crews) > 1:
        half = len(crews) // 2
        settle(floor, paths, crews[:half], crews[half:] + later, until)
        settle(floor, paths, crews[half:], later, until)
    else:
        paths[crews[0]] = one_by_one(floor, crews, away_of(floor, paths))[0]


def overlaps(floor: Floor, crews: list[int], other: int) -> bool:
    """Whether some of the other crew's time is time of these."""
    return bool(touched(floor, crews)[floor.crews[other].present].any())


def neighbours(day: int, days: int, is_cyclic: bool) -> list[int]:
    beside = [(day + step) % days if is_cyclic else day + step for step in (-1, 1)]
    return sorted({other for other in beside if 0 <= other < days and other != day})


def mended(floor: Floor, days: list[list[int]], paths: Paths, least: float, until: float) -> Paths:
    """Better paths, by one or two days at a time, until no such days can be better."""
    windows, idle = windows_of(days), 0
    cost = cost_of(floor, paths)
    for window in cycle(windows):
        if cost <= least + CLOSE or idle == len(windows) or time.perf_counter() >= until:
            break
        paths = mended_window(floor, window, paths, until)
        before, cost = cost, cost_of(floor, paths)
        idle = 0 if cost < before - CLOSE else idle + 1
    return paths


def windows_of(days: list[list[int]]) -> list[list[int]]:
    """Crews of two days in a row, the last with the first."""
    return [days[k - 1] + days[k] for k in range(len(days))] if len(days) > 1 else days


def mended_window(floor: Floor, window: list[int], paths: Paths, until: float) -> Paths:
    """The paths, those of the window's crews replaced where that costs less."""
    others: Paths = [[] if k in window else its for k, its in enumerate(paths)]
    found = best_flows(floor, window, [], away_of(floor, others), touched(floor, window), until - time.perf_counter())
    if found is None:
        return paths
    for k, flow in zip(window, found[0], strict=True):
        others[k] = paths_of(floor.crews[k], flow)
    return min(paths, others, key=lambda plan: cost_of(floor, plan))


def written(problem: BreakProblem, floor: Floor, paths: Paths, proved: bool, seconds: float) -> BreakPlan:
    away = away_of(floor, paths)
    over = floor.spare - away
    breaks = tuple(tuple(times_of(problem, group, crew, path) for path in its)
                   for group, crew, its in zip(problem.groups, floor.crews, paths, strict=True))
    return BreakPlan(breaks, np.asarray(problem.need, np.float64) + over, np.maximum(-over, 0), np.maximum(over, 0),
                     floor.cost(away), proved, seconds)


def times_of(problem: BreakProblem, group: DutyGroup, crew: Crew, path: Path) -> tuple[BreakTime, ...]:
    """One person's breaks."""
    taken = path[crew.ways.sort[path] >= 0]
    kinds = [group.rules.breaks[sort] for sort in crew.ways.sort[taken]]
    starts = (group.start_min + crew.ways.begins[taken] * problem.interval_min).tolist()
    horizon = len(problem.need) * problem.interval_min
    return tuple(BreakTime(kind.name, start % horizon if problem.is_cyclic else start, kind.length_min)
                 for kind, start in zip(kinds, starts, strict=True))
