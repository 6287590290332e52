"""The simulator as one compiled loop: the same story as ``reference.py``, told in arrays.

A live caller and the caller's next event are one record of one cache line. Nothing is allocated inside the loop: where
room runs out the loop stops, ``run`` gives it more, and it goes on.
"""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.core import arrays, draws, rules
from sim.core.arrays import BUSY_SIGNAL, HUNG_UP, LONGEST_MS, NEVER, Callers, Outcomes, World
from sim.core.compiled import compiled, step
from sim.core.engines.event_wheel import (
    cancel,
    expected_events,
    give_back,
    next_event,
    prepare,
    schedule,
    schedule_new,
    take_cell,
)
from sim.core.engines.lines import hang_up_line, has_line, take_line, talk_until
from sim.core.engines.state import (
    DONE,
    INDEX,
    KIND_BITS,
    KINDS,
    MORE_ANSWERS,
    MORE_CALLS,
    MORE_CELLS,
    NO_CELL,
    NONE,
    SPARE,
    begin,
    longer,
    more_cells,
    with_those_waiting,
)

INDEXES = ("queue_city", "edge_pool", "edge_queue", "queue_edge")  # of a world: what is looked up to look further


# --- callers ---------------------------------------------------------------------------------------------------------

@step
def birth(w, s, group, interval, queue, k):
    """A fresh caller, and the moment of the first dial."""
    i = take_cell(s)
    c = s.cells[i]
    c.key = draws.name(group, np.uint64(k))
    c.caller = rules.caller_number(interval, queue, k)
    c.queue = queue
    c.attempt = 0
    c.tries = 0
    c.was_answered = 0
    offset = rules.share_of(draws.draw(c.key, 0, draws.ARRIVAL), w.interval_ms)
    schedule(w, s, i, interval * w.interval_ms + offset, rules.DIAL)


@step
def come_back(w, s, i, ms):
    """Dial again, within the horizon."""
    if not schedule(w, s, i, ms, rules.DIAL):
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
    if divert > 0 and rules.happens(draws.draw(c.key, c.attempt, draws.CHANNEL), divert):
        end(s, i, arrays.CALLERS_DIVERTED)
        return
    share = w.redial[c.queue, cause, c.tries - 1]
    if rules.dials_again(draws.draw(c.key, c.attempt, draws.REDIAL), share, c.attempt):
        delay = draws.draw(c.key, c.attempt, draws.REDIAL_DELAY)
        come_back(w, s, i, now.ms + rules.duration_ms(w.law_ms, w.redial_delay[c.queue, cause], delay))
    else:
        end(s, i, arrays.CALLERS_LOST)


@step
def stays_away(w, s, c):
    away = w.away[s.now[0].interval, c.queue]
    return c.attempt == 0 and away > 0 and rules.happens(draws.draw(c.key, 0, draws.AWAY), away)


@step
def bot_settles(w, s, c):
    bot = w.bot[s.now[0].interval, c.queue]
    return bot > 0 and rules.happens(draws.draw(c.key, 0, draws.BOT), bot)


@step
def dial(w, s, i):
    """One try: perhaps the bot, perhaps a busy signal, otherwise a line and a place in the queue."""
    c, now = s.cells[i], s.now[0]
    if stays_away(w, s, c):
        end(s, i, arrays.CALLERS_AWAY)
        return
    q, interval, city = c.queue, now.interval, w.queue_city[c.queue]
    s.flows[interval, q, arrays.DIALS] += 1
    if c.attempt == 0:
        s.flows[rules.born_in(c.caller), q, arrays.CALLERS] += 1
    c.attempt += 1
    c.tries = rules.one_more(c.tries, w.redial.shape[2])
    c.dialled_ms = now.ms
    if bot_settles(w, s, c):
        s.flows[interval, q, arrays.DIALS_BOT] += 1
        row(s, c, 0, 0, 0, NONE, arrays.BY_BOT)
        end(s, i, arrays.CALLERS_BOT)
    elif has_line(w, s, city):
        take_line(s, city)
        join(w, s, i)
    else:
        find_no_line(w, s, i)


@step
def find_no_line(w, s, i):
    """Be answered at once by a city that helps on busy, through a line of its own; otherwise a busy signal."""
    c = s.cells[i]
    edge = helper(w, s, c.queue)
    if edge == NONE:
        s.flows[s.now[0].interval, c.queue, arrays.DIALS_BLOCKED] += 1
        row(s, c, 0, 0, 0, NONE, arrays.BLOCKED)
        fail(w, s, i, BUSY_SIGNAL)
    else:
        city = w.pool_home[w.edge_pool[edge]]
        take_line(s, city)
        begin_talk(w, s, i, edge, city)


@step
def helper(w, s, q):
    """The edge by which a call of this queue is answered that finds no free line at home, NONE if there is none."""
    for e in range(w.queue_first[q], w.queue_first[q + 1]):
        edge = np.int64(w.queue_edge[e])
        if rules.on_busy(w.edge_after_ms[edge]) and has_spare(w, s, edge):
            p = w.edge_pool[edge]
            if has_line(w, s, w.pool_home[p]) and not is_awaited(w, s, p):
                return edge
    return np.int64(NONE)


@step
def is_awaited(w, s, p):
    """Whether somebody waits whom an idle seat of this pool may take now: it freed in this millisecond."""
    awaited = False
    for e in range(w.pool_first[p], w.pool_first[p + 1]):
        awaited |= may_serve(w, s, e)
    return awaited


@step
def join(w, s, i):
    """Take the last place in the queue. Whether the first one has to wait at all, matching will tell."""
    c = s.cells[i]
    line = s.lines[c.queue]
    c.next = NO_CELL
    c.prev = line.tail
    c.at = NEVER
    if line.tail == NO_CELL:
        line.head = i
        touch_queue(s, c.queue)
    else:
        s.cells[line.tail].next = i
        stay(w, s, i)
    line.tail = i
    line.length += 1


@step
def stay(w, s, i):
    """Be ready to hang up when patience ends."""
    c = s.cells[i]
    law = w.patience[c.queue]
    if law != NONE:
        patience = rules.duration_ms(w.law_ms, law, draws.draw(c.key, c.attempt, draws.PATIENCE))
        schedule(w, s, i, s.now[0].ms + patience, rules.HANG_UP)


@step
def dialled_in(w, s, c):
    """The interval in which this call was dialled; a division takes long, and most dialled in the interval at hand."""
    now = s.now[0]
    return now.interval if c.dialled_ms >= now.interval * w.interval_ms else c.dialled_ms // w.interval_ms


@step
def leave(s, i):
    """Give up a place in the queue; a new head has to be looked at."""
    c = s.cells[i]
    line = s.lines[c.queue]
    line.length -= 1
    if c.next == NO_CELL:
        line.tail = c.prev
    else:
        s.cells[c.next].prev = c.prev
    if c.prev != NO_CELL:
        s.cells[c.prev].next = c.next
        return
    line.head = c.next
    if c.next != NO_CELL:
        touch_queue(s, c.queue)


@step
def hang_up(w, s, i):
    """Patience ends."""
    c, now = s.cells[i], s.now[0]
    leave(s, i)
    hang_up_line(s, w.queue_city[c.queue])
    s.flows[dialled_in(w, s, c), c.queue, arrays.DIALS_ABANDONED] += 1
    row(s, c, min(LONGEST_MS, now.ms - c.dialled_ms), 0, 0, NONE, arrays.ABANDONED)
    fail(w, s, i, HUNG_UP)


@step
def work_ms(w, s, c, edge, law, purpose):
    """How long the pool of this edge takes over a part of the call."""
    work = rules.duration_ms(w.law_ms, law, draws.draw(c.key, c.attempt, purpose))
    p = w.edge_pool[edge]
    pace = rules.pace_pm(w.speed_pm[s.now[0].interval, p], w.edge_reserve[edge], w.pool_resume[p])
    return rules.at_speed_ms(work, pace, w.edge_speed_pm[edge])


@step
def answer(w, s, i, edge):
    """A seat takes a call that waits."""
    leave(s, i)
    cancel(w, s, i)
    begin_talk(w, s, i, edge, w.queue_city[s.cells[i].queue])


@step
def begin_talk(w, s, i, edge, city):
    """A seat talks, then writes the request up; the line, one of this city's, is free when the talk ends."""
    c, now, p = s.cells[i], s.now[0], w.edge_pool[edge]
    record_answer(w, s, c, edge)
    count_busy(w, s, p)
    s.pools[p].busy += 1
    if rules.has_help(w.pool_resume[p]):
        s.pools[p].helping |= rules.is_help(w.edge_reserve[edge])
        touch_pool(s, p)
    talk, wrap_up = work_ms(w, s, c, edge, w.talk[c.queue], draws.TALK), 0
    if w.wrap_up[c.queue] != NONE:
        wrap_up = work_ms(w, s, c, edge, w.wrap_up[c.queue], draws.WRAP_UP)
    row(s, c, min(LONGEST_MS, now.ms - c.dialled_ms), talk, wrap_up, p, arrays.ANSWERED)
    talk_until(s, city, now.ms + talk)
    part(w, s, i, now.ms + talk)
    schedule_new(w, s, now.ms + talk + wrap_up, rules.SEAT_FREE, p)


@step
def record_answer(w, s, c, edge):
    now, dialled = s.now[0], dialled_in(w, s, c)
    s.pool_facts[now.interval, w.edge_pool[edge], arrays.STARTS] += 1
    s.flows[dialled, c.queue, arrays.DIALS_ANSWERED] += 1
    count_person(s, c, arrays.CALLERS_ANSWERED)
    c.was_answered = 1
    waited = min(LONGEST_MS, now.ms - c.dialled_ms)
    s.answers[now.answers] = rules.answer_number(waited, dialled, edge, len(w.edge_pool))
    now.answers += 1


@step
def part(w, s, i, ms):
    """A caller whose talk ends at this moment, and whose matter is not settled, will be back on a later day."""
    c = s.cells[i]
    chance = w.unsettled[c.queue]
    if chance > 0 and rules.happens(draws.draw(c.key, c.attempt, draws.SETTLED), chance):
        c.tries = 0
        draw = draws.draw(c.key, c.attempt, draws.RETURN_DELAY)
        come_back(w, s, i, ms + rules.days_later_ms(rules.duration_ms(w.law_ms, w.return_delay[c.queue], draw)))
    else:
        give_back(s, i)


# --- seats -----------------------------------------------------------------------------------------------------------

@step
def count_busy(w, s, p):
    """Add up seat time until now, before the number of busy seats changes."""
    pool, now = s.pools[p], s.now[0]
    passed = now.ms - pool.counted_ms
    pool.counted_ms = now.ms
    s.pool_facts[now.interval, p, arrays.BUSY_MS] += passed * pool.busy
    s.pool_facts[now.interval, p, arrays.STAFFED_MS] += passed * max(pool.busy, w.seats[now.interval, p])


@step
def free_seat(w, s, p):
    count_busy(w, s, p)
    s.pools[p].busy -= 1
    if rules.has_help(w.pool_resume[p]) or somebody_waits(w, s, p):
        touch_pool(s, p)


@step
def somebody_waits(w, s, p):
    """For this pool, as far as it may serve."""
    waiting = False
    for e in range(w.pool_first[p], w.pool_first[p + 1]):
        waiting |= s.lines[w.edge_queue[e]].head != NO_CELL
    return waiting


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
def may_serve(w, s, edge):
    """Whether the pool of this edge has an idle seat that may take the head of its queue."""
    head = s.lines[w.edge_queue[edge]].head
    if head == NO_CELL or not has_spare(w, s, edge):
        return False
    return rules.may_take(s.now[0].ms, s.cells[head].dialled_ms, w.edge_after_ms[edge])


@step
def has_spare(w, s, edge):
    """Whether the pool of this edge has an idle seat that it does not keep for others."""
    p, reserve = w.edge_pool[edge], w.edge_reserve[edge]
    if rules.is_help(reserve):
        reserve = kept_from_help(w, s, p)
    return rules.may_spare(idle_seats(w, s, p), reserve)


@step
def idle_seats(w, s, p):
    return w.seats[s.now[0].interval, p] - s.pools[p].busy


@step
def kept_from_help(w, s, p):
    """Idle seats that this pool keeps now free of the calls of those whom it helps."""
    return rules.kept_from_help(s.pools[p].helping, w.pool_release[p], w.pool_resume[p])


@step
def begin_or_stop_helping(w, s, p):
    """After matching: calls of the pool's own city have their seats."""
    if rules.has_help(w.pool_resume[p]):
        s.pools[p].helping = rules.may_spare(idle_seats(w, s, p), kept_from_help(w, s, p))


@step
def merit(w, s, edge):
    """By what pairs are compared."""
    p, q = w.edge_pool[edge], w.edge_queue[edge]
    return np.int64(w.edge_rank[edge]), np.int64(s.cells[s.lines[q].head].dialled_ms), np.int64(p), np.int64(q)


@step
def better(w, s, edge, best):
    """The better of two edges; the second may be NONE."""
    if best == NONE:
        return edge
    rank, since, p, q = merit(w, s, edge)
    return edge if rules.prefer(rank, since, p, q, merit(w, s, best)) else best


@step
def best_pair(w, s):
    """The edge by which the next call is to be answered, NONE if no idle seat may take anybody.

    Before this millisecond no idle seat stood beside a caller whom it might serve, so one end of the pair is touched.
    """
    best = np.int64(NONE)
    for k in range(s.now[0].touched_queues):
        q = s.queue_list[k]
        if s.lines[q].head != NO_CELL:
            for e in range(w.queue_first[q], w.queue_first[q + 1]):
                edge = np.int64(w.queue_edge[e])
                if may_serve(w, s, edge):  # the best of this queue: its edges come in the order of preference
                    best = better(w, s, edge, best)
                    break
    for k in range(s.now[0].touched_pools):
        p = s.pool_list[k]
        if s.pools[p].busy < w.seats[s.now[0].interval, p]:
            for e in range(w.pool_first[p], w.pool_first[p + 1]):
                if best != NONE and w.edge_rank[e] > w.edge_rank[best]:
                    break
                if may_serve(w, s, e):
                    best = better(w, s, np.int64(e), best)
    return best


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
        go_on_waiting(w, s, s.queue_list[k])
    for k in range(s.now[0].touched_pools):
        s.pools[s.pool_list[k]].touched = 0
        begin_or_stop_helping(w, s, s.pool_list[k])
    s.now[0].touched_queues = 0
    s.now[0].touched_pools = 0
    return DONE


@step
def go_on_waiting(w, s, q):
    """After matching: nobody answers the head of the queue now."""
    head = s.lines[q].head
    if head != NO_CELL:
        if s.cells[head].dialled_ms == s.now[0].ms and s.cells[head].at == NEVER:
            stay(w, s, head)
        arm(w, s, q)


@step
def arm(w, s, q):
    """Have the queue looked at again when its head has waited long enough for one more pool."""
    line, now = s.lines[q], s.now[0]
    since, soonest = s.cells[line.head].dialled_ms, NEVER
    for e in range(w.queue_first[q], w.queue_first[q + 1]):
        at = since + w.edge_after_ms[w.queue_edge[e]]
        if now.ms < at < soonest:
            soonest = at
    if soonest != NEVER and soonest != line.recheck_ms:
        line.recheck_ms = soonest
        schedule_new(w, s, soonest, rules.RECHECK, q)


# --- the loop --------------------------------------------------------------------------------------------------------

@step
def room(s):
    """DONE where there is room for any one event, otherwise what is short."""
    now = s.now[0]
    if now.free_cells < SPARE + 2 * len(s.lines):
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
    now.ms = at >> KIND_BITS
    if kind == rules.DIAL:
        dial(w, s, i)
    elif kind == rules.HANG_UP:
        hang_up(w, s, i)
    else:
        give_back(s, i)
        if kind == rules.SEAT_FREE:
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
        if i == 0 or w.seats[i, p] != w.seats[i - 1, p]:
            touch_pool(s, p)
    if i == 0:
        prepare(w, s, callers, 0)
    prepare(w, s, callers, i + 1)
    now.events = 0
    for q in range(len(s.lines)):
        group = draws.group_key(callers.key, w.queue_key[q], w.moment_key[i])
        for k in range(callers.fresh[i, q]):
            birth(w, s, group, i, q, k)


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
            if now.free_cells < SPARE + 2 * len(s.lines) + expected_events(s, callers, now.interval + 1)[0]:
                return MORE_CELLS
            open_interval(w, s, callers)


def run(world: World, callers: Callers, keep_calls: bool = False,
        progress: Callable[[int], None] | None = None) -> Outcomes:
    """Simulate the whole horizon. ``progress`` is told now and then how many intervals are done."""
    world = world._replace(**{name: getattr(world, name).astype(INDEX) for name in INDEXES})
    callers = Callers(np.uint64(callers.key), callers.fresh)  # type: ignore[arg-type]
    intervals = len(world.moment_key)
    most = int(callers.fresh.sum(axis=1).max(initial=0)) + SPARE + 2 * len(world.queue_city)
    s = begin(world, int(callers.fresh.sum()), keep_calls)
    s = more_cells(s, 2 * most)
    stride = max(1, intervals // 50) if progress else intervals
    for until in [*range(stride, intervals, stride), intervals]:
        while (short := advance(world, callers, s, until)) != DONE:
            if short == MORE_CELLS:
                s = more_cells(s, most)
            else:
                buffer = "answers" if short == MORE_ANSWERS else "calls"
                s = s._replace(**{buffer: longer(getattr(s, buffer), 1)})
        if progress:
            progress(until)
    if keep_calls:
        s = with_those_waiting(s)
    return Outcomes(s.flows, s.pool_facts, s.waiting, s.answers[:s.now["answers"][0]], s.calls[:s.now["calls"][0]])
