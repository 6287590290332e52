"""Against the order in force: which seats, which people called in, and whom of others change on the day that is planned
first."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

from sim.scenario.lending_terms import OFFERS, is_planned
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from sim.scenario.scenario import Scenario
from surgeline.folders.from_record import FromRecord
from surgeline.folders.lending_plan import LendingPlan
from surgeline.folders.order_hours import Ordered, Row, added, at_work, called_to_halls, city_of, number_of, row_of
from surgeline.reports.lending_plan import offered
from surgeline.reports.lending_plan.orders import Hours, clock, hours_of_day
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import HARD_SPACE, Words

Key = TypeVar("Key")


def section(done: LendingPlan, w: Words) -> Section | None:
    """Nothing where a plan starts from no record."""
    record = done.manifest.record
    return None if record is None else changes(done, record, w)


def changes(done: LendingPlan, record: FromRecord, w: Words) -> Section:
    """A row for each pair of cities whose seats change, for each city whose people called in do, and for all others."""
    day = w.day(datetime.combine(record.tomorrow, time.min))
    if not record.in_force and not record.called and not record.others:
        return Section(w("today.changes_title"), w("today.no_order", day=day))
    said, tables = zip(*(of(done, record, w, day) for of in (of_seats, of_people, of_others)), strict=True)
    return Section(w("today.changes_title"), w.joined(said), tuple(table for some in tables for table in some))


# --- seats -----------------------------------------------------------------------------------------------------------

def of_seats(done: LendingPlan, record: FromRecord, w: Words, day: str) -> tuple[str, tuple[Table, ...]]:
    """What changes in a sentence, and pair by pair."""
    of_day = orders_of(done, record.tomorrow)
    columns = (Column(w("plan.lender"), "short"), Column(w("plan.borrower"), "short"), Column(w("today.hours"), "long"),
               *(Column(w(f"today.{name}"), "number") for name in ("before", "now", "change")))
    found = [changed(done, record.in_force, of_day, pair, w) for pair in pairs((*record.in_force, *of_day))]
    rows = tuple(row for row in found if row is not None)
    if not rows:
        return w("today.no_changes", day=day), ()
    return (w("today.changes_lead", day=day, before=w.exact(seat_hours(record.in_force)),
              now=w.exact(seat_hours(of_day))),
            (Table(w("today.changes_table", day=day), columns, rows, w("today.changes_note"), small=True),))


def orders_of(done: LendingPlan, day: date) -> tuple[Lend, ...]:
    """What the plan lends on a day."""
    return tuple(lever for lever in done.manifest.lends if is_on(lever, day))


def changed(done: LendingPlan, before: tuple[Lend, ...], now: tuple[Lend, ...], pair: tuple[str, str],
            w: Words) -> tuple[Cell, ...] | None:
    """The hours of a pair of cities in which seats change, and its seat-hours; nothing where none do."""
    was, will = hours(before, pair), hours(now, pair)
    stints = told(w, "today.stint", differences(was, will), w.exact)
    if not stints:
        return None
    old, new = added_up(was), added_up(will)
    return (*(places.city(done.manifest.scenario, w, city) for city in pair), w.list(stints), w.exact(old),
            w.exact(new), w.change(new - old))


def is_on(lever: Lend, day: date) -> bool:
    return lever.start.date() <= day and lever.end > datetime.combine(day, time.min)


def pairs(levers: tuple[Lend, ...]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((lever.lender, lever.borrower) for lever in levers))


def hours(levers: tuple[Lend, ...], pair: tuple[str, str]) -> Hours:
    return hours_of_day([lever for lever in levers if (lever.lender, lever.borrower) == pair])


def seat_hours(levers: tuple[Lend, ...]) -> float:
    return sum(added_up(hours(levers, pair)) for pair in pairs(levers))


# --- people who are called in ----------------------------------------------------------------------------------------

def of_people(done: LendingPlan, record: FromRecord, w: Words, day: str) -> tuple[str, tuple[Table, ...]]:
    """What changes in a sentence, and city by city; nothing where nobody is called in before or now, or it is not known
    who was."""
    if record.called is None:
        return "", ()
    s, on = done.manifest.scenario, record.tomorrow
    was = called_by_city(s, (*record.in_force, *record.called), on)
    own = [one for one in s.levers if isinstance(one, CallIn)]
    will = called_by_city(s, (*own, *done.manifest.levers), on)
    rows = tuple(row for city in dict.fromkeys((*was, *will))
                 for row in people_row(done, w, city, was.get(city, []), will.get(city, [])))
    if not rows:
        return w("today.no_changes_people") if was else "", ()
    columns = (Column(w("order.city"), "short"), Column(w("today.people_hours_column"), "long"),
               *(Column(w(f"today.{name}"), "number") for name in ("people_before", "now", "change")))
    (before, most_before), (now, most_now) = both(w, was.values()), both(w, will.values())
    return (w("today.changes_people", before=before, now=now, most_before=most_before, most_now=most_now),
            (Table(w("today.people_table", day=day), columns, rows, w("today.people_note"), small=True),))


def people_row(done: LendingPlan, w: Words, city: str, was: Hours, will: Hours) -> list[tuple[Cell, ...]]:
    """The hours in which a city has other people called in, and people-hours; none where nothing changes."""
    found = changed_hours(w, "today.people_stint", was, will)
    return [(places.city(done.manifest.scenario, w, city), *found)] if found else []


def called_by_city(scenario: Scenario, levers: Iterable[Ordered], day: date) -> dict[str, Hours]:
    """By city: people called in on a day, at lent seats or in the own hall, one stint after another. Of people at home
    orders in force say nothing."""
    return of_day(scenario, day, ((city_of(one), one, called_to_halls(scenario, one)) for one in levers))


def of_day(scenario: Scenario, day: date, levers: Iterable[tuple[Key, Ordered, float]]) -> dict[Key, Hours]:
    """By what each lever and its seats or people belong to: how many there are on a day, one stint after another."""
    found: dict[Key, list[tuple[int, int, float]]] = {}
    midnight, minute = datetime.combine(day, time.min), timedelta(minutes=1)
    for key, one, number in levers:
        found.setdefault(key, []).extend(
            ((begin - midnight) // minute, (end - midnight) // minute, number)
            for begin, end in at_work(scenario, one).stretches() if number and begin.date() == day)
    return {key: list(added(parts)) for key, parts in found.items() if parts}


def both(w: Words, cities: Iterable[Hours]) -> tuple[str, str]:
    """People-hours of all cities, and people at once at the most."""
    every = [stint for hours in cities for stint in hours]
    most = max((at(every, start) for start, _, _ in every), default=0.0)
    return w.exact(added_up(every)), w.few(most)


# --- others ----------------------------------------------------------------------------------------------------------

def of_others(done: LendingPlan, record: FromRecord, w: Words, day: str) -> tuple[str, tuple[Table, ...]]:
    """What changes of desks, volunteers and people at home in a sentence, and one by one; nothing where there are none
    before or now, or it is not known who was there."""
    if record.others is None:
        return "", ()
    s, on = done.manifest.scenario, record.tomorrow
    kept = [one for one in s.levers if isinstance(one, OFFERS) and not is_planned(one, s.lending)]
    ordered = [one for one in done.manifest.levers if isinstance(one, OFFERS)]
    was, will = (of_day(s, on, ((row_of(one), one, number_of(one)) for one in those))
                 for those in (record.others, [*kept, *ordered]))
    rows = tuple(row for key in dict.fromkeys((*was, *will))
                 for row in others_row(done, w, key, was.get(key, []), will.get(key, [])))
    if not rows:
        return w("today.no_changes_others") if was else "", ()
    columns = (Column(w("order.city"), "short"), Column(w("order.what"), "short"),
               Column(w("today.others_hours_column"), "long"),
               *(Column(w(f"today.{name}"), "number") for name in ("others_before", "now", "change")))
    before, now = (w.exact(sum(map(added_up, those.values()))) for those in (was, will))
    return (w("today.changes_others", before=before, now=now),
            (Table(w("today.others_table", day=day), columns, rows, w("today.others_note"), small=True),))


def others_row(done: LendingPlan, w: Words, key: Row, was: Hours, will: Hours) -> list[tuple[Cell, ...]]:
    """The hours in which a city has more or fewer of others, and their hours; none where nothing changes."""
    found = changed_hours(w, "today.others_stint", was, will)
    what = w(f"order.brings_{key.kind}", desk=offered.desk(done, w, key.name))
    return [(places.city(done.manifest.scenario, w, key.city), what, *found)] if found else []


# --- hours of a day --------------------------------------------------------------------------------------------------

def changed_hours(w: Words, key: str, was: Hours, will: Hours) -> tuple[Cell, ...]:
    """When there are more or fewer, hours before, now, and the change; nothing where nothing changes."""
    stints = told(w, key, differences(was, will), w.few)
    old, new = added_up(was), added_up(will)
    return (w.list(stints), w.exact(old), w.exact(new), w.change(new - old)) if stints else ()


def told(w: Words, key: str, found: Sequence[tuple[int, int, float, float]],
         write: Callable[[float], str]) -> list[str]:
    """From when to when, how many before and now."""
    return [w(key, start=clock(start), end=clock(end), before=write(old), now=write(new)).replace(" ", HARD_SPACE)
            for start, end, old, new in found]


def differences(before: Hours, now: Hours) -> list[tuple[int, int, float, float]]:
    """(from, to, seats before, seats now) where these differ."""
    edges = sorted({edge for start, end, _ in (*before, *now) for edge in (start, end)})
    found = [(start, end, at(before, start), at(now, start)) for start, end in pairwise(edges)]
    return [one for one in found if one[2] != one[3]]


def at(hours: Hours, minute: int) -> float:
    return sum(seats for start, end, seats in hours if start <= minute < end)


def added_up(stints: Hours) -> float:
    """Hours of seats, or of people, of a day."""
    return sum((end - start) / 60 * seats for start, end, seats in stints)
