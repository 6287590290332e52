"""Seats open, own and helpers', against the seats that a city needs."""
from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Chart, Charts, Section
from surgeline.reports.page.charts import Scale
from surgeline.reports.page.words import Words
from surgeline.reports.run.flow import DAY, days_scale, hours_scale, within
from surgeline.reports.run.seats_and_need import KINDS, need_by_step, seats_by_step
from surgeline.reports.run.view import HOUR, RunView, Subject

A_SEAT, MUCH = 1.0, 0.1  # a seat, and the part of what is needed, that is worth a sentence


def section(view: RunView, w: Words) -> Section:
    *pairs, last = [pair(view, w, subject) for subject in view.subjects]
    return Section(w("seats.title"), "", (*map(Charts, pairs), Charts(last, w("seats.note"))))


def pair(view: RunView, w: Words, subject: Subject) -> tuple[Chart, ...]:
    day = day_chart(view, w, subject)
    return (overview(view, w, subject), day) if len(view.days) > 1 else (day,)


def table_of(view: RunView, subject: Subject, step: timedelta) -> pd.DataFrame:
    """Seats by kind, ``open`` together, and ``need``, with where each bar begins and ends."""
    return view.once(("seats", subject, step), lambda: counted_seats(view, subject, step))


def counted_seats(view: RunView, subject: Subject, step: timedelta) -> pd.DataFrame:
    table = seats_by_step(view, subject.cities, step)
    table["open"] = table[[kind for kind in KINDS if kind in table]].sum(axis=1)
    table["need"] = table["hour"].map(need_by_step(view, subject.cities, step)).fillna(0.0)
    return table.assign(x=table["hour"], x2=table["hour"] + step / HOUR)


def drawing(w: Words, table: pd.DataFrame, scale: Scale, title: str) -> str:
    names = {kind: w(f"kind.{kind}") for kind in KINDS if kind in table and (table[kind].sum() >= 0.5 or kind == "own")}
    line = pd.DataFrame({"x": [*table["x"], table["x2"].iloc[-1]], "y": [*table["need"], table["need"].iloc[-1]]})
    return charts.stacked(table[["x", "x2", *names]], names, scale, title, w.lang, line, w("seats.need"))


def overview(view: RunView, w: Words, subject: Subject) -> Chart:
    """The whole time: how often there were too few."""
    step = view.step if view.hourly else DAY
    table = table_of(view, subject, step)
    short = int((table["need"] > table["open"]).sum())
    key = ("all" if view.hourly else "days") if short else ("enough" if view.hourly else "days_enough")
    title = w(f"seats.chart_{key}", place=view.place(w, subject), all=len(table), short=short)
    axis = w("seats.axis_hour" if view.hourly else "seats.axis_day")
    return Chart(title, drawing(w, table, days_scale(view, w), axis))


def day_chart(view: RunView, w: Words, subject: Subject) -> Chart:
    """The worst day: the hour that lacked the most."""
    day = view.worst_day(subject)
    table = within(view, table_of(view, subject, view.step), day)
    return Chart(title_of(view, w, subject, table, day),
                 drawing(w, table, hours_scale(view, w, day), w("seats.axis_hour")))


def shortest(table: pd.DataFrame) -> pd.Series:
    """The step that lacks the most seats."""
    return table.iloc[int((table["need"] - table["open"]).argmax())]


def shortage(view: RunView, w: Words, subject: Subject) -> str:
    """A sentence on the hour that lacks the most seats in the time that is told; nothing where all have enough."""
    start, end = view.told(subject)
    table = table_of(view, subject, view.step)
    if start is not None:
        table = within(view, table, start) if end is None else table[table["hour"].between(
            view.hour_of(start), view.hour_of(end), inclusive="left")]
    if table.empty:
        return ""
    worst = shortest(table)
    if worst["need"] - worst["open"] < max(A_SEAT, MUCH * worst["need"]):
        return ""
    at = view.moment(float(worst["hour"]))
    return w("seats.shortage", place=view.place(w, subject), day=w.day(at), hour=w.hour(at),
             within=w.duration(float(view.scenario.answered_within)), need=w.few(worst["need"]),
             open=w.few(worst["open"]), short=w.few(round(worst["need"], 1) - round(worst["open"], 1)))


def title_of(view: RunView, w: Words, subject: Subject, table: pd.DataFrame, day: datetime) -> str:
    worst = shortest(table)
    helpers = worst["open"] - worst.get("own", 0.0)
    help_ = w("seats.chart_help", n=w.few(helpers)) if helpers >= 0.5 else ""
    return w("seats.chart_day", place=view.place(w, subject), day=w.day(day),
             hour=w.hour(view.moment(float(worst["hour"]))), need=w.few(worst["need"]), open=w.few(worst["open"]),
             help=help_)
