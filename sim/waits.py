"""Quantiles of how long the answered waited, of many scopes and periods in one pass over the answers.

The answers come with the shortest wait first, so that the k-th of a cell has the k-th shortest wait of that cell, and
nothing needs to be sorted again for each way of looking. Who did not wait need not be looked at: they are counted.
"""
from __future__ import annotations

import numpy as np

from sim import rules
from sim.compiled import compiled
from sim.counted import AT_ONCE, Counted, Grouping, added_up
from sim.tables import DIALS_ANSWERED, PLACE_BITS, Floats, Ints

LEVELS = (0.5, 0.95)


def quantiles_ms(counted: Counted, edge_queue: Ints, grouping: Grouping) -> Floats:
    """[S, P, LEVELS]: the shortest wait that at least this share of the cell does not exceed; nan for an empty cell."""
    flows, answers = counted.outcomes.flows, by_wait(counted.outcomes.answers)
    number = np.stack([flows[..., DIALS_ANSWERED], counted.answered[..., AT_ONCE]], axis=2)
    answered, at_once = np.moveaxis(added_up(number, grouping).astype(np.int64), 2, 0)
    ranks = np.ceil(np.array(LEVELS) * answered[..., None]).astype(np.int64)
    found = np.where((answered > 0)[..., None] & (ranks <= at_once[..., None]), 0.0, np.nan)
    none = [(0, 1), (0, 0)]  # the row of those who belong to no scope
    ranks, found, passed = np.pad(ranks, [*none, (0, 0)]), np.pad(found, [*none, (0, 0)]), np.pad(at_once, none)
    first = np.searchsorted(answers, 1 << PLACE_BITS)
    pick(answers[first:], edge_queue, grouping.row, grouping.period, ranks, passed, found)
    return found[:-1]


def by_wait(answers: Ints) -> Ints:
    """The answers, the shortest wait first: sorted where they are, as there may be a hundred million."""
    if not (answers[1:] >= answers[:-1]).all():
        answers.sort()
    return answers


@compiled
def pick(answers, edge_queue, row, period, ranks, passed, found):
    for a in answers:
        interval, edge = rules.place(a, len(edge_queue))
        p, q = period[interval], edge_queue[edge]
        if p >= 0:
            for g in range(row.shape[0]):
                s = row[g, q]
                passed[s, p] += 1
                for k in range(ranks.shape[2]):
                    if passed[s, p] == ranks[s, p, k]:
                        found[s, p, k] = rules.waited_ms(a)
