"""How many people are missing, which limit it is that binds, and when seats lack people most."""
from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from surgeline.folders.staffing_plan import CityStaffing
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

MOST_DAYS = 3
A_HAIR = 1e-9
A_LITTLE = 0.01     # of the hours that are needed


def people(view: PlanView, c: CityStaffing) -> int:
    """At the least: by hours of work, or by the proof that no roster within all rules does with fewer."""
    return max(math.ceil(view.people_for(c) - c.people - A_HAIR), by_rules(c), 0)


def in_surge(view: PlanView, c: CityStaffing) -> int:
    """In the busiest week of a surge, by hours of work; 0 where that is not told in weeks."""
    return max(math.ceil((c.surge_people or 0.0) - c.people - A_HAIR), 0) if view.in_weeks else 0


def by_rules(c: CityStaffing) -> int:
    """People whom a roster within all rules lacks, by proof; 0 where none is lacking, or no number would do."""
    shortage = c.roster.shortage if c.roster else None
    return max((math.ceil(one.amount - A_HAIR) for one in (shortage.ways_out if shortage else ())
                if one.what == "people"), default=0)


def workplaces_bind(c: CityStaffing) -> bool:
    """Whether people are missing, and not just for odd ends, while as many are on duty at once, at some time, as there
    are workplaces for."""
    return c.shifts.missing_hours > A_LITTLE * c.shifts.wanted_hours and c.shifts.at_most >= c.shifts.workplaces


def sentence(view: PlanView, w: Words, c: CityStaffing) -> str:
    """How many people are missing, and by which limits."""
    lacking = people(view, c)
    kind = f"{'ordinary' if c.of_ordinary else 'plain'}{view.in_days}"
    needed = w(f"lacking.{kind}", needs=w.few(view.people_for(c)), has=w.few(c.people),
               hours=w.exact(c.shifts.wanted_hours))
    said = w("lacking.short", n=lacking, needed=needed) if lacking else w("lacking.enough", needed=needed)
    bound = list(limits(view, w, c))
    key = "limits" if view.people_for(c) > c.people + A_HAIR else "not_hours"
    return said + (w(f"lacking.{key}", limits=w("lacking.between").join(bound)) if bound else "")


def limits(view: PlanView, w: Words, c: CityStaffing) -> Iterator[str]:
    """Those that keep the plan from what is needed, each in words."""
    if view.people_for(c) > c.people + A_HAIR:
        yield w("lacking.by_hours")
    if workplaces_bind(c):
        yield w("lacking.by_workplaces", most=c.shifts.at_most, workplaces=c.shifts.workplaces,
                hours=w.exact(c.shifts.missing_hours))
    if by_rules(c):
        yield w("lacking.by_rules", n=by_rules(c))


# --- when ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Worst:
    """The day that lacks most seat-hours, its hours, and the moment that lacks most seats."""

    start: datetime
    end: datetime
    at: datetime
    needed: int
    there: int
    days: tuple[datetime, ...]  # that lack any, those that lack most first
    hours: float                # seat-hours, of all days


def worst(view: PlanView, name: str) -> Worst | None:
    """None where as many seats are on duty as are needed, at any time."""
    table = view.of_city(name)
    table = table.assign(lack=(table["needed"] - table["on_duty"]).clip(lower=0) * view.hours)
    by_day = table.groupby("day")["lack"].sum().sort_values(ascending=False, kind="stable")
    days = tuple(pd.Timestamp(day).to_pydatetime() for day in by_day[by_day > 0].index)
    if not days:
        return None
    hours = worst_hours(table[table["day"] == days[0]])
    most = hours.iloc[int(hours["lack"].to_numpy().argmax())]
    first, last, at = (pd.Timestamp(one).to_pydatetime() for one in
                       (hours["start"].iloc[0], hours["start"].iloc[-1], most["start"]))
    return Worst(first, last + timedelta(hours=view.hours), at, int(most["needed"]), int(most["on_duty"]), days,
                 float(by_day.sum()))


def worst_hours(day: pd.DataFrame) -> pd.DataFrame:
    """Of the times of a day in which seats are missing without a break, that in which most are."""
    lacks = day["lack"] > 0
    times = (lacks != lacks.shift()).cumsum()
    sums = day["lack"].groupby(times).sum()
    return day[times == sums.idxmax()]


def when(view: PlanView, w: Words, name: str) -> str:
    """On which day and hours most seats lack people."""
    found = worst(view, name)
    if found is None:
        return w("lacking.never")
    others = [w.day(day) for day in found.days[1:]]
    next_to = w("lacking.next", days=w.list(others, MOST_DAYS, "lacking.more_days")) if others else ""
    return w("lacking.when", time=f"{w.day(found.start)} {w.times(found.start, found.end)}", at=f"{found.at:%H:%M}",
             needed=w.exact(found.needed), there=w.exact(found.there), days=len(found.days),
             hours=w.exact(found.hours), others=next_to)
