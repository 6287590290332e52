"""A roster that is planned anew from the files of the last plan: what changes is told, and the files are the new."""
import json
from collections import Counter
from datetime import date

import openpyxl
import pytest
from one_city import PEOPLE, surgeline, text

from sim.reading.loading import load
from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import changes
from surgeline.reports.staffing_plan.view import PlanView

QUICK = ("--seconds", "1", "--replications", "2")
DAYS = [date(2021, 8, 1), date(2021, 8, 2), date(2021, 8, 3)]
ROWS = [("王一", "休", "白", "休"), ("李二", "休", "休", "白"), ("张三", "休", "假", "休"), ("赵四", "休", "休", "休")]
STAFFED = """# 上次的方案
surgeline: 1
extends: town
title: {zh: 小城：排班表, en: 'A small city: a roster'}
shifts: {town-planned: [{start: "08:00", hours: 8, code: 白}]}
cities: {town: {shifts: town-planned}}
"""


def published(folder, **numbers):
    """The files of a plan by which one sits there from eight to four."""
    (folder / "town.yaml").write_text(text(**numbers), encoding="utf-8")
    (folder / "staffed.yaml").write_text(STAFFED + PEOPLE.replace("roster.csv", "roster.xlsx"), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in [("姓名", *DAYS), *ROWS]:
        book.active.append(row)
    book.save(folder / "roster.xlsx")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A plan anew where more people call than one can answer."""
    folder = tmp_path_factory.mktemp("anew")
    published(folder, talk="2 min")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = surgeline("staff", folder / "staffed.yaml", *QUICK, "--out", folder / "again")
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    (folder / "said.txt").write_text(said, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def told(here):
    """What the manifest says of the changes."""
    return StaffingPlan.read(here / "again").manifest.cities["town"].roster.changes


def wall(path):
    """The first sheet of a roster: what its cells say by name and day, and which of them stand out."""
    head, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows()
    cells = {(row[0].value, day.value.date()): cell for row in rows
             for day, cell in zip(head[2:], row[2:], strict=True)}
    return ({at: cell.value for at, cell in cells.items()},
            {at for at, cell in cells.items() if cell.fill.fgColor.rgb == "FFFFC000"})


def test_the_files_are_those_of_the_new_plan(here, told):
    old = {(name, day): code for name, *codes in ROWS for day, code in zip(DAYS, codes, strict=True)}
    new, marked = wall(here / "again" / "roster.xlsx")
    changed = {at for at, code in new.items() if old[at] != code}
    assert changed == marked == {(one.name, one.day) for one in told.cells}
    assert changed
    rows = load(here / "again" / "staffed.yaml").people["town"].roster.rows
    assert {(row.name, day): code for row in rows for day, code in zip(DAYS, row.codes, strict=True)} == new
    assert [row.name for row in rows] == [name for name, *_ in ROWS]


def test_the_file_of_the_last_plan_keeps_what_else_it_says(here):
    written = (here / "again" / "staffed.yaml").read_text(encoding="utf-8")
    assert written.startswith("# 上次的方案\nsurgeline: 1\nextends: town\n")
    assert "willing: 100 %" in written
    assert (here / "again" / "town.yaml").read_bytes() == (here / "town.yaml").read_bytes()
    assert "no problems" in surgeline("check", here / "again" / "staffed.yaml")


def test_every_change_is_told_with_times_hours_and_notice(told):
    assert told.told.isoformat() == "2021-08-02T00:00:00"     # of days that are over, notice is from their begin
    assert (told.published, told.frozen, told.frozen_kept) == (7, 4, True)
    for one in told.cells:
        assert (one.before, one.before_time, one.after, one.after_time) == ("休", "", "白", "08:00–16:00")
        assert (one.hours, one.nights, one.notice_h) == (8.0, 0, 8.0 + 24 * (one.day - DAYS[1]).days)
    assert told.people == len({one.name for one in told.cells})
    assert told.yuan == 2 * 68 * len(told.cells)
    assert told.saves > told.yuan


def test_the_workbooks_have_a_sheet_of_changes(here, told):
    wanted = [(one.name, one.day, one.before, one.after) for one in told.cells]
    for file, (top, places) in {"roster.xlsx": (2, (0, 1, 3, 5)), "report.xlsx": (3, (1, 2, 3, 5))}.items():
        rows = list(openpyxl.load_workbook(here / "again" / file)["变动 changes"].iter_rows(top, values_only=True))
        found = [tuple(row[i] for i in places) for row in rows]
        assert [(name, day.date(), before, after) for name, day, before, after in found] == wanted


def test_the_console_says_how_much_changes(here, told):
    said = (here / "said.txt").read_text(encoding="utf-8")
    assert f"{len(told.cells)} of 7 shifts and days off change, for {told.people} people" in said


def test_the_report_lists_whom_it_concerns_in_both_languages(here, told):
    view = PlanView(StaffingPlan.read(here / "again"))
    for w in (Words("zh"), Words("en")):
        table = changes.section(view, w).blocks[0]
        names = list(dict.fromkeys(one.name for one in told.cells))
        assert [row[0] for row in table.rows if row[0]] == names
        days = Counter(one.name for one in told.cells)
        sums = {i: row for i, row in enumerate(table.rows) if row[0] and days[row[0]] > 1}
        assert table.muted == set(sums)
        assert len(table.rows) == len(told.cells) + len(sums)
        assert [row[5] for row in sums.values()] == [w.change(8.0 * days[row[0]]) for row in sums.values()]
    html = (here / "again" / "report.html").read_text(encoding="utf-8")
    assert Words("zh")("staff.changes_title") in html
    assert Words("en")("staff.changes_title") in html


def test_where_nothing_changes_it_is_said(tmp_path):
    published(tmp_path)
    said = surgeline("staff", tmp_path / "staffed.yaml", *QUICK, "--out", tmp_path / "again", "--json")
    told = json.loads(said.splitlines()[-1])["cities"]["town"]["roster"]["changes"]
    assert (told["cells"], told["people"], told["yuan"]) == ([], 0, 0)
    html = (tmp_path / "again" / "report.html").read_text(encoding="utf-8")
    assert "stays as it is, all 7 shifts and days off" in html
    assert "变动 changes" not in openpyxl.load_workbook(tmp_path / "again" / "roster.xlsx").sheetnames


def test_the_roster_of_another_city_stays_beside_it(tmp_path):
    """A city after another is planned: each has its file."""
    from surgeline.folders.staffed_scenario import roster_file
    published(tmp_path)
    scenario = load(tmp_path / "staffed.yaml")
    other = scenario.model_copy(update={"people": {"west": scenario.people["town"]}})
    assert (roster_file(scenario, "town"), roster_file(other, "town")) == ("roster.xlsx", "roster-town.xlsx")
