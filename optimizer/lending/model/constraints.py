"""The terms of an agreement as constraints, one function each; some hold in second surges too."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.lending.inputs.province import LENDER, Lent
from optimizer.lending.inputs.sources import city_of, is_on_duty
from optimizer.lending.model.variables import Course, Model, row


def whole_seats(model: Model) -> None:
    """Seats are lent as wholes, by whom may, in the open blocks."""
    for pair in model.province.pairs:
        most = model.province.caps[pair[0]]
        for o, block in enumerate(model.province.open_blocks):
            slot = model.slot(pair, block)
            if slot not in model.lent:
                model.lent[slot] = model.solver.add_integer_variable(lb=0.0, ub=float(most[o]))
            model.by_lender[pair[0], block].append(model.lent[slot])
            model.by_borrower[pair[1], block].append((pair[0], model.lent[slot]))


def within_caps(model: Model) -> None:
    """A lender gives at most a share of its seats on duty, and keeps some at home; others give what they offer."""
    for city in (*model.province.lenders, *model.province.offered):
        for block, most in zip(model.province.open_blocks, model.province.caps[city], strict=True):
            model.solver.add_linear_constraint(model.sent(city, block) + model.ready(city, block) <= float(most))


def floors_hold(model: Model) -> None:
    """A lender gives no more than its floors allow, as far as is known from formulas and from simulation."""
    for city, most in model.knowledge.most.items():
        for block, seats in zip(model.province.open_blocks, most, strict=True):
            model.solver.add_linear_constraint(model.sent(city, block) + model.ready(city, block) <= float(seats))


def within_licences(model: Model, course: Course | None = None) -> None:
    """A borrower has places for so many guests."""
    for city, licence in model.province.agreement.licences.items():
        for block in model.province.open_blocks:
            model.solver.add_linear_constraint(model.received(city, block, course) <= float(licence))


def within_all_seats(model: Model, course: Course | None = None) -> None:
    """So many seats are lent at once, by all together."""
    if model.province.agreement.seats is not None:
        no_more_than(model, float(model.province.agreement.seats), course)


def no_more_than(model: Model, most: float, course: Course | None) -> list[mathopt.LinearConstraint]:
    """No more seats than these, in any block."""
    return [model.solver.add_linear_constraint(
        mathopt.fast_sum(model.received(city, block, course) for city in model.knowledge.surfaces) <= most)
        for block in model.province.open_blocks]


def nobody_lends_and_borrows(model: Model) -> None:
    """No city lends and borrows in the same block."""
    for city in set(model.province.lenders) & set(model.knowledge.surfaces):
        for o, block in enumerate(model.province.open_blocks):
            lends = model.solver.add_binary_variable()
            model.solver.add_linear_constraint(model.sent(city, block) <= float(model.province.caps[city][o]) * lends)
            most = model.province.most_borrowed[city]
            model.solver.add_linear_constraint(model.received(city, block) <= most * (1 - lends))


def each_day(model: Model) -> list[tuple[tuple[str, str], int, list[Any]]]:
    """(pair, first days, seats lent in the open blocks of such a day, one after another), people called in aside."""
    found: dict[tuple[Any, int], dict[int, Any]] = defaultdict(dict)
    for (giver, borrower, days, number), x in model.lent.items():
        if not model.province.come(giver):
            found[(giver, borrower), days][number] = x
    return [(pair, days, [x for _, x in sorted(blocks.items())]) for (pair, days), blocks in found.items()]


def stints_are_long_enough(model: Model) -> None:
    """A seat that is lent stays for so many blocks of the day."""
    blocks = int(np.ceil(float(model.province.agreement.stint) / model.province.block_s))
    if blocks <= 1:
        return
    for _, _, day in each_day(model):
        comes = [model.solver.add_variable(lb=0.0) for _ in day]
        for b, x in enumerate(day):
            row(model, [(x, 1.0), (comes[b], -1.0), *([(day[b - 1], -1.0)] if b else ())], 0.0)
        for b in range(len(day) + blocks - 1):
            still = [(come, 1.0) for come in comes[max(0, b - blocks + 1):b + 1]]
            row(model, [*still, *([(day[b], -1.0)] if b < len(day) else ())], 0.0)


def few_changes_a_day(model: Model) -> None:
    """The seats of a lender with a borrower change a few times a day. What is offered comes and goes by hours of its
    own."""
    allowed = model.province.agreement.changes_a_day
    if allowed is None:
        return
    for (source, _), _, day in each_day(model):
        if not is_on_duty(source):
            continue
        changes = [model.solver.add_binary_variable() for _ in day[1:]]
        for b, change in enumerate(changes):
            most = float(max(day[b].upper_bound, day[b + 1].upper_bound))
            for sign in (1.0, -1.0):
                row(model, [(day[b + 1], sign), (day[b], -sign), (change, -most)], 0.0)
        row(model, [(change, 1.0) for change in changes], float(allowed))


def burdens_are_fair(model: Model) -> None:
    """No lender gives a much larger part of its seats' hours than all give together."""
    if model.province.agreement.fairness is None:
        return
    has = {city: float(model.province.cities[city].duty[model.province.open_blocks].sum())
           for city in model.province.lenders}
    gives = {city: mathopt.fast_sum(model.sent(city, block) for block in model.province.open_blocks)
             for city in model.province.lenders}
    whole = mathopt.fast_sum(gives.values())
    for city in model.province.lenders:
        share = float(model.province.agreement.fairness) * has[city] / max(sum(has.values()), 1e-9)
        model.solver.add_linear_constraint(gives[city] <= share * whole)


@contextmanager
def nothing_lent(model: Model, lender: str | None = None) -> Iterator[None]:
    """For a while no seats of a lender are lent or stand by, or nobody's."""
    seats = {x: x.upper_bound for part in (model.lent, model.standby) for slot, x in part.items()
             if lender in (None, city_of(str(slot[LENDER])))}
    for x in seats:
        x.upper_bound = 0.0
    yield
    for x, most in seats.items():
        x.upper_bound = most


def lent_as(model: Model, lent: Lent, before: Lent | None = None) -> None:
    """These seats are lent, and no others.

    :param before: what was lent as the model stands, if anything is held.
    """
    for slot, x in model.lent.items():
        if before is None or lent.get(slot, 0) != before.get(slot, 0):
            x.lower_bound = x.upper_bound = lent.get(slot, 0)
