"""Three textbook cases to the proved optimum: ``python -m benchmarks.staffing.textbook FILE``."""
from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.shifts.design import design_shifts
from optimizer.staffing.shifts.terms import ShiftProblem, ShiftType, Steps

DAY_MIN = 1440


def only(minutes: int) -> Steps:
    return Steps(minutes, minutes, 1)


def days_off(case: Mapping[str, Any]) -> ShiftProblem:
    """Five days on, two off, in a cyclic week: a shift of five days may begin on each day."""
    types = (ShiftType("five days", only(0), only(5 * DAY_MIN), duty_price=1),)
    return ShiftProblem(np.array(case["need"], np.float64)[:, None], types, math.inf, is_cyclic=True)


def hourly(case: Mapping[str, Any]) -> ShiftProblem:
    """Eight hours from any hour of a cyclic day."""
    types = (ShiftType("eight hours", Steps(0, 23 * 60, 60), only(8 * 60), duty_price=1),)
    return ShiftProblem(np.array([case["need"]], np.float64), types, math.inf, is_cyclic=True)


def given_shifts(case: Mapping[str, Any]) -> ShiftProblem:
    """Shifts that are lists of periods, with a price each, in periods of unequal length."""
    clock = [tuple(int(hour) % 24 for hour in period.split("-")) for period in case["periods"].split(",")]
    hours = [(end - start) % 24 for start, end in clock]
    need = np.zeros((1, 24))
    for people, (start, _), length in zip(case["need"], clock, hours, strict=True):
        need[0, (start + np.arange(length)) % 24] = people
    types = tuple(ShiftType(f"shift {k + 1}", only(clock[shift[0]][0] * 60), only(60 * sum(hours[p] for p in shift)),
                            duty_price=price)
                  for k, (shift, price) in enumerate(zip(case["shifts"], case["cost"], strict=True)))
    return ShiftProblem(need, types, math.inf, is_cyclic=True)


def problem_of(case: Mapping[str, Any]) -> ShiftProblem:
    if "shifts" in case:
        return given_shifts(case)
    return days_off(case) if len(case["need"]) == 7 else hourly(case)


def solved(case: Mapping[str, Any]) -> bool:
    plan = design_shifts(problem_of(case), 30.0)
    met = plan.is_proved and abs(plan.cost.total - case["best"]) < 1e-6
    row((case["name"], f"{plan.cost.total:g}", case["best"], f"{plan.bound:g}", f"{plan.seconds:.2f}", yes(met)))
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    head("case", "value", "best", "bound", "seconds", "best and proved")
    met = [solved(case) for case in json.loads(parser.parse_args().file.read_text("utf-8"))]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
