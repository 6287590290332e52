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


def section(c: ComparisonView, w: Words) -> Section | None:
    ranked = cities(c)
    if not c.differing or not ranked:
        return None
    drawing = Charts((chart(c, w, ranked),), w("compare.city_note"))
    return Section(w("compare.city_title"), lead(c, w), (drawing, table(c, w, ranked)))


def cities(c: ComparisonView) -> list[str]:
    """Those whose rate is known, the largest gain first."""
    known = [city for city in c.b.scenario.cities if not missing(c.in_city(c.main, city).mean)]
    return sorted(known, key=lambda city: -c.in_city(c.main, city).mean)


def lead(c: ComparisonView, w: Words) -> str:
    """How many cities fare better, worse, and the same."""
    figures = [c.in_city(c.main, city) for city in cities(c)]
    up, down = sum(sure(one) > 0 for one in figures), sum(sure(one) < 0 for one in figures)
    return w("compare.city_lead", by=by(c, w), variant=w.name(c.main.name), up=up, down=down,
             same=len(figures) - up - down)


def by(c: ComparisonView, w: Words) -> str:
    """What the rate is of."""
    return w(f"answer.by_{c.manifest.objective.weights}")


def sure(figure: Figure) -> int:
    """1 or -1 for a gain or a fall that is no chance; of one replication, any."""
    low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
    return int(low > 0) - int(high < 0)


def chart(c: ComparisonView, w: Words, ranked: list[str]) -> Chart:
    """All cities on one scale."""
    rows = [row(c, w, one, city) for city in ends(ranked) for one in c.drawn]
    table = pd.DataFrame([one for one in rows if not missing(float(one["mean"]))])
    axis = w(f"compare.axis_{c.manifest.objective.weights}")
    return Chart(title(c, w, ranked), charts.dots(table, c.colours(w), axis, w.lang, charts.FULL), wide=True)


def ends(ranked: list[str]) -> list[str]:
    """Of many cities those that gain the most and those that lose the most."""
    half = MOST_CITIES // 2
    return ranked if len(ranked) <= MOST_CITIES else [*ranked[:half], *ranked[-half:]]


def row(c: ComparisonView, w: Words, one: Variant, city: str) -> dict[str, Any]:
    figure = c.in_city(one, city)
    low, high = (figure.mean if missing(side) else side for side in (figure.low, figure.high))
    return {"row": places.city(c.b.scenario, w, city), "what": c.label(w, one), "mean": 100 * figure.mean,
            "low": 100 * low, "high": 100 * high}


def title(c: ComparisonView, w: Words, ranked: list[str]) -> str:
    """The change of the cities that the choice is about, and the largest one elsewhere."""
    figure, others = c.change(c.main), [city for city in ranked if city not in c.manifest.objective.cities]
    return w("compare.city_focus", by=by(c, w), variant=w.name(c.main.name), place=c.place(w),
             x=points(figure)(figure.mean), others=elsewhere(c, w, others) if others else "")


def elsewhere(c: ComparisonView, w: Words, others: list[str]) -> str:
    city = max(others, key=lambda one: abs(c.in_city(c.main, one).mean))
    figure = c.in_city(c.main, city)
    return w("compare.city_others", x=points(figure)(figure.mean), city=places.city(c.b.scenario, w, city))


def table(c: ComparisonView, w: Words, ranked: list[str]) -> Table:
    columns = (Column(w("compare.city")), Column(w("compare.city_now"), "number"),
               *(Column(w.name(one.name), "number", w("compare.group_diff")) for one in c.drawn))
    rows = tuple(cells(c, w, city) for city in ends(ranked))
    left = w("compare.city_cut", n=len(ranked), shown=len(rows)) if len(ranked) > len(rows) else ""
    return Table(w(f"compare.city_table_{c.manifest.objective.weights}"), columns, rows,
                 f"{brackets(c, w)}{left}", small=True)


def cells(c: ComparisonView, w: Words, city: str) -> tuple[Cell, ...]:
    changes = [c.in_city(one, city) for one in c.drawn]
    return (places.city(c.b.scenario, w, city), w.number_or_none(100 * c.b.figure(c.metric, f"city:{city}").mean),
            *(change(w, one, points(one)) for one in changes))
