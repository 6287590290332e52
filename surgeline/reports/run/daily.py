"""The daily count at 22:00, as the province's office keeps it."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.seats_and_need import supply
from surgeline.reports.run.view import RunView, Subject

CLOSE = timedelta(hours=22)
SUMS = ["dials", "callers", "answered", "callers_answered", "by_bot", "callers_by_bot", "wait_sum_s"]


def section(view: RunView, w: Words) -> Section:
    tables = tuple(table_of(view, w, subject) for subject in view.subjects)
    return Section(w("daily.title"), "", tables)


def office_day(moments: pd.Series) -> pd.Series:
    """The day in whose count an interval falls: what begins at 22:00 or later counts for the next."""
    return (moments + (timedelta(days=1) - CLOSE)).dt.normalize()


def closed(view: RunView, table: pd.DataFrame) -> pd.DataFrame:
    """Without what comes after the last count."""
    return table[table["day"] <= pd.Timestamp((view.end - timedelta(seconds=1)).date())]


def counts(view: RunView, subject: Subject) -> pd.DataFrame:
    """One row a day from 22:00 to 22:00: sums, rates, helpers, waits, and the change from the day before."""
    return view.once(("22:00", subject), lambda: counted(view, subject))


def counted(view: RunView, subject: Subject) -> pd.DataFrame:
    table = view.counts[view.counts["city"].isin(subject.cities)]
    table = table.assign(day=office_day(table["start"]))
    hours = view.scenario.horizon.interval_s / 3600
    daily = table.groupby("day")[SUMS].sum()
    daily["hours"] = table.groupby("day")["start"].nunique() * hours
    daily = daily.join(help_of(view, subject)).fillna({"helped": 0.0, "helpers_seats": 0.0})
    daily = daily.join(in_time(view, subject, table)).reset_index()
    return compared(closed(view, daily))


def help_of(view: RunView, subject: Subject) -> pd.DataFrame:
    """Helpers' answers and the most of their seats that were open at one time, by day from 22:00 to 22:00."""
    table = supply(view, subject.cities).drop(columns="day")
    guests = table[table["kind"] != "own"]
    seats = guests.groupby("start")["seats"].sum().rename("seats").reset_index()
    most = seats.groupby(office_day(seats["start"]))["seats"].max()
    helped = table.groupby(office_day(table["start"]))["helped"].sum()
    return pd.DataFrame({"helped": helped, "helpers_seats": most}).rename_axis("day")


def in_time(view: RunView, subject: Subject, table: pd.DataFrame) -> pd.Series:
    """The share answered within the threshold: the intervals' shares, weighted with their dials."""
    rows = view.run.by_interval(subject.scope, view.within)
    share = table["start"].map(rows.set_index("from")["mean"]).astype(float)
    weight = (table["dials"] - table["by_bot"]).where(share.notna(), 0.0)
    total = weight.groupby(table["day"]).sum()
    return ((share.fillna(0) * weight).groupby(table["day"]).sum() / total.where(total > 0)).rename("within")


def compared(daily: pd.DataFrame) -> pd.DataFrame:
    asked, people = daily["dials"] - daily["by_bot"], daily["callers"] - daily["callers_by_bot"]
    daily = daily.assign(rate_dials=daily["answered"] / asked.where(asked > 0),
                         rate_callers=daily["callers_answered"] / people.where(people > 0),
                         wait=daily["wait_sum_s"] / daily["answered"].where(daily["answered"] > 0))
    whole = (daily["hours"] >= 24) & (daily["hours"].shift() >= 24)
    return daily.assign(dials_change=daily["dials"].pct_change(fill_method=None).where(whole),
                        rate_dials_change=daily["rate_dials"].diff(),
                        rate_callers_change=daily["rate_callers"].diff())


def columns(view: RunView, w: Words) -> tuple[Column, ...]:
    within = w.duration(float(view.scenario.answered_within))
    groups = {"dials": "dials", "dials_change": "dials", "callers": "dials", "answered": "answered",
              "callers_answered": "answered", "rate_dials": "rates", "rate_dials_change": "rates",
              "rate_callers": "rates", "rate_callers_change": "rates", "helpers_answered": "help",
              "helpers_seats": "help", "wait": "waits", "within": "waits"}
    found = [Column(w(f"daily.{name}", within=within), "number", w(f"daily.group_{group}"))
             for name, group in groups.items()]
    return (Column(w("daily.day"), "short"), *found)


def table_of(view: RunView, w: Words, subject: Subject) -> Table:
    daily = counts(view, subject)
    rows = tuple(row(w, one) for one in daily.to_dict("records"))
    title = w("daily.table", place=view.place(w, subject))
    return Table(title, columns(view, w), rows, note(view, w, subject, daily), small=True)


def row(w: Words, one: dict[Any, Any]) -> tuple[Cell, ...]:
    day = w.day_short(one["day"])
    day = day if one["hours"] >= 24 else w("daily.part", day=day, hours=f"{one['hours']:g}")
    return (day, w.exact(one["dials"]), change(w, one["dials_change"]), w.exact(one["callers"]),
            w.exact(one["answered"]), w.exact(one["callers_answered"]), w.percent(one["rate_dials"]),
            w.points(one["rate_dials_change"]), w.percent(one["rate_callers"]), w.points(one["rate_callers_change"]),
            w.exact(one["helped"]), w.few(one["helpers_seats"]), w.few(one["wait"]), w.percent(one["within"]))


def change(w: Words, share: float) -> str:
    if missing(share):
        return w("number.none")
    text = w.percent(share, 0)
    return f"+{text}" if share > 0 else text


def note(view: RunView, w: Words, subject: Subject, daily: pd.DataFrame) -> str:
    total = float(view.counts[view.counts["city"].isin(subject.cities)]["dials"].sum())
    left = total - float(daily["dials"].sum())
    rest = w("daily.rest", n=w.exact(left)) if left >= 0.5 else ""
    return w("daily.note", within=w.duration(float(view.scenario.answered_within)), rest=rest)
