"""The workbook: the same figures for those who count on. Text stays text, whatever it begins with."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from surgeline.reports.page.words import missing

HEADER = PatternFill("solid", fgColor="0B3A5D")
SECOND = PatternFill("solid", fgColor="E4E7EB")
LINE = Border(bottom=Side("thin", color="CBD2D9"))
FORMATS = {"any": "General", "count": "#,##0", "few": "#,##0.0", "share": "0.0%",
           "points": "+0.0%;-0.0%;0.0%", "change": "+0%;-0%;0%", "day": "yyyy-mm-dd",
           "moment": "yyyy-mm-dd hh:mm", "text": "@"}
LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST, TALLEST = 8.0, 60.0, 32767


@dataclass(frozen=True)
class Head:
    """A column: its name in both languages, and how its values are written."""

    zh: str
    en: str
    format: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns, its rows."""

    name: str
    heads: tuple[Head, ...]
    rows: Sequence[Sequence[Any]]


def write(sheets: Iterable[Sheet], path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        fill(book.create_sheet(sheet.name), sheet)
    book.save(path)


def fill(page: Worksheet, sheet: Sheet) -> None:
    """Two rows of headings, then the values, with the headings always in view."""
    for row, fill_with, font in ((1, HEADER, Font(bold=True, color="FFFFFF")), (2, SECOND, Font(color="3E4C59"))):
        for column, one in enumerate(sheet.heads, 1):
            put(page.cell(row, column), one.zh if row == 1 else one.en, "text")
            page.cell(row, column).fill, page.cell(row, column).font = fill_with, font
            page.cell(row, column).alignment = Alignment(wrap_text=True, vertical="center")
    for row, values in enumerate(sheet.rows, 3):
        for column, (value, one) in enumerate(zip(values, sheet.heads, strict=True), 1):
            put(page.cell(row, column), value, format_of(value, one.format))
            page.cell(row, column).border = LINE
    page.freeze_panes = "B3"
    prepare_print(page, sheet)
    for column in range(1, len(sheet.heads) + 1):
        page.column_dimensions[get_column_letter(column)].width = width(page, column)


def prepare_print(page: Worksheet, sheet: Sheet) -> None:
    """On A4 paper across, as wide as a page, with the headings on every page and the sheet's name below."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:2"
    page.oddFooter.left.text, page.oddFooter.right.text = sheet.name, "&P / &N"


def format_of(value: Any, usual: str) -> str:
    """The column's format; a value may bring its own, as (value, format)."""
    return str(value[1]) if isinstance(value, tuple) else usual


def put(cell: Cell, value: Any, how: str) -> None:
    """A value into a cell; nothing for a figure that has no meaning."""
    value = value[0] if isinstance(value, tuple) else value
    if isinstance(value, str):
        put_text(cell, value)
    elif isinstance(value, datetime):
        cell.value, cell.number_format = value, FORMATS[how]
    elif value is not None and not missing(float(value)):
        cell.value, cell.number_format = float(value), FORMATS[how]


def put_text(cell: Cell, text: str) -> None:
    """Never a formula: the type is set after the value, and what looks like one is quoted."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:TALLEST]
    cell.data_type, cell.number_format = "s", FORMATS["text"]
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.quotePrefix = text.startswith(LIKE_FORMULAS)


def width(page: Worksheet, column: int) -> float:
    """As wide as its values; Chinese characters take two places."""
    texts = [shown(page.cell(row, column)) for row in range(1, min(page.max_row, 400) + 1)]
    longest = max(sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts)
    return min(WIDEST, max(NARROWEST, longest * 1.05 + 2))


def shown(cell: Cell) -> str:
    """Roughly what is seen of a cell."""
    if isinstance(cell.value, datetime):
        return "2021-07-25 00:00" if "hh" in cell.number_format else "2021-07-25"
    if isinstance(cell.value, float):
        return f"{100 * cell.value:.1f}%" if "%" in cell.number_format else f"{cell.value:,.1f}"
    return max(str(cell.value or "").split("\n"), key=len)
