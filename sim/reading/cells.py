"""From a file beside a scenario, CSV or XLSX, to the cells of its table."""
from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.reading.files import within_folder
from sim.reading.xlsx import Rows, Sheet, Workbook, fold, opened
from sim.reading.yaml_places import file_bytes
from sim.scenario.problems import RuleError, printable

MOST_BYTES = 20_000_000
MOST_CELLS = 1_500_000
MOST_ROWS = 200_000
MOST_EMPTY = 10_000_000
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm")
OTHER_SHEETS = (".xls", ".xlsb", ".ods", ".et", ".numbers")
AS_CSV = "save it as XLSX or as CSV UTF-8"
SIGNS = ((b"\xd0\xcf\x11\xe0", f"an XLS workbook of old, or one with a password: {AS_CSV}"),
         (b"<", f"a web page or XML: open it in a sheet program and {AS_CSV}"),
         (b"mime-version", f"a web page: open it in a sheet program and {AS_CSV}"),
         (b"%pdf", f"a PDF: export the table itself, and {AS_CSV}"), (b"{\\rtf", f"a text document: {AS_CSV}"),
         (b"\x1f\x8b", "a packed file: unpack it first"))
"""How a file begins that is neither text nor a workbook, and what it is."""
IN_ZIP = (("xl/workbook.bin", f"an XLSB workbook: {AS_CSV}"), ("content.xml", f"an OpenDocument sheet (ODS): {AS_CSV}"),
          ("index/document.iwa", f"a Numbers document: {AS_CSV}"))
ZIP = (b"pk\x03\x04", b"pk\x05\x06")
Row = tuple[int, list[Any]]
Fits = Callable[[list[Any]], bool]


@dataclass
class Cells:
    """The rows of a table that hold something, with their lines. A workbook has no delimiter, and may hide some."""

    rows: list[Row]
    delimiter: str = ""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    date: Callable[[float], datetime] | None = None


def cells_of(beside: Path, name: str, most_cells: int, fits: Fits) -> Cells:
    """The cells of a file beside the one that names it; ``fits`` knows a first row that may be meant."""
    file = within_folder(beside, name)
    if file is None:
        raise RuleError("is no file in the folder of the file that names it")
    return cells_in(file, most_cells, lambda book: the_sheet(book, fits))


def cells_in(file: Path, most_cells: int, choose: Callable[[Workbook], Sheet]) -> Cells:
    """The cells of a file; of a workbook those of the sheet that is chosen."""
    data, ending = file_bytes(file, MOST_BYTES), file.suffix.lower()
    if not is_workbook(data, ending, file.stem):
        delimiter = "\t" if ending in (".tsv", ".tab") else ","
        cells = Cells(filled(csv_rows(data, delimiter), most_cells), delimiter)
    else:
        try:
            cells = sheet_cells(Workbook(data, most_cells), most_cells, choose)
        except RuleError:
            raise
        except Exception:  # a damaged file can fail anywhere
            raise RuleError("is no sound XLSX file: save it again, or as CSV UTF-8") from None
    if not cells.rows:
        raise RuleError("is empty")
    return cells


def filled(rows: Iterable[Row], most_cells: int) -> list[Row]:
    """The rows that hold something, each below the first up to its last cell that does."""
    kept: list[Row] = []
    cells = 0
    for line, row in rows:
        width = len(row)
        while width and (row[width - 1] is None or not str(row[width - 1]).strip()):
            width -= 1
        if width:
            kept.append((line, row[:width] if kept else row))
            cells += len(kept[-1][1]) + 1
            if cells > most_cells or len(kept) > MOST_ROWS:
                raise RuleError(f"has more than {MOST_ROWS:,} rows or {most_cells:,} cells")
    return kept


# --- what kind of file it is -----------------------------------------------------------------------------------------

def is_workbook(data: bytes, ending: str, stem: str) -> bool:
    """Whether it is a workbook or text, by what it holds; refused if it is neither, or if its name says the other."""
    begins = data[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    other = in_zip(data) if begins.startswith(ZIP) else next((what for sign, what in SIGNS if begins.startswith(sign)),
                                                             "")
    if other:
        raise RuleError(f"is {other}")
    if begins.startswith(ZIP) and ending not in WORKBOOKS:
        raise RuleError(f"is an XLSX workbook by what it holds: call it {printable(stem)}.xlsx")
    if not begins.startswith(ZIP) and data and ending in (*WORKBOOKS, *OTHER_SHEETS):
        raise RuleError(no_workbook(data, stem))
    return begins.startswith(ZIP)


def in_zip(data: bytes) -> str:
    """What an archive holds other than an XLSX workbook; nothing if it may be one."""
    try:
        with opened(data) as archive:
            names = set(map(fold, archive.namelist()))
    except RuleError:
        raise
    except Exception:  # a damaged archive can fail anywhere
        return "no sound XLSX file: save it again, or as CSV UTF-8"
    found = next((what for name, what in IN_ZIP if name in names), "")
    return found or ("" if "[content_types].xml" in names else f"a ZIP archive without a workbook: {AS_CSV}")


def no_workbook(data: bytes, stem: str) -> str:
    try:
        text = decoded(data)
    except RuleError:
        return "is no sound XLSX file: save it again, or as CSV UTF-8"
    if not text[:1000].replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return "is no sound XLSX file: save it again, or as CSV UTF-8"
    ending = "tsv" if "\t" in text.partition("\n")[0] else "csv"
    return f"is text by what it holds, no workbook: call it {printable(stem)}.{ending}"


# --- CSV -------------------------------------------------------------------------------------------------------------

def decoded(data: bytes) -> str:
    """Text as UTF-8, or else as Chinese Windows writes it: delimiters, digits and marks are the same bytes in both."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RuleError("is UTF-16 text: save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise RuleError(f"is neither UTF-8 nor GB 18030 text (line {line}): save it as CSV UTF-8") from None


def csv_rows(data: bytes, delimiter: str) -> Iterator[Row]:
    reader, passed = csv.reader(io.StringIO(decoded(data), newline=""), delimiter=delimiter), 0
    try:
        for row in reader:
            passed += len(row) + 1
            if passed > MOST_EMPTY:
                raise RuleError(f"has more than {MOST_EMPTY:,} cells, empty ones too: delete empty rows and columns")
            yield reader.line_num, row
    except csv.Error as error:
        raise RuleError(f"can't be read as CSV (line {reader.line_num}): {error}") from None


# --- XLSX ------------------------------------------------------------------------------------------------------------

def sheet_cells(book: Workbook, most_cells: int, choose: Callable[[Workbook], Sheet]) -> Cells:
    """The cells of the one sheet that is meant."""
    rows = Rows(book, choose(book))
    return Cells(filled(rows, most_cells), "", rows.hidden_rows, rows.hidden_columns, book.date)


def the_sheet(book: Workbook, fits: Fits) -> Sheet:
    """The only sheet that is shown and holds something, or of several the only one whose first row fits."""
    first = {sheet: next(iter(Rows(book, sheet)), None) for sheet in book.sheets if sheet.visible}
    holding = [sheet for sheet, row in first.items() if row is not None]
    fitting = [sheet for sheet, row in first.items() if row is not None and fits(row[1])]
    if not holding:
        hidden = [sheet.name for sheet in book.sheets if not sheet.visible]
        raise RuleError("is empty" + (f" but for what is hidden: show {listed(hidden)}" if hidden else ""))
    if len(fitting) > 1:
        raise RuleError(f"has several sheets that could be meant, {listed([sheet.name for sheet in fitting])}: "
                        "keep one of them, or hide the others")
    return (fitting or holding)[0]


def listed(names: list[str]) -> str:
    return printable(", ".join(itertools.islice(names, 10)), 100)
