"""The two scheduling examples of pyworkforce's README, on the same inputs: ``python -m
benchmarks.staffing.pyworkforce_shifts``.

Inputs and results are those of the README of pyworkforce 0.5.1 (MIT; Rodrigo Arenas). Its night shift covers the first
and the last hours of one day, and nothing ties days together: each day is a cycle of its own here.
MinRequiredResources minimizes people where nobody may be missing, MinAbsDifference the sum over hours of people above
or below the need. ``max_period_concurrency`` is the workplaces, ``max_shift_concurrency`` is looked at in the result.
"""
from __future__ import annotations

import math
import sys
from collections.abc import Callable

import numpy as np

from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.shifts.design import design_shifts
from optimizer.staffing.shifts.plan import ShiftPlan
from optimizer.staffing.shifts.terms import Limits, ShiftProblem, ShiftType, Steps

NEED = ((9, 11, 17, 9, 7, 12, 5, 11, 8, 9, 18, 17, 8, 12, 16, 8, 7, 12, 11, 10, 13, 19, 16, 7),
        (13, 13, 12, 15, 18, 20, 13, 16, 17, 8, 13, 11, 6, 19, 11, 20, 19, 17, 10, 13, 14, 23, 16, 8))
SHIFTS = {"Morning": 5, "Afternoon": 13, "Night": 21, "Mixed": 9}  # first hour; eight hours each
WORKPLACES, MOST_ON_A_SHIFT = 27, 25
THEIR_DIFFERENCE = ({"Morning": 8, "Afternoon": 11, "Night": 9, "Mixed": 1},
                    {"Morning": 13, "Afternoon": 17, "Night": 13, "Mixed": 0})
THEIR_REQUIRED = ({"Morning": 15, "Afternoon": 13, "Night": 19, "Mixed": 3},
                  {"Morning": 20, "Afternoon": 20, "Night": 23, "Mixed": 0})
People = dict[str, int]


def planned(day: int, duty_price: float, understaffed: float, overstaffed: float) -> ShiftPlan:
    types = tuple(ShiftType(name, Steps(hour * 60, hour * 60, 60), Steps(480, 480, 60), duty_price=duty_price)
                  for name, hour in SHIFTS.items())
    return design_shifts(ShiftProblem(np.array([NEED[day]], np.float64), types, understaffed, overstaffed,
                                      Limits(workplaces=WORKPLACES), is_cyclic=True))


def people_of(plan: ShiftPlan) -> People:
    return dict.fromkeys(SHIFTS, 0) | {shift.kind.type.name: int(shift.people[0]) for shift in plan.shifts}


def cover_of(people: People) -> list[int]:
    cover = [0] * 24
    for name, count in people.items():
        for hour in range(8):
            cover[(SHIFTS[name] + hour) % 24] += count
    return cover


def difference(day: int, people: People) -> float:
    return sum(abs(n - c) for n, c in zip(NEED[day], cover_of(people), strict=True))


def required(day: int, people: People) -> float:
    """People, where nobody is missing."""
    missing = any(c < n for n, c in zip(NEED[day], cover_of(people), strict=True))
    return math.inf if missing else sum(people.values())


def compared(name: str, plan: Callable[[int], ShiftPlan], worth: Callable[[int, People], float],
             theirs: tuple[People, ...]) -> bool:
    ours = [people_of(plan(day)) for day in range(len(NEED))]
    ours_cost, their_cost = (sum(worth(day, people) for day, people in enumerate(days)) for days in (ours, theirs))
    keeps = all(max(people.values()) <= MOST_ON_A_SHIFT and max(cover_of(people)) <= WORKPLACES for people in ours)
    row((name, f"{ours_cost:g}", f"{their_cost:g}", yes(keeps), yes(ours_cost <= their_cost and keeps)))
    return ours_cost <= their_cost and keeps


def main() -> int:
    head("example", "cost", "pyworkforce", "limits kept", "no worse")
    met = [compared("MinAbsDifference", lambda day: planned(day, 0, 1, 1), difference, THEIR_DIFFERENCE),
           compared("MinRequiredResources", lambda day: planned(day, 1, math.inf, 0), required, THEIR_REQUIRED)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
