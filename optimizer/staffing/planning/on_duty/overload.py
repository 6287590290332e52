"""What a city needs whose workplaces are too few: who is not answered dials again, so that an overload lasts on when
all who call for the first time could be answered."""
from __future__ import annotations

import numpy as np

from optimizer.staffing.need.each_interval import step_to
from optimizer.staffing.need.trials import Trials
from sim.core.arrays import Ints

ROUNDS = 5


def within_workplaces(trials: Trials, needed: Ints, most: Ints) -> Ints:
    """[K] seats of the only city, never more than it has: where those are too few, it needs more afterwards.

    :param needed: [K] seats with which it keeps its target, workplaces or not.
    :param most: [K] seats that it has.
    """
    seats = np.minimum(needed, most)
    for _ in range(ROUNDS if (needed > most).any() else 0):
        counts = trials.counts(seats[:, None])
        more = np.maximum(np.ceil(step_to(trials, counts)), 1)[:, 0].astype(np.int64)
        kept = (trials.target.kept(counts) > 0)[:, 0]
        after = np.where(kept, seats, np.minimum(seats + more, most))
        if (after == seats).all():
            break
        seats = after
    return seats
