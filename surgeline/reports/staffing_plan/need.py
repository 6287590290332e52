"""How many seats are needed when, what is open, what the planned shifts open; and what a formula alone would say."""
from __future__ import annotations

from itertools import combinations

import pandas as pd

from surgeline.folders.staffing_plan import CityStaffing
from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table, YesNo
from surgeline.reports.page.charts import AMBER, BLUE, RED
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import lacking, pools
from surgeline.reports.staffing_plan.answer import moment, target
from surgeline.reports.staffing_plan.view import PlanView, clock_scale, week_scale

SEEN = 0.1  # of the highest line: one that is lower lies on the axis
WAYS = {"needed": "simulation", "erlang_callers": "callers", "erlang_dials": "dials"}


def section(view: PlanView, w: Words) -> Section:
    name = view.first
    day = view.heaviest_day(name)
    shown = (Chart(w("staff.need_day", place=view.place(w, name), day=w.day(day)), day_chart(view, w, name)),
             by_formulas(view, w, name))
    return Section(w("staff.need_title"), w("staff.need_lead", target=target(view, w), **surety(view, w)),
                   (Charts(shown, note(view, w, name)), *all_days(view, w, name), cities_table(view, w),
                    *pools.tables(view, w, name)))


def all_days(view: PlanView, w: Words, name: str) -> tuple[Charts, ...]:
    """The same over all days, where there are several."""
    if view.of_city(name)["day"].nunique() < 2:
        return ()
    return (Charts((Chart(w("staff.need_all", place=view.place(w, name)), all_chart(view, w, name), wide=True),)),)


def surety(view: PlanView, w: Words) -> dict[str, object]:
    """In how many periods of all cities the need misses the target, on luck that the search has not seen."""
    needs = [city.need for city in view.cities.values()]
    sums = {name: w.exact(sum(getattr(one, name) for one in needs))
            for name in ("unseen_missed", "surely_missed", "intervals")}
    return {"unseen": needs[0].unseen, **sums}


def day_chart(view: PlanView, w: Words, name: str) -> str:
    """Seats that the planned shifts open, under the line of what is needed, on the heaviest day."""
    table = view.of_day(name, view.heaviest_day(name))
    return covered(w, table.assign(x=table["hour"]), clock_scale(w, table, view.hours), view.hours)


def all_chart(view: PlanView, w: Words, name: str) -> str:
    """Seats that the planned shifts open, under the line of what is needed, on all days."""
    table = view.of_city(name)
    first = table["day"].iloc[0]
    since = (table["start"] - first).dt.total_seconds() / 3600
    return covered(w, table.assign(x=since), week_scale(w, table, view.hours), view.hours, charts.FULL)


def covered(w: Words, table: pd.DataFrame, scale: charts.Scale, hours: float, width: float = charts.HALF) -> str:
    bars = pd.DataFrame({"x": table["x"], "x2": table["x"] + hours, "own": table["on_duty"]})
    ends = [*table["x"], float(table["x"].iloc[-1]) + hours]
    line = pd.DataFrame({"x": ends, "y": [*table["needed"], table["needed"].iloc[-1]]})
    return charts.stacked(bars, {"own": w("staff.on_duty")}, scale, w("staff.seats_axis"), w.lang, line,
                          w("staff.needed"), width)


def cities_table(view: PlanView, w: Words) -> Table:
    """A line a city: need, people, workplaces."""
    heads = ("peak", "at", "seat_hours", "open_hours", "short_hours")
    lack = Column(w("staff.people_lacking"), "number")
    columns = (Column(w("staff.city")), *(Column(w(f"staff.{name}"), "short" if name == "at" else "number")
                                          for name in heads),
               Column(w(f"staff.people_needed{view.in_days}"), "number"), Column(w("staff.people_there"), "number"),
               lack, Column(w("staff.is_enough")))
    rows = tuple(row_of(view, w, name) for name in view.cities)
    return Table(w("staff.need_table"), columns, rows, w("staff.need_table_note"))


def row_of(view: PlanView, w: Words, name: str) -> tuple[Cell, ...]:
    c = view.cities[name]
    return (view.place(w, name), w.exact(c.need.peak), moment(view, w, name), w.exact(c.need.seat_hours),
            *against_today(view, w, c), w.few(view.people_for(c)), w.few(c.people),
            *enough_people(view, w, c))


def enough_people(view: PlanView, w: Words, c: CityStaffing) -> tuple[Cell, Cell]:
    """How many are missing, and whether there are enough; no number where more people alone would not do."""
    if lacking.beyond_people(c):
        return w("number.none"), YesNo(w("staff.not_by_people"), False)
    lack = lacking.people(view, c)
    return w.exact(lack), enough(c, lack, w)


def against_today(view: PlanView, w: Words, c: CityStaffing) -> tuple[Cell, Cell]:
    """Seat-hours that are open today, and those that are short; dashes where nothing is published."""
    if not view.known_today(c):
        return w("number.none"), w("number.none")
    return w.exact(c.need.open_hours), w.exact(c.need.short_hours)


def enough(c: CityStaffing, lack: int, w: Words) -> YesNo:
    """Whether there are people enough; in a surge those of ordinary time are not."""
    if not lack and c.of_ordinary and c.need.short_hours > 0:
        return YesNo(w("staff.enough_usually"), False)
    return YesNo(w("number.no" if lack else "number.yes"), not lack)


def by_formulas(view: PlanView, w: Words, name: str) -> Chart:
    """What Erlang C alone says on the same figures, in dashes: a line below another is seen between them."""
    table = view.of_day(name, view.heaviest_day(name))
    lines = {w(f"staff.by_{way}"): column for column, way in WAYS.items()}
    drawn = pd.concat([pd.DataFrame({"x": table["hour"] + view.hours / 2, "what": what, "mean": table[column],
                                     "low": float("nan"), "high": float("nan")}) for what, column in lines.items()])
    colours = dict(zip(lines, (BLUE, AMBER, RED), strict=True))
    return Chart(w("staff.formula_chart", place=view.place(w, name), day=w.day(view.heaviest_day(name))),
                 charts.lines(drawn, colours, clock_scale(w, table, view.hours), w("staff.seats_axis"), w.lang,
                              dashes=dict(zip([*lines][1:], ("9 5", "2 5"), strict=True))))


def note(view: PlanView, w: Words, name: str) -> str:
    """What a seat is, and how far formulas are off."""
    whole = view.of_city(name)[["needed", "erlang_callers", "erlang_dials"]].sum() * view.hours
    return (w("staff.need_note") + peaks(view, w, name)
            + w("staff.formula_note", needed=w.exact(whole["needed"]), callers=w.exact(whole["erlang_callers"]),
                dials=w.exact(whole["erlang_dials"])))


def peaks(view: PlanView, w: Words, name: str) -> str:
    """The most of each line of the day, where one may be too low to be seen; and which lines are the same."""
    day = view.of_day(name, view.heaviest_day(name))
    ways = {column: w(f"staff.by_{way}") for column, way in WAYS.items()}
    same = [w("staff.same_line", one=ways[one], other=ways[other]) for one, other in combinations(WAYS, 2)
            if (day[one] == day[other]).all()]
    most = {way: float(day[column].max()) for column, way in WAYS.items()}
    low = w("staff.low_line") if min(most.values()) < SEEN * max(most.values()) else ""
    return w("staff.peaks", **{way: w.exact(seats) for way, seats in most.items()}) + low + "".join(same)
