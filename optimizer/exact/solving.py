"""From the small form to its best plan, with a proof."""
from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from optimizer.exact.instance import Instance
from optimizer.exact.model import Model, build
from optimizer.exact.tables import Table
from sim.erlang import Floats

Lent = dict[tuple[str, str], int]  # seats by lender and borrower, only those above 0


@dataclass(frozen=True)
class Optimum:
    """The best plan, what it is worth, and what no plan can pass."""

    objective: float          # answered calls less costs; for a conditional value at risk that value
    bound: float              # at most (at least) what any plan is worth
    proved: bool              # nothing is better
    plans: list[Lent]         # by block; by scenario where plans are made once the day is seen
    answer_rate: list[dict[str, float]]  # by block or scenario: share of its callers whom each city answers
    standby: dict[str, int]   # seats that lenders keep ready
    seconds: float


def optimum(problem: Instance | Mapping[str, Any], most_s: float = 60.0) -> Optimum:
    """The best plan of lending for a problem in its small form.

    :param problem: an instance, or its fields as files have them (see ``Instance.of``).
    :param most_s: seconds after which the best plan so far is returned, not proved.
    :raises InstanceError: if it makes no sense.

    >>> from optimizer import optimum
    >>> best = optimum({"cities": ["A", "B"], "lam": [0.2, 0.1], "N": [20, 30], "aht": 240, "pat": 120, "T": [3600],
    ...                 "e": [[1, 0.8], [0.8, 1]], "arcs": [["A", "B"], ["B", "A"]], "cap": [20, 30], "floor": 0.95})
    >>> best.plans, round(best.objective, 2), best.proved
    ([{('B', 'A'): 3}], 679.96, True)
    """
    began = time.perf_counter()
    instance = problem if isinstance(problem, Instance) else Instance.of(problem)
    model, solver = build(instance), cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = most_s
    solver.parameters.relative_gap_limit = 0.0
    solver.parameters.random_seed = 1
    status = solver.solve(model.solver)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)  # if not, nothing is lent: that keeps all constraints
    plans = [{arc: solver.value(x) * instance.quantum if found else 0 for arc, x in plan.items()}
             for plan in model.plans]
    rates = [{city: answer_rate(model, k, c, plans[case.plan]) for c, city in enumerate(instance.cities)}
             for k, case in enumerate(instance.cases)]
    worth, unit = objective(instance, rates, plans), model.unit / model.multiple
    proved = status == cp_model.OPTIMAL
    names = instance.cities
    return Optimum(
        worth, worth if proved else bound(model, solver.best_objective_bound * unit if found else None), proved,
        [{(names[a], names[b]): seats for (a, b), seats in plan.items() if seats} for plan in plans], rates,
        {names[c]: seats for c, seats in enumerate(standby(instance, plans)) if seats and instance.goal == "recourse"},
        time.perf_counter() - began)


def bound(model: Model, proved: float | None) -> float:
    """What no plan can pass: what the solver has proved, or the best of every table."""
    i = model.instance
    if proved is not None or i.goal == "cvar":
        return proved or 0.0
    return sum(case.weight * case.length_s * float(i.weights[c] * case.calls_per_s[c])
               * float(max(table.lent.max(), table.borrowed.max()))
               for case, row in zip(i.cases, model.tables, strict=True) for c, table in enumerate(row))


def answer_rate(model: Model, k: int, city: int, plan: Mapping[tuple[int, int], int]) -> float:
    """From the tables, for the seats of a plan."""
    table: Table = model.tables[k][city]
    quantum = model.instance.quantum
    lent = sum(seats for (lender, _), seats in plan.items() if lender == city) // quantum
    if lent:
        return float(table.lent[lent])
    counts = tuple(sum(seats for (lender, borrower), seats in plan.items() if borrower == city
                       and lender in guests.lenders) // quantum for guests in model.guests[city])
    return float(table.borrowed[counts])


def standby(i: Instance, plans: list[dict[tuple[int, int], int]]) -> list[int]:
    """Seats that each city has to keep ready for all plans."""
    return [max(sum(seats for (lender, _), seats in plan.items() if lender == city) for plan in plans)
            for city in range(len(i.cities))]


def objective(i: Instance, rates: list[dict[str, float]], plans: list[dict[tuple[int, int], int]]) -> float:
    """What plans are worth, from the shares answered."""
    shares = np.array([[rate[city] for city in i.cities] for rate in rates])
    if i.goal == "cvar":
        return tail_risk(i, shares)
    worth = 0.0
    for case, share in zip(i.cases, shares, strict=True):
        seats = sum(plans[case.plan].values())
        answered = float(i.weights @ (case.calls_per_s * share)) * case.length_s
        worth += case.weight * (answered - i.seat_hour * seats * case.length_s / 3600)
    if i.goal == "recourse":
        worth -= i.standby_hour * sum(standby(i, plans)) * i.cases[0].length_s / 3600
    return worth


def tail_risk(i: Instance, shares: Floats) -> float:
    """Mean unanswered share over the worst cases, as many as make up the tail."""
    unanswered = np.array([1 - float(case.calls_per_s @ share) / float(case.calls_per_s.sum())
                           if case.calls_per_s.any() else 0.0 for case, share in zip(i.cases, shares, strict=True)])
    order = np.argsort(-unanswered)
    weights = np.array([case.weight for case in i.cases])[order]
    taken = np.minimum(weights, np.maximum(1 - i.tail - (np.cumsum(weights) - weights), 0.0))
    return float(taken @ unanswered[order]) / (1 - i.tail)
