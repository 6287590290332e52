"""Whether the terms allow any help at all, and which of them stand against it."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.given.knowledge import Knowledge, knowledge
from optimizer.given.province import Lent
from optimizer.model.constraints import lent_as
from optimizer.model.highs import run
from optimizer.model.lending import under_terms
from sim.levers import plain

FREE: dict[str, dict[str, Any]] = {
    "share": {"share": plain(1.0)}, "keep": {"keep": plain(0.0)}, "quantum": {"quantum": 1},
    "licences": {"licences": {}}, "seats": {"seats": None}, "stint": {"stint": plain(0.0)},
    "changes_a_day": {"changes_a_day": None}, "hours_per_seat": {"hours_per_seat": plain(24.0)},
    "fairness": {"fairness": None},
}
"""By term of an agreement: what it is where it hinders nobody."""


def allowed(k: Knowledge, lent: Lent) -> bool:
    """Whether a plan keeps all terms."""
    m = under_terms(k)
    if not lent.keys() <= m.lent.keys():
        return False
    lent_as(m, lent)
    return solvable(m.solver)


def possible(k: Knowledge) -> bool:
    """Whether the terms allow one seat to be lent, for one block."""
    m = under_terms(k)
    m.solver.add_linear_constraint(mathopt.fast_sum(m.lent.values()) >= 1)
    return solvable(m.solver)


def solvable(solver: mathopt.Model) -> bool:
    return bool(run(solver).has_primal_feasible_solution())


def conflicts(k: Knowledge) -> list[str]:
    """Terms each of which stands against any help: without it alone, some would be possible. None where more than one
    term would have to give way."""
    found = [name for name, free in FREE.items() if possible(with_terms(k, free))]
    return [*found, "floor"] if possible(without_floors(k)) else found


def binding(k: Knowledge) -> dict[str, Knowledge]:
    """By term that hinders anybody: what is known, without it."""
    terms = k.province.agreement
    found = {name: with_terms(k, free) for name, free in FREE.items()
             if any(getattr(terms, field) != value for field, value in free.items())}
    return found | {"floor": without_floors(k)}


def with_terms(k: Knowledge, changes: dict[str, Any]) -> Knowledge:
    """What is known, under other terms. Where a lender's cap was its limit, its floors say how much wider one goes."""
    p = k.province.under(**changes)
    if all((p.caps[name] == caps).all() for name, caps in k.province.caps.items()):
        return replace(k, province=p)
    wider = knowledge(p)
    most = {name: np.where(k.most[name] < caps, k.most[name], wider.most[name])
            for name, caps in k.province.caps.items()}
    return replace(wider, most=most, delivers=k.delivers, costs=k.costs)


def without_floors(k: Knowledge) -> Knowledge:
    return replace(k, most=k.province.caps)
