"""A day's record as an ACD has it: what is read, and everything that is wrong with it at once."""
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from sim.reading.day_record import Wanted, kind_here, read_day_record
from sim.scenario.problems import ScenarioError

HEAD = "日期,时间,拨打,接通,挂断,忙音"
CITIES = {"nanjing": "nanjing", "南京": "nanjing", "Nanjing": "nanjing", "扬州": "yangzhou"}


def wanted(alone="nanjing", at=None, day=None, every=60):
    return Wanted(CITIES, alone, timedelta(minutes=every), datetime(2021, 7, 18), datetime(2021, 8, 1), day,
                  timedelta(hours=at) if at is not None else None)


def rows(hours=3, of="2021-07-24", ends="100,30,20,50", before=""):
    return [f"{before}{of},{hour:02}:00,{ends}" for hour in range(hours)]


def written(tmp_path, *lines, encoding="utf-8"):
    path = tmp_path / "day.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def faults(tmp_path, *lines, **how):
    with pytest.raises(ScenarioError) as error:
        read_day_record(written(tmp_path, *lines), wanted(**how))
    return [(one.place.line, one.place.column, str(one.message)) for one in error.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_counts_of_a_city_below_a_title_and_above_a_sum(tmp_path, encoding):
    lines = ["南京 话务日报", HEAD, *rows(), "合计,,300,90,60,150"]
    found = read_day_record(written(tmp_path, *lines, encoding=encoding), wanted())
    assert found.at == datetime(2021, 7, 24, 3)
    one = found.cities["nanjing"]
    assert one.start == datetime(2021, 7, 24)
    assert one.values == {"calls": (100,) * 3, "answered": (30,) * 3, "abandoned": (20,) * 3, "busy": (50,) * 3}


def test_a_record_that_was_made_by_an_acd():
    path = Path(__file__).parents[1] / "data" / "nanjing-day.csv"
    found = read_day_record(path, wanted(every=15, at=22))
    assert found.at == datetime(2021, 7, 24, 22)
    values = found.cities["nanjing"].values
    assert len(values["calls"]) == 88
    assert [values[kind][36] for kind in ("calls", "answered", "abandoned", "busy", "seats", "numbers")] == [
        17164, 308, 222, 16634, 108, 5859]


def test_several_cities_by_a_column(tmp_path):
    lines = ["市," + HEAD, *rows(before="南京市,"), *rows(before="扬州,", ends="5,5,0,0")]
    found = read_day_record(written(tmp_path, *lines), wanted(alone=None))
    assert {city: sum(one.values["calls"]) for city, one in found.cities.items()} == {"nanjing": 300, "yangzhou": 15}


def test_rows_without_dates_are_of_the_day_before_the_one_that_is_planned(tmp_path):
    lines = ["时间,拨打,接通", "00:00,10,5", "01:00,10,5"]
    found = read_day_record(written(tmp_path, *lines), wanted(day=date(2021, 7, 24)))
    assert found.cities["nanjing"].start == datetime(2021, 7, 24)
    assert [text for *_, text in faults(tmp_path, *lines)] == [
        "has a time of day and no date: add a column 日期, or say with --on which day is planned; 1 more like this, in "
        "line 3"]


def test_a_record_may_begin_days_before_and_is_cut_at_a_time(tmp_path):
    lines = [HEAD, *rows(24, "2021-07-23"), *rows(5)]
    assert read_day_record(written(tmp_path, *lines), wanted(at=4)).at == datetime(2021, 7, 24, 4)


@pytest.mark.parametrize(("heading", "kind"), [
    ("拨打次数", "calls"), ("接通量", "answered"), ("挂断", "abandoned"), ("放弃", "abandoned"), ("忙音", "busy"),
    ("在岗人数", "seats"), ("签入坐席", "seats"), ("号码数", "numbers"), ("新号码数", "new_numbers"), ("市", "city"),
    ("地市", "city"), ("接通率", ""), ("备注", ""), (None, "")])
def test_headings_as_halls_write_them(heading, kind):
    assert kind_here(heading) == kind


def test_all_faults_are_told_at_once_with_their_cells(tmp_path):
    found = faults(tmp_path, "市," + HEAD, "南京,2021-07-24,00:00,100,30,20,50", "南就,2021-07-24,01:00,100,30,20,50",
                   "南京,2021-07-24,02:00,-4,30,20,50", "南京,2021-07-24,03:00,100,,20,50", alone=None)
    assert [(line, column) for line, column, _ in found] == [(3, 1), (4, 3)]
    assert "南就" in found[0][2]
    assert "comes 2:00:00 after the row before" in found[1][2]


def test_cells_that_are_no_counts(tmp_path):
    found = faults(tmp_path, HEAD, "2021-07-24,00:00,-4,30,20,50", "2021-07-24,01:00,100,,20,许多")
    assert [(line, column) for line, column, _ in found] == [(2, 3), (3, 4), (3, 6)]
    assert "write 0 where there was none" in found[1][2]


@pytest.mark.parametrize(("lines", "place", "says"), [
    (["时间,数量", "00:00,5"], (1, 1), "no row of headings"),
    (["时间,拨打", "00:00,5"], (1, 1), "no column of answered calls"),
    ([HEAD + ",拨打总数", *(f"{row},1" for row in rows())], (1, 7), 'counts the same as "拨打"'),
    ([HEAD], (1, 1), "has no rows below its headings"),
    ([HEAD, *rows()[1:]], (2, 2), "begin at 00:00"),
    ([HEAD, *rows(), *rows()[2:]], (5, 2), "stands twice for nanjing, first in line 4"),
    ([HEAD, *rows(of="2021-09-01")], (4, 2), "outside the horizon"),
    ([HEAD, *rows(ends="40,30,20,50")], (1, 3), "dials include busy signals"),
    ([HEAD + ",号码数", *(f"{row},101" for row in rows(1))], (2, 7), "101 numbers made only 100 dials")])
def test_each_rule_says_where_and_what_to_do(tmp_path, lines, place, says):
    (line, column, text), *rest = faults(tmp_path, *lines)
    assert (line, column) == place
    assert says in text
    assert not rest


def test_rows_that_are_missing_up_to_the_time_that_is_asked_for(tmp_path):
    (_, _, text), = faults(tmp_path, HEAD, *rows(), at=22)
    assert "end at 2021-07-24 03:00, and 2021-07-24 22:00 is asked for" in text


def test_several_cities_need_a_column(tmp_path):
    (line, _, text), = faults(tmp_path, HEAD, *rows(), alone=None)
    assert line == 1
    assert "add a column 市" in text


def test_a_workbook_with_a_title_and_cells_that_are_times(tmp_path):
    made = openpyxl.Workbook()
    for row in (["话务日报"], ["日期", "时间", "拨打次数", "接通", "挂断", "忙音", "在岗"],
                *([date(2021, 7, 24), time(hour), 100, 30, 20, 50, 12] for hour in range(3)), ["合计", None, 300, 90]):
        made.active.append(row)
    made.save(tmp_path / "day.xlsx")
    found = read_day_record(tmp_path / "day.xlsx", wanted())
    assert found.at == datetime(2021, 7, 24, 3)
    assert found.cities["nanjing"].values["seats"] == (12,) * 3
