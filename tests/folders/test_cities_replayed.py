"""Plans of several cities: what is written is read back, replays the plan, can be edited and planned anew."""
from datetime import date

import openpyxl
import pytest
from click.testing import CliRunner
from one_city import surgeline
from two_towns import BY_SHARES, COUNTED, COUNTS

from sim.reading.loading import load
from sim.scenario.staffing_terms import MARKS
from surgeline.cli import main
from surgeline.folders.run import Run
from surgeline.folders.shift_counts_book import EDITED, TIMES
from surgeline.folders.staffed_cities import with_people
from surgeline.folders.staffing_plan import StaffingPlan

QUICK = ("--seconds", "2", "--replications", "2")
STAFFING = "staffing: {target: {share: 80 %, within: 15 s, answered: 0}, cities: [east, west]}\n"
GROUPS = """people:
  east:
    workplaces: 25
    groups:
      full: {name: {zh: 全职, en: full time}, people: 9, shifts: days, absence: 10 %}
      rota: {people: 3, rota: two, absence: 0}
      part: {people: 4, contract: part_time, shifts: noon}
      reserve: {people: 5, contract: reserve}
  west:
    roster: {table: roster.csv}
rotas: {two: {shifts: cycle, cycle: [A, 休], start: 2021-08-02, crews: 2}}
"""
CYCLE = """shifts:
  noon: [{start: "10:00", hours: 4, share: 50 %}]
  cycle: [{start: "09:00", hours: 8, code: A}]
  wests: [{start: "08:00", hours: 8, code: 早}]
"""
OVERTIME = """levers:
  - {kind: overtime, city: east, group: full, from: 2021-08-02, to: 2021-08-03, hours: ["15:00", "17:00"], longer: 2}
  - {kind: divert, cities: [east], share: 10 %, from: 2021-08-02, to: 2021-08-03}
"""
TEXTS = {
    "plain": BY_SHARES + STAFFING,
    "absent": BY_SHARES.replace("absence: 0, shrinkage: 0", "absence: 5 %, shrinkage: 12 %") + STAFFING,
    "groups": BY_SHARES.replace("agents: 20, ", "").replace("shifts:\n", CYCLE, 1).replace(
        "agents: 3, absence: 0, shrinkage: 0, shifts: days", "agents: 3, absence: 0, shrinkage: 0, shifts: wests")
    + GROUPS + OVERTIME + STAFFING,
    "counted": COUNTED + STAFFING,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Plans of two towns: on shares, with absence and breaks, with groups of all kinds, and on a table already."""
    here = tmp_path_factory.mktemp("cities")
    (here / "roster.csv").write_text("姓名,8/1,8/2,8/3\n王一,休,早,休\n", encoding="utf-8")
    (here / "shifts.csv").write_text(COUNTS, encoding="utf-8")
    for name, text in TEXTS.items():
        (here / f"{name}.yaml").write_text(text, encoding="utf-8")
        surgeline("staff", here / f"{name}.yaml", *QUICK, "--out", here / name)
    return here


def by_city(table, of, column):
    """By city: what a column says of each interval."""
    return {city: table[table[of] == city].sort_values("start")[column].tolist() for city in ("east", "west")}


# --- replayed --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", TEXTS)
def test_seats_in_the_replay_are_those_of_the_plan(made, name, tmp_path):
    surgeline("run", made / name / "staffed.yaml", "--replications", "2", "--out", tmp_path / "run")
    pools = Run.read(tmp_path / "run").pools
    planned = by_city(StaffingPlan.read(made / name).intervals, "city", "on_duty")
    assert sum(planned["east"]) > 0
    assert by_city(pools[pools["kind"] == "own"], "pool", "seats") == planned


def test_a_replay_on_the_plans_luck_gives_the_service_that_it_told(made):
    from sim.studies.study import simulate
    cities = StaffingPlan.read(made / "absent").manifest.cities
    first = 2 * cities["east"].need.unseen
    result = simulate(load(made / "absent" / "staffed.yaml"), replications=first + 2, seed=1, keep_calls=True)
    calls = result.calls[result.calls["replication"] >= first]
    for city, of in cities.items():
        answered = calls[calls["city"] == city]["outcome"] == "answered"
        assert of.service.answered.mean == pytest.approx(answered.mean(), rel=1e-9)


def test_an_edited_cell_is_what_is_replayed(made, tmp_path):
    """Five more begin in the east at the time of its first row on the first day."""
    for path in (made / "plain").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    book = openpyxl.load_workbook(made / "plain" / "shifts.xlsx")
    cell = book[EDITED].cell(2, 8)
    before = cell.value or 0
    cell.value = before + 5
    book.save(tmp_path / "shifts.xlsx")
    row, was = (load(folder / "staffed.yaml").shift_counts.rows[0] for folder in (tmp_path, made / "plain"))
    assert row.people == (was.people[0], before + 5, *was.people[2:])
    from sim.world.build import build
    now, then = (build(load(folder / "staffed.yaml")).world.seats[:, 0] for folder in (tmp_path, made / "plain"))
    hours, minutes = map(int, row.start.split(":"))
    begin = (hours * 60 + minutes) // 30
    assert (now - then)[begin:begin + 6].tolist() == [5] * 6
    assert not (now - then)[:begin].any()


# --- what is written -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", TEXTS)
def test_the_table_says_what_the_report_says(made, name):
    """Of all meals together, as many begin each shift."""
    cities = StaffingPlan.read(made / name).manifest.cities
    table = load(made / name / "staffed.yaml").shift_counts
    assert {row.city for row in table.rows} == {"east", "west"}
    for city, of in cities.items():
        for line in of.shifts.lines:
            rows = [row for row in table.of_city(city) if row.code.rstrip(MARKS) == line.code]
            begun = dict(zip(table.dates, map(sum, zip(*(row.people for row in rows), strict=True)), strict=True))
            assert [begun.get(day, 0) for day in of.shifts.dates] == list(line.people)


def test_the_first_sheet_has_dates_and_whole_numbers_and_a_frozen_heading(made):
    book = openpyxl.load_workbook(made / "plain" / "shifts.xlsx")
    assert book.sheetnames == [EDITED, TIMES]
    heads, *rows = book[EDITED].iter_rows(values_only=True)
    assert heads[:6] == ("市 city", "班次 shift", "上班 from", "下班 to", "用餐 meal", "工时 hours")
    assert [head.date() for head in heads[6:]] == [date(2021, 8, day) for day in (1, 2, 3)]
    assert {row[0] for row in rows} == {"东城", "西城"}
    assert all(cell is None or isinstance(cell, int) for row in rows for cell in row[6:])
    assert book[EDITED].freeze_panes == "C2"


def test_the_sheet_of_shifts_has_each_once_with_its_cities(made):
    book = openpyxl.load_workbook(made / "plain" / "shifts.xlsx")
    heads, *rows = book[TIMES].iter_rows(values_only=True)
    assert (heads[0], heads[-1]) == ("代号 code", "用于 used in")
    assert len({row[0] for row in rows}) == len(rows)
    assert any(row[-1] == "东城、西城" for row in rows)


def test_a_city_has_as_many_people_as_the_plan_needs_and_it_is_said(made):
    """The west has three."""
    most = StaffingPlan.read(made / "plain").manifest.cities["west"].shifts.most_begun
    assert most > 3
    scenario = load(made / "plain" / "staffed.yaml")
    assert float(scenario.cities["west"].agents) == most
    assert scenario.cities["west"].agents.note == "方案所需，原有 3 人 | as the plan needs, of 3"
    head = (made / "plain" / "staffed.yaml").read_text(encoding="utf-8").splitlines()[:6]
    assert f"# 人数 people: 西城：方案按 {most} 人，现有 3 人；West: {most} by the plan, 3 there are" in head


@pytest.mark.parametrize(("lang", "words", "files"), [
    ("zh", "西城方案按 {most} 人（现有 3 人）", ("各班人数表: {folder}/shifts.xlsx",
                                                "复演用的场景: {folder}/staffed.yaml")),
    ("en", "West {most} by the plan (3 there are)", ("people by shift: {folder}/shifts.xlsx",
                                                     "scenario to replay it: {folder}/staffed.yaml"))])
def test_the_console_and_the_report_name_files_and_people(made, tmp_path, monkeypatch, lang, words, files):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["staff", str(made / "plain.yaml"), *QUICK, "--out", "plan", "--lang", lang],
                              catch_exceptions=False)
    most = StaffingPlan.read(tmp_path / "plan").manifest.cities["west"].shifts.most_begun
    said = "".join(done.output.split())
    for text in (words.format(most=most), *(file.format(folder="plan") for file in files)):
        assert "".join(text.split()) in said
    report = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert words.format(most=most) in report
    assert "shifts.xlsx" in report


def test_groups_keep_their_parts_and_whatever_else_is_theirs(made):
    """Of the east full-time people and those of a rota are planned; the rest keep their shifts."""
    before, after = load(made / "groups.yaml"), load(made / "groups" / "staffed.yaml")
    groups = after.people["east"].groups
    assert [(groups[key].shifts, groups[key].rota) for key in groups] == [
        ("east-planned", None), ("east-planned", None), ("noon", None), (None, None)]
    assert float(groups["full"].people) == pytest.approx(3 * float(groups["rota"].people))
    assert [float(groups[key].people) for key in ("part", "reserve")] == [4, 5]
    assert float(after.people["east"].workplaces) == 25
    assert after.people["west"].roster is None
    assert [lever.kind for lever in before.levers] == ["overtime", "divert"]
    assert [lever.kind for lever in after.levers] == ["divert"]


def test_a_table_of_before_is_replaced_and_the_file_stands_beside(made):
    scenario = load(made / "counted" / "staffed.yaml")
    assert scenario.shift_counts.table == "shifts.xlsx"
    assert (made / "counted" / "shifts.csv").exists()


TOTAL = "every_city: {agents: {total: {assume: 12, range: [6, 20], why: 按人口 | by people}, by: population}}\n"


def test_others_keep_their_part_of_a_total_where_a_city_needs_more(tmp_path):
    """The north is not planned; what others need more is not taken off what it gets of the total."""
    text = BY_SHARES.replace("agents: 20, ", "population: 30, ").replace("agents: 3, ", "population: 10, ").replace(
        "shifts:\n", "  north: {name: {zh: 北城, en: North}, calls_a_day: 9, seats: 3, population: 20, absence: 0, "
        "shrinkage: 0, shifts: days}\nshifts:\n", 1)
    (tmp_path / "mine.yaml").write_text(text + TOTAL + STAFFING, encoding="utf-8")
    surgeline("staff", tmp_path / "mine.yaml", *QUICK, "--out", tmp_path / "plan")
    before, after = (load(file).cities for file in (tmp_path / "mine.yaml", tmp_path / "plan" / "staffed.yaml"))
    planned = StaffingPlan.read(tmp_path / "plan").manifest.cities
    assert [float(one.agents) for one in before.values()] == [6, 2, 4]
    assert after["north"].agents == before["north"].agents
    assert [float(after[city].agents) for city in planned] == [one.shifts.most_begun for one in planned.values()]
    assert min(one.shifts.most_begun for one in planned.values()) > 6


def test_planned_seats_give_way_where_all_their_cities_are_planned(tmp_path):
    (tmp_path / "staff.csv").write_text("start,east,west\n2021-08-02 00:00,3,3\n2021-08-03 00:00,3,3\n",
                                        encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(BY_SHARES + STAFFING + "staff: {table: staff.csv}\n", encoding="utf-8")
    surgeline("staff", tmp_path / "mine.yaml", *QUICK, "--out", tmp_path / "plan")
    assert load(tmp_path / "plan" / "staffed.yaml").staff is None


# --- a city that keeps its table -------------------------------------------------------------------------------------

def test_a_city_whose_roster_has_others_too_is_left_as_it_is(tmp_path):
    """Its linguists answer some callers only: they are no part of a plan of several cities."""
    never = "{share: 0, delay: {law: fixed, mean: 2 min}}"
    some = ("classes:\n  foreign: {name: {zh: 外语, en: foreign}, patience: {law: exponential, mean: 10 min}, "
            f"talk: {{law: fixed, mean: 3 min}}, after_busy: {never}, after_hanging_up: {never}}}\n")
    people = """people:
  west:
    groups: {all: {people: 4, shifts: wests}, some: {people: 1, shifts: wests, answers: [foreign]}}
    roster: {table: roster.csv}
"""
    text = (BY_SHARES.replace("agents: 3, ", "").replace("shifts:\n", CYCLE, 1).replace("classes:\n", some, 1)
            .replace("{other: {profile: plain}}", "{other: {profile: plain, share: 90 %}, foreign: {profile: plain, "
                                                  "share: 10 %}}") + people + STAFFING)
    (tmp_path / "roster.csv").write_text("姓名,组,8/1,8/2,8/3\n王一,all,休,早,休\n李二,some,休,早,休\n",
                                         encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    said = surgeline("staff", tmp_path / "mine.yaml", *QUICK, "--out", tmp_path / "plan")
    assert "Not in shifts.xlsx, and replayed as before: West" in " ".join(said.split())
    scenario = load(tmp_path / "plan" / "staffed.yaml")
    assert {row.city for row in scenario.shift_counts.rows} == {"east"}
    assert len(scenario.people["west"].roster.rows) == 2


# --- planned anew ----------------------------------------------------------------------------------------------------

def test_planning_anew_keeps_what_the_file_says_else(made, tmp_path):
    """Its own words stay, its table is that of the next plan."""
    for path in (made / "plain").iterdir():
        if path.suffix in (".yaml", ".xlsx"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    staffed = tmp_path / "staffed.yaml"
    staffed.write_text(staffed.read_text(encoding="utf-8") + "everyday_level: 1.5  # mine\n", encoding="utf-8")
    surgeline("staff", staffed, *QUICK, "--out", tmp_path / "again")
    text = (tmp_path / "again" / "staffed.yaml").read_text(encoding="utf-8")
    assert "everyday_level: 1.5  # mine" in text
    assert text.count("# 人数 people: 西城") == 1
    after = load(tmp_path / "again" / "staffed.yaml")
    lines = StaffingPlan.read(tmp_path / "again").manifest.cities["east"].shifts.lines
    assert sum(sum(row.people) for row in after.shift_counts.of_city("east")) == sum(sum(one.people) for one in lines)


def test_a_city_of_the_table_that_gets_a_roster_leaves_the_table(made, tmp_path):
    surgeline("staff", made / "plain" / "staffed.yaml", "--city", "west", *QUICK, "--out", tmp_path / "one")
    after = load(tmp_path / "one" / "staffed.yaml")
    before = load(made / "plain" / "staffed.yaml").shift_counts
    assert after.people["west"].roster.rows
    assert after.shift_counts.rows == before.of_city("east")
    surgeline("staff", tmp_path / "one" / "staffed.yaml", "--city", "east", *QUICK, "--out", tmp_path / "both")
    both = load(tmp_path / "both" / "staffed.yaml")
    assert both.shift_counts is None
    assert [force.roster.table for force in both.people.values()] == ["roster.xlsx", "roster-east.xlsx"]
    surgeline("staff", tmp_path / "both" / "staffed.yaml", *QUICK, "--out", tmp_path / "table")
    table = load(tmp_path / "table" / "staffed.yaml")
    assert {row.city for row in table.shift_counts.rows} == {"east", "west"}
    assert not any(force.roster for force in table.people.values())


def test_comments_of_the_last_plan_make_room_for_those_of_the_next():
    text = "# head\n# 人数 people: 甲：1\n# 人数 people: 乙：2\na: 1\n# 人数 people: in the middle\n"
    assert with_people(text, [("# 人数 people: 乙：", "3")]) == (
        "# head\n# 人数 people: 甲：1\n# 人数 people: 乙：3\na: 1\n# 人数 people: in the middle\n")


# --- the report of a run ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("lang", "words"), [
    ("zh", "东城按 shifts.csv 上班：每天 5–13 人。"), ("en", "East: by shifts.csv, 5–13 people a day.")])
def test_the_report_of_a_run_says_by_which_table_people_work(made, tmp_path, lang, words):
    surgeline("run", made / "counted.yaml", "--replications", "2", "--out", tmp_path / "run")
    report = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert words in report
