"""What a table says of people as a roster's problem: what stays, what is wished, what was before. All by hand."""
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.city_roster.from_table import thawed
from optimizer.staffing.planning.city_roster.refusing import refuse_what_is_fixed
from optimizer.staffing.planning.city_roster.rest_days import weekends
from optimizer.staffing.planning.city_roster.rostering import CHANGE_PRICE, problem_of
from optimizer.staffing.planning.city_roster.table_shifts import shifts_by_code, with_codes_apart
from optimizer.staffing.planning.city_roster.wishes import WISH_PRICE, answered
from optimizer.staffing.planning.rostered import rostered_on
from optimizer.staffing.rosters.evaluate import wishes_cost
from optimizer.staffing.rosters.problem import OFF, CarriedIn, Cell, Wish
from optimizer.staffing.rosters.solve import solve
from sim.scenario.people import Break, Shift, Workforce
from sim.scenario.problems import UserError
from sim.scenario.quantities import plain

CODED = """shifts:
  days:
    - {start: "07:30", hours: 8, code: 早}
    - {start: "13:00", hours: 8.5, code: 中, breaks: [{length: 30 min, window: [3, 4.5], paid: false}]}
    - {start: "22:00", hours: 8, code: 夜}
  noon: [{start: "12:00", hours: 2, share: 50 %, code: 午}]
"""
OLD = 'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}\n'
TABLE = "people: {town: {roster: {table: roster.csv}}}\n"
HOUR = 68.0
NOBODY = np.zeros((5, 48), int)     # from Sunday, the day before the horizon, to Thursday
FIRST = date(2021, 8, 1)
DAY = Shift(start=480, hours=plain(8.0, "h"), code="白0800")
SHORT = Shift(start=480, hours=plain(7.5, "h"), code="白0800")   # none of the table's


def town(folder, table, people=TABLE, terms=""):
    """Four days from Monday, 2021-08-02."""
    (folder / "roster.csv").write_text(table, encoding="utf-8")
    return loaded(folder, people, lambda text: text.replace(OLD, CODED).replace("agents: 4, ", "agents: 9, ").replace(
        "end: 2021-08-03", "end: 2021-08-05").replace("staffing:\n", f"staffing:\n{terms}"))


def problem(scenario, shifts=(DAY,), need=NOBODY):
    return problem_of(scenario, "town", shifts, need, FIRST)


def heads(first=1, last=5, more=""):
    return f"姓名{more}," + ",".join(f"2021-08-{day:02}" for day in range(first, last + 1)) + "\n"


@pytest.fixture
def people(tmp_path):
    """The people of a table, by name."""
    def read(table, people=TABLE, terms="", shifts=(DAY,)):
        return {one.name: one for one in problem(town(tmp_path, table, people, terms), shifts).people}
    return read


# --- what stays ------------------------------------------------------------------------------------------------------

def test_the_day_before_stays_and_later_days_are_published_or_free(people):
    one = people(heads() + "王一,早,休,,!早,假\n李二,,早,早,定休,休\n")
    assert one["王一"].pins == (Cell(0, "早"), Cell(3, "早"))
    assert one["王一"].published == (Cell(1, None),)
    assert one["王一"].leave == {4}
    assert one["李二"].pins == (Cell(0, None), Cell(3, None))      # before the horizon an empty cell is a day off
    assert one["李二"].published == (Cell(1, "早"), Cell(2, "早"), Cell(4, None))


def test_days_before_a_date_are_frozen(people):
    one = people(heads() + "王一,早,休,,早,假\n", terms="  frozen_until: 2021-08-04\n")["王一"]
    assert one.pins == (Cell(0, "早"), Cell(1, None), Cell(2, None))
    assert one.published == (Cell(3, "早"),)


def test_a_day_before_of_which_nothing_is_said_is_free(people):
    one = people(heads() + "王一,,早,休,休,休\n")["王一"]
    assert one.pins == ()
    assert one.published == (Cell(1, "早"), Cell(2, None), Cell(3, None), Cell(4, None))


def test_who_has_the_same_shift_goes_to_meals_in_turn_where_no_cell_says_when(people):
    one = people(heads() + "王一,休,中,休,休,休\n李二,休,中,休,休,休\n张三,休,!中,休,休,休\n赵四,休,中,休,休,休\n")
    said = {name: next(cell.duty for cell in (*person.pins, *person.published) if cell.day == 1)
            for name, person in one.items()}
    assert said == {"王一": "中①", "李二": "中②", "张三": "中③", "赵四": "中①"}


def test_what_is_frozen_is_published_to_whoever_comes_when_called(tmp_path):
    table = heads() + "王一,早,休,!早,早,假\n"
    asked = problem(town(tmp_path, table, terms="  frozen_until: 2021-08-03\n"))
    [one] = thawed(asked, 2).people
    assert one.pins == (Cell(2, "早"),)
    assert set(one.published) == {Cell(0, "早"), Cell(1, None), Cell(3, "早")}
    assert asked.change_price == CHANGE_PRICE * HOUR


def test_frozen_cells_that_break_the_law_are_told(tmp_path):
    asked = problem(town(tmp_path, "姓名,本月加班,2021-08-01,2021-08-02,2021-08-03,2021-08-04,2021-08-05\n"
                                   "王一,36,!早,!早,!早,!早,!早\n"))
    with pytest.raises(UserError) as caught:
        refuse_what_is_fixed(asked, FIRST)  # 40 hours in five days, of which 40 x 5 / 7 are ordinary
    assert str(caught.value) == (
        "what is frozen or fixed in the roster breaks rules: 王一 from 2021-08-01 on (Labour Law art. 41). Change "
        "these cells, or empty them so that they are planned anew")
    refuse_what_is_fixed(problem(town(tmp_path, heads() + "王一,早,!早,!早,!早,!早\n")), FIRST)


def test_a_seventh_day_in_a_row_is_never_planned_however_short_the_time(tmp_path):
    """More than all nine are wanted on every day of two weeks; what is found in no time at all is handed out."""
    scenario = loaded(tmp_path, change=lambda text: text.replace("agents: 4, ", "agents: 9, ").replace(
        "end: 2021-08-03", "end: 2021-08-16"))
    need = np.zeros((16, 48), int)
    need[:, 16:32] = 20
    found = solve(problem(scenario, need=need), seconds=0.0)
    assert found.evaluation.feasible
    runs = "".join("x" if day else "." for row in found.roster >= 0 for day in (*row, False)).split(".")
    assert max(map(len, runs)) == 6


def test_a_seventh_day_that_is_laid_down_is_refused(tmp_path):
    days = ",".join(f"2021-08-{day:02}" for day in range(1, 8))
    (tmp_path / "roster.csv").write_text(f"姓名,{days}\n王一,早,!早,!早,!早,!早,!早,!早\n", encoding="utf-8")
    scenario = loaded(tmp_path, TABLE, lambda text: text.replace(OLD, CODED).replace(
        "end: 2021-08-03", "end: 2021-08-07"))
    with pytest.raises(UserError, match=r"王一 from 2021-08-07 on \(Labour Law art. 38\)"):
        refuse_what_is_fixed(problem_of(scenario, "town", (DAY,), np.zeros((7, 48), int), FIRST), FIRST)


# --- what was before -------------------------------------------------------------------------------------------------

def test_days_and_nights_in_a_row_last_end_and_hours_of_the_week_follow_from_the_table(people):
    before = "2021-07-27,2021-07-28,2021-07-29,2021-07-30,2021-07-31"     # Tuesday to Saturday
    table = f"姓名,{before}," + heads()[3:] + "王一,早,休,中,夜,夜,夜,,,,\n李二,早,休,休,休,休,早,,,,\n张三,,,,,,,,,,\n"
    found = {name: one.before for name, one in people(table).items()}
    assert found["王一"] == CarriedIn(days_in_a_row=3, days_off_in_a_row=0, nights_in_a_row=2, last_end=6 * 60,
                                      minutes_this_week=4 * 480, days_this_week=4, nights=2, weekends=0)
    assert found["李二"] == CarriedIn(days_off_in_a_row=4, minutes_this_week=480, days_this_week=1)
    assert found["张三"] == CarriedIn(days_off_in_a_row=7)


def test_who_has_had_no_day_off_for_too_long_before_has_one_on_the_first_day(tmp_path):
    """Tuesday to the next Wednesday, the evening before a Thursday: nine days, which no plan mends."""
    days = [date(2021, 7, 27) + timedelta(days=k) for k in range(11)]
    (tmp_path / "roster.csv").write_text(
        f"姓名,{','.join(map(str, days))}\n王一,{'早,' * 9},\n", encoding="utf-8")
    scenario = loaded(tmp_path, TABLE, lambda text: text.replace(OLD, CODED).replace(
        "start: 2021-08-02, end: 2021-08-03", "start: 2021-08-05, end: 2021-08-06"))
    need, first = np.zeros((3, 48), int), date(2021, 8, 4)
    need[:, 16:32] = 1
    asked = problem_of(scenario, "town", (DAY,), need, first)
    assert (asked.people[0].before.days_in_a_row, asked.people[0].pins) == (5, (Cell(0, "早"),))
    refuse_what_is_fixed(asked, first)
    found = solve(asked, seconds=1.0)
    assert found.evaluation.feasible
    assert (found.roster[0] >= 0).tolist() == [True, False, True]


def test_a_weekend_before_and_a_sunday_that_is_planned_count_once(people):
    """The problem's first day is the Sunday: what it counts itself is taken off the balance."""
    table = "姓名,2021-07-31," + heads()[3:] + "王一,早,早,,,,\n李二,早,休,,,,\n张三,休,早,,,,\n"
    assert [one.before.weekends for one in people(table).values()] == [0, 1, 0]


def test_balances_are_those_of_the_evening_before_the_horizon(people):
    table = "姓名,夜班结余,周末结余," + heads()[3:] + "王一,5,2,夜,,,,\n李二,-1,0,休,,,,\n张三,,,夜,,,,\n"
    found = people(table)
    assert [(one.before.nights, one.before.weekends) for one in list(found.values())[:2]] == [(4, 1), (-1, 0)]
    assert found["张三"].before is None     # no day before the first is known, and no balance


def test_overtime_of_the_month_leaves_less_of_it(people):
    found = people("姓名,本月加班," + heads()[3:] + "王一,20,早,,,,\n李二,,早,,,,\n")
    most = [next(rule.value for rule in one.limits if rule.name == "most_minutes" and rule.price is None)
            for one in found.values()]
    assert most == [pytest.approx(60 * (40 * 5 / 7 + 16)), pytest.approx(60 * (40 * 5 / 7 + 36))]


def test_people_who_are_owed_nights_get_them(tmp_path):
    """Two nights, three people: who has had two more than the others has none."""
    table = "姓名,夜班结余," + heads()[3:] + "王一,2,休,,,,\n李二,-1,休,,,,\n张三,0,休,,,,\n"
    need = NOBODY.copy()
    need[2, 44:], need[4, 44:] = 1, 1
    night = Shift(start=1320, hours=plain(8.0, "h"), code="晚")
    asked = problem(town(tmp_path, table), (night,), need)
    found = solve(asked, seconds=5)
    assert found.evaluation.nights.tolist()[0] == 0
    assert found.evaluation.nights.sum() == 2
    assert found.evaluation.parts["missing"] == 0


# --- wishes ----------------------------------------------------------------------------------------------------------

def test_wishes_are_weighed_by_the_price_of_an_hour(people):
    weight = WISH_PRICE * HOUR
    found = people(heads() + "王一,休,愿休,不休,愿早,不夜\n李二,早,早,夜,愿白,中\n", shifts=(SHORT,))
    assert found["王一"].wishes[:2] == (Wish(1, None, False, weight), Wish(2, None, True, weight))
    third = {one.duty: one.wanted for one in found["王一"].wishes if one.day == 3}
    assert third == {None: True, "白0800": False, "夜": False, "中①": False, "中②": False, "中③": False}
    assert [one for one in found["王一"].wishes if one.day == 4] == [Wish(4, "夜", False, weight)]
    kind = {one.duty for one in found["李二"].wishes if not one.wanted}
    assert "白0800" not in kind                     # a kind of shift, whenever it begins
    assert {"早", "夜"} <= kind


@pytest.mark.parametrize(("cell", "codes", "granted"), [
    ("愿休", (OFF,), True), ("愿休", ("早",), False), ("不休", ("早",), True), ("愿早", ("早",), True),
    ("愿早", (OFF,), False), ("愿早", ("白0800",), False), ("愿白", ("白0800",), True), ("不夜", (OFF,), True),
    ("不夜", ("夜",), False), ("不夜", ("早",), True)])
def test_a_wish_is_granted_or_not_and_costs_what_it_should(tmp_path, cell, codes, granted):
    scenario = town(tmp_path, heads() + f"王一,早,休,{cell},休,休\n李二,早,早,夜,休,休\n")
    asked = problem(scenario, (SHORT,))
    planned = np.full((2, 5), OFF)
    planned[0, 2] = OFF if codes[0] == OFF else asked.index[codes[0]]
    [found] = answered(asked, planned, scenario.workforce("town").roster, FIRST)
    assert (found.name, found.day, found.granted) == ("王一", date(2021, 8, 3), granted)
    assert wishes_cost(asked, asked.people[0], planned[0]) == (0 if granted else WISH_PRICE * HOUR)


def test_a_wish_that_costs_nothing_is_granted(tmp_path):
    """One of two is needed on Tuesday: whoever does not wish to be off."""
    need = NOBODY.copy()
    need[2, 16:32] = 1
    scenario = town(tmp_path, heads() + "王一,休,休,愿休,休,休\n李二,休,休,,休,休\n")
    asked = problem(scenario, need=need)
    found = solve(asked, seconds=5)
    assert found.roster[:, 2].tolist() == [OFF, asked.index["白0800"]]
    assert all(one.granted for one in answered(asked, found.roster, scenario.workforce("town").roster, FIRST))


# --- days of rest, leaders -------------------------------------------------------------------------------------------

def test_holidays_and_days_made_up_for_are_in_the_calendar(tmp_path):
    more = TABLE.replace("}}}", "}, holidays: [2021-08-04], days_off: [2021-08-05], workdays: [2021-08-01]}}")
    asked = problem(town(tmp_path, heads() + "王一,早,早,早,早,早\n", more))
    assert asked.weekends == ((3, 4),)              # not the Sunday, which is worked
    assert asked.premium == pytest.approx([HOUR / 60, HOUR / 60, HOUR / 60, 3 * HOUR / 60, HOUR / 60])
    plain_week = problem(town(tmp_path, heads() + "王一,早,早,早,早,早\n"))
    assert plain_week.weekends == ((0,),)


def test_a_holiday_is_worked_by_nobody_who_is_not_needed_and_costs_three_times(tmp_path):
    more = TABLE.replace("}}}", "}, holidays: [2021-08-04]}}")
    need = NOBODY.copy()
    need[3, 16:32] = 1
    asked = problem(town(tmp_path, heads() + "王一,休,,,,\n", more), need=need)
    found = solve(asked, seconds=5)
    assert found.roster[0, 3] == asked.index["白0800"]
    others = int((found.roster[0] != OFF).sum()) - 1
    assert found.evaluation.parts["premium"] == pytest.approx(8 * HOUR * (3 + others))


def test_a_leader_is_there_whenever_anybody_is_needed(tmp_path):
    need = NOBODY.copy()
    need[1:3, 16:32] = 2
    table = "姓名,组长," + heads()[3:] + "王一,,休,,,,\n李二,是,休,,,,\n张三,,休,,,,\n赵四,yes,休,,假,,\n"
    asked = problem(town(tmp_path, table, terms="  leaders: 1\n"), need=need)
    rows = [row for row in asked.cover if row.leaders]
    assert [row.need for row in rows] == [1] * 32
    found = solve(asked, seconds=5)
    leads = [one.leads for one in asked.people]
    assert leads == [False, True, False, True]
    there = found.roster[leads] != OFF
    assert there[:, 1:3].any(axis=0).all()
    assert found.evaluation.parts["missing"] == 0


# --- shifts of the table and those that are planned ------------------------------------------------------------------

def test_a_shift_that_the_table_has_too_goes_by_its_code_and_no_other_does(tmp_path):
    known = shifts_by_code(town(tmp_path, heads() + "王一,早,早,中,夜,休\n"), "town")
    assert list(known) == ["早", "中", "夜"]
    meal = (Break(length=plain(1800.0, "s"), window=(plain(3.0, "h"), plain(4.5, "h")), paid=False),)
    same = Shift(start=13 * 60, hours=plain(8.5, "h"), code="白1300", breaks=meal)
    other = Shift(start=13 * 60, hours=plain(9.0, "h"), code="中", breaks=meal)
    early = Shift(start=7 * 60 + 30, hours=plain(8.0, "h"), code="白0730")
    assert [one.code for one in with_codes_apart((early, same, other), known, 30)] == ["早", "中", "中b"]


def test_a_code_of_two_shifts_is_told(tmp_path):
    groups = "groups: {a: {shifts: days}, b: {shifts: other}}, roster"
    table = "姓名,组," + heads()[3:] + "王一,a,早,早,早,早,早\n李二,b,早,早,早,早,早\n"
    (tmp_path / "roster.csv").write_text(table, encoding="utf-8")
    other = '  other: [{start: "09:00", hours: 8, code: 早}]\n'
    scenario = loaded(tmp_path, TABLE.replace("roster", groups, 1), lambda text: text.replace(
        OLD, CODED + other).replace("agents: 4, ", "").replace("end: 2021-08-03", "end: 2021-08-05"))
    with pytest.raises(UserError, match="早 stands for different shifts in the roster of town"):
        problem(scenario)


def test_a_frozen_week_is_kept_and_the_next_one_goes_on_from_it(tmp_path):
    """Six days worked before: the seventh is off, whoever is needed."""
    before = ",".join(f"2021-07-{day}" for day in range(26, 32))
    table = f"姓名,{before}," + heads()[3:] + "王一,早,早,早,早,早,早,休,,,,\n李二,休,休,早,早,早,早,早,,,,\n"
    need = NOBODY.copy()
    need[:, 16:32] = 1
    scenario = town(tmp_path, table)
    found = rostered_on(scenario, "town", type("Plan", (), {"shifts": (DAY,)}), need, 5, 1)
    codes = {row.name: row.codes for row in found.table.rows}
    assert codes["王一"][:7] == ("早",) * 6 + ("休",)
    assert codes["李二"][:7] == ("休", "休") + ("早",) * 5
    assert found.table.dates == scenario.workforce("town").roster.dates
    worked = [code != "休" for code in codes["李二"]]
    assert all(b - a <= 7 for a, b in pairwise([-1, *(k for k, one in enumerate(worked) if not one), len(worked)]))
    assert {shift.code for shift in found.shifts} >= {"早"}


def test_weeks_of_holidays_fall_into_pairs():
    """National Day of 2021: a Friday to a Thursday, paid for with the Sunday before and the Saturday after."""
    days = [date(2021, 10, day) for day in range(1, 8)]
    force = Workforce(holidays=tuple(days[:3]), days_off=tuple(days[3:]),
                      workdays=(date(2021, 9, 26), date(2021, 10, 9)))
    assert weekends(force, date(2021, 9, 25), 16) == ((0,), (6,), (7, 8), (9, 10), (11, 12), (15,))
    assert weekends(Workforce(), date(2021, 9, 25), 16) == ((0, 1), (7, 8), (14, 15))
