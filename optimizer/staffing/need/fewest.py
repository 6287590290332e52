"""Whether seats are the fewest, as far as single seats tell."""
from __future__ import annotations

import numpy as np

from optimizer.staffing.need.trials import Trials
from sim.core.arrays import Floats, Ints

APART = 4  # intervals from one that lacks a seat to the next that does, so that they hardly touch each other


def is_needed(trials: Trials, seats: Ints) -> Floats:
    """[K, C] whether the target is missed in an interval with a seat less there, by the margin and on the luck on which
    the search ended; False where there is no seat. Targets of each interval only.

    Other intervals keep their seats, but for one in every ``APART``.
    """
    number, missed = np.arange(len(seats)), np.zeros(seats.shape, bool)
    for first in range(APART):
        here = (number % APART == first)[:, None] & (seats > 0)
        counts = trials.counts(seats - here, trials.confirming)
        missed |= here & ~trials.target.kept(counts, trials.margin).astype(bool)
    return missed
