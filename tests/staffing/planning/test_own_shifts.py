"""People who keep shifts of their own beside a roster: their seats are taken off the need, by hand."""
import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.city_roster.limits import Period
from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty, rostered_groups
from optimizer.staffing.planning.city_roster.rostering import cover_of, limits_of, problem_of
from optimizer.staffing.planning.designing import designed
from optimizer.staffing.planning.on_duty.needs import beside, people_for, plain_needs
from optimizer.staffing.planning.on_duty.presence import Presence, in_half_hours, others_at_the_phone, seats_of
from optimizer.staffing.planning.through import staffed
from sim.scenario.people import Shift
from sim.scenario.quantities import plain

GROUPS = """people:
  town:
    groups:
      full: {people: 6, shifts: days}
      noon: {people: 4, contract: part_time, shifts: noon, absence: 10 %}
      spare: {people: 2, contract: part_time}
      reserve: {people: 5, contract: reserve}
"""
OLD = 'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}'
NEW = 'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}], noon: [{start: "10:00", hours: 4, share: 50 %}]}'
SEATS = np.tile([0] * 16 + [3] * 16 + [0] * 16, 2)


@pytest.fixture
def town(tmp_path):
    return loaded(tmp_path, GROUPS, lambda text: text.replace(OLD, NEW).replace("agents: 4, ", "").replace(
        "shrinkage: 0", "shrinkage: 20 %").replace(
            "hours: [8]", "hours: [4, 8]"))


def test_full_time_people_and_who_has_no_shifts_are_rostered(town):
    assert list(rostered_groups(town, "town")) == ["full", "spare"]


def test_who_keeps_shifts_opens_seats(town):
    there = others_on_duty(town, "town")
    assert there.tolist() == pytest.approx(([0] * 20 + [2 * 0.9] * 8 + [0] * 20) * 2)   # half of four, a tenth absent
    assert others_at_the_phone(town, "town")[0].tolist() == pytest.approx([0] * 20 + [1.8 * 0.8] * 8 + [0] * 20)


def test_their_seats_are_taken_off_the_need_and_stand_in_the_service(town):
    """Three seats are needed, three people in four are at the telephone: 2.5 seats take 4 people; with 1.8 others who
    open 1.44 seats, 1.06 seats take 2."""
    presence, others = Presence.of(town, "town", 1.8), others_on_duty(town, "town")
    assert presence.seats_each == pytest.approx(0.8)
    people = people_for(presence, SEATS, beside(town, "town"))
    assert people[1, 16:20].tolist() == [4] * 4
    assert people[1, 20:28].tolist() == [2] * 8
    opened = seats_of(presence, people[1:].astype(float), 1800, others)
    assert (opened >= SEATS).all()
    assert opened[20:28].tolist() == [3] * 8
    assert presence.workplaces == pytest.approx(9 - 1.8)


def test_they_take_workplaces_while_they_are_there_and_not_all_day(town):
    """Nine workplaces, and from ten to two o'clock 1.8 of them are taken: then seven people can sit, else nine."""
    presence = Presence.of(town, "town", in_half_hours(town, others_on_duty(town, "town")))
    found = plain_needs(presence, people_for(presence, SEATS, beside(town, "town")))
    assert found.most[1].tolist() == [9] * 20 + [7] * 8 + [9] * 20
    rows = cover_of(found.usual, (), town.staffing_terms.prices, found.most)
    assert [row.ceiling.most for row in rows[48:96]] == found.most[1].tolist()


def test_shifts_and_rosters_sit_at_workplaces_that_are_free_again(tmp_path):
    """Five people are needed in the morning, at six workplaces of which part-time people take 3.6 from noon on."""
    scenario = loaded(tmp_path, GROUPS.replace("people: 4", "people: 8"), lambda text: text.replace(
        OLD, NEW.replace('"10:00", hours: 4, share: 50 %', '"12:00", hours: 4, share: 50 %')).replace(
            "agents: 4, ", "").replace("seats: 9", "seats: 6").replace("hours: [8]", "hours: [4, 8]"))
    presence = Presence.of(scenario, "town", in_half_hours(scenario, others_on_duty(scenario, "town")))
    need = np.zeros((3, 48), int)
    need[1:, 16:24], need[1:, 24:32] = 5, 2
    most = plain_needs(presence, need).most
    assert most[1, [16, 24]].tolist() == [6, 2]
    found = designed(scenario.staffing_terms.shift_types, need, most, scenario.staffing_terms.prices, 2, 1)
    cover = found.plan.cover
    assert (cover <= most).all()
    assert cover[1, 16:24].min() > 2


def test_part_time_people_have_limits_of_their_own(town):
    period = Period(town.horizon.start.date(), 7, 60.0)
    rules = limits_of(town, "town", town.groups("town")["spare"], period, 5000)
    hard = {(rule.name, rule.value) for rule in rules if rule.price is None and rule.name != "least_rest"}
    assert hard == {("most_minutes_a_week", 24 * 60), ("most_minutes_a_day", 4 * 60), ("weekly_rest_days", 1),
                    ("most_days_in_a_row", 6)}
    even = [rule.value for rule in rules if rule.name == "least_minutes"]
    assert even == [pytest.approx(0.9 * 24 * 60)]
    shift = Shift(start=480, hours=plain(4.0, "h"), code="半")
    people = problem_of(town, "town", (shift,), np.zeros((3, 48), int), period.first).people
    assert [one.group for one in people] == ["full"] * 6 + ["spare"] * 2


def test_fewer_are_planned_where_others_are_there(town):
    """The plan of the town with and without its people at noon."""
    without = town.model_copy(update={"people": {"town": town.people["town"].model_copy(update={
        "groups": {key: one for key, one in town.people["town"].groups.items() if key != "noon"}})}})
    needed = []
    for scenario in (town, without):
        plan = staffed(scenario, ("town",), seconds=1, replications=2).cities["town"]
        needed.append(plan.needs.wanted.sum())
        assert plan.service.seats[20:28].min() >= 1
    assert needed[0] < needed[1]
