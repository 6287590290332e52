"""A roster in its scenario: as many seats open as people are counted by hand."""
from datetime import datetime, timedelta
from math import floor

import numpy as np
import pytest
from one_city import loaded, of_many

from optimizer.staffing.need.own_seats import Steps, own_seats, part
from optimizer.staffing.planning.city_roster.delivering import with_roster, without
from optimizer.staffing.planning.city_roster.rostering import in_words
from optimizer.staffing.planning.designing import designed
from optimizer.staffing.planning.on_duty.needs import people_for
from optimizer.staffing.planning.on_duty.presence import Presence, seats_of
from optimizer.staffing.planning.rostered import rostered_on
from sim.scenario.people import StaffTable
from sim.scenario.staffing_terms import ShiftType
from sim.studies.replication import Job

NIGHTS = ShiftType.model_validate({"code": "夜", "from": (22 * 60, 22 * 60), "hours": ({"number": 8.5},)})
SEATS = np.tile([1] * 16 + [4] * 16 + [0] * 12 + [1] * 4, 2)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("town"), change=of_many)


@pytest.fixture(scope="module")
def planned(town):
    """Shifts by day and by night, and a roster on them."""
    presence = Presence.of(town, "town")
    people = people_for(presence, SEATS)
    shifts = designed((*town.staffing.shift_types, NIGHTS), people, int(presence.most_people.max()),
                      town.staffing.prices, 2, 1)
    return shifts, rostered_on(town, "town", shifts, people, 3, 1)


def opened(scenario):
    """[half-hours] seats of the town's own in simulation."""
    setting = part(Job.of(scenario, "kernel", 1), ("town",))
    return own_seats(setting, ("town",), Steps.of(scenario, 1800))[:, 0]


def counted(scenario, shifts, roster):
    """The same by hand: who is on shift, less the part that is at its meal, who comes, and who is not on a break."""
    by_code, found = {one.code: one for one in shifts}, []
    city = scenario.cities["town"]
    for k in range(scenario.horizon.intervals):
        at, there = scenario.horizon.start + timedelta(minutes=30 * k), 0.0
        for row in roster.rows:
            for day, code in zip(roster.dates, row.codes, strict=True):
                if code not in by_code:
                    continue
                one = by_code[code]
                hours = (at - datetime.combine(day, datetime.min.time())) / timedelta(hours=1) - one.start / 60
                there += 0 <= hours < float(one.hours)
                for meal in one.breaks:
                    first, last = map(float, meal.window)
                    there -= (first <= hours < last) * float(meal.length) / 3600 / (last - first)
        sitting = min(there * (1 - float(city.absence)), float(city.seats))
        found.append(floor(sitting * (1 - float(city.shrinkage)) + 0.5 + 1e-9))
    return found


def test_the_roster_opens_the_seats_that_are_counted_by_hand(town, planned):
    _, rostered = planned
    whole = with_roster(town, "town", rostered.shifts, rostered.table)
    seats = opened(whole)
    assert seats.tolist() == counted(whole, rostered.shifts, rostered.table)
    assert seats[:12].any()  # by whoever began at ten on the evening before the horizon, but for the meal
    assert seats[20] >= 4


def test_with_each_meal_at_its_time_the_conversion_is_the_simulations(town, planned):
    """In half-hours in which people are on duty by the roster, exactly the seats of that many people open."""
    _, rostered = planned
    words = in_words(rostered.problem, rostered.solved.roster, rostered.table.dates[0])
    cover = rostered.there[1:].astype(float)
    promised = seats_of(Presence.of(town, "town"), cover, 1800)
    assert opened(with_roster(town, "town", *words)).tolist() == promised.tolist()


def test_meals_take_as_much_time_wherever_they_are(town, planned):
    """Meals in turn over their window, or each at its own time: the same half-hours of work in all."""
    _, rostered = planned
    duties, spread = rostered.problem.duties, 0.0
    for row in rostered.solved.roster:
        spread += sum(duties[int(k)].paid / 30 for day, k in enumerate(row) if k >= 0 and day < 2)
        if row[2] >= 0:  # what is after the last midnight is no part of the horizon
            duty = duties[int(row[2])]
            away = sum(minutes for at, minutes in duty.breaks if duty.start + at < 1440)
            spread += (min(duty.end, 1440) - duty.start - away) / 30
    assert rostered.there.sum() == pytest.approx(spread)


def test_who_is_called_in_only_and_other_cities_keep_their_place(town, planned):
    shifts, rostered = planned
    scenario = loaded_with_reserves(town)
    whole = with_roster(scenario, "town", shifts.shifts, rostered.table)
    groups = whole.groups("town")
    assert groups["agents"].shifts == "town-planned"
    assert groups["reserve"] == scenario.groups("town")["reserve"]
    assert whole.shifts["days"] == scenario.shifts["days"]


def loaded_with_reserves(town):
    more = {"agents": {"people": {"number": 30}, "shifts": "days"},
            "reserve": {"people": {"number": 5}, "contract": "reserve"}}
    force = town.workforce("town")
    return town.model_copy(update={"people": {"town": type(force).model_validate({"groups": more})}})


def test_a_roster_stands_instead_of_a_table_of_seats():
    at = datetime(2021, 8, 2)
    both = StaffTable(table="x.csv", rows=((at, (("east", 5.0), ("west", 6.0))),))
    assert without(both, "east") == StaffTable(table="x.csv", rows=((at, (("west", 6.0),)),))
    assert without(StaffTable(table="x.csv", rows=((at, (("east", 5.0),)),)), "east") is None
    assert without(None, "east") is None


def test_a_planned_table_does_not_hide_the_roster(town, planned):
    _, rostered = planned
    table = StaffTable(table="x.csv", rows=((town.horizon.start, (("town", 7.0),)),))
    whole = with_roster(town.model_copy(update={"staff": table}), "town", rostered.shifts, rostered.table)
    assert opened(whole).tolist() == counted(whole, rostered.shifts, rostered.table)
