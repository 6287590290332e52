"""Lines over the days of a plan."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from surgeline.reports import charts
from surgeline.reports.words import Words

LABELS = 8


def by_day(values: Mapping[str, float]) -> dict[datetime, float]:
    """Sums over the days of values by the start of their block."""
    days: dict[datetime, float] = defaultdict(float)
    for start, value in values.items():
        days[datetime.fromisoformat(start).replace(hour=0, minute=0)] += value
    return days


def drawn(w: Words, lines: dict[str, dict[datetime, float]], axis: str, colours: list[str]) -> str:
    """Lines over days."""
    days = sorted(next(iter(lines.values())))
    table = pd.DataFrame([{"x": float(i), "what": name, "mean": values.get(day, 0.0), "low": None, "high": None}
                          for name, values in lines.items() for i, day in enumerate(days)])
    step = max(1, len(days) // LABELS)
    scale = charts.Scale(-0.5, len(days) - 0.5, {float(i): w.day_short(days[i]) for i in range(0, len(days), step)})
    ends = min(0.0, 1.1 * float(table["mean"].min())), max(1.0, 1.1 * float(table["mean"].max()))
    return charts.lines(table.astype({"low": float, "high": float}), dict(zip(lines, colours, strict=True)), scale,
                        axis, w.lang, ends=ends)
