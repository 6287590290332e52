"""What a plan of a city that lends says of its lent seats: in the report, in both workbooks, and for machines."""
import json

import openpyxl
import pytest
from lending_town import lending
from one_city import said_of_town, staffed

from surgeline.folders.staffing_plan import Lacking, StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import answer, lent
from surgeline.reports.staffing_plan.view import PlanView

WORDS = {"zh": Words("zh"), "en": Words("en")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    here = tmp_path_factory.mktemp("lent-report")
    (here / "lend.yaml").write_text(lending(), encoding="utf-8")
    return staffed(here / "lend.yaml", "--city", "town", "--seconds", "1", "--replications", "2")


@pytest.fixture(scope="module")
def view(made):
    return PlanView(StaffingPlan.read(made))


def test_every_seat_and_every_name_of_the_fullest_day_stands_there(view):
    found = view.cities["town"].lent
    assert found.seats == {"village": 4}
    assert found.seat_hours == 4 * 14 * 2
    for w in WORDS.values():
        section = lent.section(view, w)
        seats = section.blocks[1]
        by_day = [{one.name for one in found.at_seats if one.start.day == day} for day in (2, 3)]
        assert {row[2] for row in seats.rows} in [names for names in by_day if len(names) == max(map(len, by_day))]
        assert {row[1] for row in seats.rows} == {"1", "2", "3", "4"}
        assert [row[1] for row in section.blocks[0].rows][:2] == [w.change(found.home.mean),
                                                                  w.change(found.home_filled.mean)]


def test_the_answer_says_what_it_means_for_home(view):
    found = view.cities["town"].lent
    assert "Town lends Village 4 seats at the most" in answer.sentences(view, WORDS["en"])[-1]
    assert WORDS["zh"].change(found.home_filled.mean) in answer.sentences(view, WORDS["zh"])[-1]


def test_who_is_called_is_told_with_the_last_moment_for_it(view):
    found = view.cities["town"].lent
    assert found.calls
    table = lent.calls(WORDS["en"], found, False)
    assert all(row[-1].endswith(("06:00", "13:00")) for row, one in zip(table.rows, found.calls, strict=False)
               if one.kind == "call_in")
    assert sum(one.hours for one in found.calls) == pytest.approx(found.hours)


def test_where_people_are_missing_the_remedy_is_told(view):
    at = view.cities["town"].lent
    late, in_time = (Lacking(start=at.told, end=at.told, most=2, hours=3.0, too_late=too_late)
                     for too_late in (True, False))
    short = at.model_copy(update={"unmanned": {"village": (late,)}, "at_home": (in_time,)})
    rows = list(lent.lacking_rows(view, WORDS["en"], short))
    assert rows[0][0] == "seats lent to Village"
    assert rows[0][4].startswith("agree on it earlier")
    assert rows[1][0] == "Town, at home"
    assert rows[1][4].startswith("lend 2 fewer")
    assert "3 hours of lent seats have nobody" in lent.sentence(view, WORDS["en"], short)


def test_both_workbooks_have_a_line_a_person_and_seat(made, view):
    found = view.cities["town"].lent
    report = [*openpyxl.load_workbook(made / "report.xlsx")["支援座席 lent"].iter_rows(values_only=True)][2:]
    wall = [*openpyxl.load_workbook(made / "roster.xlsx")["支援座席 lent"].iter_rows(values_only=True)][1:]
    assert [row[2] for row in report] == [one.name for one in found.at_seats]
    assert {(row[0].date(), row[2], row[3]) for row in wall} == {
        (one.start.date(), one.seat, one.name) for one in found.at_seats}
    assert {row[1] for row in wall} == {"小村"}


def test_whoever_sits_at_a_lent_seat_finds_it_on_the_own_sheet(made, view):
    book = openpyxl.load_workbook(made / "roster.xlsx")
    for one in view.cities["town"].lent.at_seats:
        lines = [row for row in book[one.name].iter_rows(values_only=True) if row[2] == "支援座席 at a lent seat"]
        assert (f"{one.start:%H:%M}", f"{one.end:%H:%M}", f"小村 第 {one.seat} 席 seat {one.seat}") in [
            (row[3], row[4], row[6]) for row in lines]
    calls = [*book["增援名单 calls"].iter_rows(2, values_only=True)]
    assert len(calls) == len(view.cities["town"].lent.calls)
    assert {row[7] for row in calls} == {"支援外市 lending"}


def test_for_machines_it_is_the_same(made, view):
    told = said_of_town(made)["lent"]
    assert told == json.loads(view.cities["town"].lent.model_dump_json())


def test_service_is_told_with_those_who_come_for_it(view):
    assert view.cities["town"].in_the_end == view.cities["town"].lent.service
