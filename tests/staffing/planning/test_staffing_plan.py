"""A plan of a city whose answer is known by hand, and what is refused."""
from datetime import date

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.need.trials import TargetError
from optimizer.staffing.planning.through import staffed, target_of
from sim.reading.loading import load
from sim.scenario.people import OFF
from sim.scenario.problems import UserError
from sim.scenario.staffing_terms import StaffingTerms

FEW = {"seconds": 1.0, "replications": 2, "workers": 1}
SEATS = 2 * (16 * [0] + 16 * [1] + 16 * [0])


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return staffed(loaded(tmp_path_factory.mktemp("plan")), ["town"], **FEW)


def test_who_calls_from_eight_to_four_is_answered_by_one_person_a_day(plan):
    """Calls of a second, one every few minutes: one seat; nobody absent and no breaks: one person on the only shift."""
    town = plan.cities["town"]
    assert plan.need.seats[:, 0].tolist() == SEATS
    assert town.needs.wanted.ravel().tolist() == 48 * [0] + SEATS
    [shift] = town.designed.shifts
    assert (shift.code, shift.start, shift.work_hours) == ("白0800", 480, 8)
    assert town.designed.people.tolist() == [[0, 1, 1]]
    assert town.designed.work_hours == 16
    assert town.designed.plan.cost.hours == pytest.approx(16 * 68)
    assert town.designed.plan.cost.understaffed == 0


def test_somebody_has_the_shift_on_each_day_and_it_is_shared(plan):
    table = plan.cities["town"].rostered.table
    assert table.dates == (date(2021, 8, 1), date(2021, 8, 2), date(2021, 8, 3))
    assert [row.name for row in table.rows] == ["话务员001", "话务员002", "话务员003", "话务员004"]
    days = list(zip(*(row.codes for row in table.rows), strict=True))
    assert [sorted(day) for day in days] == [sorted(4 * [OFF]), *2 * [sorted(["白0800", *3 * [OFF]])]]
    assert max(row.codes.count("白0800") for row in table.rows) == 1


def test_its_service_is_what_was_to_be_had(plan):
    town = plan.cities["town"]
    assert town.service.seats.tolist() == SEATS
    assert town.service.in_all["share"].mean[0] > 0.99
    assert town.service.reached == 1.0
    assert town.today.seats.tolist() == 2 * (16 * [0] + 16 * [2] + 16 * [0])   # half of four agents
    assert town.surge is None


def test_levels_of_service_are_priced_and_workplaces_give_all_of_it(plan):
    assert [rung.goal for rung in plan.price.rungs] == [0.5, 0.7, 0.8, 0.9, 0.95]
    assert all(rung.need.seats.max() == 1 for rung in plan.price.rungs)
    assert plan.price.at_workplaces > 0.99


def test_the_same_seed_finds_the_same(plan, tmp_path):
    other = staffed(loaded(tmp_path), ["town"], **FEW)
    assert (other.need.seats == plan.need.seats).all()
    assert other.cities["town"].service.offered.tolist() == plan.cities["town"].service.offered.tolist()


def test_several_cities_get_shifts_and_no_roster():
    scenario = load("two-cities").model_copy(update={"surges": (), "levers": ()})
    plan = staffed(scenario, ["west", "east"], **FEW)
    assert list(plan.cities) == ["west", "east"]
    assert plan.price is None
    for c, city in enumerate(plan.cities.values()):
        assert city.rostered is None
        assert city.surge is None
        enough = city.designed.plan.cover[1:].ravel() >= city.needs.wanted[1:].ravel()
        opened = city.service.seats.reshape(48, 2).max(axis=1)
        assert (opened[enough] >= plan.need.seats[enough, c]).all()
        assert enough.any()


@pytest.mark.parametrize(("minutes", "counted_by"), [(60, 1800), (20, 600)])
def test_intervals_that_are_no_half_hours_are_parted(tmp_path, minutes, counted_by):
    """The need is that of half-hours: a seat from eight to four on each of two days."""
    scenario = loaded(tmp_path, change=lambda text: text.replace("interval: 30 min", f"interval: {minutes} min"))
    found = staffed(scenario, ["town"], **FEW)
    assert found.scenario.horizon.interval_s == counted_by
    assert found.need.seats.sum() == 2 * 2 * 8


# --- what is refused -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("old", "new", "words"), [
    ("end: 2021-08-03,", "end: 2021-08-03 12:00,", "let the horizon begin and end at midnight, and it goes from "
                                                   "2021-08-02 00:00 to 2021-08-03 12:00"),
    ("start: 2021-08-02,", "start: 2021-08-02 06:00,", "from 2021-08-02 06:00 to 2021-08-04 00:00"),
])
def test_days_that_are_not_whole_are_refused(tmp_path, old, new, words):
    scenario = loaded(tmp_path, change=lambda text: text.replace(old, new))
    with pytest.raises(UserError) as caught:
        staffed(scenario, ["town"], **FEW)
    assert words in str(caught.value)


def test_a_need_that_no_number_of_people_meets_is_told_with_what_could_be_had(tmp_path):
    """A single line, and talks of an hour: whoever calls meanwhile finds it busy."""
    scenario = loaded(tmp_path, change=lambda text: text.replace("seats: 9", "seats: 9, lines: 1"), talk="60 min")
    with pytest.raises(TargetError) as caught:
        staffed(scenario, ["town"], **FEW)
    assert "no number of seats keeps this target: in town at 2021-08-0" in str(caught.value)
    assert "80.0% is asked for" in str(caught.value)


def test_a_share_of_nothing_asks_for_nothing():
    target = target_of(load("two-cities"), StaffingTerms.model_validate(
        {"target": {"share": {"number": 0.0}, "of": "without_short", "each": "day", "in_days": {"number": 0.9}}}))
    assert target.promises == {"answered": 0.95}
    assert (target.of, target.each, target.in_share, target.short_s) == ("short hang-ups left out", "day", 0.9, 5.0)
    assert target.within_s == float(load("two-cities").answered_within)


def test_needed_people_are_on_duty_where_shifts_reach(plan):
    rostered = plan.cities["town"].rostered
    wanted = np.array([row.need for row in rostered.problem.cover])
    assert (rostered.solved.evaluation.cover[:len(wanted)] >= wanted).all()


def test_where_nobody_has_a_place_in_a_roster_shifts_are_planned_all_the_same(tmp_path):
    town = staffed(loaded(tmp_path, change=lambda text: text.replace("agents: 4", "agents: 0")), ["town"],
                   **FEW).cities["town"]
    assert town.designed.people.tolist() == [[0, 1, 1]]
    assert (town.rostered, town.surge) == (None, None)
    assert town.service.seats.tolist() == SEATS
    assert town.today.seats.sum() == 0


def test_a_city_that_lends_in_a_surge_elsewhere_has_one_need_and_no_fewer_on_duty_than_today():
    plan = staffed(load("two-cities"), ["west"], **FEW)
    west = plan.cities["west"]
    assert (west.needs.told, west.surge) == (None, None)
    assert (west.needs.wanted >= west.needs.usual).all()
    assert west.rostered.surge.before is None
    assert west.rostered.there.shape == west.needs.usual.shape
    assert len(west.rostered.problem.cover) == west.needs.usual.size
    assert west.lent is not None
