"""What a plan says of standby: in the report, in both workbooks, and for machines; and where nobody need stand by."""
import json

import openpyxl
import pytest
from one_city import of_many, said_of_town, staffed, text

from sim.measures.statistics import Figure
from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import answer, standby
from surgeline.reports.staffing_plan.view import PlanView

WORDS = {"zh": Words("zh"), "en": Words("en")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    here = tmp_path_factory.mktemp("standby-report")
    asked = "  standby: {in_days: 95 %, response: 1 h, pay: 12}\n"
    whole = of_many(text(asked, calls=600, talk="4 min"))
    (here / "town.yaml").write_text(whole.replace("{profile: plain}}", "{profile: plain, busyness_cv: 0.6}}"),
                                    encoding="utf-8")
    return staffed(here / "town.yaml", "--seconds", "1", "--replications", "3")


@pytest.fixture(scope="module")
def view(made):
    return PlanView(StaffingPlan.read(made))


@pytest.fixture(scope="module")
def found(view):
    return view.cities["town"].standby


def test_each_day_has_its_hours_people_and_shares(view, found):
    assert found.days
    assert (found.in_days, found.response_s, found.pay, found.replications) == (0.95, 3600, 12, 12)
    for w in WORDS.values():
        table = standby.section(view, w).blocks[0]
        assert [row[1] for row in table.rows] == [f"{one.start:%H:%M}–{one.end:%H:%M}" for one in found.days]
        assert [row[4] for row in table.rows] == [w.percent(one.without.mean) for one in found.days]
        assert [row[6] for row in table.rows] == [w.percent(one.kept.mean) for one in found.days]


def test_what_it_costs_adds_up(view, found):
    hours = sum(one.people * (one.end - one.start).total_seconds() / 3600 for one in found.days)
    assert found.hours_ready == pytest.approx(hours)
    assert found.yuan_ready == pytest.approx(12 * hours)
    assert found.yuan_called == pytest.approx(68 * 2 * found.hours_called)
    assert found.yuan_on_duty == pytest.approx(68 * found.hours_on_duty)
    rows = standby.costs(WORDS["en"], found).rows
    assert rows[2][2] == WORDS["en"].exact(found.yuan_ready + found.yuan_called)


def test_the_answer_says_how_many_days_hold(view, found):
    assert WORDS["en"].percent(found.without.mean) in answer.sentences(view, WORDS["en"])[-1]
    day = helped(found, 0.5, 0.75)
    of = found.model_copy(update={"days": (day,), "kept": Figure(0.9, 0.8, 1.0)})
    said = standby.sentence(view, WORDS["en"], of)
    assert "keeps it with a chance of 50.0\u00a0%" in said
    assert "3 people on standby" in said
    assert "make that 75.0\u00a0%" in said
    assert WORDS["zh"].percent(of.kept.mean) in standby.sentence(view, WORDS["zh"], of)


def test_people_who_bring_nothing_on_unseen_days_are_said_to_be_of_no_use(view, found):
    of = found.model_copy(update={"days": (helped(found, 0.5, 0.5),)})
    assert standby.sentence(view, WORDS["zh"], of).endswith("可以不安排。")


def helped(found, without, kept):
    """A day with three people on standby, and the shares that it is kept without and with them."""
    shares = {"without": Figure(without, without, without), "kept": Figure(kept, kept, kept)}
    return found.days[0].model_copy(update={"people": 3, "named": 3, "reached": True} | shares)


def test_names_stand_in_the_order_of_call_everywhere(made, view, found):
    report = [*openpyxl.load_workbook(made / "report.xlsx")["备勤 standby"].iter_rows(values_only=True)][2:]
    wall = [*openpyxl.load_workbook(made / "roster.xlsx")["备勤 standby"].iter_rows(values_only=True)][1:]
    told = [(one.day, one.order, one.name) for one in found.names]
    assert [(row[0].date(), row[3], row[4]) for row in report] == told
    assert [(row[0].date(), row[3], row[4]) for row in wall] == told
    assert {row[5] for row in wall} <= {60}
    table = standby.names(WORDS["en"], found)
    for row, day in zip(table.rows, found.days, strict=True):
        names = [one.name for one in found.names if one.day == day.start.date()]
        assert len(names) == day.named
        assert row[1] == (", ".join(names) or "–")


def test_whoever_stands_by_finds_it_on_the_own_sheet_and_on_the_wall(made, found):
    book = openpyxl.load_workbook(made / "roster.xlsx")
    wall = {row[0]: row for row in book["张贴 wall"].iter_rows(4, values_only=True)}
    windows = {one.start.date(): f"{one.start:%H:%M}" for one in found.days}
    for one in found.names:
        [line] = [row for row in book[one.name].iter_rows(values_only=True)
                  if row[2] == "备勤 on standby" and row[0].date() == one.day]
        assert line[3] == windows[one.day]
        assert line[8].startswith(f"第 {one.order} 个召集，60 分钟内到岗")
        assert any(f"备{windows[one.day]}" in str(cell) for cell in wall[one.name])


def test_for_machines_it_is_the_same(made, found):
    told = said_of_town(made)["standby"]
    assert told == json.loads(found.model_dump_json())


def test_numbers_that_do_not_suffice_say_so(found):
    day = found.days[0].model_copy(update={"people": 3, "named": 2, "reached": False})
    few = found.model_copy(update={"days": (day,)})
    table = standby.days(WORDS["en"], few)
    assert table.rows[0][2] == "3 (does not suffice)"
    assert "Where names are fewer" in table.note


def test_where_nobody_can_stand_by_the_other_way_is_told(view, found):
    days = tuple(one.model_copy(update={"people": 0, "reached": False}) for one in found.days)
    said = standby.sentence(view, WORDS["en"], found.model_copy(update={"days": days, "names": ()}))
    assert "could make that more" in said
    assert WORDS["en"].count(found.yuan_on_duty) in said


def test_where_nobody_need_stand_by_that_is_said(view, found):
    none = found.model_copy(update={"days": (), "names": ()})
    said = standby.sentence(view, WORDS["en"], none)
    assert said.startswith("Nobody need stand by")
    assert WORDS["en"].percent(found.without.mean) in said
