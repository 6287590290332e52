"""The small form as a model of CP-SAT: one function for each constraint that has a name.

Values are whole numbers there, so small a part of the objective that their rounding does not matter; what is returned
is computed anew from the tables.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from optimizer.exact.instance import Case, Instance
from optimizer.exact.tables import Guests, Table, guests_of, lends, quanta, tables
from sim.queueing.erlang import Floats

PARTS = 10**10  # of the objective's largest value: what the solver tells apart
SHARES = 10**8  # of a share: numbers that are multiplied by chances have to be smaller
MOST_DENOMINATOR = 10**4
SMALLEST = 1e-290
CHANCES = 10**9
JUST = 1e-12    # a floor that is missed by less is held

Plan = dict[tuple[int, int], Any]  # quanta by arc


@dataclass
class Model:
    """Variables and what they stand for."""

    instance: Instance
    tables: list[list[Table]]
    unit: float  # of the objective, that the solver counts as 1
    solver: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    plans: list[Plan] = field(default_factory=list)
    guests: list[list[Guests]] = field(default_factory=list)  # [cities]
    standby: list[Any] = field(default_factory=list)
    tail: Any = None   # the conditional value at risk, where that is the goal
    worst: Any = None  # what the worst city answers, likewise
    unanswered: list[Any] = field(default_factory=list)  # by case, likewise

    def whole(self, value: float) -> int:
        """In units; what is worth more than everything together is as good as twice that."""
        return round(min(max(value / self.unit, -2.0 * PARTS), 2.0 * PARTS))

    def sent(self, plan: int, city: int) -> Any:
        return sum(x for (lender, _), x in self.plans[plan].items() if lender == city)

    def received(self, plan: int, city: int, lenders: tuple[int, ...] | None = None) -> Any:
        return sum(x for (lender, borrower), x in self.plans[plan].items()
                   if borrower == city and (lenders is None or lender in lenders))


def build(i: Instance) -> Model:
    """The whole model."""
    model = Model(i, tables(i), unit_of(i))
    model.guests = [guests_of(i, city) for city in range(len(i.cities))]
    whole_quanta(model)
    within_caps(model)
    within_licences(model)
    nobody_lends_and_borrows(model)
    floors_hold(model)
    alike_in_all_blocks(model)
    few_switches(model)
    from_standby(model)
    GOALS[i.goal](model)
    return model


def unit_of(i: Instance) -> float:
    if i.goal == "cvar":
        return 1 / SHARES
    if i.goal == "max_min":
        return max(float(i.weights.max()), SMALLEST) / PARTS
    return unit_of_calls(i)


def unit_of_calls(i: Instance) -> float:
    most = sum(case.weight * case.length_s * float(i.weights @ case.calls_per_s) for case in i.cases)
    return max(most, SMALLEST) / PARTS


# --- constraints -----------------------------------------------------------------------------------------------------

def whole_quanta(model: Model) -> None:
    """Seats are lent in whole quanta, on the arcs where lending is allowed."""
    i = model.instance
    model.plans = [{arc: model.solver.new_int_var(0, quanta(i, arc[0]), f"x{plan},{arc}") for arc in i.arcs}
                   for plan in range(i.plans)]


def within_caps(model: Model) -> None:
    """No lender gives more than its cap, nor more seats than it has in the block."""
    i = model.instance
    for case in i.cases:
        for city in range(len(i.cities)):
            model.solver.add(model.sent(case.plan, city) <= min(i.most_lent[city], case.own[city]) // i.quantum)


def within_licences(model: Model) -> None:
    """No borrower takes more than its licences allow."""
    i = model.instance
    for plan in range(i.plans):
        for city, licence in enumerate(i.most_borrowed):
            if licence is not None:
                model.solver.add(model.received(plan, city) <= licence // i.quantum)


def nobody_lends_and_borrows(model: Model) -> None:
    """A city does not lend and borrow in the same block."""
    for plan in range(model.instance.plans):
        for city in range(len(model.instance.cities)):
            lender = model.solver.new_bool_var(f"lends{plan},{city}")
            model.solver.add(model.sent(plan, city) == 0).only_enforce_if(~lender)
            model.solver.add(model.received(plan, city) == 0).only_enforce_if(lender)


def floors_hold(model: Model) -> None:
    """Who lends answers at least the floor: in every case, or in cases that are together likely enough."""
    i = model.instance
    good = [model.solver.new_bool_var(f"good{k}") for k in range(len(i.cases))]
    for k, case in enumerate(i.cases):
        for city in range(len(i.cities)):
            held = cp_model.Domain.from_values(outs_that_hold(i, model.tables[k][city], city))
            model.solver.add_linear_expression_in_domain(model.sent(case.plan, city), held).only_enforce_if(good[k])
    if i.holds_with is None:
        model.solver.add_bool_and(good)
    else:
        likely = sum(round(case.weight * CHANCES) * ok for case, ok in zip(i.cases, good, strict=True))
        model.solver.add(likely >= round(i.holds_with * CHANCES) - len(i.cases))


def outs_that_hold(i: Instance, table: Table, city: int) -> list[int]:
    """Quanta that a city may lend and still answer its floor."""
    return [out for out, share in enumerate(table.lent) if out == 0 or share >= i.floor[city] - JUST]


def alike_in_all_blocks(model: Model) -> None:
    """One plan for all blocks."""
    if model.instance.same_in_all_blocks:
        for plan in model.plans[1:]:
            for arc, x in plan.items():
                model.solver.add(x == model.plans[0][arc])


def few_switches(model: Model) -> None:
    """Seats that change from block to block, over all blocks and arcs, stay within a budget."""
    i = model.instance
    if i.most_switches is None:
        return
    changes = []
    for before, after in zip(model.plans, model.plans[1:], strict=False):
        for arc in i.arcs:
            change = model.solver.new_int_var(0, quanta(i, arc[0]), "change")
            model.solver.add_abs_equality(change, after[arc] - before[arc])
            changes.append(change)
    model.solver.add(sum(changes) * i.quantum <= i.most_switches)


def from_standby(model: Model) -> None:
    """Whatever the day turns out to be, nobody lends more than was put on standby."""
    i = model.instance
    if i.goal != "recourse":
        return
    model.standby = [model.solver.new_int_var(0, quanta(i, city), f"y{city}") for city in range(len(i.cities))]
    for plan in range(i.plans):
        for city, ready in enumerate(model.standby):
            model.solver.add(model.sent(plan, city) <= ready)


# --- goals -----------------------------------------------------------------------------------------------------------

def share_answered(model: Model, k: int, city: int, worth: float) -> tuple[Any, int]:
    """What a share answered of 1 is worth, times that share: a variable, in whole units, and a constant beside it."""
    table, plan = model.tables[k][city], model.instance.cases[k].plan
    still = float(table.lent[0])
    parts: list[Any] = []
    if lends(model.instance, city) and len(table.lent) > 1:
        parts.append(looked_up(model, model.sent(plan, city), table.lent, worth, still))
    if model.guests[city]:
        strides = np.cumprod([1, *table.borrowed.shape[::-1]])[:-1][::-1].tolist()
        place = sum(stride * model.received(plan, city, one.lenders)
                    for stride, one in zip(strides, model.guests[city], strict=True))
        parts.append(looked_up(model, place, table.borrowed.reshape(-1), worth, still))
        for one in model.guests[city]:
            model.solver.add(model.received(plan, city, one.lenders) <= one.most)
    return sum(parts), model.whole(worth * still)


def looked_up(model: Model, place: Any, shares: Any, worth: float, still: float) -> Any:
    """What the share at a place is worth more than lending nothing."""
    values = [model.whole(worth * (float(share) - still)) for share in shares]
    found = model.solver.new_int_var(min(values), max(values), "value")
    at = model.solver.new_int_var(0, len(values) - 1, "place")
    model.solver.add(at == place)
    model.solver.add_element(at, values, found)
    return found


def most_answered(model: Model) -> None:
    """As many answered calls as can be, less what lent seats cost."""
    model.solver.maximize(expected(model) - sum(hours_cost(model, case) for case in model.instance.cases))


def expected(model: Model) -> Any:
    """Answered calls over the cases, by their chances."""
    return sum(value + constant for k, case in enumerate(model.instance.cases) for value, constant in (
        share_answered(model, k, city, case.weight * case.length_s * float(model.instance.weights[city] * calls))
        for city, calls in enumerate(case.calls_per_s)))


def best_worst_city(model: Model) -> None:
    """The city that answers the least of its callers, by weight, answers as much as can be."""
    i, calls = model.instance, model.instance.calls
    model.worst = model.solver.new_int_var(0, PARTS, "worst")
    for city in i.compared:
        parts = i.weights[city] * calls[:, city] / calls[:, city].sum()
        model.solver.add(model.worst <= sum(value + constant for value, constant in (
            share_answered(model, k, city, float(part)) for k, part in enumerate(parts))))
    model.solver.maximize(model.worst)


def most_answered_beside(model: Model, worst: float) -> None:
    """As many answered calls as can be, where the worst city answers as much as it can, but for rounding."""
    model.solver.add(model.worst >= min(model.whole(worst), PARTS) - 1 - len(model.instance.cases))
    model.unit = unit_of_calls(model.instance)
    most_answered(model)


def hours_cost(model: Model, case: Case) -> Any:
    """What the seats lent in a case cost."""
    i = model.instance
    each = model.whole(case.weight * i.seat_hour * case.length_s / 3600 * i.quantum)
    return each * sum(model.plans[case.plan].values())


def most_answered_from_standby(model: Model) -> None:
    """As many answered calls as can be, once the day is seen, less what seats on standby cost."""
    i = model.instance
    each = model.whole(i.standby_hour * i.cases[0].length_s / 3600 * i.quantum)
    hours = sum(hours_cost(model, case) for case in i.cases)
    model.solver.maximize(expected(model) - hours - each * sum(model.standby))


def least_tail(model: Model) -> None:
    """The least unanswered share on the worst days: conditional value at risk (Rockafellar and Uryasev 2000). It is the
    largest of all means that weigh the days as the tail may; of those, ``cut_tail`` adds the ones that matter."""
    model.tail = model.solver.new_int_var(0, SHARES, "tail")
    for k, case in enumerate(model.instance.cases):
        calls = float(case.calls_per_s.sum())
        shares = [share_answered(model, k, city, float(one) / calls) for city,
                  one in enumerate(case.calls_per_s) if calls]
        model.unanswered.append(SHARES * (calls > 0) - sum(value + constant for value, constant in shares))
    model.solver.minimize(model.tail)


def cut_tail(model: Model, weights: Floats) -> None:
    """The tail is at least the mean unanswered share of days by these weights."""
    whole, parts = in_whole_numbers(weights.tolist())
    model.solver.add(whole * model.tail >= sum(part * share for part,
                                               share in zip(parts, model.unanswered, strict=True) if part))


def in_whole_numbers(numbers: list[float]) -> tuple[int, list[int]]:
    """Numbers times a whole one that makes them whole, exactly if a small one does."""
    fractions = [Fraction(x).limit_denominator(MOST_DENOMINATOR) for x in numbers]
    whole = lcm(*(fraction.denominator for fraction in fractions))
    if whole > MOST_DENOMINATOR:
        whole = MOST_DENOMINATOR**2 // 100
    return whole, [round(x * whole) for x in numbers]


GOALS = {"answered": most_answered, "max_min": best_worst_city, "cvar": least_tail,
         "recourse": most_answered_from_standby}
