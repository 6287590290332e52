"""Tables made to do harm: what they unpack to is bounded, and what holds nothing does not count."""
import io
import os
import struct
import zipfile

import beside
import pytest
from beside import HEAD, SURGE, archive, cells, told, value, workbook
from beside import text as words

import sim.reading.cells
import sim.reading.xlsx
from sim.reading.loading import load
from sim.reading.xlsx import MOST_BYTES, MOST_PART_BYTES, MOST_SHEET_BYTES, Rows, Workbook
from sim.scenario.problems import RuleError

write = beside.write
posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes are made otherwise elsewhere")
TOP = [words("start"), words("callers")]
TWO = [[words("2021-08-02 08:00"), value(5)], [words("2021-08-02 08:15"), value(6)]]
SOUND = cells(TOP, *TWO)


def said_of(write, name="calls.xlsx"):
    [problem] = told(write("mine.yaml", SURGE.replace("TABLE", name)))
    return problem.partition(f'"{name}" ')[2]


def callers(write, name="calls.xlsx"):
    return [number for _, number in load(write("mine.yaml", SURGE.replace("TABLE", name))).surges[0].rows]


# --- what holds nothing ----------------------------------------------------------------------------------------------

def test_formatted_cells_far_below_and_beside_hold_nothing(write):
    def change(book):
        for row, column in ((1_048_576, 3), (300_000, 16_384), (5, 1)):
            book.active.cell(row, column).number_format = "0.00"
    workbook("calls.xlsx", [["start", "callers"], ["2021-08-02 08:00", 5], ["2021-08-02 08:15", 6]], change=change)
    assert callers(write) == [5, 6]


def test_many_formatted_rows_hold_nothing(write):
    empty = "".join(f'<row r="{i}" s="1"><c r="A{i}" s="1"/><c r="B{i}" s="1"/></row>' for i in range(4, 300_004))
    archive("calls.xlsx", cells(TOP, *TWO, behind=empty))
    assert callers(write) == [5, 6]


def test_a_row_far_below_counts_as_one(write):
    archive("calls.xlsx", cells(TOP, *TWO, behind=f'<row r="1000000">{words("2021-08-02 08:30")}{value(7)}</row>'))
    assert callers(write) == [5, 6, 7]


def test_empty_rows_of_a_csv_file_do_not_count(write):
    write("calls.csv", "start,callers,\n2021-08-02 08:00,5,\n2021-08-02 08:15,6,\n" + ",,\n , \n\n" * 100_000)
    assert callers(write, "calls.csv") == [5, 6]


def test_who_has_nothing_but_empty_rows_has_too_many_of_them(write, monkeypatch):
    monkeypatch.setattr(sim.reading.cells, "MOST_EMPTY", 1000)
    write("calls.csv", "start,callers\n" + "\n" * 1001)
    assert said_of(write, "calls.csv") == "has more than 1,000 cells, empty ones too: delete empty rows and columns"


# --- what swells -----------------------------------------------------------------------------------------------------

HEADS = "<worksheet xmlns='x'><sheetData>"


@pytest.mark.parametrize(("sheet", "says"), [
    (HEADS + "<row>" + "<c/>" * 100_000, "has a row of more than 16,384 cells"),
    (HEADS + "<row><c r='ZZZZZZ1'><v>1</v></c>", "has a row of more than 16,384 cells"),
    (HEADS + "<row/>" * 1_100_000, "has more than 1,048,576 rows"),
    (HEADS + "<row r='9999999'/>", "has more than 1,048,576 rows"),
    (HEADS + ("<row>" + "<c/>" * 16_000 + "</row>") * 230, "has more than 1,500,000 cells, or empty ones"),
    (HEADS + "<!--" + "x>" * 1_000_000, "has an element of more than 1,000,000 bytes"),
    (HEADS + "<row a='" + "x" * 2_000_000, "has an element of more than 1,000,000 bytes"),
    (HEADS + "<row><c><v>" + "1" * 40_000 + "</v></c></row>", "has a cell of more than 32,767 characters"),
    (HEADS + "<a>" * 100_000, "is empty"), (HEADS + "<row><c><v>" + "<a>" * 100_000, "is no sound XLSX file"),
    ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>', "declares a document type"),
    ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>', "declares a document type"),
    (HEADS + "</worksheet>", "is no sound XLSX file"), ("", "is no sound XLSX file"),
    (HEADS + "<row r='x'/>", "is no sound XLSX file"),
])
def test_sheets_made_to_do_harm(write, sheet, says):
    archive("calls.xlsx", sheet)
    assert said_of(write).startswith(says)


@pytest.mark.parametrize(("part", "content", "says"), [
    ("xl/styles.xml", "<s><cellXfs>" + "<xf/>" * 70_000 + "</cellXfs></s>", "has more than 65,490 formats of cells"),
    ("xl/styles.xml", '<!DOCTYPE x [<!ENTITY a "a">]><s/>', "declares a document type"),
    ("xl/sharedStrings.xml", "<s>" + "<si/>" * 1_600_000 + "</s>", "has more than 1,500,000 texts"),
    ("xl/sharedStrings.xml", " " * (MOST_PART_BYTES + 1), "unpacks to more than 20,000,000 bytes in xl/s"),
    ("xl/worksheets/other.xml", " " * (MOST_PART_BYTES + 1), "unpacks to more than 20,000,000 bytes in xl/w"),
    ("xl/worksheets/sheet1.xml", " " * (MOST_SHEET_BYTES + 1), "unpacks to more than 120,000,000 bytes in xl/w"),
])
def test_other_parts_made_to_do_harm(write, part, content, says):
    archive("calls.xlsx", SOUND, {part: content})
    assert said_of(write).startswith(says)


def test_more_parts_and_more_sheets_than_a_workbook_has(write):
    archive("calls.xlsx", SOUND, {f"{i}.xml": "" for i in range(1001)})
    assert said_of(write) == "has more than 1,000 parts"
    archive("calls.xlsx", SOUND, sheets='<sheet name="a" r:id="r1"/>' * 1001)
    assert said_of(write) == "has more than 1,000 sheets"


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_no_workbook_has(write, packed):
    archive("calls.xlsx", SOUND, packed=packed)
    assert said_of(write) == "is packed in an unusual way: save it again"


def test_a_size_that_is_a_lie(write):
    archive("calls.xlsx", HEADS + "<row/>" * 2_000_000)
    with open("calls.xlsx", "r+b") as file:
        data = file.read()
        listed = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
        file.seek(listed + 24)
        file.write(struct.pack("<I", 1000))
    assert said_of(write).startswith("is no sound XLSX file")


def test_pictures_are_never_unpacked(write):
    archive("calls.xlsx", SOUND, {"xl/media/image1.png": bytes(MOST_PART_BYTES + 1)})
    assert callers(write) == [5, 6]


def test_all_that_is_unpacked_is_counted_together(write, monkeypatch):
    """The parts of one workbook share one allowance of bytes, those of one scenario one of cells."""
    monkeypatch.setattr(sim.reading.xlsx, "MOST_BYTES", 5000)
    assert MOST_BYTES == MOST_SHEET_BYTES + 2 * MOST_PART_BYTES
    archive("calls.xlsx", cells(TOP, *TWO, before="<x/>" + " " * 3000), sheets='<sheet name="a" r:id="r1"/>' * 2)
    assert said_of(write).startswith("has more than 1,500,000 cells, or empty ones")
    ten = SURGE + SURGE.splitlines()[-1].join(["", "\n"]) * 9
    archive("calls.xlsx", HEADS + "<row/>" * 700_000)
    monkeypatch.setattr(sim.reading.xlsx, "MOST_BYTES", MOST_BYTES)
    for problem in told(write("mine.yaml", ten.replace("TABLE", "calls.xlsx"))):
        assert '"calls.xlsx" has more than 150,000 cells, or empty ones' in problem


def test_only_what_is_needed_of_a_sheet_is_unpacked():
    """To see which sheet is meant, its first row is enough."""
    archive_name = archive_in_memory(cells(TOP, *TWO, behind="<row/>" * 1_000_000))
    book = Workbook(archive_name, 1_500_000)
    left = book.bytes_left
    next(iter(Rows(book, book.sheets[0])))
    assert left - book.bytes_left <= sim.reading.xlsx.CHUNK


def archive_in_memory(sheet):
    data = io.BytesIO()
    archive(data, sheet)
    return data.getvalue()


def test_a_workbook_without_what_it_needs():
    for part in ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
        with pytest.raises(Exception) as caught:  # noqa: PT011
            list(Rows(book := Workbook(without(part), 1000), book.sheets[0]))
        assert not isinstance(caught.value, RuleError)


def without(part):
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive_in_memory(SOUND))) as whole, zipfile.ZipFile(data, "w") as rest:
        for name in whole.namelist():
            if name != part:
                rest.writestr(name, whole.read(name))
    return data.getvalue()


@posix
def test_tables_made_to_do_harm(write, tmp_path):
    (tmp_path.parent / "secret.csv").write_text("start,callers\n2021-08-02 08:00,1\n")
    os.symlink(tmp_path.parent / "secret.csv", "link.csv")
    os.mkfifo("fifo.csv")
    write("long.csv", "start,callers\n" + "2021-08-02 08:00,1\n" * 200_001)
    write("wide.csv", "start,callers" + "," * 2_000_001)
    write("field.csv", 'start,callers\n"' + "x" * 200_000)
    write("zeros.csv", bytes(100))
    write("noise.xlsx", bytes(range(256)) * 9)
    for name in ("link.csv", "fifo.csv", "../secret.csv", "/etc/passwd", "long.csv", "wide.csv",
                 "field.csv", "zeros.csv", "noise.xlsx", ".", "x" * 300, '"\\0"'):
        [problem] = told(write("mine.yaml", HEAD + SURGE.replace("TABLE", name).removeprefix(HEAD)))
        assert problem.startswith(("mine.yaml:5:58: surges[0].table: ", f"{name}:1:1: ")), problem
