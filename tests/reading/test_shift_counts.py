"""Tables of how many begin which shift on which day, by city: what is read, and everything that is wrong with one."""
from datetime import date, datetime, time

import beside
import openpyxl
import pytest
from beside import told, workbook
from two_towns import BY_SHARES, COUNTED, COUNTS, TOWNS

from sim.reading.loading import load, with_places
from sim.scenario.problems import ScenarioError
from surgeline.locale import in_lang

write = beside.write
FULL = """市 city,班次 shift,上班 from,下班 to,用餐 meal,工时 hours,8/1,8/2,8/3
东城,早,08:00,16:30,11:00–13:00,8,,10,4
东城,夜,22:00,7:00,,9.0,2,3,1
west,早,8:00,16:30,,,,3,2
"""


def counts(write, table, text=COUNTED):
    write("shifts.csv", table)
    return load(write("towns.yaml", text)).shift_counts


def wrong(write, table, text=COUNTED):
    write("shifts.csv", table)
    return told(write("towns.yaml", text))


def chinese(write, table, text=COUNTED):
    """The same in Chinese, as a terminal shows it."""
    write("shifts.csv", table)
    with pytest.raises(ScenarioError) as caught:
        load(write("towns.yaml", text))
    return [in_lang(one.told, "zh") for one in caught.value.problems]


# --- what is read ----------------------------------------------------------------------------------------------------

def test_a_table_in_full(write):
    found = counts(write, FULL)
    assert found.dates == tuple(date(2021, 8, day) for day in (1, 2, 3))
    assert [(row.city, row.code, row.people) for row in found.rows] == [
        ("east", "早", (0, 10, 4)), ("east", "夜", (2, 3, 1)), ("west", "早", (0, 3, 2))]


@pytest.mark.parametrize("name", ["东城", "East", "EAST", "east", "东城市", "东 城"])
def test_cities_by_their_key_or_by_a_name(write, name):
    assert counts(write, COUNTS.replace("东城", name)) == counts(write, COUNTS)


@pytest.mark.parametrize("heads", ["城市,代号", "city,code", "City,Shift", "市 city,班次 shift"])
def test_headings_in_either_language(write, heads):
    assert counts(write, COUNTS.replace("市,班次", heads)) == counts(write, COUNTS)


def test_a_code_in_wide_letters(write):
    text = COUNTED.replace("code: 早", "code: D1")
    assert counts(write, COUNTS.replace("早", "Ｄ１"), text).rows[0].code == "D1"


def test_a_name_of_two_cities_is_refused(write):
    text = COUNTED.replace("zh: 西城", "zh: 东城")
    table = COUNTS.replace("东城,早", "east,早").replace("西城", "west")
    assert wrong(write, table, text) == [
        'shifts.csv:3:1: 市: "东城" is the name of east and west: write the key of the one that is meant']
    assert chinese(write, table, text) == ["shifts.csv:3:1: 市：east 和 west 都叫“东城”：请写所指城市的代号"]
    assert counts(write, table.replace("东城", "east"), text) == counts(write, COUNTS)


def test_titles_weekdays_totals_and_notes_are_left_out_and_said(write):
    write("shifts.csv", f"八月第一周,,,,\n{COUNTS.replace('班次,', '班次,', 1)}合计,,2,16,7\n备注：夜班两人,,,,\n")
    scenario, document = with_places(write("towns.yaml", COUNTED))
    assert len(scenario.shift_counts.rows) == 3
    assert [str(one) for one in document.notices] == [
        "shifts.csv:1:1: what stands above line 2 is left out: that line names the columns",
        "shifts.csv:6:1: totals and notes are left out: 6-7"]


def test_a_workbook_with_dates_times_merged_cities_and_a_sheet_of_shifts(write):
    rows = [["市", "班次", "上班", *(datetime(2021, 8, day) for day in (1, 2, 3))],
            ["东城", "早", time(8), None, 10, 4], [None, "夜", time(22), 2, 3, 1.0], ["西城", "早", None, None, 3, 2]]
    workbook("shifts.xlsx", rows, [["代号 code", "上班 from"], ["早", "08:00"]])
    book = openpyxl.load_workbook("shifts.xlsx")
    book.worksheets[0].merge_cells("A2:A3")
    book.save("shifts.xlsx")
    found = load(write("towns.yaml", COUNTED.replace(".csv", ".xlsx"))).shift_counts
    assert [(row.city, row.code, row.people) for row in found.rows] == [
        ("east", "早", (0, 10, 4)), ("east", "夜", (2, 3, 1)), ("west", "早", (0, 3, 2))]


def test_the_day_before_may_be_left_out_where_no_row_is_at_work_of_it(write):
    table = "市,班次,8/2,8/3\n东城,早,10,4\n西城,早,3,2\n"
    assert len(counts(write, table).dates) == 2


# --- cells, headings and rows ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("table", "english", "said"), [
    (COUNTS.replace("东城,夜", "南城,夜"), 'shifts.csv:3:1: 市: "南城" is no city; known are east, west',
     "shifts.csv:3:1: 市：没有“南城”这个城市；可以写的有 east、west"),
    (COUNTS.replace("东城,夜", ",夜"), "shifts.csv:3:1: 市: names no city", "shifts.csv:3:1: 市：没有写城市"),
    (COUNTS.replace("东城,夜", "东城,"), "shifts.csv:3:2: 班次: names no shift: write its code",
     "shifts.csv:3:2: 班次：没有写班次：请写它的代码"),
    (COUNTS.replace("东城,夜", "东城,晚"), 'shifts.csv:3:2: shift_counts.rows[1].code: "晚" is no shift of east; known '
     "are 早, 夜", "shifts.csv:3:2: shift_counts.rows[1].code：east 没有“晚”这个班次；可以写的有早、夜"),
    (COUNTS.replace("东城,夜", "east,早"), 'shifts.csv:3:2: 班次: "早" of east stands twice, first in line 2: add the '
     "two rows up", "shifts.csv:3:2: 班次：east 的班次“早”写了两次，第一次在第 2 行：请把两行合成一行"),
    (COUNTS.replace(",3,1", ",-3,1"), "shifts.csv:3:4: 8/2: must be >= 0, got -3",
     "shifts.csv:3:4: 8/2：不能小于 0，现为 -3"),
    (COUNTS.replace(",3,1", ",2.5,1"), "shifts.csv:3:4: 8/2: must be a whole number of people, got 2.5",
     "shifts.csv:3:4: 8/2：人数须为整数，现为 2.5"),
    (COUNTS.replace(",3,1", ",1e12,1"), "shifts.csv:3:4: 8/2: must be <= 1,000,000,000, got 1e12",
     "shifts.csv:3:4: 8/2：不能大于 1,000,000,000，现为 1e12"),
    (COUNTS.replace(",3,1", ",三,1"), 'shifts.csv:3:4: 8/2: must be a number without a unit, got "三"',
     "shifts.csv:3:4: 8/2：应为不带单位的数字，现为“三”"),
    (COUNTS.replace("8/3", "8/2"), "shifts.csv:1:5: 8/2: stands here twice", "shifts.csv:1:5: 8/2：在这里出现了两次"),
    (COUNTS.replace("8/3", "星期二"), 'shifts.csv:1:5: 星期二: "星期二" is no date such as 2021-07-18, nor 市 (city), '
     "班次 (shift), 上班 (from), 下班 (to), 用餐 (meal) or 工时 (hours)",
     "shifts.csv:1:5: 星期二：“星期二”不是日期（如 2021-07-18），也不是市、班次、上班、下班、用餐或工时"),
    (COUNTS.replace("班次,", "谁,"), "shifts.csv:1:1: the first row must name the columns: 市 (city), 班次 (shift), "
     "then a date each, such as 2021-07-18",
     "shifts.csv:1:1: 第一行须写列名：市、班次，然后每天一列写日期，如 2021-07-18"),
    ("市,班次,8/1,8/2,8/3\n", "shifts.csv:1:1: has no rows below its first", "shifts.csv:1:1: 第一行以下没有数据"),
])
def test_a_wrong_cell(write, table, english, said):
    assert english in wrong(write, table)
    assert said in chinese(write, table)


def test_all_that_is_wrong_is_told_at_once(write):
    table = "市,班次,8/1,8/2,8/3\n南城,早,,1,x\n东城,早,,1.5,1\n东城,早,,1,1\n"
    assert [one.split(": ")[0] for one in wrong(write, table)] == [
        "shifts.csv:2:1", "shifts.csv:2:5", "shifts.csv:3:4", "shifts.csv:4:2"]


# --- days ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("heads", "english", "said"), [
    ("8/1,8/2,8/4", "shift_counts.table: has no column for 2021-08-03: add one for each day of the horizon, from "
     "2021-08-02 to 2021-08-03", "缺少 2021-08-03 的列"),
    ("7/31,8/2,8/3", "shift_counts.table: has no column for 2021-08-01, the day before the horizon, and the shift 夜 "
     "of that day is still at work then: add it", "缺少 2021-08-01 的列，即仿真时段前一天"),
    ("8/6,8/7,8/8", "shift_counts.table: plans 2021-08-06 to 2021-08-08, and the horizon is 2021-08-02 to 2021-08-03",
     "2021-08-06"),
])
def test_days_that_lack(write, heads, english, said):
    table = COUNTS.replace("8/1,8/2,8/3", heads)
    [problem] = wrong(write, table)
    assert english in problem
    [problem] = chinese(write, table)
    assert said in problem


# --- what the rest of the file says ----------------------------------------------------------------------------------

@pytest.mark.parametrize(("old", "new", "english", "said"), [
    ("08:00,16:30", "09:00,16:30", 'shifts.csv:2:3: shift_counts.rows[0].start: says "09:00", and by the file 早 has '
     "08:00: change the shift under shifts, or empty this cell",
     "shifts.csv:2:3: shift_counts.rows[0].start：写的是“09:00”，而场景文件里班次“早”是 08:00：请改 shifts 下的班次，"
     "或清空这一格"),
    ("7:00", "6:00", 'shifts.csv:3:4: shift_counts.rows[1].end: says "6:00", and by the file 夜 has 07:00', "07:00"),
    ("11:00–13:00", "11:00–13:30", 'shifts.csv:2:5: shift_counts.rows[0].meal: says "11:00–13:30", and by the file 早 '
     "has 11:00–13:00", "11:00–13:00"),
    ("7:00,,9.0", "7:00,2:00-2:30,9.0", 'shifts.csv:3:5: shift_counts.rows[1].meal: says "2:00-2:30", and the file '
     "gives 夜 no break: change the shift under shifts, or empty this cell", "场景文件里班次“夜”没有小休"),
    ("9.0", "8.5", 'shifts.csv:3:6: shift_counts.rows[1].hours: says "8.5", and by the file 夜 has 9', "班次“夜”是 9"),
])
def test_a_row_that_says_something_else_of_its_shift(write, old, new, english, said):
    assert old in FULL
    [problem] = wrong(write, FULL.replace(old, new))
    assert problem.startswith(english)
    [problem] = chinese(write, FULL.replace(old, new))
    assert said in problem


def test_more_people_than_there_are(write):
    table = COUNTS.replace("东城,早,,10,4", "东城,早,,18,22")
    assert wrong(write, table) == [
        "shifts.csv:2:5: shift_counts.rows[0].people[2]: 23 people of east begin a shift on 2021-08-03, and there are "
        "20 (days with too many: 2): put fewer, or give more under cities.east.agents"]
    assert chinese(write, table) == [
        "shifts.csv:2:5: shift_counts.rows[0].people[2]：east 2021-08-03 有 23 人上班，而总共只有 20 人"
        "（超出的有 2 天）：请减少，或在 cities.east.agents 写更多人"]


def test_as_many_people_as_there_are(write):
    assert counts(write, COUNTS.replace("东城,早,,10,4", "东城,早,,17,19")).rows[0].people == (0, 17, 19)


WEEK = "2021-08-02, end: 2021-08-08"


def notices(write, table, text):
    write("shifts.csv", table)
    return [str(one) for one in with_places(write("towns.yaml", text))[1].notices]


def test_more_hours_than_the_law_allows_are_said_and_not_refused(write):
    """In seven days each of three works eight hours seven times; of 20 six work 8 h a day."""
    days = ",".join(f"8/{day}" for day in range(2, 9))
    table = f"市,班次,{days}\n东城,早{',6' * 7}\n西城,早{',3' * 7}\n"
    text = COUNTED.replace("2021-08-02, end: 2021-08-03", WEEK)
    said, *others = notices(write, table, text)
    assert not others
    assert said.startswith("shifts.csv:3:1: shift_counts.rows[1].city: asks for 56.0 h a week of each of the 3 people "
                           "of west, and one may work 48.3 h on average, overtime included (law: Labour Law art. 41")
    rules = "people: {west: {rules: {emergency: true}}}\n"
    assert notices(write, table, text + rules) == []


def test_hours_of_a_part_of_a_week_say_nothing(write):
    assert notices(write, COUNTS.replace("西城,早,,3,2", "西城,早,,3,3"), COUNTED) == []


GROUP = "people: {east: {groups: {all: {people: 11, shifts: days}, reserve: {people: 50, contract: reserve}}}}\n"


def test_people_who_are_only_called_in_do_not_count(write):
    [problem] = wrong(write, COUNTS, COUNTED.replace("agents: 20, ", "") + GROUP)
    assert "13 people of east begin a shift on 2021-08-02, and there are 11 (days with too many: 1)" in problem
    assert problem.endswith("under people.east.groups.all.people")


ROSTER = "people: {west: {roster: {table: roster.csv}}}\n"


@pytest.mark.parametrize(("text", "english", "said"), [
    (COUNTED + ROSTER, "shifts.csv:4:1: shift_counts.rows[2].city: west has a roster too, and one of the two counts: "
     "leave its rows out here, or write people.west.roster: ~", "west 另有排班表，两者只能算一个"),
    (COUNTED + "staff: {table: staff.csv}\n", "shifts.csv:4:1: shift_counts.rows[2].city: west has planned seats too "
     "(staff), and one of the two counts: leave its rows out here, or its column out there", "west 另有排定的座席"),
    (COUNTED.replace("code: 早,", "code: 早, share: 30 %,").replace("code: 夜", "code: 夜, share: 30 %"),
     "shifts.csv:4:1: shift_counts.rows[2].city: the shifts of west have shares, which say already how many work: "
     "leave its rows out here, or the shares out of shifts.days", "west 的班次写了比例（share）"),
    (COUNTED.replace("agents: 3, ", "") + "rotas: {r: {shifts: days, cycle: [早, 休], start: 2021-08-02, crews: 2}}\n"
     "people: {west: {groups: {all: {people: 4, rota: r}}}}\n",
     "shifts.csv:4:1: shift_counts.rows[2].city: the people of west have no shifts but by a rota or when they are "
     "called in: leave its rows out, or name their shifts", "west 的人只按轮班或应召上班"),
])
def test_a_city_whose_people_something_else_puts_to_work(write, text, english, said):
    write("roster.csv", "姓名,8/1,8/2,8/3\n王一,休,早,休\n")
    write("staff.csv", "start,west\n2021-08-02 00:00,3\n2021-08-03 00:00,3\n")
    assert english in wrong(write, COUNTS, text)
    assert any(said in one for one in chinese(write, COUNTS, text))


def test_shifts_without_a_code_can_not_be_counted(write):
    """And nobody says who works them."""
    text = TOWNS.replace(", code: 早", "").replace(", code: 夜", "") + "shift_counts: {table: shifts.csv}\n"
    problems = wrong(write, COUNTS, text)
    assert any(one.endswith("no shift of east has a code: give each a code under shifts.days") for one in problems)
    assert sum("share: is missing" in one for one in problems) == 2


def test_a_code_that_stands_for_two_shifts(write):
    other = 'shifts:\n  others: [{start: "09:00", hours: 8, code: 早}]\n'
    groups = "people: {east: {groups: {one: {people: 10, shifts: days}, two: {people: 10, shifts: others}}}}\n"
    problems = wrong(write, COUNTS, COUNTED.replace("agents: 20, ", "").replace("shifts:\n", other, 1) + groups)
    assert any("shifts.others[0].code: 早 is another shift than in shifts.days, and people of east have both" in one
               for one in problems)


@pytest.mark.parametrize("text", [TOWNS, COUNTED])
def test_shares_lack_where_neither_table_nor_roster_nor_rota_names_a_city(write, text):
    """West has no row, or there is no table at all."""
    problems = wrong(write, "市,班次,8/1,8/2,8/3\n东城,早,,1,1\n", text)
    assert [one.partition("shifts.days")[2] for one in problems] == [
        f"[{i}].share: is missing: who works this shift stands in no rota, no roster and no row of shift_counts"
        for i in (0, 1)]


def test_shares_do_not_lack_where_the_table_can_not_be_read(write):
    assert len(wrong(write, COUNTS.replace(",3,1", ",x,1"))) == 1
    assert len(wrong(write, "")) == 1


def test_days_of_the_week_have_no_use_beside_a_table(write):
    [problem] = wrong(write, COUNTS, COUNTED.replace("code: 夜", "code: 夜, days: [mon]"))
    assert "shifts.days[1].days: has no use: the rota, the roster or the table says on which days people" in problem


def test_rows_are_not_for_files(write):
    [problem] = wrong(write, COUNTS, COUNTED.replace("table: shifts.csv", "table: shifts.csv, rows: []"))
    assert problem.endswith("shift_counts.rows: is not for files: name a table")


def test_a_base_loses_its_table_and_shares_hold(write):
    write("shifts.csv", COUNTS)
    write("base.yaml", COUNTED)
    shares = BY_SHARES[BY_SHARES.index("shifts:\n"):BY_SHARES.index("profiles")]
    found = load(write("mine.yaml", f"surgeline: 1\nextends: base\nshift_counts: ~\n{shares}"))
    assert found.shift_counts is None
