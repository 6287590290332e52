"""Rules that together leave one person no row at all: a smallest set of them, and the least that would do."""
from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from ortools.sat.python import cp_model

from optimizer.staffing.revising.row_model import RowModel, solver_of
from optimizer.staffing.rosters.problem import OtherName, Person, Problem, Rule

AnyRule = Rule | OtherName
EFFORT = 5.0    # of CP-SAT for one person's row, about seconds; rows take hundredths


@dataclass(frozen=True)
class Collision:
    """A person who can have no row. Without any one of the rules there would be one, as far as these go."""

    person: str
    rules: tuple[AnyRule, ...]
    mends: tuple[tuple[AnyRule, int], ...]    # least amount, in the rule's unit, by which passing it alone makes a row


def collision(problem: Problem, person: Person) -> Collision | None:
    """By trying; None where there is a row, or where it could not be told."""
    every: list[AnyRule] = [*get_args(OtherName), *(rule for rule in person.limits if rule.price is None)]
    if not impossible(problem, person, every):
        return None
    core = list(every)
    for rule in every:
        fewer = [one for one in core if one != rule]
        if impossible(problem, person, fewer):
            core = fewer
    mends = ((rule, least_beyond(problem, person, rule)) for rule in core)
    return Collision(person.name, tuple(core), tuple((rule, least) for rule, least in mends if least is not None))


def impossible(problem: Problem, person: Person, rules: list[AnyRule]) -> bool:
    """Whether it is proved that no row keeps these rules."""
    model = cp_model.CpModel()
    RowModel(model, problem, person, left_out=others(person, rules))
    return bool(solver_of(EFFORT).solve(model) == cp_model.INFEASIBLE)


def least_beyond(problem: Problem, person: Person, rule: AnyRule) -> int | None:
    """By which one rule must be passed when all others hold; None: that does not do."""
    model = cp_model.CpModel()
    row = RowModel(model, problem, person, frozenset([rule]), others(person, [
        *get_args(OtherName), *(one for one in person.limits if one.price is None)]))
    model.minimize(sum(amount for _, amount in row.beyond))
    solver = solver_of(EFFORT)
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None


def others(person: Person, rules: list[AnyRule]) -> frozenset[AnyRule]:
    """All that are not among these."""
    every: list[AnyRule] = [*get_args(OtherName), *person.limits]
    return frozenset(rule for rule in every if rule not in rules)
