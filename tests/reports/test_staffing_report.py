"""What the report of a staffing plan says: made from its folder alone, in both languages, and a workbook that opens."""
import re
from datetime import date, datetime, time
from types import SimpleNamespace

import openpyxl
import pytest
from one_city import of_many, surgeline, text

from surgeline.folders.rules_passed import Passed
from surgeline.folders.staffing_plan import ChangedCell, ForSurge, StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import answer, need, price, roster, service, sheets, shifts
from surgeline.reports.staffing_plan.view import PlanView

WORDS = {"zh": Words("zh"), "en": Words("en")}
SURGE = """surges:
  rule: {city: town, class: other, profile: plain, by_day: {2021-08-03: 1200}}
people: {town: {call_in: {willing: 100 %}}}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A plan of a town that is surged on its second day."""
    here = tmp_path_factory.mktemp("report")
    (here / "town.yaml").write_text(of_many(text(SURGE, calls=600, talk="4 min")), encoding="utf-8")
    surgeline("staff", here / "town.yaml", "--seconds", "2", "--replications", "2", "--out", here / "plan")
    return here / "plan"


@pytest.fixture(scope="module")
def view(made):
    return PlanView(StaffingPlan.read(made))


def test_it_is_made_from_the_folder_alone(made):
    """Nothing but what is in the folder; the planner's file is away."""
    page, book = made / "report.html", made / "report.xlsx"
    before = page.read_text(encoding="utf-8")
    page.unlink()
    book.unlink()
    (made.parent / "town.yaml").rename(made.parent / "away.yaml")
    assert "report.html" in surgeline("report", made)
    (made.parent / "away.yaml").rename(made.parent / "town.yaml")
    assert page.read_text(encoding="utf-8") == before
    assert book.exists()


def test_both_languages_are_there_and_no_number_is_none(made):
    html = (made / "report.html").read_text(encoding="utf-8")
    assert '<main id="zh"' in html
    assert '<main id="en"' in html
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|script)>.*?</\1>", "", html))
    assert not re.search(r"\b(nan|None|inf)\b", plain)
    assert not re.search(r"\{\w+\}", plain)
    zh = plain[:plain.index("12345 hotline staffing plan")]
    assert "needs" not in zh


def test_the_workbook_opens_and_has_a_row_for_each_interval(made):
    book = openpyxl.load_workbook(made / "report.xlsx")
    rows = list(book["需求与在岗 need"].iter_rows(values_only=True))
    found = StaffingPlan.read(made).intervals
    body = [row for row in rows if row[0] == "小城"]
    assert len(body) == len(found) == 96
    assert [row[2] for row in body] == found["needed"].tolist()
    assert [row[4] for row in body] == found["on_duty"].tolist()
    assert "班次 shifts" in book.sheetnames


def test_whoever_is_called_in_stands_in_the_report(view):
    call_in = view.cities["town"].call_in
    assert call_in.calls
    for w in WORDS.values():
        section = roster.call_in(view, w)
        day = roster.worst_day(view, "town", call_in) or roster.fullest_day(call_in)
        names = [call.name for call in call_in.calls if call.day == day]
        assert [row[1] for row in section.blocks[0].rows] == names
    assert sum(call.hours for call in call_in.calls) == pytest.approx(call_in.hours)
    assert call_in.brings.mean > 0
    assert call_in.service.answered.mean > view.cities["town"].service.answered.mean


def test_whoever_is_called_in_finds_it_in_the_roster_too(made, view):
    """On the own sheet with the last moment of the call, on the wall in the cell of the day, and in a list of all."""
    calls, book = view.cities["town"].call_in.calls, openpyxl.load_workbook(made / "roster.xlsx")
    wall = {row[0]: row for row in book["张贴 wall"].iter_rows(4, values_only=True)}
    heads = [str(cell).partition("\n")[0] for cell in next(book["张贴 wall"].iter_rows(3, 3, values_only=True))]
    for one in calls:
        times = f"{one.start}–{one.end}"
        assert times in wall[one.name][heads.index(f"{one.day.month}/{one.day.day}")]
        assert (datetime.combine(one.day, time.min), one.start, one.end, one.hours, one.call_by) in [
            (row[0], row[3], row[4], row[5], row[7]) for row in book[one.name].iter_rows(values_only=True)]
    listed = [*book["增援名单 calls"].iter_rows(2, values_only=True)]
    assert sorted((row[0].date(), row[1], row[3]) for row in listed) == sorted(
        (one.day, one.start, one.name) for one in calls)
    assert not [cell for row in book.worksheets[0].iter_rows(2, 99, 3, values_only=True) for cell in row
                if "–" in str(cell)]      # the sheet that is read back has codes alone


def with_calls(view, calls):
    """The view with other calls."""
    town = view.cities["town"]
    town = town.model_copy(update={"call_in": town.call_in.model_copy(update={"calls": tuple(calls)})})
    return changed(view, town)


def changed(view, town, **intervals):
    """The view of another town."""
    manifest = view.manifest.model_copy(update={"cities": {"town": town}})
    done = StaffingPlan(view.done.folder, manifest)
    done.__dict__["intervals"] = view.done.intervals.assign(**intervals)
    return PlanView(done)


def test_a_phone_stands_beside_the_name_of_whoever_is_called_where_any_is_known(view):
    first, *others = view.cities["town"].call_in.calls
    known = with_calls(view, [first.model_copy(update={"phone": "8001"}), *others])
    table = roster.calls_table(known, WORDS["zh"], "town", known.cities["town"].call_in)
    heads = [column.title for column in table.columns]
    assert heads[1:3] == ["姓名", "电话"]
    assert {row[2] for row in table.rows if row[1] == first.name} >= {"8001"}
    sheet = sheets.call_sheet(known)
    assert [head.zh for head in sheet.heads][3:5] == ["姓名", "电话"]
    assert {len(row) for row in sheet.rows} == {len(sheet.heads)}
    assert sorted(row[4] for row in sheet.rows)[-1] == "8001"
    assert "电话" not in [head.zh for head in sheets.call_sheet(view).heads]


def test_the_page_prints_the_calls_of_the_worst_day(view):
    """Most calls are late on the first day, most hours are called in on the second."""
    call = view.cities["town"].call_in.calls[0]
    calls = [call.model_copy(update={"day": date(2021, 8, day), "hours": 2.0}) for day in (2, 3, 3)]
    found = with_calls(view, calls)
    late = changed(found, found.cities["town"], needed=9, on_duty=[4] * 48 + [8] * 48, within=0.5, offered=100.0)
    table = roster.calls_table(late, WORDS["zh"], "town", late.cities["town"].call_in)
    assert "8 月 2 日（最缺的一天）" in table.title
    assert len(table.rows) == 1
    without = with_calls(late, calls[1:])
    table = roster.calls_table(without, WORDS["zh"], "town", without.cities["town"].call_in)
    assert "8 月 3 日（请人工时最多的一天）" in table.title
    assert len(table.rows) == 2


def test_people_on_duty_beyond_the_workplaces_are_said_to_be_absent(view):
    of = view.cities["town"].shifts.model_copy(update={"at_most": 465, "workplaces": 256, "absent_then": 0.45})
    assert "同时在岗最多 465 人，工位 256 个（那时缺勤 45\u00a0%" in shifts.table_of(WORDS["zh"], "小城", of).note
    absent = view.cities["town"].shifts.absent_then
    assert absent == pytest.approx(0.05)


def with_lines(view, **changes):
    """The view with shifts that are otherwise."""
    town = view.cities["town"]
    lines = tuple(line.model_copy(update={name: of(line) for name, of in changes.items()})
                  for line in town.shifts.lines)
    town = town.model_copy(update={"shifts": town.shifts.model_copy(update={"lines": lines})})
    return SimpleNamespace(cities={"town": town}, first="town", place=view.place)


def test_the_day_before_stands_there_for_its_nights_only(view):
    assert not any(line.people[0] for line in view.cities["town"].shifts.lines)
    assert [head.zh for head in sheets.shift_sheet(view).heads][6:] == ["8/2", "8/3"]
    night = sheets.shift_sheet(with_lines(view, people=lambda line: (1, *line.people[1:])))
    assert [head.zh for head in night.heads][6:] == ["8/1", "8/2", "8/3"]
    assert all(row[6] == 1 for row in night.rows)


def test_handing_over_has_a_column_where_there_is_any(view):
    sheet = sheets.shift_sheet(with_lines(view, handover=lambda line: 15))
    assert sheet.heads[6].zh == "含交接班（分钟）"
    assert {row[6] for row in sheet.rows} == {15}


def test_changes_of_a_surge_have_a_sheet_in_the_report(view):
    cell = ChangedCell(name="王一", day=date(2021, 8, 3), before="休", before_time="", after="白",
                       after_time="08:00–16:30", hours=8.0, nights=0, notice_h=32.0)
    of = ForSurge(since=date(2021, 8, 3), was_known=False, wanted=120.0, there=80.0, changes=1, people_changed=1,
                  cells=(cell,))
    town = view.cities["town"]
    town = town.model_copy(update={"roster": town.roster.model_copy(update={"for_surge": of})})
    [row] = sheets.change_rows(SimpleNamespace(cities={"town": town}, place=view.place), sheets.in_surge)
    assert row[:4] == ("小城", "王一", datetime(2021, 8, 3), "休")
    assert sheets.change_heads("ordinary")[3].zh == "平时的班"


def test_the_answer_names_need_people_and_service(view):
    town = view.cities["town"]
    said = answer.sentences(view, WORDS["en"])
    assert said[0].startswith("Target missed; ")
    assert WORDS["en"].percent(town.in_the_end.within.mean) in said[1]
    assert f"{town.shifts.people_a_day} people are on duty on the fullest day" in said[2]
    assert not [one for one in said if "full-time" in one]
    assert [one for one in said if f"Town needs {town.need.peak} seats at the most" in one]
    assert f"if {len({call.name for call in town.call_in.calls})} people come earlier" in said[-1]
    assert len(answer.key_figures(view, WORDS["zh"])) == 4


def test_it_says_on_how_much_unseen_luck_the_need_misses_its_target(view):
    told = view.cities["town"].need
    assert 0 <= told.surely_missed <= told.unseen_missed <= told.intervals
    for lang, says in (("en", "of {intervals} periods miss"), ("zh", "{intervals} 个时段里有 {unseen_missed} 个")):
        lead = need.section(view, WORDS[lang]).lead
        assert str(told.unseen) in lead
        assert says.format(**told.model_dump()) in lead


def test_a_chart_that_stands_alone_is_as_wide_as_the_page(view):
    for w in WORDS.values():
        beside, alone, table = need.section(view, w).blocks
        assert [chart.wide for chart in (*beside.charts, *alone.charts)] == [False, False, True]
        assert 'viewBox="0 0 900 ' in alone.charts[0].drawing
        assert 'viewBox="0 0 440 ' in beside.charts[1].drawing
        assert service.section(view, w).blocks[0].charts[0].wide
        assert len(table.rows) == 1
        whole = view.of_city("town")["erlang_dials"].sum() * view.hours
        assert w.exact(whole) in beside.note


BROKEN = (Passed(rule="least_rest", reached=9.5, limit=11, kind="custom", source="班次间隔 | rest"),
          Passed(rule="most_days_in_a_row", reached=11, limit=6, kind="law",
                 source="劳动法第 38 条 | Labour Law art. 38"))


def test_a_call_tells_which_rules_it_breaks_each_with_its_number(view):
    call = view.cities["town"].call_in.calls[0].model_copy(update={"breaks": BROKEN})
    assert roster.call_row(WORDS["en"], call, True)[-1] == (
        "only 9.5 h of rest (custom: 11 h), 11 days in a row (law: at most 6, Labour Law art. 38; by art. 42)")
    assert roster.call_row(WORDS["zh"], call, True)[-1] == (
        "只休息 9.5 小时（惯例 11 小时）、连续上班 11 天（法律最多 6 天，劳动法第 38 条；依第 42 条）")
    sheet = sheets.call_row(call)[-1]
    assert "只休息 9.5 小时（惯例 11 小时）" in sheet
    assert "11 days in a row (law: at most 6, Labour Law art. 38; by art. 42)" in sheet
    assert roster.call_row(WORDS["en"], call.model_copy(update={"breaks": ()}), True)[-1] == ""


def test_where_nobody_is_called_it_does_not_speak_of_a_list(view):
    town = view.cities["town"].model_copy(update={"call_in": None})
    for lang, listed in (("en", "list of calls"), ("zh", "名单")):
        said = answer.called_in(WORDS[lang], town)
        assert len(said) == 1
        assert listed not in said[0]
    assert answer.called_in(WORDS["en"], town.model_copy(update={"of_ordinary": False})) == []


def test_a_roster_for_a_surge_tells_from_when_on(view):
    town = view.cities["town"]
    # It begins on the last day: the roster is of ordinary time.
    assert roster.for_surge(WORDS["en"], town.roster, town.of_ordinary) == []
    of = ForSurge(since=date(2021, 8, 3), was_known=False, wanted=120.0, there=80.0, changes=7, people_changed=5)
    later = town.model_copy(update={"roster": town.roster.model_copy(update={"for_surge": of})})
    [said] = roster.for_surge(WORDS["en"], later.roster, later.of_ordinary)
    assert said.startswith("From 3 August 2021 on the roster is planned for the surge")
    assert "7 days of 5 people" in said
    assert "120 hours" in said
    [elsewhere] = roster.for_surge(WORDS["zh"], later.roster, False)
    assert elsewhere.startswith("富余的工时也排上")


def test_every_shift_and_every_day_has_its_place(view):
    found = view.cities["town"].shifts
    table = shifts.section(view, WORDS["en"]).blocks[0]
    assert [row[0] for row in table.rows] == [line.code for line in found.lines]
    assert len(table.columns) == 3 + 3
    assert [row[3:] for row in table.rows] == [tuple(str(n) for n in line.people) for line in found.lines]


def test_parts_of_the_cost_are_its_total_and_no_less_than_the_bound(view):
    cost = view.cities["town"].shifts.cost
    assert sum(cost.parts.values()) == pytest.approx(cost.total)
    assert cost.total >= cost.bound - 1e-6
    assert cost.gap == pytest.approx((cost.total - cost.bound) / cost.total)


def test_prices_are_told_a_point(view):
    table = price.section(view, WORDS["en"]).blocks[1]
    ladder = price.rungs(view, view.cities["town"])
    assert len(table.rows) == len(ladder)
    first, second = ladder[:2]
    points = 100 * (second.share - first.share)
    assert table.rows[1][5] == WORDS["en"].few((second.people - first.people) / points)


def test_service_is_told_with_its_interval(view):
    today, row, called = service.table(view, WORDS["en"]).rows
    told = view.cities["town"].service
    assert row[2] == WORDS["en"].percent(told.within.mean)
    assert today[2] == WORDS["en"].percent(view.cities["town"].today.within.mean)
    assert called[2] == WORDS["en"].percent(view.cities["town"].call_in.service.within.mean)
    assert told.within.low <= told.within.mean <= told.within.high
    assert 0 <= told.reached <= 1


def test_every_rule_that_is_broken_is_named_in_both_languages(view):
    for w in WORDS.values():
        tables = roster.section(view, w).blocks
        assert len(tables) == 2
        assert len(tables[1].rows) == len(view.cities["town"].roster.broken)


@pytest.mark.parametrize(("people", "of_ordinary", "short", "says", "good"), [
    (9, False, 0.0, "yes", True), (9, True, 0.0, "yes", True), (9, True, 3.5, "only in ordinary time", False),
    (5, True, 3.5, "no", False), (5, False, 0.0, "no", False)])
def test_people_enough_for_ordinary_time_are_not_enough_in_a_surge(view, people, of_ordinary, short, says, good):
    town = view.cities["town"]
    city = town.model_copy(update={"people": people, "of_ordinary": of_ordinary,
                                   "need": town.need.model_copy(update={"short_hours": short})})
    found = need.enough(city, max(7 - people, 0), WORDS["en"])
    assert (found.text.strip("✓✗ "), found.good) == (says, good)
