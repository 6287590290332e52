"""What the surfaces promise of any plan, by block, without a solver."""
from __future__ import annotations

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.flow import draws, factors_of, flow, weights_of
from optimizer.lending.inputs.province import BORROWER, LENDER, Lent, Province
from sim.core.arrays import Floats, Ints


def gains(k: Estimates, lent: Lent) -> dict[str, Floats]:
    """By borrower and block: people answered more than without help."""
    found = {name: answered(k, name, [lent, {}]) for name in k.surfaces}
    return {name: helped - alone for name, (helped, alone) in found.items()}


def losses(k: Estimates, lent: Lent) -> dict[str, Floats]:
    """By lender and open block: people answered less than where nothing is lent."""
    return {name: kept(k, name, {}) - kept(k, name, lent) for name in k.lenders}


def answered(k: Estimates, borrower: str, plans: list[Lent]) -> Floats:
    """[plans, blocks] people answered by a borrower, on the mean of the days that may come."""
    p, days = k.province, draws(k.province)
    worth = np.array([p.guest_worth(borrower, block) for block in p.open_blocks])
    extra = np.zeros((len(plans), len(p.blocks)))
    extra[:, p.open_blocks] = worth * [at_once(p, plan, BORROWER, borrower) for plan in plans]
    factors, more = np.tile(factors_of(days, borrower), len(plans)), np.repeat(extra, len(days), axis=0)
    got = flow(p, borrower, k.surfaces[borrower], factors, more).answered
    mean = np.einsum("d,pdb->pb", weights_of(days), got.reshape(len(plans), len(days), -1))
    return np.asarray(k.delivers[borrower] * mean)


def kept(k: Estimates, lender: str, plan: Lent) -> Floats:
    """[open blocks] people answered by a lender."""
    seats = at_once(k.province, plan, LENDER, lender)
    return k.costs * np.array([float(row[n]) for row, n in zip(k.lenders[lender].answered, seats, strict=True)])


def cost(p: Province, lent: Lent) -> float:
    """What lent seat-hours cost, in people answered."""
    seats = sum(int(at_once(p, lent, LENDER, name).sum()) for name in p.lenders)
    return float(p.agreement.seat_hour_cost) * seats * p.block_s / 3600


def at_once(p: Province, plan: Lent, side: int, city: str) -> Ints:
    """[open blocks] seats that a city lends or borrows."""
    found: dict[tuple[int, int], int] = {}
    for slot, seats in plan.items():
        if slot[side] == city:
            found[slot[2:]] = found.get(slot[2:], 0) + seats
    return np.array([found.get(p.slot_of(block), 0) for block in p.open_blocks])
