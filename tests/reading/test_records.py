"""Records: how shares, points and tolerances may be written, and records that could never hold, or always would."""
from math import inf

import pytest
from beside import HEAD, wrong_with
from pydantic import ValidationError

from sim.scenario.observed import Observed

RATE = "metric: answer_rate_dials"
SHARES = "must be a number, a percentage of the value such as 3 %, or points such as 3 pp"


@pytest.fixture
def problems(tmp_path):
    """What is wrong with records of the two cities."""
    def told(*records):
        path = tmp_path / "mine.yaml"
        lines = "".join(f"  - {{{record}, source: invented}}\n" for record in records)
        path.write_text(f"{HEAD}observed:\n{lines}", encoding="utf-8")
        return wrong_with(path)
    return told


def bounds(**record):
    return Observed.model_validate({"metric": "answer_rate_dials", "source": "invented"} | record).bounds()


@pytest.mark.parametrize("value", [0.85, "85 %", "85%", "８５％", "85.0 %"])
@pytest.mark.parametrize(("within", "width"), [(0.03, 0.03), ("3 pp", 0.03), ("3个百分点", 0.03), ("0.03", 0.03),
                                               ("3 %", 0.0255), ("3％", 0.0255)])
def test_a_share_may_be_written_in_per_cent_and_its_tolerance_in_points(value, within, width):
    """Three per cent is of the value, as for any other record."""
    assert bounds(value=value, within=within) == pytest.approx((0.85 - width, 0.85 + width))


def test_bounds_of_a_share():
    assert bounds(above="80 %") == (0.8, inf)
    assert bounds(below="90 %", above=0.5) == (0.5, 0.9)
    assert bounds(metric="answered_within_15s", below="20 %") == (-inf, 0.2)


def test_a_difference_of_shares_may_fall_below_nothing():
    assert bounds(value="-5 %", within="1 pp", against="none") == pytest.approx((-0.06, -0.04))
    assert bounds(metric="dials", value=-300, within="10 %", against="none") == (-330, -270)


def test_what_is_read_survives_a_manifest():
    observed = Observed.model_validate({"metric": "occupancy", "value": "85 %", "within": "3 pp", "source": "x"})
    assert Observed.model_validate(observed.model_dump(mode="json", by_alias=True)) == observed


@pytest.mark.parametrize(("record", "told"), [
    (f"{RATE}, value: 85, within: 3 %", "value: must be <= 1 (100 %), got 85; write 85 % if that is meant"),
    (f"{RATE}, value: 120 %, within: 3 %", 'value: must be <= 100 %, got "120 %"'),
    (f"{RATE}, above: 1.5", "above: must be <= 1 (100 %), got 1.5; write 1.5 % if that is meant"),
    (f"{RATE}, below: -1 %", "below: must be >= 0, got -0.01"),
    (f"{RATE}, value: true, within: 3 %", "value: must be a number, got true"),
    (f"{RATE}, value: 0.85, within: 3",
     "within: lets everything pass: answer_rate_dials is from 0 to 1 anyway; for points write 3 pp"),
    (f"{RATE}, value: 0.5, within: 60 pp", "within: lets everything pass: answer_rate_dials is from 0 to 1 anyway"),
    (f"{RATE}, value: 0.85, within: -3 %", 'within: must be above 0, got "-3 %"'),
    (f"{RATE}, value: 0.85, within: 0 pp",
     'within: must be above 0, got "0 pp": hardly a mean is exactly what was recorded'),
    (f"{RATE}, below: 1", "below: lets everything pass: answer_rate_dials is from 0 to 1 anyway"),
    (f"{RATE}, above: 0, below: 100 %", "above: lets everything pass: answer_rate_dials is from 0 to 1 anyway"),
    (f"{RATE}, above: 0.8, below: 0.7", "above: must not lie above 0.7, below which the record is"),
    (f"{RATE}, value: 5, within: 1, against: none", "value: must be <= 1 (100 %), got 5; write 5 % if that is meant"),
    ("metric: dials, value: -5, within: 3", "value: must be >= 0, got -5"),
    ("metric: dials, above: 0", "above: lets everything pass: dials is at least 0 anyway"),
    ("metric: dials, above: 1200, below: 1000", "above: must not lie above 1000, below which the record is"),
    ("metric: dials, value: 85 %, within: 3 %", 'value: must be a number, got "85 %": "dials" is no share'),
    ("metric: dials, value: 100, within: 3 pp",
     'within: must be a number or a percentage such as 3 %, got "3 pp": only shares have points'),
    ("metric: dials, value: 100, within: nan", 'within: must be a number or a percentage such as 3 %, got "nan"'),
    ("metric: dials, value: 100, within: inf %", 'within: must be a number or a percentage such as 3 %, got "inf %"'),
    ("metric: dials, value: 100, within: 1e308", "within: must be <= 1,000,000,000,000, got 1e+308"),
    ("metric: dials, value: 1e308, within: 1e308 %", "value: must be <= 1,000,000,000,000, got 1e+308"),
    ("metric: dials, value: .nan, within: 1", 'value: must be a number, got ".nan"'),
    ("metric: blocked, value: 0, within: 5 %", "within: is nothing of a value of 0: write a number"),
    ("metric: dials_per_caller, value: 0.5, within: 1 %", "value: must be >= 1, got 0.5"),
    (f"{RATE}, value: '85,5 %', within: 3 pp", 'value: must be a number, got "85,5 %"; write 85.5 %'),
    (f"{RATE}, value: '0,85', within: 3 pp", 'value: must be a number, got "0,85"; write 0.85'),
    (f"{RATE}, value: 0.85, within: '2,5 pp'", f'within: {SHARES}, got "2,5 pp"; write 2.5 pp'),
    (f"{RATE}, value: 0.85, within: 3 points", f'within: {SHARES}, got "3 points"'),
    ("metric: dials, value: 2000, within: '2,5 %'",
     'within: must be a number or a percentage such as 3 %, got "2,5 %"; write 2.5 %'),
    ("metric: dials, value: '2,5 %', within: 3", 'value: must be a number, got "2,5 %"'),
    ("metric: dials_per_caller, value: 150 %, within: 3 %",
     'value: must be a number, got "150 %": "dials_per_caller" is no share'),
    ("metric: dials_per_caller, above: 1", "above: lets everything pass: dials_per_caller is at least 1 anyway"),
])
def test_a_record_that_can_never_hold_or_always_does(problems, record, told):
    assert problems(record) == [f"observed[0].{told}"]


def test_nothing_at_all_may_be_recorded(problems):
    assert problems("metric: blocked, value: 0, within: 0", "metric: blocked, below: 0", f"{RATE}, above: 100 %") == []


@pytest.mark.parametrize(("record", "told"), [
    ("metric: occupancy, below: 80 %, scope: 'class:everyday'",
     'scope: a class has no "occupancy": name a city, or province'),
    ("metric: dials, above: 3, scope: 'pool:west'", 'scope: a pool has no "dials": name a city, or province'),
    ("metric: dials, above: 3, from: 2021-08-01, to: 2021-08-02",
     "from: 2021-08-01 00:00 lies outside the horizon (2021-08-02 00:00 to 2021-08-03 00:00)"),
    ("metric: dials, above: 3, from: 2021-08-02, to: 2021-09-02",
     "to: 2021-09-03 00:00 lies outside the horizon (2021-08-02 00:00 to 2021-08-03 00:00)"),
    ("metric: dials, above: 3, from: 2021-08-02 10:00, to: 2021-08-02 09:00",
     "from: must come before its end (2021-08-02 09:00)"),
    ("metric: dials, above: 3, from: 2021-08-02 10:05",
     "from: 2021-08-02 10:05 is not where an interval of 15 min starts"),
])
def test_a_record_of_what_is_not_simulated(problems, record, told):
    assert problems(record) == [f"observed[0].{told}"]


@pytest.mark.parametrize("scope", ["city:east+west", "class:everyday+urgent", "pool:west→east", "province"])
def test_counts_add_up(problems, scope):
    assert problems(f'metric: answered, scope: "{scope}", above: 10') == []


def test_programs_are_held_to_the_same_rules():
    with pytest.raises(ValidationError, match="must be <= 1"):
        bounds(value=85, within=3)
