"""Column generation: whole rows of people as columns, made when their price says so."""
from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.problem import OFF, Floats, Ints
from optimizer.staffing.rosters.same_people import Together

SMALL = 1e-6
SMOOTH = 0.6   # part of the best prices known in those that rows are made for


@dataclass(frozen=True)
class Column:
    """A row that a person may have."""

    person: int
    row: Ints      # [days]
    cost: float    # the person's own: wishes, changes, premium, priced rules, fairness


@dataclass(frozen=True)
class Relaxed:
    """The best mixture of rows."""

    cost: float                # of the mixture
    bound: float               # no roster of these people costs less; -inf if time ran out before one was known
    duals: Floats              # [rows of cover] worth of one person more
    shares: list[Floats]       # by person: of each column


class Pool:
    """Columns by person, each once."""

    def __init__(self, people: int) -> None:
        self.columns: list[list[Column]] = [[] for _ in range(people)]
        self.seen: list[set[bytes]] = [set() for _ in range(people)]

    def add(self, column: Column) -> bool:
        """Whether it is new."""
        key = column.row.tobytes()
        if key in self.seen[column.person]:
            return False
        self.seen[column.person].add(key)
        self.columns[column.person].append(column)
        return True


def cheapest_column(instance: Instance, person: int, shared: Floats, bands: Bands | None) -> tuple[float, Column]:
    """A row at prices of duties [days, duties], and what no row of the person can cost less than at them."""
    least, total, row = instance.cheapest_fair(person, shared, bands)
    at = np.flatnonzero(row != OFF)
    return least, Column(person, row, total - float(shared[at, row[at]].sum()))


class Master:
    """The linear program over the columns of some people, the others' rows being given as cover that is there."""

    def __init__(self, instance: Instance, people: Sequence[int], there: Floats) -> None:
        self.instance, self.people = instance, list(people)
        self.model = mathopt.Model()
        self.cover = [self.cost_of(one, instance.need - there) for one in instance.together]
        self.one = {person: self.model.add_linear_constraint(lb=1, ub=1) for person in self.people}
        self.variables: dict[int, list[mathopt.Variable]] = {person: [] for person in self.people}
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def cost_of(self, one: Together, need: Floats) -> mathopt.LinearConstraint:
        """Rows to which the same people contribute, as one row of the program: beyond those wanted at the most, and
        missing down to each need."""
        widths, slopes = one.below(need), one.slopes
        beyond = self.model.add_variable(lb=0)
        self.model.objective.set_linear_coefficient(beyond, float(one.surplus.sum()))
        most = float(need[one.rows[0]])
        row = self.model.add_linear_constraint(lb=most, ub=most)
        row.set_coefficient(beyond, -1)
        for width, slope in zip(widths[widths > 0], slopes[widths > 0], strict=True):
            missing = self.model.add_variable(lb=0, ub=width)
            self.model.objective.set_linear_coefficient(missing, slope)
            row.set_coefficient(missing, 1)
        self.model.objective.offset += one.at_the_top(need)
        return row

    def add(self, column: Column) -> None:
        """A column more."""
        variable = self.model.add_variable(lb=0)
        self.model.objective.set_linear_coefficient(variable, column.cost)
        self.one[column.person].set_coefficient(variable, 1)
        cover = self.instance.row_cover(column.person, column.row)
        for one, row in zip(self.instance.together, self.cover, strict=True):
            if cover[one.rows[0]]:
                row.set_coefficient(variable, cover[one.rows[0]])
        self.variables[column.person].append(variable)

    def solve(self) -> tuple[float, Floats, Floats]:
        """Cost, price of each row of cover, and of each person's one row."""
        result = self.solved()
        duals = result.dual_values()
        self.values = result.variable_values()
        prices = np.zeros(len(self.instance.need))
        for one, row in zip(self.instance.together, self.cover, strict=True):
            prices[one.rows] = one.apart(duals[row])
        return (result.objective_value(), prices, np.array([duals[self.one[person]] for person in self.people]))

    def solved(self) -> mathopt.SolveResult:
        """GLOP goes on from its last basis. Where it loses its footing, HiGHS solves the program anew, and GLOP begins
        anew the next time."""
        try:
            found = self.solver.solve()
            if found.termination.reason == mathopt.TerminationReason.OPTIMAL:
                return found
        except (RuntimeError, AttributeError):  # mathopt's wrapper lacks a field that it reads of an internal error
            pass
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        return mathopt.solve(self.model, mathopt.SolverType.HIGHS)

    def shares(self) -> list[Floats]:
        """By person: of each column that the last solve knew."""
        return [np.array([self.values.get(v, 0.0) for v in self.variables[person]]) for person in self.people]


def relax(instance: Instance, people: Sequence[int], there: Floats, pool: Pool, bands: Bands | None, until: float,
          close: float = 1e-4) -> Relaxed:
    """The best mixture of rows for some people. New columns go to the pool. Ends when the bound is within a share
    ``close`` of the cost."""
    program = Program(instance, people, there, pool, bands)
    bound, best = -np.inf, None
    while True:
        cost, duals, ones = program.master.solve()
        best = duals if best is None else best
        for weight in (SMOOTH, 0.0):   # first between the best prices known and the program's, then at the program's
            prices = instance.in_range(weight * best + (1 - weight) * duals)
            total, new = program.extend(prices, duals, ones)
            if total > bound:
                bound, best = total, prices
            if new:
                break
        if not new or cost - bound <= close * max(abs(cost), 1.0) or time.perf_counter() > until:
            return Relaxed(cost, bound, best, program.master.shares())


class Program:
    """The master with what makes its columns."""

    def __init__(self, instance: Instance, people: Sequence[int], there: Floats, pool: Pool,
                 bands: Bands | None) -> None:
        self.instance, self.people, self.pool, self.bands = instance, people, pool, bands
        self.need = instance.need - there
        self.master = Master(instance, people, there)
        nothing = np.zeros((instance.days, instance.duties))
        for person in people:
            if not pool.columns[person]:
                pool.add(cheapest_column(instance, person, nothing, bands)[1])
            for column in pool.columns[person]:
                self.master.add(column)

    def extend(self, prices: Floats, duals: Floats, ones: Floats) -> tuple[float, bool]:
        """The bound that prices [rows of cover] give, and whether a column came that the program's duals want."""
        shared = -self.instance.cell_prices(prices)
        total, new = float(prices @ self.need), False
        for k, person in enumerate(self.people):
            least, column = cheapest_column(self.instance, person, shared[self.instance.signature[person]], self.bands)
            total += least
            reduced = column.cost - float(self.instance.row_cover(person, column.row) @ duals) - ones[k]
            if reduced < -SMALL and self.pool.add(column):
                self.master.add(column)
                new = True
        return total, new
