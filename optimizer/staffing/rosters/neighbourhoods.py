"""A roster made better by giving some people their rows anew beside the others'."""
from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from optimizer.staffing.rosters.columns import Column, Pool
from optimizer.staffing.rosters.diving import dive
from optimizer.staffing.rosters.exchanges import Exchanges
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import Making, best_answer
from optimizer.staffing.rosters.problem import Floats

Anew = Callable[[Instance, list[int], Floats, Making], list[Column]]
ROUNDS = 3    # of answers among the people of a neighbourhood
IDLE = 60     # neighbourhoods without a gain in a row, after which the search ends
EXCHANGES = 10


def search(making: Making, bands: Bands, anew: Anew, sizes: tuple[int, int], bound: float, until: float,
           rng: np.random.Generator) -> None:
    """Neighbourhoods of random people, kept where they cost no more, until none gains or the bound is reached."""
    exchanges, idle, instance = Exchanges(making.instance, bands), 0, making.instance
    while idle < IDLE * max(1, instance.people // sizes[1]) and making.cost > bound + 1e-6:
        if time.perf_counter() > until:
            return
        before = making.cost
        size = min(instance.people, int(rng.integers(*sizes)))
        people = [int(person) for person in rng.choice(instance.people, size, replace=False)]
        keep_better(making, anew(instance, people, making.without(people), making))
        exchanges.improve(making, until, rng, EXCHANGES)
        idle = 0 if making.cost < before - 1e-6 else idle + 1


def keep_better(making: Making, columns: list[Column]) -> None:
    """Take the rows unless they cost more."""
    old, before = [making.columns[column.person] for column in columns], making.cost
    for column in columns:
        making.replace(column)
    if making.cost > before + 1e-9:
        for column in old:
            making.replace(column)


def by_diving(bands: Bands, pool: Pool, until: float, rng: np.random.Generator) -> Anew:
    """Rows made anew by column generation and a dive: near the best for these people."""
    def anew(instance: Instance, people: list[int], there: Floats, making: Making) -> list[Column]:
        for person in people:
            pool.add(making.columns[person])
        return dive(instance, people, there, pool, bands, until, rng)
    return anew


def by_answers(bands: Bands, rng: np.random.Generator) -> Anew:
    """Rows made anew by answers in turn: quick."""
    def anew(instance: Instance, people: list[int], there: Floats, making: Making) -> list[Column]:
        found: dict[int, Column] = {}
        there = there.copy()
        for _ in range(ROUNDS):
            for person in rng.permutation(people):
                if person in found:
                    there -= instance.row_cover(person, found[person].row)
                found[person] = best_answer(instance, int(person), there, bands)
                there += instance.row_cover(person, found[person].row)
        return list(found.values())
    return anew
