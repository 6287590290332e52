"""What a file says for the planning of rosters: fixed cells, wishes, who leads, what was before, days of rest."""
from datetime import date

import beside
import pytest

from sim.reading.loading import load, with_places
from sim.scenario.people import LEAVE, NIGHTS, OFF, RosterWish
from surgeline.locale import in_lang

write = beside.write
TOWN = """surgeline: 1
extends: two-cities
levers: ~
variants: ~
lending: ~
shifts: {coded: [{start: "08:00", hours: 8, code: 早}, {start: "16:00", hours: 8, code: D2}]}
"""
PEOPLE = "people: {east: {groups: {full: {shifts: coded}}, roster: {table: roster.csv}MORE}}\n"
HEADS = "姓名,2021-07-31,2021-08-01,2021-08-02\n"


@pytest.fixture
def roster(write):
    """The roster of a table."""
    def read(table, more="", terms=""):
        write("roster.csv", table)
        return load(write("mine.yaml", TOWN + PEOPLE.replace("MORE", more) + terms)).people["east"].roster
    return read


@pytest.fixture
def wrong(write):
    """What is wrong with a table, and what a file says beside it."""
    def told(table, more="", terms=""):
        write("roster.csv", table)
        found = beside.told(write("mine.yaml", TOWN + PEOPLE.replace("MORE", more) + terms))
        return found
    return told


def test_a_cell_is_fixed_free_or_a_wish(roster):
    first, second, third, fourth = roster(HEADS + "王一,!早,早,愿早\n李二,定休,,不夜\n张三,fixed D2,off,wish off\n"
                                                  "赵四,！假,休,not 早\n").rows
    assert (first.codes, first.fixed, first.free) == (("早", "早", OFF), (0,), (2,))
    assert first.wishes == (RosterWish(day=2, what="早", wanted=True),)
    assert (second.codes, second.fixed, second.free) == ((OFF, OFF, OFF), (0,), (1, 2))
    assert second.wishes == (RosterWish(day=2, what=NIGHTS, wanted=False),)
    assert (third.codes, third.fixed, third.wishes) == (("D2", OFF, OFF), (0,), (
        RosterWish(day=2, what=OFF, wanted=True),))
    assert (fourth.codes, fourth.fixed) == ((LEAVE, OFF, OFF), (0,))
    assert fourth.wishes == (RosterWish(day=2, what="早", wanted=False),)


def test_a_kind_of_shift_that_may_be_planned_may_be_wished(roster):
    terms = 'staffing: {shift_types: [{code: 晚, from: ["15:00", "16:00"], hours: [8]}]}\n'
    [row] = roster(HEADS + "王一,早,早,愿晚\n", terms=terms).rows
    assert row.wishes == (RosterWish(day=2, what="晚", wanted=True),)
    [row] = roster(HEADS + "王一,早,早,不白\n").rows    # by default there are kinds 白 and 夜
    assert row.wishes == (RosterWish(day=2, what="白", wanted=False),)


def test_a_code_that_looks_like_a_mark_is_a_code(write):
    write("roster.csv", HEADS + "王一,定1,不2,定1\n")
    text = TOWN.replace("code: 早", "code: 定1").replace("code: D2", "code: 不2") + PEOPLE.replace("MORE", "")
    [row] = load(write("mine.yaml", text)).people["east"].roster.rows
    assert (row.codes, row.fixed, row.wishes) == (("定1", "不2", "定1"), (), ())


@pytest.mark.parametrize("heads", ["组长,本月加班（小时）,夜班结余,周末结余",
                                   "Leader,overtime this month,nights,weekends balance"])
def test_what_is_said_of_people_is_read_in_both_languages(roster, heads):
    table = f"姓名,{heads},2021-08-01,2021-08-02\n王一,是,12.5,-2,3,早,D2\n李二,,,,,早,D2\n张三,no,0,0,＋1,早,D2\n"
    found = [(row.leads, row.overtime, row.nights, row.weekends) for row in roster(table).rows]
    assert found == [(True, 12.5, -2, 3), (False, None, None, None), (False, 0.0, 0, 1)]


def test_a_scenario_with_all_of_it_is_told_and_read_again(write):
    table = "姓名,组长,本月加班,夜班结余,2021-08-01,2021-08-02\n王一,是,2,-1,!早,愿休\n"
    write("roster.csv", table)
    more = ", holidays: [2021-08-02], days_off: [2021-08-03], workdays: [2021-08-07]"
    scenario = load(write("mine.yaml", TOWN + PEOPLE.replace("MORE", more) + "staffing: {leaders: 1}\n"))
    force = scenario.workforce("east")
    assert (force.holidays, force.days_off, force.workdays) == tuple((date(2021, 8, day),) for day in (2, 3, 7))
    assert scenario.model_validate(scenario.model_dump(mode="json", by_alias=True)) == scenario


# --- what is wrong ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cells", "en", "zh"), [
    ("早,早,愿", 'roster.csv:2:4: 2021-08-02: "愿" is no wish: after 愿 (wish) or 不 (not) stands one of 早, D2, 白, '
                 "夜, 休 (off) or 夜 (any night)", "不是愿望"),
    ("早,早,不晚", 'roster.csv:2:4: 2021-08-02: "不晚" is no wish', "不是愿望"),
    ("早,早,!晚", 'roster.csv:2:4: 2021-08-02: "晚" is no shift: known are 早, D2, 休 (off) and 假 (leave)',
     "这个班次"),
    ("早,早,!愿休", 'roster.csv:2:4: 2021-08-02: "愿休" is no shift', "这个班次"),
    ("早,愿休,早", "roster.csv:2:3: 2021-08-01: 王一 wishes something for 2021-08-01, and days before "
                   "2021-08-02 stay as they are: write what the day is", "不再改动"),
])
def test_a_cell_that_says_nothing_is_told(wrong, write, cells, en, zh):
    told = wrong(f"{HEADS}王一,{cells}\n")
    assert len(told) == 1
    assert en in told[0]
    with pytest.raises(beside.ScenarioError) as caught:
        load("mine.yaml")
    assert zh in in_lang(caught.value.problems[0].told, "zh")


@pytest.mark.parametrize(("head", "cell", "words"), [
    ("组长", "也许", 'roster.csv:2:2: 组长: must be 是 (yes) or 否 (no), got "也许"'),
    ("本月加班", "很多", "roster.csv:2:2: 本月加班: must be"),
    ("本月加班", "-1", "roster.csv:2:2: 本月加班: must be"),
    ("本月加班", "800", 'roster.csv:2:2: 本月加班: must be hours of a month, 0 to 744, got "800"'),
    ("夜班结余", "1.5", 'roster.csv:2:2: 夜班结余: must be a whole number such as 2 or -1, got "1.5"'),
    ("周末结余", "9999", "roster.csv:2:2: 周末结余: must be a whole number such as 2 or -1"),
    ("本月加班", "40", "王一 has 40 h of overtime this month, and 36 are allowed (law: Labour Law art. 41)"),
])
def test_nonsense_about_people_is_told(wrong, head, cell, words):
    [told] = wrong(f"姓名,{head},2021-08-01,2021-08-02\n王一,{cell},早,早\n")
    assert words in told


def test_overtime_beyond_the_law_is_taken_in_an_emergency(roster):
    table = "姓名,本月加班,2021-08-01,2021-08-02\n王一,40,早,早\n"
    [row] = roster(table, ", rules: {emergency: true}").rows
    assert row.overtime == 40


def test_a_month_that_begins_with_the_horizon_has_no_overtime_yet(wrong):
    horizon = "horizon: {start: 2021-08-01, end: 2021-08-02, interval: 15 min}\n"
    [told] = wrong("姓名,本月加班,2021-07-31,2021-08-01,2021-08-02\n王一,4,早,早,早\n李二,0,早,早,早\n", terms=horizon)
    assert "rows[0]: 王一 has overtime of this month, and the horizon begins with the month: leave it out" in told


def test_a_column_stands_once_and_no_day_before_the_horizon_is_left_out(wrong):
    [told] = wrong("姓名,组长,leader,2021-08-01,2021-08-02\n王一,是,是,早,早\n")
    assert "roster.csv:1:3: leader: stands here twice" in told
    [told] = wrong("姓名,2021-07-30,2021-08-01,2021-08-02\n王一,早,早,早\n")
    assert "has columns of days before the horizon but none for 2021-07-31: add them" in told


AUGUST = "horizon: {start: 2021-08-02, end: 2021-08-03, interval: 15 min}\n"


@pytest.mark.parametrize("until", ["2021-08-04", "2022-08-03"])
def test_some_day_is_left_to_be_planned(wrong, until):
    table = "姓名,2021-08-01,2021-08-02,2021-08-03\n王一,早,早,早\n"
    [told] = wrong(table, terms=f"{AUGUST}staffing: {{frozen_until: {until}}}\n")
    assert "staffing.frozen_until: must lie before 2021-08-04, the end of the horizon" in told


@pytest.fixture
def notices(write):
    """What is said of a table that may be planned, and of what a file says beside it."""
    def told(table, terms):
        write("roster.csv", table)
        name = write("mine.yaml", TOWN + PEOPLE.replace("MORE", "") + terms)
        return [str(one).split(": ", 1)[1] for one in with_places(name)[1].notices]
    return told


@pytest.mark.parametrize("until", ["2021-08-02", "2021-07-01"])
def test_what_is_frozen_before_the_horizon_is_said_to_do_nothing(notices, until):
    """As in a file that moves the horizon of its base to the next month."""
    table = "姓名,2021-08-01,2021-08-02,2021-08-03\n王一,早,早,早\n"
    assert notices(table, f"{AUGUST}staffing: {{frozen_until: {until}}}\n") == [
        "staffing.frozen_until: freezes nothing, as the horizon begins on 2021-08-02: days before it stay anyway"]


def test_a_frozen_day_on_which_nobody_has_a_code_is_told(notices):
    table = "姓名,2021-08-01,2021-08-02,2021-08-03\n王一,早,,早\n李二,,,\n"
    terms = AUGUST + "staffing: {frozen_until: 2021-08-03}\n"
    assert notices(table, terms) == [
        "people.east.roster.table: has no code on 2021-08-02, and days before 2021-08-03 stay as they "
        "are (staffing.frozen_until): an empty cell is a day off then, and nobody works"]
    assert notices(table.replace("李二,,,", "李二,,休,"), terms) == []


def test_a_term_of_a_base_is_taken_away_alone(write):
    """All other terms stay as they are."""
    write("roster.csv", "姓名,2021-08-01,2021-08-02,2021-08-03,2021-08-04\n王一,早,早,早,早\n")
    write("base.yaml", TOWN + PEOPLE.replace("MORE", "") + AUGUST.replace("-03,", "-04,")
          + "staffing: {frozen_until: 2021-08-04, target: {share: 55 %}}\n")
    above = "surgeline: 1\nextends: base.yaml\nhorizon: {start: 2021-08-02, end: 2021-08-03}\n"
    [told] = beside.told(write("above.yaml", above))
    assert told.endswith("; above.yaml changed what this goes with: write there `staffing: {frozen_until: ~}` to take "
                         "it away, or its own staffing.frozen_until")
    terms = load(write("above.yaml", above + "staffing: {frozen_until: ~}\n")).staffing
    assert (terms.frozen_until, float(terms.target.share)) == (None, 0.55)


def test_a_wish_for_a_day_that_is_over_stands_beside_its_code(roster, wrong):
    """In a table that was planned; alone it could mean no day."""
    terms = AUGUST + "staffing: {frozen_until: 2021-08-03}\n"
    heads = "姓名,2021-08-01,2021-08-02,2021-08-03\n"
    assert len(roster(f"{heads}王一,早 愿早,休 愿休,早\n", terms=terms).rows[0].wishes) == 2
    assert "wishes something for 2021-08-02" in wrong(f"{heads}王一,早,愿休,早\n", terms=terms)[0]


def test_what_has_no_roster_can_not_stay_nor_lead(write):
    told = beside.told(write("mine.yaml", TOWN + "staffing: {frozen_until: 2021-08-03, leaders: 1}\n"))
    assert [one.split(": ", 1)[1] for one in told] == [
        "staffing.frozen_until: no city has a roster whose days could stay: name a table under people.CITY.roster, or "
        "leave it out",
        "staffing.leaders: nobody leads in any roster: give the table a column 组长 (leader) with 是 (yes), or leave "
        "it out"]


@pytest.mark.parametrize(("more", "words"), [
    (", holidays: [2021-08-02], days_off: [2021-08-02]",
     "people.east.days_off[0]: 2021-08-02 stands in holidays already"),
    (", days_off: [2021-08-07]", "2021-08-07 is a Saturday or Sunday, a day of rest anyway: leave it out"),
    (", workdays: [2021-08-06]", "2021-08-06 is no Saturday or Sunday: it is a working day anyway, leave it out")])
def test_days_of_rest_that_make_no_sense_are_told(wrong, more, words):
    [told] = wrong("姓名,2021-08-01,2021-08-02\n王一,早,早\n", more)
    assert words in told


def test_part_time_people_need_a_shift_that_they_may_work(write):
    text = TOWN + ("people: {east: {groups: {half: {people: 3, contract: part_time}}}}\n"
                   "staffing: {cities: [east]TYPES}\n")
    [told] = beside.told(write("mine.yaml", text.replace("TYPES", "")))
    assert ("people.east.groups.half: works part time, at most 4 h a day (law: Labour Contract Law art. 68), and every "
            "kind of shift is longer") in told
    kind = ', shift_types: [{code: 半, from: ["08:00", "18:00"], hours: [4, 8], meal: 0 min}]'
    assert load(write("mine.yaml", text.replace("TYPES", kind))).staffing.cities == ("east",)
