"""Folders of staffing plans: the workbook is read back as it was written, and the scenario replays the plan."""
from datetime import date

import openpyxl
import pytest
from one_city import loaded, of_many, surgeline, text

from optimizer.staffing.planning.city_roster.delivering import with_roster
from sim.reading.loading import load
from sim.scenario.people import Shift
from sim.scenario.staffing_terms import MARKS
from surgeline.folders import roster_book
from surgeline.folders.roster_book import sheet_name
from surgeline.folders.roster_rows import RosterBook, Row, ShiftOfBook
from surgeline.folders.run import Run
from surgeline.folders.shift_words import clock
from surgeline.folders.staffed_scenario import staffed_yaml, told
from surgeline.folders.staffing_plan import StaffingPlan

DATES = tuple(date(2021, 7, 31 + i) if i < 1 else date(2021, 8, i) for i in range(4))
SHIFTS = (ShiftOfBook("白0800", "08:00", "16:30", "11:00–13:30", 8.0, False),
          ShiftOfBook("夜2200", "22:00", "06:30", "", 8.5, True))
ROWS = (Row("王一", "agents", ("白0800", "休", "夜2200", "假")),
        Row("O'Neil [x]/?", "agents", ("休", "休", "夜2200", "白0800")),
        Row("王" * 40, "agents", ("假",) * 4), Row("王" * 40 + "二", "agents", ("休",) * 4))
GROUPS = """people:
  town:
    workplaces: 20
    groups:
      full: {name: {zh: 全职, en: full time}, shifts: days}
      part: {name: {zh: 兼职, en: part time}, people: 3, contract: part_time, shifts: noon}
      reserve: {people: 5, contract: reserve}
    roster: {table: tables/named.csv}
"""
NAMED = "姓名,组,2021-08-01,2021-08-02,2021-08-03\n王一,全职,休,白,休\n李二,全职,休,休,白\n张三,全职,休,假,休\n"
CODED = 'shifts: {days: [{start: "08:00", hours: 8, code: 白}], noon: [{start: "10:00", hours: 4, share: 50 %}]}'
QUICK = ("--seconds", "1", "--replications", "2")
SHARED = 'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}'


def write_beside(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Plans of a town whose people have no names, and of one with groups of whom one has a roster already."""
    here = tmp_path_factory.mktemp("plans")
    write_beside(here, "town.yaml", of_many(text(calls=600, talk="3 min")))
    write_beside(here, "tables/named.csv", NAMED)
    write_beside(here, "groups.yaml", text(GROUPS).replace("agents: 4, ", "").replace(SHARED, CODED))
    for name in ("town", "groups"):
        surgeline("staff", here / f"{name}.yaml", "--seconds", "2", "--replications", "3", "--out", here / name)
    return here


# --- the workbook ----------------------------------------------------------------------------------------------------

def test_the_first_sheet_is_a_roster_and_nothing_else(tmp_path):
    path = tmp_path / "roster.xlsx"
    roster_book.write(RosterBook("小城 & Co", DATES, SHIFTS, ROWS), path)
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("姓名", "组")
    assert tuple(cell.date() for cell in rows[0][2:]) == DATES
    assert tuple(Row(row[0], row[1], tuple(row[2:])) for row in rows[1:]) == ROWS


def test_every_person_has_a_sheet_and_hours_are_counted(tmp_path):
    path, book = tmp_path / "roster.xlsx", RosterBook("t", DATES, SHIFTS, ROWS)
    roster_book.write(book, path)
    assert [(book.hours(row), book.nights(row)) for row in ROWS] == [(16.5, 1), (16.5, 1), (0, 0), (0, 0)]
    sheets = openpyxl.load_workbook(path).worksheets
    assert len(sheets) == 5 + len(ROWS)
    assert [sheet["A1"].value for sheet in sheets[5:]] == [f"{row.name}  agents" for row in ROWS]
    assert [row[2] for row in sheets[5].iter_rows(4, 7, values_only=True)] == list(ROWS[0].codes)
    assert [sheets[5]["G8"].value, sheets[5]["G9"].value] == [16.5, 1]
    counts = list(sheets[3].iter_rows(values_only=True))
    assert counts[0][1:] == ("白0800", "夜2200", "休", "假", "上班合计 at work")
    assert [row[1:] for row in counts[1:]] == [(1, 0, 2, 1, 1), (0, 0, 3, 1, 0), (0, 2, 1, 1, 2), (1, 0, 1, 2, 1)]


def test_names_of_sheets_are_short_plain_and_all_different():
    taken = {"排班表", "history"}
    names = [sheet_name(name, taken) for name in ("A/B", "a?b", "A" * 40, "a" * 50, "", "''", "排班表")]
    assert names == ["A_B", "a_b-2", "A" * 31, "a" * 27 + "-2", "_", "__", "排班表-2"]


@pytest.mark.parametrize("name", ["town", "groups"])
def test_the_table_of_shifts_and_the_roster_say_the_same(made, name):
    shifts = StaffingPlan.read(made / name).manifest.cities["town"].shifts
    counts = list(openpyxl.load_workbook(made / name / "roster.xlsx")["每日人数 counts"].iter_rows(values_only=True))
    by_head = {head: column for column, head in enumerate(counts[0])}
    assert sum(map(sum, (line.people for line in shifts.lines))) > 0
    for line in shifts.lines:
        counted = {row[0].date(): row[by_head[line.code]] for row in counts[1:]}
        assert line.people == tuple(counted.get(day, 0) for day in shifts.dates)


# --- read back -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["town", "groups"])
def test_the_roster_is_read_back_as_it_was_written(made, name):
    roster = load(made / name / "staffed.yaml").people["town"].roster
    rows = list(openpyxl.load_workbook(made / name / "roster.xlsx").worksheets[0].iter_rows(values_only=True))
    assert [day.isoformat() for day in roster.dates] == [cell.date().isoformat() for cell in rows[0][2:]]
    names = {"agents": "话务员", "full": "全职"}
    assert [(row.name, names[row.group], *row.codes) for row in roster.rows] == rows[1:]
    assert roster.dates[0] == date(2021, 8, 1)


def test_people_with_names_keep_them_and_their_leave(made):
    rows = {row.name: row for row in load(made / "groups" / "staffed.yaml").people["town"].roster.rows}
    assert list(rows) == ["王一", "李二", "张三"]  # part-time people keep their own shifts
    assert rows["张三"].codes[1] == "假"
    assert {row.group for row in rows.values()} == {"full"}


def test_reserves_stay_what_they_are(made):
    force = load(made / "groups" / "staffed.yaml").people["town"]
    assert (force.groups["reserve"].shifts, float(force.groups["reserve"].people)) == (None, 5)
    assert (force.groups["full"].shifts, force.groups["part"].shifts) == ("town-planned", "noon")
    assert float(force.workplaces) == 20


def test_shifts_are_written_as_they_were_planned(made):
    found = load(made / "town" / "staffed.yaml").shifts["town-planned"]
    lines = StaffingPlan.read(made / "town").manifest.cities["town"].shifts.lines
    assert {(one.code.rstrip(MARKS), clock(one.start), one.work_hours) for one in found} <= {
        (line.code, line.start, line.hours) for line in lines}
    for one in found:
        (meal,) = one.breaks
        first, last = map(float, meal.window)
        assert (float(meal.length), meal.paid, last - first) == (1800, False, 0.5)  # at a time of its own
        assert 3 <= first <= 5


@pytest.mark.parametrize(("minutes", "words"), [(0, "00:00"), (510.0, "08:30"), (1440, "00:00"), (1830, "06:30")])
def test_clocks(minutes, words):
    assert clock(minutes) == words


def test_a_shift_of_odd_minutes_is_told_exactly(tmp_path):
    scenario = loaded(tmp_path, change=lambda text: text.replace(
        "hours: 8, share: 50 %", "hours: 8, share: 50 %, code: 白, breaks: [{length: 20 min, window: [2.5, 4.5]}]"))
    assert told(scenario.shifts["days"][0]) == {
        "code": "白", "start": "08:00", "hours": 8.0,
        "breaks": [{"length": "20 min", "window": [2.5, 4.5], "paid": True}]}


# --- replayed --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["town", "groups"])
def test_seats_in_the_replay_are_those_of_the_plan(made, name):
    surgeline("run", made / name / "staffed.yaml", "--replications", "2", "--out", made / f"{name}-run")
    pools = Run.read(made / f"{name}-run").pools
    own = pools[pools["kind"] == "own"].sort_values("start")
    assert own["seats"].tolist() == StaffingPlan.read(made / name).intervals["on_duty"].tolist()


def test_a_replay_on_the_plans_luck_gives_the_service_that_it_told(made):
    """The plan is told on replications 24 to 26 of seed 1: its search has seen twelve, and its proof twelve others."""
    from sim.studies.study import simulate
    city = StaffingPlan.read(made / "town").manifest.cities["town"]
    told, first = city.service, 2 * city.need.unseen
    assert first == 24
    result = simulate(load(made / "town" / "staffed.yaml"), replications=first + 3, seed=1, keep_calls=True)
    calls = result.calls[result.calls["replication"] >= first]
    answered = calls["outcome"] == "answered"
    assert told.answered.mean == pytest.approx(answered.mean(), rel=1e-9)
    assert told.within.mean == pytest.approx((answered & (calls["waited_ms"] <= 15_000)).mean(), rel=1e-9)


def test_an_edited_cell_is_what_is_replayed(made, tmp_path):
    """Everybody is given the day off: nobody sits there."""
    for path in (made / "town").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    book = openpyxl.load_workbook(made / "town" / "roster.xlsx")
    for row in book.worksheets[0].iter_rows(min_row=2, min_col=3):
        for cell in row:
            cell.value = "休"
    book.save(tmp_path / "roster.xlsx")
    rows = load(tmp_path / "staffed.yaml").people["town"].roster.rows
    assert {code for row in rows for code in row.codes} == {"休"}


def test_the_planners_own_files_stand_beside_the_plan(made):
    assert (made / "groups" / "groups.yaml").read_bytes() == (made / "groups.yaml").read_bytes()
    assert (made / "groups" / "tables" / "named.csv").read_bytes() == (made / "tables" / "named.csv").read_bytes()


def test_people_of_a_rota_are_replayed_on_the_planned_shifts(tmp_path):
    """What their rota said holds no longer."""
    rota = "rotas: {two: {shifts: cycle, cycle: [A, 休], start: 2021-08-02, crews: 2}}\n"
    groups = "people: {town: {groups: {crews: {people: 4, rota: two}}}}\n"
    shifts = 'shifts: {cycle: [{start: "08:00", hours: 8, code: A}], days:'
    written = text(groups + rota).replace("agents: 4, ", "").replace("shifts: {days:", shifts)
    write_beside(tmp_path, "rota.yaml", written)
    surgeline("staff", tmp_path / "rota.yaml", *QUICK, "--out", tmp_path / "plan")
    replayed = load(tmp_path / "plan" / "staffed.yaml")
    assert (replayed.people["town"].groups["crews"].shifts, replayed.people["town"].groups["crews"].rota) == (
        "town-planned", None)
    assert len(replayed.people["town"].roster.rows) == 4


# --- overtime of those whose shifts are replaced ---------------------------------------------------------------------

OVERTIME = """levers:
  - {kind: overtime, city: town, from: 2021-08-02 10:00, to: 2021-08-03, hours: ["15:00", "17:00"], longer: 2}
  - {kind: divert, cities: [town], share: 10 %, from: 2021-08-02, to: 2021-08-03}
variants:
  more:
    name: {zh: 更久, en: longer}
    levers:
      - {kind: overtime, city: town, from: 2021-08-02, to: 2021-08-03, hours: ["15:00", "17:00"], longer: 3}
"""


def test_a_scenario_with_overtime_replays_without_it(tmp_path):
    town = loaded(tmp_path, OVERTIME)
    shifts = (Shift.model_validate({"start": 600, "hours": {"number": 8}, "code": "白1000"}),)
    written = staffed_yaml(town, "town", ("agents",), shifts, "town.yaml")
    assert "overtime" in written[:written.index("surgeline: 1")]
    assert "延后下班" in written
    write_beside(tmp_path, "roster.xlsx", "")
    roster_book.write(RosterBook("t", DATES[1:], (), (Row("王一", "agents", ("白1000", "白1000", "休")),)),
                      tmp_path / "roster.xlsx")
    found = load(write_beside(tmp_path, "staffed.yaml", written))
    assert [lever.kind for lever in found.levers] == ["divert"]
    assert found.variants == {}
    assert with_roster(town, "town", shifts, found.people["town"].roster).levers == found.levers


def test_levers_stay_where_none_is_of_the_roster(tmp_path):
    town = loaded(tmp_path, OVERTIME.replace("kind: overtime, city: town", "kind: call_in, people: 1, city: town")
                  .replace(", longer: 2", "").replace(", longer: 3", "").replace('"15:00"', '"10:00"'))
    assert "levers" not in staffed_yaml(town, "town", ("agents",), (), "town.yaml")
