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


def section(b: RunView, w: Words) -> Section:
    if not b.called:
        return Section(w("flow.title"), lead(b, w))
    *blocks, last = [block for subject in b.called for block in of_subject(b, w, subject)]
    return Section(w("flow.title"), lead(b, w), (*blocks, Charts(last.charts, w("flow.note"))))


def lead(b: RunView, w: Words) -> str:
    """How many dialled, and what became of every dial."""
    period, place = w.period(b.start, b.end), b.place(w, b.lead)
    if not b.anybody(b.lead):
        return w("flow.nobody", period=period, place=place)
    dials, callers, ratio = (b.figure(name, b.lead.scope).mean for name in ("dials", "callers", "dials_per_caller"))
    return w("flow.lead", period=period, place=place, dials=w.count(dials), callers=w.count(callers),
             ratio=w.ratio(ratio), ends=ends(b, w))


def ends(b: RunView, w: Words) -> str:
    """What became of the dials, in shares that add up to the whole."""
    found = zip(DIALS, thousandths(shares(b)), strict=True)
    return w.list([w("flow.end", what=w(f"outcome.{key}"), share=w.percent(share / 1000))
                   for key, share in found if share or key == "answered"])


def shares(b: RunView) -> list[float]:
    """Of all dials, in the order of DIALS: where no bot answers, the metrics that other sentences tell."""
    total = b.of_days(b.lead.cities).sum()
    if total["by_bot"] > 0:
        return [float(total[key]) for key in DIALS]
    answered, abandoned, blocked = (b.figure(name, b.lead.scope).mean
                                    for name in ("answer_rate_dials", "abandoned_share", "blocked_share"))
    return [answered, 0.0, abandoned, blocked, max(1 - answered - abandoned - blocked, 0.0)]


def thousandths(parts: Sequence[float]) -> list[int]:
    """Parts of a whole in thousandths that add up to it: those with the largest remainders are rounded up."""
    exact = [1000 * part / sum(parts) for part in parts]
    whole = [math.floor(x) for x in exact]
    up = sorted(range(len(parts)), key=lambda i: whole[i] - exact[i])[:1000 - sum(whole)]
    return [n + (i in up) for i, n in enumerate(whole)]


def of_subject(b: RunView, w: Words, subject: Subject) -> list[Charts]:
    """The whole time, then the hours of the worst day."""
    pairs = [Charts((day_by_hour(b, w, subject, "dials"), day_by_hour(b, w, subject, "callers")))]
    if len(b.days) > 1:
        pairs.insert(0, Charts((overview(b, w, subject, "dials"), overview(b, w, subject, "callers"))))
    return pairs


def overview(b: RunView, w: Words, subject: Subject, of: str) -> Chart:
    step = b.step if b.hourly else DAY
    title = peak(w, "days", of, subject, b.by_step(subject.cities, DAY), b)
    table = ranged(b.by_step(subject.cities, step), step)
    unit = "hour" if b.hourly else "day"
    return Chart(title, drawing(w, table, of, days_scale(b, w), unit))


def day_by_hour(b: RunView, w: Words, subject: Subject, of: str) -> Chart:
    day = b.worst_day(subject)
    table = within(b, b.by_step(subject.cities, b.step), day)
    title = peak(w, "hours", of, subject, table, b)
    return Chart(title, drawing(w, ranged(table, b.step), of, hours_scale(b, w, day), "hour"))


def within(b: RunView, table: pd.DataFrame, day: datetime) -> pd.DataFrame:
    """The rows of a day."""
    first = b.hour_of(datetime.combine(day.date(), datetime.min.time()))
    return table[(table["hour"] >= first) & (table["hour"] < first + 24)]


def ranged(table: pd.DataFrame, step: timedelta) -> pd.DataFrame:
    """Each row with the hours at which its bar begins and ends."""
    return table.assign(x=table["hour"], x2=table["hour"] + step / HOUR)


def peak(w: Words, by: str, of: str, subject: Subject, table: pd.DataFrame, b: RunView) -> str:
    """The sentence over a chart: when most came, and how many of them were answered."""
    top = table.iloc[int(table[of].argmax())]
    at = b.moment(float(top["hour"]))
    day = next(day for day in b.days if day.date() == at.date())
    rate = b.figure(f"answer_rate_{of}", subject.scope, day).mean if by == "days" else rate_of(top, of)
    return w(f"flow.{by}_{of}", place=b.place(w, subject), day=w.day(at), hour=w.hour(at),
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


def hours_scale(b: RunView, w: Words, day: datetime) -> Scale:
    """The 24 hours of a day."""
    first = b.hour_of(datetime.combine(day.date(), datetime.min.time()))
    labels = {first + hour: w("number.hour_short", hour=hour) for hour in range(0, 24, 3)}
    return Scale(first, first + 24, labels)


def days_scale(b: RunView, w: Words) -> Scale:
    """The days of the horizon, each named in its middle."""
    number = len(b.days)
    every = -(-number // MOST_DAY_LABELS)
    labels = {24.0 * k + 12: w.day_short(b.days[k]) for k in range(every // 2, number, every)}
    rules = tuple(24.0 * k for k in range(1, number)) if number <= 2 * MOST_DAY_LABELS else ()
    return Scale(0.0, 24.0 * number, labels, rules, ticks=False)
