"""The report of a comparison: which variant is the best, who gains and who pays, and what that rests on."""
from __future__ import annotations

from surgeline.reports.comparison import answer, by_city, chosen, floors, over_time, sheets, side_by_side
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience
from surgeline.reports.run.report import when_and_how_often


def opening(comparison: ComparisonView, w: Words) -> Opening:
    """The answer and what stands around it."""
    facts = [*when_and_how_often(comparison.view, w), w("compare.number", n=len(comparison.manifest.variants))]
    return Opening(w("compare.brand"), w.name(comparison.view.scenario.title), w.name(comparison.view.scenario.about),
                   facts,
                   [answer.sentence(comparison, w), *floors.sentences(comparison, w)], answer.whose(comparison, w),
                   answer.key_figures(comparison, w),
                   answer.note(comparison, w),
                   w("compare.foot"), patience.of_run(comparison.view, w))


REPORT = Report(ComparisonView, opening, (
    side_by_side.section, over_time.section, by_city.section, floors.section, chosen.section, chosen.run_section),
    sheets.sheets)
