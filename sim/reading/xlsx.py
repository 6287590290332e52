"""XLSX workbooks as rows of plain values: only what a table needs is unpacked, and never more than is allowed."""
from __future__ import annotations

import io
import posixpath
import re
import string
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from xml.parsers import expat

from sim.scenario.messages import printable, say
from sim.scenario.problems import RuleError

MOST_PARTS = 1000
MOST_SHEET_BYTES = 120_000_000
MOST_PART_BYTES = 20_000_000
MOST_BYTES = MOST_SHEET_BYTES + 2 * MOST_PART_BYTES
LONGEST_ELEMENT = 1_000_000
TAGS_OF_A_CELL = 2.4
MOST_LINES, MOST_COLUMNS = 1_048_576, 16_384
MOST_FORMATS = 65_490
LONGEST_CELL = 32_767
LETTERS = string.ascii_uppercase
CHUNK = 1 << 16
Attributes = dict[str, str]
Cell = str | int | float | bool | datetime | None
DAYS_OF_TIMES = 1000
LAST_DAY = 2_950_000
FIRST_DAYS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
BUILT_IN = dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd") | {
    18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm",
    35: "h:mm:ss", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 55: "h:mm", 56: "h:mm:ss"}
"""Formats of dates and times that go by a number, those of Chinese sheets among them."""


BEFORE_MERGED = ("sheetCalcPr", "sheetProtection", "protectedRanges", "protectedRange", "autoFilter", "filterColumn",
                 "filters", "filter", "customFilters", "customFilter", "dynamicFilter", "colorFilter", "iconFilter",
                 "dateGroupItem", "top10", "sortState", "sortCondition", "mergeCells")
"""What stands in a sheet between its rows and its merged cells; of what is behind them nothing is read."""


class Area(NamedTuple):
    """Cells that a sheet shows as one: its rows by their numbers, its columns from 0."""

    name: str
    lines: range
    columns: range


class Sheet(NamedTuple):
    """A sheet's name, its part of the archive, and whether the program shows it."""

    name: str
    part: str
    visible: bool


class Workbook:
    """A workbook's sheets, and what its cells refer to."""

    def __init__(self, data: bytes, most_cells: int):
        self.archive = opened(data)
        self.parts = {fold(info.filename): info for info in self.archive.infolist()}
        self.most_cells = most_cells
        self.tags_left, self.bytes_left = round(most_cells * TAGS_OF_A_CELL), MOST_BYTES
        self.sheets: list[Sheet] = []
        self.first_day = FIRST_DAYS[False]
        self.read_contents()

    def read_contents(self) -> None:
        """The sheets, the texts that cells share, and which of their numbers are dates."""
        for part in self.parts:
            self.refuse_large(part, MOST_SHEET_BYTES)
        main = next(target for kind, target in self.relations("").values() if kind == "officeDocument")
        related = self.relations(main)
        sheets = {target for kind, target in related.values() if kind == "worksheet"}
        for part in self.parts.keys() - sheets:
            self.refuse_large(part, MOST_PART_BYTES)
        self.walk(main, lambda tag, at: self.note_sheet(tag, at, related))
        folder = posixpath.dirname(main)
        usual = {kind: fold(posixpath.join(folder, f"{kind}.xml")) for kind in ("sharedStrings", "styles")}
        others = {kind: part for kind, part in (*usual.items(), *related.values()) if part in self.parts}
        self.strings = Strings(self, others.get("sharedStrings")).found
        self.formats = Formats(self, others.get("styles")).found

    def refuse_large(self, part: str, most: int) -> None:
        """A small file can unpack to a huge one. Pictures and the like are never unpacked."""
        if part.endswith((".xml", ".rels")) and self.parts[part].file_size > most:
            raise RuleError(say("unpacks to more than {most:,} bytes in {part}: delete rows and columns that are "
                                "empty but for a format, and save it again", most=most, part=printable(part)))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Which parts belong to a part, by their short names: of which kind they are, and where."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def note(tag: str, at: Attributes) -> None:
            if tag == "Relationship" and at.get("TargetMode") != "External":
                target = fold(posixpath.normpath(posixpath.join("/", folder, at["Target"])))
                found[at["Id"]] = at["Type"].rpartition("/")[2], target
        self.walk(fold(posixpath.join(folder, "_rels", f"{name}.rels")), note)
        return found

    def note_sheet(self, tag: str, at: Attributes, related: dict[str, tuple[str, str]]) -> None:
        if tag == "workbookPr":
            self.first_day = FIRST_DAYS[is_true(at.get("date1904"))]
        elif tag == "sheet":
            kind, part = related[next(value for name, value in at.items() if name.endswith(" id"))]
            if kind == "worksheet":  # others hold charts and dialogs
                self.sheets.append(Sheet(at["name"], part, at.get("state", "visible") == "visible"))
            if len(self.sheets) > MOST_PARTS:
                raise RuleError(say("has more than {most:,} sheets", most=MOST_PARTS))

    def parse(self, part: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Give a part to a parser, piece by piece; what it says of its own size is not believed."""
        info, fed = self.parts[part], 0
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RuleError(say("is packed in an unusual way: save it again"))
        with self.archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                fed += len(chunk)
                self.spend(chunk)
                parser.Parse(chunk)
                if fed - parser.CurrentByteIndex > LONGEST_ELEMENT:  # it begins anew with each piece
                    raise RuleError(say("has an element of more than {most:,} bytes, which no program "
                                        "writes", most=LONGEST_ELEMENT))
                yield
        parser.Parse(b"", True)

    def spend(self, chunk: bytes) -> None:
        """Count off what has been unpacked of all parts together."""
        self.bytes_left -= len(chunk)
        self.tags_left -= chunk.count(b"<") - chunk.count(b"</")
        if self.bytes_left < 0 or self.tags_left < 0:
            raise RuleError(say("has more than {most:,} cells, or empty ones with a format far below or beside "
                                "its table: delete the empty rows and columns, and save it again",
                                most=self.most_cells))

    def walk(self, part: str, start: Callable[[str, Attributes], None]) -> None:
        """Every element of a small part."""
        for _ in self.parse(part, parser_of(lambda name, at: start(name.rpartition(" ")[2], at))):
            pass

    def date(self, days: float) -> datetime:
        """A moment from the days since the first, to the nearest second: sums of fractions of days drift."""
        return self.first_day + timedelta(seconds=round(days * 86400))


def opened(data: bytes) -> zipfile.ZipFile:
    """An archive of so many parts at most: they are counted before a list of them all is made."""
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise RuleError(say("has more than {most:,} parts", most=MOST_PARTS))
    return zipfile.ZipFile(io.BytesIO(data))


def fold(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def is_true(text: str | None) -> bool:
    return text in ("1", "true")


def parser_of(start: Callable[[str, Attributes], None]) -> expat.XMLParserType:
    """A parser of XML that refuses what could make it swell."""
    def refuse(*_: object) -> None:
        raise RuleError(say("declares a document type, which no workbook does"))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, refuse
    return parser


# --- what cells refer to ---------------------------------------------------------------------------------------------

class Strings:
    """The texts that cells share: what is read aloud above them is no part of them."""

    def __init__(self, book: Workbook, part: str | None):
        self.found: list[str] = []
        self.text: list[str] = []
        self.parser = parser_of(self.start)
        self.parser.EndElementHandler = self.end
        for _ in book.parse(part, self.parser) if part else ():
            if len(self.found) > book.most_cells:
                raise RuleError(say("has more than {most:,} texts", most=book.most_cells))

    def start(self, name: str, _: Attributes) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "si":
            self.text = []
        elif tag == "rPh":
            self.parser.StartElementHandler = None
        elif tag == "t":
            self.parser.CharacterDataHandler = self.text.append

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        self.parser.CharacterDataHandler = None
        if tag == "rPh":
            self.parser.StartElementHandler = self.start
        elif tag == "si":
            self.found.append("".join(self.text)[:LONGEST_CELL])


class Formats:
    """For each format of cells: how it shows a date or a time, nothing if it shows neither."""

    def __init__(self, book: Workbook, part: str | None):
        self.found: list[str] = []
        self.codes, self.section = dict(BUILT_IN), ""
        if part is not None:
            book.walk(part, self.note)

    def note(self, tag: str, at: Attributes) -> None:
        if tag in ("numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            self.section = tag
        elif tag == "numFmt" and self.section == "numFmts":
            self.codes[int(at["numFmtId"])] = shows_time(at["formatCode"])
        elif tag == "xf" and self.section == "cellXfs":
            self.found.append(self.codes.get(int(at.get("numFmtId", 0)), ""))
            if len(self.found) > MOST_FORMATS:
                raise RuleError(say("has more than {most:,} formats of cells, which no program writes",
                                    most=MOST_FORMATS))


@cache
def shows_time(code: str) -> str:
    """What of a format's code shows a date or a time: its y, d, h and s, and its m if none of these is there."""
    plain = re.sub(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code.lower()).partition(";")[0]
    return "" if "general" in plain else re.sub(r"[^ydhms]", "", plain)


# --- rows ------------------------------------------------------------------------------------------------------------

class Rows:
    """The rows of a sheet that hold something, with their numbers, and which rows and columns are hidden."""

    def __init__(self, book: Workbook, sheet: Sheet):
        self.book, self.sheet = book, sheet
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[range] = []
        self.merged: list[Area] = []
        self.ready: list[tuple[int, list[Cell]]] = []
        self.cells: dict[int, Cell] = {}
        self.number, self.hidden = 0, False
        self.cell: Attributes = {}
        self.reference, self.behind = "", -1
        self.text: list[str] = []
        self.in_data = self.done = False

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        self.parser = parser_of(self.start)
        for _ in self.book.parse(self.sheet.part, self.parser):
            yield from self.ready
            self.ready.clear()
            if self.done:
                break
        self.finish_row()
        yield from self.ready

    def start(self, name: str, at: Attributes) -> None:
        """An element begins. Ends are listened to only within values: most cells of a formatted sheet have none."""
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self.cell = at
            if "r" in at:
                self.reference, self.behind = at["r"], 0
            else:
                self.behind += 1
                self.refuse_wide(self.behind)
        elif tag == "row":
            if self.cells:
                self.finish_row()
            self.number, self.hidden = int(at.get("r", self.number + 1)), "hidden" in at and is_true(at["hidden"])
            self.reference, self.behind = "", -1
            if self.number > MOST_LINES:
                raise RuleError(say("has more than {most:,} rows, which no program writes",
                                    most=MOST_LINES))
        elif tag in ("v", "f", "is"):
            self.text = []
            self.parser.CharacterDataHandler = None if tag == "is" else self.text.append
            self.parser.EndElementHandler = self.end
            self.parser.StartElementHandler = self.within if tag == "is" else None
        elif tag == "col" and is_true(at.get("hidden")) and not self.in_data:
            self.hidden_columns.append(range(int(at["min"]) - 1, int(at["max"])))
        elif tag == "sheetData":
            self.in_data = True
        elif self.in_data:
            self.read_behind(tag, at)

    def read_behind(self, tag: str, at: Attributes) -> None:
        """What comes behind the rows: merged cells, and nothing that is read behind them."""
        if tag == "mergeCell":
            self.merged.append(area_of(at["ref"]))
        elif tag not in BEFORE_MERGED:
            self.done, self.parser.StartElementHandler = True, None

    def refuse_wide(self, column: int) -> None:
        if column >= MOST_COLUMNS:
            raise RuleError(say("has a row of more than {most:,} cells, which no program writes",
                                most=MOST_COLUMNS))

    def within(self, name: str, _: Attributes) -> None:
        """Within a text that stands in its cell."""
        tag = name.rpartition(" ")[2]
        if tag == "rPh":
            self.parser.StartElementHandler = None
        elif tag == "t":
            self.parser.CharacterDataHandler = self.text.append

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        self.parser.CharacterDataHandler = None
        if tag == "rPh":
            self.parser.StartElementHandler = self.within
        elif tag in ("v", "f", "is"):
            self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, None
            self.note(tag, "".join(self.text))

    def note(self, tag: str, text: str) -> None:
        """A value; a formula counts as its own text until its value comes."""
        if len(text) > LONGEST_CELL:
            raise RuleError(say("has a cell of more than {most:,} characters, which no program writes",
                                most=LONGEST_CELL))
        column = column_of(self.reference) + self.behind
        self.refuse_wide(column)
        if tag == "f":
            self.cells[column] = f"={text}"
        elif text.strip():
            self.cells[column] = text if tag == "is" else self.value(text)
        elif self.cell.get("t") == "str":  # a formula whose value is an empty text
            self.cells.pop(column, None)

    def value(self, text: str) -> Cell:
        kind = self.cell.get("t", "n")
        if kind == "s":
            return self.book.strings[int(text)]
        if kind == "b":
            return is_true(text)
        return text if kind != "n" else self.moment_or_number(text)

    def moment_or_number(self, text: str) -> Cell:
        number = int(text) if text.isdigit() and len(text) < 16 else float(text)
        style = int(self.cell.get("s", 0))
        shown = self.book.formats[style] if style < len(self.book.formats) else ""
        if not shown or not 0 <= number < LAST_DAY:
            return number
        if number < DAYS_OF_TIMES and not set("yd") & set(shown) and set("hs") & set(shown):
            return clock(number, with_seconds="s" in shown)
        return self.book.date(number)

    def finish_row(self) -> None:
        filled = {column: cell for column, cell in self.cells.items() if cell is not None and str(cell).strip()}
        self.cells = {}
        if filled:
            row: list[Cell] = [None] * (max(filled) + 1)
            for column, cell in filled.items():
                row[column] = cell
            self.ready.append((self.number, row))
            if self.hidden:
                self.hidden_rows.append(self.number)


def area_of(reference: str) -> Area:
    """The cells of a reference such as B2:C4."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = ((int(one.lstrip(LETTERS)), column_of(one)) for one in (first, last or first))
    return Area(reference, range(top, bottom + 1), range(left, right + 1))


def column_of(reference: str) -> int:
    """The column of a reference such as B12, from 0; without one, what another is counted from."""
    return column_of_letters(reference.rstrip("0123456789")) if reference else 0


@cache
def column_of_letters(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + int(letter, 36) - 9
    return number - 1


def clock(days: float, with_seconds: bool) -> str:
    """A time of day or a duration as the sheet shows it, with hours."""
    whole, rest = divmod(round(days * 86_400_000), 1000)
    minutes, seconds = divmod(whole, 60)
    shown = f"{minutes // 60}:{minutes % 60:02}"
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    return f"{shown}:{seconds:02}{fraction}" if with_seconds else shown
