"""Callers of a borrower from block to block: those who were not answered and still try are callers of the next one."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.lending.inputs.province import Province, days_that_may_come
from optimizer.lending.inputs.surfaces import Surface
from optimizer.lending.settings import DRAWS, MOST_CARRIED
from sim.core.arrays import Floats


@dataclass(frozen=True)
class Draw:
    """What the days may turn out to be."""

    weight: float
    factor: dict[str, float]  # by borrower: how busy


def draws(province: Province) -> list[Draw]:
    """Days that may come, equally likely, quiet ones first."""
    factors = {name: np.broadcast_to(days_that_may_come(province.cities[name].busyness_cv, DRAWS), DRAWS)
               for name in province.borrowers}
    alike = all(np.ptp(values) == 0 for values in factors.values())
    return [Draw(1 / (1 if alike else DRAWS), {name: float(values[d]) for name, values in factors.items()})
            for d in range(1 if alike else DRAWS)]


@dataclass(frozen=True)
class Tries:
    """[draws, blocks] callers, the share of those not answered who go on in the next block, and people answered."""

    callers: Floats
    share: Floats
    answered: Floats


def flow(province: Province, name: str, s: Surface, factors: Floats, more: Floats | float = 0.0) -> Tries:
    """Callers from block to block on a surface, without help, or with [draws, blocks] more seats."""
    city, shape = province.cities[name], (len(factors), len(province.blocks))
    seats = np.broadcast_to(city.seats + more, shape)
    callers, share, answered, carried = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(len(factors))
    for b in range(len(province.blocks)):
        now = callers[:, b] = factors * city.callers[b] + carried
        got = s.at(now / province.block_s, seats[:, b]) * province.block_s
        left, trying = np.maximum(now - got, 0.0), s.left_trying(now / province.block_s, seats[:, b])
        answered[:, b] = np.minimum(got, now)
        share[:, b] = np.where(left > 1e-6, np.minimum(trying / np.maximum(left, 1e-6), MOST_CARRIED), 0.0)
        carried = share[:, b] * left
    return Tries(callers, share, answered)


def factors_of(found: list[Draw], city: str) -> Floats:
    return np.array([draw.factor.get(city, 1.0) for draw in found])


def weights_of(found: list[Draw]) -> Floats:
    return np.array([draw.weight for draw in found])
