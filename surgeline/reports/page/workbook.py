"""The workbook: the same figures for those who count on. Text stays text, whatever it begins with."""
from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

TOP = {"text_wrap": True, "valign": "vcenter", "num_format": "@"}
HEADERS = ({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B3A5D"} | TOP,
           {"font_color": "#3E4C59", "bg_color": "#E4E7EB"} | TOP)
LINE = {"bottom": 1, "bottom_color": "#CBD2D9"}
TEXT = {"text_wrap": True, "valign": "top"} | LINE
FORMATS = {"any": "General", "count": "#,##0", "few": "#,##0.0", "share": "0.0%",
           "points": "+0.0%;-0.0%;0.0%", "change": "+0%;-0%;0%", "day": "yyyy-mm-dd",
           "moment": "yyyy-mm-dd hh:mm", "text": "@"}
LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
NO_TEXT = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")  # characters that a workbook can't hold
NARROWEST, WIDEST, TALLEST, LOOKED_AT = 8.0, 60.0, 32767, 398
A4 = 9


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


class Styles:
    """How cells of a book look, each kind once."""

    def __init__(self, book: Workbook):
        self.value = cache(lambda how: book.add_format({"num_format": FORMATS[how]} | LINE))
        self.text = cache(lambda quoted: book.add_format({"num_format": "@", "quote_prefix": quoted} | TEXT))
        self.headers = [book.add_format(one) for one in HEADERS]

    def of_text(self, text: str) -> Format:
        """What looks like a formula is quoted."""
        return self.text(text.startswith(LIKE_FORMULAS))


def write(sheets: Iterable[Sheet], path: Path) -> None:
    """:raises OSError: if the file can't be written."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        styles = Styles(book)
        for sheet in sheets:
            fill(book.add_worksheet(sheet.name), sheet, styles)
    path.write_bytes(file.getvalue())


def fill(page: Worksheet, sheet: Sheet, styles: Styles) -> None:
    """Two rows of headings, then the values, with the headings always in view."""
    for column, head in enumerate(sheet.heads):
        for row, (text, style) in enumerate(zip((head.zh, head.en), styles.headers, strict=True)):
            page.write_string(row, column, text, style)
    for row, values in enumerate(sheet.rows, 2):
        for column, (value, head) in enumerate(zip(values, sheet.heads, strict=True)):
            put(page, (row, column), *shaped(value, head.format), styles)
    page.freeze_panes(2, 1)
    prepare_print(page, sheet)
    for column in range(len(sheet.heads)):
        page.set_column(column, column, width(sheet, column))


def prepare_print(page: Worksheet, sheet: Sheet) -> None:
    """On A4 paper across, as wide as a page, with the headings on every page and the sheet's name below."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.set_footer(f"&L{sheet.name.replace('&', '&&')}&R&P / &N")


def shaped(value: Any, usual: str) -> tuple[Any, str]:
    """A value and its format: the column's, or its own, as (value, format)."""
    return (value[0], str(value[1])) if isinstance(value, tuple) else (value, usual)


def put(page: Worksheet, at: tuple[int, int], value: Any, how: str, styles: Styles) -> None:
    """A value into a cell; nothing for a figure that has no meaning. Text is never a formula."""
    if isinstance(value, str):
        page.write_string(*at, NO_TEXT.sub("", value)[:TALLEST], styles.of_text(value))
    elif isinstance(value, datetime):
        page.write_datetime(*at, value, styles.value(how))
    elif is_figure(value):
        page.write_number(*at, float(value), styles.value(how))
    else:
        page.write_blank(*at, None, styles.value("any"))


def width(sheet: Sheet, column: int) -> float:
    """As wide as its values; Chinese characters take two places."""
    head = sheet.heads[column]
    texts = [head.zh, head.en, *(shown(*shaped(row[column], head.format)) for row in islice(sheet.rows, LOOKED_AT))]
    longest = max(sum(2 if ord(c) > 0x2E80 else 1 for c in text) for text in texts)
    return min(WIDEST, max(NARROWEST, longest * 1.05 + 2))


def shown(value: Any, how: str) -> str:
    """Roughly what is seen of a cell."""
    if isinstance(value, str):
        return max(value.split("\n"), key=len)
    if isinstance(value, datetime):
        return "2021-07-25 00:00" if how == "moment" else "2021-07-25"
    if not is_figure(value):
        return ""
    return f"{100 * float(value):.1f}%" if "%" in FORMATS[how] else f"{float(value):,.1f}"


def is_figure(value: Any) -> bool:
    """Whether a value has a meaning that a cell can hold."""
    return value is not None and math.isfinite(float(value))
