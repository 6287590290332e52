"""What an edited roster passes: for whom, on which day, which rule, and where it stands."""
from datetime import date, timedelta

import beside
import pytest
from beside import HEAD

from sim.reading.loading import with_places
from surgeline.locale import in_lang

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
    text = (HEAD + "levers: ~\nvariants: ~\nlending: ~\n" + SHIFTS + "people: {east: {groups: {all: {shifts: coded, "
            f"contract: {contract}}}}}, roster: {{table: roster.csv}}, rules: {rules}}}}}\n")
    return list(with_places(write("mine.yaml", text))[1].notices)


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
