"""Rules of work as data: what holds by default, what a file may say instead, and how they are cited."""
import pytest
from pydantic import ValidationError

from sim.scenario.quantities import FROM_FILE
from sim.scenario.work_rules import BY_DEFAULT, WorkRules


def read(**said):
    return WorkRules.model_validate(said, context=FROM_FILE)


def test_what_holds_by_default():
    rules = WorkRules()
    assert {name: float(getattr(rules, name)) for name in BY_DEFAULT} == {
        "standard_day": 8, "standard_week": 40, "weekly_rest": 1, "overtime_day": 1, "overtime_day_special": 3,
        "overtime_month": 36, "part_time_day": 4, "part_time_week": 24, "rest_between_shifts": 11, "pay_weekday": 1.5,
        "pay_rest_day": 2, "pay_holiday": 3}
    assert rules.overtime_month.cited == "law: Labour Law art. 41"
    assert rules.rest_between_shifts.kind == "custom"
    assert (rules.longest_day, rules.emergency, rules.comprehensive) == (11, False, "none")
    assert rules.longest_week == pytest.approx(40 + 36 * 12 * 7 / 365)


def test_a_value_alone_keeps_what_it_rests_on():
    rules = read(rest_between_shifts=12, overtime_month={"value": 20, "kind": "contract", "source": "合同 | contract"})
    assert (rules.rest_between_shifts.value, rules.rest_between_shifts.kind) == (12, "custom")
    assert rules.overtime_month.cited == "contract: 合同 | contract"
    assert WorkRules.model_validate(rules.model_dump(mode="json")) == rules


@pytest.mark.parametrize("said", [{"emergency": True}, {"comprehensive": "month"}])
def test_a_day_may_be_longer_in_an_emergency_or_by_approval(said):
    assert read(**said).longest_day == 24


@pytest.mark.parametrize("wrong", [-1, "3 h", True, {"value": 3, "unit": "h"}, {"value": 3, "kind": "rule"}, 1e6,
                                   {"value": 3, "kind": {"law": 1}}, {"value": 3, "kind": ["law"]}])
def test_what_is_no_rule(wrong):
    with pytest.raises(ValidationError):
        read(overtime_month=wrong)
