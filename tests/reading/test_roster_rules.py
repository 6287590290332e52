"""What an edited roster passes: for whom, on which day, which rule, and where it stands."""
from datetime import date, timedelta

import beside
import pytest
from beside import HEAD

from sim.reading.loading import with_places
from sim.scenario.problems import ScenarioError
from surgeline.locale import in_lang
from surgeline.problems import listed

write = beside.write
FIRST = date(2021, 7, 26)   # a Monday, a week before the day that is simulated
SHIFTS = """shifts:
  coded:
    - {start: "08:00", hours: 8, code: 早}
    - {start: "15:00", hours: 9.5, code: 晚}
    - {start: "22:00", hours: 10, code: 夜}
"""
REST = "11 h are usual (custom: rest between shifts: European custom, not Chinese law)"


def row(codes):
    """A code a day, each a sign."""
    return ",".join(codes)


def notices(write, *rows, rules="{}", contract="full_time"):
    """What is said of rows of fourteen days, as 'line: message'."""
    days = ",".join(str(FIRST + timedelta(days=k)) for k in range(14))
    lines = [f"人{k},{row(codes)}" for k, codes in enumerate(rows, 1)]
    write("roster.csv", "\n".join([f"姓名,{days}", *lines, ""]))
    return list(with_places(write("mine.yaml", text_of("roster.csv", contract, rules)))[1].notices)


def text_of(table, contract, rules):
    """A city whose people are in a table."""
    return (HEAD + "levers: ~\nvariants: ~\nlending: ~\n" + SHIFTS + "people: {east: {groups: {all: {shifts: coded, "
            f"contract: {contract}}}}}, roster: {{table: {table}}}, rules: {rules}}}}}\n")


def told(found):
    return [(one.place.line, str(one.message)) for one in found]


def test_a_roster_within_the_rules_passes_none(write):
    assert notices(write, "早早早早早休休早早早早早休休", "晚晚晚休休休早早早早早休休休") == []


def test_a_short_rest_is_told_with_both_shifts_and_their_times(write):
    assert told(notices(write, "早早早早早休休早早早早早休休", "休晚早休休休休休休休休休休休")) == [
        (3, f"人2 has 7.5 h between 晚 of 2021-07-27, until 00:30, and 早 of the next day, from 08:00; {REST}")]


def test_a_night_before_leave_is_told(write):
    assert told(notices(write, "夜假休休休休休早休假休休休休")) == [
        (2, "人1 is on leave on 2021-07-27, and 夜 of the day before lasts until 08:00")]


def test_seven_days_in_a_row_over_two_weeks_are_told_and_a_week_of_seven_is_refused(write):
    [first, *weeks] = told(notices(write, "休早早早早早早早休休休休休休"))
    assert first == (2, "人1 works 7 days in a row, from 2021-07-27 to 2021-08-02, and every seven have 1 off (law: "
                        "Labour Law art. 38)")
    assert weeks == [(2, "人1 works 48 h in the week from 2021-07-26, 8 h of them overtime: 40 h are standard (law: "
                         "State Council Order 146 art. 3)")]


def test_overtime_of_a_month_is_told(write):
    """Ten hours of nights: six are 60 h, the 20 beyond 40 h are overtime, more than a month may have twice."""
    found = told(notices(write, "夜夜夜夜夜夜休夜夜夜夜夜夜休", rules="{overtime_month: 18, rest_between_shifts: 0}"))
    assert [message for _, message in found] == [
        "人1 works 20 h of overtime in 2021-07, and 18 h are allowed (law: Labour Law art. 41)",
        "人1 works 20 h of overtime in 2021-08, and 18 h are allowed (law: Labour Law art. 41)",
        "人1 works 60 h in the week from 2021-07-26, 20 h of them overtime: 40 h are standard (law: State Council "
        "Order 146 art. 3)",
        "人1 works 60 h in the week from 2021-08-02, 20 h of them overtime: 40 h are standard (law: State Council "
        "Order 146 art. 3)"]


@pytest.mark.parametrize("rules", ["{comprehensive: month}", "{standard_week: 60}"])
def test_hours_that_are_reckoned_otherwise_are_not_told(write, rules):
    assert notices(write, "早早早早早早休早早早早早休休", rules=rules) == []


def test_part_time_has_a_limit_of_its_own(write):
    assert told(notices(write, "早早休休休休休早早早早休休休", contract="part_time")) == [
        (2, "人1 works 32 h in the week from 2021-08-02, and part time is at most 24 h (law: Labour Contract Law art. "
            "68)")]


def test_a_rule_that_many_pass_is_told_once_with_all_their_lines(write):
    """The worst first, with whom it concerns first; two are as soon read one by one."""
    rows = ["休晚早休休休休休休休休休休休"] * 7 + ["休早早早早早早早休休休休休休"]
    found = told(notices(write, *rows))
    assert len(found) == 3
    assert "7 days in a row" in found[0][1]
    assert found[1] == (2, "人1 has 7.5 h between 晚 of 2021-07-27, until 00:30, and 早 of the next day, from 08:00; "
                        f"{REST}; 7 such cases, of 7 people: 人1, 人2, 人3 ..., in lines 2-8")
    assert len(notices(write, *rows[-3:])) == 4


def test_somebody_who_passes_a_rule_on_several_days_is_one_person(write):
    [(_, told_once)] = told(notices(write, "休晚早休晚早休晚早休晚早休休"))
    assert told_once.endswith("; 4 such cases of 人1")


def test_in_chinese_no_word_is_english(write):
    found = notices(write, "休晚早夜假早早早早早早早早休", "夜夜夜夜夜夜休夜夜夜夜夜夜休", rules="{overtime_month: 1}")
    said = [in_lang(one.message, "zh") for one in found]
    assert len(said) >= 5
    assert not [word for text in said for word in text.split() if word.isascii() and word.isalpha() and word != "h"]


# --- where it stands -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("codes", "contract", "column", "says"), [
    ("休晚早休休休休休休休休休休休", "full_time", 4, "has 7.5 h between 晚"),
    ("夜假休休休休休休休休休休休休", "full_time", 2, "is on leave"),
    ("休早早早早早早早休休休休休休", "full_time", 9, "7 days in a row"),
    ("休早早早早早早早休休休休休休", "full_time", 8, "8 h of them overtime"),
    ("早早休休休早早休休休休休休休", "part_time", 8, "works 32 h")])
def test_the_cell_of_the_later_shift_is_named(write, codes, contract, column, says):
    found = [one for one in notices(write, codes, contract=contract) if says in one.message]
    day = FIRST + timedelta(days=column - 2)
    assert [(one.place.line, one.place.column, one.path) for one in found] == [(2, column, str(day))]


def test_overtime_is_told_where_it_becomes_too_much(write):
    """The sixth night of the first week is the last with overtime in July, the one of the second in August."""
    found = notices(write, "夜夜夜夜夜夜休夜夜夜夜夜夜休", rules="{overtime_month: 18, rest_between_shifts: 0}")
    assert [one.path for one in found if "of overtime in" in one.message] == ["2021-07-31", "2021-08-07"]


def test_a_cell_of_a_workbook_has_its_name_too(write):
    days = [str(FIRST + timedelta(days=k)) for k in range(14)]
    beside.workbook("roster.xlsx", [["姓名", *days], ["人1", *"休晚早休休休休早休休休休休休"]])
    [one] = with_places(write("mine.yaml", text_of("roster.xlsx", "full_time", "{}")))[1].notices
    assert str(one).startswith("roster.xlsx:2:4 (D2): 2021-07-28: 人1 has 7.5 h between 晚 of 2021-07-27")
    assert in_lang(one.told, "zh").startswith("roster.xlsx:2:4 (D2): 2021-07-28：人1 2021-07-27 的晚到 00:30 下班")


# --- beside cells that mean nothing ----------------------------------------------------------------------------------

def refused(write, *rows):
    with pytest.raises(ScenarioError) as caught:
        notices(write, *rows)
    return caught.value


def test_rules_are_told_together_with_cells_that_mean_nothing(write):
    error = refused(write, "休训训休休休休休休休休休休休", "休晚早休休休休休休休休休休休")
    assert [str(one) for one in error.problems] == [
        'roster.csv:2:3: 2021-07-27: "训" is no shift: known are 早, 晚, 夜, 休 (off) and 假 (leave); in 2 cells: C2, '
        "D2, the first of 人1"]
    assert [str(one) for one in error.notices] == [
        "roster.csv:3:4: 2021-07-28: 人2 has 7.5 h between 晚 of 2021-07-27, until 00:30, and 早 of the next day, from "
        f"08:00; {REST}"]
    said = in_lang(listed(error), "zh").splitlines()
    assert (said[0], said[2]) == ("roster.csv：1 处问题", "另外，不算错误，请留意：")
    assert len(said) == 4
    assert said[3].startswith("  roster.csv:3:4: 2021-07-28：人2 2021-07-27")


def test_a_week_without_rest_is_refused_together_with_them(write):
    """Then what is no fault is not told: it comes when the faults are mended."""
    error = refused(write, "训休休休休休休休休休休休休休", "早早早早早早早休晚早休休休休")
    assert str(error.problems[1]).startswith("roster.csv:3:8: 2021-08-01: 人2 works 7 days in the week from 2021-07-26")
    assert len(error.problems) == 2
    assert error.notices == []


def test_cells_that_mean_nothing_break_no_rule(write):
    assert refused(write, "早早早早早训休早早早早早训休").notices == []


@pytest.mark.parametrize("table", ["谁,2021-07-26\n人1,晚\n", "姓名,2021-07-26\n,晚\n"])
def test_a_table_that_is_not_understood_is_told_alone(write, table):
    write("roster.csv", table)
    with pytest.raises(ScenarioError) as caught:
        with_places(write("mine.yaml", text_of("roster.csv", "full_time", "{}")))
    assert (len(caught.value.problems), caught.value.notices) == (1, [])


# --- other days ------------------------------------------------------------------------------------------------------

def test_of_a_roster_of_another_year_that_alone_is_told(write):
    days = ",".join(str(FIRST.replace(year=2020) + timedelta(days=k)) for k in range(14))
    write("roster.csv", f"姓名,{days}\n" + "".join(f"人{k},愿休,晚,早,不夜\n" for k in range(6)))
    with pytest.raises(ScenarioError) as caught:
        with_places(write("mine.yaml", text_of("roster.csv", "full_time", "{}")))
    [one] = caught.value.problems
    assert str(one.message).startswith("plans 2020-07-26 to 2020-08-08, and the horizon is")
    assert "排的是 2020-07-26 至 2020-08-08，而仿真时段是" in in_lang(one.told, "zh")
