"""The workbook of an order: written, edited and read back, levers are the same; what is wrong is told by its cell."""
from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from edited_books import COLUMNS, edit, faults, in_folder
from helping import with_levers
from ordered import CALL_IN, DAY, EVERY_KIND, LEND, STANDBY, VOLUNTEERS, ordered

from sim.scenario.levers import ONE_LEVER
from surgeline.folders import edited_plan, order_book
from surgeline.folders.lending_plan import dumped, in_horizon, written


@pytest.fixture
def folder(tmp_path) -> Path:
    """A plan of every kind of lever, as its folder has it."""
    here = tmp_path / "plan"
    here.mkdir()
    return in_folder(ordered(here, *(ONE_LEVER.validate_python(one) for one in FITTING)))


FITTING = (LEND | {"classes": ["everyday"], "presence": "60 %"}, CALL_IN | {"people": 1},
           STANDBY | {"people": 1}, VOLUNTEERS | {"people": 1, "training": "2 h"})


def test_levers_of_every_kind_are_read_back_as_they_were_written(folder):
    known = ordered(folder, *EVERY_KIND).manifest.levers
    assert {one.kind for one in known} == {"lend", "call_in", "standby", "volunteers"}
    found = edited_plan.read(folder / "order.xlsx", None)
    assert list(map(edited_plan.canonical, found.levers)) == [
        edited_plan.canonical(ONE_LEVER.validate_python(one)) for one in FITTING]
    assert found.scenario.levers == ()
    assert found.edition == 2
    assert found.base == "two-cities"
    again = edited_plan.read(folder / "plan.yaml", None)
    assert again.levers == found.levers
    assert again.scenario == found.scenario


def test_what_is_edited_changes_and_what_no_column_says_stays(folder):
    found = edited_plan.read(edit(folder, {(2, "many"): 3, (2, "closes"): "17:00", (2, "serves"): "按需兼顾",
                                           (2, "resume"): None, (3, "many"): 0}), None)
    lend, standby, _ = found.levers
    assert (float(lend.seats), lend.hours, lend.serves, lend.classes) == (3, (750, 1020), "both", ("everyday",))
    assert float(lend.presence) == 0.6
    assert standby.kind == "standby"


def test_who_sits_on_lent_seats_is_said_and_may_be_changed(folder):
    cells = {name: openpyxl.load_workbook(folder / "order.xlsx").worksheets[0].cell(2, at).value
             for name, at in COLUMNS.items()}
    assert (cells["who"], cells["classes"], cells["there"]) == ("在岗 on_duty", "日常", f"{DAY} 12:30")
    found = edited_plan.read(edit(folder, {(2, "who"): "召回", (2, "many"): 2, (2, "keep"): 0,
                                           (2, "resume"): None, (3, "many"): 0, (4, "many"): 0}), None)
    assert float(found.levers[0].off_duty) == 1
    assert float(edited_plan.read(edit(folder, {(2, "who"): None}), None).levers[0].off_duty) == 0
    assert faults(edit(folder, {(3, "who"): "在岗"}))[0].startswith("3:15 (O3): means nothing here")


def test_people_called_in_for_lent_seats_stand_in_the_grid(tmp_path):
    m = ordered(tmp_path, LEND | {"off_duty": 1}, CALL_IN).manifest
    order_book.write(m.scenario, m.levers, tmp_path / "order.xlsx")
    page = openpyxl.load_workbook(tmp_path / "order.xlsx", data_only=True).worksheets[1]
    rows = {row[2].value: [cell.value or 0 for cell in row[3:-1]] for row in page.iter_rows(min_row=2) if row[2].value}
    called, everybody = rows[order_book.CALLED], rows[order_book.ALL_CALLED]
    assert sum(called[:-1]) > 0
    assert [all_ - lent for all_, lent in zip(everybody, called, strict=True)] == pytest.approx(
        rows["增加人数合计 people more"])


def test_a_new_row_has_no_number_and_is_as_the_terms_say(folder):
    row = {"kind": "支援", "city": "东城", "borrower": "west", "many": 1, "from": f"{DAY} 14:00", "to": f"{DAY}",
           "opens": "14:00", "closes": "16:00"}
    found = edited_plan.read(edit(folder, {(6, name): value for name, value in row.items()}), None)
    new = found.levers[-1]
    assert (new.lender, new.borrower, new.serves, new.hours) == ("east", "west", "borrower", (840, 960))
    assert f"{new.end:%Y-%m-%d %H:%M}" == "2021-08-03 00:00"
    assert float(new.presence) == 0.72


def test_everything_that_is_wrong_is_told_at_once_by_its_cell(folder):
    told = faults(edit(folder, {(2, "no"): 9, (3, "kind"): "bot", (4, "city"): "Atlantis", (5, "many"): "three",
                                (5, "borrower"): "east", (2, "from"): "soon"}))
    assert [one.partition(": ")[0] for one in told] == [
        "2:1 (A2)", "2:6 (F2)", "3:2 (B3)", "4:3 (C4)", "5:4 (D5)", "5:5 (E5)"]
    assert "is no number of the plan" in told[0]
    assert "is nothing that an order can ask for" in told[2]
    assert '"Atlantis" is no city' in told[3]


def test_seats_for_which_there_are_no_people_are_told_by_their_cell(folder):
    told = faults(edit(folder, {(2, "many"): 40}))
    assert told[0].startswith("2:5 (E2): ")


def test_times_of_day_belong_together(folder):
    assert faults(edit(folder, {(2, "closes"): None}))[0].startswith("2:9 (I2): is empty")


def test_a_workbook_alone_says_no_scenario_but_can_be_judged_in_one(folder, tmp_path):
    alone = tmp_path / "edited.xlsx"
    shutil.copy(folder / "order.xlsx", alone)
    assert "stands beside no plan.yaml" in faults(alone)[0]
    book = openpyxl.load_workbook(alone)
    for line in range(2, 6):
        book.worksheets[0].cell(line, 1).value = None
    book.save(alone)
    found = edited_plan.read(alone, "two-cities")
    assert [one.kind for one in found.levers] == ["lend", "call_in", "standby", "volunteers"]
    assert found.base == "two-cities"
    assert found.edition == 1


def test_levers_of_the_scenario_stay_its_own(folder):
    """A desk that the plan found there is no part of it."""
    desk = {"kind": "desk", "name": "province", "cities": ["east"], "seats": 1, "from": DAY, "to": DAY}
    done = ordered(folder, *FITTING)
    scenario = done.manifest.scenario.with_levers([desk])
    ordered(folder, *FITTING, scenario=scenario).write_manifest()
    (folder / "plan.yaml").write_text(dumped({"surgeline": 1, "extends": "two-cities", "levers": {
        "replace": [desk, *(written(ONE_LEVER.validate_python(one)) for one in FITTING)]}}))
    for file in (folder / "plan.yaml", folder / "order.xlsx"):
        found = edited_plan.read(file, None)
        assert [one.kind for one in found.scenario.levers] == ["desk"]
        assert len(found.levers) == 4


def test_the_grid_adds_up_and_its_totals_are_formulas(folder):
    formulas = openpyxl.load_workbook(folder / "order.xlsx").worksheets[1]
    values = openpyxl.load_workbook(folder / "order.xlsx", data_only=True).worksheets[1]
    rows = {row[2].value: [cell.value or 0 for cell in row[3:]] for row in values.iter_rows(min_row=2) if row[2].value}
    lent = rows["支援 lend → 东城"]
    assert sum(lent[:-2]) == lent[-2] == 4 * 5.5
    assert rows["借出席数合计 seats lent"] == lent
    people = rows["增加人数合计 people more"]
    parts = [values for name, values in rows.items() if name.split()[-1] in ("call_in", "standby", "volunteers")]
    assert people[:-1] == [sum(column) for column in zip(*(one[:-1] for one in parts), strict=True)]
    assert formulas.cell(3, 4).value.startswith("=SUM(")


def test_a_plan_for_a_day_leaves_out_levers_of_other_days():
    """A file may say none that do nothing on its days."""
    desk = {"kind": "desk", "name": "province", "cities": ["east"], "seats": 1}
    before, during = desk | {"from": "2021-08-01", "to": "2021-08-01"}, desk | {"from": DAY, "to": "2021-08-09"}
    scenario = with_levers().model_copy(update={"levers": tuple(map(ONE_LEVER.validate_python, (before, during)))})
    assert [f"{one.start:%m-%d}" for one in in_horizon(scenario)] == ["08-02"]
