"""One replication counted once, by interval and queue: whatever a table asks for is added up from there.

The loops are compiled, because a month of a province has millions of answers and asks for them in many ways.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.core import rules
from sim.core.arrays import Floats, Ints, Outcomes, Setting
from sim.core.compiled import compiled

# Columns of ``Counted.answered``: of the dials of an interval and queue that were answered.
AT_ONCE, WITHIN, WAIT_MS, HELPED = range(4)
ANSWER_FACTS = 4


class Counted(NamedTuple):
    """What happened, with the waits of the answered counted."""

    outcomes: Outcomes
    answered: Ints      # [I, Q, ANSWER_FACTS] by the interval of the dial
    served: Ints        # [days, E] answered dials by the day of the dial and the edge by which they were served


class Grouping(NamedTuple):
    """Where each interval and member belongs: G groups of scopes that share no member, S scopes, P periods."""

    row: Ints     # [G, members] the scope of each member, S for none
    period: Ints  # [I] the period of each interval, -1 for none
    scopes: int
    periods: int


def count(setting: Setting, outcomes: Outcomes, within_s: float) -> Counted:
    """Count the answers of a replication."""
    w, demand = setting.world, setting.demand
    answered = np.zeros((*outcomes.waiting.shape, ANSWER_FACTS), np.int64)
    served = np.zeros((len(demand.day_key), len(w.edge_pool)), np.int64)
    count_answers(outcomes.answers, w.edge_queue, helps(setting), demand.day, round(within_s * 1000), answered, served)
    return Counted(outcomes, answered, served)


def helps(setting: Setting) -> Ints:
    """[E] 1 where others than the city's own agents answer by this edge: these may sit in the hall, at home, or at a
    seat that is lent and serves both cities."""
    world, names = setting.world, setting.names
    own = [names.pools[p].home == names.queues[q][0]
           for p, q in zip(world.edge_pool, world.edge_queue, strict=True)]
    return 1 - np.array(own, np.int64)


def added_up(values: Ints | Floats, grouping: Grouping) -> Floats:
    """[S, P, F]: values [I, members, F] added up by scope and period."""
    found = np.zeros((grouping.scopes + 1, grouping.periods, values.shape[2]), values.dtype)
    add_up(np.ascontiguousarray(values), grouping.row, grouping.period, found)
    return found[:-1].astype(float)


@compiled
def count_answers(answers, edge_queue, edge_helps, day, within_ms, answered, served):
    for a in answers:
        wait, (interval, edge) = rules.waited_ms(a), rules.place(a, len(edge_queue))
        cell = answered[interval, edge_queue[edge]]
        cell[AT_ONCE] += wait == 0
        cell[WITHIN] += wait <= within_ms
        cell[WAIT_MS] += wait
        cell[HELPED] += edge_helps[edge]
        served[day[interval], edge] += 1


@compiled
def add_up(values, row, period, found):
    for i in range(values.shape[0]):
        p = period[i]
        if p >= 0:
            for m in range(values.shape[1]):
                for g in range(row.shape[0]):
                    s = row[g, m]
                    for f in range(values.shape[2]):
                        found[s, p, f] += values[i, m, f]
