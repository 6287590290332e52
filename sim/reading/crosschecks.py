"""What the parts of a scenario can get wrong about each other."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sim.reading.call_ins import wrong_call_ins
from sim.reading.conflicts import (
    Conflict,
    all_levers,
    at_most,
    callers_there_may_be,
    conflict,
    may_be_more,
    unknown,
)
from sim.reading.counted_shifts import wrong_shift_counts
from sim.reading.effects import (
    absences_without_effect,
    levers_without_effect,
    routing_without_effect,
    shifts_without_effect,
    surges_without_callers,
    too_slow,
)
from sim.reading.limits import crowded_intervals, laws_that_no_table_holds, too_large, too_many_callers, too_many_dials
from sim.reading.offers import idle_offers
from sim.reading.people_there import nobody_there
from sim.reading.planned_days import HALF_HOUR_S
from sim.reading.planned_rosters import wrong_planned_rosters
from sim.reading.records import wrong_records
from sim.reading.shift_rests import overlapping_shifts, shifts_in_a_row
from sim.reading.staff_table import wrong_staff_table
from sim.reading.staffing import people_for_levers
from sim.reading.who_answers import wrong_classes
from sim.reading.workforces import wrong_people
from sim.scenario.callers import POOL_KINDS
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import Lend
from sim.scenario.messages import say, some
from sim.scenario.problems import Where, shortly
from sim.scenario.quantities import plain
from sim.scenario.scenario import ALL, Scenario

DAY_HOURS = 24


def cross_checks(scenario: Scenario, whole: bool = True) -> Iterator[Conflict]:
    """Everything that one part of a file can get wrong about another.

    :param whole: whether all of the file is there, so that what lacks in it lacks.
    """
    names = [found for check in (unknown_cities, unknown_classes, unknown_profiles, unknown_shifts, nobody_lives_there)
             for found in check(scenario)]
    yield from names
    for check in (outside_horizon, spotlight_elsewhere, named_twice, shares_beyond_one, wrong_people, nobody_there,
                  wrong_shift_counts, wrong_classes, overlapping_shifts, shifts_in_a_row, wrong_planned_rosters,
                  wrong_records, wrong_agreement, wrong_staffing_terms, routing_without_effect,
                  shifts_without_effect, laws_that_no_table_holds):
        yield from check(scenario)
    sizes, callers = list(too_large(scenario)), list(too_many_callers(scenario))
    yield from sizes + callers
    yield from [] if callers else too_many_dials(scenario)
    if not sizes:  # what looks at every interval
        yield from levers_without_effect(scenario, whole)
        for check in (absences_without_effect, surges_without_callers):
            yield from check(scenario)
        table = list(wrong_staff_table(scenario))
        yield from table
        if whole and not table:
            calls = list(wrong_call_ins(scenario))
            yield from calls
            yield from [] if calls else people_for_levers(scenario)
        yield from crowded_intervals(scenario) if whole and not names and not callers else []


def in_list(lever: Any, field: str, name: str) -> Where:
    """Where in a lever a name stands: in a field, or in a field's list."""
    value = getattr(lever, field)
    return (field, value.index(name)) if isinstance(value, tuple) else (field,)


def unknown_cities(scenario: Scenario) -> Iterator[Conflict]:
    for where, lever in all_levers(scenario):
        for field, city in lever.cities_named():
            yield from unknown((*where, *in_list(lever, field, city)), say("city"), city, scenario.cities)
        if isinstance(lever, Lend) and lever.lender == lever.borrower:
            yield conflict((*where, "borrower"), say("a city cannot lend to itself"))
    for part in ("surges", "absences"):
        for i, item in enumerate(getattr(scenario, part)):
            yield from unknown((part, i, "city"), say("city"), item.city, (*scenario.cities, ALL))
    for i, city in enumerate(scenario.focus):
        yield from unknown(("focus", i), say("city"), city, scenario.cities)
    for city in scenario.planned:
        yield from unknown(("staff", "table"), say("city"), city, scenario.cities)


def unknown_classes(scenario: Scenario) -> Iterator[Conflict]:
    for where, lever in all_levers(scenario):
        for field, name in lever.classes_named():
            yield from unknown((*where, *in_list(lever, field, name)), say("class"), name, scenario.classes)
    for i, surge in enumerate(scenario.surges):
        yield from unknown(("surges", i, "class"), say("class"), surge.klass, scenario.classes)
    for name in scenario.everyday:
        yield from unknown(("everyday", name), say("class"), name, scenario.classes)
    for key, city in scenario.cities.items():
        for name in city.handle_times:
            yield from unknown(("cities", key, "handle_times", name), say("class"), name, scenario.classes)
    for name, klass in scenario.classes.items():
        for kind in klass.handle_factor:
            yield from unknown(("classes", name, "handle_factor", kind), say("kind of pool"), kind, POOL_KINDS)


def unknown_profiles(scenario: Scenario) -> Iterator[Conflict]:
    for name, demand in scenario.everyday.items():
        yield from unknown(("everyday", name, "profile"), say("profile"), demand.profile, scenario.profiles)
    for i, surge in enumerate(scenario.surges):
        yield from unknown(("surges", i, "profile"), say("profile"), surge.profile, scenario.profiles)


def nobody_lives_there(scenario: Scenario) -> Iterator[Conflict]:
    """A surge over all cities is spread by population."""
    if any(surge.city == ALL for surge in scenario.surges):
        for key, city in scenario.cities.items():
            if city.population is None or float(city.population) <= 0:
                yield conflict(("cities", key, "population"),
                               say("must be > 0, because a surge is spread over all cities"))


def unknown_shifts(scenario: Scenario) -> Iterator[Conflict]:
    for key, city in scenario.cities.items():
        if not scenario.workforce(key).groups:
            yield from unknown(("cities", key, "shifts"), say("plan of shifts"), city.shifts, scenario.shifts)


def spans(scenario: Scenario) -> Iterator[tuple[Where, datetime, datetime]]:
    """(where, start, end) of everything that has a time."""
    for where, lever in all_levers(scenario):
        if hasattr(lever, "span"):
            yield (*where, "from"), lever.start, lever.end
        elif hasattr(lever, "at"):
            yield (*where, "at"), lever.at, lever.at + timedelta(seconds=1)
    for i, absence in enumerate(scenario.absences):
        yield ("absences", i, "from"), absence.start, absence.end
    for i, surge in enumerate(scenario.surges):
        for day in surge.by_day:
            start = datetime(day.year, day.month, day.day)
            yield ("surges", i, "by_day", day.isoformat()), start, start + timedelta(days=1)
        for k, shock in enumerate(surge.shocks):
            yield ("surges", i, "shocks", k, "at"), shock.at, max(scenario.horizon.end, shock.at + timedelta(seconds=1))


def outside_horizon(scenario: Scenario) -> Iterator[Conflict]:
    for where, start, end in spans(scenario):
        if end <= start:
            yield conflict(where, say("must come before its end ({end})", end=f"{end:%Y-%m-%d %H:%M}"))
        elif end <= scenario.horizon.start or start >= scenario.horizon.end:
            at, first, last = (f"{at:%Y-%m-%d %H:%M}" for at in (start, scenario.horizon.start, scenario.horizon.end))
            yield conflict(where, say("{at} lies outside the horizon ({start} to {end})", at=at, start=first, end=last))


def spotlight_elsewhere(scenario: Scenario) -> Iterator[Conflict]:
    """Days that are not simulated, or that begin or end within an interval."""
    lit, horizon = scenario.spotlight, scenario.horizon
    if lit is None:
        return
    if lit.start < horizon.start or lit.end > horizon.end:
        first, last = (f"{at:%Y-%m-%d %H:%M}" for at in (horizon.start, horizon.end))
        yield conflict(("spotlight",), say("must lie within the horizon ({start} to {end})", start=first, end=last))
    elif any((end - horizon.start).total_seconds() % horizon.interval_s for end in (lit.start, lit.end)):
        yield conflict(("spotlight",), say("must be whole intervals of {minutes:g} min",
                                           minutes=horizon.interval_s / 60))


def named_twice(scenario: Scenario) -> Iterator[Conflict]:
    """Names that stand twice in a list of a lever, or among the cities in focus."""
    lists: list[tuple[Where, tuple[str, ...]]] = [(("focus",), scenario.focus)]
    for where, lever in all_levers(scenario):
        lists += [((*where, field), getattr(lever, field)) for field in ("cities", "classes") if hasattr(lever, field)]
    for where, names in lists:
        for i, name in enumerate(names):
            if name in names[:i]:
                yield conflict((*where, i), say("{name} stands here twice", name=shortly(name)))


def shares_beyond_one(scenario: Scenario) -> Iterator[Conflict]:
    total = sum(float(demand.share) for demand in scenario.everyday.values())
    if scenario.everyday and abs(total - 1) > 1e-6:
        yield conflict(("everyday",), say("the shares of the classes must add up to 1, got {total:g}", total=total))
    for name, shifts in scenario.shifts.items():
        for i, shift in enumerate(shifts):
            if float(shift.hours) > 24:
                yield conflict(("shifts", name, i, "hours"),
                               say("must be <= {most}, got {got}", most=24, got=f"{float(shift.hours):g}"))
        if sum(float(shift.share or 0) for shift in shifts) > 1 + 1e-9:
            yield conflict(("shifts", name), say("the shares must not add up to more than 1 (100 %)"))


def wrong_staffing_terms(scenario: Scenario) -> Iterator[Conflict]:
    """Whose people are planned, and shifts that fit the intervals."""
    terms = scenario.staffing
    for i, city in enumerate(terms.cities if terms else ()):
        yield from unknown(("staffing", "cities", i), say("city"), city, scenario.cities)
        if terms and city in terms.cities[:i]:
            yield conflict(("staffing", "cities", i), say("{name} stands here twice", name=shortly(city)))
    codes = [kind.code for kind in terms.shift_types] if terms else []
    handover = float(terms.handover) / 3600 if terms else 0.0
    for i, kind in enumerate(terms.shift_types if terms else ()):
        if kind.code in codes[:i]:
            yield conflict(("staffing", "shift_types", i, "code"), say("{name} stands here twice",
                                                                       name=shortly(kind.code)))
        times = (kind.every, kind.meal, *(plain(3600 * float(hours)) for hours in (*kind.hours, *kind.meal_after)))
        if any(float(seconds) % HALF_HOUR_S for seconds in times) or any(clock % 30 for clock in kind.start):
            yield conflict(("staffing", "shift_types", i), say("must start, end and eat at whole half hours"))
        if max(map(float, kind.hours)) + handover > DAY_HOURS:
            yield conflict(("staffing", "shift_types", i, "hours"), say("must be at most {most} h, handover included",
                                                                        most=DAY_HOURS))
        for city in (terms.cities or scenario.surged()) if terms else ():
            rules = scenario.workforce(city).rules
            works = max(map(float, kind.hours)) + handover - float(kind.meal) / 3600
            if works > rules.longest_day + 1e-9:
                yield conflict(("staffing", "shift_types", i, "hours"), say(
                    "{hours:g} h of work are more than one may work a day in {city}, {most:g} h with overtime ({rule})",
                    hours=works, city=city, most=rules.longest_day, rule=rules.overtime_day_special.cited))


def wrong_agreement(scenario: Scenario) -> Iterator[Conflict]:
    """Who may lend to whom, and when."""
    if scenario.lending is None:
        return
    terms, here = scenario.lending, ("lending",)
    for field in ("borrowers", "lenders", "licences", "floors"):
        for i, city in enumerate(getattr(terms, field) or ()):
            at = city if field in ("licences", "floors") else i
            yield from unknown((*here, field, at), say("city"), city, scenario.cities)
    for i, name in enumerate(terms.classes):
        yield from unknown((*here, "classes", i), say("class"), name, scenario.classes)
    for i, strike in enumerate(terms.second_surges):
        yield from unknown((*here, "second_surges", i, "city"), say("city"), strike.city, scenario.cities)
        yield from idle_strike(scenario, terms, i)
    if terms.block_s % scenario.horizon.interval_s:
        yield conflict((*here, "block"), say("must be whole intervals of {minutes:g} min",
                                             minutes=scenario.horizon.interval_s / 60))
    yield from nobody_to_lend(scenario, terms)
    yield from idle_terms(scenario, terms)


def idle_terms(scenario: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Terms of cities whom they do not concern, and of guests who hardly end a call."""
    if slow := too_slow(terms.speed):
        yield conflict(("lending", "speed"), slow)
    if not may_be_more(terms.presence):
        yield conflict(("lending", "presence"), say("0 does nothing: leave it out, or give a number above 0"))
    yield from classes_of_nobody(scenario, terms)
    yield from idle_offers(scenario, terms)
    for field, who, why in (("licences", terms.borrowers or scenario.surged(), say("borrows nothing: leave it out")),
                            ("floors", lenders_of(scenario, terms), say("lends nothing: leave it out"))):
        for city in getattr(terms, field):
            if city in scenario.cities and city not in who:
                yield conflict(("lending", field, city), say("{city} {why}", city=city, why=why))


def classes_of_nobody(scenario: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Guests who answer only matters of which nobody calls the borrowers."""
    borrowers, callers = terms.borrowers or scenario.surged(), callers_there_may_be(scenario)
    called = {klass for city in borrowers for klass in callers.get(city, ())}
    if called and terms.classes and not called & set(terms.classes):
        yield conflict(("lending", "classes"), say("nobody calls of these classes in {cities}",
                                                   cities=some(borrowers, 3)))


def lenders_of(scenario: Scenario, terms: Agreement) -> tuple[str, ...]:
    return terms.lenders_among(scenario.cities, terms.borrowers or scenario.surged())


def idle_strike(scenario: Scenario, terms: Agreement, i: int) -> Iterator[Conflict]:
    """A second surge must be able to meet seats that are away."""
    strike, here = terms.second_surges[i], ("lending", "second_surges", i)
    if strike.city in scenario.cities and strike.city not in lenders_of(scenario, terms):
        yield conflict((*here, "city"), say("{city} lends nothing: no plan changes if it is struck", city=strike.city))
    for field, least in (("times", 1.0), ("chance", 0.0)):
        if at_most(getattr(strike, field)) <= least:
            yield conflict((*here, field), say("must be above {least:g}, or it never strikes: leave it out",
                                               least=least))
    if strike.end <= terms.ready or strike.start >= min(terms.end, scenario.horizon.end):
        yield conflict((*here, "from"), say("no seat is away then: seats are lent from {ready:%Y-%m-%d %H:%M} to "
                                            "{end:%Y-%m-%d %H:%M}", ready=terms.ready,
                                            end=min(terms.end, scenario.horizon.end)))


def nobody_to_lend(scenario: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Lenders there must be, and they must have seats."""
    borrowers, lenders = terms.borrowers or scenario.surged(), lenders_of(scenario, terms)
    somebody = any(lender != borrower for lender in lenders for borrower in borrowers)
    if terms.lenders == ():
        yield conflict(("lending", "lenders"),
                       say("names nobody; name a city, or leave it out: all that do not borrow"))
    elif not somebody and not terms.offers and (terms.borrowers or terms.lenders):
        yield conflict(("lending",), say("nobody is left to lend: every city borrows; name borrowers and lenders"))
    for i, city in enumerate(terms.lenders or ()):
        if city in scenario.cities and float(scenario.cities[city].seats) - float(terms.keep) < 1:
            yield conflict(("lending", "lenders", i),
                           say("{city} has {seats:g} seats and keeps {keep:g}: it has none to lend", city=city,
                               seats=float(scenario.cities[city].seats), keep=float(terms.keep)))
