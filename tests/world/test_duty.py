"""From people to seats by interval, worked by hand: rotas, rosters, breaks, rest, call-ins, standby, overtime."""
from datetime import date

import numpy as np
import pytest

from sim.reading.loading import load
from sim.world.build import build
from sim.world.overtime import overtime_by_month
from sim.world.people import Staffing

DAY = {"from": "2021-08-02", "to": "2021-08-02"}
FOUR_CREWS = {  # 四班三运转: two mornings, two afternoons, two nights, two days off
    "surgeline": 1, "extends": "two-cities", "levers": None, "variants": None, "lending": None,
    "shifts": {"three": [{"start": "07:00", "hours": 8, "code": "早"}, {"start": "15:00", "hours": 8, "code": "中"},
                         {"start": "23:00", "hours": 8, "code": "夜"}]},
    "rotas": {"four": {"shifts": "three", "cycle": ["早", "早", "中", "中", "夜", "夜", "休", "休"],
                       "start": "2021-08-02", "crews": 4}},
    "people": {"east": {"groups": {"crews": {"people": 40, "rota": "four", "absence": 0, "from_home": "50 %"}},
                        "call_in": {"notice": "2 h", "willing": "100 %"}}},
}
ROSTER = """姓名,组,2021-08-01,2021-08-02
甲,全职,D,D
乙,全职,D,D
丙,全职,N,休
丁,全职,,N
戊,全职,D,假
"""
FIVE_PEOPLE = """
surgeline: 1
extends: two-cities
levers: ~
variants: ~
lending: ~
cities: {east: {shrinkage: 0}}
shifts:
  two:
    - {start: "08:00", hours: 8, code: D, breaks: [{length: 1 h, window: [3, 5], paid: false}]}
    - {start: "20:00", hours: 12, code: N, breaks: [{length: 1 h, window: [5, 7], paid: false}]}
people:
  east:
    groups: {full: {name: {zh: 全职, en: full time}, shifts: two, absence: 0}}
    roster: {table: roster.csv}
"""


def at(hours, minutes=0):
    return 4 * hours + minutes // 15


def staffing(scenario):
    return Staffing(scenario, scenario.horizon.times, scenario.effects)


@pytest.fixture
def crews():
    """East with four crews of ten on a rota, and levers."""
    def made(*levers, **force):
        said = FOUR_CREWS["people"]["east"] | force
        return load(FOUR_CREWS | {"people": {"east": said}}).with_levers(levers)
    return made


@pytest.fixture
def five(tmp_path):
    """East with five people on a roster; more sections of the file."""
    def made(more=""):
        (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
        (tmp_path / "mine.yaml").write_text(FIVE_PEOPLE + more, encoding="utf-8")
        return load(tmp_path / "mine.yaml")
    return made


# --- on duty ---------------------------------------------------------------------------------------------------------

def test_one_of_four_crews_is_always_at_work(crews):
    scenario = crews()
    assert scenario.cities["east"].agents.number == 40
    assert set(staffing(scenario).hall("east").sitting) == {10}
    assert set(build(scenario).world.seats[:, 0]) == {8}  # less breaks of 20 %


def test_crews_rest_after_their_shift(crews):
    """On the 2nd, the first crew has the morning, the second the afternoon, the third the night, and the fourth came
    off the night of the 1st at 07:00; the third had the afternoon of the 1st, until 23:00."""
    rested = staffing(crews()).rested("east")["crews"]
    assert rested[[at(9, 45), at(10), at(17, 45), at(18)]].tolist() == [10, 20, 10, 20]


def test_a_roster_is_replayed_person_by_person(five):
    """Over the two hours of its window half of a shift is on its break of an hour."""
    scenario = five()
    assert float(scenario.people["east"].groups["full"].people) == 5
    sitting = staffing(scenario).hall("east").sitting
    assert {hour: sitting[at(hour)] for hour in (0, 1, 2, 3, 8, 11, 12, 13, 16, 19, 20, 23)} == {
        0: 1, 1: 0.5, 2: 0.5, 3: 1, 8: 2, 11: 1, 12: 1, 13: 2, 16: 0, 19: 0, 20: 1, 23: 1}


def test_who_is_on_leave_or_resting_by_the_roster_is_not_called_in(five):
    """At 17:00 two came off at 16:00, one at 08:00, one is on leave; the fifth has the night and is rested."""
    rested = staffing(five()).rested("east")["full"]
    assert rested[[at(16), at(18, 45), at(19)]].tolist() == pytest.approx([1, 1, 2])


def test_absence_acts_on_a_roster(five):
    away = "absences:\n- {city: east, from: 2021-08-02 08:00, to: 2021-08-02 12:00, share: 50 %}\n"
    sitting = staffing(five(away)).hall("east").sitting
    assert sitting[[at(7, 45), at(8), at(11), at(12)]].tolist() == [1, 1, 0.5, 1]


def test_a_shift_of_some_days_of_the_week_is_worked_on_these():
    """The 2nd is a Monday; the night that began on Sunday is still at work in its first hours."""
    shifts = {"some": [{"start": "08:00", "hours": 8, "share": "50 %", "days": ["tue"]},
                       {"start": "20:00", "hours": 10, "share": "30 %", "days": ["sun"]}]}
    east = {"shifts": "some", "absence": 0}
    sitting = staffing(load(FOUR_CREWS | {"shifts": shifts, "rotas": {}, "people": {}, "cities": {"east": east}})
                       ).hall("east").sitting
    assert sitting[at(5, 45)] == 6
    assert not sitting[at(6):].any()


# --- called in, standing by, staying on ------------------------------------------------------------------------------

def call_in(people, **more):
    return {"kind": "call_in", "city": "east", "people": people, "from": "2021-08-02 08:00", "to": "2021-08-02 16:00",
            **more}


def test_who_is_called_in_comes_after_the_notice_and_sits_where_there_is_a_workplace(crews):
    scenario = crews(call_in(2))
    seats = build(scenario).world.seats[:, 0]
    assert seats[[at(9, 45), at(10), at(15, 45), at(16)]].tolist() == [8, 10, 10, 8]
    crowded = build(crews(call_in(9))).world.seats[:, 0]
    assert (crowded == seats).all()  # East has 12 workplaces


def test_no_more_come_than_are_rested_and_willing(crews):
    more = staffing(crews(call_in(30), workplaces=99)).called("east").at_work
    assert more[[at(9, 45), at(10), at(13)]].tolist() == [0, 20, 20]
    few = crews(call_in(30), workplaces=99, call_in={"notice": "0 s", "willing": "50 %", "longest": "3 h"})
    more = staffing(few).called("east").at_work
    assert more[[at(8), at(10), at(11)]].tolist() == [5, 10, 5]  # from 11:00 on others follow, who must be rested too


def test_who_stands_by_is_not_called_for_anything_else(crews):
    standby = {"kind": "standby", "city": "east", "people": 15, "called": "2021-08-02 12:00", "response": "30 min",
               "from": "2021-08-02 10:00", "to": "2021-08-02 16:00"}
    more = staffing(crews(call_in(15), standby, workplaces=99)).called("east")
    assert more.at_work[[at(10), at(12, 15), at(12, 30), at(16)]].tolist() == [5, 5, 20, 0]
    assert more.bound[at(10)] == 20


def test_overtime_follows_the_end_of_a_shift(crews):
    longer = {"kind": "overtime", "city": "east", "longer": 2, "share": "50 %", **DAY}
    sitting = build(crews(longer, workplaces=99)).world.seats[:, 0]
    assert sitting[[at(6, 45), at(7), at(9), at(15), at(16, 45), at(17)]].tolist() == [8, 12, 8, 12, 12, 8]
    afternoon = longer | {"hours": ["12:00", "18:00"]}
    assert set(build(crews(afternoon, workplaces=99)).world.seats[:at(15), 0]) == {8}


def test_hours_of_overtime_are_counted_by_month(crews):
    """Six hours of two people, against 36 h of each of 40."""
    scenario = crews(call_in(2))
    [month] = overtime_by_month(staffing(scenario), "east")
    assert (month.month, month.hours, month.allowed, month.beyond) == (date(2021, 8, 1), 12, 40 * 36, 0)
    strict = scenario.change({"people.east.rules.overtime_month": 0.1, "people.east.rules.emergency": True})
    [month] = overtime_by_month(staffing(strict), "east")
    assert month.beyond == 12 - 4


# --- brought in, at home, for others ---------------------------------------------------------------------------------

def test_volunteers_are_trained_first_and_sit_where_workplaces_are_free(crews):
    brought = {"kind": "volunteers", "city": "east", "people": 5, "training": "4 h", "presence": "100 %",
               "speed": {"day_1": 0.5, "day_5": 1}, "from": "2021-08-02 08:00", "to": "2021-08-02 20:00"}
    world, elsewhere = (build(crews(brought | {"place": where})).world for where in ("workplaces", "elsewhere"))
    assert world.seats[[at(11, 45), at(12), at(19, 45), at(20)], 2].tolist() == [0, 2, 2, 0]
    assert elsewhere.seats[at(12), 2] == 5
    assert set(world.speed_pm[:, 2]) == {2000}
    assert (world.lines == build(crews()).world.lines).all()


def test_home_seats_and_remote_seats_are_limits(crews):
    home = {"kind": "cloud_seats", "city": "east", "seats": 9, "presence": "100 %", **DAY}
    lent = {"kind": "lend", "lender": "east", "borrower": "west", "seats": 4, "presence": "80 %", **DAY}
    free, tight = (build(crews(home, lent, **limits)).world.seats[at(12)] for limits in (
        {}, {"home_seats": 3, "remote_seats": 2}))
    assert free.tolist() == [5, 10, 8, 3]     # lent: 3.2; at home: half of 20 rested, less breaks of the own
    assert tight.tolist()[2] <= 3
    assert 1 <= tight.tolist()[3] <= 2


def test_whatever_is_asked_nobody_is_in_two_places(crews):
    levers = (call_in(50), {"kind": "standby", "city": "east", "people": 9, **DAY},
              {"kind": "overtime", "city": "east", "longer": 3, **DAY})
    who = staffing(crews(*levers, workplaces=99))
    people, came = who.people("east"), who.called("east")
    resting = 40 - 10 - who.rested("east")["crews"]
    staying = sum(who.staying("east").values())
    assert (came.bound <= who.rested("east")["crews"] + 1e-9).all()
    assert (staying <= resting + 1e-9).all()
    assert (people.seats / 0.8 + people.off <= 40 + 1e-9).all()
    assert np.isclose(people.seats / 0.8, 10 + came.at_work + staying).all()
