"""A plan's folder with its workbook, which tests edit and have read back."""
from pathlib import Path

import openpyxl
import pytest

from sim.scenario.problems import ScenarioError
from surgeline.folders import edited_plan, order_book
from surgeline.folders.lending_plan import HEAD, LendingPlan, dumped, written

COLUMNS = dict(zip(("no", "kind", "city", "borrower", "many", "from", "to", "opens", "closes", "serves", "keep",
                    "resume", "group", "classes", "who", "there"), range(1, 17), strict=True))


def in_folder(done: LendingPlan) -> Path:
    """What a plan's folder has: its manifest, its scenario file and its workbook."""
    done.write_manifest()
    m = done.manifest
    (done.folder / "plan.yaml").write_text(HEAD.format(zh="", en="") + dumped({
        "surgeline": 1, "extends": "two-cities", "levers": {"replace": [written(one) for one in m.levers]}}))
    order_book.write(m.scenario, m.levers, done.folder / "order.xlsx")
    return done.folder


def edit(folder: Path, cells: dict[tuple[int, str], object]) -> Path:
    """The workbook with other values in some cells."""
    book = openpyxl.load_workbook(folder / "order.xlsx")
    for (line, column), value in cells.items():
        book.worksheets[0].cell(line, COLUMNS[column]).value = value
    book.save(folder / "edited.xlsx")
    return folder / "edited.xlsx"


def faults(file: Path) -> list[str]:
    """What is wrong with an edited workbook, with the cells."""
    with pytest.raises(ScenarioError) as caught:
        edited_plan.read(file, None)
    return [f"{one.place}: {one.message}".rpartition("edited.xlsx:")[2] for one in caught.value.problems]
