"""The same flows by CP-SAT, which finds whole people where the linear program splits most of them. It works on all
cores at once, so that of equally good flows it may find others in another run."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from ortools.sat.python import cp_model

from optimizer.staffing.shifts.breaks.floor import Floor
from optimizer.staffing.shifts.breaks.program import absences, conservation, people_of
from optimizer.staffing.shifts.breaks.terms import Bools, Floats, Ints


def searched_flows(floor: Floor, whole: Sequence[int], away: Floats, counted: Bools, most_s: float, seed: int
                   ) -> list[Ints] | None:
    """How many of each crew take each arc so that cover costs least, as ``program.best_flows``; None where nothing was
    found in time, or where people to spare are no whole numbers."""
    spare = floor.spare - away
    if most_s <= 0 or not np.array_equal(spare, np.rint(spare)):
        return None
    crews = [floor.crews[k] for k in whole]
    arcs = [len(crew.ways.tail) for crew in crews]
    model = cp_model.CpModel()
    flow = [model.new_int_var(0, crew.people, "") for crew, n in zip(crews, arcs, strict=True) for _ in range(n)]
    conserved = sp.block_diag([conservation(crew) for crew in crews], "csr")
    for row, balance in enumerate(people_of(crews)):
        model.add(total(conserved, row, flow) == int(balance))
    absent = sp.hstack([absences(crew, len(counted)) for crew in crews], "csr")
    price: list[cp_model.LinearExpr] = []
    most = int(np.abs(spare).max()) + sum(crew.people for crew in crews)
    for slot in np.flatnonzero(counted).tolist():
        over, short = (model.new_int_var(0, most, "") for _ in range(2))
        model.add(total(absent, slot, flow) + over - short == int(spare[slot]))
        price += [floor.overstaffed_price * over, floor.understaffed_price * short]
    model.minimize(sum(price))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.random_seed = most_s, seed
    solver.parameters.num_workers, solver.parameters.linearization_level = 2, 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [np.array(part, np.int64) for part in np.split([solver.value(x) for x in flow], np.cumsum(arcs)[:-1])]


def total(rows: Any, row: int, variables: Sequence[cp_model.IntVar]) -> cp_model.LinearExpr:
    """One row of a matrix of whole numbers times the variables."""
    its = slice(rows.indptr[row], rows.indptr[row + 1])
    times = rows.data[its].astype(np.int64).tolist()
    return cp_model.LinearExpr.weighted_sum([variables[k] for k in rows.indices[its]], times)
