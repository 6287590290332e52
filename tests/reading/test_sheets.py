"""Tables of callers and seats beside a scenario: what is read, what is refused, and what is said of it."""
import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import beside
import pytest
from beside import HEAD, SURGE, archive, cells, told, value, workbook
from beside import text as words

from sim.reading.loading import load
from sim.scenario.problems import ScenarioError
from surgeline.locale import in_lang

write = beside.write
ROWS = ((datetime(2021, 8, 2, 8), 40.0), (datetime(2021, 8, 2, 8, 15), 50.5))
TOP = "start,callers\n"
TWO = TOP + "2021-08-02 08:00,40\n2021-08-02 08:15,50.5\n"
MONTH = HEAD + "horizon: {start: 2021-08-01, end: 2021-08-31}\nlevers: ~\nvariants: ~\nlending: ~\n"


def surge_table(write, name):
    return load(write("mine.yaml", SURGE.replace("TABLE", name))).surges[0].rows


def said_of(write, content, name="calls.csv"):
    write(name, content)
    return told(write("mine.yaml", SURGE.replace("TABLE", name)))


@pytest.mark.parametrize("content", [
    TWO, "\ufeffstart,callers\r\n2021-08-02T08:00,40\r\n\r\n2021-08-02 08:15,50.5\r\n,\r\n",
    'remark,callers,start\n"a, b",40,2021-08-02 08:00\n,50.5,2021-08-02 08:15:00\n',
    "start,callers,\n2021-08-02 08:00,40,a remark\n2021-08-02 08:15,50.5\n",
])
def test_callers_from_csv(write, content):
    assert surge_table(write, write("calls.csv", content)) == ROWS


def test_callers_from_xlsx(write):
    workbook("calls.xlsx", [["start", "callers"], [datetime(2021, 8, 2, 8), 40], ["2021-08-02 08:15", "50.5"], [None]])
    assert surge_table(write, "calls.xlsx") == ROWS


def test_seats_of_staff(write):
    write("staff.csv", "start,east,west\n2021-08-02,5,6\n2021-08-02 08:00,10,12\n")
    staff = load(write("mine.yaml", HEAD + "staff: {table: staff.csv}\n")).staff
    assert staff.rows == ((datetime(2021, 8, 2), (("east", 5.0), ("west", 6.0))),
                          (datetime(2021, 8, 2, 8), (("east", 10.0), ("west", 12.0))))


def test_a_table_lies_beside_the_file_that_names_it(write):
    write("bases/calls.csv", TWO)
    write("bases/base.yaml", SURGE.replace("TABLE", "calls.csv"))
    assert load(write("mine.yaml", "surgeline: 1\nextends: bases/base\n")).surges[0].rows == ROWS
    write("bases/base.yaml", SURGE.replace("TABLE", "../calls.csv"))
    write("calls.csv", TWO)
    assert told("mine.yaml") == ['bases/base.yaml:5:58: surges[0].table: "../calls.csv" lies outside the folder of '
                                 "the file that names it: put it beside that file, and write its name alone"]


NONE_THERE = "is no file beside the one that names it: put it there, or write the name of one that is there"
NONE_ZH = "不在场景文件旁边：请把它放到那里，或改写成那里有的文件名"


@pytest.mark.parametrize(("name", "en", "zh"), [
    ("cals.csv", f'{NONE_THERE}; did you mean "calls.csv"?', f"{NONE_ZH}；是否想写“calls.csv”？"),
    ("old/cals.csv", f'{NONE_THERE}; did you mean "old/calls.xlsx"?', f"{NONE_ZH}；是否想写“old/calls.xlsx”？"),
    ("none/calls.csv", NONE_THERE, NONE_ZH),
    ("old", 'is a folder: name the table in it, such as "old/calls.xlsx"',
     "是文件夹：请写其中的表，如“old/calls.xlsx”"),
    ("new", 'is a folder: name the table in it, such as "new/roster.xlsx"',
     "是文件夹：请写其中的表，如“new/roster.xlsx”"),
    ("../calls.csv", "lies outside the folder of the file that names it: put it beside that file, and write its name "
     "alone", "在场景文件的文件夹以外：请把它放到场景文件旁边，只写文件名")])
def test_a_name_of_no_file_is_told_with_what_would_be_one(write, name, en, zh):
    write("calls.csv", TWO)
    write("old/calls.xlsx", b"")
    Path("new").mkdir()
    with pytest.raises(ScenarioError) as caught:
        load(write("mine.yaml", SURGE.replace("TABLE", name)))
    [problem] = caught.value.problems
    assert str(problem) == f'mine.yaml:5:58: surges[0].table: "{name}" {en}'
    assert in_lang(problem.told, "zh").endswith(f"“{name}”{zh}")


def test_more_tables_than_anybody_needs(write):
    write("calls.csv", TWO)
    surge = SURGE.splitlines()[-1].replace("TABLE", "calls.csv") + "\n"
    problems = told(write("mine.yaml", HEAD + "surges:\n  replace:\n" + surge * 500))
    assert problems == ["mine.yaml:15:58: surges[10].table: is one too many: a scenario may name 10 tables"]


# --- what is wrong, each fault once ----------------------------------------------------------------------------------

def test_all_cells_of_a_table_are_told(write):
    assert said_of(write, TOP + "yesterday,40\n2021-08-02 08:00,-4\n2021-08-02 08:15\n") == [
        'calls.csv:2:1: start: must be a date or a moment such as 2021-08-07 08:00, got "yesterday"',
        "calls.csv:3:2: callers: must be >= 0, got -4",
        "calls.csv:4:2: callers: must be a number without a unit, got nothing",
    ]


def test_a_fault_of_many_rows_is_told_once_with_how_many_there_are(write):
    utc = "".join(f"2021-08-02T{i // 4:02}:{i % 4 * 15:02}:00Z,1\n" for i in range(48))
    assert said_of(write, TOP + utc) == [
        "calls.csv:2:1: start: must be local time (China's, UTC+8) without a zone, got \"2021-08-02T00:00:00Z\"; write "
        "2021-08-02 08:00, which is the same moment; 47 more like this, in lines 3-49"]
    [start, callers] = said_of(write, TOP + '2021/8/2 8:00,"1,5"\n2021/8/2 8:15,"2,5"\n')
    assert start.endswith("did you mean 2021-08-02 08:00?; 1 more like this, in line 3")
    assert callers.endswith('got "1,5"; write 1.5; 1 more like this, in line 3')


def test_nobody_counts_a_hundred_thousand_faults(write):
    [problem] = said_of(write, TOP + "yesterday,40\n" * 150_000)
    assert problem.endswith("; 19,999 more like this, in lines 3-20001 and beyond")


def test_the_same_start_in_many_rows(write):
    assert said_of(write, TOP + "".join(f"2021-08-02 08:{i % 4 * 15:02},1\n" for i in range(12))) == [
        "calls.csv:6:1: start: 2021-08-02 08:00 stands twice, first in line 2: add such rows up; 7 more like this, "
        "in lines 7-13"]


@pytest.mark.parametrize(("row", "says"), [
    ("2021-08-02 08:00,12,5", "2:3: this row has more cells than the first; write 12.5"),
    ("2021-08-02 08:00,1,200", "2:3: this row has more cells than the first; write 1200, or 1.200 if the comma is a "
                               "decimal point"),
    ('2021-08-02 08:00,"2,5"', '2:2: callers: must be a number without a unit, got "2,5"; write 2.5'),
    ('2021-08-02 08:00,"1.234,5"', '2:2: callers: must be a number without a unit, got "1.234,5"; write 1234.5'),
])
def test_decimal_commas(write, row, says):
    assert said_of(write, TOP + row + "\n") == [f"calls.csv:{says}"]


def test_a_comma_within_a_row_of_more_columns(write):
    [problem] = said_of(write, "start,callers,remark\n2021-08-02 08:00,12,5,high\n")
    assert problem == ("calls.csv:2:4: this row has more cells than the first; a comma parts a number or a text: write "
                       "2.5 for 2,5, and quotes around a text")


# --- rows are intervals ----------------------------------------------------------------------------------------------

def rows_at(*times):
    return TOP + "".join(f"2021-08-02 {at},1\n" for at in times)


ONE = "a row stands for one interval of 15 min"


@pytest.mark.parametrize(("content", "says"), [
    (rows_at("08:00", "09:00", "10:00", "10:15", "10:30", "10:45", "11:00"),
     f"calls.csv:2:1: start: the next row after 2021-08-02 08:00 comes 60 min later, but {ONE}: write a row for each "
     "interval, with 0 where nobody calls; 1 more like this, in line 3"),
    (rows_at("08:30", "08:00", "08:45"),
     f"calls.csv:3:1: start: the next row after 2021-08-02 08:00 comes 30 min later, but {ONE}: write a row for each "
     "interval, with 0 where nobody calls"),
    (rows_at("08:00", "09:00", "10:00"),
     f"mine.yaml:5:58: surges[0].table: has a row every 60 min, but {ONE}: write a row for each interval"),
    (TOP + "2021-08-02,5000\n2021-08-03,5000\n",
     f"mine.yaml:5:58: surges[0].table: has a row every 1440 min, but {ONE}: write a row for each interval or by_day"),
    (TOP + "2021-08-02,5000\n",
     f"calls.csv:2:1: start: {ONE}, and the only one is at midnight: write a row for each interval, or by_day if it is "
     "the whole day"),
    (rows_at("00:00"),
     f"calls.csv:2:1: start: {ONE}, and the only one is at midnight: write a row for each interval, or by_day if it is "
     "the whole day"),
    (rows_at("08:00", "08:05", "08:10", "08:15"),
     "calls.csv:3:1: start: 2021-08-02 08:05:00 is not where an interval of 15 min starts; 1 more like this, in line "
     "4; add up the rows of each 15 min, or take a shorter horizon.interval"),
    (rows_at("08:01", "08:16"),
     "calls.csv:2:1: start: 2021-08-02 08:01:00 is not where an interval of 15 min starts; 1 more like this, in line "
     "3"),
])
def test_a_row_is_one_interval(write, content, says):
    assert said_of(write, content) == [says]


@pytest.mark.parametrize("content", [
    rows_at("08:00"), rows_at("08:00", "08:15"), rows_at("08:30", "08:00", "08:15"),
    TOP + "2021-08-01 08:00,1\n2021-08-01 22:00,1\n2021-08-02 00:00,1\n2021-08-02 00:15,1\n",
])
def test_what_lies_outside_the_horizon_may_have_gaps(write, content):
    write("calls.csv", content.replace("2021-08-01 22:00,1\n", "2021-08-01 23:45,1\n"))
    assert len(load(write("mine.yaml", SURGE.replace("TABLE", "calls.csv"))).surges[0].rows) == content.count("2021")


def test_a_day_for_an_interval(write):
    write("calls.csv", TOP + "2021-08-02,5000\n")
    text = SURGE.replace("TABLE", "calls.csv") + "horizon: {interval: 1 day}\nlending: ~\nlevers: ~\nvariants: ~\n"
    assert load(write("mine.yaml", text)).surges[0].rows == ((datetime(2021, 8, 2), 5000.0),)


# --- moments in sheets -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("step", [1 / 96, 0.0104166666666667, 0.010416666666])
@pytest.mark.parametrize("style", ["yyyy/m/d h:mm", "h:mm", "General", '[$-804]yyyy"年"m"月"d"日" h:mm;@'])
def test_a_month_of_quarter_hours_by_adding_up(write, step, style):
    days, rows = 44409.0, []
    while len(rows) < 31 * 96:
        rows.append([days, len(rows)])
        days += step

    def formatted(book):
        for row in book.active.iter_rows(min_row=2, max_col=1):
            row[0].number_format = style
    workbook("calls.xlsx", [["start", "callers"], *rows], change=formatted)
    text = MONTH + SURGE.replace("TABLE", "calls.xlsx").removeprefix(HEAD)
    assert load(write("mine.yaml", text)).surges[0].rows == tuple(
        (datetime(2021, 8, 1) + timedelta(minutes=15 * i), float(i)) for i in range(31 * 96))


def test_fractions_of_seconds_are_rounded_and_not_cut(write):
    write("calls.csv", TOP + "2021-08-02 07:59:59.999997,40\n2021-08-02 08:15:00.4,50.5\n")
    assert surge_table(write, "calls.csv") == ROWS


NUMBERED = (14, 22, 27, 31, 34, 45, 47, 50, 57, 58, 0, 2)


@pytest.mark.parametrize("number", NUMBERED)
def test_moments_of_every_format(write, number):
    styles = f'<styleSheet xmlns="x"><cellXfs><xf/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    sheet = cells([words("start"), words("callers")], [value(44410.3333333333, 1), value(40)],
                  [value(44410.3437500001, 1), value(50.5)])
    archive("calls.xlsx", sheet, {"xl/styles.xml": styles})
    assert surge_table(write, "calls.xlsx") == ROWS


@pytest.mark.parametrize("style", [0, 1])
def test_moments_since_1904(write, style):
    styles = '<styleSheet xmlns="x"><cellXfs><xf/><xf numFmtId="22"/></cellXfs></styleSheet>'
    sheet = cells([words("start"), words("callers")], [value(44410.3333333333 - 1462, style), value(40)],
                  [value(44410.34375 - 1462, style), value(50.5)])
    archive("calls.xlsx", sheet, {"xl/styles.xml": styles}, '<workbookPr date1904="1"/><sheet name="a" r:id="r1"/>')
    assert surge_table(write, "calls.xlsx") == ROWS


def test_what_a_sheet_keeps_beside_numbers(write):
    strings = ('<sst xmlns="x"><si><t>start</t></si><si><r><t>call</t></r><r><t>ers</t></r><rPh><t>read</t></rPh></si>'
               "<si/></sst>")
    sheet = cells(['<c r="B1" t="s"><v>0</v></c>', '<c r="D1" t="s"><v>1</v></c>'], ['<c t="s"><v>2</v></c>'],
                  ['<c r="B3" t="d"><v>2021-08-02T08:00:00</v></c>', '<c r="D3"><f>20*2</f><v>40</v></c>'],
                  ['<c r="B4" t="str"><f>A1</f><v>2021-08-02 08:15</v></c>', '<c r="D4"><v>5.05E1</v></c>',
                   '<c r="E4" t="str"><f>A2</f><v></v></c>'])
    archive("calls.xlsx", sheet, {"xl/sharedStrings.xml": strings})
    assert surge_table(write, "calls.xlsx") == ROWS


def test_names_with_a_prefix_and_of_the_strict_format(write):
    sheet = cells([words("start"), words("callers")], [value(44410.3333333333), value(40)], [value(44410.34375),
                                                                                             value("50.5")])
    for tag in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
        sheet = re.sub(rf"<(/?){tag}(?=[ >])", rf"<\1x:{tag}", sheet)
    strict = sheet.replace("xmlns=", "xmlns:x=").replace(beside.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    archive("calls.xlsx", strict)
    assert surge_table(write, "calls.xlsx") == ROWS


UNSAVED = "this formula was saved without its value: open the file in a sheet program and save it"


@pytest.mark.parametrize(("start", "callers", "says"), [
    ('<c><f>A1+1/96</f></c>', value(1), '1 (A2): start: must be a date or a moment such as 2021-08-07 08:00, got '
     f'"=A1+1/96"; {UNSAVED}'),
    (value(44410.5), "<c><f>B1*2</f><v></v></c>",
     f'2 (B2): callers: must be a number without a unit, got "=B1*2"; {UNSAVED}'),
    (value(44410.5), '<c t="e"><v>#REF!</v></c>', '2 (B2): callers: must be a number without a unit, got "#REF!"'),
    (value(44410.5), '<c t="b"><v>1</v></c>', "2 (B2): callers: must be a number without a unit, got true"),
    (value(44410.5), value("NaN"), "2 (B2): callers: must be a number without a unit, got nan"),
    (value(0.5), value(1), "1 (A2): start: must be a date or a moment such as 2021-08-07 08:00, got 0.5"),
    (value(20210802), value(1), "1 (A2): start: must be a date or a moment such as 2021-08-07 08:00, got 20210802; did "
     "you mean 2021-08-02?"),
])
def test_cells_that_are_no_moment_or_no_number(write, start, callers, says):
    archive("calls.xlsx", cells([words("start"), words("callers")], [start, callers]))
    assert told(write("mine.yaml", SURGE.replace("TABLE", "calls.xlsx"))) == [f"calls.xlsx:2:{says}"]


def test_a_moment_as_a_sheet_keeps_it_in_a_csv_file(write):
    [problem] = said_of(write, TOP + "44410.333333,1\n44410.34375,1\n")
    assert problem.endswith('got "44410.333333"; sheets keep 2021-08-02 08:00 so: give the column a format of dates '
                            "and times, and save it again; 1 more like this, in line 3")


# --- which sheet, and what it hides ----------------------------------------------------------------------------------

def calls(number):
    return [["start", "callers"], *[[datetime(2021, 8, 2, 8, 15 * i), number] for i in range(2)]]


def hide(state, active):
    def change(book):
        book.worksheets[0].sheet_state = state
        book.active = active
    return change


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("active", [0, 1])
def test_a_sheet_that_is_hidden_is_not_meant(write, state, active):
    workbook("calls.xlsx", calls(1), calls(1000), change=hide(state, active))
    assert [number for _, number in surge_table(write, "calls.xlsx")] == [1000, 1000]


@pytest.mark.parametrize("sheets", [
    [[["notes"], ["see the next sheet"]], calls(7)], [calls(7), []], [[], calls(7)],
    [calls(7), [["start", "east"], [datetime(2021, 8, 2), 5]]],
])
def test_the_only_sheet_that_fits_is_meant(write, sheets):
    workbook("calls.xlsx", *sheets)
    assert [number for _, number in surge_table(write, "calls.xlsx")] == [7, 7]


def test_callers_and_seats_of_one_workbook(write):
    workbook("both.xlsx", calls(7), [["start", "east"], [datetime(2021, 8, 2), 5]])
    text = SURGE.replace("TABLE", "both.xlsx") + "staff: {table: both.xlsx}\n"
    assert load(write("mine.yaml", text)).staff.rows == ((datetime(2021, 8, 2), (("east", 5.0),)),)


@pytest.mark.parametrize("active", [0, 1])
def test_two_sheets_that_may_be_meant(write, active):
    workbook("calls.xlsx", calls(1), calls(2), change=hide("visible", active))
    assert told(write("mine.yaml", SURGE.replace("TABLE", "calls.xlsx"))) == [
        'mine.yaml:5:58: surges[0].table: "calls.xlsx" has several sheets that could be meant, sheet 1, sheet 2: keep '
        "one of them, or hide the others"]


def test_a_workbook_that_shows_nothing(write):
    workbook("calls.xlsx", calls(1), [], change=hide("hidden", 1))
    assert told(write("mine.yaml", SURGE.replace("TABLE", "calls.xlsx"))) == [
        'mine.yaml:5:58: surges[0].table: "calls.xlsx" is empty but for what is hidden: show sheet 1']


def test_a_chart_is_no_sheet(write):
    workbook("calls.xlsx", calls(3), change=lambda book: book.create_chartsheet("chart", 0))
    assert len(surge_table(write, "calls.xlsx")) == 2


def test_hidden_rows_and_columns(write):
    def change(book):
        book.active.row_dimensions[2].hidden = book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["B"].hidden = True
    workbook("calls.xlsx", calls(3), change=change)
    assert told(write("mine.yaml", SURGE.replace("TABLE", "calls.xlsx"))) == [
        "calls.xlsx:1:2 (B1): callers: this column is hidden: show it if it is meant, and delete it if not",
        "calls.xlsx:2:1 (A2): this row is hidden, and 1 more to line 3: show what is meant, and delete what is not"]


def test_a_hidden_column_that_is_not_used(write):
    def change(book):
        book.active["D1"] = "helper"
        book.active.column_dimensions["D"].hidden = True
        book.active.row_dimensions[9].hidden = True
    workbook("calls.xlsx", calls(3), change=change)
    assert len(surge_table(write, "calls.xlsx")) == 2


# --- what kind of file -----------------------------------------------------------------------------------------------

def test_endings_in_any_case(write):
    for name in ("CALLS.CSV", "calls.Txt", "calls"):
        assert surge_table(write, write(name, TWO)) == ROWS
    for name in ("CALLS.TSV", "calls.Tab"):
        assert surge_table(write, write(name, TWO.replace(",", "\t"))) == ROWS
    for name in ("CALLS.XLSX", "calls.Xlsm"):
        workbook("calls.xlsx", [["start", "callers"], *map(list, ROWS)])
        write(name, Path("calls.xlsx").read_bytes())
        assert surge_table(write, name) == ROWS


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK = b"PK\x03\x04"


@pytest.mark.parametrize(("name", "content", "says"), [
    ("calls.xlsx", TWO, "is text by what it holds, no workbook: call it calls.csv"),
    ("calls.xls", TWO.replace(",", "\t"), "is text by what it holds, no workbook: call it calls.tsv"),
    ("calls.xls", OLD + bytes(999), "is an XLS workbook of old, or one with a password"),
    ("calls.xlsx", OLD + bytes(999), "is an XLS workbook of old, or one with a password"),
    ("calls.xls", "<html><table><tr><td>start", "is a web page or XML: open it in a sheet program and save it as XLSX"),
    ("calls.csv", "\ufeff\n<!DOCTYPE html>", "is a web page or XML"), ("calls.csv", b"%PDF-1.7\n", "is a PDF"),
    ("calls.csv", b"\x1f\x8b\x08\x00", "is a packed file: unpack it first"),
    ("calls.doc", OLD + bytes(999), "is a text document: copy its table into a sheet program, and save it as XLSX or"),
    ("calls.docx", WORKBOOK + bytes(99), "is a text document: copy its table into a sheet program"),
    ("calls.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), "is a picture: type its table into a sheet program, and save"),
    ("calls.xlsx", b"\xff\xd8\xff\xe0" + bytes(99), "is a picture"),
    ("calls.png", b"GIF89a" + bytes(99), "is a picture"),
    ("calls.csv", b"", "is empty: save the table as XLSX or as CSV UTF-8, and give it this name"),
    ("calls.csv", ",,\n\n", "is empty: save the table"),
    ("calls.csv", TWO.encode("utf-16"), "is UTF-16 text: save it as CSV UTF-8"),
    ("calls.csv", TWO.replace("40", "é").encode("latin-1"), "is neither UTF-8 nor GB 18030 text (line 2)"),
    ("calls.xlsx", bytes(range(256)), "is no sound XLSX file"), ("calls.xlsx", b"", "is empty"),
    ("calls.xlsx", WORKBOOK + bytes(99), "is no sound XLSX file"),
])
def test_a_file_is_what_it_holds(write, name, content, says):
    [problem] = said_of(write, content, name)
    assert problem.startswith(f'mine.yaml:5:58: surges[0].table: "{name}" {says}')


@pytest.mark.parametrize(("parts", "says"), [
    (["content.xml"], "is an OpenDocument sheet (ODS)"),
    (["[Content_Types].xml", "xl/workbook.bin"], "is an XLSB workbook"),
    (["Index/Document.iwa"], "is a Numbers document"), (["calls.csv"], "is a ZIP archive without a workbook"),
    (["[Content_Types].xml"], "is no sound XLSX file"),
    (["[Content_Types].xml", "word/document.xml"], "is a text document: copy its table into a sheet program"),
    (["[Content_Types].xml", "ppt/presentation.xml"], "is a presentation: copy its table into a sheet program"),
])
def test_archives_that_are_no_xlsx_workbooks(write, parts, says):
    with zipfile.ZipFile("calls.xlsx", "w") as file:
        for part in parts:
            file.writestr(part, "x")
    [problem] = told(write("mine.yaml", SURGE.replace("TABLE", "calls.xlsx")))
    assert problem.startswith(f'mine.yaml:5:58: surges[0].table: "calls.xlsx" {says}')


def test_a_workbook_by_another_name(write):
    workbook("calls.xlsx", calls(1))
    [problem] = said_of(write, Path("calls.xlsx").read_bytes(), "calls.csv")
    assert problem.endswith('"calls.csv" is an XLSX workbook by what it holds: call it calls.xlsx')


def test_text_as_chinese_windows_writes_it(write):
    content = "日期,start,callers,备注\n周一,2021-08-02 08:00,40,高峰\n周一,2021-08-02 08:15,50.5,平峰\n"
    for encoding in ("gbk", "gb18030", "utf-8", "utf-8-sig"):
        assert surge_table(write, write("calls.csv", content.encode(encoding))) == ROWS
    write("staff.csv", "start,东城\n2021-08-02,5\n".encode("gbk"))
    assert told(write("mine.yaml", HEAD + "staff: {table: staff.csv}\n")) == [
        'staff.csv:1:2: 东城: is no city; did you mean "east"?']


def test_chinese_commas_and_quotes_survive_another_encoding(write):
    rows = [["start", "callers", "备注"], ["2021-08-02 08:00", "40", "一，二"], ["2021-08-02 08:15", "50.5", '"引号",']]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    assert surge_table(write, write("calls.csv", text.getvalue().encode("gb18030"))) == ROWS
