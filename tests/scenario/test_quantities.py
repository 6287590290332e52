"""Numbers with their units, their bounds and their origin; and laws of durations."""
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim.scenario.problems import RuleError
from sim.scenario.quantities import (
    FROM_FILE,
    Count,
    Distribution,
    Duration,
    Factor,
    Quantity,
    Share,
    count,
    factor,
    seconds,
    share,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.from_regex(r"[-+\d_.,]*\s?[a-z%]*"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["value", "assume", "calibrated", "range", "source", "to", "why", "number", "kind"]), inner, max_size=4))
tries = settings(max_examples=300, deadline=None, database=None, derandomize=True)


def quantity(kind, raw):
    return TypeAdapter(kind).validate_python(raw, context=FROM_FILE)


def fault(kind, raw):
    """What is wrong with a value, and where in it."""
    with pytest.raises(ValidationError) as caught:
        quantity(kind, raw)
    [error] = caught.value.errors()
    rule = error["ctx"]["error"]
    assert isinstance(rule, RuleError)
    return str(rule), rule.at


# --- units -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("written", "meant"), [
    ("150 s", 150), ("150s", 150), ("5 min", 300), ("2.5 min", 150), ("4 h", 14400), ("1.4 days", 120960),
    ("1 day", 86400), ("3 d", 259200), ("20 ms", 0.02), ("1e2 s", 100), ("1_000 s", 1000), (" 7 s ", 7), ("１５ s", 15),
    ("0 s", 0), ("366 days", 366 * 86400),
])
def test_durations_are_in_seconds(written, meant):
    assert seconds(written) == pytest.approx(meant)


@pytest.mark.parametrize(("written", "meant"), [
    (0.08, 0.08), ("8 %", 0.08), ("8%", 0.08), ("8％", 0.08), ("17.0 %", 0.17), ("29 %", 0.29), (0, 0), (1, 1),
    ("100 %", 1),
])
def test_shares_are_parts_of_one(written, meant):
    assert share(written) == meant


def test_counts_and_factors_are_plain_numbers():
    assert (count(121), count("121"), count(0.5), count(1e9)) == (121, 121, 0.5, 1e9)
    assert (factor(1.15), factor(1000)) == (1.15, 1000)


@pytest.mark.parametrize(("kind", "raw", "says"), [
    (Duration, 150, "must be a duration such as 150 s, 5 min, 4 h or 3 days, got 150"),
    (Duration, "5 minutes", 'must be a duration such as 150 s, 5 min, 4 h or 3 days, got "5 minutes"'),
    (Duration, "-1 s", "must be >= 0, got -1 s"),
    (Duration, "367 days", "must be <= 366 days, got 367 days"),
    (Duration, "1,200 s", 'must be a duration such as 150 s, 5 min, 4 h or 3 days, got "1,200 s"; write 1200 s, '
                          "or 1.200 s if the comma is a decimal point"),
    (Share, "120 %", "must be <= 1 (100 %), got 120 %"),
    (Share, 8, "must be <= 1 (100 %), got 8; write 8 % if that is meant"),
    (Share, "8 percent", 'must be a share such as 0.08 or 8 %, got "8 percent"'),
    (Share, -0.1, "must be >= 0, got -0.1"),
    (Count, -3, "must be >= 0, got -3"),
    (Count, "12 seats", 'must be a number without a unit, got "12 seats"'),
    (Count, 10**12, "must be <= 1,000,000,000, got 1000000000000"),
    (Count, "1e400", "must be <= 1,000,000,000, got 1e400"),
    (Count, "9" * 300, f"must be <= 1,000,000,000, got {'9' * 57}..."),
    (Count, "9" * 5000, f'must be a number without a unit, got "{"9" * 57}..."'),
    (Count, True, "must be a number without a unit, got true"),
    (Count, None, "must be a number without a unit, got nothing"),
    (Count, [], "must be a number without a unit, got an empty list"),
    (Count, math.nan, "must be a number without a unit, got nan"),
    (Count, math.inf, "must be a number without a unit, got inf"),
    (Count, "\x1b[31m", 'must be a number without a unit, got "\\u001b[31m"'),
    (Factor, 1001, "must be <= 1,000, got 1001"),
])
def test_a_bad_number_is_told_with_its_rule(kind, raw, says):
    assert fault(kind, raw) == (says, ())


@pytest.mark.parametrize(("kind", "raw", "remedy"), [
    (Duration, "2,5 min", "; write 2.5 min"), (Duration, "0,5h", "; write 0.5 h"),
    (Duration, "２，５ min", "; write 2.5 min"),
    (Duration, "1.234,5 s", "; write 1234.5 s"), (Duration, "1,234.5 s", "; write 1234.5 s"),
    (Duration, "9,999 days", "; write 9.999 days"), (Duration, "2,5", ""), (Duration, "2,5 minutes", ""),
    (Share, "12,5 %", "; write 12.5 %"), (Share, "12,5", "; write 12.5 %"), (Share, "0,125", "; write 0.125"),
    (Count, "12,5", "; write 12.5"), (Count, "1,23", "; write 1.23"), (Count, "1,234,567", "; write 1234567"),
    (Count, "1,234", "; write 1234, or 1.234 if the comma is a decimal point"), (Count, "0,125", "; write 0.125"),
    (Count, "12,34,567", ""), (Count, "1,2,3", ""), (Count, "12,", ""), (Count, "-2,5", ""),
    (Factor, "1,15", "; write 1.15"), (Factor, "12,345", "; write 12.345"),
])
def test_a_number_with_commas_is_told_what_it_may_be_and_nothing_else(kind, raw, remedy):
    said, _ = fault(kind, raw)
    assert said.partition(f'got "{raw}"')[2] == remedy
    for meant in re.findall(r"(?:write|or) ([\d.]+(?: (?:s|min|h|days|%))?)", remedy):
        quantity(kind, meant)


@tries
@given(st.sampled_from([Duration, Share, Count, Factor]), anything)
def test_whatever_is_written_gives_a_number_within_its_bounds_or_a_rule(kind, raw):
    try:
        number = float(quantity(kind, raw))
    except ValidationError as error:
        for found in error.errors():
            assert isinstance(found["ctx"]["error"], RuleError)
            assert len(str(found["ctx"]["error"])) < 400
    else:
        assert 0 <= number <= 1e9


# --- origins ---------------------------------------------------------------------------------------------------------

def test_a_plain_number_is_given():
    assert quantity(Count, 75) == Quantity(number=75, kind="given", unit="1")


def test_a_known_number_names_its_source():
    assert quantity(Count, {"value": 75, "source": "N1"}) == Quantity(number=75, kind="sourced", note="N1", unit="1")


def test_an_assumption_has_a_range_and_a_reason():
    raw = {"assume": "4 min", "range": ["2 min", "450 s"], "why": "bank records"}
    assert quantity(Duration, raw) == Quantity(number=240, kind="assumed", note="bank records", range=(120, 450),
                                               unit="s")


def test_a_calibrated_number_says_to_what():
    raw = {"calibrated": "17 %", "to": "42,468 requests", "range": ["5 %", "75 %"]}
    assert quantity(Share, raw) == Quantity(number=0.17, kind="calibrated", note="42,468 requests", range=(0.05, 0.75),
                                            unit="share")


@pytest.mark.parametrize(("raw", "says", "at"), [
    ({"value": 1, "assume": 1, "source": "N1"}, "stands beside value", ("assume",)),
    ({"range": [1, 2]}, "must be a number, or have one of value, assume, calibrated", ()),
    ({}, "must be a number, or have one of value, assume, calibrated", ()),
    ({"value": 1}, "is missing: what is known names its source", ("source",)),
    ({"assume": 1}, "is missing: what is assumed has a range", ("range",)),
    ({"assume": 1, "range": None}, "is missing: what is assumed has a range", ("range",)),
    ({"calibrated": 1, "range": [0, 2]}, "is missing: what is calibrated says to which record", ("to",)),
    ({"assume": 5, "range": [1, 2]}, "5 lies outside its own range 1 to 2", ("assume",)),
    ({"assume": 5, "range": [9, 1]}, "must begin with the lowest", ("range",)),
    ({"assume": 5, "range": 9}, "must be [lowest, highest]", ("range",)),
    ({"assume": 5, "range": [1, 2, 3]}, "must be [lowest, highest]", ("range",)),
    ({"assume": 5, "range": [1, "many"]}, "must be a number without a unit", ("range", 1)),
    ({"assume": -5, "range": [1, 2]}, "must be >= 0, got -5", ("assume",)),
    ({"asume": 5, "range": [1, 9]}, 'is no known name; did you mean "assume"?', ("asume",)),
    ({"value": 5, "source": ["S1", "S2"]}, "must be text, got a list", ("source",)),
])
def test_a_bad_origin_is_told_where_it_is(raw, says, at):
    message, where = fault(Count, raw)
    assert message.startswith(says)
    assert where == at


def test_a_manifest_writes_quantities_in_full_but_a_file_does_not():
    raw = Quantity(number=75, kind="sourced", note="N1").model_dump(mode="json")
    assert TypeAdapter(Count).validate_python(raw) == Quantity(number=75, kind="sourced", note="N1", unit="1")
    assert fault(Count, raw) == ('is no known name; did you mean "assume"?', ("number",))


def test_a_manifest_keeps_the_bounds():
    for number in (-1, 2e9, math.nan, math.inf):
        with pytest.raises(ValidationError):
            TypeAdapter(Count).validate_python({"number": number, "kind": "given", "note": "", "range": None})


# --- laws ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("raw", [
    {"mean": "3 min"}, {"law": "fixed", "mean": "3 min"}, {"law": "gamma", "mean": "3 min", "cv": 1},
    {"law": "lognormal", "mean": "3 min", "cv": 1},
    {"law": "lognormal", "median": "3 min", "sigma": 1, "at_most": "1 h"},
    {"law": "weibull", "mean": "3 min", "shape": 0.7}, {"law": "data", "data": "calls.csv"},
    {"law": "mixture", "parts": [{"mean": "1 min", "share": 0.1}, {"law": "fixed", "mean": "9 min", "share": 0.9}]},
])
def test_sound_laws(raw):
    law = quantity(Distribution, raw)
    assert Distribution.model_validate(law.model_dump(mode="json")) == law


@pytest.mark.parametrize(("raw", "says", "at"), [
    ({}, "needs mean, as its law is exponential", ()),
    ({"law": "lognormal", "mean": "3 min"}, "needs cv or sigma, as its law is lognormal", ()),
    ({"law": "lognormal", "mean": "3 min", "median": "2 min", "cv": 1}, "stands beside mean: one of them", ("median",)),
    ({"mean": "3 min", "cv": 1}, "has no use where the law is exponential", ("cv",)),
    ({"law": "weibull", "mean": "3 min", "shape": 0}, "must be >= 0.1 and <= 20, got 0", ("shape",)),
    ({"law": "lognormal", "mean": "3 min", "sigma": 9}, "must be >= 0 and <= 5, got 9", ("sigma",)),
    ({"law": "mixture", "parts": [{"mean": "1 min", "share": "70 %"}, {"mean": "9 min", "share": "20 %"}]},
     "the shares of the parts must add up to 1, got 0.9", ("parts",)),
    ({"law": "mixture", "parts": [{"mean": "1 min"}]}, "is missing: each part", ("parts", 0, "share")),
    ({"law": "mixture", "parts": [{"law": "mixture", "share": 1, "parts": [{"mean": "1 min", "share": 1}]}]},
     "a mixture can't be part of a mixture", ("parts", 0)),
])
def test_a_bad_law_is_told_once(raw, says, at):
    message, where = fault(Distribution, raw)
    assert message.startswith(says)
    assert where == at


@pytest.mark.parametrize(("raw", "remedy"), [(85, True), (100, True), (101, False), (600, False), (1e308, False)])
def test_per_cent_is_a_remedy_only_where_it_would_be_taken(raw, remedy):
    with pytest.raises(RuleError) as told:
        share(raw)
    assert ("% if that is meant" in str(told.value)) is remedy
