"""People into seats and seats into people, reckoned by hand."""
from datetime import date

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.on_duty.needs import people_for
from optimizer.staffing.planning.on_duty.presence import Presence, lent_from_duty, seats_of
from sim.reading.loading import load
from sim.world.people import half_up


@pytest.mark.parametrize(("seats", "people"), [(0, 0), (1, 1), (4, 5), (10, 12), (100, 121)])
def test_half_a_seat_is_a_seat(seats, people):
    """Of ten who are planned one is absent, and of ten who come nearly one is on a break: 0.828 of a seat each. So 4
    people open 3.3 seats, which are 3, and 5 open 4.1; 12 open 9.9, which are 10; 120 open 99.4, one seat
    too few."""
    presence = Presence(0.9, 0.92, 1000.0)
    assert presence.seats_each == pytest.approx(0.828)
    assert presence.people(np.array([seats])).tolist() == [people]


def test_as_many_people_as_are_told_are_enough_and_one_less_is_not():
    seats = np.arange(1, 400)
    for comes, phone in ((1.0, 1.0), (0.95, 0.88), (0.9, 0.8), (0.5, 0.5), (1.0, 0.8)):
        presence = Presence(comes, phone, 1e6)
        people = presence.people(seats)
        assert (half_up(presence.seats(people.astype(float))) >= seats).all()
        assert (half_up(presence.seats(people - 1.0)) < seats).all()


def test_no_more_sit_than_there_are_workplaces():
    presence = Presence(0.9, 0.8, 12.0)
    assert presence.most_people == 13          # 13 x 0.9 = 11.7 sit down; of 14 more than 12 would come
    assert presence.seats(np.array([10.0, 13.0, 14.0, 99.0])) == pytest.approx([7.2, 9.36, 9.6, 9.6])


@pytest.mark.parametrize(("more", "places"), [
    ("", 9.0), ("people: {town: {workplaces: 20}}\n", 20.0),
    ("people: {town: {home_seats: 3}}\n", 12.0), ("people: {town: {workplaces: 20, home_seats: 3}}\n", 23.0)])
def test_workplaces_are_a_citys_seats_unless_its_people_say_otherwise(tmp_path, more, places):
    scenario = loaded(tmp_path, more, lambda text: text.replace("absence: 0, shrinkage: 0",
                                                                "absence: 5 %, shrinkage: 12 %"))
    found = Presence.of(scenario, "town")
    assert found.comes.shape == (2, 48)
    assert found.comes == pytest.approx(0.95)
    assert (found.at_the_phone, found.workplaces) == pytest.approx((0.88, places))


def test_nobody_opens_a_seat_where_nobody_comes():
    assert Presence(0.0, 0.8, 10.0).seats(np.array([50.0])).tolist() == [0.0]


def test_planning_begins_on_the_day_before(tmp_path):
    """Whoever sits at the telephone at two in the night has begun on the evening before."""
    scenario = loaded(tmp_path)
    assert first_day(scenario) == date(2021, 8, 1)
    people = people_for(Presence(1.0, 0.5, 99.0), np.arange(96))
    assert people.shape == (3, 48)
    assert people[0].tolist() == 48 * [0]
    assert people[1, :4].tolist() == [0, 1, 3, 5]   # n people open n / 2 seats, half a seat is one
    assert people[2, 47] == 189


def test_people_on_duty_by_the_half_hour_are_seats_by_the_interval():
    presence = Presence(1.0, 0.9, 5.0)
    seats = seats_of(presence, np.array([[0.0, 1.0], [5.0, 8.0]]), 600)
    assert seats.tolist() == 3 * [0] + 3 * [1] + 6 * [5]   # 4.5 is 5, and no more than five sit down


# --- an outbreak, and loans ------------------------------------------------------------------------------------------

AWAY = "absences: [{city: town, from: 2021-08-02 10:15, to: 2021-08-03 00:00, share: 50 %}]\n"


def test_in_an_outbreak_more_people_are_planned_for_a_seat(tmp_path):
    """Of ten who are planned nine come, and from a quarter past ten on the first day five: that half-hour too has none
    but those."""
    scenario = loaded(tmp_path, AWAY, lambda text: text.replace("absence: 0", "absence: 10 %").replace("30 min",
                                                                                                       "15 min"))
    people = people_for(Presence.of(scenario, "town"), np.full(96, 9))
    assert people[1, 19:22].tolist() == [10, 17, 17]     # half a seat is a seat: 8.5 seats of 17 people
    assert people[1, 47] == 17
    assert people[2].tolist() == 48 * [10]
    assert Presence.of(scenario, "town").most_people[0, 19:21].tolist() == [10, 18]     # at nine workplaces
    assert (people_for(Presence.of(scenario, "town", with_events=False), np.full(96, 9))[1:] == 10).all()


def test_seats_that_are_lent_are_wanted_beside_ones_own():
    """Four seats from noon to eight in the evening, there for 80 % of the hour, as own seats are."""
    scenario = load("two-cities")
    assert lent_from_duty(scenario, "west")[0].tolist() == 24 * [0] + 16 * [pytest.approx(3.2)] + 8 * [0]
    assert not lent_from_duty(scenario, "east").any()
    presence = Presence.of(scenario, "west")
    people = people_for(presence, np.full(48, 4), lent_from_duty(scenario, "west"))
    assert people[1, 20:26].tolist() == 4 * [5] + 2 * [9]  # 7.2 seats of nine people
