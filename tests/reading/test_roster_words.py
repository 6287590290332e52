"""What is meant in a roster however it is written: days without a year, codes in wide letters, names with blanks,
merged cells; and what could mean anything."""
from datetime import date

import beside
import pytest
from beside import HEAD, told, workbook

from sim.reading.loading import load

write = beside.write
EAST = HEAD + """levers: ~
variants: ~
surges: ~
lending: ~
horizon: {start: 2021-12-31, end: 2022-01-01}
shifts: {coded: [{start: "08:00", hours: 8, code: A}, {start: "16:00", hours: 8, code: B1}]}
people:
  east:
    groups: {full: {name: {zh: 全职, en: full time}, shifts: coded}, other: {people: 3, contract: reserve}}
    roster: {table: roster.csv}
"""
DAYS = (date(2021, 12, 31), date(2022, 1, 1))


def roster(write, text):
    write("roster.csv", text)
    return load(write("mine.yaml", EAST)).people["east"].roster


@pytest.mark.parametrize("days", ["12/31,1/1", "12月31日,1月1日", "12-31,01-01", "12月31日 周五,1月1日 星期六",
                                  "12/31(五),1/1（六）", "12.31,1.1", "31号,1号",
                                  "12月31号 周五,1日（六）", "2021/12/31,2022.1.1", "2021-12-31(五),2022年1月1日 周六",
                                  "１２／３１,１月１日"])
def test_days_are_read_in_many_forms_and_take_the_year_of_the_horizon(write, days):
    assert roster(write, f"姓 名,组别,{days}\n王一,全职,A,A\n").dates == DAYS


@pytest.mark.parametrize(("days", "fault"), [
    ("12月31日 周四,1月1日", "roster.csv:1:3: 12月31日 周四: 2021-12-31 is a Friday: write the day with its year, "
                         "such as 2021-07-18"),
    ("31,1", 'roster.csv:1:3: 31: "31" is no date such as 2021-07-18, nor 姓名 (name), 组 (group)'),
    ("13/32,2/30", 'roster.csv:1:4: 2/30: "2/30" is no date'),
    ("周五,周六", 'roster.csv:1:3: 周五: "周五" is no date'),
    ("12/31,2021-12-31", "roster.csv:1:4: 2021-12-31: stands here twice"),
])
def test_days_that_cannot_be_told_are_refused(write, days, fault):
    write("roster.csv", f"姓名,组,{days}\n王一,全职,A,A\n")
    assert any(one.startswith(fault) for one in told(write("mine.yaml", EAST)))


def test_a_number_beyond_all_days_is_no_date(write):
    """In a workbook days are numbers; this one is as large as no calendar."""
    workbook("roster.xlsx", [["姓名", "组", 20211231, 1e17], ["王一", "全职", "A", "A"]])
    problems = told(write("mine.yaml", EAST.replace(".csv", ".xlsx")))
    assert [one for one in problems if ":1:4 (D1): " in one and "\"100000000000000000\" is no date" in one]
    assert not [one for one in problems if ":1:3:" in one]


@pytest.mark.parametrize(("cells", "codes"), [
    ("a,Ｂ１", ("A", "B1")), ("A ,b 1", ("A", "B1")), ("　A,B１", ("A", "B1")), ("休 息,ＯＦＦ", ("休", "休")),
    ("请 假,Leave ", ("假", "假"))])
def test_codes_are_read_in_wide_letters_in_either_case_and_with_blanks(write, cells, codes):
    first, _ = roster(write, f"姓名,组,12/31,1/1\n王一,全职,{cells}\n李二,全职,A,A\n").rows
    assert first.codes == codes


def test_a_code_that_two_shifts_could_mean_is_unknown(write):
    text = EAST.replace("code: B1", "code: a1").replace("code: A}", "code: A1}")
    write("roster.csv", "姓名,组,12/31,1/1\n王一,全职,Ａ１,a1\n")
    assert '"Ａ１" is no shift: known are A1, a1' in told(write("mine.yaml", text))[0]


def test_names_lose_blanks_that_only_fill_a_column(write):
    rows = roster(write, "姓名,组,12/31,1/1\n王　一,全职,A,A\n Li  Wei ,全职,A,A\n").rows
    assert [one.name for one in rows] == ["王一", "Li Wei"]


@pytest.mark.parametrize("names", [("张三", "张 三"), ("Ａnn", "Ann"), ("Ann Li", "ann  li"), ("张　三", "张三 ")])
def test_names_that_are_likely_of_one_person_are_refused(write, names):
    write("roster.csv", "姓名,组,12/31,1/1\n" + "".join(f"{name},全职,A,A\n" for name in names))
    [fault] = told(write("mine.yaml", EAST))
    assert fault.startswith("roster.csv:3:1: 姓名: ")
    assert "stands twice, first in line 2" in fault


@pytest.mark.parametrize(("text", "hint"), [
    ("姓名;组;12/31;1/1\n王一;全职;A;A\n", "; put commas between the columns"),
])
def test_where_the_names_of_the_columns_are_is_said(write, text, hint):
    write("roster.csv", text)
    assert told(write("mine.yaml", EAST))[0].endswith(hint)


def test_gb_18030_is_read_as_chinese_sheets_save_it(write):
    [row] = roster(write, "姓名,组,12月31日,1月1日\n王一,全职,A,假\n".encode("gb18030")).rows
    assert (row.name, row.codes) == ("王一", ("A", "假"))


# --- merged cells ----------------------------------------------------------------------------------------------------

ROWS = [["姓名", "组", DAYS[0], DAYS[1]], ["王一", "全职", "A", "A"], ["李二", None, "B1", "休"],
        ["张三", "全职", "A", "B1"]]


def merged(write, *areas, rows=ROWS):
    workbook("roster.xlsx", rows, change=lambda book: [book.active.merge_cells(area) for area in areas])
    return write("mine.yaml", EAST.replace(".csv", ".xlsx"))


def test_a_group_that_is_merged_holds_for_all_its_rows(write):
    rows = load(merged(write, "B2:B3")).people["east"].roster.rows
    assert [(one.name, one.group) for one in rows] == [("王一", "full"), ("李二", "full"), ("张三", "full")]


@pytest.mark.parametrize(("area", "place"), [
    ("C2:D2", "2:3 (C2): 2021-12-31"), ("C2:C3", "2:3 (C2): 2021-12-31"), ("A2:A3", "2:1 (A2): 姓名"),
    ("B2:C3", "2:2 (B2): 组"), ("C1:D1", "1:3 (C1): ")])
def test_what_is_merged_across_people_or_days_is_refused(write, area, place):
    problems = told(merged(write, area))
    assert any(one.startswith(f"roster.xlsx:{place}") and
               f"{area} are merged: part them, and write in each cell what holds there" in one for one in problems)


def test_what_is_merged_beside_the_roster_matters_not(write):
    rows = [[*row, *extra] for row, extra in zip(ROWS, (["备注"], ["x"], [None], [None]), strict=True)]
    assert len(load(merged(write, "B2:B3", "E2:E3", rows=rows)).people["east"].roster.rows) == 3


# --- what is nobody's ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "fault"), [
    ('姓名,组,12/31,1/1\n"王一,全职,A,A\n李二,全职,A,A\n', "roster.csv:3:1: 姓名: has a line break within"),
    ("姓名,组,12/31,1/1\n王一,全职,A,A\n合 计：2 人,全职,A,\n", 'roster.csv:3:1: 姓名: "合计:2 人" is no person'),
    ("姓名,组,12/31,,1/1\n王一,全职,A,B1,A\n", "roster.csv:2:4: stands below no heading: write its day there, or 备注"),
])
def test_what_is_of_nobody_or_of_no_day_is_refused(write, text, fault):
    write("roster.csv", text)
    assert told(write("mine.yaml", EAST))[0].startswith(fault)


def test_columns_without_a_heading_may_be_empty(write):
    [row] = roster(write, "姓名,组,12/31,,1/1,\n王一,全职,A, ,B1,\n").rows
    assert row.codes == ("A", "B1")
