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
from sim.reading.xlsx import Area, Rows, Sheet, Workbook, fold, opened
from sim.reading.yaml_places import file_bytes
from sim.scenario.messages import Message, printable, say
from sim.scenario.problems import MOST_PROBLEMS, WORKBOOKS, RuleError, nearest, shortly

MOST_BYTES = 20_000_000
MOST_CELLS = 1_500_000
MOST_ROWS = 200_000
MOST_EMPTY = 10_000_000
MOST_ABOVE = 20      # rows of a title above the names of the columns
OTHER_SHEETS = (".xls", ".xlsb", ".ods", ".et", ".numbers")
TEXTS = (".doc", ".docx", ".docm", ".wps")
PICTURE = say("a picture: type its table into a sheet program, and save it as XLSX or as CSV UTF-8")
TEXT = say("a text document: copy its table into a sheet program, and save it as XLSX or as CSV UTF-8")
SIGNS = ((b"\xd0\xcf\x11\xe0", say("an XLS workbook of old, or one with a password: save it as XLSX or as CSV UTF-8")),
         (b"<", say("a web page or XML: open it in a sheet program and save it as XLSX or as CSV UTF-8")),
         (b"mime-version", say("a web page: open it in a sheet program and save it as XLSX or as CSV UTF-8")),
         (b"%pdf", say("a PDF: export the table itself, and save it as XLSX or as CSV UTF-8")),
         (b"{\\rtf", TEXT),
         (b"\x89png", PICTURE), (b"\xff\xd8\xff", PICTURE), (b"gif8", PICTURE),
         (b"\x1f\x8b", say("a packed file: unpack it first")))
"""How a file begins that is neither text nor a workbook, and what it is."""
IN_ZIP = (("xl/workbook.bin", say("an XLSB workbook: save it as XLSX or as CSV UTF-8")),
          ("content.xml", say("an OpenDocument sheet (ODS): save it as XLSX or as CSV UTF-8")),
          ("index/document.iwa", say("a Numbers document: save it as XLSX or as CSV UTF-8")),
          ("word/document.xml", TEXT),
          ("ppt/presentation.xml", say("a presentation: copy its table into a sheet program, and save it as XLSX or as "
                                       "CSV UTF-8")))
EMPTY = say("is empty: save the table as XLSX or as CSV UTF-8, and give it this name")
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
    merged: list[Area] = field(default_factory=list)


def cells_of(beside: Path, name: str, most_cells: int, fits: Fits) -> Cells:
    """The cells of a file beside the one that names it; ``fits`` knows a first row that may be meant."""
    file = within_folder(beside, name)
    if file is None:
        raise RuleError(why_none(beside, name))
    return cells_in(file, most_cells, lambda book: the_sheet(book, fits))


def why_none(beside: Path, name: str) -> Message:
    """Why a name is that of no file beside the one that names it, and what would be one."""
    try:
        folder = beside.resolve().parent
        target = (folder / name).resolve()
        if not target.is_relative_to(folder):
            return say("lies outside the folder of the file that names it: put it beside that file, and write its name "
                       "alone")
        if target.is_dir():
            tables = tables_in(target)
            return say("is a folder: name the table in it, such as {file}", file=shortly(
                f"{name.rstrip('/')}/{tables[0] if tables else 'roster.xlsx'}"))
        near = [str(Path(name).parent / one) for one in tables_in(target.parent)]
    except (OSError, ValueError, RuntimeError):     # too long, a zero byte, links in a circle
        near = []
    return say("is no file beside the one that names it: put it there, or write the name of one that is there") + (
        nearest(name, near))


def tables_in(folder: Path) -> list[str]:
    """The names of the files in a folder that may be tables."""
    files = itertools.islice(folder.iterdir(), MOST_PROBLEMS) if folder.is_dir() else ()
    return sorted(one.name for one in files if one.suffix.lower() in (*WORKBOOKS, ".csv", ".tsv") and one.is_file())


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
            raise RuleError(say("is no sound XLSX file: save it again, or as CSV UTF-8")) from None
    if not cells.rows:
        raise RuleError(EMPTY)
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
                raise RuleError(say("has more than {most:,} rows or {cells:,} cells", most=MOST_ROWS,
                                    cells=most_cells))
    return kept


# --- what kind of file it is -----------------------------------------------------------------------------------------

def is_workbook(data: bytes, ending: str, stem: str) -> bool:
    """Whether it is a workbook or text, by what it holds; refused if it is neither, or if its name says the other."""
    begins = data[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    other = in_zip(data) if begins.startswith(ZIP) else next((what for sign, what in SIGNS if begins.startswith(sign)),
                                                             say(""))
    if other:
        raise RuleError(say("is {something}", something=TEXT if ending in TEXTS else other))
    if begins.startswith(ZIP) and ending not in WORKBOOKS:
        raise RuleError(say("is an XLSX workbook by what it holds: call it {stem}.xlsx", stem=printable(stem)))
    if not begins.startswith(ZIP) and data and ending in (*WORKBOOKS, *OTHER_SHEETS):
        raise RuleError(no_workbook(data, stem))
    return begins.startswith(ZIP)


def in_zip(data: bytes) -> Message:
    """What an archive holds other than an XLSX workbook; nothing if it may be one."""
    try:
        with opened(data) as archive:
            names = set(map(fold, archive.namelist()))
    except RuleError:
        raise
    except Exception:  # a damaged archive can fail anywhere
        return say("no sound XLSX file: save it again, or as CSV UTF-8")
    found = next((what for name, what in IN_ZIP if name in names), None)
    if found or "[content_types].xml" in names:
        return found or say("")
    return say("a ZIP archive without a workbook: save it as XLSX or as CSV UTF-8")


def no_workbook(data: bytes, stem: str) -> Message:
    try:
        text = decoded(data)
    except RuleError:
        return say("is no sound XLSX file: save it again, or as CSV UTF-8")
    if not text[:1000].replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return say("is no sound XLSX file: save it again, or as CSV UTF-8")
    ending = "tsv" if "\t" in text.partition("\n")[0] else "csv"
    return say("is text by what it holds, no workbook: call it {stem}.{ending}", stem=printable(stem), ending=ending)


# --- CSV -------------------------------------------------------------------------------------------------------------

def decoded(data: bytes) -> str:
    """Text as UTF-8, or else as Chinese Windows writes it: delimiters, digits and marks are the same bytes in both."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RuleError(say("is UTF-16 text: save it as CSV UTF-8"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise RuleError(say("is neither UTF-8 nor GB 18030 text (line {line}): save it as CSV UTF-8",
                            line=line)) from None


def csv_rows(data: bytes, delimiter: str) -> Iterator[Row]:
    reader, passed = csv.reader(io.StringIO(decoded(data), newline=""), delimiter=delimiter), 0
    try:
        for row in reader:
            passed += len(row) + 1
            if passed > MOST_EMPTY:
                raise RuleError(say("has more than {most:,} cells, empty ones too: delete empty rows and "
                                    "columns", most=MOST_EMPTY))
            yield reader.line_num, row
    except csv.Error as error:
        raise RuleError(say("can't be read as CSV (line {line}): {error}", line=reader.line_num,
                            error=error)) from None


# --- XLSX ------------------------------------------------------------------------------------------------------------

def sheet_cells(book: Workbook, most_cells: int, choose: Callable[[Workbook], Sheet]) -> Cells:
    """The cells of the one sheet that is meant."""
    rows = Rows(book, choose(book))
    return Cells(filled(rows, most_cells), "", rows.hidden_rows, rows.hidden_columns, book.date,
                 rows.merged)


def the_sheet(book: Workbook, fits: Fits) -> Sheet:
    """The only sheet that is shown and holds something, or of several the only one whose first row fits; else one of
    its first rows, below a title."""
    first = {sheet: list(itertools.islice(Rows(book, sheet), MOST_ABOVE)) for sheet in book.sheets if sheet.visible}
    holding = [sheet for sheet, rows in first.items() if rows]
    fitting = ([sheet for sheet in holding if fits(first[sheet][0][1])]
               or [sheet for sheet in holding if any(fits(row) for _, row in first[sheet])])
    if not holding:
        hidden = [sheet.name for sheet in book.sheets if not sheet.visible]
        raise RuleError(say("is empty but for what is hidden: show {sheets}", sheets=listed(hidden)) if hidden else
                        EMPTY)
    if len(fitting) > 1:
        raise RuleError(say("has several sheets that could be meant, {sheets}: keep one of them, or hide the others",
                            sheets=listed([sheet.name for sheet in fitting])))
    return (fitting or holding)[0]


def listed(names: list[str]) -> Message:
    return printable(say("{names}", names=names[:10]), 100)
