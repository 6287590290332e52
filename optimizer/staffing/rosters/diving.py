"""From a mixture of rows to a roster: whole rows are fixed, the surest first, and the rest is relaxed again."""
from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from optimizer.staffing.rosters.columns import Column, Pool, Relaxed, relax
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import one_by_one
from optimizer.staffing.rosters.problem import Floats

SURE = 0.8
STEP_SHARE = 0.3   # of the time left, for one mixture: better rows of all than the best of some and any of the rest


def dive(instance: Instance, people: Sequence[int], there: Floats, pool: Pool, bands: Bands, until: float,
         rng: np.random.Generator, first: Relaxed | None = None) -> list[Column]:
    """A row for each of these people, beside the cover that is there. Out of time, the rest is taken one by one."""
    free, there = list(people), there.copy()
    rows: list[Column] = []
    while free:
        if time.perf_counter() > until:
            return rows + one_by_one(instance, free, there, bands)
        now = time.perf_counter()
        relaxed = first or relax(instance, free, there, pool, bands, now + STEP_SHARE * (until - now), 1e-3)
        first = None
        best = [(float(share.max()) + 1e-3 * rng.random(), person, int(share.argmax()))
                for person, share in zip(free, relaxed.shares, strict=True)]
        top = max(best)[0]
        for share, person, k in best:
            if share >= min(top, SURE):
                column = pool.columns[person][k]
                rows.append(column)
                there += instance.row_cover(person, column.row)
                free.remove(person)
    return rows
