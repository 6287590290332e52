"""Seats open to a city, whose they are, and how many the city needs."""
from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import numpy as np
import pandas as pd

from optimizer.staffing.need.formulas import seats_needed
from sim.scenario.scenario import Scenario
from sim.world.distributions import mean_s, table_ms
from surgeline.reports.run.view import HOUR, RunView

KINDS = ("own", "lent", "province", "operators", "volunteers", "cloud", "other")
STANDARD = 0.95  # GB/T 33358-2016
HALF_HOUR = timedelta(minutes=30)


def shares(view: RunView) -> pd.DataFrame:
    """Of each pool's answers of a day, the share of each city; where it answered nobody, its cities share alike."""
    table = view.run.helped.astype({"pool": str, "city": str, "home": str, "kind": str})
    of_pool = table.groupby(["day", "pool"])["answered"]
    total, number = of_pool.transform("sum"), of_pool.transform("size")
    return table.assign(share=np.where(total > 0, table["answered"] / total.where(total > 0, 1), 1 / number))


def weights(view: RunView, cities: tuple[str, ...]) -> pd.DataFrame:
    """What part of each pool counts for some cities on each day: ``seats`` of its seats, ``help`` of its answers."""
    table = shares(view)
    table = table[table["city"].isin(cities)]
    at_home = (table["kind"] == "own") & (table["home"] == table["city"])
    table = table.assign(seats=table["share"], help=table["share"].where(~at_home, 0.0), own=at_home)
    table = table.groupby(["day", "pool", "kind", "home"], as_index=False)[["seats", "help", "own"]].sum()
    table["seats"] = table["seats"].where(table["own"] == 0, 1.0)
    stranger = (table["kind"] == "own") & (table["own"] == 0)
    return table.assign(kind=table["kind"].where(~stranger, "other")).drop(columns=["own", "home"])


def supply(view: RunView, cities: tuple[str, ...]) -> pd.DataFrame:
    """One row an interval and pool: kind, seats and helpers' answers, as far as they are these cities'."""
    return view.once(("supply", cities), lambda: counted_supply(view, cities))


def counted_supply(view: RunView, cities: tuple[str, ...]) -> pd.DataFrame:
    part = weights(view, cities).rename(columns={"seats": "seats_part", "help": "help_part"})
    part["day"] = part["day"].astype("datetime64[us]")
    pools = view.run.pools[["start", "pool", "seats", "answered"]]
    pools = pools[pools["pool"].isin(part["pool"].unique())].astype({"pool": str})
    pools = pools.assign(day=pools["start"].dt.normalize().astype("datetime64[us]"))
    table = pools.merge(part, on=["day", "pool"], how="inner")
    return table.assign(seats=table["seats"] * table["seats_part"], helped=table["answered"] * table["help_part"])


def seats_by_step(view: RunView, cities: tuple[str, ...], step: timedelta) -> pd.DataFrame:
    """Mean seats open by kind, by the hour or by the day: a column a kind, and ``hour`` since the first midnight."""
    table = supply(view, cities)
    by_kind = table.pivot_table(index="start", columns="kind", values="seats", aggfunc="sum", fill_value=0.0)
    by_kind = by_kind.reindex(columns=[kind for kind in KINDS if kind in by_kind]).reset_index()
    hour = view.hours_since(by_kind["start"]) // (step / HOUR) * (step / HOUR)
    return by_kind.drop(columns="start").groupby(hour.rename("hour")).mean().reset_index()


def need_by_step(view: RunView, cities: tuple[str, ...], step: timedelta) -> pd.Series:
    """Seats that the cities' first dials need by the national standard, one city after another; hour is the index."""
    needs = [view.once(("need", city), partial(need_of_city, view, city)) for city in cities]
    total = needs[0].copy()
    for need in needs[1:]:
        total = total.add(need, fill_value=0)
    return total.groupby(total.index // (step / HOUR) * (step / HOUR)).mean()


def need_of_city(view: RunView, city: str) -> pd.Series:
    """Step by step, as the pages have it: 95 % answered within the threshold, if everybody dialled once."""
    return need_of(view, city, of_city(view, city), view.step)


def of_city(view: RunView, city: str) -> pd.DataFrame:
    return view.run.intervals[view.run.intervals["city"] == city]


def need_of(view: RunView, city: str, table: pd.DataFrame, step: timedelta) -> pd.Series:
    """The same for some intervals of a city."""
    hour = view.hours_since(table["start"]) // (step / HOUR) * (step / HOUR)
    of_class = {key: view.once(("handle", view.scenario.cities[city].handle_times.get(key), key),
                               partial(handle, view.scenario, city, key)) for key in view.scenario.classes}
    handle_s = table["class"].astype(str).map(of_class)
    callers = table["callers"] - table["callers_by_bot"]
    sums = pd.DataFrame({"callers": callers, "work_s": callers * handle_s}).groupby(hour.rename("hour")).sum()
    work_s = sums["work_s"].sum() / max(sums["callers"].sum(), 1e-9)
    calls = sums["work_s"] / work_s if work_s > 0 else sums["callers"] * 0
    within = max(float(view.scenario.answered_within), 0.001)
    need = seats_needed(calls.to_numpy(), max(work_s, 0.001), step.total_seconds(), STANDARD, within)
    return pd.Series(need, index=sums.index, dtype=float)


def handle(scenario: Scenario, city: str, klass: str) -> float:
    """Mean seconds of a seat's work for a city's call of a class."""
    talk, wrap_up = scenario.handle_times(city, klass)
    work = mean_s(table_ms(talk)) + (0.0 if isinstance(wrap_up, str) else mean_s(table_ms(wrap_up)))
    return work * float(scenario.classes[klass].handle_factor.get("own", 1.0))


def by_half_hour(view: RunView, city: str, start: datetime, end: datetime) -> pd.DataFrame:
    """Seats needed and open, dials and answers of a city from a moment to another, by the half hour (by the interval,
    where it is longer)."""
    step = max(HALF_HOUR, timedelta(seconds=view.scenario.horizon.interval_s))
    table = of_city(view, city)
    table = table[(table["start"] >= start) & (table["start"] < end)]
    calls = table.groupby(table["start"].dt.floor(step))[["dials", "answered"]].sum()
    seats = supply(view, (city,)).groupby("start", as_index=False)["seats"].sum()
    seats_open = seats.groupby(seats["start"].dt.floor(step))["seats"].mean()
    need = need_of(view, city, table, step)
    hours = view.hours_since(pd.Series(calls.index, index=calls.index))
    return pd.DataFrame({"need": hours.map(need).fillna(0.0), "open": seats_open.reindex(calls.index).fillna(0.0),
                         "dials": calls["dials"], "answered": calls["answered"]})
