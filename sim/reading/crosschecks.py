"""What the parts of a scenario can get wrong about each other."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sim.reading.conflicts import Conflict, all_levers, conflict, unknown
from sim.reading.effects import (
    absences_without_effect,
    levers_without_effect,
    routing_without_effect,
    shifts_without_effect,
    surges_without_callers,
    too_slow,
)
from sim.reading.limits import crowded_intervals, laws_that_no_table_holds, too_large, too_many_callers, too_many_dials
from sim.reading.records import wrong_records
from sim.reading.staffing import people_for_levers, wrong_staff_table
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import Lend
from sim.scenario.messages import say
from sim.scenario.problems import Where, shortly
from sim.scenario.scenario import ALL, POOL_KINDS, Scenario


def cross_checks(s: Scenario, whole: bool = True) -> Iterator[Conflict]:
    """Everything that one part of a file can get wrong about another.

    :param whole: whether all of the file is there, so that what lacks in it lacks.
    """
    names = [found for check in (unknown_cities, unknown_classes, unknown_profiles, unknown_shifts, nobody_lives_there)
             for found in check(s)]
    yield from names
    for check in (outside_horizon, spotlight_elsewhere, named_twice, shares_beyond_one, wrong_records, wrong_agreement,
                  routing_without_effect, shifts_without_effect, laws_that_no_table_holds):
        yield from check(s)
    sizes, callers = list(too_large(s)), list(too_many_callers(s))
    yield from sizes + callers
    yield from [] if callers else too_many_dials(s)
    if not sizes:  # what looks at every interval
        yield from levers_without_effect(s, whole)
        for check in (absences_without_effect, surges_without_callers):
            yield from check(s)
        table = list(wrong_staff_table(s))
        yield from table
        yield from people_for_levers(s) if whole and not table else []
        yield from crowded_intervals(s) if whole and not names and not callers else []


def in_list(lever: Any, field: str, name: str) -> Where:
    """Where in a lever a name stands: in a field, or in a field's list."""
    value = getattr(lever, field)
    return (field, value.index(name)) if isinstance(value, tuple) else (field,)


def unknown_cities(s: Scenario) -> Iterator[Conflict]:
    for where, lever in all_levers(s):
        for field, city in lever.cities_named():
            yield from unknown((*where, *in_list(lever, field, city)), say("city"), city, s.cities)
        if isinstance(lever, Lend) and lever.lender == lever.borrower:
            yield conflict((*where, "borrower"), say("a city cannot lend to itself"))
    for part in ("surges", "absences"):
        for i, item in enumerate(getattr(s, part)):
            yield from unknown((part, i, "city"), say("city"), item.city, (*s.cities, ALL))
    for i, city in enumerate(s.focus):
        yield from unknown(("focus", i), say("city"), city, s.cities)
    for city in dict.fromkeys(c for _, row in (s.staff.rows if s.staff else ()) for c, _ in row):
        yield from unknown(("staff", "table"), say("city"), city, s.cities)


def unknown_classes(s: Scenario) -> Iterator[Conflict]:
    for where, lever in all_levers(s):
        for field, name in lever.classes_named():
            yield from unknown((*where, *in_list(lever, field, name)), say("class"), name, s.classes)
    for i, surge in enumerate(s.surges):
        yield from unknown(("surges", i, "class"), say("class"), surge.klass, s.classes)
    for name in s.everyday:
        yield from unknown(("everyday", name), say("class"), name, s.classes)
    for key, city in s.cities.items():
        for name in city.handle_times:
            yield from unknown(("cities", key, "handle_times", name), say("class"), name, s.classes)
    for name, klass in s.classes.items():
        for kind in klass.handle_factor:
            yield from unknown(("classes", name, "handle_factor", kind), say("kind of pool"), kind, POOL_KINDS)


def unknown_profiles(s: Scenario) -> Iterator[Conflict]:
    for name, demand in s.everyday.items():
        yield from unknown(("everyday", name, "profile"), say("profile"), demand.profile, s.profiles)
    for i, surge in enumerate(s.surges):
        yield from unknown(("surges", i, "profile"), say("profile"), surge.profile, s.profiles)


def nobody_lives_there(s: Scenario) -> Iterator[Conflict]:
    """A surge over all cities is spread by population."""
    if any(surge.city == ALL for surge in s.surges):
        for key, city in s.cities.items():
            if city.population is None or float(city.population) <= 0:
                yield conflict(("cities", key, "population"),
                               say("must be > 0, because a surge is spread over all cities"))


def unknown_shifts(s: Scenario) -> Iterator[Conflict]:
    for key, city in s.cities.items():
        yield from unknown(("cities", key, "shifts"), say("plan of shifts"), city.shifts, s.shifts)


def spans(s: Scenario) -> Iterator[tuple[Where, datetime, datetime]]:
    """(where, start, end) of everything that has a time."""
    for where, lever in all_levers(s):
        if hasattr(lever, "span"):
            yield (*where, "from"), lever.start, lever.end
        elif hasattr(lever, "at"):
            yield (*where, "at"), lever.at, lever.at + timedelta(seconds=1)
    for i, absence in enumerate(s.absences):
        yield ("absences", i, "from"), absence.start, absence.end
    for i, surge in enumerate(s.surges):
        for day in surge.by_day:
            start = datetime(day.year, day.month, day.day)
            yield ("surges", i, "by_day", day.isoformat()), start, start + timedelta(days=1)
        for k, shock in enumerate(surge.shocks):
            yield ("surges", i, "shocks", k, "at"), shock.at, max(s.horizon.end, shock.at + timedelta(seconds=1))


def outside_horizon(s: Scenario) -> Iterator[Conflict]:
    for where, start, end in spans(s):
        if end <= start:
            yield conflict(where, say("must come before its end ({end})", end=f"{end:%Y-%m-%d %H:%M}"))
        elif end <= s.horizon.start or start >= s.horizon.end:
            at, first, last = (f"{at:%Y-%m-%d %H:%M}" for at in (start, s.horizon.start, s.horizon.end))
            yield conflict(where, say("{at} lies outside the horizon ({start} to {end})", at=at, start=first, end=last))


def spotlight_elsewhere(s: Scenario) -> Iterator[Conflict]:
    """Days that are not simulated, or that begin or end within an interval."""
    lit, horizon = s.spotlight, s.horizon
    if lit is None:
        return
    if lit.start < horizon.start or lit.end > horizon.end:
        first, last = (f"{at:%Y-%m-%d %H:%M}" for at in (horizon.start, horizon.end))
        yield conflict(("spotlight",), say("must lie within the horizon ({start} to {end})", start=first, end=last))
    elif any((end - horizon.start).total_seconds() % horizon.interval_s for end in (lit.start, lit.end)):
        yield conflict(("spotlight",), say("must be whole intervals of {minutes:g} min",
                                           minutes=horizon.interval_s / 60))


def named_twice(s: Scenario) -> Iterator[Conflict]:
    """Names that stand twice in a list of a lever, or among the cities in focus."""
    lists: list[tuple[Where, tuple[str, ...]]] = [(("focus",), s.focus)]
    for where, lever in all_levers(s):
        lists += [((*where, field), getattr(lever, field)) for field in ("cities", "classes") if hasattr(lever, field)]
    for where, names in lists:
        for i, name in enumerate(names):
            if name in names[:i]:
                yield conflict((*where, i), say("{name} stands here twice", name=shortly(name)))


def shares_beyond_one(s: Scenario) -> Iterator[Conflict]:
    total = sum(float(demand.share) for demand in s.everyday.values())
    if s.everyday and abs(total - 1) > 1e-6:
        yield conflict(("everyday",), say("the shares of the classes must add up to 1, got {total:g}", total=total))
    for name, shifts in s.shifts.items():
        for i, shift in enumerate(shifts):
            if float(shift.hours) > 24:
                yield conflict(("shifts", name, i, "hours"),
                               say("must be <= {most}, got {got}", most=24, got=f"{float(shift.hours):g}"))
        if sum(float(shift.share) for shift in shifts) > 1 + 1e-9:
            yield conflict(("shifts", name), say("the shares must not add up to more than 1 (100 %)"))


def wrong_agreement(s: Scenario) -> Iterator[Conflict]:
    """Who may lend to whom, and when."""
    if s.lending is None:
        return
    terms, here = s.lending, ("lending",)
    for field in ("borrowers", "lenders", "licences", "floors"):
        for i, city in enumerate(getattr(terms, field) or ()):
            at = city if field in ("licences", "floors") else i
            yield from unknown((*here, field, at), say("city"), city, s.cities)
    for i, name in enumerate(terms.classes):
        yield from unknown((*here, "classes", i), say("class"), name, s.classes)
    for i, strike in enumerate(terms.second_surges):
        yield from unknown((*here, "second_surges", i, "city"), say("city"), strike.city, s.cities)
        yield from idle_strike(s, terms, i)
    if terms.block_s % s.horizon.interval_s:
        yield conflict((*here, "block"), say("must be whole intervals of {minutes:g} min",
                                             minutes=s.horizon.interval_s / 60))
    yield from nobody_to_lend(s, terms)
    yield from idle_terms(s, terms)


def idle_terms(s: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Terms of cities whom they do not concern, and of guests who hardly end a call."""
    if slow := too_slow(terms.speed):
        yield conflict(("lending", "speed"), slow)
    for field, who, why in (("licences", terms.borrowers or s.surged(), say("borrows nothing: leave it out")),
                            ("floors", lenders_of(s, terms), say("lends nothing: leave it out"))):
        for city in getattr(terms, field):
            if city in s.cities and city not in who:
                yield conflict(("lending", field, city), say("{city} {why}", city=city, why=why))


def lenders_of(s: Scenario, terms: Agreement) -> tuple[str, ...]:
    return terms.lenders_among(s.cities, terms.borrowers or s.surged())


def idle_strike(s: Scenario, terms: Agreement, i: int) -> Iterator[Conflict]:
    """A second surge must be able to meet seats that are away."""
    strike, here = terms.second_surges[i], ("lending", "second_surges", i)
    if strike.city in s.cities and strike.city not in lenders_of(s, terms):
        yield conflict((*here, "city"), say("{city} lends nothing: no plan changes if it is struck", city=strike.city))
    if strike.end <= terms.ready or strike.start >= min(terms.end, s.horizon.end):
        yield conflict((*here, "from"), say("no seat is away then: seats are lent from {ready:%Y-%m-%d %H:%M} to "
                                            "{end:%Y-%m-%d %H:%M}", ready=terms.ready,
                                            end=min(terms.end, s.horizon.end)))


def nobody_to_lend(s: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Lenders there must be, and they must have seats."""
    borrowers, lenders = terms.borrowers or s.surged(), lenders_of(s, terms)
    somebody = any(lender != borrower for lender in lenders for borrower in borrowers)
    if terms.lenders == ():
        yield conflict(("lending", "lenders"),
                       say("names nobody; name a city, or leave it out: all that do not borrow"))
    elif not somebody and (terms.borrowers or terms.lenders):
        yield conflict(("lending",), say("nobody is left to lend: every city borrows; name borrowers and lenders"))
    for i, city in enumerate(terms.lenders or ()):
        if city in s.cities and float(s.cities[city].seats) - float(terms.keep) < 1:
            yield conflict(("lending", "lenders", i),
                           say("{city} has {seats:g} seats and keeps {keep:g}: it has none to lend", city=city,
                               seats=float(s.cities[city].seats), keep=float(terms.keep)))
