"""Promised against delivered: what simulation shows of the plan, interval by interval."""
from __future__ import annotations

import pandas as pd

from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.charts import BLUE
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView, week_scale


def section(view: PlanView, w: Words) -> Section:
    name = view.first
    within = w.duration(view.manifest.within_s)
    chart = Chart(w("staff.service_chart", place=view.place(w, name), within=within), drawn(view, w, name))
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
                        100 * float(view.manifest.target.share), (0.0, 100.0))


def table(view: PlanView, w: Words) -> Table:
    columns = (Column(w("staff.city")), Column(w("staff.col_within"), "number"), Column(w("staff.interval")),
               Column(w("staff.col_answered"), "number"), Column(w("staff.interval")),
               Column(w("staff.col_reached"), "number"))
    rows = tuple(row_of(view, w, name) for name in view.cities)
    return Table(w("staff.service_table"), columns, rows, w("staff.service_table_note"))


def row_of(view: PlanView, w: Words, name: str) -> tuple[Cell, ...]:
    s = view.cities[name].service
    return (view.place(w, name), w.percent(s.within.mean), w.range_of(s.within, w.percent, "staff.bare"),
            w.percent(s.answered.mean), w.range_of(s.answered, w.percent, "staff.bare"), w.percent(s.reached))
