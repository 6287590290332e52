"""How long the answered waited: counts, sums and quantiles of many scopes and periods, in two passes over the answers.

The answers come with the shortest wait first, so that the k-th of a cell has the k-th shortest wait of that cell, and
nothing needs to be sorted again for each way of looking.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import rules
from sim.compiled import compiled
from sim.tables import Floats, Ints, Outcomes

LEVELS = (0.5, 0.95)
COUNT, WITHIN, WAIT_MS, HELPED = range(4)
SUMS = 4


class Looking(NamedTuple):
    """Who and when each answer belongs to: G groups of scopes that share no queue, S scopes, P periods."""

    edge_queue: Ints   # [E]
    edge_helps: Ints   # [E] 1 where others than the city's own agents answer
    row: Ints          # [G, Q] the scope of each queue, S for none
    period: Ints       # [I] the period of each interval, -1 for none


def by_wait(outcomes: Outcomes) -> Outcomes:
    """The same outcomes, the shortest wait first: sorted where they are, as there may be a hundred million."""
    if not (outcomes.answers[1:] >= outcomes.answers[:-1]).all():
        outcomes.answers.sort()
    return outcomes


def sums(answers: Ints, look: Looking, within_ms: int, shape: tuple[int, int]) -> Ints:
    """[S, P, SUMS]: how many were answered, how many within the threshold, how long they waited, how many by helpers.

    :param shape: S and P.
    """
    found = np.zeros((shape[0] + 1, shape[1], SUMS), np.int64)
    add_up(answers, look, within_ms, found)
    return found[:-1]


def quantiles_ms(answers: Ints, look: Looking, count: Ints) -> Floats:
    """[S, P, LEVELS]: the shortest wait that at least this share of the cell does not exceed; nan for an empty cell.

    :param answers: the shortest wait first.
    :param count: [S, P] answers of each cell.
    """
    levels = np.array(LEVELS)
    ranks = np.zeros((count.shape[0] + 1, count.shape[1], len(LEVELS)), np.int64)
    ranks[:-1] = np.ceil(levels * count[..., None])
    found = np.full(ranks.shape, np.nan)
    pick(answers, look, ranks, np.zeros(ranks.shape[:2], np.int64), found)
    return found[:-1]


@compiled
def add_up(answers, look, within_ms, found):
    for a in answers:
        wait, (interval, edge) = rules.waited_ms(a), rules.place(a, len(look.edge_queue))
        p, q = look.period[interval], look.edge_queue[edge]
        if p >= 0:
            for g in range(look.row.shape[0]):
                cell = found[look.row[g, q], p]
                cell[COUNT] += 1
                cell[WITHIN] += wait <= within_ms
                cell[WAIT_MS] += wait
                cell[HELPED] += look.edge_helps[edge]


@compiled
def pick(answers, look, ranks, passed, found):
    for a in answers:
        interval, edge = rules.place(a, len(look.edge_queue))
        p, q = look.period[interval], look.edge_queue[edge]
        if p >= 0:
            for g in range(look.row.shape[0]):
                s = look.row[g, q]
                passed[s, p] += 1
                for k in range(ranks.shape[2]):
                    if passed[s, p] == ranks[s, p, k]:
                        found[s, p, k] = rules.waited_ms(a)


@compiled
def add_places(answers, edge_queue, day, wait_ms, helped):
    """Waits by the interval of the dial and its queue, and answers by day and edge."""
    for a in answers:
        interval, edge = rules.place(a, len(edge_queue))
        wait_ms[interval, edge_queue[edge]] += rules.waited_ms(a)
        helped[day[interval], edge] += 1
