"""Who works for a city, as a file says it: what is filled in, rosters as text and as workbooks, and what is told."""
from datetime import date
from pathlib import Path

import beside
import pytest
from beside import HEAD, workbook

from sim.reading.loading import load, with_places
from sim.scenario.people import LEAVE, OFF, RosterRow
from sim.world.build import build

write = beside.write
CODED = 'shifts: {coded: [{start: "08:00", hours: 8, code: 早}, {start: "16:00", hours: 8, code: D2}]}\n'
ALONE = "levers: ~\nvariants: ~\nlending: ~\n"
EAST = HEAD + ALONE + CODED + """people:
  east:
    groups:
      full: {name: {zh: 全职, en: full time}, shifts: coded}
      reserve: {people: 6, contract: reserve}
    roster: {table: ROSTER}
"""
ROWS = (RosterRow(name="王一", group="full", codes=("早", "D2")),
        RosterRow(name="李二", group="full", codes=(OFF, LEAVE)))


@pytest.mark.parametrize(("text", "more"), [
    ("姓名,组,2021-08-01,2021-08-02\n王一,全职,早,D2\n李二,full,休,假\n", {}),
    ("序号,name,2021-08-01,group,2021-08-02,备注\n7,王一,早,full time,D2,x\n8,李二,,全职,leave,\n", {"free": (0,)}),
])
def test_a_roster_is_read_in_both_languages(write, text, more):
    write("roster.csv", text)
    force = load(write("mine.yaml", EAST.replace("ROSTER", "roster.csv"))).people["east"]
    assert force.roster.dates == (date(2021, 8, 1), date(2021, 8, 2))
    assert force.roster.rows == (ROWS[0], ROWS[1].model_copy(update=more))
    assert float(force.groups["full"].people) == 2


def test_a_roster_of_a_workbook_has_dates_as_sheets_keep_them(write):
    workbook("roster.xlsx", [["姓名", "组", date(2021, 8, 1), date(2021, 8, 2)], ["王一", "全职", "早", "D2"],
                             ["李二", "全职", "off", "假"]])
    force = load(write("mine.yaml", EAST.replace("ROSTER", "roster.xlsx"))).people["east"]
    assert (force.roster.dates, force.roster.rows) == ((date(2021, 8, 1), date(2021, 8, 2)), ROWS)


def test_a_city_that_names_its_groups_has_as_many_agents(write):
    write("roster.csv", "姓名,组,2021-08-01,2021-08-02\n王一,全职,早,D2\n")
    scenario = load(write("mine.yaml", EAST.replace("ROSTER", "roster.csv")))
    assert float(scenario.cities["east"].agents) == 7
    assert list(scenario.groups("east")) == ["full", "reserve"]
    assert list(scenario.groups("west")) == ["agents"]
    assert scenario.model_validate(scenario.model_dump(mode="json", by_alias=True)) == scenario


def test_a_roster_of_a_city_without_groups_is_of_its_agents(write):
    write("roster.csv", "姓名,2021-08-01,2021-08-02\n王一,早,D2\n")
    text = HEAD + ALONE + CODED + "cities: {east: {shifts: coded}}\npeople: {east: {roster: {table: roster.csv}}}\n"
    [row] = load(write("mine.yaml", text)).people["east"].roster.rows
    assert (row.name, row.group, row.codes) == ("王一", "agents", ("早", "D2"))


def test_what_a_city_says_stands_instead_of_all(write):
    people = "people: {all: {home_seats: 3, workplaces: 9}, west: {workplaces: 2, rules: {standard_day: 7}}}\n"
    text = HEAD + ALONE + people
    east, west = (load(write("mine.yaml", text)).workforce(city) for city in ("east", "west"))
    assert [(float(one.home_seats), float(one.workplaces)) for one in (east, west)] == [(3, 9), (3, 2)]
    assert (float(east.rules.standard_day), float(west.rules.standard_day)) == (8, 7)


def test_terms_on_which_people_are_called_in_are_listed(write):
    lever = "{kind: call_in, city: east, people: 1, from: 2021-08-02 08:00, to: 2021-08-02 16:00}"
    scenario = load(write("mine.yaml", f"{HEAD}levers: {{add: [{lever}]}}\n"))
    assert (scenario.people["east"].call_in.willing.kind, list(scenario.people)) == ("assumed", ["east"])


def notices(write, text):
    return [str(one) for one in with_places(write("mine.yaml", HEAD + ALONE + text))[1].notices]


def test_rests_that_are_shorter_than_is_usual_are_said(write):
    rota = "rotas: {r: {shifts: coded, cycle: [D2, 早, 休, 休], start: 2021-08-02, crews: 4}}\n"
    [said] = notices(write, CODED + rota + "people: {east: {groups: {crews: {people: 20, rota: r}}}}\n")
    assert said.endswith("people.east.groups.crews.rota: leaves 8 h between D2 and 早, and 11 h are usual (custom: "
                         "rest between shifts: European custom, not Chinese law)")


def test_a_day_off_is_one_in_a_rota_too(write):
    rota = "rotas: {r: {shifts: coded, cycle: [D2, D2, OFF, 休], start: 2021-08-02, crews: 4}}\n"
    scenario = load(write("mine.yaml", HEAD + ALONE + CODED + rota
                          + "people: {east: {groups: {crews: {people: 20, rota: r}}}}\n"))
    assert scenario.rotas["r"].cycle == ("D2", "D2", "休", "休")


def test_the_lever_that_brings_too_many_is_named_and_not_a_later_one(write):
    stays = "{kind: overtime, city: east, longer: 1, from: 2021-08-02, to: 2021-08-02, hours: ['20:00', '24:00']}"
    calls = "{kind: call_in, city: east, people: 3, from: 2021-08-02 08:00, to: 2021-08-02 16:00}"
    levers = f"levers: {{add: [{calls}, {stays}]}}\n"
    [wrong] = beside.wrong_with(write("mine.yaml", HEAD + levers))
    assert "levers[1].people: east has 12 workplaces, and on 2021-08-02 10:00" in wrong


def test_hours_worked_in_an_emergency_are_said(write):
    rules = "people: {east: {rules: {overtime_month: 0.5, emergency: true}}}\nlevers: {replace: [LEVER]}\n"
    lever = "{kind: call_in, city: east, people: 2, from: 2021-08-02 08:00, to: 2021-08-02 16:00}"
    text = "surgeline: 1\nextends: two-cities\nvariants: ~\n" + rules.replace("LEVER", lever)
    [said] = [str(one) for one in with_places(write("mine.yaml", text))[1].notices]
    assert said.endswith("levers[0].people: east works 12 h of overtime in 2021-08, 2 h of them beyond 0.5 h each "
                         "(law: Labour Law art. 41): as in an emergency (Labour Law art. 42)")
    [wrong] = beside.wrong_with(write("mine.yaml", text.replace(", emergency: true", "")))
    assert "its people may work 10 h, 0.5 h each (law: Labour Law art. 41)" in wrong


def test_a_file_that_says_all_of_its_people(write):
    folder = Path(__file__).parents[1] / "data"
    write("tables/roster.csv", (folder / "roster.csv").read_bytes())
    scenario = load(write("people.yaml", (folder / "people.yaml").read_bytes()))
    assert {name: float(group.people) for name, group in scenario.groups("east").items()} == {
        "full": 5, "night": 2, "part": 5, "reserve": 10}
    assert [lever.kind for lever in scenario.levers] == ["call_in", "standby", "overtime", "volunteers"]
    setting = build(scenario)
    assert [pool.name for pool in setting.names.pools] == ["east·everyday", "east", "west", "east·volunteers"]
    assert setting.world.seats[4 * 10].tolist()[2] == 5  # a quarter of the crews, less breaks of 20 %
