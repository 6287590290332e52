"""The variants side by side."""
from __future__ import annotations

import pandas as pd

from surgeline.folders.comparison import PEOPLE, Variant
from surgeline.reports.comparison.answer import WHOLE_PROVINCE, brackets, change, more, points
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page import charts, svg
from surgeline.reports.page.blocks import Block, Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.words import Words, missing

MOST_ROWS = 12


def section(comparison: ComparisonView, w: Words) -> Section:
    blocks: list[Block] = [table(comparison, w)]
    if comparison.differing:
        drawn = tuple(chart(comparison, w, metric) for metric in (comparison.metric, PEOPLE)
                      if known(comparison, metric))
        blocks.insert(0, Charts(drawn, chart_note(comparison, w)))
    return Section(w("compare.side_title"), "", tuple(blocks))


def chart_note(comparison: ComparisonView, w: Words) -> str:
    lines = w("compare.note_lines") if comparison.several else w("compare.note_no_lines")
    return lines + (w("compare.note_left_out") if len(comparison.differing) < len(comparison.others) else "")


def chart(comparison: ComparisonView, w: Words, metric: str) -> Chart:
    """The change by variant, the best first."""
    ranked = sorted(known(comparison, metric), key=lambda one: -comparison.change(one, metric).mean)[:MOST_ROWS]
    rate = metric == comparison.metric
    rows = [row(comparison, w, one, metric, 100 if rate else 1) for one in ranked]
    axis = w(f"compare.axis_{comparison.manifest.objective.weights}" if rate else "compare.axis_people")
    return Chart(title(comparison, w, metric), charts.dots(pd.DataFrame(rows), {"": charts.BLUE}, axis, w.lang))


def known(comparison: ComparisonView, metric: str) -> list[Variant]:
    """The variants of which it can be told what they change: where nobody calls, no rate does."""
    return [one for one in comparison.differing if not missing(comparison.change(one, metric).mean)]


def row(comparison: ComparisonView, w: Words, one: Variant, metric: str, factor: float) -> dict[str, object]:
    figure = comparison.change(one, metric)
    low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
    write = points(figure) if factor == 100 else more
    return {"row": svg.wrapped(comparison.label(w, one)), "what": "", "mean": factor * figure.mean, "low": factor * low,
            "high": factor * high, "text": write(figure.mean)}


def title(comparison: ComparisonView, w: Words, metric: str) -> str:
    """Who changes the most, and by how much."""
    one = comparison.main
    write = points(comparison.change(one)) if metric == comparison.metric else more
    key = comparison.manifest.objective.weights if metric == comparison.metric else "people"
    return w(f"compare.chart_{key}", variant=w.name(one.name), place=comparison.place(w),
             x=write(comparison.change(one, metric).mean))


def table(comparison: ComparisonView, w: Words) -> Table:
    own = ("rate_callers", "rate_dials", "people")
    changes = (f"rate_{comparison.manifest.objective.weights}", "people", "people_province")
    columns = (Column(w("compare.variant")), *(Column(w(f"compare.{name}"), "number") for name in own),
               *(Column(w(f"compare.{name}"), "number", w("compare.group_diff")) for name in changes),
               Column(w("compare.luck"), "number"))
    note = w("compare.table_note", luck=luck(comparison, w), brackets=brackets(comparison, w))
    return Table(table_title(comparison, w), columns,
                 tuple(cells(comparison, w, one) for one in comparison.manifest.variants), note,
                 frozenset({0}), small=True)


def cells(comparison: ComparisonView, w: Words, one: Variant) -> tuple[Cell, ...]:
    own, rate = one.figures, comparison.change(one)
    return (w.name(one.name), w.number_or_none(100 * own.answer_rate_callers.mean),
            w.number_or_none(100 * own.answer_rate_dials.mean), w.exact(own.callers_answered.mean),
            change(w, rate, points(rate)),
            *(change(w, comparison.change(one, name), more) for name in (PEOPLE, WHOLE_PROVINCE)),
            w.few(one.common_luck))


def table_title(comparison: ComparisonView, w: Words) -> str:
    """The highest and the lowest rate, where they differ."""
    known = [one for one in comparison.manifest.variants if not missing(comparison.rate(one).mean)]
    low, high = (most(known, key=lambda one: comparison.rate(one).mean, default=comparison.first)
                 for most in (min, max))
    if low is high:
        return w("compare.table_plain", place=comparison.place(w))
    return w(f"compare.table_{comparison.manifest.objective.weights}", high=w.name(high.name), low=w.name(low.name),
             x=w.per_hundred(comparison.rate(high).mean), y=w.per_hundred(comparison.rate(low).mean),
             place=comparison.place(w))


def luck(comparison: ComparisonView, w: Words) -> str:
    """What it was good for that all variants met the same people."""
    known = [one.common_luck for one in comparison.others if not missing(one.common_luck)]
    if not known:
        return ""
    return w("compare.luck_note", x=w.spread(w.few(min(known)), w.few(max(known))))
