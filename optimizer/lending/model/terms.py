"""Whether the terms allow any help at all, and which of them stand against it."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.lending.inputs.estimates import Estimates, knowledge
from optimizer.lending.inputs.promise import at_once
from optimizer.lending.inputs.province import LENDER, Lent
from optimizer.lending.model.constraints import lent_as
from optimizer.lending.model.highs import run
from optimizer.lending.model.lending import under_terms
from sim.scenario.lending_terms import Agreement
from sim.scenario.quantities import plain

FREE: dict[str, dict[str, Any]] = {
    "share": {"share": plain(1.0, "share")}, "keep": {"keep": plain(0.0, "1")},
    "licences": {"licences": {}}, "seats": {"seats": None}, "stint": {"stint": plain(0.0, "s")},
    "changes_a_day": {"changes_a_day": None}, "fairness": {"fairness": None},
}
"""By term of an agreement: what it is where it hinders nobody."""
FLOOR = "floor"  # stands beside them: without it the limits of lenders are their caps


def allowed(estimates: Estimates) -> Callable[[Lent], bool]:
    """Tells of plans whether they keep all terms."""
    model, before = under_terms(estimates), list[Lent]()

    def of(lent: Lent) -> bool:
        if not lent.keys() <= model.lent.keys():
            return False
        lent_as(model, lent, before.pop() if before else None)
        before.append(lent)
        return solvable(model.solver)
    return of


def possible(estimates: Estimates) -> bool:
    """Whether the terms allow one seat to be lent, for one block."""
    model = under_terms(estimates)
    model.solver.add_linear_constraint(mathopt.fast_sum(model.lent.values()) >= 1)
    return solvable(model.solver)


def solvable(solver: mathopt.Model) -> bool:
    return bool(run(solver).has_primal_feasible_solution())


def conflicts(estimates: Estimates) -> list[list[str]]:
    """Terms that stand against any help: those without each of which alone some would be possible; else the fewest,
    one after another, that have to give way together."""
    alone = [name for name in (*FREE, FLOOR) if possible(freed(estimates, [name]))]
    if alone:
        return [[name] for name in alone]
    needed = [*FREE, FLOOR]
    for name in (*FREE, FLOOR):
        fewer = [one for one in needed if one != name]
        needed = fewer if possible(freed(estimates, fewer)) else needed
    return [needed] if possible(freed(estimates, needed)) else []


def freed(estimates: Estimates, names: list[str]) -> Estimates:
    """What is known, without these terms."""
    free = with_terms(estimates,
                      {field: value for name in names if name in FREE for field, value in FREE[name].items()})
    return without_floors(free) if FLOOR in names else free


def binding(agreement: Agreement) -> list[str]:
    """Terms that hinder anybody."""
    return [name for name, free in FREE.items()
            if any(getattr(agreement, field) != value for field, value in free.items())] + [FLOOR]


def with_terms(estimates: Estimates, changes: dict[str, Any]) -> Estimates:
    """What is known, under other terms. Where a lender's cap was its limit, its floors say how much wider one goes."""
    province = estimates.province.under(**changes)
    if all((province.caps[name] == caps).all() for name, caps in estimates.province.caps.items()):
        return replace(estimates, province=province)
    wider = knowledge(province)  # of all its people: a stance asks some of them
    most = {name: np.where(estimates.most[name] < caps, estimates.most[name], wider.most[name])
            for name, caps in estimates.province.caps.items() if name in estimates.most}
    return replace(wider, most=most, delivers=estimates.delivers, costs=estimates.costs,
                   brings=estimates.brings)


def with_room(estimates: Estimates, lent: Lent) -> Estimates:
    """Limits that leave room for a plan that simulation has tried."""
    return replace(estimates, most={name: np.maximum(most, at_once(estimates.province, lent, LENDER, name))
                                    for name, most in estimates.most.items()})


def without_floors(estimates: Estimates) -> Estimates:
    return replace(estimates, most={name: estimates.province.caps[name] for name in estimates.most})
