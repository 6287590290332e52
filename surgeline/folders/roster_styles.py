"""How cells of a roster's workbook look, and how its sheets are printed."""
from __future__ import annotations

import colorsys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from surgeline.folders.roster_rows import DayKind, RosterBook

A4, A3 = 9, 8
DAY = "[$-804]m/d ddd"
LINE: dict[str, Any] = {"border": 1, "border_color": "#CBD2D9", "valign": "vcenter"}
HEAD: dict[str, Any] = {"bold": True, "font_color": "#FFFFFF", "align": "center", "text_wrap": True} | LINE
HEAD_FILL, BEFORE_FILL = "#0B3A5D", "#9AA5B1"
DAY_FILLS: dict[DayKind, str] = {"": HEAD_FILL, "workday": HEAD_FILL, "rest": "#7B3F00", "day_off": "#B45309",
                                 "holiday": "#B91C1C"}
OFF_INK, BEFORE_INK, BESIDE_INK = "#9AA5B1", "#7B8794", "#9C0006"
CHANGED_FILL, CHANGED_INK = "#FFC000", "#9C0006"
BY_DAY, BY_NIGHT = ((0.90, 0.80), (0.78, 0.65)), ((0.74, 0.40), (0.64, 0.35))
"""Lightness and saturation of fills, of every other kind: neighbours differ by more than their hue."""


class Styles:
    """How cells look."""

    def __init__(self, book: Workbook, roster: RosterBook):
        add = book.add_format
        self.head = add(HEAD | {"bg_color": HEAD_FILL})
        self.before_head = add(HEAD | {"bg_color": BEFORE_FILL})
        self.days = {kind: add(HEAD | {"bg_color": fill, "num_format": DAY, "rotation": 90})
                     for kind, fill in DAY_FILLS.items()}
        self.before_day = add(HEAD | {"bg_color": BEFORE_FILL, "num_format": DAY, "rotation": 90})
        self.wall_days = {kind: add(HEAD | {"bg_color": fill}) for kind, fill in DAY_FILLS.items()}
        self.date = add({"num_format": "yyyy-mm-dd", "align": "left"} | LINE)
        self.text = add({"num_format": "@"} | LINE)
        self.wrapped = add({"num_format": "@", "text_wrap": True} | LINE)
        self.title = add({"bold": True, "font_size": 14})
        self.section = add({"bold": True})
        self.note = add({"font_color": BEFORE_INK})
        self.number = add({"num_format": "0.0"} | LINE)
        self.count = add({"num_format": "0"} | LINE)
        self.total = add({"num_format": "0.0", "bold": True, "top": 2} | LINE)
        self.total_count = add({"num_format": "0", "bold": True} | LINE)
        self.total_text = add({"bold": True} | LINE)
        self.moment = add({"num_format": "yyyy-mm-dd hh:mm", "align": "left"} | LINE)
        code: dict[str, Any] = {"num_format": "@", "align": "center", "text_wrap": True} | LINE
        self.off = add(code | {"font_color": OFF_INK})
        self.before = add(code | {"font_color": BEFORE_INK, "italic": True})
        self.before_text = add({"num_format": "@", "font_color": BEFORE_INK, "italic": True} | LINE)
        self.before_date = add({"num_format": "yyyy-mm-dd", "align": "left", "font_color": BEFORE_INK} | LINE)
        self.before_number = add({"num_format": "0.0", "font_color": BEFORE_INK} | LINE)
        fills = fills_of(roster)
        self.of_code: dict[str, Format] = {one.code: add(code | {"bg_color": fills[one.family]})
                                           for one in roster.shifts}
        self.of_family = {family: add(code | {"bg_color": fill}) for family, fill in fills.items()}
        self.beside = add(code | {"bold": True, "font_color": BESIDE_INK})
        self.besides = add({"num_format": "@", "text_wrap": True, "font_color": BESIDE_INK, "bold": True} | LINE)
        self.signed = add({"num_format": "+0.0;-0.0;0"} | LINE)
        self.signed_count = add({"num_format": "+0;-0;0"} | LINE)
        self.changed = add(code | {"bold": True, "bg_color": CHANGED_FILL, "font_color": CHANGED_INK})
        self.strong, self.small = add({"bold": True}), add({"font_size": 8, "bold": True, "font_color": BESIDE_INK})

    def cell(self, code: str) -> Format:
        return self.of_code.get(code, self.off)


def fills_of(roster: RosterBook) -> dict[str, str]:
    """A colour for each kind of shift, no two the same: as far apart as there are kinds, darker at night."""
    nights = {one.family for one in roster.shifts if one.night}
    return {family: fill(i / len(roster.families), *(BY_NIGHT if family in nights else BY_DAY)[i % 2])
            for i, family in enumerate(roster.families)}


def fill(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def moment_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def write_heads(page: Worksheet, line: int, heads: Sequence[str], styles: Styles) -> None:
    for column, head in enumerate(heads):
        page.write_string(line, column, head, styles.head)


def fit(page: Worksheet, title: str, paper: int, wide: int = 1) -> None:
    """On paper across, so many pages wide.

    :param title: above each page; nothing where the sheet repeats its own.
    """
    page.set_landscape()
    page.set_paper(paper)
    page.fit_to_pages(wide, 0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.set_header(f"&C&14{title.replace('&', '&&')}" if title else "")
    page.set_footer("&R&P / &N")
