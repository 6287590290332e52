"""Hours of an order: seats and people on the mean of each hour, with totals that are seat-hours."""
from __future__ import annotations

from datetime import date, datetime

import pytest
from helping import with_terms
from hypothesis import given
from hypothesis import strategies as st
from ordered import CALL_IN, DAY, LEND, MORE, STANDBY, VOLUNTEERS

from sim.scenario.dates import Span
from sim.scenario.levers import ONE_LEVER
from surgeline.folders.order_hours import (
    Row,
    Stint,
    adding_up,
    at_work,
    hours_shown,
    order_number,
    phases,
    stints,
)

LENT, CALLED, STANDING, BROUGHT = (Row("west", "lend", "east"), Row("west", "call_in"), Row("west", "standby"),
                                   Row("east", "volunteers"))


def levers(*raw: dict) -> list:
    return [ONE_LEVER.validate_python(one) for one in raw]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_hours_that_pass_midnight_belong_to_two_days():
    span = Span(start=at(f"{DAY} 20:00"), end=at("2021-08-04 03:00"), hours=(22 * 60, 6 * 60))
    assert list(span.stretches()) == [(at(f"{DAY} 22:00"), at("2021-08-03 06:00")),
                                   (at("2021-08-03 22:00"), at("2021-08-04 03:00"))]
    assert span.total_hours == 13


def test_a_grid_has_the_mean_of_each_hour_and_totals_of_lent_seats_and_of_people():
    [phase] = phases(with_terms(), levers(LEND, MORE, CALL_IN, STANDBY, VOLUNTEERS))
    assert phase.rows[LENT][11:19] == (0, 2, 4, 6, 6, 4, 4, 0)     # 12:30 is half an hour of four seats
    assert sum(phase.rows[LENT]) == 4 * 5.5 + 2 * 2
    assert phase.rows[CALLED][11:20] == (0, *[2] * 8)              # called at ten, at work two hours later
    assert phase.rows[STANDING][8:13] == (0, 0.5, 1, 1, 0)         # half an hour after the call
    assert phase.rows[BROUGHT][11:20] == (0, *[3] * 8)             # trained for four hours
    assert phase.total("lent") == phase.rows[LENT]
    assert sum(phase.total("own")) == sum(sum(phase.rows[row]) for row in (CALLED, STANDING, BROUGHT))
    assert hours_shown([phase]) == range(9, 20)


def test_people_are_at_work_after_their_notice_response_or_training():
    called, standing, brought = levers(CALL_IN, STANDBY | {"called": f"{DAY} 10:00"}, VOLUNTEERS)
    scenario = with_terms()
    assert at_work(scenario, called).start == at(f"{DAY} 12:00")
    assert at_work(scenario, standing).start == at(f"{DAY} 10:30")
    assert at_work(scenario, brought).start == at(f"{DAY} 12:00")


def test_days_that_are_alike_are_one_grid():
    long = LEND | {"from": "2021-08-02", "to": "2021-08-04", "hours": ["08:00", "20:00"]}
    found = phases(with_terms(), levers(long, MORE | {"from": "2021-08-04", "to": "2021-08-04"}))
    assert [(one.first.day, one.last.day, one.days) for one in found] == [(2, 3, 2), (4, 4, 1)]


def test_stints_are_exact_to_the_minute_and_cut_at_midnight():
    night = LEND | {"to": "2021-08-03 02:00", "hours": ["23:30", "02:00"]}
    assert stints(with_terms(), levers(night)) == [
        Stint(date(2021, 8, 2), date(2021, 8, 2), 23 * 60 + 30, 1440, 4),
        Stint(date(2021, 8, 3), date(2021, 8, 3), 0, 120, 4)]
    assert [(one.start, one.end, one.number) for one in stints(with_terms(), levers(LEND, MORE))] == [
        (750, 840, 4), (840, 960, 6), (960, 1080, 4)]


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(-500, 500), min_size=1, max_size=9))
def test_rounded_numbers_add_up_to_the_rounded_total(values):
    total = sum(values.values())
    found = adding_up(values, total)
    step = 1.0 if abs(total) >= 9.95 or total == round(total) else 0.1
    assert sum(found.values()) == pytest.approx(round(total / step) * step)
    assert all(abs(found[key] - value) <= step + 1e-9 for key, value in values.items())


def test_an_order_is_numbered_by_scenario_day_and_edition():
    assert order_number("two-cities", date(2021, 8, 2), 3) == "two-cities-20210802-03"
