"""The report of a run: what happened, why, what would have helped, and what that rests on."""
from __future__ import annotations

from pathlib import Path

from surgeline.locale import LANGS
from surgeline.reports import page, sheets, workbook
from surgeline.reports.blocks import Section
from surgeline.reports.briefing import Briefing
from surgeline.reports.sections import (
    assumed,
    daily,
    defined,
    flow,
    helpers,
    rates,
    record,
    seats,
    tilemap,
    waits,
)
from surgeline.reports.words import Words
from surgeline.runs import Run

SECTIONS = (flow.section, rates.section, waits.section, seats.section, tilemap.section, helpers.section,
            record.section, daily.section, assumed.section, defined.section)
"""The parts of the report, in their order."""


def sections_of(b: Briefing, w: Words) -> list[Section]:
    made = [section(b, w) for section in SECTIONS]
    return [section for section in made if section is not None]


def write_html(run: Run, path: Path) -> None:
    """One file that opens anywhere, without network."""
    b = Briefing(run)
    path.write_text(page.page(b, {lang: sections_of(b, Words(lang)) for lang in LANGS}), encoding="utf-8")


def write_xlsx(run: Run, path: Path) -> None:
    """The same figures as a workbook."""
    workbook.write(sheets.sheets(Briefing(run)), path)
