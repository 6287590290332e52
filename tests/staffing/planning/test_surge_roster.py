"""Rosters that know of a surge: ordinary need first, then where most are missing; days before it stay as they were."""
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from one_city import loaded, of_many

from optimizer.staffing.need.target import Target
from optimizer.staffing.need.trials import Trials
from optimizer.staffing.planning.on_duty.needs import on_duty_today, people_for, plain_needs, surge_needs
from optimizer.staffing.planning.on_duty.overload import within_workplaces
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.surge.roster import (
    as_published,
    cells,
    for_surge,
    is_published,
    known_from,
    layers,
    surge_roster,
)
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import OFF, Duty
from optimizer.staffing.rosters.solve import solve
from sim.reading.loading import load
from sim.scenario.people import Shift
from sim.scenario.staffing_terms import Prices
from sim.studies.executors import at_work

FIRST = date(2021, 8, 1)
SHIFTS = tuple(Shift.model_validate({"start": hour * 60, "hours": {"number": 8}, "code": f"白{hour:02}00"})
               for hour in (6, 10, 14))
DAYS = ("end: 2021-08-03", "end: 2021-08-05")   # four instead of two


def long(text):
    return of_many(text).replace(*DAYS)


def needs(presence, grown_from, days=4):
    """Four seats from eight to four; from half past ten to one and from a half-hour on thirty, at forty workplaces."""
    usual = np.tile([0] * 16 + [4] * 16 + [0] * 16, days)
    grown = usual + np.where(np.arange(days * 48) >= grown_from, np.tile([0] * 21 + [26] * 5 + [0] * 22, days), 0)
    usual, grown = (people_for(presence, seats) for seats in (usual, grown))
    return surge_needs(presence, usual, grown, grown, usual)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("town"), change=long)


@pytest.fixture(scope="module")
def later(town):
    """The roster of a surge that begins on the second day at half past ten."""
    found = needs(Presence.of(town, "town"), 48)
    return found, surge_roster(town, "town", SHIFTS, found, FIRST, known_from(town, "town", found), 4, 1)


# --- what is wanted --------------------------------------------------------------------------------------------------

def test_one_need_is_all_there_is_without_a_surge(town):
    presence = Presence.of(town, "town")
    people = people_for(presence, np.full(4 * 48, 5))
    found = plain_needs(presence, people)
    assert (found.told, known_from(town, "town", found)) == (None, None)
    assert (found.wanted == people).all()
    assert found.most.shape == people.shape
    assert found.most.max() == 42      # of 42 at 40 workplaces 5 % are absent


def test_a_surge_wants_no_more_than_sit_down_and_no_fewer_than_today(town):
    presence = Presence.of(town, "town")
    usual, grown = (people_for(presence, np.full(4 * 48, seats)) for seats in (10, 99))
    found = surge_needs(presence, usual, grown, grown, usual + 3)
    assert (found.wanted[1:] == 42).all()
    assert found.overload[1:] == pytest.approx(1 - 42 / 118)    # 99 seats of 118 people
    calm = surge_needs(presence, usual, usual, usual, usual + 3)
    assert (calm.told, known_from(town, "town", calm)) == (None, 0)
    assert (calm.usual == usual).all()
    assert (calm.wanted == usual + 3).all()


def test_who_is_on_duty_today_is_counted_before_anybody_is_absent(town):
    today = on_duty_today(town, "town", Presence.of(town, "town"))
    assert today[0].tolist() == 48 * [0]
    assert today[1].tolist() == 16 * [0] + 16 * [15] + 16 * [0]     # half of thirty from eight to four


def test_a_surge_of_the_first_day_is_known_and_a_later_one_from_the_next_morning_on(town):
    presence = Presence.of(town, "town")
    assert known_from(town, "town", needs(presence, 0)) == 0
    assert known_from(town, "town", needs(presence, 48)) == 3      # told on day 2, after the day before and the first
    assert known_from(town, "town", needs(presence, 3 * 48)) is None


def test_an_overload_that_workplaces_cannot_hold_lasts_on():
    """The tutorial's city needs thirty seats at ten and has ten: more are wanted at noon than if all were answered."""
    scenario = load("two-cities")
    with at_work(1) as executor:
        trials = Trials.of(scenario, "east", Target(0.8, 20, 0.95), 1800, 1, 4, executor, None)
        needed = np.array([4] * 20 + [30] * 5 + [6] * 15 + [4] * 8)
        within = within_workplaces(trials, needed, np.full(48, 10))
        assert (within_workplaces(trials, needed, np.full(48, 30)) == needed).all()
    assert (within <= 10).all()
    assert (within[20:25] == 10).all()
    assert (within[25:28] > needed[25:28]).any()


# --- what it is worth ------------------------------------------------------------------------------------------------

def test_layers_of_cover_are_priced_one_below_the_other(town):
    found, prices, duty = needs(Presence.of(town, "town"), 0), Prices(), Duty("白", 600, 480, 480)
    rows = layers(found, (duty,), prices)
    assert len(rows) == 5 * 5 * 48
    usual, *surge, today = (rows[k * 240 + 48 + 22] for k in range(5))
    assert (usual.need, usual.missing_price, usual.surplus_price) == (5, 340, 0)
    assert [(row.need, row.surplus_price) for row in surge] == [(36, 0), (29, 0), (18, 0)]
    assert [row.missing_price for row in surge] == pytest.approx([23.8, 10.2, 10.2])    # of 34: all have a workplace
    assert (today.need, today.missing_price) == (36, 0)
    assert today.surplus_price > 0
    calm = rows[240 + 48 + 16]
    assert (calm.need, calm.missing_price) == (5, 0)


def test_overtime_costs_more_than_the_surge_is_worth_and_less_than_ordinary_need(later):
    found, of = later
    prices = Prices()
    weekly = [rule.price for rule in of.problem.people[0].limits if rule.name == "most_minutes_a_week"]
    size = found.usual.size
    worth = sum(max(row.missing_price for row in of.problem.cover[k * size:(k + 1) * size]) for k in (1, 2, 3)) / 30
    assert worth < weekly[0] < float(prices.missing) / 60


# --- the roster ------------------------------------------------------------------------------------------------------

def test_days_before_the_surge_are_as_in_ordinary_time(later):
    _, of = later
    assert of.since == 3
    assert (of.solved.roster[:, :3] == of.before[:, :3]).all()
    assert (of.solved.roster[:, 3:] != of.before[:, 3:]).any()
    assert not any(person.pins for person in of.problem.people)
    assert evaluate(of.problem, of.solved.roster).feasible


def test_who_has_hours_to_spare_is_on_duty_when_most_are_missing(later):
    found, of = later
    there = of.solved.evaluation.cover[:found.usual.size].reshape(found.usual.shape)
    before = evaluate(for_surge(of.problem, found, Prices()), of.before).cover[:found.usual.size].reshape(there.shape)
    assert of.solved.cost == pytest.approx(of.solved.bound)     # no roster within the hours is better
    assert (there[3:, 21:26] > before[3:, 21:26]).all()
    assert there[3:, 21:26].sum() > 1.5 * before[3:, 21:26].sum()     # which rosters of ordinary time stand differs
    assert (there >= found.usual).all()


def test_a_surge_that_is_known_from_the_first_day_on_changes_nothing_that_stood(town):
    found = needs(Presence.of(town, "town"), 0)
    of = surge_roster(town, "town", SHIFTS, found, FIRST, 0, 2, 1)
    assert of.before is None
    assert (of.solved.roster[:, 1] != OFF).sum() > 5


# --- planned again ---------------------------------------------------------------------------------------------------

def test_a_published_roster_of_a_surge_stands_where_nothing_is_better(town, later):
    """And before the surge is known nobody's shift is changed for it."""
    _found, of = later
    rows = of.solved.roster
    told = replace(of.problem, change_price=100.0, people=tuple(
        replace(person, published=cells(of.problem, row, 0, of.problem.days))
        for person, row in zip(of.problem.people, rows, strict=True)))
    assert is_published(told, 3)
    assert not is_published(of.problem, 3)
    early = as_published(told.people[0], 3)
    assert [cell.day for cell in early.pins] == [0, 1, 2]
    assert [cell.day for cell in early.published] == [3, 4]
    again = solve(replace(told, people=tuple(as_published(person, 3) for person in told.people)), seconds=2, seed=1)
    assert (again.roster == rows).all()
