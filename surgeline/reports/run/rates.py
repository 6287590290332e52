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


def section(view: RunView, w: Words) -> Section | None:
    """Nothing where nobody called."""
    if not view.anybody(view.lead):
        return None
    day = view.worst_day(view.lead)
    table = by_city(view, w, day)
    shown = table.head(MOST_CITIES)
    pair = (Chart(title_rates(view, w, table, day), rates_chart(w, shown)),
            Chart(title_ratio(view, w, table, day), ratio_chart(w, shown)))
    title = w("rates.title") if len(view.scenario.cities) > 1 else w("rates.title_alone")
    return Section(title, lead(view, w, day), (Charts(pair, note(view, w, table)),))


def by_city(view: RunView, w: Words, day: datetime) -> pd.DataFrame:
    """Rates in percent, with their intervals, the lowest by caller first; cities that nobody called are left out."""
    rows = [row(view, w, key, day) for key in view.scenario.cities]
    table = pd.DataFrame([r for r in rows if not missing(r["dials"])])
    return table.sort_values(["callers", "dials"], ignore_index=True) if len(table) else pd.DataFrame(rows[:1])


def row(view: RunView, w: Words, key: str, day: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "city": places.city(view.scenario, w, key),
                                "lead": key in view.lead.cities and len(view.lead.cities) == 1}
    for name, metric in (("dials", "answer_rate_dials"), ("callers", "answer_rate_callers")):
        figure = view.figure(metric, f"city:{key}", day)
        low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
        found |= {name: 100 * figure.mean, f"{name}_low": 100 * low, f"{name}_high": 100 * high,
                  f"{name}_text": w.number_or_none(100 * figure.mean)}
    ratio = view.figure("dials_per_caller", f"city:{key}", day).mean
    return found | {"value": ratio, "text": w.ratio(ratio)}


def rates_chart(w: Words, table: pd.DataFrame) -> str:
    names = w("rates.by_dials"), w("rates.by_callers")
    return charts.dumbbells(table.drop(columns=["lead", "key", "value", "text"]), names, w("rates.axis_rate"))


def ratio_chart(w: Words, table: pd.DataFrame) -> str:
    return charts.ranked(table[["city", "value", "text", "lead"]], w("metrics.dials_per_caller"), w("rates.axis_ratio"))


def lead(view: RunView, w: Words, day: datetime) -> str:
    by_dials, by_callers, ratio = (view.figure(name, view.lead.scope, day).mean for name in
                                   ("answer_rate_dials", "answer_rate_callers", "dials_per_caller"))
    if missing(by_callers - by_dials):
        return ""
    gap = w("number.points", x=f"{100 * abs(by_callers - by_dials):.1f}")
    return w("rates.lead", day=w.day(day), place=view.place(w, view.lead), ratio=w.ratio(ratio), gap=gap)


def others(view: RunView, table: pd.DataFrame) -> pd.DataFrame:
    """The cities beside the one that the report is about."""
    return table[~table["lead"]] if table["lead"].any() else table.head(0)


def title_rates(view: RunView, w: Words, table: pd.DataFrame, day: datetime) -> str:
    rest, rates = others(view, table), [view.figure(name, view.lead.scope, day).mean
                                        for name in ("answer_rate_dials", "answer_rate_callers")]
    more = w("rates.chart_others", n=len(rest), range=whole_span(w, rest["callers"])) if len(rest) else ""
    return w("rates.chart_dials", day=w.day(day), place=view.place(w, view.lead),
             per_dials=w.per_hundred(rates[0]), per_callers=w.per_hundred(rates[1]), others=more)


def whole_span(w: Words, percents: pd.Series) -> str:
    return w.spread(f"{percents.min():.0f}", f"{percents.max():.0f}")


def title_ratio(view: RunView, w: Words, table: pd.DataFrame, day: datetime) -> str:
    rest, ratio = others(view, table), view.figure("dials_per_caller", view.lead.scope, day).mean
    more = w("rates.chart_ratio_others", n=len(rest),
             range=w.spread(w.ratio(rest["value"].min()), w.ratio(rest["value"].max()))) if len(rest) else ""
    return w("rates.chart_ratio", place=view.place(w, view.lead), ratio=w.ratio(ratio), others=more)


def note(view: RunView, w: Words, table: pd.DataFrame) -> str:
    said = [w("rates.note_bars")] if view.run.manifest.replications > 1 else []
    said += [w("rates.note_order")] if len(table) > 1 else []
    said += [w("rates.note_cut", n=len(table), shown=MOST_CITIES)] if len(table) > MOST_CITIES else []
    return " ".join(said) if w.lang == "en" else "".join(said)
