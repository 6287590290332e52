"""Rules of work that make no sense are refused, with the reason."""
import beside
import pytest

problems = beside.problems


@pytest.mark.parametrize(("rule", "told"), [
    ("weekly_rest: 7", "weekly_rest: must be >= 0 and <= 6, got 7: with 7 days of rest a week nobody works at all"),
    ("standard_day: 0", "standard_day: must be >= 1 and <= 12, got 0: "),
    ("standard_week: 200", "standard_week: must be >= 1 and <= 72, got 200: six days of 12 h are 72 h"),
    ("rest_between_shifts: 30", "rest_between_shifts: must be >= 0 and <= 16, got 30: "),
    ("overtime_month: 700", "overtime_month: must be >= 0 and <= 124, got 700: 4 h on each day of a month are 124 h"),
    ("overtime_day_special: 9", "overtime_day_special: must be >= 0 and <= 4, got 9: "),
    ("pay_weekday: {value: 0.5, kind: contract}", "pay_weekday.value: must be >= 1 and <= 10, got 0.5: overtime is not "
                                                  "paid less than other hours"),
    ("part_time_week: 60", "part_time_week: must be >= 1 and <= 40, got 60: 40 h a week are full time"),
    ("standard_day: 9, standard_week: 7", "standard_week: must be >= 9, the hours of a single day (standard_day), "
                                          "got 7"),
    ("standard_day: -8", "standard_day: must be >= 1 and <= 12, got -8: "),
    ("standard_day: nine", 'standard_day: must be hours such as 3, got "nine"'),
])
def test_rules_that_make_no_sense_are_refused_with_the_reason(problems, rule, told):
    [said] = problems(f"levers: ~\nvariants: ~\npeople: {{east: {{rules: {{{rule}}}}}}}\n")
    assert said.startswith(f"people.east.rules.{told}")


@pytest.mark.parametrize("rule", ["weekly_rest: 2", "standard_day: 7.5", "overtime_month: 0", "pay_holiday: 3",
                                  "rest_between_shifts: 0", "standard_week: 44"])
def test_rules_of_contracts_are_taken(problems, rule):
    assert problems(f"levers: ~\nvariants: ~\npeople: {{east: {{rules: {{{rule}}}}}}}\n") == []
