"""The report of a plan, and its order sheet on one page of paper."""
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from surgeline.folders.lending_plan import LendingPlan
from surgeline.reports.lending_plan import answer as plan_answer
from surgeline.reports.lending_plan import effects, orders, second_surges, whatif
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report, itself
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience


def opening(done: LendingPlan, w: Words) -> Opening:
    m = done.manifest
    terms = m.scenario.lending
    facts = [w.spread(w.date(terms.ready), w.date(terms.end - timedelta(seconds=1))) if terms else "",
             w("page.replications", n=m.replications), w("plan.seed", seed=m.seed)]
    return Opening(w("plan.brand"), w.name(m.scenario.title), "", facts, plan_answer.sentences(done, w), w("plan.of"),
                   plan_answer.key_figures(done, w), w("plan.note"), w("plan.foot"), patience.of_plan(m.scenario, w))


def above_orders(done: LendingPlan, w: Words) -> Opening:
    """The same on the order sheet."""
    return replace(opening(done, w), brand=w("plan.order_brand"), kind="sheet")


REPORT = Report(itself, opening, (
    orders.section, second_surges.section, effects.policies_section, effects.floors_section, whatif.section,
    effects.promise_section))
ORDER = Report(itself, above_orders, (orders.section, second_surges.section))
"""The order sheet: the answer and the orders, nothing else."""
