"""The roster that a plan writes is the table of the next: with what was before, fixed cells, wishes and leaders."""
import shutil
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest
from one_city import surgeline, text

from optimizer.staffing.planning.city_roster.delivering import wished_only
from optimizer.staffing.planning.city_roster.rostering import problem_of
from optimizer.staffing.rosters.problem import CarriedIn, Person
from sim.reading.loading import load
from sim.scenario.people import Roster, RosterRow, RosterWish
from sim.scenario.problems import ScenarioError
from sim.world.build import build
from surgeline.folders.staffed_scenario import book_rows
from surgeline.folders.staffing_plan import StaffingPlan

CODED = """shifts:
  days: [{start: "08:00", hours: 8, code: 早, breaks: [{length: 30 min, window: [3, 5], paid: false}]}]
  noon: [{start: "10:00", hours: 4, share: 50 %}]"""
OLD = 'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}'
PEOPLE = """people:
  town:
    groups:
      full: {name: {zh: 全职, en: full time}, shifts: days}
      part: {name: {zh: 兼职, en: part time}, people: 2, contract: part_time, shifts: noon}
      reserve: {name: {zh: 后备, en: reserve}, contract: reserve, shifts: days}
    roster: {table: roster.csv}
    holidays: [2021-08-03]
"""
TABLE = """姓名,组,组长,夜班结余,2021-07-30,2021-07-31,2021-08-01,2021-08-02,2021-08-03
王一,全职,是,2,早,休,早,!早,愿休
李二,全职,,,休,休,休,愿早,
张三,全职,,-1,早,早,休,假,早
赵四,后备,,,休,休,休,早,休
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A plan, and the plan that is made from its roster."""
    here = tmp_path_factory.mktemp("again")
    part = text(PEOPLE).replace(OLD, CODED).replace("agents: 4, ", "")
    terms = 'leaders: 1\n  handover: 15 min\n  shift_types: [{code: 白, from: ["08:00", "09:00"], hours: [8]}]'
    part = part.replace('shift_types: [{code: 白, from: ["08:00", "08:00"], hours: [8], meal: 0 min}]', terms)
    (here / "town.yaml").write_text(part, encoding="utf-8")
    (here / "roster.csv").write_text(TABLE, encoding="utf-8")
    for file, out in (("town.yaml", "first"), ("first/staffed.yaml", "second")):
        surgeline("staff", here / file, "--seconds", "2", "--replications", "2", "--out", here / out)
    return here


@pytest.mark.parametrize("name", ["first", "second"])
def test_the_page_counts_the_days_that_are_planned_as_the_workbook_does(made, name):
    """王一 works on the day before, which is over."""
    found = StaffingPlan.read(made / name).manifest.cities["town"].roster
    rows = openpyxl.load_workbook(made / name / "roster.xlsx")["每人 people"].iter_rows(4, values_only=True)
    hours, nights = zip(*((row[2], row[3]) for row in rows if row[1].startswith("全职")), strict=True)
    for told, counted in ((found.hours, hours), (found.nights, nights)):
        assert (told.least, told.mean, told.most) == pytest.approx((min(counted), sum(counted) / 3, max(counted)))
    codes = {row[0]: row for row in wall(made / name)}
    heads = codes["姓名"]
    worked = [codes[one][heads.index(date(2021, 8, 3))].startswith("早") for one in ("王一", "李二", "张三")]
    assert found.rest_days.mean == pytest.approx(sum(worked) / 3)   # the 3rd is the only day of rest


def wall(folder):
    """The first sheet of a roster, dates as dates."""
    rows = openpyxl.load_workbook(folder / "roster.xlsx").worksheets[0].iter_rows(values_only=True)
    return [tuple(cell.date() if isinstance(cell, datetime) else cell or "" for cell in row) for row in rows]


def code(cell):
    """The code of a cell, without its mark and what was wished."""
    return cell.lstrip("!").partition(" ")[0]


def test_the_table_has_days_before_marks_and_what_is_said_of_people(made):
    heads, *rows = wall(made / "first")
    assert heads[:4] == ("姓名", "组", "组长", "夜班结余")
    assert heads[4:] == tuple(date(2021, 7, day) for day in (30, 31)) + tuple(date(2021, 8, day) for day in (1, 2, 3))
    cells = {row[0]: row[1:] for row in rows}
    assert cells["王一"][:5] == ("全职", "是", 2, "早", "休")
    assert cells["王一"][6].startswith("!早")
    assert cells["张三"][:6] == ("全职", "", -1, "早", "早", "休")
    assert cells["张三"][6] == "假"
    assert cells["赵四"] == ("后备", "", "", "休", "休", "休", "早", "休")     # not planned, and still there


def test_what_was_planned_stands_on_what_the_last_plan_stands_on(made):
    """The file of the last plan is renewed, and its roster is the new one."""
    second = made / "second"
    assert sorted(path.relative_to(second).as_posix() for path in second.rglob("*.yaml")) == [
        "staffed.yaml", "town.yaml"]
    scenario = load(second / "staffed.yaml")
    assert scenario.title.en == "A small city: a roster"
    rows = wall(second)[1:]
    assert [(row.name, *row.codes) for row in scenario.people["town"].roster.rows] == [
        (row[0], *map(code, row[4:])) for row in rows]


def test_a_meal_of_the_table_stays_where_it_was_laid_down(made):
    first, second = ({row[0]: row[4:] for row in wall(made / name)[1:]} for name in ("first", "second"))
    for name in first:
        assert second[name][:4 if name == "王一" else 3] == first[name][:4 if name == "王一" else 3]
    assert {cell[:-1] for cell in (first["王一"][2], first["王一"][3])} == {"早", "!早"}


def test_the_next_plan_starts_from_every_cell_of_the_last(made):
    """What was planned is published with its meals, what was fixed stays, and what was before is carried in."""
    scenario = load(made / "first" / "staffed.yaml")
    asked = problem_of(scenario, "town", (), np.zeros((3, 48), int), date(2021, 8, 1))
    walls = {row[0]: row[6:] for row in wall(made / "first")[1:]}
    assert [one.name for one in asked.people] == ["王一", "李二", "张三"]
    for one in asked.people:
        cells = {cell.day: cell.duty or "休" for cell in (*one.pins, *one.published)} | dict.fromkeys(one.leave, "假")
        assert tuple(cells[day] for day in range(3)) == tuple(map(code, walls[one.name]))
    first = asked.people[0]
    assert ({cell.day for cell in first.pins}, first.leads, first.before.days_in_a_row) == ({0, 1}, True, 0)
    assert asked.people[2].before.days_in_a_row == 2
    assert StaffingPlan.read(made / "second").manifest.cities["town"].roster.people == 3


@pytest.mark.parametrize("name", ["first", "second"])
def test_seats_in_simulation_are_those_of_the_plan(made, name):
    """Whoever hands over is not at the telephone, whoever keeps shifts of his own is."""
    seats = build(load(made / name / "staffed.yaml")).world.seats
    assert seats[:, 0].tolist() == StaffingPlan.read(made / name).intervals["on_duty"].tolist()
    assert (seats[20:28, 0] >= 1).all()     # half of two part-time people, from ten to two


def test_wishes_are_told_by_person(made):
    wishes = StaffingPlan.read(made / "first").manifest.cities["town"].roster.wishes
    assert {(one.name, one.day, one.wish) for one in wishes} == {
        ("王一", date(2021, 8, 3), "愿休"), ("李二", date(2021, 8, 2), "愿早")}
    book = openpyxl.load_workbook(made / "first" / "roster.xlsx")
    people = {row[0]: row for row in book["每人 people"].iter_rows(4, values_only=True)}
    granted = {name: sum(one.granted for one in wishes if one.name == name) for name in ("王一", "李二")}
    assert {name: people[name][6:8] for name in granted} == {name: (1, n) for name, n in granted.items()}
    assert people["张三"][6:8] == (0, 0)
    days = [row[7] for row in book["王一"].iter_rows(4, 5, values_only=True)]     # of the two that are planned
    assert [cell or "" for cell in days] == ["", f"愿休 {'✓' if granted['王一'] else '✗'}"]


def test_wishes_are_known_to_the_next_plan_too(made):
    """Granted or not, a wish stands beside the code, and is read, weighed and answered again."""
    cells = {row[0]: row[4:] for row in wall(made / "first")[1:]}
    assert (cells["王一"][4].partition(" ")[2], cells["李二"][3].partition(" ")[2]) == ("愿休", "愿早")
    scenario = load(made / "first" / "staffed.yaml")
    rows = {row.name: row for row in scenario.people["town"].roster.rows}
    assert [(one.day, one.what, one.wanted) for one in rows["王一"].wishes] == [(4, "休", True)]
    assert [(one.day, one.what) for one in rows["李二"].wishes] == [(3, "早")]
    assert not any(row.free for row in rows.values())
    asked = problem_of(scenario, "town", (), np.zeros((3, 48), int), date(2021, 8, 1))
    assert {one.day for one in asked.people[0].wishes} == {2}
    told = [StaffingPlan.read(made / name).manifest.cities["town"].roster.wishes for name in ("first", "second")]
    assert [{(one.name, one.day, one.wish) for one in one_of} for one_of in told] == [
        {("王一", date(2021, 8, 3), "愿休"), ("李二", date(2021, 8, 2), "愿早")}] * 2


def test_a_shift_that_is_only_wished_is_written_too():
    """Else the next plan would not know what is meant."""
    own = Roster(table="t.csv", dates=(date(2021, 8, 2),), rows=(RosterRow(
        name="王一", group="agents", codes=("休",), wishes=(RosterWish(day=0, what="早"),)),))
    assert wished_only(own, ["早①", "早②", "中"], ["中"]) == {"早①", "早②"}
    assert wished_only(own, ["早", "中"], ["中", "早②"]) == set()


def test_an_edited_roster_is_planned_on(made, tmp_path):
    """A planner empties a cell, fixes another and writes a wish into the workbook."""
    folder = tmp_path / "edited"
    shutil.copytree(made / "first", folder)
    book = openpyxl.load_workbook(folder / "roster.xlsx")
    sheet = book.worksheets[0]
    sheet["I3"], sheet["H3"], sheet["I4"] = "愿休", "定休", None
    book.save(folder / "roster.xlsx")
    rows = {row.name: row for row in load(folder / "staffed.yaml").people["town"].roster.rows}
    assert rows["李二"].fixed == (3,)
    assert [(wish.day, wish.what) for wish in rows["李二"].wishes] == [(4, "休")]
    assert 4 in rows["张三"].free
    sheet["H3"] = "晚班"
    book.save(folder / "roster.xlsx")
    with pytest.raises(ScenarioError, match=r'roster\.xlsx:3:8 \(H3\): 2021-08-02.*: "晚班" is no shift: known are'):
        load(folder / "staffed.yaml")


def test_the_example_of_the_docs_is_sound():
    example = Path(__file__).parents[2] / "docs" / "examples" / "roster" / "town.yaml"
    scenario = load(example)
    rows = scenario.people["town"].roster.rows
    assert any(row.leads for row in rows)
    assert any(row.wishes for row in rows)
    assert any(row.fixed for row in rows)
    assert any("假" in row.codes for row in rows)
    assert scenario.people["town"].holidays
    assert scenario.staffing.frozen_until == date(2021, 10, 1)


def test_a_balance_of_nothing_is_said_too():
    """Nobody's overtime being 0 is known, which an empty cell does not say."""
    person = Person("王一", "agents", before=CarriedIn(nights=2))
    row = RosterRow(name="王一", group="agents", codes=("休",), overtime=0.0, nights=0)
    told = SimpleNamespace(nights=[1], weekends=[3])
    rostered = SimpleNamespace(wishes=(), solved=SimpleNamespace(evaluation=told),
                               problem=SimpleNamespace(people=[person]))
    found, = book_rows(SimpleNamespace(rows=[row]), [rostered], {"agents": ("话务员", "agents")})
    assert found.said == {"overtime": 0.0, "nights": 0}
    assert found.balances == (3, 3)
