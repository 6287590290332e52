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


def opening(b: RunView, w: Words) -> Opening:
    """The answer and what stands around it."""
    return Opening(w("page.brand"), w.name(b.scenario.title), w.name(b.scenario.about), facts(b, w),
                   answer.sentences(b, w), answer.whose(b, w), answer.key_figures(b, w), answer.note(b, w),
                   w("page.foot"), patience.of_run(b, w))


def facts(b: RunView, w: Words) -> list[str]:
    """The line under the title: when, how often, and under which levers."""
    variant = b.run.manifest.variant
    found = when_and_how_often(b, w)
    if variant in b.scenario.variants:
        found.append(w("page.variant", name=w.name(b.scenario.variants[variant].name)))
    return found


def when_and_how_often(b: RunView, w: Words) -> list[str]:
    n = b.run.manifest.replications
    return [f"{w.date(b.start)}–{w.date(b.days[-1])}" if len(b.days) > 1 else w.date(b.start),
            *([] if n > 1 else [w("page.one_replication")])]


REPORT = Report(RunView, opening, (
    flow.section, rates.section, waits.section, seats.section, tilemap.section, helpers.section, record.section,
    daily.section, setup.section, assumed.section, defined.section), sheets.sheets)
