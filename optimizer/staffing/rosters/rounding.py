"""From a mixture of many people's rows to a roster: the surest rows are fixed, the rest is mixed again, and so on."""
from __future__ import annotations

import time

import numpy as np

from optimizer.staffing.rosters.bound import Crowd, Mixture, mixture
from optimizer.staffing.rosters.columns import Column, Pool, cheapest_column
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import one_by_one
from optimizer.staffing.rosters.problem import Floats, Ints

SURE = 0.9
STEPS = 40   # at most: so many parts of the people, at least, are fixed in each


def rounded(instance: Instance, met: Pool, bands: Bands, until: float) -> list[Column]:
    """A row for each person from rows met, which are priced anew with fairness, and others as they are wanted. Out of
    time, the rest is taken one by one."""
    pool, free, need = priced(instance, met, bands), np.arange(instance.people), instance.need.copy()
    rows: list[Column] = []
    while len(free):
        if time.perf_counter() > until:
            return rows + one_by_one(instance, [int(person) for person in free], instance.need - need, bands)
        found = mixture(Crowd(instance, free, need), pool, -instance.surplus, instance.missing)
        extend(instance, pool, free, found.prices, bands)
        fixed = surest(found, instance.people // STEPS + 1)
        rows += fixed
        need -= sum(instance.row_cover(column.person, column.row) for column in fixed)
        free = np.setdiff1d(free, [column.person for column in fixed])
    return rows


def priced(instance: Instance, met: Pool, bands: Bands) -> Pool:
    """The same rows at their cost with fairness."""
    pool = Pool(instance.people)
    for columns in met.columns:
        for one in columns:
            pool.add(Column(one.person, one.row, one.cost + instance.unfair(one.person, one.row, bands)))
    return pool


def extend(instance: Instance, pool: Pool, people: Ints, prices: Floats, bands: Bands) -> None:
    """Rows that these prices of cover want."""
    for person in people:
        pool.add(cheapest_column(instance, int(person), instance.shared_prices(int(person), -prices), bands)[1])


def surest(found: Mixture, least: int) -> list[Column]:
    """One row each of the people whose largest share is sure, or of as many as ``least``."""
    best: dict[int, tuple[float, Column]] = {}
    for column, share in zip(found.columns, found.shares, strict=True):
        if column.person not in best or share > best[column.person][0]:
            best[column.person] = share, column
    order = sorted(best.values(), key=lambda pair: -pair[0])
    return [column for k, (share, column) in enumerate(order) if share >= SURE or k < least]
