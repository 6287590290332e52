"""What stands on the sheets of a comparison's workbook: headings in both languages, text in Chinese."""
from __future__ import annotations

from typing import Any

from sim.measures.statistics import Figure
from surgeline.folders.comparison import PEOPLE, Figures, Variant
from surgeline.reports.comparison import answer, chosen, floors
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page import places
from surgeline.reports.page.words import Words
from surgeline.reports.page.workbook import Head, Sheet
from surgeline.reports.run.sheets import EN, ZH, as_sheet, head

RATES = {"answer_rate_callers": "rate_callers", "answer_rate_dials": "rate_dials"}
FIGURES = {**RATES, PEOPLE: "people", answer.WHOLE_PROVINCE: "people_province"}
SIDES = ("mean", "low", "high")


def sheets(comparison: ComparisonView) -> list[Sheet]:
    return [summary(comparison), variants(comparison), over_time(comparison), by_city(comparison),
            *([owed(comparison)] if comparison.judged else []), choice(comparison), run(comparison)]


def summary(comparison: ComparisonView) -> Sheet:
    """The answer in both languages."""
    rows = [row for w in (ZH, EN) for row in (*told(comparison, w), (w("workbook.note"), answer.note(comparison, w)))]
    return Sheet(ZH("workbook.summary"), (head("workbook.item"), head("workbook.value")), rows)


def told(comparison: ComparisonView, w: Words) -> list[tuple[str, str]]:
    """The sentences of the answer."""
    return [(w("answer.title"), sentence)
            for sentence in (answer.sentence(comparison, w), *floors.sentences(comparison, w))]


def triple(metric: str, against: bool) -> list[Head]:
    """Columns for a figure, or its change, and the interval."""
    how = ("points" if against else "share") if metric in RATES else "count"
    zh, en = (w(f"metrics.{metric}" if metric in RATES else f"compare.{FIGURES[metric]}") for w in (ZH, EN))
    if against:
        zh, en = f"{zh} {ZH('compare.group_diff')}", f"{en}: {EN('compare.group_diff')}"
    return [Head(zh, en, how), Head(f"{zh} {ZH('compare.low')}", f"{en}, {EN('compare.low')}", how),
            Head(f"{zh} {ZH('compare.high')}", f"{en}, {EN('compare.high')}", how)]


def written(figure: Figure) -> list[float]:
    return [figure.mean, figure.low, figure.high]


def variants(comparison: ComparisonView) -> Sheet:
    """Each variant's figures, then what it changes."""
    heads = [head("compare.variant"), head("compare.key")]
    heads += [one for against in (False, True) for name in FIGURES for one in triple(name, against)]
    rows = [(both(one), one.variant, *of(one.figures), *of(one.differences), one.common_luck)
            for one in comparison.manifest.variants]
    return Sheet(ZH("compare.sheet_variants"), (*heads, head("compare.luck", "few")), rows)


def both(one: Variant) -> str:
    return f"{one.name.zh} {one.name.en}"


def of(figures: Figures | None) -> list[float | None]:
    if figures is None:
        return [None] * (len(SIDES) * len(FIGURES))
    return [side for name in FIGURES for side in written(getattr(figures, name))]


def over_time(comparison: ComparisonView) -> Sheet:
    """One row a variant, place and day, or interval of a single day."""
    heads = (head("compare.variant"), head("workbook.place"), head("workbook.period", "moment"),
             *triple(comparison.metric, against=True), *triple(PEOPLE, against=True))
    rows = [row for one in comparison.others for subject in comparison.view.subjects
            for row in rows_of(comparison, one, subject.scope)]
    return Sheet(ZH("compare.sheet_time"), heads, rows)


def rows_of(comparison: ComparisonView, one: Variant, scope: str) -> list[tuple[Any, ...]]:
    rates = comparison.over_time(one, comparison.metric, scope).set_index("from")[list(SIDES)].add_suffix(" rate")
    people = comparison.over_time(one, PEOPLE, scope).set_index("from")[list(SIDES)]
    place = " ".join(places.scope(comparison.view.scenario, w, scope) for w in (ZH, EN))
    table = rates.join(people, how="outer")
    return [(both(one), place, at.to_pydatetime(), *row) for at, row in zip(table.index, table.to_numpy(), strict=True)]


def by_city(comparison: ComparisonView) -> Sheet:
    """One row a variant and city."""
    heads = (head("compare.variant"), head("workbook.place"), *triple(comparison.metric, against=True),
             *triple(PEOPLE, against=True))
    rows = [(both(one), f"{city.name.zh} {city.name.en}", *changes(comparison, one, f"city:{key}"))
            for one in comparison.others for key, city in comparison.view.scenario.cities.items()]
    return Sheet(ZH("workbook.cities"), heads, rows)


def changes(comparison: ComparisonView, one: Variant, scope: str) -> list[float | None]:
    found = [comparison.whole.get((one.variant, metric, scope)) for metric in (comparison.metric, PEOPLE)]
    return [side for figure in found for side in (written(figure) if figure else [None] * len(SIDES))]


def choice(comparison: ComparisonView) -> Sheet:
    return as_sheet(ZH("compare.sheet_choice"), chosen.table(comparison, ZH), chosen.table(comparison, EN))


def owed(comparison: ComparisonView) -> Sheet:
    """Every floor of every variant."""
    return as_sheet(ZH("plan.floors"), floors.table(comparison, ZH), floors.table(comparison, EN))


def run(comparison: ComparisonView) -> Sheet:
    heads = (head("run.what"), head("run.value"))
    facts = [chosen.facts(comparison, w) for w in (ZH, EN)]
    return Sheet(ZH("workbook.run"), heads, [(f"{zh[0]} {en[0]}", zh[1]) for zh, en in zip(*facts, strict=True)])
