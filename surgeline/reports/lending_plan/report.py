"""The report of a plan. Its order is a room of its own."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from surgeline.folders.lending_plan import LendingPlan
from surgeline.reports.lending_plan import answer as plan_answer
from surgeline.reports.lending_plan import (
    changes,
    edited,
    effects,
    from_record,
    menu,
    orders,
    premises,
    second_surges,
    whatif,
)
from surgeline.reports.page.blocks import Section
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report, itself
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience


def opening(done: LendingPlan, w: Words) -> Opening:
    m = done.manifest
    terms = m.scenario.lending
    facts = [w.spread(w.date(terms.ready), w.date(terms.end - timedelta(seconds=1))) if terms else "",
             w("page.replications", n=m.replications), w("plan.seed", seed=m.seed)]
    foot = w("edited.foot" if m.edited else "plan.foot")
    return Opening(w("plan.brand"), w.name(m.scenario.title), "", facts, said(done, w), w("plan.of"),
                   plan_answer.key_figures(done, w), w("plan.note"), foot, patience.of_plan(m.scenario, w))


def said(done: LendingPlan, w: Words) -> list[str]:
    """What a plan says in a few sentences; of one that was edited, what was found of it."""
    return edited.sentences(done, w) if done.manifest.edited else [*plan_answer.sentences(done, w),
                                                                   *premises.sentences(done, w)]


def where_searched(section: Callable[[LendingPlan, Words], Section | None]) -> Callable[
        [LendingPlan, Words], Section | None]:
    """A part that an edited plan has not: nothing was searched there."""
    return lambda done, w: None if done.manifest.edited else section(done, w)


REPORT = Report(itself, opening, (
    menu.section, orders.section, edited.people_section, edited.section, changes.section,
    from_record.section, premises.section, second_surges.section,
    where_searched(effects.policies_section), effects.floors_section,
    where_searched(whatif.section), where_searched(effects.promise_section)))
