"""The mixed integer program of shift design, for all kinds of shift or for some, solved by HiGHS through scipy."""
from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from optimizer.staffing.shifts.kinds import Duties
from optimizer.staffing.shifts.terms import Bools, Floats, Ints, ShiftProblem

Matrix = Any  # a sparse one; scipy's stubs tell more kinds of them apart than matter here


@dataclass(frozen=True)
class Program:
    """Needs, prices and limits as arrays. Variables are people [ways], understaffed and overstaffed [intervals]."""

    duties: Duties
    need: Floats         # [intervals] what shifts that were carried in leave to cover
    most: Floats         # [ways] more people never pay: all they cover would be overstaffed
    short_price: float
    over_price: float
    kind_price: Floats   # [kinds]
    ceiling: Floats      # [intervals] of the people on duty
    most_people: float   # on a day
    most_kinds: float

    @property
    def counts_kinds(self) -> bool:
        return bool(self.kind_price.any()) or self.most_kinds < inf


@dataclass(frozen=True)
class Solution:
    """People [ways], None where none were found in time; and what no plan goes below."""

    people: Ints | None
    bound: float
    is_infeasible: bool = False


def program_of(problem: ShiftProblem, duties: Duties) -> Program:
    limits, shape = problem.limits, problem.need.shape
    carried = np.broadcast_to(np.asarray(problem.carried, np.float64), shape)
    need, total = (problem.need - carried).ravel(), np.asarray(limits.workplaces + np.asarray(limits.home_seats))
    peak = np.asarray(sp.diags_array(np.maximum(need, 0)).dot(duties.cover).max(axis=0).todense(), np.float64).ravel()
    return Program(duties, need, np.ceil(peak), problem.understaffed_price, problem.overstaffed_price,
                   np.array([kind.type.kind_price for kind in duties.kinds]),
                   (np.broadcast_to(total, shape) - carried).ravel(), limits.most_people, limits.most_kinds)


def cheapest_people(program: Program, kinds: Ints, most_s: float, gap: float = 0.0) -> Solution:
    """The best plan of some kinds of shift, and the bound for those kinds.

    :param gap: a plan that is proved to cost by no larger a part more than it must is good enough.
    """
    ways = np.flatnonzero(np.isin(program.duties.kind, kinds) & (program.most > 0))
    used = len(kinds) if program.counts_kinds else 0
    slots, people = len(program.need), len(ways)
    own = np.searchsorted(kinds, program.duties.kind[ways])
    cost = np.concatenate([program.duties.price()[ways], staffing_price(program), program.kind_price[kinds][:used]])
    integral = np.concatenate([np.ones(people), np.zeros(2 * slots), np.ones(used)])
    found = milp(cost, integrality=integral, bounds=bounds(program, ways, used),
                 constraints=[*cover_rules(program, ways, used), *kind_rules(program, ways, own, used)],
                 options={"time_limit": max(most_s, 0.01), "mip_rel_gap": max(gap, 1e-9)})
    bound = found.fun if found.status == 0 and not gap else found.mip_dual_bound
    bound = -inf if bound is None else float(bound)
    if found.x is None:
        return Solution(None, bound, found.status == 2)
    whole = np.zeros(len(program.duties.kind), np.int64)
    whole[ways] = np.rint(found.x[:people])
    return Solution(whole, bound)


def likely_people(program: Program, rules: dict[str, Any], price: Floats) -> Floats | None:
    """[ways] people of whom parts may work, at some price of each; None where that cannot be.

    :param rules: those of ``linear_rules``.
    """
    found = linprog(np.concatenate([price, staffing_price(program)]), **rules, method="highs-ds")
    return None if found.x is None else np.asarray(found.x[:len(price)], np.float64)


def linear_rules(program: Program) -> dict[str, Any]:
    """The rules of cover and bounds for all ways, as linprog takes them."""
    ways = np.arange(len(program.most))
    limits, (exact, *other) = bounds(program, ways, 0), cover_rules(program, ways, 0)
    above: list[Matrix] = [rule.A for rule in other]
    return {"A_eq": exact.A, "b_eq": exact.lb, "A_ub": sp.vstack(above, "csc") if other else None,
            "b_ub": np.concatenate([rule.ub for rule in other]) if other else None,
            "bounds": np.column_stack([limits.lb, limits.ub])}


def staffing_price(program: Program) -> Floats:
    """[2 x intervals] understaffed, then overstaffed. An infinite price stands for a variable that is 0."""
    short = 0.0 if program.short_price == inf else program.short_price
    return np.repeat([short, program.over_price], len(program.need)).astype(np.float64)


def bounds(program: Program, ways: Ints, used: int) -> Bounds:
    short = np.zeros(len(program.need)) if program.short_price == inf else np.maximum(program.need, 0)
    upper = np.concatenate([program.most[ways], short, np.full(len(program.need), inf), np.ones(used)])
    return Bounds(np.zeros(len(upper)), upper)


def cover_rules(program: Program, ways: Ints, used: int) -> list[LinearConstraint]:
    """Cover and understaffed less overstaffed make the need; the ceiling; the people of a day."""
    cover, slots = program.duties.cover[:, ways], len(program.need)
    one, none = sp.identity(slots), sp.csc_matrix((slots, used))
    rules = [LinearConstraint(sp.hstack([cover, one, -one, none], "csc"), program.need, program.need)]
    limited: Bools = program.ceiling < inf
    if limited.any():
        rules.append(at_most(cover[limited], program.ceiling[limited], 2 * slots + used))
    if program.most_people < inf:
        day = program.duties.day[ways]
        by_day = sp.csc_matrix((np.ones(len(ways)), (day, np.arange(len(ways)))), shape=(day.max() + 1, len(ways)))
        rules.append(at_most(by_day, np.full(by_day.shape[0], program.most_people), 2 * slots + used))
    return rules


def kind_rules(program: Program, ways: Ints, own: Ints, used: int) -> list[LinearConstraint]:
    """People work only kinds that are used, and not too many kinds are.

    Whoever begins a kind of shift on a day counts together, whatever the meal: that tells a solver how much a kind is
    used. More than twice the peak never pay: with more, any two intervals in which each of them is missed have more
    than half of them at a meal, so one person's meal covers all such intervals, and nobody misses that person.
    """
    if not used:
        return []
    people, slots = len(ways), 2 * len(program.need)
    begins, which = np.unique([own, program.duties.day[ways]], axis=1, return_inverse=True)
    peak = np.zeros(begins.shape[1])
    np.maximum.at(peak, which, program.most[ways])
    together = sp.csc_matrix((np.ones(people), (which, np.arange(people))), shape=(len(peak), people))
    most = np.minimum(2 * peak, np.bincount(which, program.most[ways]))
    links = sp.csc_matrix((-most, (np.arange(len(peak)), begins[0])), shape=(len(peak), used))
    rules = [LinearConstraint(sp.hstack([together, sp.csc_matrix((len(peak), slots)), links], "csc"), -inf, 0)]
    if program.most_kinds < inf:
        count = sp.hstack([sp.csc_matrix((1, people + slots)), sp.csc_matrix(np.ones((1, used)))], "csc")
        rules.append(LinearConstraint(count, -inf, program.most_kinds))
    return rules


def at_most(rows: Matrix, limit: Floats, others: int) -> LinearConstraint:
    return LinearConstraint(sp.hstack([rows, sp.csc_matrix((rows.shape[0], others))], "csc"),
                            np.full(len(limit), -inf), limit)
