"""Shifts that fit a need exactly, with nobody missing or to spare, by CP-SAT.

Such plans are few, if there are any, and that is what makes them quick to find: with a price on whoever is missing or
to spare the same search takes ten times as long. One worker, so that it finds the same plan each time.
"""
from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from optimizer.staffing.shifts.program import Program
from optimizer.staffing.shifts.terms import Ints


class StopAt(cp_model.CpSolverSolutionCallback):
    """Ends a search that has found what costs no more than enough."""

    def __init__(self, enough: float) -> None:
        super().__init__()
        self.enough = enough

    def on_solution_callback(self) -> None:
        if self.objective_value <= self.enough + 1e-6:
            self.stop_search()


def exactly_fitting_people(program: Program, most_s: float, seed: int, enough: float) -> Ints | None:
    """Cheap people on each way to work [ways]; None where nothing fits or was found in time.

    :param enough: a plan that costs no more ends the search.
    """
    if most_s <= 0 or (program.need != np.rint(program.need)).any() or (program.need > program.ceiling).any():
        return None
    model = cp_model.CpModel()
    people = [model.new_int_var(0, int(most), "") for most in program.most]
    used = [model.new_bool_var("") for _ in program.kind_price]
    for way, kind in enumerate(program.duties.kind):
        model.add(people[way] <= int(program.most[way]) * used[kind])
    fit(model, program, people)
    if program.most_kinds < np.inf:
        model.add(sum(used) <= int(program.most_kinds))
    model.minimize(cp_model.LinearExpr.weighted_sum(people + used, [*program.duties.price(), *program.kind_price]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.random_seed = most_s, seed
    solver.parameters.num_workers = 1
    if solver.solve(model, StopAt(enough)) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([solver.value(count) for count in people], np.int64)


def fit(model: cp_model.CpModel, program: Program, people: list[cp_model.IntVar]) -> None:
    """Cover is the need, and no more people begin on a day than may."""
    cover = program.duties.cover.tocsr()
    for slot, need in enumerate(program.need):
        on_duty = cover.indices[cover.indptr[slot]:cover.indptr[slot + 1]]
        model.add(sum(people[way] for way in on_duty) == int(need))
    for day in np.unique(program.duties.day) if program.most_people < np.inf else ():
        model.add(sum(people[way] for way in np.flatnonzero(program.duties.day == day)) <= int(program.most_people))
