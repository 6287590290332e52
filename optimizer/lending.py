"""The lending model: which cities lend how many seats to whom in which blocks. One function a named constraint.

Callers of a borrower flow from block to block: those who were not answered and still try are callers of the next one.
What is answered lies under planes that touch the surface of ``answers`` from above, so the solver's bound is one for
every plan under the same surfaces.
"""
from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from optimizer import promise
from optimizer.answers import planes
from optimizer.flow import Draw, draws, factors_of, flow
from optimizer.knowledge import Knowledge, NoPlanError
from optimizer.province import Lent, Province, Slot
from sim.tables import Floats

GAP, MOST_S = 0.002, 300.0
LITTLE = 1e-3      # a person for ever so many seat-hours: of plans that are as good the smaller one
SEGMENTS = 6       # of a lender's loss


@dataclass
class Model:
    """Variables, and what they are about."""

    knowledge: Knowledge
    draws: list[Draw]
    solver: mathopt.Model
    lent: dict[Slot, Any] = field(default_factory=dict)  # quanta
    answered: dict[tuple[str, int, int], Any] = field(default_factory=dict)  # by borrower, block and draw
    callers: dict[tuple[str, int, int], Any] = field(default_factory=dict)
    kept: dict[tuple[str, int], Any] = field(default_factory=dict)  # answered by a lender, by open block
    open_seats: dict[tuple[str, int], Any] = field(default_factory=dict)  # of a borrower, by open block, help included
    by_lender: dict[tuple[str, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    by_borrower: dict[tuple[str, int], list[Any]] = field(default_factory=lambda: defaultdict(list))

    @property
    def p(self) -> Province:
        return self.knowledge.province

    @property
    def quantum(self) -> int:
        return self.p.agreement.quantum

    def sent(self, city: str, block: int) -> Any:
        """Seats that a city lends in a block."""
        return self.quantum * mathopt.fast_sum(self.by_lender[city, block])

    def received(self, city: str, block: int) -> Any:
        return self.quantum * mathopt.fast_sum(self.by_borrower[city, block])

    def slot(self, pair: tuple[str, str], block: int) -> Slot:
        return *pair, *self.p.slot_of(block)


@dataclass(frozen=True)
class Solution:
    """A plan, what the model promises of it, and what no plan can pass under the same surfaces."""

    lent: Lent                        # only seats above 0
    gains: dict[str, Floats]          # by borrower and block: people answered more than without help
    losses: dict[str, Floats]         # by lender and open block: people answered less
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        return (self.bound - self.objective) / max(abs(self.objective), 1e-9)

    @property
    def lenders(self) -> set[str]:
        """Who lends."""
        return {slot[0] for slot in self.lent}

    def by_slot(self, lender: str | None = None) -> dict[tuple[int, int], int]:
        """Seats lent at once, by all or by one lender: by days and block of the day."""
        found: dict[tuple[int, int], int] = defaultdict(int)
        for (giver, _, *slot), seats in self.lent.items():
            if lender in (None, giver):
                found[slot[0], slot[1]] += seats
        return found


def build(k: Knowledge) -> Model:
    """The whole model."""
    m = under_terms(k)
    callers_flow_on(m)
    lenders_lose(m)
    GOALS[k.province.agreement.objective](m)
    return m


def under_terms(k: Knowledge) -> Model:
    """Seats that may be lent, whatever they bring."""
    m = Model(k, draws(k.province), mathopt.Model())
    for term in (whole_quanta, within_caps, floors_hold, within_licences, within_all_seats, nobody_lends_and_borrows,
                 stints_are_long_enough, few_changes_a_day, agents_go_home, burdens_are_fair):
        term(m)
    return m


# --- constraints -----------------------------------------------------------------------------------------------------

def whole_quanta(m: Model) -> None:
    """Seats are lent in whole quanta, by the pairs that may, in the open blocks."""
    for pair in m.p.pairs:
        most = m.p.caps[pair[0]]
        for o, block in enumerate(m.p.open_blocks):
            slot = m.slot(pair, block)
            if slot not in m.lent:
                m.lent[slot] = m.solver.add_integer_variable(lb=0.0, ub=float(most[o] // m.quantum))
            m.by_lender[pair[0], block].append(m.lent[slot])
            m.by_borrower[pair[1], block].append(m.lent[slot])


def within_caps(m: Model) -> None:
    """A lender gives at most a share of its seats on duty, and keeps some at home."""
    for city in m.p.lenders:
        for block, most in zip(m.p.open_blocks, m.p.caps[city], strict=True):
            m.solver.add_linear_constraint(m.sent(city, block) <= float(most))


def floors_hold(m: Model) -> None:
    """A lender's own citizens are answered as they are owed, on enough of the days that may come."""
    for city, most in m.knowledge.most.items():
        for block, seats in zip(m.p.open_blocks, most, strict=True):
            m.solver.add_linear_constraint(m.sent(city, block) <= float(seats))


def within_licences(m: Model) -> None:
    """A borrower has places for so many guests."""
    for city, licence in m.p.agreement.licences.items():
        for block in m.p.open_blocks:
            m.solver.add_linear_constraint(m.received(city, block) <= float(licence))


def within_all_seats(m: Model) -> None:
    """So many seats are lent at once, by all together."""
    if m.p.agreement.seats is not None:
        for block in m.p.open_blocks:
            m.solver.add_linear_constraint(mathopt.fast_sum(m.sent(city, block) for city in m.p.lenders)
                                           <= float(m.p.agreement.seats))


def nobody_lends_and_borrows(m: Model) -> None:
    """No city lends and borrows in the same block, unless that is allowed."""
    if m.p.agreement.both_ways:
        return
    for city in set(m.p.lenders) & set(m.knowledge.surfaces):
        for o, block in enumerate(m.p.open_blocks):
            lends = m.solver.add_binary_variable()
            m.solver.add_linear_constraint(m.sent(city, block) <= float(m.p.caps[city][o]) * lends)
            m.solver.add_linear_constraint(m.received(city, block) <= m.p.most_borrowed[city] * (1 - lends))


def each_day(m: Model) -> list[tuple[tuple[str, str], int, list[Any]]]:
    """(pair, first days, quanta lent in the open blocks of such a day, one after another)."""
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


def agents_go_home(m: Model) -> None:
    """The agents of a lent seat can man it for so many hours of the day."""
    hours, each = float(m.p.agreement.hours_per_seat), m.p.block_s / 3600
    if hours >= 24:
        return
    for city in m.p.lenders:
        days: dict[int, list[int]] = defaultdict(list)
        for o, block in enumerate(m.p.open_blocks):
            days[m.p.day(block)].append(o)
        for open_today in days.values():
            seats = max(int(m.p.caps[city][o]) for o in open_today)
            lent = mathopt.fast_sum(m.sent(city, m.p.open_blocks[o]) for o in open_today)
            m.solver.add_linear_constraint(each * lent <= hours * seats)


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


def callers_flow_on(m: Model) -> None:
    """Who is not answered and still tries is a caller of the next block; what is answered lies under the surface."""
    for city, s in m.knowledge.surfaces.items():
        seats_with_help(m, city)
        factors = factors_of(m.draws, city)
        tries = flow(m.p, city, s, factors)
        for d, factor in enumerate(factors):
            for b in range(len(m.p.blocks)):
                callers, answered = m.solver.add_variable(lb=0.0), m.solver.add_variable(lb=0.0)
                m.callers[city, b, d], m.answered[city, b, d] = callers, answered
                failed = m.callers[city, b - 1, d] - m.answered[city, b - 1, d] if b else 0.0
                carried = float(tries.share[d, b - 1]) * failed
                m.solver.add_linear_constraint(callers == float(factor * m.p.cities[city].callers[b]) + carried)
                m.solver.add_linear_constraint(answered <= callers)
                under_the_surface(m, city, b, d, float(tries.callers[d, b]))


def seats_with_help(m: Model, city: str) -> None:
    """What lent seats are worth to a borrower, beside its own."""
    for block in m.p.open_blocks:
        m.open_seats[city, block] = m.solver.add_variable(lb=0.0)
        own, worth = float(m.p.cities[city].seats[block]), m.p.guest_worth(city, block)
        m.solver.add_linear_constraint(m.open_seats[city, block] == own + worth * m.received(city, block))


def under_the_surface(m: Model, city: str, block: int, draw: int, usual: float) -> None:
    p, s = m.p, m.knowledge.surfaces[city]
    seats = float(p.cities[city].seats[block])
    most = seats + (p.guest_worth(city, block) * p.most_borrowed[city] if (city, block) in m.open_seats else 0.0)
    fresh = m.draws[draw].factor.get(city, 1.0) * float(p.cities[city].callers[block])
    for plane in planes(s, p.block_s, (fresh, max(usual, fresh)), (seats, most)):
        m.solver.add_linear_constraint(
            m.answered[city, block, draw] <= plane.height + plane.per_caller * m.callers[city, block, draw]
            + plane.per_seat * m.open_seats.get((city, block), seats))


def lenders_lose(m: Model) -> None:
    """What a lender answers falls with what it lends: a few straight lines."""
    for city, one in m.knowledge.lenders.items():
        for o, block in enumerate(m.p.open_blocks):
            values = one.answered[o]
            kept = m.solver.add_variable(ub=float(values[0]))
            m.kept[city, block] = kept
            corners = np.unique(np.linspace(0, len(values) - 1, min(SEGMENTS + 1, len(values))).round().astype(int))
            for a, b in pairwise(corners):
                slope = float(values[b] - values[a]) / float(b - a)
                m.solver.add_linear_constraint(kept <= float(values[a]) + slope * (m.sent(city, block) - float(a)))


# --- goals -----------------------------------------------------------------------------------------------------------

def people(m: Model, draw: int | None = None) -> Any:
    """People answered, by borrowers on the mean day or on one, and by lenders."""
    borrowed = mathopt.fast_sum((m.draws[d].weight if draw is None else 1.0) * m.knowledge.delivers[city] * x
                                for (city, b, d), x in m.answered.items() if draw in (None, d))
    return borrowed + mathopt.fast_sum(m.knowledge.costs * x for x in m.kept.values())


def costs(m: Model) -> Any:
    """What lent seat-hours cost, in people."""
    each = (float(m.p.agreement.seat_hour_cost) + LITTLE) * m.p.block_s / 3600
    return mathopt.fast_sum(each * m.sent(city, block) for city in m.p.lenders for block in m.p.open_blocks)


def most_people(m: Model) -> None:
    m.solver.maximize(people(m) - costs(m))


def best_worst_city(m: Model) -> None:
    """The borrower that answers the smallest share of its people answers as large a share as can be."""
    least = m.solver.add_variable(lb=0.0, ub=1.0)
    whole = sum(float(m.p.cities[city].callers.sum()) for city in m.knowledge.surfaces)
    for city in m.knowledge.surfaces:
        fresh = float(m.p.cities[city].callers.sum())
        answered = mathopt.fast_sum(m.draws[d].weight * x for (c, _, d), x in m.answered.items() if c == city)
        m.solver.add_linear_constraint(least * fresh <= answered)
    m.solver.maximize(whole * least + 1e-3 * (people(m) - costs(m)))


def best_tail(m: Model) -> None:
    """People answered on the worst days: conditional value at risk (Rockafellar and Uryasev 2000)."""
    beyond = 1 - min(float(m.p.agreement.tail), 0.99)
    value = m.solver.add_variable()
    short = [m.solver.add_variable(lb=0.0) for _ in m.draws]
    for d, below in enumerate(short):
        m.solver.add_linear_constraint(below >= value - people(m, d))
    m.solver.maximize(value - mathopt.fast_sum(draw.weight / beyond * below
                                               for draw, below in zip(m.draws, short, strict=True)) - costs(m))


GOALS = {"people": most_people, "dials": most_people, "worst_city": best_worst_city, "tail": best_tail}


# --- solving ---------------------------------------------------------------------------------------------------------

@contextmanager
def nothing_printed() -> Iterator[None]:
    """HiGHS prints a line of its own to standard output now and then, where JSON for machines may be expected."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def solve(k: Knowledge, most_s: float = MOST_S, gap: float = GAP) -> Solution:
    """The best plan for what is known.

    :raises NoPlanError: if no plan was found in the time.
    """
    began = time.perf_counter()
    model = build(k)
    how = mathopt.SolveParameters(time_limit=timedelta(seconds=most_s), relative_gap_tolerance=gap, random_seed=1)
    with nothing_printed():
        result = mathopt.solve(model.solver, mathopt.SolverType.HIGHS, params=how)
    if not result.has_primal_feasible_solution():
        why = result.termination.detail or result.termination.reason
        raise NoPlanError(f"no plan was found in {most_s:g} s: {why}")
    values = result.variable_values()
    lent = {slot: round(values[x]) * model.quantum for slot, x in model.lent.items() if round(values[x])}
    return Solution(lent, promise.gains(k, lent), promise.losses(k, lent), result.objective_value(),
                    result.best_objective_bound(),
                    time.perf_counter() - began)
