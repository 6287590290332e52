"""The ledger of overtime beyond the limits in the report and its workbook, where the roster itself has such hours."""
import json

import openpyxl
import pytest
from one_city import said_of_town, staffed, text

from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import ledger
from surgeline.reports.staffing_plan.view import PlanView

WORDS = {"zh": Words("zh"), "en": Words("en")}
DAYS = [f"2021-08-{day:02}" for day in range(1, 9)]
ROWS = (f"王一,休{',!长' * 6},休", f"李二{',休' * 7},白", f"张三,休,假{',休' * 6}", f"赵四{',休' * 8}")
PEOPLE = "people: {town: {roster: {table: roster.csv}, rules: {emergency: true}}}\n"
CODED = 'shifts: {days: [{start: "08:00", hours: 8, code: 白}, {start: "08:00", hours: 15, code: 长}]}'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Six days of fifteen hours are fixed for one of four: fifty hours beyond forty, fourteen beyond the month's. The
    third passes forty by five hours, the others are longer by seven: three a day are allowed."""
    here = tmp_path_factory.mktemp("ledger")
    (here / "roster.csv").write_text("\n".join((f"姓名,{','.join(DAYS)}", *ROWS)), encoding="utf-8")
    whole = text(PEOPLE).replace("end: 2021-08-03", "end: 2021-08-08")
    shared = 'shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}'
    assert shared in whole
    (here / "town.yaml").write_text(whole.replace(shared, CODED), encoding="utf-8")
    return staffed(here / "town.yaml", "--seconds", "1", "--replications", "2")


@pytest.fixture(scope="module")
def view(made):
    return PlanView(StaffingPlan.read(made))


def test_hours_of_the_roster_itself_are_there(view):
    found = view.cities["town"].ledger
    assert found.emergency
    assert {(one.name, one.called) for one in found.rows} == {("王一", 0)}
    assert sum(one.of_month for one in found.rows) == 6 * 15 - 40 - 36
    assert [one.of_day for one in found.rows] == [2, 4, 4, 4]
    assert [one.day.day for one in found.rows] == [4, 5, 6, 7]
    assert view.cities["town"].call_in is None


def test_report_and_workbook_say_it_in_both_languages(made, view):
    found = view.cities["town"].ledger
    for w in WORDS.values():
        section = ledger.section(view, w)
        table, = section.blocks
        assert [row[1] for row in table.rows] == [one.name for one in found.rows]
        assert [row[2] for row in table.rows] == [w.few(one.hours) for one in found.rows]
        assert "42" in table.rows[0][-1]
        assert w.few(sum(one.hours for one in found.rows)) in table.note
    sheet = [*openpyxl.load_workbook(made / "report.xlsx")["加班台账 ledger"].iter_rows(values_only=True)][2:]
    assert [(row[1].date(), row[2], row[3], row[4], row[5]) for row in sheet] == [
        (one.day, one.name, one.hours, one.in_roster, one.called) for one in found.rows]


def test_for_machines_it_is_the_same(made, view):
    told = said_of_town(made)["ledger"]
    assert told == json.loads(view.cities["town"].ledger.model_dump_json())


def test_without_an_emergency_nothing_allows_it(view):
    found = view.cities["town"].ledger.model_copy(update={"emergency": False})
    assert "against the law" in ledger.ground_note(WORDS["en"], found)
    assert ledger.ground(WORDS["zh"], found) == "没有依据"


def test_where_nobody_works_beyond_them_there_is_none(view):
    quiet = PlanView(view.done)
    quiet.cities["town"] = view.cities["town"].model_copy(update={"ledger": None})
    assert ledger.section(quiet, WORDS["zh"]) is None
