"""When the variants differ: by the day, or by the interval of a single day."""
from __future__ import annotations

import pandas as pd

from sim.measures.statistics import Figure
from surgeline.folders.comparison import PEOPLE
from surgeline.reports.comparison.answer import more, points
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Chart, Charts, Section
from surgeline.reports.page.words import Words
from surgeline.reports.run.view import Subject
from surgeline.reports.run.waits import scale_of


def section(c: ComparisonView, w: Words) -> Section | None:
    if not c.differing:
        return None
    pairs = [(chart(c, w, subject, c.metric), chart(c, w, subject, PEOPLE)) for subject in c.b.subjects]
    *blocks, last = [Charts(pair) for pair in pairs]
    return Section(w("compare.time_title"), "", (*blocks, Charts(last.charts, note(c, w))))


def note(c: ComparisonView, w: Words) -> str:
    band = w("compare.note_bands") if c.several else ""
    left = w("compare.note_drawn", n=len(c.drawn)) if len(c.differing) > len(c.drawn) else ""
    return f"{w('compare.time_note')}{band}{left}"


def chart(c: ComparisonView, w: Words, subject: Subject, metric: str) -> Chart:
    table = changes(c, w, subject.scope, metric)
    table[["mean", "low", "high"]] *= 100 if metric == c.metric else 1
    ends = charts.around_nought(table["low"].fillna(table["mean"]), table["high"].fillna(table["mean"]))
    unit = "day" if len(c.b.days) > 1 else "interval"
    axis = w(f"compare.axis_{c.manifest.objective.weights}" if metric == c.metric else f"compare.axis_people_{unit}")
    drawing = charts.lines(table, c.colours(w), scale_of(c.b, w), axis, w.lang, 0.0, ends)
    return Chart(title(c, w, subject, metric), drawing)


def changes(c: ComparisonView, w: Words, scope: str, metric: str) -> pd.DataFrame:
    """x in hours since the first midnight, what, mean, low, high."""
    parts = [c.over_time(one, metric, scope).assign(what=c.label(w, one)) for one in c.drawn]
    table = pd.concat(parts, ignore_index=True).dropna(subset="mean")
    middle = (c.b.hours_since(table["from"]) + c.b.hours_since(table["to"])) / 2
    x = middle if len(c.b.days) == 1 else c.b.hours_since(table["from"].dt.normalize()) + 12.0
    return pd.DataFrame({"x": x, **{name: table[name] for name in ("what", "mean", "low", "high")}})


def title(c: ComparisonView, w: Words, subject: Subject, metric: str) -> str:
    """When the variant that the report is about makes the largest difference."""
    table = c.over_time(c.main, metric, subject.scope).dropna(subset="mean")
    place = c.b.place(w, subject)
    if table.empty:
        return place
    top = table.iloc[int(table["mean"].abs().argmax())]
    when = w.day(top["from"]) if len(c.b.days) > 1 else f"{top['from']:%H:%M}"
    figure = Figure(top["mean"], top["low"], top["high"])
    key, write = ("people", more) if metric == PEOPLE else (c.manifest.objective.weights, points(figure))
    return w(f"compare.time_{key}", variant=w.name(c.main.name), place=place, when=when, x=write(figure.mean))
