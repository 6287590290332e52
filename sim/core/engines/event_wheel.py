"""What is to happen, in the order in which it will: the kernel's set of events.

A timing wheel of two levels: the interval at hand and the next one have buckets, a later interval has a list, which
goes into buckets when its turn comes. A bucket is sorted when its turn comes, so the cost of an event does not grow
with their number, and its cells are asked for a few buckets ahead. An event that was cancelled is gone at once.
"""
from __future__ import annotations

from sim.core import rules
from sim.core.arrays import NEVER
from sim.core.compiled import prefetch, step
from sim.core.engines.state import AHEAD, AT_HAND, BUCKETS, KIND_BITS, KINDS, NO_CELL


@step
def take_cell(s):
    s.now[0].free_cells -= 1
    prefetch(s.cells, s.free[max(0, s.now[0].free_cells - AHEAD)])
    return s.free[s.now[0].free_cells]


@step
def give_back(s, i):
    s.free[s.now[0].free_cells] = i
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
def take_out(s, i):
    """Take an event out of the sorted bucket at hand."""
    k = s.now[0].near - 1
    while s.near[k].cell != i:
        k -= 1
    s.now[0].near -= 1
    while k < s.now[0].near:
        s.near[k].at = s.near[k + 1].at
        s.near[k].caller = s.near[k + 1].caller
        s.near[k].cell = s.near[k + 1].cell
        k += 1


@step
def interval_of(w, s, ms):
    """The interval of a moment to come. A division takes long, and most lie in the interval at hand."""
    return s.now[0].interval if ms < (s.now[0].interval + 1) * w.interval_ms else ms // w.interval_ms


@step
def list_of(w, s, at, interval):
    """The list of an event of this interval: a bucket, that of a later interval, or AT_HAND."""
    if interval > s.now[0].interval + 1:
        return 2 * BUCKETS + interval
    half = interval & 1
    bucket = ((at >> KIND_BITS) - interval * w.interval_ms) >> s.shift[half]
    return AT_HAND if interval == s.now[0].interval and bucket <= s.now[0].bucket else half * BUCKETS + bucket


@step
def put(w, s, i, interval):
    """Put an event of this interval into its list."""
    which = list_of(w, s, s.cells[i].at, interval)
    if which == AT_HAND:
        sort_in(s, i)
    else:
        s.cells[i].link = s.lists[which]
        if which >= 2 * BUCKETS:
            s.cells[s.lists[which]].back = i
        s.lists[which] = i


@step
def schedule(w, s, i, ms, kind):
    """Make a cell an event to come. False, and nothing done, where it lies beyond the horizon."""
    interval = interval_of(w, s, ms)
    if interval >= len(s.later_count):
        return False
    s.cells[i].at = (ms << KIND_BITS) | kind
    if interval > s.now[0].interval + 1:
        s.later_count[interval] += 1
    else:
        s.now[0].events += 1
    put(w, s, i, interval)
    return True


@step
def before_in_bucket(s, bucket, i):
    """The cell whose link is this one: a bucket has few cells, and to keep their ``back`` would cost more."""
    before = s.lists[bucket]
    while s.cells[before].link != i:
        before = s.cells[before].link
    return before


@step
def cancel(w, s, i):
    """Have an event not happen, and its cell free for another one."""
    c = s.cells[i]
    if c.at == NEVER:
        return
    which = list_of(w, s, c.at, interval_of(w, s, c.at >> KIND_BITS))
    if which == AT_HAND:
        take_out(s, i)
    elif s.lists[which] == i:
        s.lists[which] = c.link
    else:
        before = c.back if which >= 2 * BUCKETS else before_in_bucket(s, which, i)
        s.cells[before].link = c.link
        s.cells[c.link].back = before


@step
def schedule_new(w, s, ms, kind, of):
    """An event in a cell of its own."""
    i = take_cell(s)
    s.cells[i].of = of
    if not schedule(w, s, i, ms, kind):
        give_back(s, i)


@step
def open_bucket(s, half, bucket):
    i = s.lists[half * BUCKETS + bucket]
    s.lists[half * BUCKETS + bucket] = NO_CELL
    while i != NO_CELL:
        link = s.cells[i].link
        sort_in(s, i)
        i = link


@step
def fetch_ahead(s, half, bucket, last):
    """Have the cells of a bucket on their way from memory before its turn comes."""
    if bucket + 2 * AHEAD <= last:
        prefetch(s.cells, s.lists[half * BUCKETS + bucket + 2 * AHEAD])
        i = s.lists[half * BUCKETS + bucket + AHEAD]
        if i != NO_CELL:
            prefetch(s.cells, s.cells[i].link)


@step
def next_event(w, s):
    """The key of the next event of this interval, NEVER if there is none."""
    half = s.now[0].interval & 1
    last = (w.interval_ms - 1) >> s.shift[half]
    while s.now[0].near == 0 and s.now[0].bucket < last:
        s.now[0].bucket += 1
        fetch_ahead(s, half, s.now[0].bucket, last)
        if s.lists[half * BUCKETS + s.now[0].bucket] != NO_CELL:
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
    if interval >= len(s.later_count):
        return
    half, shift = interval & 1, 0
    expected = expected_events(s, callers, interval)[1]
    while (w.interval_ms - 1) >> shift >= min(BUCKETS, max(64, expected)):
        shift += 1
    s.shift[half] = shift
    i = s.lists[2 * BUCKETS + interval]
    while i != NO_CELL:
        link = s.cells[i].link
        put(w, s, i, interval)
        i = link
