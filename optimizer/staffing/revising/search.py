"""A whole roster in CP-SAT, for small problems: fewest people missing, then the least price of rules passed."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from optimizer.staffing.revising.families import Limit, Treatment, limit
from optimizer.staffing.revising.row_model import RowModel, duties_of, solver_of
from optimizer.staffing.rosters.problem import OtherName, Problem, Roster, Rule

CENTS = 100     # prices in CP-SAT are whole numbers of hundredths


@dataclass(frozen=True)
class Found:
    """A roster, and whether none is better."""

    roster: Roster
    missing: int                    # people, over rows of cover
    price: float                    # of what goes beyond rules
    amounts: dict[Limit, float]     # beyond rules that are passed, in their units
    best: bool


def search(problem: Problem, treatment: Treatment, effort: float, at_least: int = 0) -> Found | None:
    """None where nothing was found in so much work (units of about a second). ``at_least`` so many are missing, known
    by a bound."""
    model = cp_model.CpModel()
    rows = [RowModel(model, problem, person, passed(person.limits, treatment), left_out(person.limits, treatment))
            for person in problem.people]
    missing = []
    for cover in problem.cover:
        there = [rows[i].x[day][problem.index[code]] for i, person in enumerate(problem.people)
                 if problem.counts(person, cover) for day, code in cover.duties]
        missing.append(model.new_int_var(0, max(0, cover.need), ""))
        model.add(sum(there) + missing[-1] >= cover.need)
        if (most := problem.room(cover)) is not None:
            model.add(sum(there) <= most)
    beyond = [(rule, amount) for row in rows for rule, amount in row.beyond if isinstance(rule, Rule)]
    price = sum(round(CENTS * (treatment.price(rule) or 0.0)) * amount for rule, amount in beyond)
    solver = solver_of(effort)
    model.add(sum(missing) >= at_least)
    model.minimize(sum(missing))
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    fewest, proved = round(solver.objective_value), status == cp_model.OPTIMAL
    if beyond:
        model.add(sum(missing) <= fewest)
        model.minimize(price)
        second = solver_of(effort)
        status = second.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        solver, proved = second, proved and status == cp_model.OPTIMAL
    amounts: dict[Limit, float] = {}
    for rule, amount in beyond:
        amounts[limit(rule)] = amounts.get(limit(rule), 0.0) + solver.value(amount)
    roster = np.array([duties_of(solver, row) for row in rows])
    return Found(roster, fewest, solver.value(price) / CENTS, amounts, proved)


def passed(limits: tuple[Rule, ...], treatment: Treatment) -> frozenset[Rule | OtherName]:
    """Rules that may be passed at a price."""
    return frozenset(rule for rule in limits if (treatment.price(rule) or 0.0) > 0)


def left_out(limits: tuple[Rule, ...], treatment: Treatment) -> frozenset[Rule | OtherName]:
    """Rules that do not count."""
    return frozenset(rule for rule in limits if treatment.price(rule) == 0.0)
