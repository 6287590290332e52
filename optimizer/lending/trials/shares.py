"""Shares of dials: of cities, over some blocks or in each of them."""
from __future__ import annotations

import numpy as np

from optimizer.lending.trials.replay import ANSWERED, DIALS, Counts
from sim.core.arrays import Floats, Ints


def rate(counts: Counts, city: str, what: int = ANSWERED, blocks: Floats | slice = slice(None),
         there: Floats | bool = True) -> Floats:
    """[replications] share of the dials over some blocks; where nobody dials nobody is failed.

    :param there: [replications, blocks] which of these blocks count.
    """
    return share((counts.of(city, what)[:, blocks] * there).sum(axis=1),
                 (counts.of(city, DIALS)[:, blocks] * there).sum(axis=1))


def rate_of_days(counts: Counts, city: str, what: int, days: list[tuple[int, int]]) -> Floats:
    """[replications, days] share of the dials of each day, given by its first block and the one after its last."""
    return np.stack([rate(counts, city, what, slice(*day)) for day in days], axis=1)


def rate_of_blocks(counts: Counts, city: str, what: int, blocks: Floats) -> Floats:
    """[replications, blocks] share of the dials of each block; where nobody dials nobody is failed."""
    return share(counts.of(city, what)[:, blocks], counts.of(city, DIALS)[:, blocks])


def share(some: Ints, dials: Ints) -> Floats:
    return np.where(dials > 0, some / np.maximum(dials, 1), 1.0)
