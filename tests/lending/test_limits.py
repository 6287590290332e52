"""How many seats lenders can give, measured in simulation: the largest number with which every floor holds."""
from dataclasses import replace

import numpy as np
import pytest
from helping import with_terms
from hypothesis import given
from hypothesis import strategies as st

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.settings import LIMIT_DAYS
from optimizer.lending.trials import limits
from optimizer.lending.trials.limits import Search
from optimizer.lending.trials.replay import ReplicationCache

PROOF = 200
TERMS = {"share": "90 %", "floor": {"answered_drop": "0.5 %", "within_drop": "2 %"}}


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_search_ends_at_the_largest_number_that_holds(formula, above, truth):
    """Wherever it is between nothing and the cap, after a few steps."""
    cap = formula + above
    search, steps = Search.of(np.array([formula]), np.array([cap])), 0
    while not search.ended:
        assert search.low < search.now < search.high
        search.learn(formula + search.now <= truth)
        steps += 1
    assert formula + search.low == min(truth, cap)
    assert steps <= 2 * np.log2(cap + 2) + 1


def test_a_search_begins_where_formulas_say_and_with_a_seat_where_they_say_none():
    assert Search.of(np.array([3, 5]), np.array([7, 7])).now == 0
    assert Search.of(np.array([0, 0]), np.array([7, 7])).now == 1
    assert Search.of(np.array([0, 0]), np.array([0, 0])).ended


def test_days_with_more_room_by_formulas_keep_it(monkeypatch):
    """From none to the cap, as many more or fewer in each block as the time of day bears."""
    p = province(with_terms())
    k = knowledge(p)
    k.most["west"][:2], two_days = [2, 4], np.array([0, 1])
    monkeypatch.setattr(limits, "times", lambda p: {(0, 9): two_days})
    found = {more: limits.limits(k, {("west", 0, 9): more})["west"][two_days].tolist() for more in (-3, 0, 1, 99)}
    assert found == {-3: [0, 1], 0: [2, 4], 1: [3, 5], 99: p.caps["west"][two_days].tolist()}


@pytest.fixture(scope="module", params=["borrower", "both"])
def measured(request):
    """What is known once it is measured."""
    p = province(with_terms(**TERMS))
    k = knowledge(p)
    luck = ReplicationCache(5, p)
    limits.measure(k, request.param, luck, PROOF)
    return k, luck, request.param


def test_with_the_measured_seats_the_floors_of_each_hour_hold(measured):
    """Of all but one of eight, lent in that hour alone: when it was tried other seats were away in the hours before."""
    k, luck, serves = measured
    p = k.province
    seats = {("west", "east", *p.slot_of(block)): int(k.most["west"][o]) for o, block in enumerate(p.open_blocks)}
    assert max(seats.values()) > 0
    assert all(0 <= n <= p.caps["west"][o] for o, n in enumerate(seats.values()))
    unsure = [limits.doubtful(p, {slot: n} if n else {}, serves, luck, PROOF) for slot, n in seats.items()]
    assert len(unsure) == 8
    assert sum(map(len, unsure)) <= 1


def test_with_three_seats_more_at_a_time_of_day_its_floor_gives_way(measured):
    """At each, others as measured. One or two are at the edge: seats of the hour before were not always these when they
    were tried, and on the same days two seats away can do less harm than one."""
    k, luck, serves = measured
    p, held = k.province, []
    numbers = {p.slot_of(block)[1]: o for o, block in enumerate(p.open_blocks)}
    lent = {("west", "east", 0, number): int(k.most["west"][o]) for number, o in numbers.items()}
    for slot, seats in lent.items():
        if seats + 3 <= p.caps["west"][numbers[slot[-1]]]:
            doubtful = limits.doubtful(p, lent | {slot: seats + 3}, serves, luck, PROOF)
            held.append(("west", 0, slot[-1]) not in doubtful)
    assert held
    assert not any(held)


def test_a_lender_that_borrows_is_left_as_formulas_say():
    """The help that it gets would hide what lending does to it."""
    p = province(with_terms(borrowers=["east", "west"], lenders=["east", "west"]))
    k = knowledge(p)
    before = {name: most.copy() for name, most in k.most.items()}
    limits.measure(k, "borrower", ReplicationCache(5, p), 2)
    assert all((k.most[name] == most).all() for name, most in before.items())


def test_all_lend_to_whoever_has_the_most_callers():
    p = province(with_terms())
    k = replace(knowledge(p), most={"west": np.full(len(p.open_blocks), 3)})
    places = {("west", *time): 0 for time in limits.times(p)}
    assert limits.lent_by_all(k, places) == {("west", "east", *p.slot_of(block)): 3 for block in p.open_blocks}


def test_no_more_replications_than_the_proof_has():
    p = province(with_terms())
    assert limits.replications(p, 50) == 50
    assert limits.replications(p, 1000) == LIMIT_DAYS
