"""What docs/rosters says works as it is written: from an own sheet to a plan, and on to the next month."""
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from one_city import surgeline

from sim.reading.loading import with_places

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples" / "roster"
PAGES = [DOCS / "rosters.md", DOCS / "rosters.en.md"]
QUICK = ("--seconds", "1", "--replications", "2")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_smallest_example_stands_in_the_page_as_it_is(page):
    [block] = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert block == (EXAMPLES / "mycity.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_page_has_its_file(page):
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    commands = [line.split() for block in blocks for line in block.splitlines()]
    made = {f"{words[words.index('--out') + 1]}/staffed.yaml" for words in commands if "--out" in words}
    assert len(commands) == 6
    assert all((DOCS.parent / words[2]).exists() or words[2] in made for words in commands)


def test_an_own_sheet_is_read_but_for_what_is_no_persons():
    scenario, document = with_places(EXAMPLES / "mycity.yaml")
    assert len(scenario.people["mycity"].roster.rows) == 12
    assert len(document.notices) == 3
    assert {one.place.line for one in document.notices} == {1, 3, 16}


def test_an_own_sheet_is_planned(tmp_path):
    surgeline("staff", EXAMPLES / "mycity.yaml", *QUICK, "--out", tmp_path / "plan")
    scenario, _ = with_places(tmp_path / "plan" / "staffed.yaml")
    rows = {row.name: row for row in scenario.people["mycity"].roster.rows}
    assert not any(row.free for row in rows.values())
    assert [wish.what for row in rows.values() for wish in row.wishes] == ["休", "夜"]
    assert rows["王伟"].codes[7].startswith("早")


def test_the_next_month_is_planned_by_the_steps_of_the_page(tmp_path):
    """Another horizon, the last week, empty columns for the new days."""
    town = tmp_path / "town"
    shutil.copytree(EXAMPLES, town)
    surgeline("staff", town / "town.yaml", *QUICK, "--out", tmp_path / "plan")
    staffed, book = tmp_path / "plan" / "staffed.yaml", tmp_path / "plan" / "roster.xlsx"
    horizons = {re.search(r"`(\{start: .*?\})`", page.read_text(encoding="utf-8"))[1] for page in PAGES}
    [horizon] = horizons
    text = staffed.read_text(encoding="utf-8")
    staffed.write_text(re.sub(r"(?m)^horizon:.*(\n  .*)*", f"horizon: {horizon}", text), encoding="utf-8")
    turn_the_page(book, datetime(2021, 9, 30), 7)
    said = surgeline("check", staffed)
    assert "frozen_until: freezes nothing, as the horizon begins on 2021-10-07" in said
    surgeline("staff", staffed, *QUICK, "--out", tmp_path / "next")
    surgeline("run", tmp_path / "next" / "staffed.yaml", *QUICK[2:], "--out", tmp_path / "replayed")
    scenario, _ = with_places(tmp_path / "next" / "staffed.yaml")
    roster = scenario.people["town"].roster
    assert (f"{roster.dates[0]}", f"{roster.dates[-1]}") == ("2021-09-30", "2021-10-13")
    assert not any(row.free for row in roster.rows)
    assert scenario.staffing.leaders == 1
    assert scenario.variants == {}  # as the page says: nothing is planned beside the roster


def turn_the_page(path, first, days):
    """Delete the columns of days before one, and add empty ones behind the last."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for column in reversed([i for i, head in enumerate(heads, 1) if isinstance(head, datetime) and head < first]):
        sheet.delete_cols(column)
    last = sheet.max_column
    for k in range(1, days + 1):
        sheet.cell(1, last + k).value = sheet.cell(1, last).value + timedelta(days=k)
    book.save(path)
