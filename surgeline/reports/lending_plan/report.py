"""The report of a plan, and its order sheet on one page of paper."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from surgeline.folders.lending_plan import Planned
from surgeline.locale import LANGS
from surgeline.reports.lending_plan import answer as plan_answer
from surgeline.reports.lending_plan import effects, orders, second_surges, whatif
from surgeline.reports.page import layout
from surgeline.reports.page.blocks import Section
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience

SECTIONS = (orders.section, second_surges.section, effects.policies_section, effects.floors_section, whatif.section,
            effects.promise_section)
"""The parts of the report, in their order."""
ON_THE_ORDER = (orders.section, second_surges.section)


def opening(done: Planned, w: Words, brand: str) -> Opening:
    m = done.manifest
    terms = m.scenario.lending
    facts = [w.spread(w.date(terms.ready), w.date(terms.end - timedelta(seconds=1))) if terms else "",
             w("page.replications", n=m.replications), w("plan.seed", seed=m.seed)]
    return Opening(brand, w.name(m.scenario.title), "", facts, plan_answer.sentences(done, w), w("plan.of"),
                   plan_answer.key_figures(done, w), w("plan.note"), w("plan.foot"), patience.of_plan(m.scenario, w))


def write_html(done: Planned, path: Path) -> None:
    """One file that opens anywhere, without network."""
    openings = {lang: opening(done, Words(lang), Words(lang)("plan.brand")) for lang in LANGS}
    sections = {lang: made(SECTIONS, done, Words(lang)) for lang in LANGS}
    path.write_text(layout.page(openings, sections), encoding="utf-8")


def made(parts: Iterable[Callable[[Planned, Words], Section | None]], done: Planned, w: Words) -> list[Section]:
    return [one for one in (section(done, w) for section in parts) if one is not None]


def write_order(done: Planned, path: Path) -> None:
    """The order sheet: the answer and the orders, nothing else."""
    openings = {lang: replace(opening(done, Words(lang), Words(lang)("plan.order_brand")), kind="sheet")
                for lang in LANGS}
    sections = {lang: made(ON_THE_ORDER, done, Words(lang)) for lang in LANGS}
    path.write_text(layout.page(openings, sections), encoding="utf-8")
