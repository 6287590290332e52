"""Many people at once: each in turn answers prices of cover, and the prices follow what they do.

The alternating direction method for a sum of people's costs and a cost of their sum: the cover that is aimed at is the
best near what is there, and what is there short of it makes the next prices. Rows are whole, so it need not converge;
it brings people to where they are wanted, and the searches for exchanges and single answers do the rest.
"""
from __future__ import annotations

import time

import numpy as np

from optimizer.staffing.rosters.columns import cheapest_column
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import Floats

STIFFNESS = 0.1   # of the dearest person missing: how far a person too many moves the price


def gathered(instance: Instance, prices: Floats, bands: Bands, sweeps: int, until: float,
             rng: np.random.Generator) -> Making:
    """The best roster met on the way from ``prices`` [rows of cover], what one person more is worth."""
    stiff = STIFFNESS * float(instance.missing.max(initial=0.0)) or 1.0
    making = first_answers(instance, prices, stiff, bands, rng)
    aim, short = instance.need.copy(), -prices / stiff
    best, least = making, making.cost
    for _ in range(sweeps):
        making = Making(instance, making.columns)
        for person in rng.permutation(instance.people):
            there = making.without([person])
            shared = instance.shared_prices(person, stiff * (there - aim + short + 0.5))
            making.replace(cheapest_column(instance, int(person), shared, bands)[1])
            if time.perf_counter() > until:
                break
        if making.cost < least:
            best, least = making, making.cost
        if time.perf_counter() > until:
            break
        reached = making.there + short
        aim = np.clip(instance.need, reached - instance.surplus / stiff, reached + instance.missing / stiff)
        short = short + making.there - aim
    return best


def first_answers(instance: Instance, prices: Floats, stiff: float, bands: Bands, rng: np.random.Generator) -> Making:
    """People come one after another; cover beyond their part of the need loses its worth."""
    there, columns = np.zeros(len(instance.need)), []
    for k, person in enumerate(rng.permutation(instance.people)):
        shared = instance.shared_prices(person, stiff * (there - instance.need * k / instance.people) - prices)
        column = cheapest_column(instance, int(person), shared, bands)[1]
        there += instance.row_cover(person, column.row)
        columns.append(column)
    return Making(instance, columns)


def polish(making: Making, bands: Bands, until: float, rng: np.random.Generator) -> None:
    """Best answers of single people until none gains."""
    cost = np.inf
    while making.cost < cost - 1e-6 and time.perf_counter() < until:
        cost = making.cost
        for person in rng.permutation(making.instance.people):
            making.answer(int(person), bands)
            if time.perf_counter() > until:
                break
