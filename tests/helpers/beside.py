"""Files beside a scenario that tests write: the tutorial with a table, workbooks, and workbooks piece by piece."""
import re
import zipfile

import openpyxl
import pytest

from sim.reading.loading import load
from sim.scenario.problems import ScenarioError

HEAD = "surgeline: 1\nextends: two-cities\n"
SURGE = HEAD + "surges:\n  replace:\n  - {city: east, class: everyday, profile: plain, table: TABLE}\n"
TALK = HEAD + "classes: {urgent: {talk: {law: data, data: TABLE}}}\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a file into the folder of the test, which is also where it runs."""
    monkeypatch.chdir(tmp_path)

    def write_file(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name
    return write_file


def told(name):
    """Every problem of a file, as text."""
    with pytest.raises(ScenarioError) as caught:
        load(name)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def write_mine(write):
    """Writes a scenario, mine.yaml unless it is called otherwise."""
    return lambda text, name="mine.yaml": write(name, text)


@pytest.fixture
def told_of_mine(write_mine):
    """Every problem of a scenario that is written as mine.yaml."""
    return lambda text: told(write_mine(text))


@pytest.fixture
def problems(tmp_path):
    """What is wrong with the two cities and something more."""
    def told(more):
        path = tmp_path / "mine.yaml"
        path.write_text(HEAD + more, encoding="utf-8")
        return wrong_with(path)
    return told


def wrong_with(path):
    """What is wrong with a file, without where it stands; nothing if it can be loaded."""
    try:
        load(path)
    except ScenarioError as error:
        return [re.sub(r"^\S+ ", "", str(problem)) for problem in error.problems]
    return []


def workbook(name, *sheets, change=lambda book: None):
    """A workbook with a sheet of each list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for i, rows in enumerate(sheets):
        sheet = book.create_sheet(f"sheet {i + 1}")
        for row in rows:
            sheet.append(row)
    change(book)
    book.save(name)
    return name


def archive(name, sheet, others=(), sheets='<sheet name="a" r:id="r1"/>', packed=zipfile.ZIP_DEFLATED):
    """A workbook as the archive that it is, with one part for its sheet."""
    kinds = {"r1": "worksheet", "r2": "styles", "r3": "sharedStrings"}
    places = {"r1": "worksheets/sheet1.xml", "r2": "styles.xml", "r3": "sharedStrings.xml"}
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": related({"r": ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": related({key: (kinds[key], places[key]) for key in kinds}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(name, "w", packed) as file:
        for part, content in {**parts, **dict(others)}.items():
            file.writestr(part, content)
    return name


def related(targets):
    return f'<Relationships xmlns="{PACKAGE}">' + "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()) + "</Relationships>"


def cells(*rows, before="", behind=""):
    """A sheet of rows of cells, as its part of the archive."""
    return (f'<worksheet xmlns="{MAIN}">{before}<sheetData>' + "".join(f"<row>{''.join(row)}</row>" for row in rows)
            + f"{behind}</sheetData></worksheet>")


def text(what):
    return f'<c t="inlineStr"><is><t>{what}</t></is></c>'


def value(number, style=0):
    return f'<c s="{style}"><v>{number}</v></c>'
