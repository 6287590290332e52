"""Dials and callers over time, and what became of them."""
from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from surgeline.reports import charts, places
from surgeline.reports.blocks import Chart, Charts, Section
from surgeline.reports.briefing import HOUR, Briefing, Subject
from surgeline.reports.charts import Scale
from surgeline.reports.words import Words

DAY = timedelta(days=1)
MOST_DAY_LABELS = 8
DIALS = ("answered", "by_bot", "abandoned", "blocked", "waiting_at_end")
CALLERS = ("callers_answered", "callers_by_bot", "callers_diverted", "callers_lost", "callers_open")


def section(b: Briefing, w: Words) -> Section:
    *blocks, last = [block for subject in b.subjects for block in of_subject(b, w, subject)]
    return Section(w("flow.title"), lead(b, w), (*blocks, Charts(last.charts, w("flow.note"))))


def lead(b: Briefing, w: Words) -> str:
    scope = b.lead.scope
    mean = {name: b.figure(name, scope).mean
            for name in ("dials", "callers", "dials_per_caller", "blocked_share", "abandoned_share")}
    return w("flow.lead", period=w.period(b.start, b.end), place=places.subject(b, w, b.lead),
             dials=w.count(mean["dials"]), callers=w.count(mean["callers"]), ratio=w.ratio(mean["dials_per_caller"]),
             blocked=w.percent(mean["blocked_share"]), abandoned=w.percent(mean["abandoned_share"]))


def of_subject(b: Briefing, w: Words, subject: Subject) -> list[Charts]:
    """The whole time, then the hours of the worst day."""
    pairs = [Charts((day_by_hour(b, w, subject, "dials"), day_by_hour(b, w, subject, "callers")))]
    if len(b.days) > 1:
        pairs.insert(0, Charts((overview(b, w, subject, "dials"), overview(b, w, subject, "callers"))))
    return pairs


def overview(b: Briefing, w: Words, subject: Subject, of: str) -> Chart:
    step = b.step if b.hourly else DAY
    title = peak(w, "days", of, places.subject(b, w, subject), b.by_step(subject.cities, DAY), b)
    table = ranged(b.by_step(subject.cities, step), step)
    unit = "hour" if b.hourly else "day"
    return Chart(title, drawing(w, table, of, days_scale(b, w), unit))


def day_by_hour(b: Briefing, w: Words, subject: Subject, of: str) -> Chart:
    day = b.worst_day(subject)
    table = within(b, b.by_step(subject.cities, b.step), day)
    title = peak(w, "hours", of, places.subject(b, w, subject), table, b)
    return Chart(title, drawing(w, ranged(table, b.step), of, hours_scale(b, w, day), "hour"))


def within(b: Briefing, table: pd.DataFrame, day: datetime) -> pd.DataFrame:
    """The rows of a day."""
    first = b.hour_of(datetime.combine(day.date(), datetime.min.time()))
    return table[(table["hour"] >= first) & (table["hour"] < first + 24)]


def ranged(table: pd.DataFrame, step: timedelta) -> pd.DataFrame:
    """Each row with the hours at which its bar begins and ends."""
    return table.assign(x=table["hour"], x2=table["hour"] + step / HOUR)


def peak(w: Words, by: str, of: str, place: str, table: pd.DataFrame, b: Briefing) -> str:
    """The sentence over a chart: when most came, and how many of them were answered."""
    top = table.loc[table[of].idxmax()]
    answered, bot = ("answered", "by_bot") if of == "dials" else ("callers_answered", "callers_by_bot")
    asked = top[of] - top[bot]
    at = b.moment(float(top["hour"]))
    return w(f"flow.{by}_{of}", place=place, day=w.day(at), hour=w.hour(at), n=w.count(top[of]),
             rate=w.percent(top[answered] / asked if asked > 0 else float("nan")))


def drawing(w: Words, table: pd.DataFrame, of: str, scale: Scale, unit: str) -> str:
    """Bars of what became of dials or callers; what never happened is not in the legend."""
    names = {key: w(f"outcome.{key}") for key in outcomes(table, of)}
    return charts.stacked(table[["x", "x2", *names]], names, scale, w(f"flow.axis_{of}_{unit}"), w.lang)


def outcomes(table: pd.DataFrame, of: str) -> list[str]:
    """What became of dials or callers, in the order of the bars."""
    first, *others = DIALS if of == "dials" else CALLERS
    return [first, *(key for key in others if table[key].sum() >= 0.5)]


def hours_scale(b: Briefing, w: Words, day: datetime) -> Scale:
    """The 24 hours of a day."""
    first = b.hour_of(datetime.combine(day.date(), datetime.min.time()))
    labels = {first + hour: w("number.hour_short", hour=hour) for hour in range(0, 24, 3)}
    return Scale(first, first + 24, labels)


def days_scale(b: Briefing, w: Words) -> Scale:
    """The days of the horizon, each named in its middle."""
    number = len(b.days)
    every = -(-number // MOST_DAY_LABELS)
    labels = {24.0 * k + 12: w.day_short(b.days[k]) for k in range(every // 2, number, every)}
    rules = tuple(24.0 * k for k in range(1, number)) if number <= 2 * MOST_DAY_LABELS else ()
    return Scale(0.0, 24.0 * number, labels, rules, ticks=False)
