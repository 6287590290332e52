"""The report of plans made anew each evening: against one plan and hindsight, what was foreseen, and seats by day."""
from __future__ import annotations

from surgeline.folders.rolling_plan import Manifest, RollingPlan
from surgeline.reports.lending_plan.answer import bare, interval
from surgeline.reports.lending_plan.effects import policy_columns, policy_row
from surgeline.reports.page import charts, places
from surgeline.reports.page.blocks import Chart, Charts, KeyFigure, Section, Table
from surgeline.reports.page.charts import AMBER, BLUE
from surgeline.reports.page.days import by_day, drawn
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report, itself
from surgeline.reports.page.words import Words
from surgeline.reports.run import patience


def opening(done: RollingPlan, w: Words) -> Opening:
    m = done.manifest
    facts = [w("evening.facts", at=m.at, n=m.evenings), w("evening.paths", n=m.replications),
             w("plan.seed", seed=m.seed)]
    return Opening(w("evening.brand"), w.name(m.scenario.title), "", facts, sentences(done, w), w("plan.of"),
                   key_figures(done, w), w("evening.note"), w("plan.foot"), patience.of_plan(m.scenario, w))


def sentences(done: RollingPlan, w: Words) -> list[str]:
    m, people = done.manifest, done.manifest.effects["rolling"].people
    once, hindsight = m.differences["once"], m.differences["hindsight"]
    names = w.list([places.city(m.scenario, w, city) for city in m.seen], 3)
    return [w("evening.answer", at=m.at, place=names, people=w.exact(people.mean), range=interval(w, people)),
            w("evening.against", once=w.change(once.mean), range_once=interval(w, once),
              hindsight=w.change(hindsight.mean), range_hindsight=interval(w, hindsight)), *estimate_cost(m, w)]


def estimate_cost(m: Manifest, w: Words) -> list[str]:
    """What it costs to estimate people from dials; folders of before knew them."""
    knowing = m.differences.get("knowing")
    return [] if knowing is None else [w("evening.knowing", knowing=w.change(knowing.mean),
                                         range=interval(w, knowing))]


def key_figures(done: RollingPlan, w: Words) -> list[KeyFigure]:
    return [KeyFigure(w(f"policy.{way}"), w.exact(one.people.mean), bare(w, one.people))
            for way, one in done.manifest.effects.items()]


def ways(done: RollingPlan, w: Words) -> Section:
    """Each way of planning against not lending."""
    rows = tuple(policy_row(done.manifest.scenario, w, way, one) for way, one in done.manifest.effects.items())
    table = Table(w("evening.ways_table"), policy_columns(w), rows, w("evening.ways_note"))
    return Section(w("evening.ways_title"), w("plan.policies_lead"), (table, Charts((seats(done, w),))))


def forecasts(done: RollingPlan, w: Words) -> Section:
    """What the evening before foresaw, and what came."""
    cities = Charts(tuple(chart(done, w, city) for city in done.manifest.seen), w("evening.forecast_note"))
    return Section(w("evening.forecast_title"), w("evening.forecast_lead"), (cities,))


def chart(done: RollingPlan, w: Words, city: str) -> Chart:
    m = done.manifest
    foreseen, came = by_day(m.forecast[city]), by_day(m.seen[city])
    off = sum(abs(foreseen[day] - came[day]) for day in came) / max(sum(came.values()), 1.0)
    title = w("evening.forecast_chart", place=places.city(m.scenario, w, city), off=w.percent(off))
    return Chart(title, drawn(w, {w("evening.foreseen"): foreseen, w("evening.came"): came}, w("evening.axis"),
                              [AMBER, BLUE], w.day_short))


def seats(done: RollingPlan, w: Words) -> Chart:
    """Seat-hours of each day, by way."""
    terms = done.manifest.scenario.lending
    hours = terms.block_s / 3600 if terms else 1.0
    lines = {w(f"policy.{way}"): {day: hours * n for day, n in by_day(values).items()}
             for way, values in done.manifest.seats.items()}
    colours = list(charts.VARIANTS[:len(lines)])
    return Chart(w("evening.seats_chart"), drawn(w, lines, w("evening.seats_axis"), colours, w.day_short))


REPORT = Report(itself, opening, (ways, forecasts))
