"""The report of a comparison: which variant is the best, who gains and who pays, and what that rests on."""
from __future__ import annotations

from pathlib import Path

from surgeline.folders.comparison import Compared
from surgeline.locale import LANGS
from surgeline.reports.comparison import answer, by_city, chosen, over_time, sheets, side_by_side
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page import layout, workbook
from surgeline.reports.page.blocks import Section
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience
from surgeline.reports.run.report import when_and_how_often

SECTIONS = (side_by_side.section, over_time.section, by_city.section, chosen.section, chosen.run_section)
"""The parts of the report, in their order."""


def sections_of(c: ComparisonView, w: Words) -> list[Section]:
    made = [section(c, w) for section in SECTIONS]
    return [section for section in made if section is not None]


def opening(c: ComparisonView, w: Words) -> Opening:
    """The answer and what stands around it."""
    facts = [*when_and_how_often(c.b, w), w("compare.number", n=len(c.manifest.variants))]
    return Opening(w("compare.brand"), w.name(c.b.scenario.title), w.name(c.b.scenario.about), facts,
                   [answer.sentence(c, w)], answer.whose(c, w), answer.key_figures(c, w), answer.note(c, w),
                   w("compare.foot"), patience.of_run(c.b, w))


def write_html(compared: Compared, path: Path) -> None:
    """One file that opens anywhere, without network."""
    c = ComparisonView(compared)
    openings = {lang: opening(c, Words(lang)) for lang in LANGS}
    text = layout.page(openings, {lang: sections_of(c, Words(lang)) for lang in LANGS})
    path.write_text(text, encoding="utf-8")


def write_xlsx(compared: Compared, path: Path) -> None:
    """The same figures as a workbook."""
    workbook.write(sheets.sheets(ComparisonView(compared)), path)
