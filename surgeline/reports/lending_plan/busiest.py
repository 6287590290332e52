"""Each plan of the menu in a line: who lends to whom, and who is called in, on its busiest day."""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario
from surgeline.folders.lending_plan import LendingPlan, MenuEntry
from surgeline.folders.order_hours import Ordered, at_work, called_to_halls, city_of, number_of
from surgeline.reports.lending_plan import offered
from surgeline.reports.lending_plan.answer import variant_name
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Table
from surgeline.reports.page.words import Words

NAMES = 3   # cities by name where many do the same
NOTHING = 1e-9


class Stretch(NamedTuple):
    """A lever on a day: when, how many seats it lends, and how many people it has called in to a hall."""

    lever: Ordered
    begin: datetime
    end: datetime
    seats: float
    called: float

    @property
    def hours(self) -> float:
        return (self.end - self.begin) / timedelta(hours=1)


def table(done: LendingPlan, w: Words) -> Table:
    columns = (Column(w("plan.menu_plan"), "short"), Column(w("plan.busiest_day"), "short"),
               Column(w("plan.busiest_what"), "long"))
    rows = tuple(row(done, w, one) for one in done.manifest.menu)
    note = w.joined([w("plan.busiest_note"), w("plan.busiest_note_offered") if offered.is_offered(done) else ""])
    return Table(w("plan.busiest_table"), columns, rows, note, small=True)


def row(done: LendingPlan, w: Words, one: MenuEntry) -> tuple[Cell, ...]:
    name, found = w(f"stance.{one.name}"), busiest(done.manifest.scenario, one.levers)
    if not found:
        return name, w("number.none"), w("plan.busiest_nothing")
    return (name, w.day_short(found[0].begin),
            w("plan.then").join([*given(done, w, one), lent(done, w, found), called(done, w, found),
                                 *offered.clause(done, w, one.levers)]))


def given(done: LendingPlan, w: Words, one: MenuEntry) -> list[str]:
    """That a plan is what the scenario or a variant of it does already; nothing of others."""
    if one.variant is None:
        return []
    return [w("plan.menu_variant", name=variant_name(done, w, one.variant)) if one.variant else w("plan.menu_own")]


def busiest(scenario: Scenario, levers: Iterable[Ordered]) -> list[Stretch]:
    """What is done on the day on which most seats are lent at once, and of such days most hours are worked; of days
    that are as busy the first. Nothing where nothing is done."""
    days: dict[date, list[Stretch]] = defaultdict(list)
    for lever in levers:
        seats = number_of(lever) if isinstance(lever, Lend) else 0.0
        for begin, end in at_work(scenario, lever).stretches():
            days[begin.date()].append(Stretch(lever, begin, end, seats, called_to_halls(scenario, lever)))
    return days[max(sorted(days), key=lambda day: work(days[day]))] if days else []


def work(those: Sequence[Stretch]) -> tuple[float, float]:
    """Seats lent at once at the most, and hours of seats and of people in their own halls; a millionth was rounded."""
    seats = at_once((one.begin, one.end, one.seats) for one in those)
    return round(seats, 6), round(sum(number_of(one.lever) * one.hours for one in those), 6)


def lent(done: LendingPlan, w: Words, found: Sequence[Stretch]) -> str:
    """Who lends to whom, from when to when, and how many seats at once at the most."""
    those = [one for one in found if one.seats]
    lends = [one.lever for one in those if isinstance(one.lever, Lend)]
    if not those:
        return w("plan.busiest_no_lend")
    return w("plan.busiest_lend", lenders=cities(done, w, [one.lender for one in lends]), hours=hours(w, those),
             borrowers=cities(done, w, [one.borrower for one in lends]),
             seats=w.few(at_once((one.begin, one.end, one.seats) for one in those)))


def called(done: LendingPlan, w: Words, found: Sequence[Stretch]) -> str:
    """Who calls people in, for when, and how many are there at once at the most: whole people."""
    those = [one for one in found if one.called]
    if not those:
        return w("plan.busiest_no_call")
    most = at_once((one.begin, one.end, one.called) for one in those)
    return w("plan.busiest_call", cities=cities(done, w, [city_of(one.lever) for one in those]),
             hours=hours(w, those), people=w.exact(math.ceil(most - NOTHING)))


def cities(done: LendingPlan, w: Words, names: Iterable[str]) -> str:
    return w.cities([places.city(done.manifest.scenario, w, name) for name in dict.fromkeys(names)], NAMES)


def hours(w: Words, those: Sequence[Stretch]) -> str:
    """From the first beginning to the last end."""
    midnight = datetime.combine(those[0].begin.date(), time.min)
    first, last = min(one.begin for one in those), max(one.end for one in those)
    return w.times_of_day(*((at - midnight) // timedelta(minutes=1) for at in (first, last)))


def at_once(those: Iterable[tuple[datetime, datetime, float]]) -> float:
    """The most at any time."""
    parts = list(those)
    return max((sum(n for begin, end, n in parts if begin <= at < end) for at, *_ in parts), default=0.0)
