"""A live rehearsal stops the network to look at it. Looking changes nothing, and shows the past of the whole day."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_invariants import line_of
from test_rules import told_again
from worlds import (
    Edge,
    HypothesisDice,
    assert_equal,
    assert_valid,
    changed,
    dials_of,
    diary,
    edge_tables,
    edges_of,
    examples,
    hand_made,
    small_nasty_worlds,
)

from sim.core.arrays import ANSWERED, Outcomes
from sim.core.engines import reference
from sim.core.engines.reference import Network


def horizon_ms(world) -> int:
    return world.interval_ms * len(world.moment_key)


def finished(network: Network) -> Outcomes:
    """Let everything happen that is still to come."""
    network.advance(horizon_ms(network.world))
    network.end_interval()
    return network.outcomes()


@st.composite
def worlds_and_moments(draw):
    """A world, its callers, and moments at which somebody looks."""
    world, callers = draw(small_nasty_worlds())
    return world, callers, sorted(draw(st.lists(st.integers(0, horizon_ms(world)), max_size=6)))


@examples(150)
@given(worlds_and_moments())
def test_a_network_that_stops_to_be_looked_at_goes_on_as_if_it_had_not(case):
    world, callers, moments = case
    network = Network(world, callers, keep_calls=True)
    for moment in moments:
        network.advance(moment)
        network.outcomes()
    assert_equal(finished(network), reference.run(world, callers, keep_calls=True))


@examples(150)
@given(worlds_and_moments())
def test_what_is_seen_at_a_moment_is_the_past_of_the_whole_day(case):
    world, callers, moments = case
    whole = dials_of(reference.run(world, callers, keep_calls=True))
    network = Network(world, callers, keep_calls=True)
    for moment in moments:
        network.advance(moment)
        seen = dials_of(network.outcomes())
        past = [d for d in whole if d.dialled_ms < moment]
        assert [d[:3] for d in seen] == [d[:3] for d in past]
        assert [d for d in seen if d.left_ms < moment] == [d for d in past if d.left_ms < moment]


@examples(50)
@given(worlds_and_moments())
def test_nothing_happens_before_its_time_and_time_does_not_go_back(case):
    world, callers, moments = case
    network = Network(world, callers, keep_calls=True)
    for moment in moments:
        network.advance(moment)
        assert network.env.now == moment
        network.advance(moment // 2)
        assert network.env.now == moment
        assert all(d.dialled_ms < moment for d in dials_of(network.outcomes()))


@examples(100)
@given(worlds_and_moments())
def test_a_look_counts_those_who_wait_and_talk(case):
    world, callers, moments = case
    network = Network(world, callers, keep_calls=True)
    for moment in moments:
        network.advance(moment)
        look, dials = network.look(), dials_of(network.outcomes())
        waits = [d for d in dials if d.left_ms >= moment]
        talks = [d for d in dials if d.left_ms < moment <= d.talk_end_ms and d.outcome == ANSWERED]
        on_seats = [d for d in dials if d.left_ms < moment <= d.seat_free_ms and d.outcome == ANSWERED]
        cities = [line_of(world, d) for d in waits + talks]
        assert look.ms == moment
        assert look.waiting == [sum(d.queue == q for d in waits) for q in range(len(world.queue_city))]
        assert look.busy == [sum(d.pool == p for d in on_seats) for p in range(world.seats.shape[1])]
        assert look.lines_used == [cities.count(city) for city in range(world.lines.shape[1])]


@examples(50)
@given(small_nasty_worlds())
def test_two_networks_do_not_disturb_each_other(case):
    world, callers = case
    whole = reference.run(world, callers, keep_calls=True)
    networks = [Network(world, callers, keep_calls=True) for _ in range(2)]
    for moment in np.linspace(0, horizon_ms(world), 5).astype(int).tolist():
        for network in networks:
            network.advance(moment)
    for network in networks:
        assert_equal(finished(network), whole)


# --- another future --------------------------------------------------------------------------------------------------

BY_INTERVAL = ("seats", "speed_pm", "lines", "bot", "away", "divert")


@st.composite
def futures(draw):
    """A world, and others that are to hold from some moments on."""
    world, callers = draw(small_nasty_worlds(with_days=False))
    dice, changes, now = HypothesisDice(draw), {}, (world, callers)
    for moment in sorted(draw(st.sets(st.integers(0, horizon_ms(world) - 1), min_size=1, max_size=3))):
        now = changed(dice, *now)
        assert_valid(now[0])
        changes[moment] = now
    return world, callers, changes


def changed_run(world, callers, changes) -> Outcomes:
    network = Network(world, callers, keep_calls=True)
    for moment, future in changes.items():
        network.advance(moment)
        network.change(*future)
    return finished(network)


@examples(200)
@given(futures())
def test_a_changed_future_is_what_a_clerk_tells_who_changes_tables_at_that_moment(case):
    assert_equal(changed_run(*case), told_again(*case))


@examples(150)
@given(small_nasty_worlds(), st.data())
def test_a_change_as_an_interval_begins_equals_tables_that_had_it_from_there_on(case, data):
    world, callers = case
    i = data.draw(st.integers(0, len(world.moment_key) - 1))
    other, crowd = changed(HypothesisDice(data.draw), world, callers)
    pools = world.seats.shape[1]
    columns = {f: getattr(other, f)[:, :pools if f in ("seats", "speed_pm") else None] for f in BY_INTERVAL}
    future = world._replace(**columns)
    spliced = world._replace(**{f: np.concatenate([getattr(world, f)[:i], columns[f][i:]]) for f in BY_INTERVAL})
    fresh = np.concatenate([callers.fresh[:i], crowd.fresh[i:]])
    assert_equal(changed_run(world, callers, {i * world.interval_ms: (future, crowd)}),
                 reference.run(spliced, callers._replace(fresh=fresh), keep_calls=True))


@examples(150)
@given(futures())
def test_a_change_alters_nothing_that_has_happened(case):
    world, callers, changes = case
    moment = min(changes)
    before, after = dials_of(reference.run(world, callers, keep_calls=True)), dials_of(changed_run(*case))
    assert [d for d in after if d.left_ms < moment] == [d for d in before if d.left_ms < moment]
    assert [d[:3] for d in after if d.dialled_ms < moment] == [d[:3] for d in before if d.dialled_ms < moment]


@examples(100)
@given(worlds_and_moments())
def test_a_change_to_the_same_tables_changes_nothing(case):
    world, callers, moments = case
    changes = dict.fromkeys((m for m in moments if m < horizon_ms(world)), (world, callers))
    assert_equal(changed_run(world, callers, changes), reference.run(world, callers, keep_calls=True))


def test_what_a_change_may_not_do():
    world, callers = hand_made({0: [0, 3], 1: [1]}, until_ms=20, seats=[1, 1], city=(0, 1))
    shorter = {f: getattr(world, f)[:-1] for f in (*BY_INTERVAL, "moment_key")}
    for forbidden in (
        world._replace(interval_ms=2),
        world._replace(**shorter),
        world._replace(queue_key=world.queue_key[::-1]),
        world._replace(queue_city=world.queue_city[::-1]),
        world._replace(**edge_tables(edges_of(world)[1:], 2, 2)),
        world._replace(seats=world.seats[:, :1], speed_pm=world.speed_pm[:, :1], **edge_tables([Edge(0, 0)], 1, 2)),
    ):
        network = Network(world, callers, keep_calls=True)
        network.advance(5)
        with pytest.raises(ValueError, match="a change keeps"):
            network.change(forbidden, callers)
        assert_equal(finished(network), reference.run(world, callers, keep_calls=True))


def test_a_change_by_hand():
    # One seat, talks of 10 ms. 0 is answered until 10; 1 and 2 wait. At 5 one seat is lent that takes calls after 3 ms,
    # at half the pace: 1 has waited 4 ms and is answered at 5, until 25. 2 has waited 3 ms, but the lent seat is taken:
    # the own seat at 10. At 6 the caller of 7 is wished away and one of 8 wished for.
    world, callers = hand_made({0: [0, 1, 2, 7]}, until_ms=40, seats=[1])
    lent, more = hand_made({0: [0, 1, 2, 7]}, until_ms=40, seats=[1, 1], speed_pm=1000,
                           edges=[Edge(0, 0), Edge(1, 0, rank=1, after_ms=3, speed_pm=2000)])
    others = hand_made({0: [0, 1, 2, 8]}, until_ms=40, seats=[1])[1]
    assert diary(changed_run(world, callers, {5: (lent, more), 6: (lent, others)})) == [
        "0/0/0 dials 0, pool 0 answers 0, talk ends 10",
        "1/0/0 dials 1, pool 1 answers 5, talk ends 25",
        "2/0/0 dials 2, pool 0 answers 10, talk ends 20",
        "8/0/0 dials 8, pool 0 answers 20, talk ends 30",
    ]
