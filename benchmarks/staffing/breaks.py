"""Break scheduling against planted plans of cost 0: ``python -m benchmarks.staffing.breaks FOLDER``.

Fails where any instance keeps a cost.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from benchmarks.staffing.breaks_format import (
    BREAK,
    DAY_MIN,
    DAYS,
    EDGE,
    LONG_BREAK,
    LONG_STRETCH,
    MEAL,
    MEAL_ABOVE,
    MEAL_FROM,
    MEAL_UNTIL,
    SETTLING,
    SLOT_MIN,
    STRETCH,
    WEIGHTS,
    BreakFile,
    Duty,
    break_time,
    cost,
    planted_duties,
    read,
    violations,
)
from benchmarks.staffing.shift_design import numbered
from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.shifts.breaks.staggering import stagger_breaks
from optimizer.staffing.shifts.breaks.terms import Break, BreakPlan, BreakProblem, BreakRules, DutyGroup


def rules_of(length_min: int) -> BreakRules:
    """One meal, and all other break time in rests of the least length: longer ones are allowed but not needed."""
    meals = int(length_min > MEAL_ABOVE)
    breaks = (Break("meal", MEAL, meals, MEAL_FROM, MEAL_UNTIL),
              Break("rest", BREAK[0], (break_time(length_min) - meals * MEAL) // BREAK[0]))
    return BreakRules(breaks, EDGE, STRETCH[0], STRETCH[1], LONG_STRETCH, LONG_BREAK, SETTLING)


def problem_of(file: BreakFile) -> BreakProblem:
    groups = tuple(DutyGroup(day * DAY_MIN + shift.start_min, shift.length_min, shift.people[day],
                             rules_of(shift.length_min)) for shift in file.shifts for day in range(DAYS))
    return BreakProblem(np.array(file.need, np.float64), SLOT_MIN, groups, True, WEIGHTS["understaffed"],
                        WEIGHTS["overstaffed"])


def duties_of(problem: BreakProblem, plan: BreakPlan) -> list[Duty]:
    week = DAYS * DAY_MIN
    return [Duty(group.start_min, group.length_min,
                 tuple(((its.start_min - group.start_min) % week, its.length_min) for its in person))
            for group, people in zip(problem.groups, plan.breaks, strict=True) for person in people]


def solved(path: Path, seconds: float) -> bool:
    file = read(path)
    planted = cost(violations(file, planted_duties(file))) if file.planted else "0 (not shown)"
    problem = problem_of(file)
    plan = stagger_breaks(problem, seconds)
    found = cost(violations(file, duties_of(problem, plan)))
    row((path.stem, len(duties_of(problem, plan)), found, planted, f"{plan.seconds:.1f}", yes(found == 0)))
    return found == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", default="", help="numbers of instances, by commas")
    asked = parser.parse_args()
    only = {int(number) for number in asked.only.split(",") if number}
    head("instance", "duties", "cost", "planted", "seconds", "cost 0")
    met = [solved(path, asked.seconds) for number, path in numbered(asked.folder).items() if not only or number in only]
    print(f"{sum(met)} of {len(met)} at cost 0")
    return 0 if met and all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
