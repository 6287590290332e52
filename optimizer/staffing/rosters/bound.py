"""What no roster can cost less than: cover is priced instead of held, and each person has their cheapest row.

Any prices give a bound. Better ones come from a linear program over the rows met so far, whose prices may move only so
far from the best known (box step method; Marsten, Hogan and Blankenship 1975). Where people are too many for it, some
of them with their part of the need say what the prices are, and all of them what these prices give.
"""
from __future__ import annotations

import time
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import scipy.sparse as sp

from optimizer.staffing.rosters.columns import Column, Pool, cheapest_column
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.linear import minimum
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import Floats, Ints

MOST_PEOPLE = 400   # beyond, the program over rows takes too long
SOME = 150          # people who stand for more
BOX = 0.05          # of the dearest person missing
CLOSE = 1e-4


@dataclass(frozen=True)
class Crowd:
    """Some people of a problem and the need that is theirs."""

    instance: Instance
    people: Ints
    need: Floats   # [rows of cover]

    @classmethod
    def of_all(cls, instance: Instance) -> Crowd:
        return cls(instance, np.arange(instance.people), instance.need)


@dataclass(frozen=True)
class Raised:
    """The best bound found, its prices [rows of cover], and the rows met."""

    bound: float
    prices: Floats
    pool: Pool


@dataclass(frozen=True)
class Mixture:
    """The best mixture of the rows of a pool, and the prices [rows of cover] that go with it."""

    cost: float
    prices: Floats
    columns: list[Column]
    shares: Floats   # [columns]


def raised(instance: Instance, prices: Floats, making: Making, until: float) -> Raised:
    """From some prices on, beside a roster of which the rows are taken."""
    prices, everyone = instance.in_range(prices), Crowd.of_all(instance)
    if instance.people <= MOST_PEOPLE:
        return best_prices(everyone, prices, making, until)
    some = np.argsort(instance.group_of, kind="stable")[np.arange(SOME) * instance.people // SOME]
    found = best_prices(Crowd(instance, some, instance.need * SOME / instance.people), prices, making, until)
    bound, best = max(((lagrangian(everyone, one)[0], one) for one in (prices, found.prices)), key=itemgetter(0))
    return Raised(bound, best, found.pool)


def lagrangian(crowd: Crowd, prices: Floats) -> tuple[float, list[Column]]:
    """A lower bound and the rows that give it. Fairness counts as nothing, as it costs at least that.

    ``prices`` [rows of cover]: what one person more is worth, at most the price of one missing, at least less that of
    one too many.
    """
    instance = crowd.instance
    found = [cheapest_column(instance, int(person), instance.shared_prices(int(person), -prices), None)
             for person in crowd.people]
    return float(prices @ crowd.need) + sum(least for least, _ in found), [column for _, column in found]


def best_prices(crowd: Crowd, prices: Floats, making: Making, until: float) -> Raised:
    """From prices in their range on, until the bound is close to the best mixture of rows."""
    instance = crowd.instance
    best, columns = lagrangian(crowd, prices)
    pool, box = Pool(instance.people), BOX * float(instance.missing.max(initial=0.0))
    rows = [making.columns[person] for person in crowd.people]
    for column in [*(Column(c.person, c.row, instance.cost(c.person, c.row)) for c in rows), *columns]:
        pool.add(column)
    while time.perf_counter() < until:
        found = mixture(crowd, pool, np.maximum(prices - box, -instance.surplus),
                        np.minimum(prices + box, instance.missing))
        bound, columns = lagrangian(crowd, found.prices)
        new = [pool.add(column) for column in columns]
        if bound > best:
            best, prices = bound, found.prices
        else:
            box *= 0.7
        if not any(new) or found.cost - best < CLOSE * abs(found.cost):
            break
    return Raised(best, prices, pool)


def mixture(crowd: Crowd, pool: Pool, low: Floats, high: Floats) -> Mixture:
    """The best where one person more in a row of cover is worth at least ``low`` and at most ``high``."""
    instance, people = crowd.instance, len(crowd.people)
    columns = [column for person in crowd.people for column in pool.columns[person]]
    which = np.repeat(np.arange(people), [len(pool.columns[person]) for person in crowd.people])
    cells, rows = instance.at.shape[1] * len(instance.counted), len(crowd.need)
    worked = sp.csr_array(np.stack([instance.worked(column.row[None]) for column in columns]).T)
    signatures = instance.signature[crowd.people][which]
    by_signature = sp.vstack([worked @ sp.diags_array((signatures == k).astype(float))
                              for k in range(len(instance.counted))])
    cover = sp.hstack([sp.diags_array(counted) @ instance.at for counted in instance.counted])
    one = sp.csr_array((np.ones(len(columns)), (which, np.arange(len(columns)))), shape=(people, len(columns)))
    equal = sp.block_array([[by_signature, -sp.eye_array(cells), None, None],
                            [None, cover, sp.eye_array(rows), -sp.eye_array(rows)],
                            [one, None, None, None]], format="csr")
    found = minimum(np.concatenate([[column.cost for column in columns], np.zeros(cells), high, -low]), equal,
                    np.concatenate([np.zeros(cells), crowd.need, np.ones(people)]))
    return Mixture(found.cost, np.clip(found.prices[cells:cells + rows], low, high), columns,
                   found.values[:len(columns)])
