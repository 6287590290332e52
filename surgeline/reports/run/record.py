"""Replay against record."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sim.measures.metrics import METRICS
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Section, Table, YesNo
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.answer import as_figure
from surgeline.reports.run.view import RunView, possible

UNITS = {metric.__name__: unit for metric, unit in METRICS.items()}


def section(b: RunView, w: Words) -> Section:
    record = b.run.record
    if not record:
        return Section(w("record.title"), w("record.none"))
    agree = sum(bool(one["agrees"]) for one in record)
    return Section(w("record.title"), w("record.lead", n=len(record), k=agree), (record_table(b, w),))


def record_table(b: RunView, w: Words) -> Table:
    columns = (Column(w("record.what"), "long"), Column(w("record.recorded"), "number"),
               Column(w("record.simulated"), "number"), Column(w("record.agrees")), Column(w("record.source"), "long"))
    return Table(w("record.table"), columns, tuple(row(b, w, one) for one in b.run.record))


def row(b: RunView, w: Words, one: dict[str, Any]) -> tuple[Cell, ...]:
    observed, unit = one["observed"], unit_of(one["observed"]["metric"])
    return (what(b, w, observed), recorded(w, one, unit), simulated(w, one, unit),
            YesNo(w("number.yes" if one["agrees"] else "number.no"), bool(one["agrees"])), w.said(observed["source"]))


def base(metric: str) -> str:
    """A metric without its threshold."""
    return "answered_within" if metric.startswith("answered_within") else metric


def unit_of(metric: str) -> str:
    return UNITS.get(base(metric), "1")


def metric_name(b: RunView, w: Words, metric: str) -> str:
    key = f"metrics.{base(metric)}"
    within = w.duration(float(b.scenario.answered_within))
    return w(key, within=within) if w.knows(key) else metric


def what(b: RunView, w: Words, observed: dict[str, Any]) -> str:
    """Metric, place, time, and the variant that it is compared with."""
    variant = observed.get("against")
    against = w("record.against", variant=w.name(b.scenario.variants[variant].name)) if variant else ""
    some = w("record.any_interval") if observed.get("any_interval") else ""
    return w("record.item", place=places.scope(b.scenario, w, observed["scope"]), span=span(b, w, observed), some=some,
             metric=metric_name(b, w, observed["metric"]), against=against)


def span(b: RunView, w: Words, observed: dict[str, Any]) -> str:
    if observed.get("from") is None and observed.get("to") is None:
        return w("record.all_time")
    start, end = (datetime.fromisoformat(observed[side]) if observed.get(side) else edge
                  for side, edge in (("from", b.start), ("to", b.end)))
    return w.moments(start, end)


def recorded(w: Words, one: dict[str, Any], unit: str) -> str:
    """The value and what is tolerated, or the bounds."""
    observed, (low, high) = one["observed"], (one["bounds"]["low"], one["bounds"]["high"])
    if observed.get("value") is not None:
        return w("record.within", value=w.number(observed["value"], unit), low=w.number(low, unit),
                 high=w.number(high, unit))
    if low is None:
        return w("record.below", x=w.number(high, unit))
    if high is None:
        return w("record.above", x=w.number(low, unit))
    return w("record.both", low=w.number(low, unit), high=w.number(high, unit))


def simulated(w: Words, one: dict[str, Any], unit: str) -> str:
    figure, observed = as_figure(one["figure"]), one["observed"]
    if missing(figure.low):
        return w.number(figure.mean, unit)
    low, high = (bound if observed.get("against") else possible(observed["metric"], bound)
                 for bound in (figure.low, figure.high))
    return w("record.within", value=w.number(figure.mean, unit), low=w.number(low, unit), high=w.number(high, unit))
