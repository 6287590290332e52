"""Quantiles of how long the answered waited, of many scopes and periods in one pass over the answers.

Those who waited come with the shortest wait first, so that the k-th of a cell has the k-th shortest wait of that cell,
and nothing needs to be sorted again for each way of looking. Who did not wait need not be looked at: they are counted.
"""
from __future__ import annotations

import numpy as np

from sim.core import rules
from sim.core.arrays import DIALS_ANSWERED, PLACE_BITS, Floats, Ints
from sim.core.compiled import compiled
from sim.measures.counts import AT_ONCE, Counted, Grouping, added_up

LEVELS = (0.5, 0.95)
NEVER = np.iinfo(np.int64).max


def quantiles_ms(counted: Counted, edge_queue: Ints, grouping: Grouping) -> Floats:
    """[S, P, LEVELS]: the shortest wait that at least this share of the cell does not exceed; nan for an empty cell."""
    flows, answers = counted.outcomes.flows, waited(counted.outcomes.answers)
    number = np.stack([flows[..., DIALS_ANSWERED], counted.answered[..., AT_ONCE]], axis=2)
    answered, at_once = np.moveaxis(added_up(number, grouping).astype(np.int64), 2, 0)
    ranks = np.ceil(np.array(LEVELS) * answered[..., None]).astype(np.int64)
    found = np.where((answered > 0)[..., None] & (ranks <= at_once[..., None]), 0.0, np.nan)
    none = [(0, 1), (0, 0)]  # the row of those who belong to no scope
    left = np.where(np.isnan(found) & (answered > 0)[..., None], ranks - at_once[..., None], NEVER).min(axis=2)
    ranks, found, left = np.pad(ranks, [*none, (0, 0)]), np.pad(found, [*none, (0, 0)]), np.pad(left, none)
    pick(answers, edge_queue, grouping.row, grouping.period, ranks, left, found)
    return found[:-1]


def waited(answers: Ints) -> Ints:
    """Those who waited, the shortest wait first: sorted where they are, as there may be a hundred million."""
    found = answers[put_first(answers, 1 << PLACE_BITS):]
    if not (found[1:] >= found[:-1]).all():
        found.sort()
    return found


@compiled
def put_first(values, below):
    """Have all values below a bound stand first, and say how many they are; where they do already, nothing moves."""
    number = 0
    for i in range(values.size):
        value = values[i]
        if value < below:
            values[i] = values[number]
            values[number] = value
            number += 1
    return number


@compiled
def pick(answers, edge_queue, row, period, ranks, left, found):
    """Count down to the next rank of each cell: ``left`` answers."""
    for a in answers:
        interval, edge = rules.place(a, len(edge_queue))
        p, q = period[interval], edge_queue[edge]
        if p >= 0:
            for g in range(row.shape[0]):
                s = row[g, q]
                left[s, p] -= 1
                if left[s, p] == 0:
                    left[s, p] = note(rules.waited_ms(a), ranks[s, p], found[s, p])


@compiled
def note(wait, ranks, found):
    """Write a wait down for the first rank that has none, and for its equals; how many answers it is to the next."""
    reached = 0
    for k in range(len(ranks)):
        if found[k] == found[k]:
            continue
        if reached == 0:
            reached = ranks[k]
        if ranks[k] > reached:
            return ranks[k] - reached
        found[k] = wait
    return 0
