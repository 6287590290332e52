"""What the surfaces promise of any plan, by block, without a solver."""
from __future__ import annotations

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.flow import draws, factors_of, flow, weights_of
from optimizer.lending.inputs.province import LENDER, Lent, Province
from sim.core.arrays import Floats, Ints


def gains(estimates: Estimates, lent: Lent) -> dict[str, Floats]:
    """By borrower and block: people answered more than without help."""
    found = {name: answered(estimates, name, [lent, {}]) for name in estimates.surfaces}
    return {name: helped - alone for name, (helped, alone) in found.items()}


def losses(estimates: Estimates, lent: Lent) -> dict[str, Floats]:
    """By lender and open block: people answered less than where nothing is lent."""
    return {name: kept(estimates, name, {}) - kept(estimates, name, lent) for name in estimates.lenders}


def answered(estimates: Estimates, borrower: str, plans: list[Lent]) -> Floats:
    """[plans, blocks] people answered by a borrower, on the mean of the days that may come."""
    province, days = estimates.province, draws(estimates.province)
    extra = np.zeros((len(plans), len(province.blocks)))
    extra[:, province.open_blocks] = [helped(estimates, plan, borrower) for plan in plans]
    factors, more = np.tile(factors_of(days, borrower), len(plans)), np.repeat(extra, len(days), axis=0)
    got = flow(province, borrower, estimates.surfaces[borrower], factors, more).answered
    mean = np.einsum("d,pdb->pb", weights_of(days), got.reshape(len(plans), len(days), -1))
    return np.asarray(estimates.delivers[borrower] * mean)


def kept(estimates: Estimates, lender: str, plan: Lent) -> Floats:
    """[open blocks] people answered by a lender."""
    seats = at_once(estimates.province, plan, LENDER, lender)
    return estimates.costs * np.array([float(row[n]) for row,
                                       n in zip(estimates.lenders[lender].answered, seats, strict=True)])


def helped(estimates: Estimates, plan: Lent, borrower: str) -> Floats:
    """[open blocks] what help is worth to a borrower, in seats of its own."""
    province = estimates.province
    found = np.zeros(len(province.open_blocks))
    for source in [source for source, to in province.pairs if to == borrower]:
        mine = {slot: seats for slot, seats in plan.items() if slot[:2] == (source, borrower)}
        worth = [estimates.worth(source, borrower, block) for block in province.open_blocks]
        found += at_once(province, mine, LENDER, source) * worth
    return found


def cost(province: Province, lent: Lent) -> float:
    """What lent seat-hours and hours of people who are called in have to be worth, in people answered."""
    seats = sum(int(at_once(province, lent, LENDER, name).sum()) * province.price(name) for name in province.sources)
    return seats * province.block_s / 3600


def at_once(province: Province, plan: Lent, side: int, city: str) -> Ints:
    """[open blocks] seats that a city lends or borrows."""
    found: dict[tuple[int, int], int] = {}
    for slot, seats in plan.items():
        if slot[side] == city:
            found[slot[2:]] = found.get(slot[2:], 0) + seats
    return np.array([found.get(province.slot_of(block), 0) for block in province.open_blocks])
