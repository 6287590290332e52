"""Lines over the days of a plan, or over the blocks of a day."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime

import pandas as pd

from surgeline.reports.page import charts
from surgeline.reports.page.words import Words

LABELS = 8


def by_day(values: Mapping[str, float]) -> dict[datetime, float]:
    """Sums over the days of values by the start of their block."""
    return summed(values, lambda start: start.replace(hour=0, minute=0))


def by_time(values: Mapping[str, float]) -> dict[datetime, float]:
    """Sums over the blocks of a day, as moments of one day."""
    return summed(values, lambda start: datetime.combine(datetime.min, start.time()))


def summed(values: Mapping[str, float], key: Callable[[datetime], datetime]) -> dict[datetime, float]:
    sums: dict[datetime, float] = defaultdict(float)
    for start, value in values.items():
        sums[key(datetime.fromisoformat(start))] += value
    return sums


def drawn(w: Words, lines: dict[str, dict[datetime, float]], axis: str, colours: list[str],
          name: Callable[[datetime], str]) -> str:
    """Lines over days or times, with their names."""
    places = sorted(next(iter(lines.values())))
    table = pd.DataFrame([{"x": float(i), "what": what, "mean": values.get(place, 0.0), "low": None, "high": None}
                          for what, values in lines.items() for i, place in enumerate(places)])
    step = max(1, len(places) // LABELS)
    scale = charts.Scale(-0.5, len(places) - 0.5,
                         {float(i): name(places[i]) for i in range(0, len(places), step)})
    ends = min(0.0, 1.1 * float(table["mean"].min())), max(1.0, 1.1 * float(table["mean"].max()))
    return charts.lines(table.astype({"low": float, "high": float}), dict(zip(lines, colours, strict=True)), scale,
                        axis, w.lang, ends=ends)
