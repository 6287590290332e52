"""The tables that every part of the simulator speaks in, and nothing else.

All times are whole milliseconds since the start of the horizon (suffix ``_ms``).
Shapes: I intervals, C cities, Q queues (a queue is the callers of one class of one city), P pools of seats,
E edges (a pool that may serve a queue), D laws of a duration, T dials of one matter.
"""
from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]    # of whole numbers
Floats = npt.NDArray[Any]  # of broken numbers
Records = npt.NDArray[np.void]

NEVER = int(np.iinfo(np.int64).max)
NO_LIMIT = 1 << 40  # lines of a city that never gives a busy signal
ON_BUSY = -1  # instead of a wait: an edge for calls that find no free line at home
HELP = -1     # instead of a number of seats: an edge by which a pool helps a city that is not its home
NO_HELP = -1  # instead of a number of seats: a pool that has no such edge
ONE = 1 << 32  # a chance of 1: a share p is the whole number round(p * ONE)
PER_MILLE = 1000

# A law of a duration is its quantile function at KNOTS + 1 points, and the last cell once more, as fine again.
KNOTS = 4096
LAW = 2 * (KNOTS + 1)

# Why a dial failed: the rows of the redial tables.
BUSY_SIGNAL, HUNG_UP = 0, 1

# What became of a dial.
WAITING, ANSWERED, ABANDONED, BLOCKED, BY_BOT = range(5)

# Columns of ``Outcomes.flows``. Dials count in the interval in which they were dialled, people in that of their birth.
(DIALS, DIALS_ANSWERED, DIALS_ABANDONED, DIALS_BLOCKED, DIALS_BOT,
 CALLERS, CALLERS_ANSWERED, CALLERS_BOT, CALLERS_DIVERTED, CALLERS_LOST, CALLERS_AWAY) = range(11)
FLOWS = 11

# Columns of ``Outcomes.pools``, by the interval in which things happen.
STARTS, BUSY_MS, STAFFED_MS = range(3)
POOL_FACTS = 3

# The most of everything that a caller's number can name, and the longest duration that a record holds.
MOST_CALLERS_AN_INTERVAL, MOST_QUEUES, MOST_INTERVALS = 1 << 24, 1 << 20, 1 << 19
MOST_DIALS, LONGEST_MS = (1 << 15) - 1, (1 << 31) - 1
PLACE_BITS = 32  # of an answer: interval * edges + edge

CALL = np.dtype([
    ("caller", "i8"), ("dialled_ms", "i8"), ("waited_ms", "i4"), ("talk_ms", "i4"), ("wrap_up_ms", "i4"),
    ("queue", "i4"), ("pool", "i4"), ("attempt", "i4"), ("outcome", "i4"),
])
"""One dial. ``waited_ms`` lasts until the answer or the hang-up, -1 for who still waits as the horizon ends.
``pool`` is -1 where nobody answered."""

ANSWER = np.dtype("i8")
"""One answered dial as one number (``rules.answer_number``): how long it waited, the interval in which it was dialled,
the edge by which it was served. Of a hundred million there is room for one number each, and they sort by wait."""


class World(NamedTuple):
    """A scenario with every name resolved to an index and every unit to a millisecond or a whole number."""

    interval_ms: int
    queue_city: Ints     # [Q] the city whose callers these are
    queue_key: Ints      # [Q] uint64, the hash of the names of city and class
    moment_key: Ints     # [I] uint64, minutes from 1970 to the interval's start, local time
    seats: Ints          # [I, P] seats open
    speed_pm: Ints       # [I, P] handle time per mille of the call's own work (learning, tiredness); of a pool that
                         #     helps by edges with HELP, over the calls of these edges only
    lines: Ints          # [I, C] calls that may wait or talk at once
    bot: Ints            # [I, Q] chance that the bot can settle a caller's matter
    away: Ints           # [I, Q] chance that a fresh caller takes another channel and never dials
    divert: Ints         # [I, Q] chance that a caller whose dial failed takes another channel
    edge_pool: Ints      # [E] sorted by (pool, rank, queue)
    edge_queue: Ints     # [E]
    edge_rank: Ints      # [E] lower is preferred, by the pool and by the call
    edge_after_ms: Ints  # [E] the pool may take a call once it has waited this long; ON_BUSY: as it finds no free line
    edge_speed_pm: Ints  # [E] handle time per mille of the call's own work
    edge_reserve: Ints   # [E] idle seats that the pool keeps free of these calls: it takes one while it has more;
                         #     HELP: pool_release while it helps, otherwise pool_resume, and its own calls rank first
    pool_home: Ints      # [P] the city whose line a call takes that the pool answers on busy, -1: has none
    pool_release: Ints   # [P] idle seats at which a pool stops helping, NO_HELP: has no edge with HELP
    pool_resume: Ints    # [P] it begins to help while more are idle than these; at least pool_release, or NO_HELP
    pool_first: Ints     # [P + 1] edges of pool p are pool_first[p] .. pool_first[p + 1]
    queue_first: Ints    # [Q + 1] edges of queue q are queue_edge[queue_first[q] .. queue_first[q + 1]]
    queue_edge: Ints     # [E] edges sorted by (queue, rank, pool)
    patience: Ints       # [Q] law, -1: waits for ever
    talk: Ints           # [Q] law
    wrap_up: Ints        # [Q] law, -1: none
    redial: Ints         # [Q, 2, T] chance to dial again, by cause, after the t-th dial of a matter; the last holds on
    redial_delay: Ints   # [Q, 2] law, by cause
    unsettled: Ints      # [Q] chance that an answered caller calls again on a later day
    return_delay: Ints   # [Q] law
    law_ms: Ints         # [D * LAW] the laws, one after another


class Callers(NamedTuple):
    """How many people dial for the first time: all that a replication adds to a world."""

    key: int      # uint64 key of the replication
    fresh: Ints   # [I, Q]


class Outcomes(NamedTuple):
    """What happened. Metrics read this and nothing else."""

    flows: Ints      # [I, Q, FLOWS]
    pools: Ints      # [I, P, POOL_FACTS]
    waiting: Ints    # [I, Q] callers who wait at the end of each interval
    answers: Ints     # ANSWER, in no order that means anything
    calls: Records    # CALL, likewise; empty unless asked for


class PoolName(NamedTuple):
    """What a pool is called: its kind is own, lent, province, operators, volunteers or cloud."""

    name: str
    kind: str
    home: str | None
    serves: tuple[str, ...]


class Names(NamedTuple):
    """What the numbers of a world stand for."""

    start: datetime
    interval_s: int
    cities: tuple[str, ...]
    classes: tuple[str, ...]
    queues: tuple[tuple[str, str], ...]  # (city, class)
    pools: tuple[PoolName, ...]


class Demand(NamedTuple):
    """How many fresh callers to expect: what chance turns into Callers."""

    mean: Floats         # [I, Q] in one interval, on a day of ordinary busyness
    ordinary: Floats     # [I, Q] the everyday part of it
    busyness_cv: Floats  # [Q]
    day: Ints            # [I] index into day_key
    day_key: Ints        # [days] uint64, days from 1970


class Setting(NamedTuple):
    """A scenario as numbers, with their names."""

    world: World
    demand: Demand
    names: Names
