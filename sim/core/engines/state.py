"""Everything that changes while the kernel runs, and the room that it has."""
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.core import arrays
from sim.core.arrays import ANSWER, CALL, NEVER, ON_BUSY, Ints, Records, World

NONE = -1
AT_HAND = -1  # instead of a list: the sorted bucket at hand
NO_CELL = 0   # the end of every list: a cell that nobody has, and that may be written to without asking
KIND_BITS, KINDS = 3, 7  # an event's key: its millisecond, then its kind in the order of rules.TALK_END .. HANG_UP
BUCKETS = 1 << 18
SPARE = 64  # cells that one event may use
LINE_BYTES = 64
INDEX = "u4"  # never below 0, so that compiled code need not ask whether to count from the end: a tenth of its time
AHEAD = 4  # free cells, or buckets, between asking for a cell and asking for the next in its list, and then to its turn
ROWS_A_CALLER, MOST_ROWS = 8, 1 << 24  # rows that a run has room for as it begins; memory is taken when written

# One cache line: a live caller with the one event that is to come (dial or hang-up), or an event of a seat or a
# queue. ``at`` is the event's key, NEVER if there is none. ``link`` is the next cell in a list of events,
# ``back`` the one before in that of a later interval, ``next`` and ``prev`` are those in the queue; ``of`` is the pool
# or queue that it is about.
CELL = np.dtype([
    ("key", "u8"), ("caller", "i8"), ("dialled_ms", "i8"), ("at", "i8"), ("queue", INDEX), ("attempt", "i4"),
    ("tries", "i2"), ("was_answered", "i2"), ("next", INDEX), ("prev", INDEX), ("link", INDEX), ("back", INDEX),
    ("of", INDEX),
])
NEAR = np.dtype([("at", "i8"), ("caller", "i8"), ("cell", INDEX)])
LINE = np.dtype([("head", INDEX), ("tail", INDEX), ("length", "i4"), ("touched", "i4"), ("recheck_ms", "i8")])
# A city's lines: used as far as is known, and the talks that hold one: where their ends begin, how many, the soonest.
HALL = np.dtype([("used", "i8"), ("first", "i8"), ("talks", "i8"), ("soonest_ms", "i8")])
POOL = np.dtype([("busy", "i4"), ("touched", "i2"), ("helping", "i2"), ("counted_ms", "i8")])
NOW = np.dtype([
    ("ms", "i8"), ("interval", "i8"), ("bucket", "i8"), ("near", "i8"), ("events", "i8"), ("free_cells", "i8"),
    ("touched_pools", "i8"), ("touched_queues", "i8"), ("answers", "i8"), ("calls", "i8"), ("keep_calls", "i8"),
])


class State(NamedTuple):
    """Everything that changes while a run goes on."""

    now: Any           # [1] NOW: scalars
    cells: Any         # CELL
    free: Any          # free cells, the first ``now.free_cells`` of them: a chain would be read from far away memory
    near: Any          # NEAR: events of the bucket at hand, the next one last
    lists: Any         # [2 * BUCKETS + I] first cell: buckets of the even and of the odd interval, later intervals
    shift: Any         # [2] a bucket of that interval lasts 2**shift ms
    later_count: Any   # [I] events put into the list of a later interval
    lines: Any         # [Q] LINE: who waits
    pools: Any         # [P] POOL
    halls: Any         # [C + 1] HALL; the last one only says where the others end
    talk_ends: Any     # [halls.first[C]] ms: when talks end that hold a line, those of each city in no order
    pool_list: Any     # [P] pools with a seat that freed in this millisecond, and those whose help may begin or stop
    queue_list: Any    # [Q] queues whose head is new, or has waited long enough for one more pool
    flows: Any         # as in Outcomes
    pool_facts: Any
    waiting: Any
    answers: Any       # ANSWER, the first ``now.answers`` of them
    calls: Any         # CALL, the first ``now.calls`` of them


DONE, MORE_CELLS, MORE_ANSWERS, MORE_CALLS = range(4)


def longer(a: Records, least: int) -> Records:
    """A longer buffer that begins with this one. Twice as fast as growing in place, which loses the huge pages."""
    new = np.empty(max(least, 2 * len(a)), a.dtype)
    new[:len(a)] = a
    return new


def on_cache_lines(length: int) -> Records:
    """Cells that do not straddle two cache lines: twice as fast once they outgrow the cache."""
    raw = np.zeros(length * CELL.itemsize + LINE_BYTES, np.uint8)
    start = -raw.ctypes.data % LINE_BYTES
    return raw[start:start + length * CELL.itemsize].view(CELL)


def more_cells(s: State, more: int) -> State:
    """Put new cells on top of the free ones."""
    had, left = len(s.cells), int(s.now["free_cells"][0])
    cells = on_cache_lines(had + max(more, had))
    cells[:had] = s.cells
    new, free, near = len(cells) - had, longer(s.free, len(cells)), longer(s.near, len(cells))
    free[left:left + new] = np.arange(len(cells), had, -1) - 1
    s.now["free_cells"] += new
    return s._replace(cells=cells, free=free, near=near)


def most_talks(world: World) -> Ints:
    """[C] talks that are noted at once: twice as many as can go on, so that half have ended where room runs out."""
    at_once = np.zeros(world.lines.shape[1], np.int64)
    home, city = world.pool_home[world.edge_pool], world.queue_city[world.edge_queue].astype(np.int64)
    of_line = np.where(world.edge_after_ms == ON_BUSY, home, city)
    pairs = np.unique(np.stack([of_line, world.edge_pool]), axis=1)
    np.add.at(at_once, pairs[0].astype(np.int64), world.seats.max(axis=0)[pairs[1]])
    return 2 * at_once + 1


def begin(world: World, fresh: int, keep_calls: bool) -> State:
    """The state before the first interval."""
    intervals, queues, pools = len(world.moment_key), len(world.queue_city), world.seats.shape[1]
    now = np.zeros(1, NOW)
    now["interval"] = now["bucket"] = NONE
    now["keep_calls"] = keep_calls
    lines = np.zeros(queues, LINE)
    lines["recheck_ms"] = NONE
    halls = np.zeros(world.lines.shape[1] + 1, HALL)
    halls["first"][1:] = np.cumsum(most_talks(world))
    halls["soonest_ms"] = NEVER
    return State(
        now=now, cells=np.zeros(1, CELL), free=np.zeros(0, INDEX), near=np.zeros(0, NEAR),
        lists=np.zeros(2 * BUCKETS + intervals, INDEX), shift=np.zeros(2, np.int64),
        later_count=np.zeros(intervals, np.int64), lines=lines, pools=np.zeros(pools, POOL),
        halls=halls, talk_ends=np.zeros(halls["first"][-1], np.int64), pool_list=np.zeros(pools, INDEX),
        queue_list=np.zeros(queues, INDEX), flows=np.zeros((intervals, queues, arrays.FLOWS), np.int64),
        pool_facts=np.zeros((intervals, pools, arrays.POOL_FACTS), np.int64),
        waiting=np.zeros((intervals, queues), np.int64), answers=np.empty(fresh + 1, ANSWER),
        calls=np.empty(min(ROWS_A_CALLER * fresh + 1, MOST_ROWS) * keep_calls, CALL),
    )


def with_those_waiting(s: State) -> State:
    """Add rows of the calls that wait when the horizon ends."""
    rows = []
    for q in range(len(s.lines)):
        i = s.lines["head"][q]
        while i != NO_CELL:
            c = s.cells[i]
            rows.append((c["caller"], c["dialled_ms"], -1, 0, 0, q, NONE, c["attempt"], arrays.WAITING))
            i = c["next"]
    had = int(s.now["calls"][0])
    calls = s.calls if had + len(rows) <= len(s.calls) else longer(s.calls, had + len(rows))
    calls[had:had + len(rows)] = np.array(rows, CALL)
    s.now["calls"] = had + len(rows)
    return s._replace(calls=calls)
