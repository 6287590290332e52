"""The people of a break problem as arrays: their ways, where each arc takes them away, and what an absence costs."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.shifts.breaks.terms import BreakProblem, DutyGroup
from optimizer.staffing.shifts.breaks.ways import Ways, ways
from optimizer.staffing.shifts.terms import Bools, Floats, Ints
from sim.scenario.messages import say

Path = Ints  # arcs of one person's way, from the start of the shift to its end


@dataclass(frozen=True)
class Crew:
    """A group of people with their ways. Slots are intervals of the horizon."""

    people: int
    start: int       # slot
    ways: Ways
    present: Ints    # [intervals of the shift] slots, only those within the horizon
    away_arc: Ints   # for each slot in which an arc takes a person away: the arc
    away_slot: Ints  # and the slot


@dataclass(frozen=True)
class Floor:
    """``spare`` [intervals]: people present more than are needed; so many may be away."""

    crews: tuple[Crew, ...]
    spare: Floats
    understaffed_price: float
    overstaffed_price: float
    is_cyclic: bool

    def cost(self, away: Floats) -> float:
        """Price of the cover that is left when so many are away [intervals]."""
        over = self.spare - away
        return float(self.overstaffed_price * np.maximum(over, 0).sum()
                     + self.understaffed_price * np.maximum(-over, 0).sum())


def floor_of(problem: BreakProblem) -> Floor:
    """:raises ValueError: where a shift has no way to take its breaks, or times are no whole intervals."""
    known: dict[tuple[object, int], Ways] = {}
    for group in problem.groups:
        key = group.rules, group.length_min
        if key not in known:
            known[key] = ways(group.rules, group.length_min, problem.interval_min)
    crews = tuple(crew_of(problem, group, known[group.rules, group.length_min]) for group in problem.groups)
    spare = -np.asarray(problem.need, np.float64)
    if problem.carried.size:
        spare = spare + problem.carried
    for crew in crews:
        np.add.at(spare, crew.present, crew.people)
    return Floor(crews, spare, problem.understaffed_price, problem.overstaffed_price,
                 problem.is_cyclic)


def crew_of(problem: BreakProblem, group: DutyGroup, its: Ways) -> Crew:
    if group.start_min % problem.interval_min or group.start_min < 0:
        raise ValueError(say("{minutes} min is no whole number of intervals of {interval} min",
                             minutes=group.start_min, interval=problem.interval_min))
    start = group.start_min // problem.interval_min
    arc = np.repeat(np.arange(len(its.tail)), its.away)
    within = np.arange(len(arc)) - np.repeat(np.cumsum(its.away) - its.away, its.away)
    slots, inside = on_horizon(problem, start + its.begins[arc] + within)
    present, counted = on_horizon(problem, start + np.arange(group.length_min // problem.interval_min))
    return Crew(group.people, start, its, present[counted], arc[inside], slots[inside])


def on_horizon(problem: BreakProblem, slots: Ints) -> tuple[Ints, Bools]:
    """Slots of the horizon, and which of them lie on it."""
    total = len(problem.need)
    return (slots % total, np.ones(len(slots), np.bool_)) if problem.is_cyclic else (slots, slots < total)


def away_of(floor: Floor, paths: list[list[Path]]) -> Floats:
    """[intervals] people who are away, for the paths of each crew."""
    away = np.zeros(len(floor.spare))
    for crew, its in zip(floor.crews, paths, strict=True):
        away += away_of_crew(crew, its, len(away))
    return away


def away_of_crew(crew: Crew, paths: list[Path], intervals: int) -> Floats:
    times = np.zeros(len(crew.ways.tail))
    for path in paths:
        np.add.at(times, path, 1)
    return np.bincount(crew.away_slot, times[crew.away_arc], minlength=intervals).astype(np.float64)
