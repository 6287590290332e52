"""What the surfaces promise of any plan, by block, without a solver."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.flow import draws, factors_of, flow, weights_of
from optimizer.lending.inputs.province import Lent, Pair, Province
from sim.core.arrays import Floats, Ints

Seats = Mapping[Pair, Ints]  # [open blocks] of each


def gains(estimates: Estimates, lent: Lent) -> dict[str, Floats]:
    """By borrower and block: people answered more than without help."""
    seats = by_pair(estimates.province, lent)
    found = {name: answered(estimates, name, [seats, {}]) for name in estimates.surfaces}
    return {name: helped - alone for name, (helped, alone) in found.items()}


def losses(estimates: Estimates, lent: Lent) -> dict[str, Floats]:
    """By lender and open block: people answered less than where nothing is lent."""
    seats = by_pair(estimates.province, lent)
    return {name: kept(estimates, name, {}) - kept(estimates, name, seats) for name in estimates.lenders}


def answered(estimates: Estimates, borrower: str, plans: Sequence[Seats]) -> Floats:
    """[plans, blocks] people answered by a borrower, on the mean of the days that may come."""
    province, days = estimates.province, draws(estimates.province)
    worth, extra = worth_of(estimates, borrower), np.zeros((len(plans), len(province.blocks)))
    for row, plan in zip(extra, plans, strict=True):
        row[province.open_blocks] = helped(worth, plan)
    factors, more = np.tile(factors_of(days, borrower), len(plans)), np.repeat(extra, len(days), axis=0)
    got = flow(province, borrower, estimates.surfaces[borrower], factors, more).answered
    mean = np.einsum("d,pdb->pb", weights_of(days), got.reshape(len(plans), len(days), -1))
    return np.asarray(estimates.delivers[borrower] * mean)


def kept(estimates: Estimates, lender: str, plan: Seats) -> Floats:
    """[open blocks] people answered by a lender."""
    given = np.broadcast_to(given_by(plan, lender), len(estimates.province.open_blocks))
    answers = zip(estimates.lenders[lender].answered, given, strict=True)
    return estimates.costs * np.array([float(row[seats]) for row, seats in answers])


def worth_of(estimates: Estimates, borrower: str) -> dict[Pair, Floats]:
    """By source and borrower: [open blocks] own seats that a seat is worth to the borrower."""
    return {(source, to): np.array([estimates.worth(source, to, block) for block in estimates.province.open_blocks])
            for source, to in estimates.province.pairs if to == borrower}


def helped(worth: Mapping[Pair, Floats], plan: Seats) -> Floats | float:
    """[open blocks] what help is worth to a borrower, in seats of its own."""
    return sum((plan[pair] * each for pair, each in worth.items() if pair in plan), 0.0)


def cost(province: Province, lent: Lent) -> float:
    """What lent seat-hours and hours of people who are called in have to be worth, in people answered."""
    hours = dict[str, int]()
    for (source, _, days, number), seats in lent.items():
        hours[source] = hours.get(source, 0) + seats * len(province.places.get((days, number), ()))
    return sum(province.price(source) * blocks for source, blocks in hours.items()) * province.block_s / 3600


def by_pair(province: Province, plan: Lent) -> Seats:
    """By source and borrower: [open blocks] seats."""
    found: dict[Pair, list[int]] = {}
    for (source, borrower, *slot), seats in plan.items():
        mine = found.setdefault((source, borrower), [0] * len(province.open_blocks))
        for place in province.places.get((slot[0], slot[1]), ()):
            mine[place] += seats
    return {pair: np.array(seats) for pair, seats in found.items()}


def given_by(plan: Seats, source: str) -> Ints | int:
    """[open blocks] seats that a source gives to all."""
    return sum((seats for (giver, _), seats in plan.items() if giver == source), 0)


def at_once(province: Province, plan: Lent, side: int, city: str) -> Ints:
    """[open blocks] seats that a city lends or borrows."""
    mine = {slot: seats for slot, seats in plan.items() if slot[side] == city}
    return sum(by_pair(province, mine).values(), np.zeros(len(province.open_blocks), int))
