"""Seats by interval: what a city opens itself, lends and is lent, in whole seats that are right over time."""
import numpy as np
import pytest
from helping import with_levers

from sim.world.build import build
from sim.world.seats import in_turn

INTERVALS = slice(4 * 10, 4 * 18)  # 10:00 to 18:00, when both cities have the same seats throughout


def seats(*levers):
    """By pool: seats of each interval in which a lever acts."""
    setting = build(with_levers(*levers))
    return {pool.name: setting.world.seats[INTERVALS, p] for p, pool in enumerate(setting.names.pools)}


def lend(**more):
    return {"kind": "lend", "lender": "west", "borrower": "east", "seats": 1, "from": "2021-08-02 10:00",
            "to": "2021-08-02 18:00", **more}


def test_a_sixth_of_a_seat_is_a_seat_in_one_interval_of_six():
    assert in_turn(np.full(12, 1 / 6)).tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert in_turn(np.array([0.5, 0.25, 0.25, 2.0])).tolist() == [1, 0, 0, 2]
    assert in_turn(np.zeros(3)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("lent", [1, 3, 7])
@pytest.mark.parametrize("off_duty", ["0 %", "50 %", "84 %"])
def test_a_lender_misses_over_time_what_it_lends(lent, off_duty):
    """Less the part that colleagues man, and breaks; to within a seat in one interval."""
    alone, lending = seats(), seats(lend(seats=lent, off_duty=off_duty))
    missed = lent * (1 - float(off_duty.rstrip(" %")) / 100) * 0.8 * len(alone["west"])
    assert abs((alone["west"] - lending["west"]).sum() - missed) <= 1


def test_seats_that_are_lent_one_by_one_are_missed_like_those_lent_at_once():
    at_once = seats(lend(seats=5, off_duty="80 %"))
    one_by_one = seats(*[lend(off_duty="80 %") for _ in range(5)])
    assert (at_once["west"] == one_by_one["west"]).all()


def test_a_guest_is_there_as_often_as_it_is_said_to_be():
    there = seats(lend(seats=3, presence="25 %"))["west→east"]
    assert abs(there.sum() - 0.75 * len(there)) <= 1


def test_colleagues_who_are_called_in_open_seats_less_their_breaks():
    """Two of the seven who are off duty and rested come to the two workplaces that are free."""
    more = {"kind": "call_in", "city": "east", "people": 2, "from": "2021-08-02 10:00", "to": "2021-08-02 18:00"}
    found = seats(more)["east"] - seats()["east"]
    assert set(found) == {0, 2}
    assert np.flatnonzero(found).tolist() == list(range(4 * 2, 4 * 8))  # from 12:00 on, two hours after the call


def test_a_city_lends_no_more_seats_than_it_has():
    assert (seats(lend(seats=14))["west"] >= 0).all()
