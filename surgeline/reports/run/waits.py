"""How long the answered waited, day by day."""
from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Chart, Charts, Section
from surgeline.reports.page.charts import AMBER, BLUE, RED, Scale
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.flow import days_scale, hours_scale
from surgeline.reports.run.view import HOUR, RunView, Subject, possible

STANDARD = 95.0  # percent of the calls of any 24 hours, GB/T 33358-2016


def section(view: RunView, w: Words) -> Section | None:
    """Nothing where nobody called."""
    if not view.called:
        return None
    *pairs, last = [(waits(view, w, subject), in_time(view, w, subject)) for subject in view.called]
    return Section(w("waits.title"), "", (*map(Charts, pairs), Charts(last, note(view, w))))


def note(view: RunView, w: Words) -> str:
    return w("waits.note") if view.run.manifest.replications > 1 else w("waits.note_one")


def within(view: RunView, w: Words) -> str:
    return w.duration(float(view.scenario.answered_within))


def over_time(view: RunView, scope: str, metrics: dict[str, str], factor: float) -> pd.DataFrame:
    """By the day; of a single day, by the interval."""
    table = by_day(view, scope, metrics) if len(view.days) > 1 else by_interval(view, scope, metrics)
    table[["mean", "low", "high"]] *= factor
    return table


def by_interval(view: RunView, scope: str, metrics: dict[str, str]) -> pd.DataFrame:
    rows, length = view.run.by_interval(scope, *metrics), timedelta(seconds=view.scenario.horizon.interval_s)
    middle = view.hours_since(rows["from"]) + length / HOUR / 2
    bounds = {side: [possible(metric, value) for metric, value in zip(rows["metric"], rows[side], strict=True)]
              for side in ("low", "high")}
    return pd.DataFrame({"x": middle, "what": rows["metric"].map(metrics), "mean": rows["mean"], **bounds})


def scale_of(view: RunView, w: Words) -> Scale:
    return days_scale(view, w) if len(view.days) > 1 else hours_scale(view, w, view.days[0])


def by_day(view: RunView, scope: str, metrics: dict[str, str]) -> pd.DataFrame:
    """One row a day and metric, named by words: x in hours, mean, low, high."""
    rows = []
    for k, day in enumerate(view.days):
        for metric, what in metrics.items():
            figure = view.figure(metric, scope, day)
            rows.append({"x": 24.0 * k + 12, "what": what, "mean": figure.mean, "low": figure.low,
                         "high": figure.high})
    return pd.DataFrame(rows).dropna(subset="mean")


def waits(view: RunView, w: Words, subject: Subject) -> Chart:
    names = {"median_wait_s": w("waits.median"), "p95_wait_s": w("waits.p95")}
    title = title_waits(view, w, subject, view.worst_day(subject))
    colours = dict(zip(names.values(), (BLUE, RED), strict=True))
    table = over_time(view, subject.scope, names, 1.0)
    return Chart(title, charts.lines(table, colours, scale_of(view, w), w("waits.axis_waits"), w.lang))


def title_waits(view: RunView, w: Words, subject: Subject, day: datetime) -> str:
    median, p95 = (view.figure(name, subject.scope, day).mean for name in ("median_wait_s", "p95_wait_s"))
    if missing(median):
        return w("waits.chart_nobody", place=view.place(w, subject), day=w.day(day))
    return w("waits.chart_waits", place=view.place(w, subject), day=w.day(day), median=w.duration(median),
             p95=w.duration(p95))


def in_time(view: RunView, w: Words, subject: Subject) -> Chart:
    names = {"answer_rate_dials": w("waits.rate"), view.within: w("waits.within", within=within(view, w))}
    title = title_in_time(view, w, subject, view.worst_day(subject))
    colours = dict(zip(names.values(), (BLUE, AMBER), strict=True))
    table = over_time(view, subject.scope, names, 100.0)
    drawing = charts.lines(table, colours, scale_of(view, w), w("waits.axis_within"), w.lang, STANDARD, (0.0, 100.0))
    return Chart(title, drawing)


def title_in_time(view: RunView, w: Words, subject: Subject, day: datetime) -> str:
    share = view.figure(view.within, subject.scope, day).mean
    return w("waits.chart_within", place=view.place(w, subject), day=w.day(day), share=w.percent(share),
             within=within(view, w))
