"""Shifts and people for a need at least cost.

Whether a kind of shift is used at all makes the problem hard. A few kinds are soon solved all at once. With many, plans
that fit the need exactly are tried first, then the whole problem, for its bound; both for a part of the time. Slope
scaling then finds kinds that go together: a kind's fixed price is spread over the people that the last round gave it,
so that kinds with few people grow dear, round after round of linear programs. What the rounds used is then solved
exactly among itself.

The same problem and seed give the same plan, unless a time limit struck: then it depends on the machine's speed.
"""
from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf

import numpy as np

from optimizer.staffing.shifts.exact_fit import exactly_fitting_people
from optimizer.staffing.shifts.kinds import duties_of
from optimizer.staffing.shifts.plan import ShiftPlan, cost_of, plan_of
from optimizer.staffing.shifts.program import Program, cheapest_people, likely_people, linear_rules, program_of
from optimizer.staffing.shifts.terms import Floats, Ints, ShiftProblem
from sim.scenario.messages import say

EXACT_SHARE = 0.5   # of the time, for an exact fit
FIRST_SHARE = 0.1   # to try all kinds at once
SEARCH_SHARE = 0.3  # for choices of kinds; the rest is for all kinds once more, for the bound
FEW_SHARE = 0.15    # for one choice of kinds
ROUNDS = 12         # of slope scaling before the kinds they used are solved
FEW = 60            # kinds
SOON = 20           # kinds: so few are solved at once


class NoShiftsError(ValueError):
    """No shifts keep the limits, or none were found in time."""


@dataclass
class Search:
    """The best so far."""

    problem: ShiftProblem
    program: Program
    until: float
    enough: float
    gap: float = 0.0
    people: Ints | None = None
    cost: float = inf
    bound: float = 0.0

    def offer(self, people: Ints | None) -> None:
        if people is not None and self.allows(people):
            cost = cost_of(self.problem, self.program.duties, people).total
            if cost < self.cost:
                self.people, self.cost = people, cost

    def allows(self, people: Ints) -> bool:
        """Whether people keep the limits that the linear rounds may break by rounding."""
        program = self.program
        kinds = len(np.unique(program.duties.kind[people > 0]))
        by_day = np.bincount(program.duties.day, people)
        cover = program.duties.cover @ people
        return bool(kinds <= program.most_kinds and (by_day <= program.most_people).all()
                    and (cover <= program.ceiling + 1e-9).all()
                    and (program.short_price < inf or (cover >= program.need - 1e-9).all()))

    def left(self) -> float:
        return self.until - time.perf_counter()

    def is_over(self) -> bool:
        return self.left() <= 0 or self.cost <= max(self.enough, self.bound / (1 - self.gap)) + 1e-6


def design_shifts(problem: ShiftProblem, most_s: float = 30.0, seed: int = 1, enough: float = -inf,
                  gap: float = 0.0) -> ShiftPlan:
    """Kinds of shift and people on each that cover the need at least cost.

    :param most_s: seconds after which the best plan so far is returned.
    :param enough: a plan that costs no more ends the search.
    :param gap: likewise one that is proved to be within such a part of its cost of the best.
    :raises ValueError: for times that are no whole intervals, and where no type has a shift on any day.
    :raises NoShiftsError: where no plan keeps the limits, or none was found in time.
    """
    began = time.perf_counter()
    duties = duties_of(problem)
    search = Search(problem, program_of(problem, duties), began + most_s, enough, gap)
    if search.program.counts_kinds:
        slope_scaling(search, search.program.kind_price)
        if len(duties.kinds) > SOON:
            fit_exactly(search, EXACT_SHARE * most_s, seed)
            solve_whole(search, FIRST_SHARE * most_s)
            search_kinds(search, np.random.default_rng(seed),
                         began + (EXACT_SHARE + FIRST_SHARE + SEARCH_SHARE) * most_s, most_s)
    solve_whole(search, search.left())
    if search.people is None:
        raise NoShiftsError(say("no shifts were found in {seconds:g} s", seconds=most_s))
    return plan_of(problem, duties, search.people, search.bound, time.perf_counter() - began)


def fit_exactly(search: Search, most_s: float, seed: int) -> None:
    """A plan with nobody missing or to spare, where there is one."""
    if not search.is_over():
        search.offer(exactly_fitting_people(search.program, most_s, seed, search.enough))


def solve_whole(search: Search, most_s: float) -> None:
    """All kinds at once: the bound, and for small problems the best plan."""
    if search.is_over():
        return
    found = cheapest_people(search.program, np.arange(len(search.program.duties.kinds)), most_s, search.gap)
    if found.is_infeasible:
        raise NoShiftsError(say("no shifts keep the limits and cover the need"))
    search.bound = max(search.bound, found.bound)
    search.offer(found.people)


def search_kinds(search: Search, luck: np.random.Generator, until: float, most_s: float) -> None:
    """Slope scaling from chance prices, and the kinds it used beside the best ones, for a part of the time."""
    while not search.is_over() and time.perf_counter() < until:
        price = np.maximum(search.program.kind_price, 1e-6) * luck.uniform(0.3, 3.0, len(search.program.kind_price))
        kinds = slope_scaling(search, price)
        best = used_kinds(search, search.people)
        extra = np.setdiff1d(kinds, best)
        kinds = np.union1d(best, luck.permutation(extra)[:max(FEW - len(best), 0)])
        if not search.is_over() and len(kinds):
            search.offer(cheapest_people(search.program, kinds, min(FEW_SHARE * most_s, search.left())).people)


def used_kinds(search: Search, people: Ints | None) -> Ints:
    return np.zeros(0, np.int64) if people is None else np.unique(search.program.duties.kind[people > 0])


def slope_scaling(search: Search, kind_price: Floats) -> Ints:
    """Kinds that the rounds used; the rounded people of each round are offered."""
    program, rules = search.program, linear_rules(search.program)
    kind, counts = program.duties.kind, len(program.kind_price)
    usual = np.bincount(kind, program.most, minlength=counts)
    slope, used = kind_price / np.maximum(usual, 1), np.zeros(counts, np.bool_)
    for _ in range(ROUNDS):
        people = likely_people(program, rules, program.duties.price() + slope[kind]) if not search.is_over() else None
        if people is None:
            break
        search.offer(np.rint(people).astype(np.int64))
        total = np.bincount(kind, people, minlength=counts)
        used |= (alive := total > 1e-6)
        before, slope = slope, np.where(alive, np.maximum(program.kind_price, 1e-6) / np.maximum(total, 1e-6), slope)
        if np.allclose(slope, before):
            break
    return np.flatnonzero(used)
