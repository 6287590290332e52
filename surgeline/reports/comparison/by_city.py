"""Who gains and who pays: the change of each city's answer rate."""
from __future__ import annotations

from typing import Any

import pandas as pd

from sim.measures.statistics import Figure
from surgeline.folders.comparison import Variant
from surgeline.reports.comparison.answer import brackets, change, points
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page import charts, places
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.words import Words, missing

MOST_CITIES = 24


def section(comparison: ComparisonView, w: Words) -> Section | None:
    ranked = cities(comparison)
    if not comparison.differing or not ranked:
        return None
    drawing = Charts((chart(comparison, w, ranked),), w("compare.city_note"))
    return Section(w("compare.city_title"), lead(comparison, w), (drawing, table(comparison, w, ranked)))


def cities(comparison: ComparisonView) -> list[str]:
    """Those whose rate is known, the largest gain first."""
    known = [city for city in comparison.view.scenario.cities
             if not missing(comparison.in_city(comparison.main, city).mean)]
    return sorted(known, key=lambda city: -comparison.in_city(comparison.main, city).mean)


def lead(comparison: ComparisonView, w: Words) -> str:
    """How many cities fare better, worse, and the same."""
    figures = [comparison.in_city(comparison.main, city) for city in cities(comparison)]
    up, down = sum(sure(one) > 0 for one in figures), sum(sure(one) < 0 for one in figures)
    return w("compare.city_lead", by=by(comparison, w), variant=w.name(comparison.main.name), up=up, down=down,
             same=len(figures) - up - down)


def by(comparison: ComparisonView, w: Words) -> str:
    """What the rate is of."""
    return w(f"answer.by_{comparison.manifest.objective.weights}")


def sure(figure: Figure) -> int:
    """1 or -1 for a gain or a fall that is no chance; of one replication, any."""
    low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
    return int(low > 0) - int(high < 0)


def chart(comparison: ComparisonView, w: Words, ranked: list[str]) -> Chart:
    """All cities on one scale."""
    rows = [row(comparison, w, one, city) for city in ends(ranked) for one in comparison.drawn]
    table = pd.DataFrame([one for one in rows if not missing(float(one["mean"]))])
    axis = w(f"compare.axis_{comparison.manifest.objective.weights}")
    return Chart(title(comparison, w, ranked), charts.dots(table, comparison.colours(w), axis, w.lang, charts.FULL),
                 wide=True)


def ends(ranked: list[str]) -> list[str]:
    """Of many cities those that gain the most and those that lose the most."""
    half = MOST_CITIES // 2
    return ranked if len(ranked) <= MOST_CITIES else [*ranked[:half], *ranked[-half:]]


def row(comparison: ComparisonView, w: Words, one: Variant, city: str) -> dict[str, Any]:
    figure = comparison.in_city(one, city)
    low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
    return {"row": places.city(comparison.view.scenario, w, city), "what": comparison.label(w, one),
            "mean": 100 * figure.mean,
            "low": 100 * low, "high": 100 * high}


def title(comparison: ComparisonView, w: Words, ranked: list[str]) -> str:
    """The change of the cities that the choice is about, and the largest one elsewhere."""
    figure = comparison.change(comparison.main)
    others = [city for city in ranked if city not in comparison.manifest.objective.cities]
    return w("compare.city_focus", by=by(comparison, w), variant=w.name(comparison.main.name),
             place=comparison.place(w),
             x=points(figure)(figure.mean), others=elsewhere(comparison, w, others) if others else "")


def elsewhere(comparison: ComparisonView, w: Words, others: list[str]) -> str:
    city = max(others, key=lambda one: abs(comparison.in_city(comparison.main, one).mean))
    figure = comparison.in_city(comparison.main, city)
    return w("compare.city_others", x=points(figure)(figure.mean), city=places.city(comparison.view.scenario, w, city))


def table(comparison: ComparisonView, w: Words, ranked: list[str]) -> Table:
    columns = (Column(w("compare.city")), Column(w("compare.city_now"), "number"),
               *(Column(w.name(one.name), "number", w("compare.group_diff")) for one in comparison.drawn))
    rows = tuple(cells(comparison, w, city) for city in ends(ranked))
    left = w("compare.city_cut", n=len(ranked), shown=len(rows)) if len(ranked) > len(rows) else ""
    return Table(w(f"compare.city_table_{comparison.manifest.objective.weights}"), columns, rows,
                 f"{brackets(comparison, w)}{left}", small=True)


def cells(comparison: ComparisonView, w: Words, city: str) -> tuple[Cell, ...]:
    changes = [comparison.in_city(one, city) for one in comparison.drawn]
    return (places.city(comparison.view.scenario, w, city),
            w.number_or_none(100 * comparison.view.figure(comparison.metric, f"city:{city}").mean),
            *(change(w, one, points(one)) for one in changes))
