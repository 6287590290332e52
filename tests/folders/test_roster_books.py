"""What a roster's workbook says beside the sheet that is read back: the wall, people's own sheets, and colours."""
from datetime import date, datetime
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest

from optimizer.staffing.rosters.problem import Duty, Person, Problem
from sim.scenario.people import Break, Shift
from sim.scenario.quantities import plain
from surgeline.folders import roster_book
from surgeline.folders.roster_rows import Beside, ChangeOfBook, Listed, RosterBook, Row, ShiftOfBook
from surgeline.folders.roster_wall import paper_for
from surgeline.folders.shift_words import end, handing_over, meal
from surgeline.folders.staffed_scenario import group_names
from surgeline.folders.staffing_changes import surge_cells

DATES = tuple(date(2021, 9, 28 + i) if i < 3 else date(2021, 10, i - 2) for i in range(6))
SHIFTS = (ShiftOfBook("早①", "07:00", "15:45", "10:00–10:30", 8.25, False, "早", 15),
          ShiftOfBook("早②", "07:00", "15:45", "11:00–11:30", 8.25, False, "早", 15),
          ShiftOfBook("早", "07:00", "15:30", "10:00–12:30", 8.0, False, "早"),
          ShiftOfBook("中①", "14:00", "22:30", "17:00–17:30", 8.0, False, "中"),
          ShiftOfBook("夜", "22:00", "07:00", "", 8.0, True, "夜"))
ROWS = (Row("王一", "全职", ("早", "夜", "早①", "早②", "休", "中①"),
            said={"leads": True, "overtime": 12.0, "nights": 3, "number": "0012", "phone": "13800000000"},
            group_en="full time"),
        Row("李二", "全职", ("早", "休", "夜", "休", "早①", "休"), group_en="full time"))
BESIDE = (Beside("王一", date(2021, 10, 2), "call_in", "14:00", "22:30", 8.0,
                 tell_by=datetime(2021, 10, 2, 12, 0), note="激增 surge"),
          Beside("李二", date(2021, 10, 3), "standby", "18:00", "24:00"),
          Beside("李二", date(2021, 10, 2), "lent", "07:00", "15:00", place="小村 第 1 席 seat 1"),
          Beside("李二", date(2021, 10, 2), "stays", "15:45", "17:45", 2.0, tell_by=datetime(2021, 10, 2, 15, 45)))
CALENDAR = {date(2021, 10, 1): "holiday", date(2021, 10, 2): "day_off", date(2021, 10, 3): "workday"}
CHANGE = ChangeOfBook("王一", date(2021, 10, 1), "休", "", "早②", "07:00–15:45", 8.25, 0, 31.0)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """From 30 September on it is planned; two days were before."""
    path = tmp_path_factory.mktemp("book") / "roster.xlsx"
    roster_book.write(RosterBook("小城 & Co", DATES, SHIFTS, ROWS, 2, beside=BESIDE, calendar=CALENDAR,
                                 surge_changes=(CHANGE,)), path)
    return openpyxl.load_workbook(path, rich_text=False)


def lines(sheet):
    return [tuple("" if cell is None else cell for cell in row) for row in sheet.iter_rows(values_only=True)]


def line_of(sheet, word):
    """The first line that begins with a word."""
    return next(i for i, row in enumerate(lines(sheet), 1) if str(row[0]).startswith(word))


def fill(cell):
    return cell.fill.fgColor.rgb[-6:]


# --- a person's own sheet --------------------------------------------------------------------------------------------

def test_the_sum_on_a_persons_sheet_is_that_of_the_lines_above_it(book):
    sheet = book["王一"]
    end_of_days = line_of(sheet, "推演期内（")
    assert [row[0].date() for row in lines(sheet)[3:end_of_days - 1]] == list(DATES[2:])
    hours = [row[6] for row in lines(sheet)[3:end_of_days - 1]]
    assert hours == [8.25, 8.25, 0.0, 8.0]
    assert lines(sheet)[end_of_days - 1][:7:6] == ("推演期内（9/30–10/3）工时 hours", sum(hours))
    assert lines(sheet)[end_of_days][6] == 0     # the night was before


def test_what_was_before_stands_apart_and_grey(book):
    sheet = book["王一"]
    before = line_of(sheet, "推演期以前")
    assert before > line_of(sheet, "推演期内（")
    assert [(row[0].date(), row[2]) for row in lines(sheet)[before + 1:]] == [(DATES[0], "早"), (DATES[1], "夜")]
    assert sheet.cell(before + 2, 3).font.color.rgb[-6:] == "7B8794"


def test_everybody_sees_calls_standby_and_lent_seats_on_the_own_sheet(book):
    first, second = (lines(book[name]) for name in ("王一", "李二"))
    at = line_of(book["王一"], "另有安排")
    assert first[at + 1][:1] + first[at + 1][2:9] == (
        datetime(2021, 10, 2), "从休班调回 called in on a day off", "14:00", "22:30", 8, "本市 own city",
        datetime(2021, 10, 2, 12), "激增 surge")
    at = line_of(book["李二"], "另有安排")
    assert [(row[0].date(), row[3], row[4]) for row in second[at + 1:at + 4]] == [
        (date(2021, 10, 2), "07:00", "15:00"), (date(2021, 10, 2), "15:45", "17:45"),
        (date(2021, 10, 3), "18:00", "24:00")]
    assert second[at + 1][6] == "小村 第 1 席 seat 1"
    assert second[at + 4][5] == 2.0
    of_days = {row[0].date(): row[8] for row in second[3:7]}
    assert of_days[date(2021, 10, 2)] == "援07:00–15:00\n延15:45–17:45"


def test_handing_over_is_said_on_sheets_that_have_it(book):
    assert any("含交接班 15 分钟" in str(row[0]) for row in lines(book["王一"]))
    rows = {row[0]: row[1:] for row in lines(book["班次 shifts"])}
    assert rows["早①"] == ("07:00", "15:45", "10:00–10:30", 8.25, 15)
    assert rows["早"][-1] == 0


# --- the wall --------------------------------------------------------------------------------------------------------

def test_the_wall_shows_what_is_planned_and_whom_it_concerns(book):
    wall = book["张贴 wall"]
    rows = lines(wall)
    assert rows[2][:7] == ("姓名 name", "组 group", "9/29\n三", "9/30\n四", "10/1\n五 节", "10/2\n六 调休",
                           "10/3\n日 班")
    assert rows[3][:7] == ("王一★", "全职", "夜", "早①", "早②", "休\n调14:00–22:30", "中①")
    assert rows[4][5:7] == ("早①\n援07:00–15:00\n延15:45–17:45", "休\n备18:00–24:00")
    assert not {"本月加班", "夜班结余"} & {str(cell) for row in rows for cell in row}
    assert [fill(wall.cell(3, column)) for column in (3, 4, 5, 6, 7)] == [
        "9AA5B1", "0B3A5D", "B91C1C", "B45309", "0B3A5D"]


def test_times_of_each_shift_stand_below_the_table(book):
    rows = lines(book["张贴 wall"])[line_of(book["张贴 wall"], "班次"):]
    said = [(row[0], row[1]) for row in rows]
    assert said[:3] == [
        ("早", "07:00–15:45；8.25 小时 h；用餐 meal ① 10:00–10:30  ② 11:00–11:30；含交接班 15 分钟 handover included"),
        ("中", "14:00–22:30；8 小时 h；用餐 meal ① 17:00–17:30"), ("夜", "22:00–07:00；8 小时 h")]
    assert {mark for mark, _ in said[3:]} == {"调", "延", "备", "援", "★", "节", "调休", "班"}


def test_no_two_kinds_of_shift_look_the_same(book):
    sheet = book["班次 shifts"]
    colours = {sheet.cell(line, 1).value: fill(sheet.cell(line, 1)) for line in range(2, 7)}
    assert colours["早①"] == colours["早②"] == colours["早"]
    assert len({colours[code] for code in ("早", "中①", "夜")}) == 3


def test_many_kinds_still_differ(tmp_path):
    shifts = tuple(ShiftOfBook(f"白{i:02}00", f"{i:02}:00", "23:00", "", 8.0, i > 18) for i in range(24))
    roster_book.write(RosterBook("t", DATES, shifts, ROWS), tmp_path / "many.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "many.xlsx")["班次 shifts"]
    assert len({fill(sheet.cell(line, 1)) for line in range(2, 26)}) == 24


@pytest.mark.parametrize(("width", "paper"), [(100, (9, 1)), (200, (8, 1)), (500, (8, 3))])
def test_paper_is_as_large_as_it_takes_to_read_it(width, paper):
    assert paper_for(width) == paper


def test_a_day_before_without_nights_is_not_on_the_wall(tmp_path):
    rows = (Row("王一", "全职", ("早", "早", "早①", "早②", "休", "中①")),)
    roster_book.write(RosterBook("t", DATES, SHIFTS, rows, 2), tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert lines(book["张贴 wall"])[2][2] == "9/30\n四"


# --- the first sheet and the tables ----------------------------------------------------------------------------------

def test_the_first_sheet_holds_codes_only_and_steps_back_before_the_horizon(book):
    sheet = book.worksheets[0]
    assert lines(sheet)[0][:5] == ("姓名", "组", "组长", "本月加班", "夜班结余")
    assert [row[7:] for row in lines(sheet)[1:]] == [row.codes for row in ROWS]
    assert [fill(sheet.cell(1, column)) for column in range(8, 14)] == [
        "9AA5B1", "9AA5B1", "0B3A5D", "B91C1C", "B45309", "0B3A5D"]
    assert (sheet.sheet_view.pane.xSplit, sheet.sheet_view.pane.topLeftCell) == (7, "J2")


def test_what_people_are_told_together_counts_the_days_planned(book):
    rows = lines(book["每人 people"])
    assert rows[2][5] == "休息日结余 balance of days of rest"
    assert rows[3][:4] == ("王一", "全职 full time", 24.5, 0)
    assert rows[3][9:11] == (1, 8.0)
    assert rows[4][9:11] == (3, 2.0)
    assert book["每人 people"].cell(3, 5).alignment.wrap_text


def test_counts_are_by_shift_whenever_its_meal_is(book):
    rows = lines(book["每日人数 counts"])
    assert rows[0] == ("日期 date", "早", "中", "夜", "休", "假", "上班合计 at work", "另召 called besides")
    assert [row[1:] for row in rows[1:]] == [(2, 0, 0, 0, 0, 2, 0), (0, 0, 1, 1, 0, 1, 0), (1, 0, 1, 0, 0, 2, 0),
                                             (1, 0, 0, 1, 0, 1, 0), (1, 0, 0, 1, 0, 1, 2), (0, 1, 0, 1, 0, 1, 0)]


def test_what_a_surge_changes_has_a_sheet(book):
    assert lines(book["激增改班 surge changes"])[1][:7] == (
        "王一", datetime(2021, 10, 1), "五", "休", "", "早②", "07:00–15:45")
    assert "变动 changes" not in book.sheetnames


def test_a_surge_changes_shifts_and_not_the_times_of_meals():
    """By hand: from early to off, and a night instead of nothing; early at another meal is early."""
    duties = (Duty("早①", 420, 510, 480), Duty("早②", 420, 510, 480), Duty("夜", 1320, 540, 480, night=True))
    problem = Problem(3, duties, (Person("王一", "full"), Person("李二", "full")), ())
    before, after = (np.array(rows) for rows in ([[0, 0, -1], [-1, -1, -1]], [[0, 1, 2], [-1, -1, -1]]))
    found = SimpleNamespace(scenario=SimpleNamespace(horizon=SimpleNamespace(start=datetime(2021, 8, 2))))
    of = SimpleNamespace(problem=problem, before=before, solved=SimpleNamespace(roster=after))
    [one] = surge_cells(found, 1440 + 720, of)
    assert one == {"name": "王一", "day": date(2021, 8, 3), "before": "休", "before_time": "", "after": "夜",
                   "after_time": "22:00–07:00", "hours": 8.0, "nights": 1, "notice_h": 34.0}
    assert list(surge_cells(found, None, of)) == []
    assert list(surge_cells(found, 0, SimpleNamespace(before=None))) == []


# --- words -----------------------------------------------------------------------------------------------------------

def test_a_shift_with_nothing_but_a_handover_has_no_meal():
    over = Break(length=plain(900.0, "s"), window=(plain(8.0, "h"), plain(8.25, "h")))
    shift = Shift(start=480, hours=plain(8.25, "h"), breaks=(over,))
    assert (meal(shift), end(shift), handing_over(shift)) == ("", "16:15", 15)
    lunch = Break(length=plain(1800.0, "s"), window=(plain(3.0, "h"), plain(5.0, "h")), paid=False)
    assert meal(shift.model_copy(update={"breaks": (lunch, over)})) == "11:00–13:00"
    assert handing_over(shift.model_copy(update={"breaks": (lunch,)})) == 0


def test_groups_go_by_names_that_tell_them_apart():
    """Two of the same name, and one whose name is another's key, go by their keys: the sheet is read back."""
    def called(zh, en):
        return SimpleNamespace(name=SimpleNamespace(zh=zh, en=en))
    groups = {"full": called("全职", "full time"), "a": called("早班", "a"), "b": called("早班", "b"),
              "night": called("full", "nights"), "plain": SimpleNamespace(name=None)}
    scenario = SimpleNamespace(workforce=lambda _: SimpleNamespace(groups=groups))
    assert group_names(scenario, "town") == {
        "full": ("全职", "full time"), "a": ("a", ""), "b": ("b", ""), "night": ("night", ""), "plain": ("plain", "")}


# --- by what people are found ----------------------------------------------------------------------------------------

def test_the_sheet_that_is_read_back_keeps_staff_numbers_and_phones_as_text(book):
    heads, first, second = lines(book["排班表"])[:3]
    column = {head: i for i, head in enumerate(heads)}
    assert [first[column[head]] for head in ("工号", "电话")] == ["0012", "13800000000"]
    assert [second[column[head]] for head in ("工号", "电话")] == ["", ""]


def test_a_list_has_phones_where_anybody_on_it_has_one():
    one = Listed("名单", ("日期 date", "姓名 name"), ((DATES[0], "王一"), (DATES[0], "李二")))
    assert one.with_phones({"张三": "1"}) == one
    both = one.with_phones({"李二": "2"})
    assert (both.heads[-1], both.rows) == ("电话 phone", ((DATES[0], "王一", ""), (DATES[0], "李二", "2")))


def test_a_phone_stands_beside_the_name():
    heads = ("日期 date", "从 from", "姓名 name", "小时 hours", "原因 why")
    one = Listed("名单", heads, ((DATES[0], "07:30", "王一", 2.0, "激增"),)).with_phones({"王一": "138"})
    assert one.heads == ("日期 date", "从 from", "姓名 name", "电话 phone", "小时 hours", "原因 why")
    assert one.rows == ((DATES[0], "07:30", "王一", "138", 2.0, "激增"),)


def test_a_column_of_a_list_is_as_wide_as_what_it_holds():
    how = ["从休班调回 called in on a day off", "延后下班 stays on"]
    assert roster_book.width_of("方式 how", how) == 10 + 23 + 2
    assert roster_book.width_of("加班（小时）hours more", ["3.0"]) == 22 / roster_book.TWO_LINES + 2
    assert roster_book.width_of("席 seat", ["4"]) == roster_book.NARROWEST_LIST + 2
    assert roster_book.width_of("原因 why", ["字" * 40]) == roster_book.WIDEST_LIST     # and wraps
