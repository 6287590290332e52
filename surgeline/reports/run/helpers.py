"""Who helped whom, and what another variant would change."""
from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from sim.measures.statistics import Figure
from surgeline.folders.run import Gain
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Bar, Block, Cell, Column, Kind, Section, Table
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.answer import everybody, lent
from surgeline.reports.run.seats_and_need import supply
from surgeline.reports.run.view import RunView

MOST_CITIES, MOST_HELPERS = 3, 14
COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("city", "short"), ("pool", "text"), ("kind", "text"), ("days", "short"), ("seats", "number"),
    ("per_seat", "number"), ("share", "number"), ("answered", "number"))


def section(view: RunView, w: Words) -> Section:
    table = helpers(view)
    blocks: list[Block] = [helpers_table(view, w, table)] if table["helper"].any() else []
    blocks += [gains_table(view, w)] if view.plans else []
    return Section(w("help.title"), lead(view, w, table), tuple(blocks))


def helpers(view: RunView) -> pd.DataFrame:
    """One row a pool and city that it helped, the most answers first, each city's own seats after its helpers."""
    return view.once("helpers", lambda: counted_helpers(view))


def counted_helpers(view: RunView) -> pd.DataFrame:
    table = pd.concat([of_city(view, key) for key in helped_cities(view)], ignore_index=True)
    order = {key: i for i, key in enumerate(helped_cities(view))}
    return table.sort_values(["city", "helper", "answered"], ascending=[True, False, False], ignore_index=True,
                             key=lambda column: column.map(order) if column.name == "city" else column)


def helped_cities(view: RunView) -> list[str]:
    """The cities in focus, then others by the help that they had."""
    table = view.run.helped.astype({"city": str, "kind": str, "home": str})
    table = table[(table["kind"] != "own") | (table["home"] != table["city"])]
    amount = table.groupby("city")["answered"].sum().sort_values(ascending=False)
    others = [str(city) for city, answered in amount.items() if answered >= 1]
    focus = [city for subject in view.subjects for city in subject.cities if len(subject.cities) == 1]
    return list(dict.fromkeys(focus + others)) or list(view.scenario.cities)[:1]


def of_city(view: RunView, city: str) -> pd.DataFrame:
    """The pools that answered a city's dials: answers, days, seats at most and seats by day added up. People whom the
    city brought in itself count as its own."""
    table = supply(view, (city,))
    helped = view.run.helped[view.run.helped["city"] == city].astype({"pool": str, "home": str})
    brought_in = helped[(helped["home"] == city) & (helped["kind"] == "volunteers")]["pool"].unique()
    table["own"] = (table["kind"] == "own") | table["pool"].isin(brought_in)
    by_day = table.groupby(["pool", "kind", "own", "day"], as_index=False)["seats"].max()
    by_day = by_day[by_day["seats"] > 0]
    seats = by_day.groupby(["pool", "kind", "own"], as_index=False).agg(
        first=("day", "min"), last=("day", "max"), seats=("seats", "max"), seat_days=("seats", "sum"))
    answered = helped.groupby("pool")["answered"].sum()
    answered_by = seats["pool"].map(answered).fillna(0.0)
    found: pd.DataFrame = seats.assign(city=city, helper=~seats["own"], answered=answered_by)
    return found[(found["answered"] >= 0.5) | found["own"]]


def lead(view: RunView, w: Words, table: pd.DataFrame) -> str:
    """What the helpers did for the place that the report is about."""
    here = table[table["city"].isin(view.lead.cities)]
    helped, own = here[here["helper"]], here[~here["helper"]]
    if helped.empty:
        return w("help.none") if not table["helper"].any() else ""
    share = view.figure("helpers_share", view.lead.scope).mean
    return w("help.lead", place=view.place(w, view.lead), n=w.count(helped["answered"].sum()),
             share=w.percent(share), per_seat=w.few(per_seat(helped)), own=w.few(per_seat(own)))


def per_seat(table: pd.DataFrame) -> float:
    days = float(table["seat_days"].sum())
    return float(table["answered"].sum()) / days if days else float("nan")


def helpers_table(view: RunView, w: Words, table: pd.DataFrame) -> Table:
    shown = largest_of(table, len(view.subjects) if view.has_surge else MOST_CITIES)
    of_city = table.groupby("city")["answered"].sum()
    most = max(float(table[table["helper"]]["answered"].max()), 1.0)
    rows = tuple(helper_row(view, w, row, float(of_city[row["city"]]), most) for row in shown.to_dict("records"))
    muted = frozenset(i for i, helper in enumerate(shown["helper"]) if not helper)
    left = int(table["helper"].sum() - shown["helper"].sum())
    note = w("help.note") + (w("help.left", n=left) if left else "")
    return Table(w("help.table"), tuple(Column(w(f"help.{name}"), kind) for name, kind in COLUMNS), rows, note, muted)


def largest_of(table: pd.DataFrame, cities: int) -> pd.DataFrame:
    """The helpers that answered the most in the first few cities, with those cities' own seats."""
    helped = table[table["city"].isin(table[table["helper"]]["city"])]
    helped = helped[helped["city"].isin(helped["city"].unique()[:cities])]
    place = helped.groupby(["city", "helper"], sort=False)["answered"].rank(ascending=False, method="first")
    return helped[(place <= MOST_HELPERS) | ~helped["helper"]]


def helper_row(view: RunView, w: Words, row: dict[Any, Any], total: float, largest: float) -> tuple[Cell, ...]:
    days = row["seat_days"]
    answered = w.exact(row["answered"])
    return (places.city(view.scenario, w, row["city"]), pool_name(view, w, row), w(f"kind.{row['kind']}"),
            span(w, row["first"], row["last"]), w.few(row["seats"]),
            w.few(row["answered"] / days if days else float("nan")),
            w.percent(row["answered"] / total if total else float("nan")),
            Bar(answered, row["answered"] / largest) if row["helper"] else answered)


def pool_name(view: RunView, w: Words, row: dict[Any, Any]) -> str:
    """Of lent seats the lender; otherwise the pool."""
    if row["kind"] == "lent":
        return places.pool(view.scenario, w, row["pool"]).partition("→")[0]
    return places.pool(view.scenario, w, row["pool"])


def span(w: Words, first: datetime, last: datetime) -> str:
    if first == last:
        return w.day_short(first)
    return w("number.span", start=w.day_short(first), end=w.day_short(last))


# --- variants --------------------------------------------------------------------------------------------------------

def gains_table(view: RunView, w: Words) -> Table:
    """The province first, then the cities in focus, then the lenders."""
    focus = w.cities([places.city(view.scenario, w, city) for city in view.scenario.surged()], 3)
    alone = len(view.scenario.surged()) == len(view.scenario.cities)
    columns = (Column(w("help.gain_variant")), Column(everybody(view, w), "number", w("help.gain_callers")),
               *(() if alone else (Column(focus, "number", w("help.gain_callers")),)),
               Column(w("help.gain_city", by=w(f"answer.by_{view.scenario.headline}")), "long"))
    rows = tuple(gain_row(view, w, one, alone) for one in view.plans)
    return Table(w("help.gains"), columns, rows, w("help.gains_note"))


def gain_row(view: RunView, w: Words, one: Gain, alone: bool) -> tuple[Cell, ...]:
    changes = (one.callers_answered_province, *(() if alone else (one.callers_answered,)))
    return (w.name(one.name), *(with_range(w, change) for change in changes), lenders(view, w, one))


def with_range(w: Words, figure: Figure) -> str:
    """A change with its interval."""
    if missing(figure.low):
        return w.change(figure.mean)
    return w("compare.within", value=w.change(figure.mean), low=w.change(figure.low), high=w.change(figure.high))


def lenders(view: RunView, w: Words, one: Gain) -> str:
    """Each lender's change in percentage points, the largest fall first."""
    found = sorted((lent(view, lender), lender.city) for lender in one.lenders
                   if not missing(lent(view, lender)))
    texts = [f"{places.city(view.scenario, w, city)} {w.points(change)}" for change, city in found]
    return w("number.points", x=w.list(texts)) if texts else w("help.gain_no_lender")
