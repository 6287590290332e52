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


def section(comparison: ComparisonView, w: Words) -> Section | None:
    if not comparison.differing:
        return None
    pairs = [(chart(comparison, w, subject, comparison.metric), chart(comparison, w, subject, PEOPLE))
             for subject in comparison.view.subjects]
    *blocks, last = [Charts(pair) for pair in pairs]
    return Section(w("compare.time_title"), "", (*blocks, Charts(last.charts, note(comparison, w))))


def note(comparison: ComparisonView, w: Words) -> str:
    band = w("compare.note_bands") if comparison.several else ""
    left = w("compare.note_drawn", n=len(comparison.drawn)) if len(comparison.differing) > len(comparison.drawn) else ""
    return f"{w('compare.time_note')}{band}{left}"


def chart(comparison: ComparisonView, w: Words, subject: Subject, metric: str) -> Chart:
    table = changes(comparison, w, subject.scope, metric)
    table[["mean", "low", "high"]] *= 100 if metric == comparison.metric else 1
    ends = charts.around_nought(table["low"].fillna(table["mean"]), table["high"].fillna(table["mean"]))
    unit = "day" if len(comparison.view.days) > 1 else "interval"
    axis = w(f"compare.axis_{comparison.manifest.objective.weights}" if metric == comparison.metric
             else f"compare.axis_people_{unit}")
    drawing = charts.lines(table, comparison.colours(w), scale_of(comparison.view, w), axis, w.lang, 0.0, ends)
    return Chart(title(comparison, w, subject, metric), drawing)


def changes(comparison: ComparisonView, w: Words, scope: str, metric: str) -> pd.DataFrame:
    """x in hours since the first midnight, what, mean, low, high."""
    parts = [comparison.over_time(one, metric, scope).assign(what=comparison.label(w, one)) for one in comparison.drawn]
    table = pd.concat(parts, ignore_index=True).dropna(subset="mean")
    middle = (comparison.view.hours_since(table["from"]) + comparison.view.hours_since(table["to"])) / 2
    x = middle if len(comparison.view.days) == 1 else comparison.view.hours_since(table["from"].dt.normalize()) + 12.0
    return pd.DataFrame({"x": x, **{name: table[name] for name in ("what", "mean", "low", "high")}})


def title(comparison: ComparisonView, w: Words, subject: Subject, metric: str) -> str:
    """When the variant that the report is about makes the largest difference."""
    table = comparison.over_time(comparison.main, metric, subject.scope).dropna(subset="mean")
    place = comparison.view.place(w, subject)
    if table.empty:
        return place
    top = table.iloc[int(table["mean"].abs().argmax())]
    when = w.day(top["from"]) if len(comparison.view.days) > 1 else f"{top['from']:%H:%M}"
    figure = Figure(top["mean"], top["low"], top["high"])
    key, write = ("people", more) if metric == PEOPLE else (comparison.manifest.objective.weights, points(figure))
    return w(f"compare.time_{key}", variant=w.name(comparison.main.name), place=place, when=when, x=write(figure.mean))
