"""Rules of work as limits of a roster: which never may be broken, and what breaking the others costs."""
from datetime import date

import pytest
from one_city import loaded

from optimizer.staffing.planning.city_roster.limits import Period, full_time
from sim.scenario.work_rules import WorkRules

WEEK = Period(date(2021, 8, 1), 7, 60.0)   # an hour costs a yuan a minute


def by_name(rules):
    """[(value, price)] by name, those about even hours left out."""
    found = {}
    for rule in rules:
        if rule.kind != "custom" or rule.name == "least_rest":
            found.setdefault(rule.name, []).append((rule.value, rule.price))
    return found


def test_limits_of_full_time_people_are_those_of_the_law():
    assert by_name(full_time(WorkRules(), WEEK, 2400)) == {
        "most_minutes_a_week": [(2400, 0.5)],          # beyond 40 hours an hour is paid half as much again
        "weekly_rest_days": [(1, None)],
        "most_days_in_a_row": [(6, None)],             # of every seven days one is off, in whichever week they lie
        "least_rest": [(660, 3.0), (240, None)],       # 11 hours, a custom: at a price; less than 4 are one day
        "most_minutes_a_day": [(8 * 60 + 3 * 60, None)],
        "most_minutes": [(2400 + 36 * 60, None)],      # 36 hours of overtime in a month, all of them in one week
    }


def test_hours_are_even_at_a_price():
    even = [rule for rule in full_time(WorkRules(), WEEK, 1000) if rule.kind == "custom" and rule.name != "least_rest"]
    assert [(rule.name, rule.value, rule.price) for rule in even] == [
        ("most_minutes", pytest.approx(1100), 0.2), ("least_minutes", 900, 0.2)]


def test_overtime_of_several_weeks_is_that_of_their_month():
    four = Period(date(2021, 8, 1), 28, 60.0)
    assert (four.weeks, four.months) == (4, 1)
    most = by_name(full_time(WorkRules(), four, 9600))["most_minutes"]
    assert most == [(4 * 2400 + 36 * 60, None)]
    two = Period(date(2021, 8, 1), 60, 60.0)
    [(minutes, _)] = by_name(full_time(WorkRules(), two, 9600))["most_minutes"]
    assert minutes == pytest.approx(60 / 7 * 2400 + 2 * 36 * 60)


def of_rules(folder, rules):
    return loaded(folder, f"people: {{town: {{rules: {{{rules}}}}}}}\n").workforce("town").rules


def test_where_hours_are_reckoned_over_a_month_no_week_and_no_day_is_limited(tmp_path):
    found = by_name(full_time(of_rules(tmp_path, "comprehensive: month"), WEEK, 2400))
    assert "most_minutes_a_week" not in found
    assert "most_minutes_a_day" not in found
    assert found["most_minutes"] == [(2400, 0.5), (2400 + 36 * 60, None)]


def test_in_an_emergency_overtime_has_no_limit_and_rest_stays(tmp_path):
    found = by_name(full_time(of_rules(tmp_path, "emergency: true"), WEEK, 2400))
    assert "most_minutes" not in found
    assert "most_minutes_a_day" not in found
    assert found["weekly_rest_days"] == [(1, None)]


def test_rules_that_a_file_changes_are_changed(tmp_path):
    rules = of_rules(tmp_path, "standard_week: 36, overtime_day_special: 1, rest_between_shifts: 12, pay_weekday: 2")
    found = by_name(full_time(rules, WEEK, 2160))
    assert found["most_minutes_a_week"] == [(36 * 60, 1.0)]
    assert found["most_minutes_a_day"] == [(9 * 60, None)]
    assert found["least_rest"] == [(720, 3.0), (240, None)]


@pytest.mark.parametrize(("rest", "most"), [(2, [(5, None)]), (0.5, [(6, None)]), (0, None)])
def test_days_in_a_row_follow_from_the_days_of_rest_of_every_seven(rest, most, tmp_path):
    assert by_name(full_time(of_rules(tmp_path, f"weekly_rest: {rest}"), WEEK, 2400)).get("most_days_in_a_row") == most


def test_every_limit_names_where_it_comes_from():
    assert all(rule.source for rule in full_time(WorkRules(), WEEK, 2400))
