"""Desks, volunteers and people at home in an order: rows, hours and the workbook that is edited and read back."""
from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path

import openpyxl
import pytest
from edited_books import COLUMNS, edit, faults, in_folder
from helping import with_terms
from one_city import surgeline
from ordered import CLOUD, DAY, DESK, LEND, UNICOM, VOLUNTEERS, ordered

from optimizer.lending.inputs.province import without_lending
from sim.scenario.levers import ONE_LEVER
from surgeline.folders import edited_plan, order_book
from surgeline.folders.lending_plan import LendingPlan, dumped
from surgeline.folders.order_hours import (
    Row,
    at_work,
    called_to_halls,
    city_of,
    number_of,
    people_called,
    phases,
    row_of,
)
from surgeline.folders.rolling_plan import order_row

BROUGHT = VOLUNTEERS | {"people": 1, "training": "2 h", "place": "elsewhere"}
WRITTEN = (DESK | {"classes": ["everyday"]}, UNICOM, BROUGHT, CLOUD)
OFFERS = (DESK | {"seats": 5}, UNICOM, BROUGHT, CLOUD | {"speed": {"day_1": 0.9, "day_5": 1}})


def levers(*raw: dict) -> list:
    return [ONE_LEVER.validate_python(one) for one in raw]


# --- hours -----------------------------------------------------------------------------------------------------------

def test_two_desks_are_two_rows_and_each_kind_has_its_total():
    [phase] = phases(with_terms(), levers(LEND, DESK, UNICOM, VOLUNTEERS, CLOUD))
    province, unicom = Row("east", "desk", name="province"), Row("east", "desk", name="unicom")
    assert phase.rows[province][11:19] == (0, 3, 3, 3, 3, 3, 3, 0)
    assert phase.rows[unicom][11:19] == (0, 0, 0, 2, 2, 2, 2, 0)
    assert phase.total("desks")[11:19] == (0, 3, 3, 5, 5, 5, 5, 0)
    assert phase.total("own")[10:20] == (0, 2, 5, 5, 5, 5, 5, 5, 5, 3)    # at home from eleven, trained by noon
    assert sum(phase.total("lent")) == 4 * 5.5
    assert sum(phase.total("own")) == 2 * 8 + 3 * 8


def test_stints_of_one_desk_are_one_row_with_what_both_come_to():
    [phase] = phases(with_terms(), levers(DESK, DESK | {"seats": 1, "from": f"{DAY} 17:00"}))
    assert list(phase.rows) == [Row("east", "desk", name="province")]
    assert phase.total("desks")[15:19] == (3, 3, 4, 0)


def test_own_people_at_home_are_called_in_from_days_off_and_others_are_not():
    scenario = with_terms()
    desk, brought, cloud = levers(DESK, VOLUNTEERS, CLOUD)
    assert [people_called(scenario, one) for one in (desk, brought, cloud)] == [0, 0, 2]
    assert called_to_halls(scenario, cloud) == 0
    assert [number_of(one) for one in (desk, brought, cloud)] == [3, 3, 2]
    assert [city_of(one) for one in (desk, brought, cloud)] == ["east"] * 3
    assert f"{at_work(scenario, desk).start:%H:%M}" == "12:00"
    assert [row_of(one).adds_to for one in (desk, brought, cloud)] == ["desks", "own", "own"]


def test_a_table_of_an_evening_says_who_comes():
    assert [order_row(with_terms(), one)[:4] for one in levers(DESK, VOLUNTEERS, CLOUD)] == [
        ("东城 Eastville", "东城 Eastville", "3", "增设座席 desk: province"),
        ("东城 Eastville", "东城 Eastville", "3", "志愿者 volunteers"),
        ("东城 Eastville", "东城 Eastville", "2", "云坐席 at home")]


# --- the workbook ----------------------------------------------------------------------------------------------------

@pytest.fixture
def folder(tmp_path) -> Path:
    """A plan that takes up what its terms offer, as its folder has it."""
    here = tmp_path / "plan"
    here.mkdir()
    return in_folder(ordered(here, *levers(*WRITTEN), scenario=with_terms(offers=OFFERS)))


def row(line: int, **cells: object) -> dict[tuple[int, str], object]:
    return {(line, name.rstrip("_")): value for name, value in cells.items()}


def test_levers_that_are_offered_are_read_back_as_they_were_written(folder):
    for file in ("order.xlsx", "plan.yaml"):
        found = edited_plan.read(folder / file, None)
        assert list(map(edited_plan.canonical, found.levers)) == list(map(edited_plan.canonical, levers(*WRITTEN)))
        assert found.scenario.levers == ()


def test_the_sheet_names_desks_in_the_column_of_groups(folder):
    page = openpyxl.load_workbook(folder / "order.xlsx").worksheets[0]
    said = [[page.cell(line, COLUMNS[name]).value for name in ("kind", "city", "many", "group", "there")]
            for line in range(2, 6)]
    assert said == [["增设座席 desk", "东城", 3, "province", f"{DAY} 12:00"],
                    ["增设座席 desk", "东城", 2, "unicom", f"{DAY} 14:00"],
                    ["志愿者 volunteers", "东城", 1, None, f"{DAY} 10:00"],
                    ["云坐席 cloud_seats", "东城", 2, None, f"{DAY} 11:00"]]


def test_an_edited_number_changes_and_what_no_column_says_stays(folder):
    found = edited_plan.read(edit(folder, {(2, "many"): 1, (3, "closes"): "17:00", (4, "many"): 2, (5, "many"): 1}),
                             None)
    desk, unicom, brought, cloud = found.levers
    assert (float(desk.seats), float(desk.presence), desk.classes) == (1, 0.8, ("everyday",))
    assert (unicom.by, unicom.first, unicom.hours) == ("operators", True, (0, 17 * 60))
    assert (float(brought.people), float(brought.training), brought.place) == (2, 7200, "elsewhere")
    assert (float(cloud.seats), cloud.hours) == (1, (660, 1140))


def test_a_new_row_is_as_the_terms_offer_it(folder):
    when = {"from_": f"{DAY} 15:00", "to": f"{DAY} 18:00"}
    found = edited_plan.read(edit(folder, {
        **row(6, kind="增设座席", city="东城", many=1, group="unicom", **when),
        **row(7, kind="志愿者", city="east", many=1, **when)}), None)
    desk, brought = found.levers[-2:]
    assert (desk.name, desk.cities, float(desk.seats)) == ("unicom", ("east",), 1)
    assert (desk.by, desk.first, float(desk.presence)) == ("operators", True, 0.8)
    assert (float(brought.training), brought.place) == (7200, "elsewhere")


def test_a_desk_may_help_several_cities(folder):
    found = edited_plan.read(edit(folder, {(2, "city"): "东城、西城"}), None)
    assert found.levers[0].cities == ("east", "west")
    order_book.write(found.scenario, found.levers, folder / "order.xlsx")
    assert openpyxl.load_workbook(folder / "order.xlsx").worksheets[0].cell(2, COLUMNS["city"]).value == "东城、西城"


def test_a_desk_without_a_name_and_cells_of_loans_are_told_by_their_cells(folder):
    new = row(6, kind="desk", city="east", many=1, from_=f"{DAY} 15:00", to=DAY)
    told = faults(edit(folder, {(3, "group"): None, (2, "borrower"): "west", (5, "who"): "召回",
                                (4, "city"): "Atlantis"} | new))
    assert [one.partition(": ")[0] for one in told] == ["2:4 (D2)", "3:13 (M3)", "4:3 (C4)", "5:15 (O5)", "6:13 (M6)"]
    assert "a desk goes by a name" in told[1]
    assert "only seats that are lent have it" in told[0]


def test_the_grid_has_a_total_of_desks_and_one_of_people(folder):
    page = openpyxl.load_workbook(folder / "order.xlsx", data_only=True).worksheets[1]
    rows = {one[2].value: [cell.value or 0 for cell in one[3:-1]] for one in page.iter_rows(min_row=2) if one[2].value}
    assert rows["增设座席 desk: province"][-1] == 18
    assert rows["增设座席合计 seats of desks"] == [sum(hours) for hours in zip(
        rows["增设座席 desk: province"], rows["增设座席 desk: unicom"], strict=True)]
    assert rows["增加人数合计 people more"][-1] == 10 + 16     # one from ten to eight, two for eight hours


# --- whose a lever is ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("terms", "planned"), [({}, ["lend"]), ({"offers": [DESK]}, ["lend", "desk"])],
                         ids=["offers none", "offers it"])
def test_a_desk_in_a_file_alone_is_the_plans_only_where_the_terms_offer_it(tmp_path, terms, planned):
    """Scenarios have desks of their own."""
    agreement = {"agreed": f"{DAY} 10:00", "connect": "1 h", "rehearsal": "1 h", "to": DAY} | terms
    file = tmp_path / "alone.yaml"
    file.write_text(dumped({"surgeline": 1, "extends": "two-cities", "lending": agreement,
                            "levers": {"replace": deepcopy([LEND, DESK])}}))
    found = edited_plan.read(file, None)
    assert [one.kind for one in found.levers] == planned
    assert len(found.scenario.levers) == 2 - len(planned)


def test_a_workbook_alone_can_be_judged_in_a_scenario(folder, tmp_path):
    alone = tmp_path / "edited.xlsx"
    shutil.copy(folder / "order.xlsx", alone)
    book = openpyxl.load_workbook(alone)
    for line in range(2, 6):
        book.worksheets[0].cell(line, 1).value = None
    book.save(alone)
    found = edited_plan.read(alone, "two-cities")
    assert [one.kind for one in found.levers] == ["desk", "desk", "volunteers", "cloud_seats"]
    assert found.scenario.levers == ()


# --- from a scenario to a folder -------------------------------------------------------------------------------------

SMALL = """
surgeline: 1
extends: two-cities
title: {zh: 另请, en: others are asked}
lending:
  agreed: 2021-08-02 10:00
  connect: 1 h
  rehearsal: 1 h
  to: 2021-08-02
  hours: [12:00, 16:00]
  block: 2 h
  seats: 2
  call_in_cost: 0
  offers:
    - {kind: desk, name: province, cities: [east], seats: 1, from: 2021-08-02 12:00, to: 2021-08-02 18:00}
    - {kind: desk, name: unicom, by: operators, cities: [east], seats: 1, from: 2021-08-02 12:00, to: 2021-08-02 18:00}
    - {kind: volunteers, city: east, people: 1, training: 2 h, from: 2021-08-02 08:00, to: 2021-08-02 20:00}
    - {kind: cloud_seats, city: east, seats: 2, from: 2021-08-02 11:00, to: 2021-08-02 20:00}
"""


def test_a_plan_that_takes_up_offers_is_written_ordered_and_read_back(tmp_path):
    file, out = tmp_path / "small.yaml", tmp_path / "out"
    file.write_text(SMALL, encoding="utf-8")
    said = surgeline("plan", file, "--replications", "10", "--out", out)
    m = LendingPlan.read(out).manifest
    kinds = {one.kind for one in m.levers}
    assert kinds & {"desk", "volunteers", "cloud_seats"}
    assert all(len(one.cities) == 1 for one in m.levers if one.kind == "desk")
    assert "besides, at most: " in " ".join(said.split())
    for written_as in ("order.xlsx", "plan.yaml"):
        found = edited_plan.read(out / written_as, None)
        assert list(map(edited_plan.canonical, found.levers)) == list(map(edited_plan.canonical, m.levers))
        assert found.scenario.levers == ()
    page = (out / "order.html").read_text(encoding="utf-8")
    assert ("增设座席（不另发市表" in page) == ("desk" in kinds)


def test_a_scenario_that_takes_up_its_offers_is_planned_without_what_it_took():
    """As without seats that cities lend: a plan decides of both. What is not offered stays."""
    scenario = with_terms(offers=[DESK, CLOUD]).with_levers([UNICOM, VOLUNTEERS, DESK, CLOUD | {"seats": 1}])
    assert [one.kind for one in without_lending(scenario).levers] == ["desk", "volunteers"]
