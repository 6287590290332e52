"""Tables as an ACD or a duty manager has them: what is understood, how it is told, and what is refused."""
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from sim.reading.exports import (
    days_of,
    incomplete,
    mean_of,
    over_the_day,
    over_the_week,
    read_export,
    spread_over,
    totals,
)
from sim.scenario.problems import ScenarioError

HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)


def book(path, *sheets):
    """A workbook of sheets: (name, rows)."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def text(path, *lines, encoding="utf-8"):
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def hours(start="2021/8/2 0:00", number=24):
    begin = datetime.strptime(start, "%Y/%m/%d %H:%M")
    return [f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02}"
            for at in (begin + k * HOUR for k in range(number))]


def test_a_title_chinese_headings_and_totals(tmp_path):
    rows = [["某市 12345 话务日报"], [], ["时间", "话务量（通）", "接通量", "接通率", "平均通话时长"],
            *([at, 10 * (k + 1), 9 * (k + 1), "90%", "3:25"] for k, at in enumerate(hours(number=3))), ["合计", 60, 54]]
    found = read_export(book(tmp_path / "a.xlsx", ("说明", [["看下一页"]]), ("话务", rows)), "calls")
    assert found.starts == tuple(datetime(2021, 8, 2, h) for h in range(3))
    assert found.step == HOUR
    assert found.values["calls"] == (10, 20, 30)
    assert found.values["answered"] == (9, 18, 27)
    assert "接通率" not in found.headings.values()
    assert mean_of(found, "talk") == 205
    assert found.left_out == ("7",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_in_any_letters(tmp_path, encoding):
    found = read_export(text(tmp_path / "a.csv", "日期,时段,呼入量", "2021-08-02,8:00-8:30,5", "2021-08-02,8:30-9:00,7",
                             encoding=encoding), "calls")
    assert found.starts == (datetime(2021, 8, 2, 8), datetime(2021, 8, 2, 8, 30))
    assert found.step == HALF_HOUR
    assert found.values["calls"] == (5, 7)


@pytest.mark.parametrize(("written", "hour", "minute"), [
    ("8:00", 8, 0), ("08:00:00", 8, 0), ("8时", 8, 0), ("8点30分", 8, 30), ("08:00-09:00", 8, 0),
    ("8：30~9：00", 8, 30), ("8", 8, 0)])
def test_times_of_day_are_those_of_every_day(tmp_path, written, hour, minute):
    found = read_export(text(tmp_path / "a.csv", "时段,座席数", f"{written},12"), "seats")
    assert not found.has_dates
    days = [date(2021, 8, 2), date(2021, 8, 3)]
    assert list(spread_over(found, "seats", days)) == [
        (datetime(2021, 8, day, hour, minute), 12) for day in (2, 3)]


@pytest.mark.parametrize(("written", "hour", "minute"), [
    ("2021/8/2 8:00", 8, 0), ("2021年8月2日 8时", 8, 0), ("2021-08-02 08:30:00", 8, 30), ("2021.8.2 8:00~8:30", 8, 0),
    ("2021-08-02T20:00", 20, 0), ("2021/8/2 2:00 PM", 14, 0), ("2021/8/2 12:15 AM", 0, 15)])
def test_moments_as_exports_write_them(tmp_path, written, hour, minute):
    found = read_export(text(tmp_path / "a.csv", "时间,来电", f"{written},5"), "calls")
    assert found.starts == (datetime(2021, 8, 2, hour, minute),)


def test_one_row_a_day_is_daily(tmp_path):
    lines = [f"2021年8月{day}日,{1000 + day}" for day in range(2, 16)]
    found = read_export(text(tmp_path / "a.csv", "日期,来电数", *lines), "calls")
    assert found.is_daily
    assert days_of(found)[0] == date(2021, 8, 2)
    assert over_the_week(found, "calls") == [1002 + day + 3.5 for day in range(7)]


def test_the_shape_of_a_day_adds_its_rows_up(tmp_path):
    lines = [f"{at},{at.split()[1].split(':')[0]}" for at in hours(number=48)]
    found = read_export(text(tmp_path / "a.csv", "时间,来电", *lines), "calls")
    assert over_the_day(found, "calls") == [2 * hour for hour in range(24)]
    assert over_the_week(found, "calls") is None


def test_a_sheet_and_columns_that_are_named(tmp_path):
    rows = [["时间", "甲", "乙"], ["8:00", 1, 2], ["9:00", 3, 4]]
    path = book(tmp_path / "a.xlsx", ("一", [["时间", "来电"], ["8:00", 9]]), ("二", rows))
    assert read_export(path, "calls", "二", {"calls": "乙"}).values["calls"] == (2, 4)
    with pytest.raises(ScenarioError, match="has no sheet 三: its sheets are 一, 二"):
        read_export(path, "calls", "三")


def test_cells_that_are_times_of_a_sheet(tmp_path):
    rows = [["时间", "来电", "平均通话时长"], *([datetime(2021, 8, 2, h), 5, timedelta(seconds=205)] for h in range(3))]
    found = read_export(book(tmp_path / "a.xlsx", ("话务", rows)), "calls")
    assert found.starts[2] == datetime(2021, 8, 2, 2)
    assert mean_of(found, "talk") == pytest.approx(205, abs=1)


@pytest.mark.parametrize(("lines", "says"), [
    (["甲,乙", "1,2"], "no row of headings with a time and"),
    (["时间,来电", "8:00,5", "8:00,6"], "a.csv:3:1: 时间: this moment stands twice, first in line 2"),
    (["时间,来电", "8:00,5", "9:00,6", "9:20,6", "10:00,6", "11:00,7"], "a.csv:4:1"),
    (["时间,来电", "早上,5"], "a.csv:2:1: 时间: must be a date or a moment"),
    (["时间,来电", "2021/2/30 8:00,5"], "there is no such day as 2021/2/30 8:00"),
    (["时间,来电", "2021/8/2 25:00,5"], "a.csv:2:1: 时间: must be a date or a moment"),
    (["时间,来电", "8:00,很多"], "a.csv:2:2: 来电: must be a number"),
    (["时间,来电"], "has no rows below its headings"),
    (["时间,来电", "8:00,5", "8:07,6", "8:14,6"], "rows are 0:07:00 apart"),
])
def test_what_is_not_understood_is_told_with_its_place(tmp_path, lines, says):
    with pytest.raises(ScenarioError) as error:
        read_export(text(tmp_path / "a.csv", *lines), "calls")
    assert says in str(error.value)


# --- what a heading says ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("heading", "written"), [
    ("平均通话时长", "180"), ("平均通话时长(分)", "3"), ("通话时长（分钟）", "3"), ("平均通话分钟", "3"),
    ("avg talk (min)", "3"), ("平均通话时长(毫秒)", "180000"), ("平均通话时长(秒)", "180"), ("通话时间（秒）", "180"),
    ("平均通话时长(分)", "3:00"), ("总通话时长", "16200"), ("总通话时长(小时)", "4.5"), ("通话总时长（分）", "270"),
])
def test_lengths_are_in_the_unit_of_their_heading_and_sums_are_divided(tmp_path, heading, written):
    rows = [f"{at},100,90,{written}" for at in hours()]
    found = read_export(text(tmp_path / "a.csv", f"时间,呼入量,接通量,{heading}", *rows), "calls")
    assert mean_of(found, "talk") == pytest.approx(180)


def test_ten_thousands(tmp_path):
    found = read_export(text(tmp_path / "a.csv", "时间,呼入量（万）", *(f"{at},0.01" for at in hours())), "calls")
    assert found.values["calls"] == pytest.approx([100] * 24)


@pytest.mark.parametrize("rows", [[f"2021/8/2 {h}:00" for h in range(1, 24)] + ["2021/8/3 0:00"],
                                  [f"{h}:00" for h in range(1, 25)]])
def test_a_time_may_be_the_end_of_its_row(tmp_path, rows):
    lines = [f"{at},{k}" for k, at in enumerate(rows)]
    found = read_export(text(tmp_path / "a.csv", "结束时间,呼入量", *lines), "calls")
    assert [start.hour for start in found.starts] == list(range(24))
    assert found.values["calls"] == tuple(range(24))


@pytest.mark.parametrize("other", ["呼出话务量", "去年呼入量", "预测来电量", "outbound calls"])
def test_calls_to_others_and_of_other_years_are_not_meant(tmp_path, other):
    rows = [f"{at},7,100" for at in hours()]
    found = read_export(text(tmp_path / "a.csv", f"时间,{other},呼入量", *rows), "calls")
    assert found.values["calls"] == (100.0,) * 24


def test_of_several_columns_one_is_named(tmp_path):
    rows = [f"{at},7,100,90,80" for at in hours()]
    file = text(tmp_path / "a.csv", "时间,人工话务量,呼入量,接通量,15秒接通量", *rows)
    with pytest.raises(ScenarioError, match="人工话务量, 呼入量 may all be meant: name one with --column calls=…"):
        read_export(file, "calls")
    found = read_export(file, "calls", None, {"calls": "呼入量"})
    assert found.values["calls"] == (100.0,) * 24
    assert found.rivals == {"answered": ["接通量", "15秒接通量"]}


def test_days_that_lack_rows_say_nothing_of_a_day(tmp_path):
    lost = [f"{at},100" for at in hours(number=24 * 3)]
    del lost[30:33]
    found = read_export(text(tmp_path / "a.csv", "时间,呼入量", *lost), "calls")
    assert incomplete(found) == [date(2021, 8, 3)]
    assert over_the_day(found, "calls") == [200] * 24
    assert totals(found, "calls") == {date(2021, 8, 2): 2400, date(2021, 8, 4): 2400}


def test_hours_in_which_nobody_ever_works_are_no_loss(tmp_path):
    rows = [f"2021/8/{day} {hour}:00,10" for day in (2, 3) for hour in range(8, 20)]
    assert incomplete(read_export(text(tmp_path / "a.csv", "时间,呼入量", *rows), "calls")) == []


@pytest.mark.parametrize(("heading", "rows", "says"), [
    ("时间,呼入量,接通量", ["8:00,100,90", "9:00,,90"], "3:2: 呼入量: is empty: write 0 where there was none"),
    ("时间,呼入量,接通量", ["8:00,100,90", "9:00,-,90"], "3:2: 呼入量: is empty"),
    ("时间,呼入量", ["8:00,100", "9:00,90", "11:00,90", "12:00,90"],
     "4:1: 时间: no row stands between 09:00 and 11:00"),
    ("时间,呼入量,接通量", ["8:00,100,190", "9:00,100,90"], "1:3: 接通量: more calls are answered than come"),
])
def test_rows_that_can_not_be(tmp_path, heading, rows, says):
    with pytest.raises(ScenarioError, match=says):
        read_export(text(tmp_path / "a.csv", heading, *rows), "calls")


def test_what_a_workbook_does_not_show_is_not_read(tmp_path):
    rows = [["时间", "话务量", "呼入量"], *([at, 9, 100] for at in hours())]
    path = book(tmp_path / "a.xlsx", ("话务", rows))
    made = openpyxl.load_workbook(path)
    made.active.column_dimensions["B"].hidden = True
    made.save(path)
    assert read_export(path, "calls").values["calls"] == (100.0,) * 24
    made.active.row_dimensions[9].hidden = True
    made.save(path)
    with pytest.raises(ScenarioError, match=r"9:1 \(A9\): this row is hidden"):
        read_export(path, "calls")


def test_of_two_sheets_one_is_named(tmp_path):
    rows = [["时间", "呼入量"], *([at, 100] for at in hours())]
    path = book(tmp_path / "a.xlsx", ("上周", rows), ("本周", rows))
    with pytest.raises(ScenarioError, match="has several sheets with such a table, 上周, 本周: name one with --sheet"):
        read_export(path, "calls")
    assert len(read_export(path, "calls", "本周").starts) == 24
