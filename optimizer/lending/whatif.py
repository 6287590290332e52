"""What the model says of other terms: how people answered grow with seats, and what each city's refusal costs.

These are promises of the model after it has learnt from simulation, not proofs.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Lent
from optimizer.lending.model import lending
from optimizer.lending.model.constraints import no_more_than, nothing_lent
from optimizer.lending.model.lending import Solution
from optimizer.lending.model.terms import allowed, binding, freed, without_floors
from optimizer.lending.model.variables import Model
from optimizer.lending.settings import FRONTIER_STEPS, QUESTION_GAP, QUESTION_MOST_S, QUESTION_PARTS
from optimizer.lending.trials.neighbours import neighbours
from sim.studies.executors import all_of

Change = int | str  # seats at once, at the most, or a lender that refuses


@dataclass(frozen=True)
class Point:
    """So many seats at once, at most, and people answered more than without lending."""

    seats: int
    people: float


@dataclass(frozen=True)
class WhatIf:
    """What the model says of other terms."""

    frontier: list[Point]         # people answered with fewer and fewer seats
    refusals: dict[str, float]    # by lender: people fewer if it lends nothing, the others making up for it
    prices: dict[str, float]      # by term: people more without it


def asked(estimates: Estimates, best: Solution, lenders: list[str], executor: Executor | None) -> WhatIf:
    """Solve under every other term, side by side, and without each of some lenders."""
    most, terms = max(best.by_slot().values(), default=0), binding(estimates.province.agreement)
    steps = sorted({round(most * step / FRONTIER_STEPS) for step in range(1, FRONTIER_STEPS)} - {0, most})
    changes: list[Change] = [*steps, *lenders]
    parts = [changes[n::QUESTION_PARTS] for n in range(QUESTION_PARTS) if changes[n::QUESTION_PARTS]]
    questions = [*((without, estimates, best.lent, name) for name in terms),
                 *((with_less, estimates, [(change, fewer(best, most, change)) for change in part]) for part in parts)]
    answers = all_of(executor, answer, questions)
    priced, solved = answers[:len(terms)], answers[len(terms):]
    found = {change: worth for part, values in zip(parts, solved, strict=True)
             for change, worth in zip(part, values, strict=True)}
    points = [Point(0, 0.0), *(Point(seats, found[seats]) for seats in steps)]
    points += [Point(most, best.people)] if most else []
    return WhatIf(points, {name: max(best.people - found[name], 0.0) for name in lenders},
                 {name: max(worth - best.people, 0.0) for name, worth in zip(terms, priced, strict=True)})


def answer(question: Callable[..., Any], *about: Any) -> Any:
    """What a worker is sent: any of the questions below."""
    return question(*about)


def without(estimates: Estimates, near: Lent, term: str) -> float:
    """People answered more without a term than where nobody lends; the search starts from a plan."""
    return lending.solve(freed(estimates, [term]), near, QUESTION_MOST_S, QUESTION_GAP).people


def with_less(estimates: Estimates, changes: list[tuple[Change, Lent]]) -> list[float]:
    """People answered more with no more seats at once than so many, or without a lender: one after another.

    :param changes: each with a plan from which the search starts.
    """
    model, found = lending.beside_no_help(estimates), []
    for change, near in changes:
        with limited(model, change) if isinstance(change, int) else nothing_lent(model, change):
            found.append(lending.best(model, near, QUESTION_MOST_S, QUESTION_GAP).people)
    return found


def fewer(best: Solution, most: int, change: Change) -> Lent:
    """The plan with as much fewer seats of all as are lent at once; without a lender it is cut back anyway."""
    return {slot: seats * change // most for slot, seats in best.lent.items()} if isinstance(change, int) else best.lent


@contextmanager
def limited(model: Model, seats: int) -> Iterator[None]:
    """No more seats are lent at once."""
    added = [one for course in (None, *model.courses[1:]) for one in no_more_than(model, float(seats), course)]
    yield
    for one in added:
        model.solver.delete_linear_constraint(one)


def not_asked(estimates: Estimates, best: Solution) -> dict[str, str]:
    """By lender that the plan leaves alone: its seats are worth more at home, its floors leave no room for a stint, or
    other terms do not."""
    free = without_floors(estimates)
    more = {one.lender: one for one in reversed(neighbours(free, best.lent)) if one.kind == "more"}
    keeps_all, keeps_others = allowed(estimates), allowed(free)
    return {name: "terms" if name not in more or not keeps_others(more[name].lent)
            else "home" if more[name].promised <= 0 or keeps_all(more[name].lent) else "floors"
            for name in estimates.most if name not in best.lenders}
