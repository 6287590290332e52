"""Dials and callers over time, and what became of them."""
from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import pandas as pd

from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Chart, Charts, Section
from surgeline.reports.page.charts import Scale
from surgeline.reports.page.words import Words
from surgeline.reports.run.view import HOUR, RunView, Subject

DAY = timedelta(days=1)
MOST_DAY_LABELS = 8
DIALS = ("answered", "by_bot", "abandoned", "blocked", "waiting_at_end")
CALLERS = ("callers_answered", "callers_by_bot", "callers_diverted", "callers_lost", "callers_open")


def section(view: RunView, w: Words) -> Section:
    if not view.called:
        return Section(w("flow.title"), lead(view, w))
    *blocks, last = [block for subject in view.called for block in of_subject(view, w, subject)]
    return Section(w("flow.title"), lead(view, w), (*blocks, Charts(last.charts, w("flow.note"))))


def lead(view: RunView, w: Words) -> str:
    """How many dialled, and what became of every dial."""
    period, place = w.period(view.start, view.end), view.place(w, view.lead)
    if not view.anybody(view.lead):
        return w("flow.nobody", period=period, place=place)
    dials, callers, ratio = (view.figure(name, view.lead.scope).mean
                             for name in ("dials", "callers", "dials_per_caller"))
    return w("flow.lead", period=period, place=place, dials=w.count(dials), callers=w.count(callers),
             ratio=w.ratio(ratio), ends=ends(view, w))


def ends(view: RunView, w: Words) -> str:
    """What became of the dials, in shares that add up to the whole."""
    found = zip(DIALS, thousandths(shares(view)), strict=True)
    return w.list([w("flow.end", what=w(f"outcome.{key}"), share=w.percent(share / 1000))
                   for key, share in found if share or key == "answered"])


def shares(view: RunView) -> list[float]:
    """Of all dials, in the order of DIALS: where no bot answers, the metrics that other sentences tell."""
    total = view.of_days(view.lead.cities).sum()
    if total["by_bot"] > 0:
        return [float(total[key]) for key in DIALS]
    answered, abandoned, blocked = (view.figure(name, view.lead.scope).mean
                                    for name in ("answer_rate_dials", "abandoned_share", "blocked_share"))
    return [answered, 0.0, abandoned, blocked, max(1 - answered - abandoned - blocked, 0.0)]


def thousandths(parts: Sequence[float]) -> list[int]:
    """Parts of a whole in thousandths that add up to it: those with the largest remainders are rounded up."""
    exact = [1000 * part / sum(parts) for part in parts]
    whole = [math.floor(x) for x in exact]
    up = sorted(range(len(parts)), key=lambda i: whole[i] - exact[i])[:1000 - sum(whole)]
    return [n + (i in up) for i, n in enumerate(whole)]


def of_subject(view: RunView, w: Words, subject: Subject) -> list[Charts]:
    """The whole time, then the hours of the worst day."""
    pairs = [Charts((day_by_hour(view, w, subject, "dials"), day_by_hour(view, w, subject, "callers")))]
    if len(view.days) > 1:
        pairs.insert(0, Charts((overview(view, w, subject, "dials"), overview(view, w, subject, "callers"))))
    return pairs


def overview(view: RunView, w: Words, subject: Subject, of: str) -> Chart:
    step = view.step if view.hourly else DAY
    title = peak(w, "days", of, subject, view.by_step(subject.cities, DAY), view)
    table = ranged(view.by_step(subject.cities, step), step)
    unit = "hour" if view.hourly else "day"
    return Chart(title, drawing(w, table, of, days_scale(view, w), unit))


def day_by_hour(view: RunView, w: Words, subject: Subject, of: str) -> Chart:
    day = view.worst_day(subject)
    table = within(view, view.by_step(subject.cities, view.step), day)
    title = peak(w, "hours", of, subject, table, view)
    return Chart(title, drawing(w, ranged(table, view.step), of, hours_scale(view, w, day), "hour"))


def within(view: RunView, table: pd.DataFrame, day: datetime) -> pd.DataFrame:
    """The rows of a day."""
    first = view.hour_of(datetime.combine(day.date(), datetime.min.time()))
    return table[(table["hour"] >= first) & (table["hour"] < first + 24)]


def ranged(table: pd.DataFrame, step: timedelta) -> pd.DataFrame:
    """Each row with the hours at which its bar begins and ends."""
    return table.assign(x=table["hour"], x2=table["hour"] + step / HOUR)


def peak(w: Words, by: str, of: str, subject: Subject, table: pd.DataFrame, view: RunView) -> str:
    """The sentence over a chart: when most came, and how many of them were answered."""
    top = table.iloc[int(table[of].argmax())]
    at = view.moment(float(top["hour"]))
    day = next(day for day in view.days if day.date() == at.date())
    rate = view.figure(f"answer_rate_{of}", subject.scope, day).mean if by == "days" else rate_of(top, of)
    return w(f"flow.{by}_{of}", place=view.place(w, subject), day=w.day(at), hour=w.hour(at),
             n=w.count(top[of]), rate=w.percent(rate))


def rate_of(row: pd.Series, of: str) -> float:
    """How many of the dials or the people of a row were answered, the bot's left out."""
    answered, bot = ("answered", "by_bot") if of == "dials" else ("callers_answered", "callers_by_bot")
    asked = row[of] - row[bot]
    return float(row[answered] / asked) if asked > 0 else float("nan")


def drawing(w: Words, table: pd.DataFrame, of: str, scale: Scale, unit: str) -> str:
    """Bars of what became of dials or callers; what never happened is not in the legend."""
    names = {key: w(f"outcome.{key}") for key in outcomes(table, of)}
    return charts.stacked(table[["x", "x2", *names]], names, scale, w(f"flow.axis_{of}_{unit}"), w.lang)


def outcomes(table: pd.DataFrame, of: str) -> list[str]:
    """What became of dials or callers, in the order of the bars."""
    first, *others = DIALS if of == "dials" else CALLERS
    return [first, *(key for key in others if table[key].sum() >= 0.5)]


def hours_scale(view: RunView, w: Words, day: datetime) -> Scale:
    """The 24 hours of a day."""
    first = view.hour_of(datetime.combine(day.date(), datetime.min.time()))
    labels = {first + hour: w("number.hour_short", hour=hour) for hour in range(0, 24, 3)}
    return Scale(first, first + 24, labels)


def days_scale(view: RunView, w: Words) -> Scale:
    """The days of the horizon, each named in its middle."""
    number = len(view.days)
    every = -(-number // MOST_DAY_LABELS)
    labels = {24.0 * k + 12: w.day_short(view.days[k]) for k in range(every // 2, number, every)}
    rules = tuple(24.0 * k for k in range(1, number)) if number <= 2 * MOST_DAY_LABELS else ()
    return Scale(0.0, 24.0 * number, labels, rules, ticks=False)
