"""Answer rates by dial and by caller, city by city, and why they differ."""
from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from surgeline.reports.page import charts, places
from surgeline.reports.page.blocks import Chart, Charts, Section
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.view import RunView

MOST_CITIES = 24


def section(b: RunView, w: Words) -> Section | None:
    """Nothing where nobody called."""
    if not b.anybody(b.lead):
        return None
    day = b.worst_day(b.lead)
    table = by_city(b, w, day)
    shown = table.head(MOST_CITIES)
    pair = (Chart(title_rates(b, w, table, day), rates_chart(w, shown)),
            Chart(title_ratio(b, w, table, day), ratio_chart(w, shown)))
    title = w("rates.title") if len(b.scenario.cities) > 1 else w("rates.title_alone")
    return Section(title, lead(b, w, day), (Charts(pair, note(b, w, table)),))


def by_city(b: RunView, w: Words, day: datetime) -> pd.DataFrame:
    """Rates in percent, with their intervals, the lowest by caller first; cities that nobody called are left out."""
    rows = [row(b, w, key, day) for key in b.scenario.cities]
    table = pd.DataFrame([r for r in rows if not missing(r["dials"])])
    return table.sort_values(["callers", "dials"], ignore_index=True) if len(table) else pd.DataFrame(rows[:1])


def row(b: RunView, w: Words, key: str, day: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "city": places.city(b.scenario, w, key),
                                "lead": key in b.lead.cities and len(b.lead.cities) == 1}
    for name, metric in (("dials", "answer_rate_dials"), ("callers", "answer_rate_callers")):
        figure = b.figure(metric, f"city:{key}", day)
        low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
        found |= {name: 100 * figure.mean, f"{name}_low": 100 * low, f"{name}_high": 100 * high,
                  f"{name}_text": w.number_or_none(100 * figure.mean)}
    ratio = b.figure("dials_per_caller", f"city:{key}", day).mean
    return found | {"value": ratio, "text": w.ratio(ratio)}


def rates_chart(w: Words, table: pd.DataFrame) -> str:
    names = w("rates.by_dials"), w("rates.by_callers")
    return charts.dumbbells(table.drop(columns=["lead", "key", "value", "text"]), names, w("rates.axis_rate"))


def ratio_chart(w: Words, table: pd.DataFrame) -> str:
    return charts.ranked(table[["city", "value", "text", "lead"]], w("metrics.dials_per_caller"), w("rates.axis_ratio"))


def lead(b: RunView, w: Words, day: datetime) -> str:
    by_dials, by_callers, ratio = (b.figure(name, b.lead.scope, day).mean for name in
                                   ("answer_rate_dials", "answer_rate_callers", "dials_per_caller"))
    if missing(by_callers - by_dials):
        return ""
    gap = w("number.points", x=f"{100 * abs(by_callers - by_dials):.1f}")
    return w("rates.lead", day=w.day(day), place=b.place(w, b.lead), ratio=w.ratio(ratio), gap=gap)


def others(b: RunView, table: pd.DataFrame) -> pd.DataFrame:
    """The cities beside the one that the report is about."""
    return table[~table["lead"]] if table["lead"].any() else table.head(0)


def title_rates(b: RunView, w: Words, table: pd.DataFrame, day: datetime) -> str:
    rest, rates = others(b, table), [b.figure(name, b.lead.scope, day).mean
                                     for name in ("answer_rate_dials", "answer_rate_callers")]
    more = w("rates.chart_others", n=len(rest), range=whole_span(w, rest["callers"])) if len(rest) else ""
    return w("rates.chart_dials", day=w.day(day), place=b.place(w, b.lead),
             per_dials=w.per_hundred(rates[0]), per_callers=w.per_hundred(rates[1]), others=more)


def whole_span(w: Words, percents: pd.Series) -> str:
    return w.spread(f"{percents.min():.0f}", f"{percents.max():.0f}")


def title_ratio(b: RunView, w: Words, table: pd.DataFrame, day: datetime) -> str:
    rest, ratio = others(b, table), b.figure("dials_per_caller", b.lead.scope, day).mean
    more = w("rates.chart_ratio_others", n=len(rest),
             range=w.spread(w.ratio(rest["value"].min()), w.ratio(rest["value"].max()))) if len(rest) else ""
    return w("rates.chart_ratio", place=b.place(w, b.lead), ratio=w.ratio(ratio), others=more)


def note(b: RunView, w: Words, table: pd.DataFrame) -> str:
    said = [w("rates.note_bars")] if b.run.manifest.replications > 1 else []
    said += [w("rates.note_order")] if len(table) > 1 else []
    said += [w("rates.note_cut", n=len(table), shown=MOST_CITIES)] if len(table) > MOST_CITIES else []
    return " ".join(said) if w.lang == "en" else "".join(said)
