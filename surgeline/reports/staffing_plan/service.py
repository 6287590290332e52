"""Promised against delivered: what simulation shows of the plan, interval by interval."""
from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.charts import BLUE
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import verdict
from surgeline.reports.staffing_plan.view import PlanView, week_scale


def section(view: PlanView, w: Words) -> Section:
    name = view.first
    within = w.duration(view.manifest.within_s)
    chart = Chart(w("staff.service_chart", place=view.place(w, name), within=within), drawn(view, w, name), wide=True)
    return Section(w("staff.service_title"), w("staff.service_lead"),
                   (Charts((chart,), w("staff.service_note")), table(view, w)))


def drawn(view: PlanView, w: Words, name: str) -> str:
    """The share answered in time of each interval with its interval of confidence, and the target as a line."""
    table = view.of_city(name)
    since = (table["start"] - table["day"].iloc[0]).dt.total_seconds() / 3600 + view.hours / 2
    called = table["offered"] >= 1
    what = w("staff.service_line")
    rows = pd.DataFrame({"x": since, "what": what, "mean": 100 * table["within"], "low": 100 * table["low"],
                         "high": 100 * table["high"]})[called]
    return charts.lines(rows, {what: BLUE}, week_scale(w, table, view.hours), w("staff.service_axis"), w.lang,
                        100 * float(view.manifest.target.share), (0.0, 100.0), charts.FULL)


def table(view: PlanView, w: Words) -> Table:
    """What each city reaches today, as planned, and with people called in."""
    columns = (Column(w("staff.city")), Column(w("staff.as"), "short"), Column(w("staff.col_within"), "number"),
               Column(w("staff.interval"), "short"), Column(w("staff.col_answered"), "number"),
               Column(w("staff.interval"), "short"),
               Column(w("staff.col_reached"), "number"), Column(w("staff.col_missed"), "number"))
    rows = tuple(row for name in view.cities for row in rows_of(view, w, name))
    return Table(w("staff.service_table"), columns, rows, w("staff.service_table_note"))


def rows_of(view: PlanView, w: Words, name: str) -> Iterator[tuple[Cell, ...]]:
    c = view.cities[name]
    before = {verdict.today(c): c.today} if view.known_today(c) else {}
    ways = before | {"with_roster" if c.roster else "with_shifts": c.service}
    if c.call_in is not None:
        ways["with_call_in"] = c.call_in.service
    if c.lent is not None:
        ways["with_lent"] = c.lent.service
    for way, s in ways.items():
        yield (view.place(w, name), w(f"staff.{way}"), w.percent(s.within.mean),
               w.range_of(s.within, w.percent, "staff.bare"), w.percent(s.answered.mean),
               w.range_of(s.answered, w.percent, "staff.bare"), w.percent(s.reached), w.percent(s.missed))
