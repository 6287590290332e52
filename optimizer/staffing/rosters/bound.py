"""What no roster can cost less than: cover is priced instead of held, and each person has their cheapest row.

Any prices give a bound. Better ones come from a linear program over the rows met so far, whose prices may move only so
far from the best known (box step method; Marsten, Hogan and Blankenship 1975).
"""
from __future__ import annotations

import time

import numpy as np
import scipy.sparse as sp

from optimizer.staffing.rosters.columns import Column, Pool, cheapest_column
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.linear import minimum
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import Floats

MOST_PEOPLE = 400   # beyond, the program over rows takes too long
BOX = 0.05          # of the dearest person missing
CLOSE = 1e-4


def lagrangian(instance: Instance, prices: Floats) -> tuple[float, list[Column]]:
    """A lower bound and the rows that give it. Fairness counts as nothing, as it costs at least that.

    ``prices`` [rows of cover]: what one person more is worth, at most the price of one missing, at least less that of
    one too many.
    """
    found = [cheapest_column(instance, person, instance.shared_prices(person, -prices), None)
             for person in range(instance.people)]
    return float(prices @ instance.need) + sum(least for least, _ in found), [column for _, column in found]


def raised(instance: Instance, prices: Floats, making: Making, until: float) -> float:
    """The best bound found from some prices on, beside a roster of which the rows are taken."""
    prices = instance.in_range(prices)
    best, columns = lagrangian(instance, prices)
    if instance.people > MOST_PEOPLE:
        return best
    pool, box = Pool(instance.people), BOX * float(instance.missing.max(initial=0.0))
    for column in [*(Column(c.person, c.row, instance.cost(c.person, c.row)) for c in making.columns), *columns]:
        pool.add(column)
    while time.perf_counter() < until:
        cost, near = boxed(instance, pool, np.maximum(prices - box, -instance.surplus),
                           np.minimum(prices + box, instance.missing))
        bound, columns = lagrangian(instance, near)
        new = [pool.add(column) for column in columns]
        if bound > best:
            best, prices = bound, near
        else:
            box *= 0.7
        if not any(new) or cost - best < CLOSE * abs(cost):
            break
    return best


def boxed(instance: Instance, pool: Pool, low: Floats, high: Floats) -> tuple[float, Floats]:
    """Cost of the best mixture of the rows of a pool, and the prices [rows of cover] between ``low`` and ``high`` that
    go with it."""
    columns = [column for columns in pool.columns for column in columns]
    cells, rows = instance.at.shape[1] * len(instance.counted), len(instance.need)
    worked = sp.csr_array(np.stack([instance.worked(column.row[None]) for column in columns]).T)
    signatures = instance.signature[[column.person for column in columns]]
    by_signature = sp.vstack([worked @ sp.diags_array((signatures == k).astype(float))
                              for k in range(len(instance.counted))])
    cover = sp.hstack([sp.diags_array(counted) @ instance.at for counted in instance.counted])
    one = sp.csr_array((np.ones(len(columns)), ([column.person for column in columns], np.arange(len(columns)))),
                       shape=(instance.people, len(columns)))
    equal = sp.block_array([[by_signature, -sp.eye_array(cells), None, None],
                            [None, cover, sp.eye_array(rows), -sp.eye_array(rows)],
                            [one, None, None, None]], format="csr")
    found = minimum(np.concatenate([[column.cost for column in columns], np.zeros(cells), high, -low]), equal,
                    np.concatenate([np.zeros(cells), instance.need, np.ones(instance.people)]))
    return found.cost, np.clip(found.prices[cells:cells + rows], low, high)
