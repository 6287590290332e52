"""Rosters as duty managers keep them: everyday words, titles, rows of weekdays and totals, columns beside the days."""
from datetime import date, datetime

import beside
import pytest
from beside import told, workbook
from test_roster_words import DAYS, EAST

from sim.reading.loading import load, with_places
from sim.reading.roster_days import Span, day_written, days_of_a_month
from surgeline.locale import in_lang

write = beside.write
HEADS = "姓名,组,12/31,1/1\n"


def rows(write, text):
    write("roster.csv", text)
    return load(write("mine.yaml", EAST)).people["east"].roster.rows


def notices(name):
    return [str(one) for one in with_places(name)[1].notices]


# --- cells -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("word", ["公休", "调休", "补休", "轮休", "—", "－", "–", "——", "/", "定调休"])
def test_words_for_a_day_off(write, word):
    [row] = rows(write, f"{HEADS}王一,全职,{word},A\n")
    assert (row.codes, row.free) == (("休", "A"), ())


@pytest.mark.parametrize("word", ["年假", "病假", "事假", "产假", "婚假", "丧假", "探亲假"])
def test_words_for_leave(write, word):
    [row] = rows(write, f"{HEADS}王一,全职,{word},A\n")
    assert row.codes == ("假", "A")


def test_an_empty_cell_is_not_decided(write):
    [row] = rows(write, f"{HEADS}王一,全职,,A\n")
    assert row.free == (0,)


def test_unknown_words_are_told_once_each_with_all_their_cells(write):
    write("roster.csv", f"{HEADS}王一,全职,培训,A\n李二,全职,A,培训\n张三,全职,培训,会议\n")
    assert told(write("mine.yaml", EAST)) == [
        'roster.csv:2:3: 12/31: "培训" is no shift: known are A, B1, 休 (off) and 假 (leave); in 3 cells: C2, D3, C4, '
        "the first of 王一", 'roster.csv:4:4: 1/1: "会议" is no shift: known are A, B1, 休 (off) and 假 (leave)']


@pytest.mark.parametrize(("cell", "fault"), [
    ("备班", '"备班" is no shift: who is on standby is planned beside the roster, by staffing.standby; write 休 (off)'),
    ("定", '"定" says that a day stays as it is, and not what it is: write a code, 休 (off) or 假 (leave) behind it'),
    ("!", '"!" says that a day stays as it is'), ("fixed", '"fixed" says that a day stays as it is'),
    ("愿", '"愿" is no wish: after 愿 (wish)'), ("休 愿早早", '"愿早早" is no wish')])
def test_what_lacks_is_said(write, cell, fault):
    write("roster.csv", f"{HEADS}王一,全职,A,{cell}\n")
    [problem] = told(write("mine.yaml", EAST))
    assert problem.startswith(f"roster.csv:2:4: 1/1: {fault}")


@pytest.mark.parametrize(("cell", "code", "fixed", "wish"), [
    ("休 愿休", "休", (), ("休", True)), ("A 愿A", "A", (), ("A", True)), ("B1 愿休", "B1", (), ("休", True)),
    ("!A 不夜", "A", (1,), ("夜", False)), ("off wish off", "休", (), ("休", True)),
    ("A　不B1", "A", (), ("B1", False)),
    ("A not B1", "A", (), ("B1", False))])
def test_a_day_that_is_laid_down_may_have_a_wish(write, cell, code, fixed, wish):
    [row] = rows(write, f"{HEADS}王一,全职,A,{cell}\n")
    assert (row.codes, row.free, row.fixed) == (("A", code), (), fixed)
    assert [(one.day, one.what, one.wanted) for one in row.wishes] == [(1, *wish)]


# --- the time of meals -----------------------------------------------------------------------------------------------

MEALS = EAST.replace("""{start: "08:00", hours: 8, code: A}""", ", ".join(
    f"""{{start: "08:00", hours: 8, code: A{mark}, breaks: [{{length: 30 min, window: [{at}, {at + 1}]}}]}}"""
    for mark, at in zip("①②③", (3, 4, 5), strict=True)))


def test_who_has_a_code_without_its_mark_goes_to_meals_in_turn(write):
    write("roster.csv", f"{HEADS}王一,全职,A,愿A\n李二,全职,A,!A\n张三,全职,A②,A 愿休\n赵四,全职,a,\n钱五,全职,A,\n")
    found = load(write("mine.yaml", MEALS)).people["east"].roster.rows
    assert [row.codes for row in found] == [("A①", "休"), ("A②", "A①"), ("A②", "A②"), ("A③", "休"), ("A①", "休")]
    assert [(row.wishes[0].what) for row in found if row.wishes] == ["A", "休"]
    assert found[1].fixed == (1,)


def test_codes_that_differ_by_the_time_of_meals_are_shown_as_one(write):
    write("roster.csv", f"{HEADS}王一,全职,C,A\n")
    assert "known are A, B1, 休 (off)" in told(write("mine.yaml", MEALS))[0]


def test_a_code_without_its_mark_is_unknown_where_the_shifts_differ_otherwise(write):
    write("roster.csv", f"{HEADS}王一,全职,A,A①\n")
    [problem] = told(write("mine.yaml", MEALS.replace('"08:00", hours: 8, code: A②', '"09:00", hours: 8, code: A②')))
    assert '"A" is no shift: known are A①, A②, A③, B1' in problem


# --- days ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "before", "day"), [
    ("8.2", None, date(2021, 8, 2)), ("8.1", date(2021, 8, 9), date(2021, 8, 10)), ("8.1", None, date(2021, 8, 1)),
    ("8.2", date(2021, 8, 19), date(2021, 8, 20)), ("8.3", date(2021, 8, 2), date(2021, 8, 3)),
    ("10/1", None, date(2021, 10, 1)), ("8月2日", None, date(2021, 8, 2)), ("8月2号", None, date(2021, 8, 2)),
    ("8/32", None, None), ("八月二日", None, None)])
def test_a_day_without_its_year(text, before, day):
    found = day_written(text, date(2021, 7, 1), before)
    assert (found and found.day) == day


@pytest.mark.parametrize(("numbers", "first", "last", "days"), [
    ((30, 31, 1, 2), date(2021, 8, 1), date(2021, 8, 2), ("2021-07-30", "2021-07-31", "2021-08-01", "2021-08-02")),
    ((1, 2, 31), date(2021, 8, 1), date(2021, 8, 31), ("2021-08-01", "2021-08-02", "2021-08-31")),
    ((26, 25), date(2021, 12, 26), date(2022, 1, 25), ("2021-12-26", "2022-01-25")),
    ((31,), date(2021, 6, 1), date(2021, 6, 30), ()), ((5,), date(2021, 6, 5), date(2021, 6, 5), ("2021-06-05",))])
def test_days_by_their_number_are_those_of_the_horizon(numbers, first, last, days):
    found = days_of_a_month([f"{number}号" for number in numbers], Span(first, last))
    assert tuple(str(one.day) for one in found.values()) == days


def test_a_sheet_keeps_the_tenth_as_a_number(write):
    text = EAST.replace("start: 2021-12-31, end: 2022-01-01", "start: 2022-01-09, end: 2022-01-10")
    workbook("roster.xlsx", [["姓名", "组", 1.8, 1.9, 1.1], ["王一", "全职", "休", "A", "B1"]])
    roster = load(write("mine.yaml", text.replace(".csv", ".xlsx"))).people["east"].roster
    assert roster.dates == tuple(date(2022, 1, day) for day in (8, 9, 10))


# --- rows and columns beside -----------------------------------------------------------------------------------------

WALL = [["十二月排班表", None, None, None], ["制表：办公室", None, None, None],
        ["姓名", "组", datetime(2021, 12, 31), datetime(2022, 1, 1)], [None, None, "星期五", "六"],
        ["王一", "全职", "A", "A"], ["李二", "全职", "A", "休"], ["合计", None, 2, 1],
        ["备注：以通知为准", None, None, None]]


def test_titles_weekdays_totals_and_notes_are_left_out_and_said(write):
    areas = ("A1:D1", "A3:A4", "B3:B4", "A7:B7", "A8:D8")
    workbook("roster.xlsx", WALL, [["班次", "时间"], ["A", "8-16"]], change=lambda book: [
        book.worksheets[0].merge_cells(area) for area in areas])
    name = write("mine.yaml", EAST.replace(".csv", ".xlsx"))
    roster = load(name).people["east"].roster
    assert (roster.dates, [(row.name, row.codes) for row in roster.rows]) == (
        DAYS, [("王一", ("A", "A")), ("李二", ("A", "休"))])
    assert notices(name) == [
        "roster.xlsx:1:1 (A1): what stands above line 3 is left out: that line names the columns",
        "roster.xlsx:4:1 (A4): has the weekdays, and is left out",
        "roster.xlsx:7:1 (A7): totals and notes are left out: 7-8"]


def test_a_sheet_may_show_its_days_once_more_as_weekdays(write):
    workbook("roster.xlsx", [["姓名", "组", *DAYS], [None, None, *DAYS], ["王一", "全职", "A", "A"]])
    name = write("mine.yaml", EAST.replace(".csv", ".xlsx"))
    assert notices(name) == ["roster.xlsx:2:1 (A2): has the weekdays, and is left out"]


@pytest.mark.parametrize("names", ["Fri,Sat", "周五,周六", "星期五,星期六", "五,六", "Friday,saturday"])
def test_weekdays_are_known_in_many_forms(write, names):
    [row] = rows(write, f"{HEADS}星期,,{names}\n王一,全职,A,A\n")
    assert row.name == "王一"


def test_a_weekday_that_the_day_is_not_is_refused(write):
    write("roster.csv", f"{HEADS},,五,日\n王一,全职,A,A\n")
    assert told(write("mine.yaml", EAST)) == [
        "roster.csv:2:4: 1/1: 2022-01-01 is a Saturday: write the day with its year, such as 2021-07-18"]


@pytest.mark.parametrize(("row", "left"), [
    ("合计,,,2,1", 1), ("31,早班人数,,2,1", 1), (",,备注：见通知,,", 1), ("3,Summer,全职,A,A", 2),
    ("3,张三,全职,A,A", 2)])
def test_totals_are_known_by_the_name_and_what_stands_before(write, row, left):
    assert len(rows(write, f"序号,姓名,组,12/31,1/1,备注\n1,王一,全职,A,A,合计 2 天\n{row}\n")) == left


def test_a_person_whose_row_has_codes_is_no_total(write):
    write("roster.csv", f"{HEADS}总计,全职,A,A\n")
    assert '"总计" is no person' in told(write("mine.yaml", EAST))[0]


@pytest.mark.parametrize("head", ["序号", "合计", "备注", "No."])
def test_columns_that_a_roster_does_not_need(write, head):
    write("roster.csv", f"姓名,{head},组,12/31,1/1\n王一,13800000000,全职,A,A\n")
    name = write("mine.yaml", EAST)
    assert (load(name).people["east"].roster.rows[0].codes, notices(name)) == (("A", "A"), [])


def test_all_of_it_is_said_in_chinese(write):
    write("roster.csv", "排班表\n" + HEADS + ",,五,六\n王一,全职,A,A\n合计,,1,1\n")
    said = [in_lang(one.message, "zh") for one in with_places(write("mine.yaml", EAST))[1].notices]
    assert said == ["第 2 行才是列名：上面的标题已略去", "这一行是星期，已略去", "合计行与备注行已略去：第 5 行"]


@pytest.mark.parametrize(("heads", "cells", "number", "phone"), [
    ("工号,电话", "0012,13800000000", "0012", "13800000000"),
    ("Staff number,Mobile", ",+86 25 12345", None, "+86 25 12345"),
    ("手 机,员工编号（2021）", "138,N7", "N7", "138")])
def test_staff_numbers_and_phones_are_kept(write, heads, cells, number, phone):
    write("roster.csv", f"姓名,{heads},组,12/31,1/1\n王一,{cells},全职,A,A\n")
    row = load(write("mine.yaml", EAST)).people["east"].roster.rows[0]
    assert (row.number, row.phone, row.codes) == (number, phone, ("A", "A"))


def test_a_second_phone_is_left_out_and_that_is_said(write):
    write("roster.csv", "姓名,电话,手机,组,12/31,1/1\n王一,1,2,全职,A,A\n")
    name = write("mine.yaml", EAST)
    assert load(name).people["east"].roster.rows[0].phone == "1"
    assert notices(name) == ['roster.csv:1:1: "手机" is left out, as "电话" stands before it']


def test_a_phone_is_not_endless(write):
    write("roster.csv", f"姓名,电话,组,12/31,1/1\n王一,{'1' * 81},全职,A,A\n")
    assert "has 81 letters; at most 80" in told(write("mine.yaml", EAST))[0]
