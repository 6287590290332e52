"""The terms of an agreement as constraints, one function each; some hold in second surges too."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer.lending.inputs.province import LENDER, Lent
from optimizer.lending.model.variables import Course, Model


def whole_seats(m: Model) -> None:
    """Seats are lent as wholes, by whom may, in the open blocks."""
    for pair in m.p.pairs:
        most = m.p.caps[pair[0]]
        for o, block in enumerate(m.p.open_blocks):
            slot = m.slot(pair, block)
            if slot not in m.lent:
                m.lent[slot] = m.solver.add_integer_variable(lb=0.0, ub=float(most[o]))
            m.by_lender[pair[0], block].append(m.lent[slot])
            m.by_borrower[pair[1], block].append(m.lent[slot])


def within_caps(m: Model) -> None:
    """A lender gives at most a share of its seats on duty, and keeps some at home."""
    for city in m.p.lenders:
        for block, most in zip(m.p.open_blocks, m.p.caps[city], strict=True):
            m.solver.add_linear_constraint(m.sent(city, block) + m.ready(city, block) <= float(most))


def floors_hold(m: Model) -> None:
    """A lender gives no more than its floors allow, as far as is known from formulas and from simulation."""
    for city, most in m.knowledge.most.items():
        for block, seats in zip(m.p.open_blocks, most, strict=True):
            m.solver.add_linear_constraint(m.sent(city, block) + m.ready(city, block) <= float(seats))


def within_licences(m: Model, course: Course | None = None) -> None:
    """A borrower has places for so many guests."""
    for city, licence in m.p.agreement.licences.items():
        for block in m.p.open_blocks:
            m.solver.add_linear_constraint(m.received(city, block, course) <= float(licence))


def within_all_seats(m: Model, course: Course | None = None) -> None:
    """So many seats are lent at once, by all together."""
    if m.p.agreement.seats is not None:
        no_more_than(m, float(m.p.agreement.seats), course)


def no_more_than(m: Model, most: float, course: Course | None) -> list[mathopt.LinearConstraint]:
    """No more seats than these, in any block."""
    return [m.solver.add_linear_constraint(
        mathopt.fast_sum(m.sent(city, block, course) for city in m.p.lenders) <= most) for block in m.p.open_blocks]


def nobody_lends_and_borrows(m: Model) -> None:
    """No city lends and borrows in the same block."""
    for city in set(m.p.lenders) & set(m.knowledge.surfaces):
        for o, block in enumerate(m.p.open_blocks):
            lends = m.solver.add_binary_variable()
            m.solver.add_linear_constraint(m.sent(city, block) <= float(m.p.caps[city][o]) * lends)
            m.solver.add_linear_constraint(m.received(city, block) <= m.p.most_borrowed[city] * (1 - lends))


def each_day(m: Model) -> list[tuple[tuple[str, str], int, list[Any]]]:
    """(pair, first days, seats lent in the open blocks of such a day, one after another)."""
    found: dict[tuple[Any, int], dict[int, Any]] = defaultdict(dict)
    for (giver, borrower, days, number), x in m.lent.items():
        found[(giver, borrower), days][number] = x
    return [(pair, days, [x for _, x in sorted(blocks.items())]) for (pair, days), blocks in found.items()]


def stints_are_long_enough(m: Model) -> None:
    """A seat that is lent stays for so many blocks of the day."""
    blocks = int(np.ceil(float(m.p.agreement.stint) / m.p.block_s))
    if blocks <= 1:
        return
    for _, _, day in each_day(m):
        comes = [m.solver.add_variable(lb=0.0) for _ in day]
        for b, x in enumerate(day):
            m.solver.add_linear_constraint(comes[b] >= x - (day[b - 1] if b else 0))
        for b in range(len(day) + blocks - 1):
            still = mathopt.fast_sum(comes[max(0, b - blocks + 1):b + 1])
            m.solver.add_linear_constraint(still <= (day[b] if b < len(day) else 0.0))


def few_changes_a_day(m: Model) -> None:
    """The seats of a lender with a borrower change a few times a day."""
    allowed = m.p.agreement.changes_a_day
    if allowed is None:
        return
    for _, _, day in each_day(m):
        changes = [m.solver.add_binary_variable() for _ in day[1:]]
        for b, change in enumerate(changes):
            most = float(max(day[b].upper_bound, day[b + 1].upper_bound))
            m.solver.add_linear_constraint(day[b + 1] - day[b] <= most * change)
            m.solver.add_linear_constraint(day[b] - day[b + 1] <= most * change)
        m.solver.add_linear_constraint(mathopt.fast_sum(changes) <= float(allowed))


def burdens_are_fair(m: Model) -> None:
    """No lender gives a much larger part of its seats' hours than all give together."""
    if m.p.agreement.fairness is None:
        return
    has = {city: float(m.p.cities[city].duty[m.p.open_blocks].sum()) for city in m.p.lenders}
    gives = {city: mathopt.fast_sum(m.sent(city, block) for block in m.p.open_blocks) for city in m.p.lenders}
    whole = mathopt.fast_sum(gives.values())
    for city in m.p.lenders:
        share = float(m.p.agreement.fairness) * has[city] / max(sum(has.values()), 1e-9)
        m.solver.add_linear_constraint(gives[city] <= share * whole)


@contextmanager
def nothing_lent(m: Model, lender: str | None = None) -> Iterator[None]:
    """For a while no seats of a lender are lent or stand by, or nobody's."""
    seats = {x: x.upper_bound for part in (m.lent, m.standby) for slot, x in part.items()
             if lender in (None, slot[LENDER])}
    for x in seats:
        x.upper_bound = 0.0
    yield
    for x, most in seats.items():
        x.upper_bound = most


def lent_as(m: Model, lent: Lent) -> None:
    """These seats are lent, and no others."""
    for slot, x in m.lent.items():
        x.lower_bound = x.upper_bound = lent.get(slot, 0)
