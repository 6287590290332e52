"""What the model says of other terms: how people answered grow with seats, and what each city's refusal costs.

These are promises of the model after it has learnt from simulation, not proofs.
"""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from optimizer.given.knowledge import Knowledge
from optimizer.model.lending import Solution, solve
from optimizer.model.terms import allowed, binding, with_terms, without_floors
from optimizer.trial.nearby import Neighbour, neighbours
from sim.executors import all_of
from sim.quantities import Quantity

STEPS = 6
MOST_S = 60.0


@dataclass(frozen=True)
class Point:
    """So many seats at once, at most, and people answered more than without lending."""

    seats: int
    people: float


def people(solution: Solution) -> float:
    """People answered more: what borrowers gain less what lenders lose."""
    gains, losses = ([float(values.sum()) for values in part.values()] for part in (solution.gains, solution.losses))
    return sum(gains) - sum(losses)


@dataclass(frozen=True)
class Asked:
    """What the model says of other terms."""

    frontier: list[Point]         # people answered with fewer and fewer seats
    refusals: dict[str, float]    # by lender: people fewer if it lends nothing, the others making up for it
    prices: dict[str, float]      # by term: people more without it


def asked(k: Knowledge, best: Solution, lenders: list[str], executor: Executor | None) -> Asked:
    """Solve under every other term, side by side, and without each of some lenders."""
    most, prices = max(best.by_slot().values(), default=0), binding(k)
    steps = sorted({round(most * step / STEPS) for step in range(1, STEPS)} - {0, most})
    terms = [*(with_seats(k, seats) for seats in steps), *(without(k, name) for name in lenders), *prices.values()]
    found = iter([people(one) for one in all_of(executor, solve, [(one, MOST_S) for one in terms])])
    points = [Point(0, 0.0), *(Point(seats, next(found)) for seats in steps)]
    points += [Point(most, people(best))] if most else []
    refusals = {name: max(people(best) - next(found), 0.0) for name in lenders}
    return Asked(points, refusals, {name: max(next(found) - people(best), 0.0) for name in prices})


def with_seats(k: Knowledge, seats: int) -> Knowledge:
    return with_terms(k, {"seats": Quantity(number=float(seats))})


def without(k: Knowledge, lender: str) -> Knowledge:
    return replace(k, most=k.most | {lender: np.zeros_like(k.most[lender])})


def not_asked(k: Knowledge, best: Solution) -> dict[str, str]:
    """By lender that the plan leaves alone: its seats are worth more at home, its floors leave no room for a stint, or
    other terms do not."""
    free = without_floors(k)
    more = {one.lender: one for one in reversed(neighbours(free, best.lent)) if one.kind == "more"}
    return {name: "terms" if name not in more else reason(k, free, more[name])
            for name in k.most if name not in best.lenders}


def reason(k: Knowledge, free: Knowledge, more: Neighbour) -> str:
    if not allowed(free, more.lent):
        return "terms"
    return "home" if more.promised <= 0 or allowed(k, more.lent) else "floors"
