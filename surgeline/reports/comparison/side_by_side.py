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


def section(c: ComparisonView, w: Words) -> Section:
    blocks: list[Block] = [table(c, w)]
    if c.differing:
        drawn = tuple(chart(c, w, metric) for metric in (c.metric, PEOPLE) if known(c, metric))
        blocks.insert(0, Charts(drawn, chart_note(c, w)))
    return Section(w("compare.side_title"), "", tuple(blocks))


def chart_note(c: ComparisonView, w: Words) -> str:
    lines = w("compare.note_lines") if c.several else w("compare.note_no_lines")
    return lines + (w("compare.note_left_out") if len(c.differing) < len(c.others) else "")


def chart(c: ComparisonView, w: Words, metric: str) -> Chart:
    """The change by variant, the best first."""
    ranked = sorted(known(c, metric), key=lambda one: -c.change(one, metric).mean)[:MOST_ROWS]
    rate = metric == c.metric
    rows = [row(c, w, one, metric, 100 if rate else 1) for one in ranked]
    axis = w(f"compare.axis_{c.manifest.objective.weights}" if rate else "compare.axis_people")
    return Chart(title(c, w, metric), charts.dots(pd.DataFrame(rows), {"": charts.BLUE}, axis, w.lang))


def known(c: ComparisonView, metric: str) -> list[Variant]:
    """The variants of which it can be told what they change: where nobody calls, no rate does."""
    return [one for one in c.differing if not missing(c.change(one, metric).mean)]


def row(c: ComparisonView, w: Words, one: Variant, metric: str, factor: float) -> dict[str, object]:
    figure = c.change(one, metric)
    low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
    write = points(figure) if factor == 100 else more
    return {"row": svg.wrapped(c.label(w, one)), "what": "", "mean": factor * figure.mean, "low": factor * low,
            "high": factor * high, "text": write(figure.mean)}


def title(c: ComparisonView, w: Words, metric: str) -> str:
    """Who changes the most, and by how much."""
    one = c.main
    write = points(c.change(one)) if metric == c.metric else more
    key = c.manifest.objective.weights if metric == c.metric else "people"
    return w(f"compare.chart_{key}", variant=w.name(one.name), place=c.place(w),
             x=write(c.change(one, metric).mean))


def table(c: ComparisonView, w: Words) -> Table:
    own = ("rate_callers", "rate_dials", "people")
    changes = (f"rate_{c.manifest.objective.weights}", "people", "people_province")
    columns = (Column(w("compare.variant")), *(Column(w(f"compare.{name}"), "number") for name in own),
               *(Column(w(f"compare.{name}"), "number", w("compare.group_diff")) for name in changes),
               Column(w("compare.luck"), "number"))
    note = w("compare.table_note", luck=luck(c, w), brackets=brackets(c, w))
    return Table(table_title(c, w), columns, tuple(cells(c, w, one) for one in c.manifest.variants), note,
                 frozenset({0}), small=True)


def cells(c: ComparisonView, w: Words, one: Variant) -> tuple[Cell, ...]:
    own, rate = one.figures, c.change(one)
    return (w.name(one.name), w.number_or_none(100 * own.answer_rate_callers.mean),
            w.number_or_none(100 * own.answer_rate_dials.mean), w.exact(own.callers_answered.mean),
            change(w, rate, points(rate)), *(change(w, c.change(one, name), more) for name in (PEOPLE, WHOLE_PROVINCE)),
            w.few(one.common_luck))


def table_title(c: ComparisonView, w: Words) -> str:
    """The highest and the lowest rate, where they differ."""
    known = [one for one in c.manifest.variants if not missing(c.rate(one).mean)]
    low, high = (most(known, key=lambda one: c.rate(one).mean, default=c.first) for most in (min, max))
    if low is high:
        return w("compare.table_plain", place=c.place(w))
    return w(f"compare.table_{c.manifest.objective.weights}", high=w.name(high.name), low=w.name(low.name),
             x=w.per_hundred(c.rate(high).mean), y=w.per_hundred(c.rate(low).mean), place=c.place(w))


def luck(c: ComparisonView, w: Words) -> str:
    """What it was good for that all variants met the same people."""
    known = [one.common_luck for one in c.others if not missing(one.common_luck)]
    if not known:
        return ""
    return w("compare.luck_note", x=w.spread(w.few(min(known)), w.few(max(known))))


