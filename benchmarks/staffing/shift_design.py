"""Minimum shift design against the planted plans: ``python -m benchmarks.staffing.shift_design FOLDER``.

An instance ends when the planted value is reached, unless ``--to-the-end`` is given. Fails where fewer than nine in ten
instances come to the planted value or below.
"""
from __future__ import annotations

import argparse
import math
import re
import sys
from pathlib import Path

import numpy as np

from benchmarks.staffing.shift_design_format import DAYS, Planned, ShiftDesignFile, read, value
from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.shifts.design import design_shifts
from optimizer.staffing.shifts.plan import ShiftPlan
from optimizer.staffing.shifts.terms import ShiftProblem, ShiftType, Steps

ENOUGH_SHARE = 0.9


def problem_of(file: ShiftDesignFile) -> ShiftProblem:
    types = tuple(ShiftType(its.name, Steps(*its.starts, file.interval_min), Steps(*its.lengths, file.interval_min),
                            kind_price=file.shift_weight) for its in file.templates)
    need = np.array(file.need, np.float64).reshape(DAYS, -1)
    return ShiftProblem(need, types, file.understaffed_weight * file.interval_min,
                        file.overstaffed_weight * file.interval_min, is_cyclic=True)


def planned_of(plan: ShiftPlan) -> list[Planned]:
    return [Planned(shift.kind.start_min, shift.kind.length_min, tuple(map(int, shift.people)))
            for shift in plan.shifts]


def solved(path: Path, seconds: float, to_the_end: bool) -> bool:
    file = read(path)
    plan = design_shifts(problem_of(file), seconds, enough=-math.inf if to_the_end else file.planted_value)
    found = value(file, planned_of(plan))
    met = found <= file.planted_value + 1e-6
    row((path.stem, f"{found:g}", f"{file.planted_value:g}", f"{plan.bound:.1f}", f"{plan.seconds:.1f}", yes(met)))
    return met


def numbered(folder: Path) -> dict[int, Path]:
    found = {int(re.findall(r"\d+", path.stem)[-1]): path for path in folder.glob("*.txt")}
    return dict(sorted(found.items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", default="", help="numbers of instances, by commas")
    parser.add_argument("--to-the-end", action="store_true", help="search on below the planted value")
    asked = parser.parse_args()
    only = {int(number) for number in asked.only.split(",") if number}
    head("instance", "value", "planted", "bound", "seconds", "at or below planted")
    met = [solved(path, asked.seconds, asked.to_the_end) for number, path in numbered(asked.folder).items()
           if not only or number in only]
    print(f"{sum(met)} of {len(met)} at or below the planted value")
    return 0 if met and sum(met) >= ENOUGH_SHARE * len(met) else 1


if __name__ == "__main__":
    sys.exit(main())
