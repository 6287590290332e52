"""Two worlds that differ in one thing differ in its consequences and in nothing else: laws 1 and 2."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import (
    Edge,
    assert_equal,
    assert_valid,
    dials_of,
    edge_tables,
    edges_of,
    examples,
    hand_made,
    keys,
    pick,
    small_nasty_worlds,
    sorted_calls,
    told_answers,
    uniform,
)
from worlds import HypothesisDice as Dice

from sim.core import arrays, rules
from sim.core.arrays import ANSWERED, BY_BOT, LAW, ONE, Callers, Outcomes, World
from sim.core.engines import kernel, reference

BOTH = (kernel, reference)


def settled_before(outcomes: Outcomes, ms: int) -> list[tuple]:
    """Every dial that was answered, given up, blocked or served by the bot before a moment."""
    return [d for d in dials_of(outcomes) if d.left_ms < ms]


def dialled_before(outcomes: Outcomes, ms: int) -> list[tuple]:
    return [(d.caller, d.attempt, d.dialled_ms) for d in dials_of(outcomes) if d.dialled_ms < ms]


# --- another city changes nothing elsewhere --------------------------------------------------------------------------

def side_by_side(front: World, back: World) -> World:
    """Both worlds as one: the cities, queues, pools, edges and laws of the first come first. No edge joins the two."""
    queues, pools, cities, laws = (len(front.queue_city), front.seats.shape[1], front.lines.shape[1],
                                   len(front.law_ms) // LAW)
    moved = [Edge(e.pool + pools, e.queue + queues, *e[2:]) for e in edges_of(back)]
    columns = {f: np.concatenate([getattr(front, f), getattr(back, f)], axis=1)
               for f in ("seats", "speed_pm", "lines", "bot", "away", "divert")}
    numbers = {f: np.concatenate([getattr(front, f), np.where(getattr(back, f) < 0, -1, getattr(back, f) + laws)])
               for f in ("patience", "talk", "wrap_up", "redial_delay", "return_delay")}
    rows = {f: np.concatenate([getattr(front, f), getattr(back, f)])
            for f in ("queue_key", "unsettled", "law_ms", "pool_release", "pool_resume")}
    dials = max(front.redial.shape[2], back.redial.shape[2])
    return World(
        interval_ms=front.interval_ms, moment_key=front.moment_key,
        queue_city=np.concatenate([front.queue_city, back.queue_city + cities]),
        pool_home=np.concatenate([front.pool_home, np.where(back.pool_home < 0, -1, back.pool_home + cities)]),
        redial=np.concatenate([longer(front.redial, dials), longer(back.redial, dials)]),
        **edge_tables(edges_of(front) + moved, pools + back.seats.shape[1], queues + len(back.queue_city)),
        **columns, **numbers, **rows,
    )


def longer(redial: np.ndarray, dials: int) -> np.ndarray:
    """The same redial table, longer: its last column holds on."""
    return np.concatenate([redial, np.repeat(redial[:, :, -1:], dials - redial.shape[2], axis=2)], axis=2)


def part_of(outcomes: Outcomes, queues: range, pools: range, edges: range, of: int) -> Outcomes:
    """What happened to these queues and pools, under the names that they have in a world of their own."""
    calls = outcomes.calls[np.isin(outcomes.calls["queue"], queues)]
    answers = [(rules.waited_ms(a), *rules.place(a, of)) for a in outcomes.answers.tolist()]
    answers = [rules.answer_number(wait, i, e - edges.start, len(edges)) for wait, i, e in answers if e in edges]
    calls["queue"] -= queues.start
    calls["caller"] -= rules.caller_number(0, queues.start, 0)
    calls["pool"] -= np.where(calls["pool"] < 0, 0, pools.start).astype(np.int32)
    return Outcomes(outcomes.flows[:, queues], outcomes.pools[:, pools], outcomes.waiting[:, queues],
                    np.array(answers, arrays.ANSWER), calls)


@st.composite
def two_worlds(draw):
    """Two worlds with the same intervals and the same luck, and different names."""
    (front, callers), (back, others) = draw(small_nasty_worlds()), draw(small_nasty_worlds())
    intervals = min(len(front.moment_key), len(back.moment_key))
    unit = min(front.interval_ms, back.interval_ms)
    front, back = (cut(world, intervals)._replace(interval_ms=unit) for world in (front, back))
    back = back._replace(queue_key=keys(len(back.queue_city), first=1000))
    callers, others = (Callers(callers.key, c.fresh[:intervals]) for c in (callers, others))
    return (front, callers), (back, others)


def cut(world: World, intervals: int) -> World:
    by_interval = ("moment_key", "seats", "speed_pm", "lines", "bot", "away", "divert")
    return world._replace(**{f: getattr(world, f)[:intervals] for f in by_interval})


@examples(150)
@given(two_worlds())
def test_a_city_in_front_changes_nothing_elsewhere(case):
    (front, callers), (back, others) = case
    both = side_by_side(front, back)
    assert_valid(both)
    queues, pools, edges, of = len(front.queue_city), front.seats.shape[1], len(front.edge_pool), len(both.edge_pool)
    for engine in BOTH:
        got = engine.run(both, Callers(callers.key, np.concatenate([callers.fresh, others.fresh], axis=1)), True)
        assert_equal(part_of(got, range(queues), range(pools), range(edges), of), engine.run(front, callers, True))
        assert_equal(part_of(got, range(queues, len(both.queue_city)), range(pools, both.seats.shape[1]),
                             range(edges, of), of), engine.run(back, others, True))


@examples(50)
@given(small_nasty_worlds(), st.integers(1, 3))
def test_a_redial_table_whose_last_chance_is_written_out_is_the_same_table(case, more):
    world, callers = case
    written_out = world._replace(redial=longer(world.redial, world.redial.shape[2] + more))
    for engine in BOTH:
        assert_equal(engine.run(written_out, callers, True), engine.run(world, callers, True))


# --- one more caller -------------------------------------------------------------------------------------------------

@examples(150)
@given(small_nasty_worlds(), st.data())
def test_one_more_caller_changes_only_what_follows(case, data):
    world, callers = case
    i, q = (data.draw(st.integers(0, n - 1)) for n in callers.fresh.shape)
    fresh = callers.fresh.copy()
    fresh[i, q] += 1
    newcomer = rules.caller_number(i, q, int(callers.fresh[i, q]))
    for engine in BOTH:
        before, after = engine.run(world, callers, True), engine.run(world, callers._replace(fresh=fresh), True)
        dials_at = min([d.dialled_ms for d in dials_of(after) if d.caller == newcomer], default=arrays.NEVER)
        assert settled_before(after, dials_at) == settled_before(before, dials_at)
        assert dialled_before(after, dials_at) == dialled_before(before, dials_at)
        first = [{(d.caller, d.dialled_ms) for d in dials_of(o) if d.attempt == 1} for o in (before, after)]
        assert {who for who, _ in first[1] - first[0]} <= {newcomer}
        assert first[0] <= first[1]


@examples(100)
@given(small_nasty_worlds())
def test_people_keep_their_work_and_their_patience_in_another_crowd(case):
    # Whoever is answered at the same try, in the same interval, by the same pool, talks as long; whoever gives up the
    # same try waited as long: whatever else there was.
    world, callers = case
    crowd = callers._replace(fresh=callers.fresh * 2)
    for engine in BOTH:
        alone, crowded = (dials_of(engine.run(world, c, True)) for c in (callers, crowd))
        for same in (work_of, patience_of):
            one, other = same(world, alone), same(world, crowded)
            assert {who: one[who] for who in one.keys() & other} == {who: other[who] for who in one.keys() & other}


def work_of(world, dials):
    return {(d.caller, d.attempt, d.pool, d.left_ms // world.interval_ms): (d.talk_end_ms - d.left_ms,
            d.seat_free_ms - d.talk_end_ms) for d in dials if d.outcome == ANSWERED}


def patience_of(world, dials):
    return {(d.caller, d.attempt): d.left_ms - d.dialled_ms for d in dials if d.outcome == arrays.ABANDONED}


def test_people_keep_their_luck_in_another_crowd():
    # A world in which nearly everybody meets the same fate twice, so that the comparison above is not empty.
    work = uniform(1, 8000)
    world, callers = hand_made({0: [0, 1, 2, 3] * 20}, until_ms=4, seats=[1000], talk=work, wrap_up=work)
    crowd = callers._replace(fresh=callers.fresh * 2)
    few, many = (work_of(world, dials_of(kernel.run(world, c, True))) for c in (callers, crowd))
    assert (len(few), len(many)) == (80, 160)
    assert few.items() <= many.items()
    assert len(set(few.values())) > 70  # of 80 people, hardly any two have the same work


# --- one more seat ---------------------------------------------------------------------------------------------------

@examples(150)
@given(small_nasty_worlds(), st.data())
def test_one_more_seat_changes_nothing_before_it_is_used(case, data):
    """Where no pool keeps seats idle: a seat that stays idle may be what another one waits for to be taken."""
    world, callers = case
    world = world._replace(edge_reserve=np.zeros_like(world.edge_reserve))
    i, p = (data.draw(st.integers(0, n - 1)) for n in world.seats.shape)
    seats = world.seats.copy()
    seats[i:, p] += 1
    for engine in BOTH:
        before, after = engine.run(world, callers, True), engine.run(world._replace(seats=seats), callers, True)
        used_ms = first_use(world, dials_of(after), p)
        assert used_ms >= i * world.interval_ms
        assert settled_before(after, used_ms) == settled_before(before, used_ms)
        assert dialled_before(after, used_ms) == dialled_before(before, used_ms)


def first_use(world, dials, pool) -> int:
    """When more calls of a pool than it had seats began: until then nobody sat on the new seat."""
    mine = [d for d in dials if d.pool == pool]
    busy = {ms: sum(d.left_ms <= ms < d.seat_free_ms for d in mine) for ms in {d.left_ms for d in mine}}
    beyond = [ms for ms, seats in busy.items() if seats > world.seats[ms // world.interval_ms, pool]]
    return min(beyond, default=arrays.NEVER)


# --- a higher chance keeps all to whom it happened -------------------------------------------------------------------

@st.composite
def raised(draw, field: str, most: int = ONE):
    """A world, and the same with higher chances of one kind."""
    world, callers = draw(small_nasty_worlds())
    chances = getattr(world, field)
    more = pick(Dice(draw), [0, 0, ONE // 5, ONE // 2], *chances.shape)
    return world, world._replace(**{field: np.minimum(most, chances + more)}), callers


@examples(100)
@given(raised("bot"))
def test_a_better_bot_keeps_whom_it_served(case):
    # At the first dial, which no queue can move.
    world, better, callers = case
    for engine in BOTH:
        served = [{(d.caller, d.dialled_ms) for d in dials_of(engine.run(w, callers, True))
                   if d.outcome == BY_BOT and d.attempt == 1} for w in (world, better)]
        assert served[0] <= served[1]


@examples(100)
@given(raised("redial"))
def test_a_higher_chance_to_redial_keeps_all_who_redialled(case):
    # Without lines every dial is busy, so that no redial can get in the way of another.
    world, keener, callers = case
    for engine in BOTH:
        dialled = [{(d.caller, d.attempt, d.dialled_ms)
                    for d in dials_of(engine.run(w._replace(lines=np.zeros_like(w.lines)), callers, True))}
                   for w in (world, keener)]
        assert dialled[0] <= dialled[1]


@examples(100)
@given(raised("away"))
def test_more_who_stay_away_are_the_same_and_others(case):
    world, farther, callers = case
    for engine in BOTH:
        first = [{(d.caller, d.dialled_ms) for d in dials_of(engine.run(w, callers, True)) if d.attempt == 1}
                 for w in (world, farther)]
        assert first[1] <= first[0]


# --- what is not there changes nothing -------------------------------------------------------------------------------

@pytest.mark.parametrize("engine", BOTH)
@examples(50)
@given(small_nasty_worlds())
def test_an_edge_that_opens_after_the_horizon_is_no_edge(engine, case):
    world, callers = case
    pools, queues, horizon = world.seats.shape[1], len(world.queue_city), world.interval_ms * len(world.moment_key)
    late = [Edge(pools, q, rank=-1, after_ms=horizon) for q in range(queues)]
    idle = np.full((len(world.moment_key), 1), 2)
    wider = world._replace(seats=np.concatenate([world.seats, idle], axis=1),
                           speed_pm=np.concatenate([world.speed_pm, 500 * idle], axis=1),
                           **{f"pool_{of}": np.append(getattr(world, f"pool_{of}"), -1)
                              for of in ("home", "release", "resume")},
                           **edge_tables(edges_of(world) + late, pools + 1, queues))
    got, wanted = engine.run(wider, callers, True), engine.run(world, callers, True)
    np.testing.assert_array_equal(sorted_calls(got), sorted_calls(wanted))
    assert told_answers(wider, got) == told_answers(world, wanted)  # the new edges come last
    assert got.pools[:, pools, arrays.BUSY_MS].sum() == 0


@examples(50)
@given(small_nasty_worlds())
def test_a_run_depends_on_nothing_but_its_world_and_its_callers(case):
    for engine in BOTH:
        assert_equal(engine.run(*case, True), engine.run(*case, True))


def test_replications_differ():
    world, callers = hand_made({0: [0] * 50}, until_ms=1000, interval_ms=1000, seats=[3])
    for engine in BOTH:
        days = [engine.run(world, callers._replace(key=key), True).calls["dialled_ms"] for key in range(9)]
        assert len({tuple(day) for day in days}) == 9
