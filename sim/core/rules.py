"""Every decision and every sum that both engines make, written once.

Plain Python over whole numbers: the reference engine calls these as they stand, the kernel compiles the same source.
"""
from sim.core.arrays import HELP, KNOTS, LAW, LONGEST_MS, MOST_DIALS, NO_HELP, ON_BUSY, PER_MILLE, PLACE_BITS
from sim.core.compiled import both_engines

# The order of things within one millisecond. Whatever frees comes first, then dials (lowest caller first), then one
# matching pass, then the hang-ups: a caller whose patience ends as a seat frees is answered.
TALK_END, SEAT_FREE, RECHECK, DIAL, MATCH, HANG_UP = range(6)

DAY_MS = 86_400_000
CELL_BITS = 51  # a draw has 63 bits: 12 name the cell, the next 12 the cell within the last cell
FINE_BITS = CELL_BITS - 12


@both_engines
def happens(draw, chance):
    """Whether something of this chance (of ONE) happens at this draw. A higher chance keeps all that happened."""
    return (draw >> 31) < chance


@both_engines
def share_of(draw, whole):
    """A uniform whole number in [0, whole), for whole up to 2**31."""
    return ((draw >> 31) * whole) >> 32


@both_engines
def duration_ms(laws, law, draw):
    """The quantile of a law at a draw, straight lines between its knots, at least 1 ms."""
    cell = draw >> CELL_BITS
    at, below, bits = law * LAW, draw & ((1 << CELL_BITS) - 1), CELL_BITS
    if cell == KNOTS - 1:  # the tail, twelve bits finer
        at, cell = at + KNOTS + 1, below >> FINE_BITS
        below, bits = below & ((1 << FINE_BITS) - 1), FINE_BITS
    low, high = laws[at + cell], laws[at + cell + 1]
    return max(1, low + (((high - low) * (below >> (bits - 20))) >> 20))


@both_engines
def at_speed_ms(work_ms, pool_pm, edge_pm):
    """Time a pool takes over a piece of work: at least one tick, at most what a record holds."""
    return min(LONGEST_MS, max(1, work_ms * pool_pm // PER_MILLE * edge_pm // PER_MILLE))


@both_engines
def may_take(now_ms, since_ms, after_ms):
    """Whether a call that waits has waited long enough for a pool; one that helps on busy takes none of them."""
    return after_ms != ON_BUSY and now_ms - since_ms >= after_ms


@both_engines
def on_busy(after_ms):
    """Whether a pool may take a call that finds no free line at home."""
    return after_ms == ON_BUSY


@both_engines
def may_spare(idle, reserve):
    """Whether a pool with so many idle seats takes a call of which it keeps so many of them free."""
    return idle > reserve


@both_engines
def is_help(reserve):
    """Whether a pool helps another city by an edge, and its own city comes first."""
    return reserve == HELP


@both_engines
def has_help(resume):
    """Whether a pool has such an edge."""
    return resume != NO_HELP


@both_engines
def kept_from_help(helping, release, resume):
    """Idle seats that a pool keeps free of the calls of those whom it helps: no more than ``release`` while it helps.

    It begins to help with the first such call that it takes, and at the latest when a millisecond's matching is over
    and more than ``resume`` seats are idle. It stops when no more than ``release`` are. So what counts are the seats
    that are idle once calls of its own city have theirs, whatever freed, opened or closed in that millisecond before.
    """
    return release if helping else resume


@both_engines
def pace_pm(pool_pm, reserve, resume):
    """A pool's pace on a call: where it helps others, a call from home goes at that of its city's own people."""
    return PER_MILLE if has_help(resume) and not is_help(reserve) else pool_pm


@both_engines
def prefer(rank, since_ms, pool, queue, best):
    """Whether to join this pair before ``best``: best rank, then longest wait, then lowest pool and queue."""
    return (rank, since_ms, pool, queue) < best


@both_engines
def days_later_ms(delay_ms):
    """When somebody calls again whose matter was not settled: at the same time of day, one or more days later."""
    return max(1, (delay_ms + DAY_MS // 2) // DAY_MS) * DAY_MS


@both_engines
def dials_again(draw, chance, dials):
    """Whether a caller dials again whose dial failed, after so many dials. Nobody goes on for ever."""
    return dials < MOST_DIALS and happens(draw, chance)


@both_engines
def one_more(tries, length):
    """Dials of this matter after one more, as far as a redial table of this length tells them apart."""
    return min(tries + 1, length)


@both_engines
def caller_number(interval, queue, k):
    """The name of a caller as one whole number, in the order in which ties are settled."""
    return (interval << 44) | (queue << 24) | k


@both_engines
def born_in(caller):
    """The interval in which a caller dialled first."""
    return caller >> 44


@both_engines
def number_in_queue(caller):
    """Which of the fresh callers of its interval and queue a caller is, from 0."""
    return caller & ((1 << 24) - 1)


@both_engines
def answer_number(wait_ms, interval, edge, edges):
    """An answered dial as one number; those with the shortest wait are the lowest."""
    return (wait_ms << PLACE_BITS) | (interval * edges + edge)


@both_engines
def waited_ms(answer):
    """How long an answered dial waited."""
    return answer >> PLACE_BITS


@both_engines
def place_number(answer):
    """Where an answered dial was dialled and by whom it was served, as one number: interval * edges + edge."""
    return answer & ((1 << PLACE_BITS) - 1)


@both_engines
def place(answer, edges):
    """The interval in which an answered dial was dialled, and the edge by which it was served."""
    return divmod(place_number(answer), edges)
