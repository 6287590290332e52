"""Nobody is in two places: seats that are lent or at home are there only as far as there are people for them."""
import os
import subprocess
import sys
from datetime import datetime, timedelta

import numpy as np
import pytest
from helping import with_levers, with_terms
from hypothesis import given
from hypothesis import strategies as st
from worlds import examples

from optimizer.lending.inputs.province import province
from sim.reading.loading import load
from sim.scenario.dates import Span
from sim.scenario.effects import SeatPool, Speed
from sim.scenario.people import Absence, StaffTable
from sim.scenario.quantities import plain
from sim.world.build import build
from sim.world.people import Staffing, called_in_for, half_up, manned_by, missed, there
from sim.world.people import given as given_to

NIGHT, DAY = slice(0, 4 * 8), slice(4 * 8, 4 * 20)  # West has 3 seats open by night, 10 by day, less breaks of 20 %


def lend(**more):
    return {"kind": "lend", "lender": "west", "borrower": "east", "seats": 4, "from": "2021-08-02", "to": "2021-08-02",
            "hours": ["00:00", "24:00"], "presence": "100 %", **more}


def cloud(**more):
    return {"kind": "cloud_seats", "city": "west", "seats": 4, "from": "2021-08-02", "to": "2021-08-02",
            "presence": "100 %", **more}


def seats(scenario):
    """By pool: seats of each interval."""
    setting = build(scenario)
    return {pool.name: setting.world.seats[:, p] for p, pool in enumerate(setting.names.pools)}


def with_absence(scenario, share, city="west"):
    event = Absence.model_validate({"city": city, "from": "2021-08-02", "to": "2021-08-02", "share": share})
    return scenario.model_copy(update={"absences": (event,)})


def test_no_more_seats_are_lent_than_are_open():
    found = seats(with_levers(lend(seats=14)))
    assert set(found["west→east"][NIGHT]) == {3}
    assert set(found["west→east"][DAY]) == {10}
    assert not found["west"].any()


@pytest.mark.parametrize("more", [
    {"seats": 14}, {"seats": 3}, {"seats": 9, "presence": "50 %"}, {"seats": 11, "presence": "90 %"}, {"seats": 0.7},
])
@pytest.mark.parametrize("absent", ["0 %", "35 %", "90 %", "100 %"])
def test_a_borrower_gets_no_more_than_a_lender_misses(more, absent):
    alone, lending = (seats(with_absence(with_levers(*levers), absent)) for levers in ((), (lend(**more),)))
    missed = np.cumsum(alone["west"] - lending["west"])
    assert (np.cumsum(lending["west→east"]) <= missed + 1).all()
    assert lending["west→east"].sum() <= alone["west"].sum()
    assert (lending["west→east"] <= alone["west"]).all()


def test_a_seat_without_breaks_is_missed_as_a_whole_one():
    alone, lending = seats(with_levers()), seats(with_levers(lend(seats=3)))
    assert np.array_equal(alone["west"] - lending["west"], lending["west→east"])
    assert set(lending["west→east"]) == {3}


def test_several_loans_share_the_people_there_are():
    """Whoever is named first: each gets the same part of what it asks for, also at home."""
    at_once, apart = seats(with_levers(lend(seats=14))), seats(with_levers(lend(seats=10), lend(seats=4)))
    assert np.array_equal(at_once["west→east"], apart["west→east"])
    assert np.array_equal(at_once["west"], apart["west"])
    both = seats(with_levers(lend(seats=26, off_duty="100 %"), cloud(seats=26)))
    people = (both["west→east"] + both["west·cloud"] + both["west"]) / 0.8
    assert (people <= 26 + 1 / 0.8).all()
    assert people.mean() <= 26.2


def test_where_all_are_absent_nobody_is_lent_and_nobody_is_called_in():
    absent = with_absence(with_levers(lend(seats=14), lend(seats=5, off_duty="100 %")), "100 %")
    assert not seats(absent)["west→east"].any()


def test_who_cannot_come_may_answer_from_home_and_who_is_on_leave_does_not():
    closed = with_absence(with_levers(cloud(seats=50)), "100 %")
    assert seats(closed)["west·cloud"].sum() == round(26 * 0.8 * 96)
    west = closed.cities["west"].model_copy(update={"absence": plain(0.5)})
    assert set(seats(closed.model_copy(update={"cities": closed.cities | {"west": west}}))["west·cloud"]) == {10, 11}


def test_colleagues_who_are_called_in_are_off_duty():
    """At night 22.1 of West's 26 agents are off duty, by day 13."""
    found = seats(with_levers(lend(seats=30, off_duty="100 %", presence="80 %")))
    assert found["west→east"][NIGHT].sum() == round(22 * 0.8 * 32)
    assert found["west→east"][DAY].sum() == round(13 * 0.8 * 48)
    assert np.array_equal(found["west"], seats(with_levers())["west"])


def test_seats_of_one_pair_that_work_at_another_speed_are_a_pool_of_their_own():
    slow = {"day_1": 0.5, "day_5": 0.5}
    setting = build(with_levers(lend(seats=1), lend(seats=1, speed=slow), lend(seats=1)))
    assert [pool.name for pool in setting.names.pools] == ["east", "west", "west→east", "west→east 2"]
    assert setting.world.speed_pm[0].tolist() == [1000, 1000, 1250, 2000]
    assert setting.world.seats[0, 2:].tolist() == [2, 1]


PARTS = st.builds(
    lambda kind, seats, presence, off, hours: SeatPool(
        name=kind, kind=kind, home="west", serves=("east",), seats=plain(seats), presence=plain(presence),
        off_duty=plain(off if kind == "lent" else 0.0), speed=Speed(),
        span=Span(start=datetime(2021, 8, 2), end=datetime(2021, 8, 3), hours=hours)),
    st.sampled_from(["lent", "cloud"]), st.integers(0, 40), st.sampled_from([0.2, 0.8, 1.0]),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.sampled_from([(0, 1440), (480, 1320), (1320, 360)]))


@examples(100)
@given(st.lists(PARTS, max_size=5), st.sampled_from([0.0, 0.35, 1.0]), st.integers(0, 10))
def test_whoever_is_asked_for_the_city_has_no_more_people_than_it_has(parts, absent, called_in):
    more = {"kind": "call_in", "city": "west", "people": called_in, "from": "2021-08-02", "to": "2021-08-02"}
    scenario = with_absence(with_levers(more), f"{absent:.0%}")
    staffing = Staffing(scenario, scenario.horizon.times, scenario.effects)
    who, t = staffing.people("west"), staffing.t
    lent, at_home = ([part for part in parts if part.kind == kind] for kind in ("lent", "cloud"))
    share = given_to(who, t, lent, at_home, 0.8)
    off = t.total((p.span, called_in_for(p, 0.8)) for p in lent) * share.off
    home = t.total((p.span, manned_by(p, 0.8)) for p in at_home) * share.home
    assert (missed(t, lent, 0.8) * share.duty <= half_up(who.seats) + 1e-6).all()
    assert (off <= half_up(who.off) + 1e-6).all()
    assert (off + home <= half_up(who.home) + 1).all()
    assert (who.home + who.seats / 0.8 <= 26 + 1e-6).all()
    assert not lent or (there(share, t, lent, "presence") <= missed(t, lent, 0.8) * share.duty + off * 0.8 + 1e-6).all()


# --- seats that a table plans ----------------------------------------------------------------------------------------

def with_table(scenario, *rows):
    """Seats of West by the hour from which they are open."""
    found = tuple((datetime(2021, 8, 2, hour), (("west", float(number)),)) for hour, number in rows)
    return scenario.model_copy(update={"staff": StaffTable(table="staff.csv", rows=found)})


def test_planned_seats_open_as_far_as_people_come():
    planned = with_table(with_levers(), (0, 4), (8, 10))
    assert set(seats(with_absence(planned, "50 %"))["west"][DAY]) == {5}
    assert not seats(with_absence(planned, "100 %"))["west"].any()
    assert np.array_equal(seats(with_absence(planned, "100 %", "east"))["west"], seats(planned)["west"])


def test_the_usual_absence_is_in_the_plan():
    planned = with_table(with_levers(), (0, 10))
    west = planned.cities["west"].model_copy(update={"absence": plain(0.2)})
    usual = planned.model_copy(update={"cities": planned.cities | {"west": west}})
    assert set(seats(usual)["west"]) == {10}
    assert set(seats(with_absence(usual, "20 %"))["west"]) == {10}
    assert set(seats(with_absence(usual, "60 %"))["west"]) == {5}


def test_a_table_of_one_city_leaves_the_others_their_shifts():
    assert np.array_equal(seats(with_table(with_levers(), (0, 4)))["east"], seats(with_levers())["east"])


def test_people_of_a_table_are_lent_as_those_of_shifts_are():
    found = seats(with_table(with_levers(lend(seats=14)), (0, 6)))
    assert set(found["west→east"]) == {6}
    assert not found["west"].any()


# --- whatever the clock of the machine does --------------------------------------------------------------------------

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]
PROGRAM = """
from datetime import datetime, timedelta
from optimizer.lending.inputs.province import province
from sim import load
from sim.scenario.people import StaffTable
from sim.world.build import build
from sim.world.callers import draw_callers
for day in (datetime(2021, 3, 28), datetime(2021, 3, 14), datetime(2021, 10, 31), datetime(2021, 11, 7)):
    s = load("two-cities")
    rows = tuple((day + timedelta(hours=h), (("east", float(h)), ("west", float(24 - h)))) for h in range(24))
    horizon = s.horizon.model_copy(update={"start": day, "end": day + timedelta(days=1)})
    setting = build(s.model_copy(update={"horizon": horizon, "staff": StaffTable(table="t", rows=rows), "surges": ()}))
    print(setting.world.seats[:, 0].tolist(), draw_callers(setting, 1, 0).fresh.sum(axis=1).tolist())
"""


@pytest.mark.skipif(os.name != "posix", reason="zones are named otherwise elsewhere")
def test_a_day_is_the_same_wherever_the_machine_stands():
    """Also on days on which clocks there are put forward or back."""
    told = {subprocess.run([sys.executable, "-c", PROGRAM], env=os.environ | {"TZ": zone}, check=True, text=True,
                           capture_output=True).stdout for zone in ZONES}
    assert len(told) == 1
    assert str([hour for hour in range(24) for _ in range(4)]) in told.pop()


def test_the_tutorial_lends_what_it_says():
    scenario = load("two-cities")
    assert {name: sorted(set(found[4 * 12:4 * 20])) for name, found in seats(scenario).items()} == {
        "east": [8], "west": [6, 7], "west→east": [3, 4]}


# --- recalls, and what a plan may count on ---------------------------------------------------------------------------

ORDERS = st.lists(st.one_of(
    st.tuples(st.just("recall"), st.integers(0, 24), st.just(0)),
    st.tuples(st.just("lend"), st.integers(0, 23), st.integers(1, 24))), max_size=8)


@examples(100)
@given(ORDERS)
def test_a_recall_ends_what_was_lent_before_it_in_the_list(orders):
    """As if the list was gone through from its beginning."""
    day, levers, ends = datetime(2021, 8, 2), [], []
    for kind, hour, length in orders:
        at = day + timedelta(hours=hour)
        if kind == "recall":
            levers.append({"kind": "recall", "lender": "west", "borrower": "east", "at": at})
            ends = [(start, max(start, min(end, at))) for start, end in ends]
        else:
            levers.append(lend(**{"from": at, "to": at + timedelta(hours=length)}))
            ends.append((at, at + timedelta(hours=length)))
    found = with_levers(*levers).effects.pools
    assert [(pool.span.start, pool.span.end) for pool in found] == ends


def test_a_plan_counts_on_no_more_seats_than_a_lender_has_people_for():
    """Three seats are open from eight in the evening on, one of which stays; a seat without breaks is missed wholly."""
    terms = {"share": "100 %", "hours": ["18:00", "24:00"], "presence": "100 %"}
    assert province(with_terms(**terms, keep=0)).caps["west"].tolist() == [10, 10, 3, 3, 3, 3]
    assert province(with_terms(**terms, keep=2)).caps["west"].tolist() == [10, 10, 1, 1, 1, 1]
