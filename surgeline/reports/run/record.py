"""Replay against record."""
from __future__ import annotations

from sim.measures.metrics import METRICS
from sim.scenario.observed import Observed
from surgeline.folders.run import Line
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Section, Table, YesNo
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.view import RunView, possible

UNITS = {metric.__name__: unit for metric, unit in METRICS.items()}


def section(view: RunView, w: Words) -> Section:
    record = view.run.manifest.record
    if not record:
        return Section(w("record.title"), w("record.none"))
    agree = sum(one.agrees for one in record)
    return Section(w("record.title"), w("record.lead", n=len(record), k=agree), (record_table(view, w),))


def record_table(view: RunView, w: Words) -> Table:
    columns = (Column(w("record.what"), "long"), Column(w("record.recorded"), "number"),
               Column(w("record.simulated"), "number"), Column(w("record.agrees")), Column(w("record.source"), "long"))
    return Table(w("record.table"), columns, tuple(row(view, w, one) for one in view.run.manifest.record))


def row(view: RunView, w: Words, one: Line) -> tuple[Cell, ...]:
    *told, agrees = in_words(view, w, one)
    return (*told, YesNo(w("number.yes" if agrees else "number.no"), agrees), w.said(one.observed.source))


def in_words(view: RunView, w: Words, one: Line) -> tuple[str, str, str, bool]:
    """What, the record, the simulation, and whether they agree."""
    unit = unit_of(one.observed.metric)
    return what(view, w, one.observed), recorded(w, one, unit), simulated(w, one, unit), one.agrees


def base(metric: str) -> str:
    """A metric without its threshold."""
    return "answered_within" if metric.startswith("answered_within") else metric


def unit_of(metric: str) -> str:
    return UNITS.get(base(metric), "1")


def metric_name(view: RunView, w: Words, metric: str) -> str:
    key = f"metrics.{base(metric)}"
    within = w.duration(float(view.scenario.answered_within))
    return w(key, within=within) if w.knows(key) else metric


def what(view: RunView, w: Words, observed: Observed) -> str:
    """Metric, place, time, and the variant that it is compared with."""
    variant = observed.against
    against = w("record.against", variant=w.name(view.scenario.variants[variant].name)) if variant else ""
    some = w("record.any_interval") if observed.any_interval else ""
    return w("record.item", place=places.scope(view.scenario, w, observed.scope), span=span(view, w, observed),
             some=some,
             metric=metric_name(view, w, observed.metric), against=against)


def span(view: RunView, w: Words, observed: Observed) -> str:
    if observed.start is None and observed.end is None:
        return w("record.all_time")
    return w.moments(observed.start or view.start, observed.end or view.end)


def recorded(w: Words, one: Line, unit: str) -> str:
    """The value and what is tolerated, or the bounds."""
    shown = {side: w.number(bound, unit) for side, bound in one.bounds if bound is not None}
    if one.observed.value is not None:
        return w("record.within", value=w.number(one.observed.value, unit), **shown)
    if len(shown) == 2:
        return w("record.both", **shown)
    return w("record.below", x=shown["high"]) if "high" in shown else w("record.above", x=shown["low"])


def simulated(w: Words, one: Line, unit: str) -> str:
    figure, observed = one.figure, one.observed
    if missing(figure.low):
        return w.number(figure.mean, unit)
    low, high = (bound if observed.against else possible(observed.metric, bound)
                 for bound in (figure.low, figure.high))
    return w("record.within", value=w.number(figure.mean, unit), low=w.number(low, unit), high=w.number(high, unit))
