"""Standby: hours in which most is lost, the fewest people who do, called by what is seen on the day, and who rests."""
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_city import loaded, of_many

from optimizer.staffing.need.target import ANSWERED, COUNTS, OFFERED, WITHIN, Target
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.rostering import in_words, problem_of
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.standby.days_to_come import DaysToCome
from optimizer.staffing.planning.standby.names import Roster
from optimizer.staffing.planning.standby.plan import standby_of
from optimizer.staffing.planning.standby.sizing import Known, Trial, Window, fullest, least
from optimizer.staffing.revising.overtime import Account, Terms
from optimizer.staffing.rosters.evaluate import broken_rules
from optimizer.staffing.rosters.problem import OFF
from sim.scenario.people import Shift
from sim.scenario.problems import ScenarioError
from sim.scenario.quantities import plain

SHIFT = Shift(start=8 * 60, hours=plain(8.0, "h"), code="白")
DAILY = Target(0.8, 15.0, None, "day")
FIRST = date(2021, 8, 1)


def to_come(folder, executor, people=11, absence="5 %"):
    """A town with so many on duty from eight to four on both days: each day with others of its thirty."""
    scenario = loaded(folder, "  standby: {in_days: 90 %}\n", lambda text: of_many(text).replace(
        "absence: 5 %", f"absence: {absence}"), calls=900, talk="4 min")
    need = np.zeros((3, 48), int)
    need[1:, 16:32] = people
    problem = problem_of(scenario, "town", (SHIFT,), need, first_day(scenario))
    roster = np.full((30, 3), OFF)
    roster[:people, 1] = roster[15:15 + people, 2] = 0
    whole = with_roster(scenario, "town", *in_words(problem, roster, first_day(scenario)))
    return DaysToCome(whole, "town", DAILY, problem, roster, first_day(scenario), 1, executor)


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    with ThreadPoolExecutor(1) as executor:
        yield to_come(tmp_path_factory.mktemp("days"), executor)


# --- the days that may come ------------------------------------------------------------------------------------------

def test_seats_vary_with_who_is_absent_and_by_no_more(days):
    """Eleven people are expected to open 11 x 95 % x 88 % = 9.2 seats, and each who is there opens 88 % of one."""
    assert set(days.seats[16:32].tolist()) == {9}
    for r in range(20):
        there = 11 - int(days.absent(r)[:11, 1].sum())
        seats = set(days.seats_on(r)[16:32].tolist())
        assert seats == {int(9 + (there - 11 * 0.95) * 0.88 + 0.5)}
        assert not days.seats_on(r)[:16].any()


def test_people_are_absent_as_often_as_the_scenario_says(days):
    drawn = np.array([days.absent(r) for r in range(200)])
    assert drawn.mean() == pytest.approx(0.05, abs=0.006)
    assert 0 < drawn.mean(axis=0).max() < 0.2       # nobody always


def test_who_is_absent_is_the_same_luck_whoever_else_is_in_the_roster(tmp_path, days):
    with ThreadPoolExecutor(1) as executor:
        others = to_come(tmp_path, executor, people=5)
        assert (others.absent(3) == days.absent(3)).all()


def test_nobody_is_absent_where_all_come(tmp_path):
    with ThreadPoolExecutor(1) as executor:
        all_come = to_come(tmp_path, executor, absence="0 %")
        assert not all_come.absent(1).any()
        assert (all_come.seats_on(1) == all_come.seats).all()


# --- when, and how many ----------------------------------------------------------------------------------------------

def test_hours_are_those_in_which_most_is_lost_without_empty_ends():
    lost = np.zeros(48)
    lost[[4, 20, 22, 30]] = 1.0, 3.0, 2.0, 4.0
    assert fullest(lost, 2) == Window(30, 31)
    assert fullest(lost, 8) == Window(20, 23)
    assert fullest(lost, 24) == Window(20, 31)
    assert fullest(lost, 48) == Window(4, 31)
    assert fullest(lost, 48).hours == 13.5


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12)), min_size=1, max_size=5))
def test_the_fewest_people_are_found_for_each_day(cases):
    """On each day so many are enough, of as many as there are at the most."""
    enough, most = (np.array(column) for column in zip(*cases, strict=True))
    people, reached = least(lambda n: 0.5 + 0.4 * (n >= enough), 0.9, most)
    assert people.tolist() == [min(need, 0) if need > there else need for need, there in cases]
    assert reached.tolist() == [need <= there for need, there in cases]


def known(days, by_slot):
    """One replication of two days, of ten calls in each of the slots named, and so many of them in time."""
    counts = np.zeros((1, 2, 48, len(COUNTS)), int)
    for slot, in_time in by_slot.items():
        counts[0, 0, slot, [OFFERED, ANSWERED, WITHIN]] = 10, 10, in_time
    return Known((0,), (days.seats_on(0),), counts, days.keeps(counts.sum(axis=2)))


@pytest.mark.parametrize(("by_slot", "span"), [
    ({16: 10, 17: 7, 18: 4}, (20, 30)),         # 21 of 30 in time at half past nine, and half an hour later they come
    ({16: 10, 17: 7, 18: 9}, (0, 0)),           # 17 of 20, and 26 of 30
    ({10: 0, 16: 9}, (18, 30)),                 # missed before these hours begin: seen at the end of their first
    ({29: 0}, (30, 30)),                        # too late
    ({16: 0}, (18, 30)),
])
def test_they_are_called_when_the_day_so_far_misses(days, by_slot, span):
    trial = Trial(days, known(days, by_slot), (Window(16, 30), None), 1, 16)
    assert trial.called_at(0, 0) == span
    assert trial.called_at(0, 1) == (0, 0)
    assert trial.hours_called()[0].tolist() == [(span[1] - span[0]) / 2, 0]


def test_nobody_stays_longer_than_the_longest_stint(days):
    trial = Trial(days, known(days, {16: 0}), (Window(16, 30), None), 1, 4)
    assert trial.called_at(0, 0) == (18, 22)


def test_more_people_keep_more_days_and_workplaces_bound_them(days):
    seen = Known.of(days, range(12))
    trial = Trial(days, seen, (Window(16, 32),) * 2, 1, 16)
    kept = [trial.with_called(np.full(2, n)) for n in (0, 2, 12)]
    assert (kept[0] == seen.kept).all()
    assert not seen.kept.all()
    assert (kept[0] <= kept[1]).all()
    assert kept[1].sum() <= kept[2].sum()
    assert kept[0].sum() < kept[2].sum()
    assert trial.with_on_duty(np.full(2, 6)).all()
    assert days.most == 35          # of forty workplaces, less breaks


def test_it_is_sized_and_replayed_on_days_that_the_search_has_not_seen(days):
    found = standby_of(days.scenario, "town", DAILY, days.problem, days.roster, (), FIRST, seed=1, first_replication=6,
                       replications=12, executor=days.executor)
    of = found.sized
    assert of.without.shape == of.kept.shape == (12, 2)
    assert (of.kept >= of.without).all()
    new = Known.of(days, range(18, 30))
    assert (of.without == new.kept).all()
    assert all((window is not None) == (n > 0 or not ok) for window, n, ok in
               zip(of.windows, of.people, of.reached, strict=True))
    assert of.people.max() > 0
    assert found.ready == pytest.approx(10 * sum(one.hours * n for one, n in zip(of.windows, of.people, strict=True)
                                                 if one))
    assert found.called == pytest.approx(of.hours_called * 68 * 2)
    assert [sum(one.day == day for one in found.names) for day in range(2)] == of.people.tolist()


# --- who -------------------------------------------------------------------------------------------------------------

def roster(days, windows, rows=None):
    return Roster.of(days.problem, days.roster if rows is None else rows, Account(days.problem, Terms()), windows, 480)


def test_those_stand_by_who_are_off_duty_and_rested(days):
    """From eight to four: all who have no shift on that day, as sixteen hours lie between."""
    who = roster(days, (Window(16, 32), Window(16, 32)))
    assert who.most().tolist() == [19, 19]
    late = roster(days, (Window(28, 46), None))     # until eleven at night: nine hours before a shift of the next day
    working_next_day = set(np.flatnonzero(days.roster[:, 2] != OFF).tolist())
    able = {i for i, row in enumerate(days.roster) if late.may(i, 0, row)}
    assert able == set(range(11, 30)) - working_next_day


def test_nobody_stands_by_on_leave_or_without_overtime_left(days):
    who = roster(days, (Window(16, 32), None))
    tired = Roster(who.problem, who.roster, Account(days.problem, Terms(most_a_month=60)), who.windows, 480)
    assert tired.most().tolist() == [0, 0]
    people = list(who.problem.people)
    people[29] = type(people[29])(people[29].name, people[29].group, people[29].limits, leave=frozenset([1]))
    away = Roster(type(who.problem)(who.problem.days, who.problem.duties, tuple(people), who.problem.cover), who.roster,
                  who.account, who.windows, 480)
    assert away.most().tolist() == [18, 0]


def test_people_take_turns_and_so_does_the_order_of_call(days):
    empty = np.full((30, 3), OFF)
    who = roster(days, (Window(16, 32), Window(16, 32)), empty)
    named = list(who.named((20, 20)))
    assert [one.order for one in named] == [*range(1, 21), *range(1, 21)]
    first_day, second_day = ([one.person for one in named if one.day == day] for day in (0, 1))
    often = [sum(one.person == person.name for one in named) for person in days.problem.people]
    assert set(often) == {1, 2}
    assert first_day[0] != second_day[0]


def test_rows_with_standby_break_no_rule_that_must_hold(days):
    who = roster(days, (Window(16, 32), Window(16, 32)))
    rows = who.roster.copy()
    place = {person.name: i for i, person in enumerate(who.problem.people)}
    for one in who.named((8, 8)):
        assert rows[place[one.person], one.day + 1] == OFF
        rows[place[one.person]] = who.standing(rows[place[one.person]], one.day)
    assert not [one for person, row in zip(who.problem.people, rows, strict=True)
                for one in broken_rules(who.problem, person, row.tolist()) if one.rule.price is None]


# --- what a file may say ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("said", "why"), [
    ("{in_days: 100 %}", "must be above 0 and below 100 %"), ("{in_days: 0}", "must be above 0 and below 100 %"),
    ("{in_days: 90 %, hours: 30}", "must be at least 0.5 and at most 24, got 30"), ("{}", "in_days")])
def test_what_cannot_be_is_refused_with_its_place(tmp_path, said, why):
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, f"  standby: {said}\n")
    assert why in str(refused.value)
    assert "town.yaml:17" in str(refused.value)
