"""What holds on every day whatsoever, checked on what the engines record. Nothing here knows how an engine works."""
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
from hypothesis import given
from worlds import Dial, dials_of, edges_of, examples, small_nasty_worlds, told_answers

from sim.core import arrays, rules
from sim.core.arrays import ABANDONED, ANSWERED, BLOCKED, BY_BOT, HELP, NO_LIMIT, ON_BUSY, WAITING
from sim.core.engines import kernel, reference
from sim.core.rules import DAY_MS


def both_ways(test):
    """Check what both engines record of many random worlds."""
    @examples(120)
    @given(small_nasty_worlds())
    def checked(case):
        for engine in (kernel, reference):
            outcomes = engine.run(*case, keep_calls=True)
            test(*case, outcomes, dials_of(outcomes))
    checked.__name__ = test.__name__
    return checked


def horizon_ms(world):
    return world.interval_ms * len(world.moment_key)


def moments_of(world, dials: list[Dial]) -> list[int]:
    """Every millisecond in which something happens, within the horizon."""
    moments = {ms for d in dials for ms in (d.dialled_ms, d.left_ms, d.talk_end_ms, d.seat_free_ms)}
    moments |= {d.dialled_ms + e.after_ms for d in dials for e in edges_of(world)
                if e.queue == d.queue and e.after_ms != ON_BUSY}
    moments |= {i * world.interval_ms for i in range(len(world.moment_key))}
    return sorted(ms for ms in moments if ms < horizon_ms(world))


def on_a_seat(dials: list[Dial], pool: int, ms: int) -> int:
    """Seats of a pool that talk or write up when everything has happened in a millisecond."""
    return sum(d.pool == pool and d.left_ms <= ms < d.seat_free_ms for d in dials)


def in_line(dials: list[Dial], queue: int, ms: int) -> list[Dial]:
    """Those who still wait when everything has happened in a millisecond, the first in line first."""
    return [d for d in dials if d.queue == queue and d.outcome in (WAITING, ANSWERED, ABANDONED)
            and d.dialled_ms <= ms < d.left_ms]


# --- conservation ----------------------------------------------------------------------------------------------------

@both_ways
def test_every_dial_ends_in_one_way(world, callers, outcomes, dials):
    flows, waiting = outcomes.flows, np.zeros_like(callers.fresh)
    for d in dials:
        waiting[d.dialled_ms // world.interval_ms, d.queue] += d.outcome == WAITING
    ends = [arrays.DIALS_ANSWERED, arrays.DIALS_ABANDONED, arrays.DIALS_BLOCKED, arrays.DIALS_BOT]
    np.testing.assert_array_equal(flows[:, :, arrays.DIALS], flows[:, :, ends].sum(axis=2) + waiting)


@both_ways
def test_flows_are_counts_of_rows(world, callers, outcomes, dials):
    columns = {ANSWERED: arrays.DIALS_ANSWERED, ABANDONED: arrays.DIALS_ABANDONED, BLOCKED: arrays.DIALS_BLOCKED,
               BY_BOT: arrays.DIALS_BOT}
    for outcome, column in columns.items():
        counted = np.zeros_like(callers.fresh)
        for d in dials:
            counted[d.dialled_ms // world.interval_ms, d.queue] += d.outcome == outcome
        np.testing.assert_array_equal(outcomes.flows[:, :, column], counted)


@both_ways
def test_nobody_is_lost_from_sight(world, callers, outcomes, dials):
    flows = outcomes.flows
    np.testing.assert_array_equal(flows[:, :, arrays.CALLERS] + flows[:, :, arrays.CALLERS_AWAY], callers.fresh)
    ends = [arrays.CALLERS_ANSWERED, arrays.CALLERS_BOT, arrays.CALLERS_DIVERTED, arrays.CALLERS_LOST]
    still_trying = flows[:, :, arrays.CALLERS] - flows[:, :, ends].sum(axis=2)
    assert (still_trying >= 0).all()
    # Who waits for the first answer at the end has not ended yet; a caller has at most one such dial.
    answered = {d.caller for d in dials if d.outcome == ANSWERED}
    waiting = sum(d.outcome == WAITING and d.caller not in answered for d in dials)
    assert still_trying.sum() >= waiting


@both_ways
def test_people_are_counted_once_where_they_were_born(world, callers, outcomes, dials):
    people, answered = np.zeros_like(callers.fresh), np.zeros_like(callers.fresh)
    for caller, queue in {(d.caller, d.queue) for d in dials}:
        people[rules.born_in(caller), queue] += 1
    for caller, queue in {(d.caller, d.queue) for d in dials if d.outcome == ANSWERED}:
        answered[rules.born_in(caller), queue] += 1
    np.testing.assert_array_equal(outcomes.flows[:, :, arrays.CALLERS], people)
    np.testing.assert_array_equal(outcomes.flows[:, :, arrays.CALLERS_ANSWERED], answered)


@both_ways
def test_answers_are_the_answered_rows(world, callers, outcomes, dials):
    edge = {(e.pool, e.queue): number for number, e in enumerate(edges_of(world))}
    rows = Counter((d.left_ms - d.dialled_ms, d.dialled_ms // world.interval_ms, edge[d.pool, d.queue])
                   for d in dials if d.outcome == ANSWERED)
    assert Counter(told_answers(world, outcomes)) == rows


@both_ways
def test_waiting_is_who_is_in_line_as_an_interval_ends(world, callers, outcomes, dials):
    ends = range(world.interval_ms - 1, horizon_ms(world), world.interval_ms)
    in_lines = [[len(in_line(dials, q, ms)) for q in range(len(world.queue_city))] for ms in ends]
    np.testing.assert_array_equal(outcomes.waiting, in_lines)


# --- seats -----------------------------------------------------------------------------------------------------------

@both_ways
def test_no_call_is_answered_without_an_open_seat(world, callers, outcomes, dials):
    for d in dials:
        if d.outcome == ANSWERED:
            seats = world.seats[d.left_ms // world.interval_ms, d.pool]
            assert on_a_seat(dials, d.pool, d.left_ms) <= seats, d


@both_ways
def test_no_seat_is_idle_beside_a_caller_whom_it_may_serve(world, callers, outcomes, dials):
    """But for those that its pool keeps free of such callers."""
    for ms in moments_of(world, dials):
        for e in edges_of(world):
            waiting = in_line(dials, e.queue, ms) if e.after_ms != ON_BUSY else []
            if any(ms - d.dialled_ms >= e.after_ms for d in waiting):
                assert idle(world, dials, e.pool, ms) <= most_kept(world, e), (ms, e)


def idle(world, dials: list[Dial], pool: int, ms: int) -> int:
    """Idle seats of a pool when everything has happened in a millisecond."""
    return int(world.seats[ms // world.interval_ms, pool]) - on_a_seat(dials, pool, ms)


def most_kept(world, e) -> int:
    """Idle seats that a pool keeps free of the calls of an edge, at the most."""
    return int(world.pool_resume[e.pool]) if e.reserve == HELP else e.reserve


@both_ways
def test_seats_that_a_pool_keeps_idle_are_not_taken(world, callers, outcomes, dials):
    """As many are left when all has happened in a millisecond, or home calls have taken them in it."""
    reserve = {(e.pool, e.queue): e.reserve for e in edges_of(world)}
    for d in dials:
        if d.outcome == ANSWERED and reserve[d.pool, d.queue] != HELP:
            begun = [other for other in dials if other.pool == d.pool and other.left_ms == d.left_ms]
            less_free = sum(reserve[d.pool, other.queue] < reserve[d.pool, d.queue] for other in begun)
            seats = world.seats[d.left_ms // world.interval_ms, d.pool]
            assert seats - on_a_seat(dials, d.pool, d.left_ms) + less_free >= reserve[d.pool, d.queue], d


@both_ways
def test_a_pool_helps_only_while_nobody_of_its_own_waits(world, callers, outcomes, dials):
    edges = {(e.pool, e.queue): e for e in edges_of(world)}
    for d in dials:
        if helped(world, d) and not on_busy(world, d):
            for e in edges.values():
                if e.pool == d.pool and e.reserve == 0 and e.after_ms != ON_BUSY:
                    assert not any(d.left_ms - other.dialled_ms >= e.after_ms
                                   for other in in_line(dials, e.queue, d.left_ms)), (d, e)


@both_ways
def test_a_pool_begins_and_stops_to_help_by_its_idle_seats(world, callers, outcomes, dials):
    """Told by who was answered: it helps with more idle seats than those at which it stops, and where it did not help
    before, with more than those above which it begins. Nobody whom it helps waits while it does."""
    for p in range(world.seats.shape[1]):
        release, resume, helps = int(world.pool_release[p]), int(world.pool_resume[p]), False
        for ms in moments_of(world, dials):
            begun = [d for d in dials if d.pool == p and d.left_ms == ms]
            helped_now = sum(helped(world, d) for d in begun)
            left = idle(world, dials, p, ms)
            if helped_now:
                assert left + len(begun) - helped_now >= release, (p, ms)
                assert helps or left + len(begun) > resume, (p, ms)
            helps = left > release and (helps or helped_now > 0 or left > resume)
            for e in edges_of(world) if helps else []:
                if e.pool == p and e.reserve == HELP and e.after_ms != ON_BUSY:
                    assert not any(ms - d.dialled_ms >= e.after_ms for d in in_line(dials, e.queue, ms)), (ms, e)


def helped(world, d: Dial) -> bool:
    """Whether a dial was answered by a pool that helps its city."""
    return (d.pool, d.queue, HELP) in {(e.pool, e.queue, e.reserve) for e in edges_of(world)}


@both_ways
def test_a_call_is_answered_by_a_pool_that_may_take_it(world, callers, outcomes, dials):
    after = {(e.pool, e.queue): e.after_ms for e in edges_of(world)}
    for d in dials:
        if d.outcome == ANSWERED:
            assert d.left_ms - d.dialled_ms >= after[d.pool, d.queue]
            assert d.left_ms == d.dialled_ms or after[d.pool, d.queue] != ON_BUSY
        else:
            assert d.pool == -1


@both_ways
def test_seat_time_is_the_sum_of_calls(world, callers, outcomes, dials):
    moments = [*moments_of(world, dials), horizon_ms(world)]
    facts = np.zeros_like(outcomes.pools)
    for p in range(world.seats.shape[1]):
        for ms, next_ms in pairwise(moments):
            i, busy = ms // world.interval_ms, on_a_seat(dials, p, ms)
            facts[i, p, arrays.BUSY_MS] += busy * (next_ms - ms)
            facts[i, p, arrays.STAFFED_MS] += max(busy, world.seats[i, p]) * (next_ms - ms)
    for d in dials:
        if d.outcome == ANSWERED:
            facts[d.left_ms // world.interval_ms, d.pool, arrays.STARTS] += 1
    np.testing.assert_array_equal(outcomes.pools, facts)


# --- the order of a line ---------------------------------------------------------------------------------------------

@both_ways
def test_first_come_first_served_within_a_queue(world, callers, outcomes, dials):
    """Who is answered on busy was never in it."""
    queues = defaultdict(list)
    for d in dials:
        if d.outcome in (WAITING, ANSWERED, ABANDONED) and not on_busy(world, d):
            queues[d.queue].append(d)
    for line in queues.values():
        for place, d in enumerate(line):
            if d.outcome == ANSWERED:
                assert all(has_gone(earlier, d.left_ms) for earlier in line[:place]), d


def has_gone(d: Dial, ms: int) -> bool:
    """Whether somebody was no longer in line when seats and calls were matched: answered by then, or hung up before."""
    return d.left_ms <= ms if d.outcome == ANSWERED else d.left_ms < ms


# --- lines -----------------------------------------------------------------------------------------------------------

@both_ways
def test_a_dial_gets_a_line_if_and_only_if_one_is_free(world, callers, outcomes, dials):
    """Who is answered on busy found none at home, and got one of the city that answers."""
    for place, d in enumerate(dials):
        home, city = int(world.queue_city[d.queue]), line_of(world, d)
        if d.outcome == BLOCKED or city != home or on_busy(world, d):
            assert not a_line_is_free(world, home, dials[:place], d.dialled_ms)
        if d.outcome not in (BLOCKED, BY_BOT):
            assert (city == home and on_busy(world, d)) or a_line_is_free(world, city, dials[:place], d.dialled_ms)


@both_ways
def test_no_call_is_refused_that_a_city_could_answer_on_busy(world, callers, outcomes, dials):
    """But where a seat freed in that millisecond for somebody who waits: then somebody else is answered in it."""
    for place, d in enumerate(dials):
        if d.outcome == BLOCKED:
            before, ms = dials[:place], d.dialled_ms
            for e in edges_of(world):
                if e.queue == d.queue and e.after_ms == ON_BUSY and a_line_is_free(
                        world, int(world.pool_home[e.pool]), before, ms):
                    later = any(other.outcome == ANSWERED and other.left_ms == ms for other in dials)
                    assert idle(world, dials, e.pool, ms) <= most_kept(world, e) or later, (d, e)


def on_busy(world, d: Dial) -> bool:
    return (d.pool, d.queue, ON_BUSY) in {(e.pool, e.queue, e.after_ms) for e in edges_of(world)}


def line_of(world, d: Dial) -> int:
    """The city of whose lines a dial takes one, if it takes any."""
    return int(world.pool_home[d.pool] if on_busy(world, d) else world.queue_city[d.queue])


def a_line_is_free(world, city: int, before: list[Dial], ms: int) -> bool:
    """Whether a city has a free line as somebody dials, after these dials."""
    taken = sum(holds_a_line(d, ms) for d in before if line_of(world, d) == city)
    return taken < int(world.lines[ms // world.interval_ms, city]) <= NO_LIMIT


def holds_a_line(d: Dial, ms: int) -> bool:
    """Whether an earlier dial has a line as somebody dials: a talk frees it before the dials, a hang-up after them."""
    return {WAITING: True, ANSWERED: d.talk_end_ms > ms, ABANDONED: d.left_ms >= ms}.get(d.outcome, False)


# --- one person ------------------------------------------------------------------------------------------------------

@both_ways
def test_a_person_dials_one_dial_at_a_time(world, callers, outcomes, dials):
    of_person = defaultdict(list)
    for d in dials:
        of_person[d.caller].append(d)
    for mine in of_person.values():
        assert [d.attempt for d in mine] == list(range(1, len(mine) + 1))
        assert mine[0].dialled_ms // world.interval_ms == rules.born_in(mine[0].caller)
        for d, following in pairwise(mine):
            assert d.outcome not in (WAITING, BY_BOT)
            pause = following.dialled_ms - d.talk_end_ms
            assert pause > 0
            assert d.outcome != ANSWERED or pause % DAY_MS == 0


@both_ways
def test_nobody_acts_against_their_chances(world, callers, outcomes, dials):
    again = {(d.caller, d.attempt) for d in dials if d.attempt > 1}
    for d in dials:
        i = d.dialled_ms // world.interval_ms
        assert d.outcome != BY_BOT or world.bot[i, d.queue] > 0
        assert d.outcome == BY_BOT or world.bot[i, d.queue] < arrays.ONE
        assert d.outcome != ABANDONED or world.patience[d.queue] >= 0
        if (d.caller, d.attempt + 1) in again:
            failed = {BLOCKED: [arrays.BUSY_SIGNAL], ABANDONED: [arrays.HUNG_UP]}.get(d.outcome, [])
            assert all(world.redial[d.queue, cause].max() > 0 for cause in failed)
            assert failed or world.unsettled[d.queue] > 0
