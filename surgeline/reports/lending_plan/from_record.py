"""From today's record: dials and the people behind them, and tomorrow."""
from __future__ import annotations

from datetime import datetime

import pandas as pd

from surgeline.folders.from_record import By, CityRecord, FromRecord
from surgeline.folders.lending_plan import LendingPlan
from surgeline.reports.page import charts, places
from surgeline.reports.page.blocks import Block, Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.charts import AMBER, BLUE, GREY
from surgeline.reports.page.words import Words

LABEL_H = 6
DASHED = "5 4"


def section(done: LendingPlan, w: Words) -> Section | None:
    """Nothing where a plan starts from no record."""
    record = done.manifest.record
    return None if record is None else from_record(done, record, w)


def from_record(done: LendingPlan, record: FromRecord, w: Words) -> Section:
    blocks: list[Block] = []
    for city, one in record.cities.items():
        place = places.city(done.manifest.scenario, w, city)
        blocks.append(Charts((dials_chart(one, place, w), people_chart(one, place, w)), uncounted(one, w)))
    blocks.append(table(done, record, w))
    return Section(w("today.title", at=f"{record.at:%H:%M}"),
                   w("today.lead"), tuple(blocks))


# --- charts ----------------------------------------------------------------------------------------------------------

def dials_chart(one: CityRecord, place: str, w: Words) -> Chart:
    """Dials of each hour, and how many of them are fresh callers."""
    dials, people = sum(one.dials.values()), max(one.total.mean, 1.0)
    title = w("today.dials_chart", place=place, dials=w.count(dials), people=w.count(people),
              times=w.few(dials / people))
    lines = [(w("today.dials"), one.dials, {}, {}), (w("today.fresh"), one.fresh, one.low, one.high)]
    return Chart(title, drawn(w, lines, [GREY, BLUE]))


def people_chart(one: CityRecord, place: str, w: Words) -> Chart:
    """Fresh callers of today and tomorrow, as estimated and foreseen, beside what the scenario had expected."""
    share = one.tomorrow.mean / max(one.planned_tomorrow, 1.0) - 1
    title = w("today.people_chart", place=place, people=w.count(one.tomorrow.mean),
              range=w.range_of(one.tomorrow, w.count, "plan.range"), share=w.percent(abs(share), 0),
              than=w("today.more" if share >= 0 else "today.fewer"))
    low, high = (scaled(one.foreseen, end / max(one.tomorrow.mean, 1e-9)) for end in (one.tomorrow.low,
                                                                                     one.tomorrow.high))
    lines = [(w("today.planned"), one.planned, {}, {}), (w("today.fresh"), one.fresh, one.low, one.high),
             (w("today.foreseen"), one.foreseen, low, high)]
    return Chart(title, drawn(w, lines, [GREY, BLUE, AMBER], {w("today.planned"): DASHED}))


def scaled(values: By, factor: float) -> By:
    return {hour: factor * value for hour, value in values.items()}


def drawn(w: Words, lines: list[tuple[str, By, By, By]], colours: list[str],
          dashes: dict[str, str] | None = None) -> str:
    """Lines over hours, with bands where there are any."""
    hours = sorted({hour for _, values, _, _ in lines for hour in values})
    at = {hour: float(i) for i, hour in enumerate(hours)}
    rows = pd.DataFrame([{"x": at[hour], "what": what, "mean": value, "low": low.get(hour), "high": high.get(hour)}
                         for what, values, low, high in lines for hour, value in values.items()])
    midnights = tuple(at[hour] for hour in hours[1:] if hour.endswith("T00:00"))
    scale = charts.Scale(-0.5, len(hours) - 0.5, {at[hour]: label(hour, w) for hour in hours[::LABEL_H]}, midnights)
    return charts.lines(rows.astype({"low": float, "high": float}), dict(zip([line[0] for line in lines], colours,
                                                                             strict=True)),
                        scale, w("today.axis"), w.lang, dashes=dashes)


def label(hour: str, w: Words) -> str:
    moment = datetime.fromisoformat(hour)
    return w.day_short(moment) if moment.hour == 0 else f"{moment:%H:%M}"


# --- tables ----------------------------------------------------------------------------------------------------------

def table(done: LendingPlan, record: FromRecord, w: Words) -> Table:
    """A row a city: from dials to people, who dials again, and tomorrow."""
    columns = (Column(w("today.city"), "short"), *(Column(w(f"today.{name}"), "number") for name in (
        "dials", "answered", "fresh", "expected", "after_busy", "agents", "tomorrow", "expected_tomorrow")))
    rows = tuple(row(done, city, one, w) for city, one in record.cities.items())
    return Table(w("today.table"), columns, rows, w("today.note"), small=True)


def row(done: LendingPlan, city: str, one: CityRecord, w: Words) -> tuple[Cell, ...]:
    agents = w("number.none") if one.agents is None else w("today.beside", agents=w.few(one.agents),
                                                            seats=w.few(one.seats))
    return (places.city(done.manifest.scenario, w, city), w.exact(sum(one.dials.values())), w.exact(one.answered),
            f"{w.exact(one.total.mean)}{w.range_of(one.total, w.exact, 'plan.range')}", w.exact(one.planned_total),
            f"{w.percent(one.after_busy.mean, 0)}"
            f"{w.range_of(one.after_busy, lambda x: w.percent(x, 0), 'plan.range')}", agents,
            f"{w.exact(one.tomorrow.mean)}{w.range_of(one.tomorrow, w.exact, 'plan.range')}",
            w.exact(one.planned_tomorrow))


def uncounted(one: CityRecord, w: Words) -> str:
    """What was not counted, and what that means for the estimate."""
    said = [w("today.no_busy", busy=w.count(one.busy.mean), range=w.range_of(one.busy, w.count, "plan.range"))
            ] if not one.has_busy else [w("today.busy_left")] if not one.counts_busy else []
    said += [] if one.counts_hang_ups else [w("today.no_hang_ups")]
    said += [w("today.numbers")] if one.counts_numbers else []
    said += [w("today.unforeseen", people=w.count(one.unforeseen))] if one.unforeseen else []
    return ("" if w.lang == "zh" else " ").join([w("today.bands"), *said])
