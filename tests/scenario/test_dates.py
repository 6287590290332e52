"""Dates and times as they are written, and what is said of those that are not: always the same moment."""
import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from sim.reading.yaml_places import parse
from sim.scenario.dates import DAY, FIRST, LAST, day, minute_of_day, moment
from sim.scenario.problems import RuleError

START, FILE = timedelta(0), SimpleNamespace(context={"file": True})


def fault(read, *raw):
    with pytest.raises(RuleError) as caught:
        read(*raw)
    return str(caught.value)


@pytest.mark.parametrize(("raw", "meant"), [
    ("2021-08-02", datetime(2021, 8, 2)), ("20210802", datetime(2021, 8, 2)), (date(2021, 8, 2), datetime(2021, 8, 2)),
    ("2021-08-02 08:00", datetime(2021, 8, 2, 8)), (" 2021-08-02T08:00:30 ", datetime(2021, 8, 2, 8, 0, 30)),
    ("2021-08-02 24:00", datetime(2021, 8, 3)), ("２０２１-08-02 08：00", datetime(2021, 8, 2, 8)),
    (datetime(2021, 8, 2, 8), datetime(2021, 8, 2, 8)),
])
def test_moments(raw, meant):
    assert moment(raw, START) == meant


@pytest.mark.parametrize(("raw", "meant"), [
    ("2021-08-02T00:00:00Z", "2021-08-02 08:00"), ("2021-08-02T00:00z", "2021-08-02 08:00"),
    ("2021-08-02 00:00 UTC", "2021-08-02 08:00"), ("2021-08-02T00:00:00.000Z[UTC]", "2021-08-02 08:00"),
    ("2021-08-02T00:00+00:00", "2021-08-02 08:00"), ("2021-08-02T18:30Z", "2021-08-03 02:30"),
    ("2021-12-31T16:00:30Z", "2022-01-01 00:00:30"), ("2021-08-02T24:00Z", "2021-08-03 08:00"),
    ("2021-08-02 08:00+08:00", "2021-08-02 08:00"), ("2021-08-02T08:00:00+0800", "2021-08-02 08:00"),
    ("2021-08-02T08:00 +08", "2021-08-02 08:00"), ("2021-08-02 08:00 UTC+8", "2021-08-02 08:00"),
    ("2021-08-02T08:00+08:00[Asia/Shanghai]", "2021-08-02 08:00"), ("2021-08-02T17:00+09:00", "2021-08-02 16:00"),
    ("2021-08-01T20:00-04:00", "2021-08-02 08:00"), ("2021/8/2 8:00Z", "2021-08-02 16:00"),
])
def test_a_stamp_with_a_zone_is_told_as_the_same_moment_in_china(raw, meant):
    said = fault(moment, raw, START)
    assert said.endswith(f"; write {meant}, which is the same moment")
    assert moment(meant, START) == moment(meant, DAY)


def test_what_looks_like_a_zone_may_be_the_end_of_a_span():
    assert fault(moment, "2021-08-02 08:00-08:15", START).endswith(
        "; write 2021-08-02 08:00 if it ends at 08:15; if -08:15 is a zone, write 2021-08-03 00:15, "
        "which is the same moment")


@pytest.mark.parametrize(("raw", "says"), [
    ("2021-08-02 08:00 CST", "; write 2021-08-02 08:00 if that is China's time"),
    ("2021-08-02 08:00 北京时间", "; write 2021-08-02 08:00 if that is China's time"),
    ("2021-08-02+08:00", "; write 2021-08-02"), ("2021-08-02Z", ""), ("2021-08-02-08:00", ""),
    ("2021/8/2 8:00 PM", "; did you mean 2021-08-02 20:00?"), ("2021/8/2 12:05 am", "; did you mean 2021-08-02 00:05?"),
    ("2021年8月2日 8:30", "; did you mean 2021-08-02 08:30?"), (20210802, "; did you mean 2021-08-02?"),
    ("2021-02-30", "; there is no such day or time"), ("2021-08-02 25:00", "; there is no such day or time"),
    ("yesterday", ""), ("8/2/2021", ""), (44410.25, ""), ("2" * 5000, ""),
])
def test_what_is_no_moment_is_told_with_what_was_meant_or_without_a_guess(raw, says):
    said = fault(moment, raw, START)
    assert said.startswith("must be a date or a moment such as 2021-08-07 08:00, got ")
    assert said.endswith((f'"{says}', f"{raw}{says}") if len(str(raw)) < 60 else '..."')


@pytest.mark.parametrize(("raw", "first", "last"), [
    ("2021-W31", "that is a week: write its first day, 2021-08-02", "that is a week: write its last day, 2021-08-08"),
    ("2021w31", "that is a week: write its first day, 2021-08-02", "that is a week: write its last day, 2021-08-08"),
    ("2021-08", "that is a month: write its first day, 2021-08-01", "that is a month: write its last day, 2021-08-31"),
    ("2020/2", "that is a month: write its first day, 2020-02-01", "that is a month: write its last day, 2020-02-29"),
    ("2021年12月", "that is a month: write its first day, 2021-12-01",
     "that is a month: write its last day, 2021-12-31"),
    ("2021-W31-2", "did you mean 2021-08-03?", "did you mean 2021-08-03?"),
    ("2021-215", "did you mean 2021-08-03?", "did you mean 2021-08-03?"),
    (2021215, "did you mean 2021-08-03?", "did you mean 2021-08-03?"),
    ("2021-366", "there is no such day or time", "there is no such day or time"),
    ("2021-W60", "there is no such day or time", "there is no such day or time"),
    ("2021-13", "there is no such day or time", "there is no such day or time"),
])
def test_a_week_or_a_month_is_not_its_first_day(raw, first, last):
    assert fault(moment, raw, START).endswith(f"; {first}")
    assert fault(moment, raw, DAY).endswith(f"; {last}")


@pytest.mark.parametrize("text", ["2021-W31", "2021-W31-2", "2021-08", "2021-215", "2021-08-02T00:00Z"])
def test_the_yaml_reader_takes_nothing_but_dates_for_dates(text):
    assert parse(f"a: {text}\n", "x").data == {"a": text}
    assert parse("a: 2021-08-02\n", "x").data == {"a": date(2021, 8, 2)}


def test_the_first_and_the_last_moment():
    assert moment("1971-01-01", START) == FIRST
    assert moment("2199-12-31", DAY) == LAST
    for raw in ("1970-12-31", "0001-01-01T00:00Z", "9999-12-31T23:00-11:00"):
        assert "must lie between the years 1971 and 2199" in fault(moment, raw, START)


def test_days():
    assert day("2021-08-02") == date(2021, 8, 2)
    assert fault(day, "2021-08-01T16:00Z").endswith("; a day is China's, from midnight to midnight")
    assert fault(day, "2021-W31").endswith("; that is a week: write its first day, 2021-08-02")
    assert fault(day, "86400") == 'must be a date such as 2021-08-07, got "86400"'


@pytest.mark.parametrize(("raw", "meant"), [
    ("00:00Z", "08:00"), ("20:30 UTC", "04:30"), ("08:00+08:00", "08:00"), ("9:00+09:00", "08:00"),
])
def test_a_time_of_day_with_a_zone_is_told_in_china(raw, meant):
    assert fault(minute_of_day, raw, FILE).endswith(f'; write "{meant}", which is the same time in China')


def test_every_moment_with_a_zone_is_told_right():
    for hour in range(24):
        for away in (*range(0, 60 * 14 + 1, 30), *range(-30, -60 * 12 - 1, -30)):
            zone = f"{'-' if away < 0 else '+'}{abs(away) // 60:02}:{abs(away) % 60:02}"
            said = fault(moment, f"2021-08-02T{hour:02}:30{zone}", START)
            [meant] = re.findall(r"write (\S+ \S+), which is the same moment", said)
            assert moment(meant, START) - timedelta(hours=8) == datetime(2021, 8, 2, hour, 30) - timedelta(minutes=away)
