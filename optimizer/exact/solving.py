"""From the small form to its best plan, with a proof."""
from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from optimizer.exact.instance import Instance
from optimizer.exact.model import Model, build, cut_tail, most_answered_beside
from optimizer.exact.reading import instance_of
from optimizer.exact.tables import Table
from sim.queueing.erlang import Floats

Plan = dict[tuple[int, int], int]  # seats by lender and borrower
Lent = dict[tuple[str, str], int]  # seats by lender and borrower, only those above 0


@dataclass(frozen=True)
class Optimum:
    """The best plan, what it is worth, and what no plan can pass."""

    objective: float          # answered calls less costs, or the value of another goal
    bound: float              # at most (at least) what any plan is worth
    proved: bool              # nothing is better
    plans: list[Lent]         # by block; by scenario where plans are made once the day is seen
    answer_rate: list[dict[str, float]]  # by block or scenario: share of its callers whom each city answers
    standby: dict[str, int]   # seats that lenders keep ready
    seconds: float


def optimum(problem: Instance | Mapping[str, Any], most_s: float = 60.0) -> Optimum:
    """The best plan of lending for a problem in its small form.

    :param problem: an instance, or its fields as files have them (see ``reading.instance_of``).
    :param most_s: seconds after which the best plan so far is returned, not proved.
    :raises InstanceError: if it makes no sense.

    >>> from optimizer import optimum
    >>> best = optimum({"cities": ["A", "B"], "lam": [0.2, 0.1], "N": [20, 30], "aht": 240, "pat": 120, "T": [3600],
    ...                 "e": [[1, 0.8], [0.8, 1]], "arcs": [["A", "B"], ["B", "A"]], "cap": [20, 30], "floor": 0.95})
    >>> best.plans, round(best.objective, 2), best.proved
    ([{('B', 'A'): 3}], 679.96, True)

    The worst city instead: ``"objective": "max_min"``; ``w`` are its weights.

    >>> fair = optimum({"cities": ["A", "B"], "lam": [0.1, 0.1], "N": [20, 30], "aht": 240, "pat": 120,
    ...                 "arcs": [["B", "A"]], "cap": 20, "objective": "max_min"})
    >>> fair.plans, {city: round(share, 3) for city, share in fair.answer_rate[0].items()}, round(fair.objective, 3)
    ([{('B', 'A'): 5}], {'A': 0.922, 'B': 0.913}, 0.913)
    """
    began = time.perf_counter()
    instance = problem if isinstance(problem, Instance) else instance_of(problem)
    model = build(instance)
    plans, limit = SEARCHES.get(instance.goal, search)(model, began + most_s)
    rates = rates_of(model, plans)
    worth, names = objective(instance, rates, plans), instance.cities
    return Optimum(
        worth, worth if limit is None else limit, limit is None,
        [{(names[a], names[b]): seats for (a, b), seats in plan.items() if seats} for plan in plans], rates,
        {names[c]: seats for c, seats in enumerate(standby(instance, plans)) if seats and instance.goal == "recourse"},
        time.perf_counter() - began)


def search(model: Model, until: float) -> tuple[list[Plan], float | None]:
    """The best plans, and what no plan can pass: None if they are proved to be the best. Where none is found in time,
    nothing is lent: that keeps all constraints."""
    solver, found, proved = solved(model, until)
    if not found:
        return [dict.fromkeys(plan, 0) for plan in model.plans], bound(model)
    plans = [{arc: solver.value(x) * model.instance.quantum for arc, x in plan.items()} for plan in model.plans]
    return plans, None if proved else float(solver.best_objective_bound) * model.unit


def search_tail(model: Model, until: float) -> tuple[list[Plan], float | None]:
    """Likewise for a conditional value at risk. The worst days of each plan that is found are a cut; a plan that comes
    again is the best one."""
    best: tuple[float, list[Plan]] | None = None
    seen: list[list[Plan]] = []
    while True:
        plans, limit = search(model, until)
        shares = shares_of(model.instance, rates_of(model, plans))
        worth = tail_risk(model.instance, shares)
        if best is None or worth < best[0]:
            best = worth, plans
        if limit is not None or plans in seen:
            return best[1], limit
        seen.append(plans)
        cut_tail(model, tail_weights(model.instance, shares))


def search_fair(model: Model, until: float) -> tuple[list[Plan], float | None]:
    """Likewise for the worst city; of the plans that are best for it, as far as time allows, the one with the most
    answered."""
    plans, limit = search(model, until)
    if limit is None:
        most_answered_beside(model, worst_city(model.instance, shares_of(model.instance, rates_of(model, plans))))
        beside, left = search(model, until)
        plans = beside if left is None else plans
    return plans, limit


SEARCHES = {"cvar": search_tail, "max_min": search_fair}


def solved(model: Model, until: float) -> tuple[Any, bool, bool]:
    """The solver with what it knows at the end of the time, whether that is a plan, and whether it is the best one."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(until - time.perf_counter(), 1e-3)
    solver.parameters.relative_gap_limit = 0.0
    solver.parameters.random_seed = 1
    status = solver.solve(model.solver)
    return solver, status in (cp_model.OPTIMAL, cp_model.FEASIBLE), status == cp_model.OPTIMAL


def rates_of(model: Model, plans: list[Plan]) -> list[dict[str, float]]:
    """By case: share of its callers whom each city answers."""
    return [{city: answer_rate(model, k, c, plans[case.plan]) for c, city in enumerate(model.instance.cities)}
            for k, case in enumerate(model.instance.cases)]


def shares_of(i: Instance, rates: list[dict[str, float]]) -> Floats:
    """[cases, cities]"""
    return np.array([[rate[city] for city in i.cities] for rate in rates])


def bound(model: Model) -> float:
    """What no plan can pass, without a search: nobody answers more than with the best of the tables."""
    if model.instance.goal == "cvar":
        return 0.0
    if model.instance.goal == "max_min":
        most = [[max(table.lent.max(), table.borrowed.max()) for table in row] for row in model.tables]
        return worst_city(model.instance, np.array(most))
    return sum(case.weight * case.length_s * float(model.instance.weights[c] * case.calls_per_s[c])
               * float(max(table.lent.max(), table.borrowed.max()))
               for case, row in zip(model.instance.cases, model.tables, strict=True) for c, table in enumerate(row))


def answer_rate(model: Model, k: int, city: int, plan: Plan) -> float:
    """From the tables, for the seats of a plan."""
    table: Table = model.tables[k][city]
    quantum = model.instance.quantum
    lent = sum(seats for (lender, _), seats in plan.items() if lender == city) // quantum
    if lent:
        return float(table.lent[lent])
    counts = tuple(sum(seats for (lender, borrower), seats in plan.items() if borrower == city
                       and lender in guests.lenders) // quantum for guests in model.guests[city])
    return float(table.borrowed[counts])


def standby(i: Instance, plans: list[Plan]) -> list[int]:
    """Seats that each city has to keep ready for all plans."""
    return [max(sum(seats for (lender, _), seats in plan.items() if lender == city) for plan in plans)
            for city in range(len(i.cities))]


def objective(i: Instance, rates: list[dict[str, float]], plans: list[Plan]) -> float:
    """What plans are worth, from the shares answered."""
    shares = shares_of(i, rates)
    if i.goal == "cvar":
        return tail_risk(i, shares)
    if i.goal == "max_min":
        return worst_city(i, shares)
    worth = 0.0
    for case, share in zip(i.cases, shares, strict=True):
        seats = sum(plans[case.plan].values())
        answered = float(i.weights @ (case.calls_per_s * share)) * case.length_s
        worth += case.weight * (answered - i.seat_hour * seats * case.length_s / 3600)
    if i.goal == "recourse":
        worth -= i.standby_hour * sum(standby(i, plans)) * i.cases[0].length_s / 3600
    return worth


def worst_city(i: Instance, shares: Floats) -> float:
    """The least weighted share that a city answers of its callers; all of nobody's."""
    answered, calls = (i.calls * shares).sum(axis=0), i.calls.sum(axis=0)
    return float(min((i.weights[city] * answered[city] / calls[city] for city in i.compared), default=1.0))


def tail_risk(i: Instance, shares: Floats) -> float:
    """Mean unanswered share over the worst cases, as many as make up the tail."""
    return float(tail_weights(i, shares) @ unanswered(i, shares))


def unanswered(i: Instance, shares: Floats) -> Floats:
    """[cases] share of all callers who are not answered; none of nobody."""
    return np.array([1 - float(case.calls_per_s @ share) / float(case.calls_per_s.sum())
                     if case.calls_per_s.any() else 0.0 for case, share in zip(i.cases, shares, strict=True)])


def tail_weights(i: Instance, shares: Floats) -> Floats:
    """[cases] their parts of the tail, the worst first: 1 together."""
    order = np.argsort(-unanswered(i, shares), kind="stable")
    weights = np.array([case.weight for case in i.cases])[order]
    found = np.zeros(len(weights))
    found[order] = np.minimum(weights, np.maximum(1 - i.tail - (np.cumsum(weights) - weights), 0.0)) / (1 - i.tail)
    return found
