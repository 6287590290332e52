"""What the model says of other terms: how people answered grow with seats, and what each city's refusal costs.

These are promises of the model after it has learnt from simulation, not proofs.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.knowledge import Knowledge
from optimizer.lending import Solution, solve
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


def frontier(k: Knowledge, best: Solution) -> list[Point]:
    """People answered with fewer and fewer seats."""
    most = max(best.by_slot().values(), default=0)
    steps = sorted({round(most * step / STEPS) for step in range(1, STEPS)} - {0, most})
    return [Point(0, 0.0), *(Point(seats, people(solve(with_seats(k, seats), MOST_S))) for seats in steps),
            *([Point(most, people(best))] if most else [])]


def with_seats(k: Knowledge, seats: int) -> Knowledge:
    terms = k.province.agreement.model_copy(update={"seats": Quantity(number=float(seats))})
    return replace(k, province=replace(k.province, agreement=terms))


def refusals(k: Knowledge, best: Solution) -> dict[str, float]:
    """By lender: people fewer, in all, if it lends nothing and the others make up for it as well as they can."""
    asked = {giver for giver, *_ in best.lent}
    found = {}
    for name in k.most:
        if name in asked:
            without = replace(k, most=k.most | {name: np.zeros_like(k.most[name])})
            found[name] = max(people(best) - people(solve(without, MOST_S)), 0.0)
    return found


def not_asked(k: Knowledge, best: Solution) -> dict[str, str]:
    """By lender that the plan leaves alone: its floors allow no seat, or its seats are worth more at home."""
    asked = {giver for giver, *_ in best.lent}
    return {name: "floors" if not most.any() else "home" for name, most in k.most.items() if name not in asked}
