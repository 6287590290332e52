"""The report of a run: what happened, why, what would have helped, and what that rests on."""
from __future__ import annotations

from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report
from surgeline.reports.page.words import Words
from surgeline.reports.run import (
    answer,
    assumed,
    daily,
    defined,
    flow,
    helpers,
    patience,
    rates,
    record,
    seats,
    setup,
    sheets,
    tilemap,
    waits,
)
from surgeline.reports.run.view import RunView


def opening(view: RunView, w: Words) -> Opening:
    """The answer and what stands around it."""
    return Opening(w("page.brand"), w.name(view.scenario.title), w.name(view.scenario.about), facts(view, w),
                   answer.sentences(view, w), answer.whose(view, w), answer.key_figures(view, w), answer.note(view, w),
                   w("page.foot"), patience.of_run(view, w))


def facts(view: RunView, w: Words) -> list[str]:
    """The line under the title: when, how often, and under which levers."""
    variant = view.run.manifest.variant
    found = when_and_how_often(view, w)
    if variant in view.scenario.variants:
        found.append(w("page.variant", name=w.name(view.scenario.variants[variant].name)))
    return found


def when_and_how_often(view: RunView, w: Words) -> list[str]:
    n = view.run.manifest.replications
    return [f"{w.date(view.start)}–{w.date(view.days[-1])}" if len(view.days) > 1 else w.date(view.start),
            *([] if n > 1 else [w("page.one_replication")])]


REPORT = Report(RunView, opening, (
    flow.section, rates.section, waits.section, seats.section, tilemap.section, helpers.section, record.section,
    daily.section, setup.section, assumed.section, defined.section), sheets.sheets)
