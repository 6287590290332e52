"""The province hour by hour, as small maps of tiles."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import pandas as pd

from surgeline.reports.page import charts, places, svg
from surgeline.reports.page.blocks import Chart, Charts, Section
from surgeline.reports.page.charts import FULL, INK, NO_CALLS, RATE_COLOURS, RATE_INK, RATES, Tile, rate_class
from surgeline.reports.page.svg import Point
from surgeline.reports.page.words import Words, missing
from surgeline.reports.run.flow import within
from surgeline.reports.run.view import RunView

MAPS, MOST_A_ROW = 8, 4
READABLE = 11.5  # type smaller than this calls for larger maps: on paper it would be under seven points
GAP, HEAD, TILE_HEIGHT, WIDEST_TILE = 16.0, 22.0, 36.0, 90.0


def section(view: RunView, w: Words) -> Section | None:
    """Nothing where there is but one city, or nobody called."""
    if len(view.scenario.cities) < 2 or not view.anybody(view.lead):
        return None
    day = view.worst_day(view.lead)
    rates = view.once(("rates by hour", day), lambda: rates_of(view, day))
    chart = Chart(title(view, w, rates), drawing(view, w, rates), wide=True)
    return Section(w("map.title"), "", (Charts((chart,), w(f"map.by_{view.scenario.headline}")),))


def rates_of(view: RunView, day: datetime) -> pd.DataFrame:
    """The answer rate of each city in each of the hours shown: hour, city, rate."""
    answered, asked, bot = ("callers_answered", "callers", "callers_by_bot") if view.by_callers \
        else ("answered", "dials", "by_bot")
    parts = []
    for city in view.scenario.cities:
        table = within(view, view.by_step((city,), view.step), day)
        whole = table[asked] - table[bot]
        parts.append(pd.DataFrame({"hour": table["hour"], "city": city,
                                   "rate": (table[answered] / whole.where(whole > 0)).astype(float)}))
    table = pd.concat(parts, ignore_index=True)
    return table[table["hour"].isin(hours_shown(sorted(table["hour"].unique())))]


def hours_shown(hours: Sequence[float]) -> list[float]:
    """Every third hour of a day, from midnight; if there are few, all."""
    if len(hours) <= MAPS:
        return list(hours)
    third = [hour for hour in hours if hour % 3 == 0]
    return third[:MAPS]


def title(view: RunView, w: Words, rates: pd.DataFrame) -> str:
    """The lowest tile, and the others of that hour."""
    there = rates.dropna(subset="rate")
    if there.empty:
        return w("map.empty")
    lowest = there.iloc[int(there["rate"].argmin())]
    at = view.moment(float(lowest["hour"]))
    rest = there[(there["hour"] == lowest["hour"]) & (there["city"] != lowest["city"])]["rate"]
    others = w("map.chart_others", n=len(rest), range=w.spread(f"{100 * rest.min():.0f}", f"{100 * rest.max():.0f}"))
    return w("map.chart", by=w(f"answer.by_{view.scenario.headline}"), day=w.day(at), hour=w.hour(at),
             city=places.city(view.scenario, w, lowest["city"]),
             rate=w.percent(lowest["rate"]), others=others if len(rest) else "")


def grid(view: RunView) -> dict[str, tuple[int, int]]:
    """Column and row of each city; in their order, if two claim the same place."""
    cities = view.scenario.cities
    found = {key: city.tile for key, city in cities.items()}
    if len(set(found.values())) < len(found):
        side = max(2, round(len(cities) ** 0.5))
        found = {key: (i % side, i // side) for i, key in enumerate(cities)}
    left, top = min(c for c, _ in found.values()), min(r for _, r in found.values())
    return {key: (c - left, r - top) for key, (c, r) in found.items()}


def drawing(view: RunView, w: Words, rates: pd.DataFrame) -> str:
    hours, place = sorted(rates["hour"].unique()), grid(view)
    columns, rows = (1 + max(axis) for axis in zip(*place.values(), strict=True))
    names = [places.city(view.scenario, w, key) for key in place]
    a_row = next((n for n in range(MOST_A_ROW, 1, -1) if type_size(names, map_width(n) / columns) >= READABLE), 1)
    width, height = map_width(a_row), HEAD + rows * TILE_HEIGHT + GAP
    corners = {hour: (i % a_row * (width + GAP), i // a_row * height) for i, hour in enumerate(hours)}
    size = min(width / columns, WIDEST_TILE)
    found = [tile(view, w, row, corners[row["hour"]], place[row["city"]], size) for row in rates.to_dict("records")]
    heads = [(x, y + HEAD / 2, w.hour(view.moment(hour))) for hour, (x, y) in corners.items()]
    bottom = max(y for _, y in corners.values()) + height - GAP
    return charts.tiles(found, (size, TILE_HEIGHT), type_size(names, size), heads, legend(w, rates), bottom)


def tile(view: RunView, w: Words, row: dict[Any, Any], corner: Point, place: tuple[int, int], size: float) -> Tile:
    """One city at one hour."""
    rate = row["rate"]
    none = missing(rate)
    colour, ink = (NO_CALLS, INK) if none else (of[rate_class(rate)] for of in (RATE_COLOURS, RATE_INK))
    return Tile(corner[0] + place[0] * size, corner[1] + HEAD + place[1] * TILE_HEIGHT,
                places.city(view.scenario, w, row["city"]), "" if none else f"{100 * rate:.0f}", colour, ink)


def map_width(a_row: int) -> float:
    return (FULL - 2 - GAP * (a_row - 1)) / a_row


def type_size(names: Sequence[str], size: float) -> float:
    """As large as the longest name allows."""
    return max(6.0, min(12.5, (size - 4) / max(1.0, *(svg.wide(name, 1.0) for name in names))))


def class_names(w: Words) -> list[str]:
    percents = [f"{100 * bound:.0f}" for bound in RATES]
    middle = [w("map.between", low=low, high=high) for low, high in pairwise(percents)]
    return [w("map.below", x=percents[0]), *middle, w("map.above", x=percents[-1])]


def legend(w: Words, rates: pd.DataFrame) -> dict[str, str]:
    none = {w("map.empty"): NO_CALLS} if rates["rate"].isna().any() else {}
    return dict(zip(class_names(w), RATE_COLOURS, strict=True)) | none
