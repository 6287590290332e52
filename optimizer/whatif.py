"""What the model says of other terms: how people answered grow with seats, and what each city's refusal costs.

These are promises of the model after it has learnt from simulation, not proofs.
"""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from optimizer.given.knowledge import Knowledge
from optimizer.model.lending import Solution, solve
from optimizer.model.terms import binding, with_terms
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


def asked(k: Knowledge, executor: Executor | None) -> Asked:
    """Solve under the terms, and side by side under every other term."""
    best = solve(k)
    most, prices = max(best.by_slot().values(), default=0), binding(k)
    steps = sorted({round(most * step / STEPS) for step in range(1, STEPS)} - {0, most})
    lenders = [name for name in k.most if name in best.lenders]
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


def not_asked(k: Knowledge, best: Solution, marginal: dict[str, dict[str, float]]) -> dict[str, str]:
    """By lender that the plan leaves alone: its seats are worth more at home, or its floors leave no room for a stint
    that the other terms allow."""
    left = [name for name in k.most if name not in best.lenders]
    worth = {name: bool(best.lent) and marginal.get(name, {}).get("more", 1.0) > 0 for name in left}
    return {name: "floors" if worth[name] else "home" for name in left}
