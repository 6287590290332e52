"""The report of a comparison: which variant is the best, who gains and who pays, and what that rests on."""
from __future__ import annotations

from surgeline.reports.comparison import answer, by_city, chosen, over_time, sheets, side_by_side
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience
from surgeline.reports.run.report import when_and_how_often


def opening(c: ComparisonView, w: Words) -> Opening:
    """The answer and what stands around it."""
    facts = [*when_and_how_often(c.b, w), w("compare.number", n=len(c.manifest.variants))]
    return Opening(w("compare.brand"), w.name(c.b.scenario.title), w.name(c.b.scenario.about), facts,
                   [answer.sentence(c, w)], answer.whose(c, w), answer.key_figures(c, w), answer.note(c, w),
                   w("compare.foot"), patience.of_run(c.b, w))


REPORT = Report(ComparisonView, opening, (
    side_by_side.section, over_time.section, by_city.section, chosen.section, chosen.run_section), sheets.sheets)
