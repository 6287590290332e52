"""The report of a sensitivity study: on which assumptions the answer hangs, and whether the ranking ever turns."""
from __future__ import annotations

import pandas as pd

from sim.scenario.quantities import UnitName
from sim.scenario.scenario import BASE, quantities
from surgeline.folders.sensitivity import Moved, SensitivityStudy, Turning, gain_of
from surgeline.reports.page import charts, places, svg
from surgeline.reports.page.blocks import Bar, Block, Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report, itself
from surgeline.reports.page.words import Words, missing
from surgeline.reports.page.workbook import Head, Sheet
from surgeline.reports.run import assumed
from surgeline.reports.run.assumed import Group
from surgeline.reports.run.defined import run_facts
from surgeline.reports.run.view import RunView, Subject

ZH = Words("zh")
MOST_DRAWN = 12
LABEL = 180  # pixels
MOST_ROWS = 20
FLAT = 1e-5  # of an answer rate: what moves less does not move
SURE = 3.0  # what never happened at n points anywhere fills less than 3/n of the space, with 95 % confidence


# --- words -----------------------------------------------------------------------------------------------------------

def place(study: SensitivityStudy, w: Words) -> str:
    """The cities that the answer rate is of."""
    view = briefing(study)
    if len(study.manifest.cities) == len(view.scenario.cities) > 1:
        return w("place.province")
    return w.list([places.city(view.scenario, w, city) for city in study.manifest.cities], 3)


class OfScenario(RunView):
    """A scenario alone, without counts."""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The cities in focus, in the order of the file."""
        return tuple(Subject(f"city:{city}", (city,)) for city in self.scenario.surged())


def briefing(study: SensitivityStudy) -> RunView:
    return OfScenario(study.run)


def group(study: SensitivityStudy, w: Words, one: Moved) -> Group:
    """An assumption as the list of assumptions has it."""
    found = [assumed.place_of(briefing(study), w, where) for where in one.places]
    members = tuple(dict.fromkeys(place.member for place in found if place.member))
    span = min(low for low, _ in one.ranges), max(high for _, high in one.ranges)
    return Group(found[0].family, unit_of(study, one), members, one.values, span, one.note, 0)


def unit_of(study: SensitivityStudy, one: Moved) -> UnitName:
    """What an assumption is measured in, as the scenario has it."""
    return next(quantity.unit for where, quantity in quantities(study.manifest.scenario) if where == one.places[0])


def label(study: SensitivityStudy, w: Words, one: Moved) -> str:
    return assumed.label(briefing(study), w, group(study, w, one))


def variant(study: SensitivityStudy, w: Words, key: str) -> str:
    return w("compare.as_it_is") if key == BASE else w.name(study.manifest.scenario.variants[key].name)


def outcome(study: SensitivityStudy, w: Words, key: str) -> str:
    """What is looked at: the answer rate, or what a variant changes of it."""
    if key == BASE:
        return w("sense.outcome_rate", place=place(study, w), by=by(study, w))
    return w("sense.outcome_gain", place=place(study, w), by=by(study, w), variant=variant(study, w, key))


def by(study: SensitivityStudy, w: Words) -> str:
    """What the rate is of."""
    return w(f"answer.by_{study.manifest.scenario.headline}")


def points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")


# --- the answer ------------------------------------------------------------------------------------------------------

def sentences(study: SensitivityStudy, w: Words) -> list[str]:
    """How the ranking holds, and what the answer hangs on."""
    return [*(turning(study, w, one) for one in study.manifest.turns), hangs_on(study, w, gain_of(study.manifest))]


def turning(study: SensitivityStudy, w: Words, one: Turning) -> str:
    """Whether a variant is ever worse, or ever better, and where."""
    n, name = study.manifest.anywhere, w.name(one.name)
    if alike(study, one.variant):
        return w("sense.alike", variant=name, n=n)
    surely = w.percent(SURE / n)
    if one.better == 1 or one.worse == 1:
        return w("sense.always_better" if one.better == 1 else "sense.always_worse", variant=name, n=n, x=surely)
    return w("sense.mixed", variant=name, n=n, better=w.percent(one.better), same=w.percent(one.same),
             worse=w.percent(one.worse), where=where(study, w, one))


def alike(study: SensitivityStudy, key: str) -> bool:
    """Whether a variant does what the scenario does as it is, whatever is assumed."""
    moved = (x for one in study.manifest.effects[key] for x in (one.screened, one.low, one.high) if not missing(x))
    return key != BASE and all(abs(x) < FLAT for x in moved)


def where(study: SensitivityStudy, w: Words, one: Turning) -> str:
    """On which side of which assumption it is better."""
    if one.place is None:
        return ""
    factor = next(f for f in study.manifest.effects[BASE] if one.place in f.places)
    bound = assumed.written(w, group(study, w, factor), one.bound, one.bound)
    return w("sense.where_above" if one.above else "sense.where_below", factor=label(study, w, factor), bound=bound)


def hangs_on(study: SensitivityStudy, w: Words, key: str) -> str:
    """The assumptions that move the answer most."""
    ranked = by_span(study.manifest.effects[key])[:3]
    named = [w("sense.moves", factor=label(study, w, one), low=points(one.low), high=points(one.high)) if key != BASE
             else w("sense.moves", factor=label(study, w, one), low=w.percent(one.low), high=w.percent(one.high))
             for one in ranked]
    return w("sense.hangs_on", outcome=outcome(study, w, key), factors=w.list(named))


def by_span(found: tuple[Moved, ...]) -> list[Moved]:
    """Those that were moved alone, the widest bar first."""
    return sorted((one for one in found if not missing(one.low)), key=lambda one: -abs(one.high - one.low))


# --- sections --------------------------------------------------------------------------------------------------------

def tornado_section(study: SensitivityStudy, w: Words) -> Section:
    every = dict.fromkeys((gain_of(study.manifest), *study.manifest.effects))
    keys = [key for key in every if not alike(study, key)]
    blocks: list[Block] = []
    drawn = [tornado(study, w, key) for key in keys]
    pairs = [tuple(drawn[i:i + 2]) for i in range(0, len(drawn), 2)]
    blocks += [Charts(pair, w("sense.tornado_note") if pair is pairs[-1] else "") for pair in pairs]
    return Section(w("sense.tornado_title"), "", tuple(blocks))


def tornado(study: SensitivityStudy, w: Words, key: str) -> Chart:
    """One bar an assumption: from the outcome at its lowest to that at its highest."""
    base = study.manifest.base[key] - (study.manifest.base[BASE] if key != BASE else 0.0)
    found = by_span(study.manifest.effects[key])
    rows = [{"row": svg.wrapped(label(study, w, one), LABEL), "low": 100 * one.low, "high": 100 * one.high}
            for one in found[:MOST_DRAWN]]
    axis = w("sense.axis_rate" if key == BASE else "sense.axis_gain")
    names = w("sense.at_lowest"), w("sense.at_highest")
    title = w("sense.chart", outcome=outcome(study, w, key),
              factor=label(study, w, found[0])) if found else outcome(study, w, key)
    return Chart(title, charts.tornado(pd.DataFrame(rows), 100 * base, names, axis))


def turns_section(study: SensitivityStudy, w: Words) -> Section | None:
    if not study.manifest.turns:
        return None
    columns = (Column(w("compare.variant")), *(Column(w(f"sense.{name}"), "number")
                                               for name in ("base", "better", "same", "worse")),
               Column(w("sense.turns_where"), "long"))
    rows = tuple((w.name(one.name), points(study.manifest.base[one.variant] - study.manifest.base[BASE]),
                  w.percent(one.better), w.percent(one.same), w.percent(one.worse),
                  where(study, w, one).strip("，, ") or w("number.none")) for one in study.manifest.turns)
    note = w("sense.turns_note", n=study.manifest.anywhere, x=w.percent(SURE / study.manifest.anywhere))
    return Section(w("sense.turns_title"), "", (Table(w("sense.turns_table"), columns, rows, note),))


def effects_section(study: SensitivityStudy, w: Words) -> Section:
    keys = [gain_of(study.manifest)] + [key for key in (BASE,) if key != gain_of(study.manifest)]
    return Section(w("sense.effects_title"), w("sense.effects_lead"), tuple(effects(study, w, key) for key in keys))


def effects(study: SensitivityStudy, w: Words, key: str) -> Table:
    """What each assumption does: screening of all, a closer look at the few."""
    ranked = study.manifest.effects[key][:MOST_ROWS]
    most = max((one.screened for one in ranked), default=1.0) or 1.0
    columns = (Column(w("assumptions.what"), "long"), Column(w("assumptions.value"), "number"),
               Column(w("assumptions.range"), "number"), Column(w("sense.screened"), "number"),
               *(Column(w(f"sense.{name}"), "number", w("sense.sobol")) for name in ("first", "total")))
    rows = tuple(row(study, w, one, most) for one in ranked)
    cut = w("sense.cut", n=len(study.manifest.effects[key]), shown=MOST_ROWS) \
        if len(study.manifest.effects[key]) > MOST_ROWS else ""
    return Table(w("sense.effects_table", outcome=outcome(study, w, key)), columns, rows, cut, small=True)


def row(study: SensitivityStudy, w: Words, one: Moved, most: float) -> tuple[Cell, ...]:
    as_group = group(study, w, one)
    screened = f"{100 * one.screened:.2f} ± {100 * one.screened_half:.2f}"
    return (label(study, w, one), assumed.value(w, as_group), assumed.span(w, as_group),
            Bar(screened, one.screened / most),
            index(w, one.first, one.first_half), index(w, one.total, one.total_half))


def index(w: Words, value: float, half: float) -> str:
    return w("number.none") if missing(value) else f"{value:.2f} ± {half:.2f}".replace("-", "−")


def run_section(study: SensitivityStudy, w: Words) -> Section:
    columns = (Column(w("run.what")), Column(w("run.value"), "long"))
    facts = [*run_facts(briefing(study), w), (w("sense.points"), w.exact(study.manifest.points))]
    return Section(w("sense.run_title"), w("sense.method"), (Table(w("run.table"), columns, tuple(facts), small=True),))


# --- the opening, and the workbook -----------------------------------------------------------------------------------

def opening(study: SensitivityStudy, w: Words) -> Opening:
    scenario, n = study.manifest.scenario, len(study.manifest.effects[BASE])
    facts = [w("sense.facts", factors=n, points=w.exact(study.manifest.points), n=study.manifest.replications)]
    return Opening(w("sense.brand"), w.name(scenario.title), w.name(scenario.about), facts, sentences(study, w), "", [],
                   w("sense.note"), w("sense.foot"))


def sheets(study: SensitivityStudy) -> list[Sheet]:
    """One row an outcome and assumption."""
    numbers = (("最低值", "lowest"), ("最高值", "highest"), ("筛选效应", "screened"), ("最低值时", "at lowest"),
               ("最高值时", "at highest"), ("一阶指数", "first order"), ("总指数", "total"))
    heads = (Head("指标", "outcome"), Head("假设", "assumption"), *(Head(zh, en, "any") for zh, en in numbers))
    rows = [(key, label(study, ZH, one), one.ranges[0][0], one.ranges[0][1], one.screened, one.low, one.high, one.first,
             one.total) for key, found in study.manifest.effects.items() for one in found]
    return [Sheet("假设 Assumptions", heads, rows)]


REPORT = Report(itself, opening, (turns_section, tornado_section, effects_section, run_section), sheets)
