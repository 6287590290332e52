"""Days solved by hand, and a museum of ties. Each runs through both engines.

With intervals of 1 ms every caller dials in exactly the millisecond that the day says. ``3/1/0`` is the caller who was
born in interval 3 in queue 1, the first of them. Unless said otherwise a talk lasts 10 ms and a caller waits for ever.
"""
import numpy as np
from worlds import Edge, both_engines, diary, hand_made, told_answers

from sim.core import arrays, draws, rules
from sim.core.arrays import ON_BUSY, ONE
from sim.core.rules import DAY_MS

FLOWS = ["DIALS", "DIALS_ANSWERED", "DIALS_ABANDONED", "DIALS_BLOCKED", "DIALS_BOT", "CALLERS", "CALLERS_ANSWERED",
         "CALLERS_BOT", "CALLERS_DIVERTED", "CALLERS_LOST", "CALLERS_AWAY"]


def story(engine, case):
    return diary(engine.run(*case, keep_calls=True))


def totals(engine, case):
    """What was counted, in words, without the zeros."""
    counted = engine.run(*case).flows.sum(axis=(0, 1))
    return {flow: int(counted[getattr(arrays, flow)]) for flow in FLOWS if counted[getattr(arrays, flow)]}


def chance_by_moment(steps, case):
    """A chance for a world of one queue: 0, and ONE in the milliseconds named."""
    return np.array([[ONE if ms in steps else 0] for ms in range(len(case[0].moment_key))], np.int64)


# --- one seat --------------------------------------------------------------------------------------------------------

@both_engines
def test_three_callers_and_one_seat(engine):
    # 0 is answered at once and talks until 10; 3 is answered then and talks until 20; 4 until 30.
    case = hand_made({0: [0, 3, 4]}, until_ms=40, seats=[1])
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "3/0/0 dials 3, pool 0 answers 10, talk ends 20",
        "4/0/0 dials 4, pool 0 answers 20, talk ends 30",
    ]
    outcomes = engine.run(*case)
    assert told_answers(case[0], outcomes) == [(0, 0, 0), (7, 3, 0), (16, 4, 0)]
    assert outcomes.waiting[:, 0].tolist() == [0] * 3 + [1] + [2] * 6 + [1] * 10 + [0] * 20
    starts, busy, staffed = outcomes.pools[:, 0].T.tolist()
    assert [ms for ms in range(40) if starts[ms]] == [0, 10, 20]
    assert busy == [1] * 30 + [0] * 10
    assert staffed == [1] * 40


@both_engines
def test_a_caller_counts_where_dialled_and_a_seat_where_it_works(engine):
    # Intervals of 10 ms; one seat in the first, two in the second, none in the third; talks of 12 ms.
    # A dials 4, is answered and talks until 16. B dials 7: the second seat opens at 10; until 22.
    # C dials 15: A's seat is free at 16; until 28.
    world, callers = hand_made({0: [4, 7, 15]}, until_ms=30, interval_ms=10, seats=[{0: 1, 10: 2, 20: 0}], talk=12)
    callers = callers._replace(key=key_by_which_they_dial(world, {(0, 0): 4, (0, 1): 7, (1, 0): 15}))
    assert story(engine, (world, callers)) == [
        "0/0/0 dials 4, pool 0 answers 4, talk ends 16",
        "0/0/1 dials 7, pool 0 answers 10, talk ends 22",
        "1/0/0 dials 15, pool 0 answers 16, talk ends 28",
    ]
    outcomes = engine.run(world, callers)
    # Busy ms: A 4..9; then A 10..15, B 10..19, C 16..19; then B 20..21, C 20..27, on seats that have closed.
    assert outcomes.pools[:, 0].tolist() == [[1, 6, 10], [2, 6 + 10 + 4, 20], [0, 2 + 8, 2 + 8]]
    assert outcomes.waiting[:, 0].tolist() == [1, 0, 0]
    assert outcomes.flows[:, 0, arrays.DIALS].tolist() == [2, 1, 0]
    assert outcomes.flows[:, 0, arrays.DIALS_ANSWERED].tolist() == [2, 1, 0]
    assert outcomes.flows[:, 0, arrays.CALLERS_ANSWERED].tolist() == [2, 1, 0]
    assert told_answers(world, outcomes) == [(0, 0, 0), (3, 0, 0), (1, 1, 0)]


def key_by_which_they_dial(world, moments):
    """The first key of a replication by whose luck the callers (interval, k) of queue 0 dial at these moments."""
    def dials(run, interval, k):
        key = draws.caller_key(run, int(world.queue_key[0]), int(world.moment_key[interval]), k)
        return interval * world.interval_ms + rules.share_of(draws.draw(key, 0, draws.ARRIVAL), world.interval_ms)
    return next(run for run in range(100_000) if all(dials(run, *who) == ms for who, ms in moments.items()))


@both_engines
def test_the_horizon_ends_while_one_talks_and_two_wait(engine):
    case = hand_made({0: [0, 3, 4]}, until_ms=5, seats=[1], patience=100)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10", "3/0/0 dials 3, waits", "4/0/0 dials 4, waits"]
    assert totals(engine, case) == {"DIALS": 3, "DIALS_ANSWERED": 1, "CALLERS": 3, "CALLERS_ANSWERED": 1}


@both_engines
def test_wrap_up_keeps_the_seat_and_not_the_line(engine):
    # One line, one seat. 0 talks until 10 and is written up until 15. 9: the line is taken. 10: the line is free, the
    # seat is not: waits until 15, talks until 25, seat free 30. 12: the line is taken again.
    case = hand_made({0: [0, 9, 10, 12]}, until_ms=40, seats=[1], lines=1, wrap_up=5)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10, seat free 15",
        "9/0/0 dials 9, busy",
        "10/0/0 dials 10, pool 0 answers 15, talk ends 25, seat free 30",
        "12/0/0 dials 12, busy",
    ]
    assert engine.run(*case).pools[:, 0, arrays.BUSY_MS].sum() == 30


@both_engines
def test_patience_that_runs_out_during_the_talk_means_nothing(engine):
    # One line. 0 is answered at once; patience would end at 5. Were the line freed then, 6 would get it.
    case = hand_made({0: [0, 6, 10]}, until_ms=30, seats=[1], lines=1, patience=5)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "6/0/0 dials 6, busy",
        "10/0/0 dials 10, pool 0 answers 10, talk ends 20",
    ]


# --- a museum of ties ------------------------------------------------------------------------------------------------

@both_engines
def test_patience_ends_as_a_seat_frees(engine):
    # Patience of 6: who dialled at 3 hangs up at 9; who dialled at 4 is answered at 10, as the seat frees.
    case = hand_made({0: [0, 3, 4]}, until_ms=30, seats=[1], patience=6)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "3/0/0 dials 3, hangs up 9",
        "4/0/0 dials 4, pool 0 answers 10, talk ends 20",
    ]


@both_engines
def test_patience_ends_as_a_wrap_up_ends(engine):
    case = hand_made({0: [0, 7, 8]}, until_ms=40, seats=[1], patience=7, wrap_up=5)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10, seat free 15",
        "7/0/0 dials 7, hangs up 14",
        "8/0/0 dials 8, pool 0 answers 15, talk ends 25, seat free 30",
    ]


@both_engines
def test_patience_ends_as_a_seat_opens(engine):
    case = hand_made({0: [0, 1]}, until_ms=20, seats=[{0: 0, 7: 2}], patience=6)
    assert story(engine, case) == ["0/0/0 dials 0, hangs up 6", "1/0/0 dials 1, pool 0 answers 7, talk ends 17"]


@both_engines
def test_patience_ends_as_a_helper_may_take_the_call(engine):
    case = hand_made({0: [0]}, until_ms=20, seats=[1], edges=[Edge(0, 0, after_ms=5)], patience=5)
    assert story(engine, case) == ["0/0/0 dials 0, pool 0 answers 5, talk ends 15"]
    case = hand_made({0: [0]}, until_ms=20, seats=[1], edges=[Edge(0, 0, after_ms=6)], patience=5)
    assert story(engine, case) == ["0/0/0 dials 0, hangs up 5"]


@both_engines
def test_a_line_is_freed_at_the_moment_of_a_dial(engine):
    # The talk ends at 10: the dial of 10 gets line and seat.
    case = hand_made({0: [0, 10]}, until_ms=30, seats=[1], lines=1)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10", "10/0/0 dials 10, pool 0 answers 10, talk ends 20"]


@both_engines
def test_talks_of_one_city_free_no_lines_of_another(engine):
    # Five pools of a seat talk for city 0 from 1 on, five seats of one pool for city 1 from 0 to 10: all five lines of
    # city 1 are free then.
    case = hand_made({0: [1, 2, 3, 4, 5], 1: [0] * 5 + [10] * 5}, until_ms=15, seats=[1, 1, 1, 1, 1, 5], lines=5,
                     city=(0, 1), edges=[*(Edge(pool, 0) for pool in range(5)), Edge(5, 1)])
    assert totals(engine, case) == {"DIALS": 15, "DIALS_ANSWERED": 15, "CALLERS": 15, "CALLERS_ANSWERED": 15}


@both_engines
def test_a_hang_up_frees_its_line_after_the_dials_of_that_moment(engine):
    case = hand_made({0: [0, 5, 6]}, until_ms=30, seats=[0], lines=1, patience=5)
    assert story(engine, case) == ["0/0/0 dials 0, hangs up 5", "5/0/0 dials 5, busy", "6/0/0 dials 6, hangs up 11"]


@both_engines
def test_three_dials_in_one_moment_for_one_line(engine):
    case = hand_made({0: [0, 0], 1: [0]}, until_ms=5, seats=[0], lines=1, city=(0, 0))
    assert story(engine, case) == ["0/0/0 dials 0, waits", "0/0/1 dials 0, busy", "0/1/0 dials 0, busy"]


@both_engines
def test_three_dials_in_one_moment_for_one_seat(engine):
    # All have waited equally long: the lowest queue is served first, and within it the lowest number.
    case = hand_made({0: [0, 0], 1: [0]}, until_ms=40, seats=[1], city=(0, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "0/0/1 dials 0, pool 0 answers 10, talk ends 20",
        "0/1/0 dials 0, pool 0 answers 20, talk ends 30",
    ]


@both_engines
def test_who_tries_again_comes_before_who_was_born_later(engine):
    # One line, redials 3 ms after a busy signal. 2 is busy and dials again at 5, as the line frees and 5 is born: 2 has
    # it. 5 dials again at 8 (2 talks until 10) and at 11.
    case = hand_made({0: [0, 2, 5]}, until_ms=30, seats=[1], lines=1, talk=5, redial_if_busy=(ONE,), redial_delay=3)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 5",
        "2/0/0 dials 2, busy",
        "2/0/0 dials again 5, pool 0 answers 5, talk ends 10",
        "5/0/0 dials 5, busy",
        "5/0/0 dials again 8, busy",
        "5/0/0 dials again 11, pool 0 answers 11, talk ends 16",
    ]


@both_engines
def test_three_idle_pools_for_three_calls(engine):
    # Best rank, then lowest pool: pools 1 and 2 are preferred to pool 0.
    case = hand_made({0: [0, 0, 0]}, until_ms=5, seats=[1, 1, 1], edges=[Edge(0, 0, rank=1), Edge(1, 0), Edge(2, 0)])
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 1 answers 0, talk ends 10",
        "0/0/1 dials 0, pool 2 answers 0, talk ends 10",
        "0/0/2 dials 0, pool 0 answers 0, talk ends 10",
    ]


@both_engines
def test_one_seat_for_three_queues(engine):
    # Queue 2 is urgent. 10: the urgent call of 6, though others wait longer; 20: the longest wait, of 2; 30: of 3;
    # 40: two calls of 5: the lowest queue; 50: the other.
    urgent_first = [Edge(0, 0, rank=1), Edge(0, 1, rank=1), Edge(0, 2, rank=0)]
    case = hand_made({0: [0, 3, 5], 1: [2, 5], 2: [6]}, until_ms=70, seats=[1], edges=urgent_first, city=(0, 0, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "2/1/0 dials 2, pool 0 answers 20, talk ends 30",
        "3/0/0 dials 3, pool 0 answers 30, talk ends 40",
        "5/0/0 dials 5, pool 0 answers 40, talk ends 50",
        "5/1/0 dials 5, pool 0 answers 50, talk ends 60",
        "6/2/0 dials 6, pool 0 answers 10, talk ends 20",
    ]


@both_engines
def test_two_pools_free_a_seat_in_one_moment(engine):
    # Each has its own queue, and in each queue one waits.
    case = hand_made({0: [0, 1], 1: [0, 2]}, until_ms=25, seats=[1, 1], edges=[Edge(0, 0), Edge(1, 1)], city=(0, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "0/1/0 dials 0, pool 1 answers 0, talk ends 10",
        "1/0/0 dials 1, pool 0 answers 10, talk ends 20",
        "2/1/0 dials 2, pool 1 answers 10, talk ends 20",
    ]


@both_engines
def test_two_seats_and_two_calls_in_one_moment_make_the_best_pairs(engine):
    # Pool 0 serves both queues, pool 1 only queue 0. Of all pairs (0, 1) ranks best: pool 1 is left for queue 0.
    edges = [Edge(0, 0, rank=2), Edge(0, 1, rank=0), Edge(1, 0, rank=3)]
    case = hand_made({0: [0], 1: [0]}, until_ms=5, seats=[1, 1], edges=edges, city=(0, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 1 answers 0, talk ends 10", "0/1/0 dials 0, pool 0 answers 0, talk ends 10"]


@both_engines
def test_a_seat_frees_as_a_better_ranked_call_is_dialled(engine):
    # At 10 the seat frees and an urgent caller dials: first everything changes, then seats and calls are matched.
    edges = [Edge(0, 0, rank=1), Edge(0, 1, rank=0)]
    case = hand_made({0: [0, 1], 1: [10]}, until_ms=40, seats=[1], edges=edges, city=(0, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "1/0/0 dials 1, pool 0 answers 20, talk ends 30",
        "10/1/0 dials 10, pool 0 answers 10, talk ends 20",
    ]


# --- overflow --------------------------------------------------------------------------------------------------------

@both_engines
def test_overflow_to_a_helper(engine):
    # Pool 0 is local, pool 1 helps after 5 ms, talks last 6. 0: local at once. 1: at 6 the local seat frees and the
    # helper may take the call: the local seat has it. 2: the helper at 7, until 13. 3: the helper may from 8 on but is
    # busy: the local seat at 12. 4: the helper at 13, as soon as it is idle.
    case = hand_made({0: [0, 1, 2, 3, 4]}, until_ms=30, seats=[1, 1], talk=6,
                     edges=[Edge(0, 0, rank=0), Edge(1, 0, rank=1, after_ms=5)])
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 6",
        "1/0/0 dials 1, pool 0 answers 6, talk ends 12",
        "2/0/0 dials 2, pool 1 answers 7, talk ends 13",
        "3/0/0 dials 3, pool 0 answers 12, talk ends 18",
        "4/0/0 dials 4, pool 1 answers 13, talk ends 19",
    ]


@both_engines
def test_a_helper_keeps_a_seat_for_its_own(engine):
    # Pool 0 serves queue 1 at home, and strangers, queue 0, while more than one of its three seats is idle. 0: two
    # strangers are answered, then one seat is idle: the third waits. 2: the home call has it. 10: two seats free, so
    # the third stranger is answered; now one is idle, and the stranger of 3 waits. 12: the home call ends: two idle.
    edges = [Edge(0, 0, reserve=1), Edge(0, 1)]
    case = hand_made({0: [0, 0, 0, 3], 1: [2]}, until_ms=40, seats=[3], edges=edges, city=(0, 1))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "0/0/1 dials 0, pool 0 answers 0, talk ends 10",
        "0/0/2 dials 0, pool 0 answers 10, talk ends 20",
        "2/1/0 dials 2, pool 0 answers 2, talk ends 12",
        "3/0/0 dials 3, pool 0 answers 12, talk ends 22",
    ]


@both_engines
def test_home_calls_of_the_same_moment_take_seats_before_strangers_are_counted(engine):
    # Two seats, one kept idle. At 0 a stranger and a home call dial: home is ranked first and leaves one idle seat, so
    # the stranger waits. At 10 the seat frees as a home call dials: home again. At 20 both are free: the stranger.
    edges = [Edge(0, 0, rank=2, reserve=1), Edge(0, 1, rank=1)]
    case = hand_made({0: [0], 1: [0, 10]}, until_ms=40, seats=[2], edges=edges, city=(0, 1))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 20, talk ends 30",
        "0/1/0 dials 0, pool 0 answers 0, talk ends 10",
        "10/1/0 dials 10, pool 0 answers 10, talk ends 20",
    ]


@both_engines
def test_seats_that_are_opened_may_be_more_than_are_kept_idle(engine):
    # Two seats are kept idle of two, then three are open: the longest wait first, one only. From 20 on one is open.
    edges = [Edge(0, 0, reserve=2)]
    case = hand_made({0: [0, 1]}, until_ms=60, seats=[{0: 2, 5: 3, 20: 1, 40: 4}], edges=edges)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 5, talk ends 15",
        "1/0/0 dials 1, pool 0 answers 15, talk ends 25",
    ]


# --- calls that find no free line at home ----------------------------------------------------------------------------

EACH_OTHER_ON_BUSY = {"edges": [Edge(0, 0), Edge(1, 1), Edge(0, 1, rank=1, after_ms=ON_BUSY),
                                Edge(1, 0, rank=1, after_ms=ON_BUSY)], "city": (0, 1), "home": (0, 1)}


@both_engines
def test_two_cities_answer_each_other_on_busy(engine):
    # Each has one seat and one line. 0: at home, until 10. 2: no line at home, so the neighbour answers at once, until
    # 12. 4: no line anywhere. 5: the neighbour's own call finds its line taken by the stranger, and none elsewhere.
    # 10 and 12: each line is free again in the millisecond in which its talk ends, that of the stranger too.
    case = hand_made({0: [0, 2, 4, 10], 1: [5, 12]}, until_ms=30, seats=[1, 1], lines=1, **EACH_OTHER_ON_BUSY)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "2/0/0 dials 2, pool 1 answers 2, talk ends 12",
        "4/0/0 dials 4, busy",
        "5/1/0 dials 5, busy",
        "10/0/0 dials 10, pool 0 answers 10, talk ends 20",
        "12/1/0 dials 12, pool 1 answers 12, talk ends 22",
    ]
    assert totals(engine, case) == {"DIALS": 6, "DIALS_ANSWERED": 4, "DIALS_BLOCKED": 2, "CALLERS": 6,
                                    "CALLERS_ANSWERED": 4, "CALLERS_LOST": 2}
    # Edges are sorted by pool and rank: 0 and 2 are a city's own, 3 answers the first city's calls in the second.
    assert told_answers(case[0], engine.run(*case)) == [(0, 0, 0), (0, 2, 3), (0, 10, 0), (0, 12, 2)]
    assert engine.run(*case).pools[:, :, arrays.BUSY_MS].sum(axis=0).tolist() == [20, 20]


@both_engines
def test_a_seat_that_frees_belongs_to_those_who_wait_and_not_to_a_call_without_a_line(engine):
    # Each has one seat and two lines. The neighbour's calls: 0, until 10, and 3, who waits. Here: 5, until 15, and 6,
    # who waits. 10: no line here; the neighbour's seat has just freed, but the call of 3 waits for it: busy. 16 waits
    # here. 20: no line here; the neighbour's seat frees and nobody waits for it: answered at once, before 16 is.
    case = hand_made({0: [5, 6, 10, 16, 20], 1: [0, 3]}, until_ms=40, seats=[1, 1], lines=2, **EACH_OTHER_ON_BUSY)
    assert story(engine, case) == [
        "0/1/0 dials 0, pool 1 answers 0, talk ends 10",
        "3/1/0 dials 3, pool 1 answers 10, talk ends 20",
        "5/0/0 dials 5, pool 0 answers 5, talk ends 15",
        "6/0/0 dials 6, pool 0 answers 15, talk ends 25",
        "10/0/0 dials 10, busy",
        "16/0/0 dials 16, pool 0 answers 25, talk ends 35",
        "20/0/0 dials 20, pool 1 answers 20, talk ends 30",
    ]


@both_engines
def test_on_busy_a_seat_is_needed_beside_a_line(engine):
    # Talks of 10 ms, written up for 5: at 12 the neighbour has a free line and no seat, at 15 it has both.
    case = hand_made({0: [8, 12, 15], 1: [0]}, until_ms=40, seats=[1, 1], lines=1, wrap_up=5, **EACH_OTHER_ON_BUSY)
    assert story(engine, case) == [
        "0/1/0 dials 0, pool 1 answers 0, talk ends 10, seat free 15",
        "8/0/0 dials 8, pool 0 answers 8, talk ends 18, seat free 23",
        "12/0/0 dials 12, busy",
        "15/0/0 dials 15, pool 1 answers 15, talk ends 25, seat free 30",
    ]


@both_engines
def test_on_busy_the_first_city_that_spares_a_seat_answers(engine):
    # No line at home. Pool 1 is preferred to pool 3, and pool 3 to pool 2. 1: pool 1 has two idle seats and keeps one;
    # 2: it has only that one left, so pool 3; 3: pool 2. 4: nobody.
    edges = [Edge(1, 0, rank=1, after_ms=ON_BUSY, reserve=1), Edge(2, 0, rank=3, after_ms=ON_BUSY),
             Edge(3, 0, rank=2, after_ms=ON_BUSY)]
    case = hand_made({0: [0, 1, 2, 3, 4]}, until_ms=30, seats=[0, 2, 1, 1], lines=1, edges=edges,
                     city=(0, 1, 2, 3), home=(0, 1, 2, 3), patience=5)
    assert story(engine, case) == [
        "0/0/0 dials 0, hangs up 5",
        "1/0/0 dials 1, pool 1 answers 1, talk ends 11",
        "2/0/0 dials 2, pool 3 answers 2, talk ends 12",
        "3/0/0 dials 3, pool 2 answers 3, talk ends 13",
        "4/0/0 dials 4, busy",
    ]


@both_engines
def test_lines_of_helpers_are_counted_by_themselves(engine):
    # City 0 has two lines and no seat; city 1 nobody but two seats for it on busy; city 2 two lines and a seat. That
    # city 1 answers at 1 and at 2 does not keep a line of city 2, whose talk of 0 ends at 10: who dials then waits.
    edges = [Edge(0, 0, after_ms=ON_BUSY), Edge(1, 1)]
    case = hand_made({0: [0, 0, 1, 2], 1: [0, 3, 10]}, until_ms=40, seats=[2, 1], lines=2, edges=edges, city=(0, 2),
                     home=(1, 2))
    assert story(engine, case) == [
        "0/0/0 dials 0, waits",
        "0/0/1 dials 0, waits",
        "0/1/0 dials 0, pool 1 answers 0, talk ends 10",
        "1/0/0 dials 1, pool 0 answers 1, talk ends 11",
        "2/0/0 dials 2, pool 0 answers 2, talk ends 12",
        "3/1/0 dials 3, pool 1 answers 10, talk ends 20",
        "10/1/0 dials 10, pool 1 answers 20, talk ends 30",
    ]


# --- helpers, ranks --------------------------------------------------------------------------------------------------

@both_engines
def test_a_helper_waits_for_the_next_in_line_anew(engine):
    # Pool 1 helps after 10 ms. The local seat takes the call of 1 at 7; then the call of 2 is first, and the helper may
    # take it at 12, not at 11 when it might have taken the other.
    case = hand_made({0: [0, 1, 2]}, until_ms=30, seats=[1, 1], talk=7,
                     edges=[Edge(0, 0, rank=0), Edge(1, 0, rank=1, after_ms=10)])
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 7",
        "1/0/0 dials 1, pool 0 answers 7, talk ends 14",
        "2/0/0 dials 2, pool 1 answers 12, talk ends 19",
    ]


@both_engines
def test_a_helper_comes_soon_though_another_would_come_late(engine):
    # Pool 1 helps after 2 ms and opens at 7, pool 2 would after 20 ms. The call of 1 might have gone to pool 1 from 3
    # on, to pool 2 from 21 on; the local seat has it at 7. The call of 6, now first in line, goes to pool 1 at 8.
    edges = [Edge(0, 0, rank=0), Edge(1, 0, rank=1, after_ms=2), Edge(2, 0, rank=1, after_ms=20)]
    case = hand_made({0: [0, 1, 6]}, until_ms=30, seats=[1, {0: 0, 7: 1}, 0], talk=7, edges=edges)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 7",
        "1/0/0 dials 1, pool 0 answers 7, talk ends 14",
        "6/0/0 dials 6, pool 1 answers 8, talk ends 15",
    ]


@both_engines
def test_helpers_with_three_delays(engine):
    # Nobody local. Pools 0, 1 and 2 may take a call after 9, 3 and 6 ms: the calls of 0 go to 1 at 3, 2 at 6, 0 at 9.
    edges = [Edge(0, 0, after_ms=9), Edge(1, 0, after_ms=3), Edge(2, 0, after_ms=6)]
    case = hand_made({0: [0, 0, 0]}, until_ms=12, seats=[1, 1, 1], edges=edges)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 1 answers 3, talk ends 13",
        "0/0/1 dials 0, pool 2 answers 6, talk ends 16",
        "0/0/2 dials 0, pool 0 answers 9, talk ends 19",
    ]


@both_engines
def test_lines_belong_to_the_callers_city_and_seats_to_whom_they_may_serve(engine):
    # Cities 0 and 1 have one line each. Pool 0 serves city 0 only, pool 1 both, city 1 first.
    # 0: pool 0 takes city 0's call. 1: city 0's line is taken. 2: city 1's line is free: pool 1. 3: taken.
    # 10: pool 0 frees and takes 10/0/0. 12: pool 1 frees; 15/1/0 takes city 1's line and pool 1.
    edges = [Edge(0, 0, rank=0), Edge(1, 0, rank=1), Edge(1, 1, rank=0)]
    case = hand_made({0: [0, 1, 10], 1: [2, 3, 15]}, until_ms=30, seats=[1, 1], edges=edges, city=(0, 1), lines=1)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "1/0/0 dials 1, busy",
        "2/1/0 dials 2, pool 1 answers 2, talk ends 12",
        "3/1/0 dials 3, busy",
        "10/0/0 dials 10, pool 0 answers 10, talk ends 20",
        "15/1/0 dials 15, pool 1 answers 15, talk ends 25",
    ]


@both_engines
def test_an_idle_seat_that_may_not_serve_a_queue_does_not(engine):
    case = hand_made({0: [0], 1: [0, 0]}, until_ms=5, seats=[2, 1], edges=[Edge(0, 0), Edge(1, 1)], city=(0, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "0/1/0 dials 0, pool 1 answers 0, talk ends 10",
        "0/1/1 dials 0, waits",
    ]


# --- seats that come and go ------------------------------------------------------------------------------------------

@both_engines
def test_seats_that_close_finish_their_call_and_take_no_other(engine):
    # Two seats, none from 8 on, one again from 20 on: two calls from 0 to 10. At 20 the longest wait is served.
    case = hand_made({0: [0, 0, 1, 2]}, until_ms=45, seats=[{0: 2, 8: 0, 20: 1}])
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "0/0/1 dials 0, pool 0 answers 0, talk ends 10",
        "1/0/0 dials 1, pool 0 answers 20, talk ends 30",
        "2/0/0 dials 2, pool 0 answers 30, talk ends 40",
    ]
    _, busy, staffed = engine.run(*case).pools[:, 0].T.tolist()
    assert busy == [2] * 10 + [0] * 10 + [1] * 20 + [0] * 5
    assert staffed == [2] * 10 + [0] * 10 + [1] * 25


@both_engines
def test_one_of_two_seats_closes(engine):
    # From 4 on one seat: two calls finish at 10, one seat goes on.
    case = hand_made({0: [0, 0, 1, 2]}, until_ms=35, seats=[{0: 2, 4: 1}])
    assert story(engine, case)[2:] == [
        "1/0/0 dials 1, pool 0 answers 10, talk ends 20", "2/0/0 dials 2, pool 0 answers 20, talk ends 30"]
    assert engine.run(*case).pools[:, 0, arrays.STAFFED_MS].tolist() == [2] * 10 + [1] * 25


@both_engines
def test_seats_open_and_one_pool_more_looks_for_work(engine):
    # Two wait. At 5 pool 1 opens one seat, at 7 pool 0 does, at 15 pool 1 opens a second one.
    case = hand_made({0: [0, 0, 6]}, until_ms=20, seats=[{0: 0, 7: 1}, {0: 0, 5: 1, 15: 2}], talk=100)
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 1 answers 5, talk ends 105",
        "0/0/1 dials 0, pool 0 answers 7, talk ends 107",
        "6/0/0 dials 6, pool 1 answers 15, talk ends 115",
    ]


@both_engines
def test_lines_change_with_time(engine):
    # One line until 3, then three, from 6 on one again: calls in progress keep theirs.
    case = hand_made({0: [0, 1, 3, 4, 5, 7]}, until_ms=9, seats=[0], lines={0: 1, 3: 3, 6: 1})
    assert story(engine, case) == [
        "0/0/0 dials 0, waits", "1/0/0 dials 1, busy", "3/0/0 dials 3, waits", "4/0/0 dials 4, waits",
        "5/0/0 dials 5, busy", "7/0/0 dials 7, busy"]


@both_engines
def test_the_pace_is_that_of_the_moment_of_the_answer(engine):
    # Twice as slow from 5 on; this edge takes 1300 of 1000.
    # 0: talk 10 -> 13, wrap-up 5 -> 6. 1: talk 10 -> 20 -> 26, wrap-up 5 -> 10 -> 13.
    case = hand_made({0: [0, 1]}, until_ms=60, seats=[1], wrap_up=5, speed_pm={0: 1000, 5: 2000},
                     edges=[Edge(0, 0, speed_pm=1300)])
    assert story(engine, case) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 13, seat free 19",
        "1/0/0 dials 1, pool 0 answers 19, talk ends 45, seat free 58",
    ]


# --- dialling again --------------------------------------------------------------------------------------------------

@both_engines
def test_who_hangs_up_dials_again_until_the_limit(engine):
    # Patience 4, again after 3 ms, twice: 0..4, 7..11, 14..18, lost.
    case = hand_made({0: [0]}, until_ms=30, seats=[0], patience=4, redial_delay=3, redial_if_hung_up=(ONE, ONE, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, hangs up 4", "0/0/0 dials again 7, hangs up 11", "0/0/0 dials again 14, hangs up 18"]
    assert totals(engine, case) == {"DIALS": 3, "DIALS_ABANDONED": 3, "CALLERS": 1, "CALLERS_LOST": 1}
    outcomes = engine.run(*case)
    assert outcomes.flows[:, 0, arrays.DIALS_ABANDONED].nonzero()[0].tolist() == [0, 7, 14]  # where it was dialled
    assert outcomes.flows[:, 0, arrays.CALLERS_LOST].nonzero()[0].tolist() == [0]  # where the caller was born


@both_engines
def test_the_last_chance_of_the_table_holds_on(engine):
    # Always again, after 3 ms: 0, 3, 6, 9; 12 is beyond the horizon, and the caller neither lost nor answered.
    case = hand_made({0: [0]}, until_ms=12, seats=[1], lines=0, redial_delay=3, redial_if_busy=(ONE,))
    assert [line.split(", ")[1] for line in story(engine, case)] == ["busy"] * 4
    assert totals(engine, case) == {"DIALS": 4, "DIALS_BLOCKED": 4, "CALLERS": 1}


@both_engines
def test_tries_count_busy_signals_and_hang_ups_together(engine):
    # No line at 0: busy, and the first busy signal makes everybody dial again. 3 hangs up at 7: a hang-up at the second
    # try does, too. 10 hangs up at 14: at the third it does not.
    case = hand_made({0: [0]}, until_ms=30, seats=[0], lines={0: 0, 3: 1}, patience=4, redial_delay=3,
                     redial_if_busy=(ONE, 0, 0), redial_if_hung_up=(0, ONE, 0))
    assert story(engine, case) == [
        "0/0/0 dials 0, busy", "0/0/0 dials again 3, hangs up 7", "0/0/0 dials again 10, hangs up 14"]


@both_engines
def test_busy_signals_and_hang_ups_have_delays_of_their_own(engine):
    world, callers = hand_made({0: [0]}, until_ms=20, seats=[0], lines={0: 0, 3: 1}, patience=4, redial_delay=3,
                               redial_if_busy=(ONE, 0), redial_if_hung_up=(ONE, ONE, 0), return_delay=6)
    world = world._replace(redial_delay=np.stack([world.redial_delay[:, 0], world.return_delay], axis=1))
    assert story(engine, (world, callers)) == [
        "0/0/0 dials 0, busy", "0/0/0 dials again 3, hangs up 7", "0/0/0 dials again 13, hangs up 17"]


@both_engines
def test_who_redials_and_is_answered_counts_as_one_person(engine):
    # One seat, one line. 2 is busy, dials again at 12 and is answered.
    case = hand_made({0: [0, 2]}, until_ms=30, seats=[1], lines=1, redial_if_busy=(ONE,), redial_delay=10)
    assert totals(engine, case) == {
        "DIALS": 3, "DIALS_ANSWERED": 2, "DIALS_BLOCKED": 1, "CALLERS": 2, "CALLERS_ANSWERED": 2}
    flows = engine.run(*case).flows[:, 0]
    assert flows[:, arrays.DIALS_ANSWERED].nonzero()[0].tolist() == [0, 12]
    assert flows[:, arrays.CALLERS_ANSWERED].nonzero()[0].tolist() == [0, 2]


# --- other ends ------------------------------------------------------------------------------------------------------

@both_engines
def test_the_bot_needs_no_line_and_no_seat(engine):
    case = hand_made({0: [0, 0]}, until_ms=5, seats=[0], lines=0, bot=ONE)
    assert story(engine, case) == ["0/0/0 dials 0, bot", "0/0/1 dials 0, bot"]
    assert totals(engine, case) == {"DIALS": 2, "DIALS_BOT": 2, "CALLERS": 2, "CALLERS_BOT": 2}


@both_engines
def test_the_bot_may_serve_a_later_dial(engine):
    # The bot is there at 3 only: busy at 0, again at 3. Who dials at 4 does not meet it.
    world, callers = case = hand_made({0: [0, 4]}, until_ms=6, seats=[0], lines=0,
                                      redial_if_busy=(ONE, 0), redial_delay=3)
    case = world._replace(bot=chance_by_moment({3}, case)), callers
    assert story(engine, case) == ["0/0/0 dials 0, busy", "0/0/0 dials again 3, bot", "4/0/0 dials 4, busy"]


@both_engines
def test_who_takes_another_channel_at_once_never_dials(engine):
    case = hand_made({0: [0, 1]}, until_ms=5, seats=[1], away=ONE)
    assert story(engine, case) == []
    assert totals(engine, case) == {"CALLERS_AWAY": 2}
    assert engine.run(*case).flows[:, 0, arrays.CALLERS_AWAY].tolist() == [1, 1, 0, 0, 0]


@both_engines
def test_who_dialled_once_does_not_stay_away_later(engine):
    # From 1 on everybody stays away who has not dialled yet.
    world, callers = case = hand_made({0: [0, 2]}, until_ms=6, seats=[0], lines=0,
                                      redial_if_busy=(ONE, 0), redial_delay=3)
    case = world._replace(away=chance_by_moment({1, 2, 3, 4}, case)), callers
    assert story(engine, case) == ["0/0/0 dials 0, busy", "0/0/0 dials again 3, busy"]
    assert totals(engine, case) == {"DIALS": 2, "DIALS_BLOCKED": 2, "CALLERS": 1, "CALLERS_LOST": 1, "CALLERS_AWAY": 1}


@both_engines
def test_who_fails_may_turn_to_another_channel(engine):
    # Everybody would dial again, but turns to another channel in the moment of failure: 5 (hang-up) and not 0 (dial).
    world, callers = case = hand_made({0: [0, 1]}, until_ms=10, seats=[0], patience=5, redial_if_hung_up=(ONE, 0))
    case = world._replace(divert=chance_by_moment({0, 1, 5}, case)), callers
    assert story(engine, case) == [
        "0/0/0 dials 0, hangs up 5", "1/0/0 dials 1, hangs up 6", "1/0/0 dials again 7, waits"]
    assert totals(engine, case) == {"DIALS": 3, "DIALS_ABANDONED": 2, "CALLERS": 2, "CALLERS_DIVERTED": 1}


# --- days ------------------------------------------------------------------------------------------------------------

def dialled_ms(engine, case):
    return np.sort(engine.run(*case, keep_calls=True).calls["dialled_ms"]).tolist()


@both_engines
def test_who_is_not_settled_returns_a_day_after_the_talk(engine):
    # First dial a (by luck) in the first day; the talk ends at a + 10; again a day after that, and a day after that.
    case = hand_made({0: [0]}, until_ms=3 * DAY_MS, interval_ms=DAY_MS, seats=[1], unsettled=ONE, wrap_up=99)
    a = dialled_ms(engine, case)[0]
    b, c = a + 10 + DAY_MS, a + 20 + 2 * DAY_MS
    assert 0 <= a < DAY_MS - 20
    assert story(engine, case) == [
        f"0/0/0 dials {a}, pool 0 answers {a}, talk ends {a + 10}, seat free {a + 109}",
        f"0/0/0 dials again {b}, pool 0 answers {b}, talk ends {b + 10}, seat free {b + 109}",
        f"0/0/0 dials again {c}, pool 0 answers {c}, talk ends {c + 10}, seat free {c + 109}",
    ]
    assert totals(engine, case) == {"DIALS": 3, "DIALS_ANSWERED": 3, "CALLERS": 1, "CALLERS_ANSWERED": 1}


@both_engines
def test_a_return_is_rounded_to_whole_days(engine):
    # A day and a half, less 1 ms: one day. A day and a half: two days. Half-days as intervals.
    for delay, days in ((DAY_MS * 3 // 2 - 1, 1), (DAY_MS * 3 // 2, 2)):
        case = hand_made({0: [0]}, until_ms=3 * DAY_MS, interval_ms=DAY_MS // 2, seats=[1], unsettled=ONE,
                         return_delay=delay)
        first, second, *_ = dialled_ms(engine, case)
        assert second == first + 10 + days * DAY_MS


@both_engines
def test_a_return_is_a_new_matter_and_no_new_person(engine):
    # Answered on the first day. On the second there are no seats: hangs up after 5 ms, dials again 2 ms later, as after
    # any first try, hangs up again, and is lost to us; but the person was answered, and counts as answered.
    case = hand_made({0: [0]}, until_ms=2 * DAY_MS, interval_ms=DAY_MS, seats=[{0: 1, DAY_MS: 0}], unsettled=ONE,
                     patience=5, redial_if_hung_up=(ONE, 0), redial_delay=2)
    a = dialled_ms(engine, case)[0]
    back = a + 10 + DAY_MS
    assert story(engine, case) == [
        f"0/0/0 dials {a}, pool 0 answers {a}, talk ends {a + 10}",
        f"0/0/0 dials again {back}, hangs up {back + 5}",
        f"0/0/0 dials again {back + 7}, hangs up {back + 12}",
    ]
    assert totals(engine, case) == {
        "DIALS": 3, "DIALS_ANSWERED": 1, "DIALS_ABANDONED": 2, "CALLERS": 1, "CALLERS_ANSWERED": 1}


@both_engines
def test_the_patience_of_one_matter_does_not_end_another(engine):
    # Patience of two days. Answered at a, back a day later, when there are no seats: hangs up two days after that, and
    # not two days after the first dial.
    case = hand_made({0: [0]}, until_ms=4 * DAY_MS, interval_ms=DAY_MS, seats=[{0: 1, DAY_MS: 0}], unsettled=ONE,
                     patience=2 * DAY_MS)
    a = dialled_ms(engine, case)[0]
    back = a + 10 + DAY_MS
    assert story(engine, case) == [
        f"0/0/0 dials {a}, pool 0 answers {a}, talk ends {a + 10}",
        f"0/0/0 dials again {back}, hangs up {back + 2 * DAY_MS}",
    ]


@both_engines
def test_who_is_settled_does_not_return(engine):
    case = hand_made({0: [0]}, until_ms=3 * DAY_MS, interval_ms=DAY_MS, seats=[1], unsettled=0)
    assert len(dialled_ms(engine, case)) == 1
