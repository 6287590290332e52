"""How many people are missing, which limit it is that binds, and when callers feel it most."""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from surgeline.folders.staffing_plan import CityStaffing, Shortage
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

MOST_DAYS = 3
A_HAIR = 1e-9
A_LITTLE = 0.01     # of the hours that are needed
NEARLY_ALL, BUSY = 0.75, 0.05   # of the intervals of a day that lack seats, and of the calls then that are in time


def people(view: PlanView, c: CityStaffing) -> int:
    """At the least: by hours of work, or by the proof that no roster within all rules does with fewer; 0 where no
    number of people would do."""
    return 0 if beyond_people(c) else max(math.ceil(view.people_for(c) - c.people - A_HAIR), by_rules(c), 0)


def beyond_people(c: CityStaffing) -> Shortage | None:
    """The shortage of a roster, where more people alone leave more of it than odd ends."""
    shortage = c.roster.shortage if c.roster else None
    if shortage is None or shortage.left / 2 <= A_LITTLE * c.shifts.wanted_hours:
        return None
    return shortage


def anybody(view: PlanView, c: CityStaffing) -> bool:
    """Whether people are missing, in ordinary time or in a surge."""
    return bool(people(view, c) or in_surge(view, c) or beyond_people(c))


def in_surge(view: PlanView, c: CityStaffing) -> int:
    """In the busiest week of a surge, by hours of work; 0 where that is not told in weeks."""
    return max(math.ceil((c.surge_people or 0.0) - c.people - A_HAIR), 0) if view.in_weeks else 0


def by_rules(c: CityStaffing) -> int:
    """People whom a roster within all rules lacks, by proof; 0 where none is lacking, or no number would do."""
    shortage = c.roster.shortage if c.roster and not beyond_people(c) else None
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
    if c.roster and (found := beyond_people(c)):
        said = w("lacking.beyond_people", hours=w.exact(c.roster.missing_hours), left=w.exact(found.left / 2),
                 needed=needed)
    bound = list(limits(view, w, c))
    key = "limits" if view.people_for(c) > c.people + A_HAIR else "not_hours"
    return said + (w(f"lacking.{key}", limits=w("lacking.between").join(bound)) if bound else "")


def limits(view: PlanView, w: Words, c: CityStaffing) -> Iterator[str]:
    """Those that keep the plan from what is needed, each in words."""
    if view.people_for(c) > c.people + A_HAIR:
        yield w("lacking.by_hours")
    found = beyond_people(c)
    if workplaces_bind(c) or (found and "workplaces" in found.binds):
        yield w("lacking.by_workplaces", most=c.shifts.at_most, workplaces=c.shifts.workplaces,
                hours=w.exact(c.shifts.missing_hours))
    if (n := by_rules(c)) and c.roster and c.roster.shortage:
        left = c.roster.shortage.left / 2
        yield w(f"lacking.by_rules{'_left' if left > A_LITTLE else ''}", n=n, left=w.few(left))
    yield from (w(f"lacking.by_{one}") for one in (found.binds if found else ()) if one != "workplaces")


# --- when ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Worst:
    """Of the moments that lack seats that at which most calls are not answered in time, and the hours around it that
    lack any."""

    start: datetime
    end: datetime
    at: datetime
    needed: int
    there: int
    days: tuple[datetime, ...]  # that lack any: that of the moment, then those on which most calls are not
    hours: float                # seat-hours, of all days


def worst(view: PlanView, name: str) -> Worst | None:
    """None where as many seats are on duty as are needed, at any time."""
    table = view.of_city(name)
    table = table.assign(lack=(table["needed"] - table["on_duty"]).clip(lower=0) * view.hours,
                         late=table["offered"] * (1 - table["within"]))
    short = table[table["lack"] > 0].sort_values(["late", "lack"], ascending=False, kind="stable")
    if short.empty:
        return None
    first = short.iloc[0]
    by_day = short.groupby("day")[["late", "lack"]].sum().sort_values(["late", "lack"], ascending=False, kind="stable")
    days = sorted(by_day.index, key=lambda day: day != first["day"])
    start, end = hours_around(table[table["day"] == first["day"]], first["start"])
    return Worst(start, end + timedelta(hours=view.hours), first["start"].to_pydatetime(), int(first["needed"]),
                 int(first["on_duty"]), tuple(pd.Timestamp(day).to_pydatetime() for day in days),
                 float(short["lack"].sum()))


def hours_around(day: pd.DataFrame, at: pd.Timestamp) -> tuple[datetime, datetime]:
    """The first and the last interval of a day in which seats are missing without a break until ``at`` and after it."""
    lacks = day["lack"] > 0
    times = (lacks != lacks.shift()).cumsum()
    around = day["start"][times == times[day["start"] == at].iloc[0]]
    return around.iloc[0].to_pydatetime(), around.iloc[-1].to_pydatetime()


def when(view: PlanView, w: Words, name: str) -> str:
    """At which moment callers feel it most that seats are missing, and on which days."""
    found = worst(view, name)
    if found is None:
        return w("lacking.never")
    others = [w.day(day) for day in found.days[1:]]
    next_to = w("lacking.next", days=w.list(others, MOST_DAYS, "lacking.more_days")) if others else ""
    return w("lacking.when", time=f"{w.day(found.start)} {w.times(found.start, found.end)}", at=f"{found.at:%H:%M}",
             needed=w.exact(found.needed), there=w.exact(found.there), days=len(found.days),
             hours=w.exact(found.hours), others=next_to)


def odd_ends(view: PlanView, w: Words, name: str) -> str:
    """What is missing where the target is kept and nobody is."""
    found = worst(view, name)
    return w("lacking.never") if found is None else w("lacking.odd_ends", days=len(found.days),
                                                      hours=w.exact(found.hours))


def all_day(view: PlanView, w: Words, name: str) -> list[str]:
    """Where a surge lacks people at nearly all hours, and callers wait at all of these: whoever is at work never waits
    for a call, so that it makes no difference which of them are manned."""
    table = view.of_city(name)
    if not view.cities[name].of_ordinary:
        return []
    lacks = table["needed"] > table["on_duty"]
    by_day = table.assign(lacks=lacks, calls=table["offered"].where(lacks, 0.0)).assign(
        in_time=lambda one: one["calls"] * one["within"]).groupby("day").agg(
        {"lacks": "mean", "calls": "sum", "in_time": "sum"})
    days = [pd.Timestamp(day).to_pydatetime() for day in by_day.index[
        (by_day["lacks"] >= NEARLY_ALL) & (by_day["in_time"] <= BUSY * by_day["calls"])]]
    return [w("lacking.all_day", days=in_a_row(w, days))] if days else []


def in_a_row(w: Words, days: Sequence[datetime]) -> str:
    """From the first to the last where none is left out, or else one by one."""
    one = timedelta(days=1)
    if days[-1] - days[0] == (len(days) - 1) * one:
        return w.period(days[0], days[-1] + one)
    return w.list([w.day(day) for day in days], 2 * MOST_DAYS, "lacking.more_days")
