"""The simulator as one compiled loop: the same story as ``reference.py``, told in arrays.

Events lie in a timing wheel of two levels: the interval at hand and the next one have buckets, a later interval has a
list, which goes into buckets when its turn comes. A bucket is sorted when its turn comes, so the cost of an event does
not grow with their number. A live caller and the caller's next event are one record of one cache line. Nothing is
allocated inside the loop: where room runs out the loop stops, ``run`` gives it more, and it goes on.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim import luck, rules, tables
from sim.compiled import compiled, step
from sim.tables import ANSWER, BUSY_SIGNAL, CALL, HUNG_UP, LONGEST_MS, NEVER, Callers, Outcomes, Records, World

NONE = -1
KIND_BITS, KINDS = 3, 7  # an event's key: its millisecond, then its kind in the order of rules.TALK_END .. HANG_UP
BUCKETS = 1 << 16
SPARE = 64  # cells that one event may use
LINE_BYTES = 64

# One cache line: a live caller with the next dial or end of talk, or an event of a seat, of a queue or of patience.
# ``at`` is the event's key and ``link`` the next cell in its list; ``of`` is what the event is about.
CELL = np.dtype([
    ("key", "u8"), ("caller", "i8"), ("dialled_ms", "i8"), ("at", "i8"), ("queue", "i4"), ("attempt", "i4"),
    ("tries", "i2"), ("was_answered", "i2"), ("next", "i4"), ("prev", "i4"), ("hang_up", "i4"), ("link", "i4"),
    ("of", "i4"),
])
NEAR = np.dtype([("at", "i8"), ("caller", "i8"), ("cell", "i8")])
LINE = np.dtype([("head", "i4"), ("tail", "i4"), ("length", "i4"), ("touched", "i4"), ("nudge_ms", "i8")])
POOL = np.dtype([("busy", "i4"), ("touched", "i4"), ("counted_ms", "i8")])
NOW = np.dtype([
    ("ms", "i8"), ("interval", "i8"), ("bucket", "i8"), ("near", "i8"), ("events", "i8"), ("free", "i8"),
    ("free_cells", "i8"), ("touched_pools", "i8"), ("touched_queues", "i8"), ("answers", "i8"), ("calls", "i8"),
    ("keep_calls", "i8"),
])


class State(NamedTuple):
    """Everything that changes while a run goes on."""

    now: Any           # [1] NOW: scalars
    cells: Any         # CELL; free ones are chained by ``link``
    near: Any          # NEAR: events of the bucket at hand, the next one last
    buckets: Any       # [2, BUCKETS] first cell of each bucket of the even and of the odd interval
    shift: Any         # [2] a bucket of that interval lasts 2**shift ms
    later: Any         # [I] first cell of each later interval
    later_count: Any   # [I]
    lines: Any         # [Q] LINE: who waits
    pools: Any         # [P] POOL
    lines_used: Any    # [C]
    pool_list: Any     # [P] pools with a seat that freed in this millisecond
    queue_list: Any    # [Q] queues whose head is new, or has waited long enough for one more pool
    flows: Any         # as in Outcomes
    pool_facts: Any
    waiting: Any
    answers: Any       # ANSWER, the first ``now.answers`` of them
    calls: Any         # CALL, the first ``now.calls`` of them


DONE, MORE_CELLS, MORE_ANSWERS, MORE_CALLS = range(4)


# --- the wheel -------------------------------------------------------------------------------------------------------

@step
def take_cell(s):
    i = s.now[0].free
    s.now[0].free = s.cells[i].link
    s.now[0].free_cells -= 1
    return i


@step
def give_back(s, i):
    s.cells[i].link = s.now[0].free
    s.now[0].free = i
    s.now[0].free_cells += 1


@step
def sort_in(s, i):
    """Put an event into the sorted bucket at hand: by millisecond and kind, dials of one millisecond by caller."""
    at = s.cells[i].at
    caller = s.cells[i].caller if at & KINDS == rules.DIAL else 0
    k = s.now[0].near
    s.now[0].near = k + 1
    while k > 0 and (s.near[k - 1].at < at or (s.near[k - 1].at == at and s.near[k - 1].caller < caller)):
        s.near[k].at = s.near[k - 1].at
        s.near[k].caller = s.near[k - 1].caller
        s.near[k].cell = s.near[k - 1].cell
        k -= 1
    s.near[k].at = at
    s.near[k].caller = caller
    s.near[k].cell = i


@step
def into_bucket(w, s, i, interval):
    """Put an event of this interval or the next one into its bucket."""
    half = interval & 1
    bucket = ((s.cells[i].at >> KIND_BITS) - interval * w.interval_ms) >> s.shift[half]
    if interval == s.now[0].interval and bucket <= s.now[0].bucket:
        sort_in(s, i)
    else:
        s.cells[i].link = s.buckets[half, bucket]
        s.buckets[half, bucket] = i


@step
def schedule(w, s, i, ms, kind):
    """Make a cell an event to come. False, and nothing done, where it lies beyond the horizon."""
    interval = s.now[0].interval
    if ms >= (interval + 1) * w.interval_ms:
        interval = ms // w.interval_ms
        if interval >= len(s.later):
            return False
    s.cells[i].at = (ms << KIND_BITS) | kind
    if interval <= s.now[0].interval + 1:
        s.now[0].events += 1
        into_bucket(w, s, i, interval)
    else:
        s.cells[i].link = s.later[interval]
        s.later[interval] = i
        s.later_count[interval] += 1
    return True


@step
def schedule_new(w, s, ms, kind, of):
    """An event in a cell of its own. Returns the cell, NONE where the event lies beyond the horizon."""
    i = take_cell(s)
    s.cells[i].of = of
    if schedule(w, s, i, ms, kind):
        return i
    give_back(s, i)
    return NONE


@step
def open_bucket(s, half, bucket):
    i = s.buckets[half, bucket]
    s.buckets[half, bucket] = NONE
    while i != NONE:
        link = s.cells[i].link
        sort_in(s, i)
        i = link


@step
def next_event(w, s):
    """The key of the next event of this interval, NEVER if there is none."""
    half = s.now[0].interval & 1
    last = (w.interval_ms - 1) >> s.shift[half]
    while s.now[0].near == 0 and s.now[0].bucket < last:
        s.now[0].bucket += 1
        if s.buckets[half, s.now[0].bucket] != NONE:
            open_bucket(s, half, s.now[0].bucket)
    if s.now[0].near == 0:
        return NEVER
    return s.near[s.now[0].near - 1].at


@step
def expected_events(s, callers, interval):
    fresh = 0
    for q in range(callers.fresh.shape[1]):
        fresh += callers.fresh[interval, q]
    return fresh, max(s.now[0].events, fresh + s.later_count[interval])


@step
def prepare(w, s, callers, interval):
    """Buckets for an interval: as many as events are expected, so that each holds one or two."""
    if interval >= len(s.later):
        return
    half, shift = interval & 1, 0
    expected = expected_events(s, callers, interval)[1]
    while (w.interval_ms - 1) >> shift >= min(BUCKETS, max(64, expected)):
        shift += 1
    s.shift[half] = shift
    i = s.later[interval]
    while i != NONE:
        link = s.cells[i].link
        into_bucket(w, s, i, interval)
        i = link


# --- callers ---------------------------------------------------------------------------------------------------------

@step
def birth(w, s, callers, interval, queue, k):
    """A fresh caller, and the moment of the first dial."""
    i = take_cell(s)
    c = s.cells[i]
    c.key = luck.caller_key(callers.key, w.queue_key[queue], w.moment_key[interval], np.uint64(k))
    c.caller = rules.caller_number(interval, queue, k)
    c.queue = queue
    c.attempt = 0
    c.tries = 0
    c.was_answered = 0
    c.of = i
    offset = rules.share_of(luck.draw(c.key, 0, luck.ARRIVAL), w.interval_ms)
    schedule(w, s, i, interval * w.interval_ms + offset, rules.DIAL)


@step
def come_back(w, s, i, delay_ms):
    """Dial again, within the horizon."""
    s.cells[i].of = i
    if not schedule(w, s, i, s.now[0].ms + delay_ms, rules.DIAL):
        give_back(s, i)


@step
def count_person(s, c, what):
    """A person's end is counted at their birth, and once: who was answered before is not lost later."""
    if c.was_answered == 0:
        s.flows[rules.born_in(c.caller), c.queue, what] += 1


@step
def end(s, i, what):
    """A caller leaves the story."""
    count_person(s, s.cells[i], what)
    give_back(s, i)


@step
def row(s, c, waited_ms, talk_ms, wrap_up_ms, pool, outcome):
    if s.now[0].keep_calls == 0:
        return
    r = s.calls[s.now[0].calls]
    s.now[0].calls += 1
    r.caller = c.caller
    r.dialled_ms = c.dialled_ms
    r.waited_ms = waited_ms
    r.talk_ms = talk_ms
    r.wrap_up_ms = wrap_up_ms
    r.queue = c.queue
    r.pool = pool
    r.attempt = c.attempt
    r.outcome = outcome


@step
def fail(w, s, i, cause):
    """After a busy signal or a hang-up: another channel, another dial, or lost."""
    c, now = s.cells[i], s.now[0]
    divert = w.divert[now.interval, c.queue]
    if divert > 0 and rules.happens(luck.draw(c.key, c.attempt, luck.CHANNEL), divert):
        end(s, i, tables.CALLERS_DIVERTED)
    elif rules.happens(luck.draw(c.key, c.attempt, luck.REDIAL), w.redial[c.queue, cause, c.tries - 1]):
        draw = luck.draw(c.key, c.attempt, luck.REDIAL_DELAY)
        come_back(w, s, i, rules.duration_ms(w.law_ms, w.redial_delay[c.queue, cause], draw))
    else:
        end(s, i, tables.CALLERS_LOST)


@step
def stays_away(w, s, c):
    away = w.away[s.now[0].interval, c.queue]
    return c.attempt == 0 and away > 0 and rules.happens(luck.draw(c.key, 0, luck.AWAY), away)


@step
def bot_settles(w, s, c):
    bot = w.bot[s.now[0].interval, c.queue]
    return bot > 0 and rules.happens(luck.draw(c.key, 0, luck.BOT), bot)


@step
def dial(w, s, i):
    """One try: perhaps the bot, perhaps a busy signal, otherwise a line and a place in the queue."""
    c, now = s.cells[i], s.now[0]
    if stays_away(w, s, c):
        end(s, i, tables.CALLERS_AWAY)
        return
    q, interval, city = c.queue, now.interval, w.queue_city[c.queue]
    s.flows[interval, q, tables.DIALS] += 1
    if c.attempt == 0:
        s.flows[rules.born_in(c.caller), q, tables.CALLERS] += 1
    c.attempt += 1
    c.tries = rules.one_more(c.tries, w.redial.shape[2])
    c.dialled_ms = now.ms
    if bot_settles(w, s, c):
        s.flows[interval, q, tables.DIALS_BOT] += 1
        row(s, c, 0, 0, 0, NONE, tables.BY_BOT)
        end(s, i, tables.CALLERS_BOT)
    elif s.lines_used[city] >= w.lines[interval, city]:
        s.flows[interval, q, tables.DIALS_BLOCKED] += 1
        row(s, c, 0, 0, 0, NONE, tables.BLOCKED)
        fail(w, s, i, BUSY_SIGNAL)
    else:
        s.lines_used[city] += 1
        join(w, s, i)


@step
def join(w, s, i):
    """Take the last place in the queue, and be ready to hang up when patience ends."""
    c = s.cells[i]
    line = s.lines[c.queue]
    c.next = NONE
    c.prev = line.tail
    if line.tail == NONE:
        line.head = i
        touch_queue(s, c.queue)
    else:
        s.cells[line.tail].next = i
    line.tail = i
    line.length += 1
    law = w.patience[c.queue]
    c.hang_up = NONE
    if law != NONE:
        patience = rules.duration_ms(w.law_ms, law, luck.draw(c.key, c.attempt, luck.PATIENCE))
        c.hang_up = schedule_new(w, s, s.now[0].ms + patience, rules.HANG_UP, i)


@step
def leave(s, i):
    """Give up a place in the queue; a new head has to be looked at."""
    c = s.cells[i]
    line = s.lines[c.queue]
    line.length -= 1
    if c.next == NONE:
        line.tail = c.prev
    else:
        s.cells[c.next].prev = c.prev
    if c.prev != NONE:
        s.cells[c.prev].next = c.next
        return
    line.head = c.next
    if c.next != NONE:
        touch_queue(s, c.queue)


@step
def hang_up(w, s, i):
    """Patience ends."""
    c, now = s.cells[i], s.now[0]
    leave(s, i)
    s.lines_used[w.queue_city[c.queue]] -= 1
    s.flows[c.dialled_ms // w.interval_ms, c.queue, tables.DIALS_ABANDONED] += 1
    row(s, c, min(LONGEST_MS, now.ms - c.dialled_ms), 0, 0, NONE, tables.ABANDONED)
    fail(w, s, i, HUNG_UP)


@step
def work_ms(w, s, c, edge, law, purpose):
    """How long the pool of this edge takes over a part of the call."""
    work = rules.duration_ms(w.law_ms, law, luck.draw(c.key, c.attempt, purpose))
    return rules.at_speed_ms(work, w.speed_pm[s.now[0].interval, w.edge_pool[edge]], w.edge_speed_pm[edge])


@step
def answer(w, s, i, edge):
    """A seat takes a call: it talks, then writes the request up; the line is free when the talk ends."""
    c, now, p = s.cells[i], s.now[0], w.edge_pool[edge]
    leave(s, i)
    if c.hang_up != NONE:
        s.cells[c.hang_up].of = NONE
    record_answer(w, s, c, edge)
    count_busy(w, s, p)
    s.pools[p].busy += 1
    c.of = p
    talk = work_ms(w, s, c, edge, w.talk[c.queue], luck.TALK)
    wrap_up, last = 0, rules.CALL_END
    if w.wrap_up[c.queue] != NONE:
        wrap_up, last = work_ms(w, s, c, edge, w.wrap_up[c.queue], luck.WRAP_UP), rules.TALK_END
        schedule_new(w, s, now.ms + talk + wrap_up, rules.SEAT_FREE, p)
    row(s, c, min(LONGEST_MS, now.ms - c.dialled_ms), talk, wrap_up, p, tables.ANSWERED)
    if not schedule(w, s, i, now.ms + talk, last):
        give_back(s, i)


@step
def record_answer(w, s, c, edge):
    now, dialled = s.now[0], c.dialled_ms // w.interval_ms
    s.pool_facts[now.interval, w.edge_pool[edge], tables.STARTS] += 1
    s.flows[dialled, c.queue, tables.DIALS_ANSWERED] += 1
    count_person(s, c, tables.CALLERS_ANSWERED)
    c.was_answered = 1
    a = s.answers[now.answers]
    now.answers += 1
    a.wait_ms = min(LONGEST_MS, now.ms - c.dialled_ms)
    a.interval = dialled
    a.edge = edge


@step
def end_talk(w, s, i):
    """The line is free; a caller whose matter is not settled will be back on a later day."""
    c = s.cells[i]
    s.lines_used[w.queue_city[c.queue]] -= 1
    chance = w.unsettled[c.queue]
    if chance > 0 and rules.happens(luck.draw(c.key, c.attempt, luck.SETTLED), chance):
        c.tries = 0
        draw = luck.draw(c.key, c.attempt, luck.RETURN_DELAY)
        come_back(w, s, i, rules.days_later_ms(rules.duration_ms(w.law_ms, w.return_delay[c.queue], draw)))
    else:
        give_back(s, i)


# --- seats -----------------------------------------------------------------------------------------------------------

@step
def count_busy(w, s, p):
    """Add up seat time until now, before the number of busy seats changes."""
    pool, now = s.pools[p], s.now[0]
    passed = now.ms - pool.counted_ms
    pool.counted_ms = now.ms
    s.pool_facts[now.interval, p, tables.BUSY_MS] += passed * pool.busy
    s.pool_facts[now.interval, p, tables.STAFFED_MS] += passed * max(pool.busy, w.seats[now.interval, p])


@step
def free_seat(w, s, p):
    count_busy(w, s, p)
    s.pools[p].busy -= 1
    touch_pool(s, p)


@step
def touch_pool(s, p):
    if s.pools[p].touched == 0:
        s.pools[p].touched = 1
        s.pool_list[s.now[0].touched_pools] = p
        s.now[0].touched_pools += 1


@step
def touch_queue(s, q):
    if s.lines[q].touched == 0:
        s.lines[q].touched = 1
        s.queue_list[s.now[0].touched_queues] = q
        s.now[0].touched_queues += 1


@step
def consider(w, s, edge, best, best_edge):
    """The better of the best pair so far and this edge, if its pool has an idle seat and its queue a caller."""
    p, q, now = w.edge_pool[edge], w.edge_queue[edge], s.now[0]
    head = s.lines[q].head
    if head == NONE or s.pools[p].busy >= w.seats[now.interval, p]:
        return best, best_edge
    since = s.cells[head].dialled_ms
    if not rules.may_take(now.ms, since, w.edge_after_ms[edge]):
        return best, best_edge
    if best_edge != NONE and not rules.prefer(w.edge_rank[edge], since, p, q, best):
        return best, best_edge
    return (np.int64(w.edge_rank[edge]), np.int64(since), np.int64(p), np.int64(q)), edge


@step
def best_pair(w, s):
    """The edge by which the next call is to be answered, NONE if no idle seat may take anybody.

    Before this millisecond no idle seat stood beside a caller whom it might serve, so one end of the pair is touched.
    """
    best, best_edge = (np.int64(0), np.int64(0), np.int64(0), np.int64(0)), np.int64(NONE)
    for k in range(s.now[0].touched_queues):
        q = s.queue_list[k]
        if s.lines[q].head != NONE:
            for e in range(w.queue_first[q], w.queue_first[q + 1]):
                best, best_edge = consider(w, s, np.int64(w.queue_edge[e]), best, best_edge)
    for k in range(s.now[0].touched_pools):
        p = s.pool_list[k]
        if s.pools[p].busy < w.seats[s.now[0].interval, p]:
            for e in range(w.pool_first[p], w.pool_first[p + 1]):
                best, best_edge = consider(w, s, np.int64(e), best, best_edge)
    return best_edge


@step
def match(w, s):
    """Join callers and seats until no idle seat may serve anybody who waits; DONE, or what there is no room for."""
    while True:
        short = room(s)
        if short != DONE:
            return short
        edge = best_pair(w, s)
        if edge == NONE:
            break
        answer(w, s, s.lines[w.edge_queue[edge]].head, edge)
    for k in range(s.now[0].touched_queues):
        s.lines[s.queue_list[k]].touched = 0
        arm(w, s, s.queue_list[k])
    for k in range(s.now[0].touched_pools):
        s.pools[s.pool_list[k]].touched = 0
    s.now[0].touched_queues = 0
    s.now[0].touched_pools = 0
    return DONE


@step
def arm(w, s, q):
    """Have the queue looked at again when its head has waited long enough for one more pool."""
    line, now = s.lines[q], s.now[0]
    if line.head == NONE:
        return
    since, soonest = s.cells[line.head].dialled_ms, NEVER
    for e in range(w.queue_first[q], w.queue_first[q + 1]):
        at = since + w.edge_after_ms[w.queue_edge[e]]
        if now.ms < at < soonest:
            soonest = at
    if soonest != NEVER and soonest != line.nudge_ms:
        line.nudge_ms = soonest
        schedule_new(w, s, soonest, rules.NUDGE, q)


# --- the loop --------------------------------------------------------------------------------------------------------

@step
def room(s):
    """DONE where there is room for any one event, otherwise what is short."""
    now = s.now[0]
    if now.free_cells < SPARE + len(s.lines):
        return MORE_CELLS
    if now.answers == len(s.answers):
        return MORE_ANSWERS
    if now.keep_calls != 0 and now.calls == len(s.calls):
        return MORE_CALLS
    return DONE


@step
def happen(w, s):
    """Take the next event and let it happen."""
    now = s.now[0]
    now.near -= 1
    i = s.near[now.near].cell
    at, of = s.cells[i].at, s.cells[i].of
    kind = at & KINDS
    if of == NONE:  # the hang-up of a call that was answered
        give_back(s, i)
        return
    now.ms = at >> KIND_BITS
    if kind == rules.DIAL:
        dial(w, s, i)
    elif kind == rules.TALK_END:
        end_talk(w, s, i)
    elif kind == rules.CALL_END:
        free_seat(w, s, of)
        end_talk(w, s, i)
    else:
        give_back(s, i)
        if kind == rules.HANG_UP:
            hang_up(w, s, of)
        elif kind == rules.SEAT_FREE:
            free_seat(w, s, of)
        else:
            touch_queue(s, of)


@step
def close_interval(w, s):
    """Count seat time up to the end of the interval, and who waits then."""
    s.now[0].ms = (s.now[0].interval + 1) * w.interval_ms
    for p in range(len(s.pools)):
        count_busy(w, s, p)
    for q in range(len(s.lines)):
        s.waiting[s.now[0].interval, q] = s.lines[q].length


@step
def open_interval(w, s, callers):
    """Seats change, fresh callers are born, and the next interval gets its buckets."""
    now = s.now[0]
    now.interval += 1
    now.bucket = NONE
    i = now.interval
    for p in range(len(s.pools)):
        if i == 0 or w.seats[i, p] > w.seats[i - 1, p]:
            touch_pool(s, p)
    if i == 0:
        prepare(w, s, callers, 0)
    prepare(w, s, callers, i + 1)
    now.events = 0
    for q in range(len(s.lines)):
        for k in range(callers.fresh[i, q]):
            birth(w, s, callers, i, q, k)


@compiled
def advance(w, callers, s, until):
    """Go on to the start of the interval ``until``, or until room runs out: says which."""
    now = s.now[0]
    while True:
        short = room(s)
        if short != DONE:
            return short
        at = next_event(w, s) if now.interval != NONE else NEVER
        if now.touched_pools + now.touched_queues > 0 and at > ((now.ms << KIND_BITS) | rules.MATCH):
            short = match(w, s)
            if short != DONE:
                return short
        elif at != NEVER:
            happen(w, s)
        else:
            if now.interval != NONE:
                close_interval(w, s)
            if now.interval + 1 == until:
                return DONE
            if now.free_cells < SPARE + len(s.lines) + expected_events(s, callers, now.interval + 1)[0]:
                return MORE_CELLS
            open_interval(w, s, callers)


# --- room ------------------------------------------------------------------------------------------------------------

def longer(a: Records, more: int) -> Records:
    """A longer buffer that begins with this one. Twice as fast as growing in place, which loses the huge pages."""
    new = np.empty(len(a) + max(more, len(a)), a.dtype)
    new[:len(a)] = a
    return new


def on_cache_lines(length: int) -> Records:
    """Cells that do not straddle two cache lines: twice as fast once they outgrow the cache."""
    raw = np.zeros(length * CELL.itemsize + LINE_BYTES, np.uint8)
    start = -raw.ctypes.data % LINE_BYTES
    return raw[start:start + length * CELL.itemsize].view(CELL)


def more_cells(s: State, more: int) -> State:
    """Chain new cells in front of the free ones."""
    had = len(s.cells)
    cells = on_cache_lines(had + max(more, had))
    cells[:had] = s.cells
    cells["link"][had:] = np.arange(had + 1, len(cells) + 1)
    cells["link"][-1] = s.now["free"][0]
    s.now["free"] = had
    s.now["free_cells"] += len(cells) - had
    return s._replace(cells=cells, near=longer(s.near, more))


def begin(world: World, keep_calls: bool) -> State:
    """The state before the first interval."""
    intervals, queues, pools = len(world.moment_key), len(world.queue_city), world.seats.shape[1]
    now = np.zeros(1, NOW)
    now["interval"] = now["bucket"] = now["free"] = NONE
    now["keep_calls"] = keep_calls
    lines = np.zeros(queues, LINE)
    lines["head"] = lines["tail"] = lines["nudge_ms"] = NONE
    return State(
        now=now, cells=np.zeros(0, CELL), near=np.zeros(0, NEAR), buckets=np.full((2, BUCKETS), NONE, np.int32),
        shift=np.zeros(2, np.int64), later=np.full(intervals, NONE, np.int32),
        later_count=np.zeros(intervals, np.int64), lines=lines, pools=np.zeros(pools, POOL),
        lines_used=np.zeros(world.lines.shape[1], np.int64), pool_list=np.zeros(pools, np.int32),
        queue_list=np.zeros(queues, np.int32), flows=np.zeros((intervals, queues, tables.FLOWS), np.int64),
        pool_facts=np.zeros((intervals, pools, tables.POOL_FACTS), np.int64),
        waiting=np.zeros((intervals, queues), np.int64), answers=np.zeros(1024, ANSWER),
        calls=np.zeros(1024 * keep_calls, CALL),
    )


def run(world: World, callers: Callers, keep_calls: bool = False,
        progress: Callable[[int], None] | None = None) -> Outcomes:
    """Simulate the whole horizon. ``progress`` is told now and then how many intervals are done."""
    callers = Callers(np.uint64(callers.key), callers.fresh)  # type: ignore[arg-type]
    intervals = len(world.moment_key)
    most = int(callers.fresh.sum(axis=1).max(initial=0)) + SPARE + len(world.queue_city)
    s = begin(world, keep_calls)
    s = more_cells(s, 2 * most)
    stride = max(1, intervals // 50) if progress else intervals
    for until in [*range(stride, intervals, stride), intervals]:
        while (short := advance(world, callers, s, until)) != DONE:
            if short == MORE_CELLS:
                s = more_cells(s, most)
            else:
                buffer = "answers" if short == MORE_ANSWERS else "calls"
                s = s._replace(**{buffer: longer(getattr(s, buffer), 0)})
        if progress:
            progress(until)
    if keep_calls:
        s = with_those_waiting(s)
    return Outcomes(s.flows, s.pool_facts, s.waiting, s.answers[:s.now["answers"][0]], s.calls[:s.now["calls"][0]])


def with_those_waiting(s: State) -> State:
    """Add rows of the calls that wait when the horizon ends."""
    rows = []
    for q in range(len(s.lines)):
        i = s.lines["head"][q]
        while i != NONE:
            c = s.cells[i]
            rows.append((c["caller"], c["dialled_ms"], -1, 0, 0, q, NONE, c["attempt"], tables.WAITING))
            i = c["next"]
    had = int(s.now["calls"][0])
    calls = s.calls if had + len(rows) <= len(s.calls) else longer(s.calls, len(rows))
    calls[had:had + len(rows)] = np.array(rows, CALL)
    s.now["calls"] = had + len(rows)
    return s._replace(calls=calls)
