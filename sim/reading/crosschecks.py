"""What the parts of a scenario can get wrong about each other."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sim.agreement import Agreement
from sim.levers import Lend
from sim.problems import Where, shortly
from sim.scenario import ALL, METRIC_NAMES, POOL_KINDS, Observed, Scenario
from sim.tables import MOST_INTERVALS

MOST_FRESH_CALLERS = 200_000_000
# Intervals times queues and pools. From the World to the sums of a run a queue's cell takes some 250 bytes and a pool's
# some 85: 1.5 GiB at the most. The figures by interval that a run folder keeps come on top.
MOST_CELLS = 5_000_000
Conflict = tuple[Where, str, str | None, list[str]]
"""Where in the file, what is wrong, and for an unknown name: the name, and the names that exist."""


def cross_checks(scenario: Scenario) -> Iterator[Conflict]:
    """Everything that one part of a file can get wrong about another."""
    for check in (unknown_cities, unknown_classes, unknown_profiles, unknown_shifts, nobody_lives_there,
                  outside_horizon, lent_beyond_seats, demand_too_large, wrong_observations, shares_beyond_one,
                  wrong_agreement):
        yield from check(scenario)


def all_levers(scenario: Scenario) -> Iterator[tuple[Where, Any]]:
    for i, lever in enumerate(scenario.levers):
        yield ("levers", i), lever
    for name, variant in scenario.variants.items():
        for i, lever in enumerate(variant.levers):
            yield ("variants", name, "levers", i), lever


def unknown(where: Where, what: str, name: str, known: Any) -> Iterator[Conflict]:
    if name not in known:
        yield where, f"{shortly(name)} is no {what}", name, list(known)


def in_list(lever: Any, field: str, name: str) -> Where:
    """Where in a lever a name stands: in a field, or in a field's list."""
    value = getattr(lever, field)
    return (field, value.index(name)) if isinstance(value, tuple) else (field,)


def unknown_cities(s: Scenario) -> Iterator[Conflict]:
    for where, lever in all_levers(s):
        for field, city in lever.cities_named():
            yield from unknown((*where, *in_list(lever, field, city)), "city", city, s.cities)
        if isinstance(lever, Lend) and lever.lender == lever.borrower:
            yield (*where, "borrower"), "a city cannot lend to itself", None, []
    for part in ("surges", "absences"):
        for i, item in enumerate(getattr(s, part)):
            yield from unknown((part, i, "city"), "city", item.city, (*s.cities, ALL))
    for i, city in enumerate(s.focus):
        yield from unknown(("focus", i), "city", city, s.cities)
    for city in dict.fromkeys(c for _, row in (s.staff.rows if s.staff else ()) for c, _ in row):
        yield from unknown(("staff", "table"), "city", city, s.cities)


def unknown_classes(s: Scenario) -> Iterator[Conflict]:
    for where, lever in all_levers(s):
        for field, name in lever.classes_named():
            yield from unknown((*where, *in_list(lever, field, name)), "class", name, s.classes)
    for i, surge in enumerate(s.surges):
        yield from unknown(("surges", i, "class"), "class", surge.klass, s.classes)
    for name in s.everyday:
        yield from unknown(("everyday", name), "class", name, s.classes)
    for name, klass in s.classes.items():
        for kind in klass.handle_factor:
            yield from unknown(("classes", name, "handle_factor", kind), "kind of pool", kind, POOL_KINDS)


def unknown_profiles(s: Scenario) -> Iterator[Conflict]:
    for name, demand in s.everyday.items():
        yield from unknown(("everyday", name, "profile"), "profile", demand.profile, s.profiles)
    for i, surge in enumerate(s.surges):
        yield from unknown(("surges", i, "profile"), "profile", surge.profile, s.profiles)


def nobody_lives_there(s: Scenario) -> Iterator[Conflict]:
    """A surge over all cities is spread by population."""
    if any(surge.city == ALL for surge in s.surges):
        for key, city in s.cities.items():
            if city.population is None or float(city.population) <= 0:
                yield ("cities", key, "population"), "must be > 0, because a surge is spread over all cities", None, []


def unknown_shifts(s: Scenario) -> Iterator[Conflict]:
    for key, city in s.cities.items():
        yield from unknown(("cities", key, "shifts"), "plan of shifts", city.shifts, s.shifts)


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
    for i, observed in enumerate(s.observed):
        start, end = observed.start or s.horizon.start, observed.end or s.horizon.end
        yield ("observed", i, "from"), start, end


def outside_horizon(s: Scenario) -> Iterator[Conflict]:
    for where, start, end in spans(s):
        if end <= start:
            yield where, f"must come before its end ({end:%Y-%m-%d %H:%M})", None, []
        elif end <= s.horizon.start or start >= s.horizon.end:
            yield where, (f"{start:%Y-%m-%d %H:%M} lies outside the horizon "
                          f"({s.horizon.start:%Y-%m-%d %H:%M} to {s.horizon.end:%Y-%m-%d %H:%M})"), None, []


def lent_beyond_seats(s: Scenario) -> Iterator[Conflict]:
    """At the start of each loan, all seats that its lender has lent then and at the same hours."""
    lists: dict[Where, tuple[Any, ...]] = {("levers",): s.levers}
    lists |= {("variants", k, "levers"): v.levers for k, v in s.variants.items()}
    for where, levers in lists.items():
        for lender, city in s.cities.items():
            loans = [(i, lever.start, lever.end, clock_minutes(lever.hours), float(lever.seats))
                     for i, lever in enumerate(levers) if isinstance(lever, Lend) and lever.lender == lender]
            has = float(city.seats)
            for i, at, _, minutes, _ in loans:
                out = sum(seats for _, start, end, theirs, seats in loans if start <= at < end and minutes & theirs)
                if out > has:
                    yield (*where, i, "seats"), f"{lender} lends {out:g} seats at once but has {has:g}", None, []


def clock_minutes(hours: tuple[int, int]) -> int:
    """The minutes of the day between two times, one bit each."""
    first, last = hours
    day = (1 << 1440) - 1
    return (1 << last) - (1 << first) if first < last else day - ((1 << first) - (1 << last))


def demand_too_large(s: Scenario) -> Iterator[Conflict]:
    """A clear refusal beats a machine without memory."""
    intervals, pools = s.horizon.intervals, max(map(number_of_pools, (s, *map(s.variant, s.variants))))
    cells = intervals * (len(s.cities) * len(s.classes) + pools)
    if cells > MOST_CELLS or intervals >= MOST_INTERVALS:
        yield ("horizon", "interval"), (f"{intervals:,} intervals for {len(s.cities)} cities, {len(s.classes)} classes "
                                        f"and {pools} pools are too many: take a longer interval or a shorter "
                                        "horizon"), None, []
    parts = callers_by_part(s)
    total, largest = sum(parts.values()), max(parts, key=lambda where: parts[where])
    if total > MOST_FRESH_CALLERS:
        yield largest, (f"with this, {total:,.0f} people call; at most {MOST_FRESH_CALLERS:,} can be simulated "
                        "in one run"), None, []


def number_of_pools(s: Scenario) -> int:
    """Each city's own, and one for guests who are alike in all but their number and their time."""
    guests = s.with_levers().pools
    return len(s.cities) + len({(one.name, one.kind, one.serves, one.classes, one.both, one.first) for one in guests})


def callers_by_part(s: Scenario) -> dict[Where, float]:
    """How many people each part of the file makes call, over the whole horizon."""
    days = (s.horizon.end - s.horizon.start) / timedelta(days=1)
    level = days * float(s.everyday_level)
    parts: dict[Where, float] = {("cities", key, "calls_a_day"): level * float(city.calls_a_day)
                                 for key, city in s.cities.items()}
    for i, surge in enumerate(s.surges):
        parts["surges", i] = (
            sum(map(float, surge.by_day.values())) + sum(float(shock.callers) for shock in surge.shocks)
            + sum(callers for _, callers in surge.rows)
            + (days * float(surge.life_cycle.callers_a_day) if surge.life_cycle else 0))
    return parts


def wrong_observations(s: Scenario) -> Iterator[Conflict]:
    names = [f"{name}_{float(s.answered_within):g}s" if name == "answered_within" else name for name in METRIC_NAMES]
    for i, observed in enumerate(s.observed):
        yield from unknown(("observed", i, "metric"), "metric", observed.metric, names)
        if observed.against is not None:
            yield from unknown(("observed", i, "against"), "variant", observed.against, s.variants)
        kind, _, name = observed.scope.partition(":")
        known = {"city": s.cities, "class": s.classes}.get(kind)
        if known is not None:
            for part in name.split("+"):
                yield from unknown(("observed", i, "scope"), kind, part, known)
        elif kind != "pool" and observed.scope != "province":
            yield ("observed", i, "scope"), "must be province, city:NAME, class:NAME or pool:NAME", None, []
        elif kind == "pool":
            yield from unknown(("observed", i, "scope"), "pool", name, pool_names(s))
        yield from between_intervals(s, i, observed)


def pool_names(s: Scenario) -> list[str]:
    """Pools of the scenario under its own levers: a city's own has the city's name."""
    return list(dict.fromkeys((*s.cities, *(pool.name for pool in s.with_levers().pools))))


def between_intervals(s: Scenario, i: int, observed: Observed) -> Iterator[Conflict]:
    """A record is of whole intervals."""
    for name, at in (("from", observed.start), ("to", observed.end)):
        if at is not None and (at - s.horizon.start).total_seconds() % s.horizon.interval_s:
            yield ("observed", i, name), (f"{at:%Y-%m-%d %H:%M} is not where an interval of "
                                          f"{s.horizon.interval_s / 60:g} min starts"), None, []


def shares_beyond_one(s: Scenario) -> Iterator[Conflict]:
    total = sum(float(demand.share) for demand in s.everyday.values())
    if s.everyday and abs(total - 1) > 1e-6:
        yield ("everyday",), f"the shares of the classes must add up to 1, got {total:g}", None, []
    for name, shifts in s.shifts.items():
        for i, shift in enumerate(shifts):
            if float(shift.hours) > 24:
                yield ("shifts", name, i, "hours"), f"must be <= 24, got {float(shift.hours):g}", None, []
        if sum(float(shift.share) for shift in shifts) > 1 + 1e-9:
            yield ("shifts", name), "the shares must not add up to more than 1 (100 %)", None, []


def wrong_agreement(s: Scenario) -> Iterator[Conflict]:
    """Who may lend to whom, and when."""
    if s.lending is None:
        return
    terms, here = s.lending, ("lending",)
    for field in ("borrowers", "lenders", "licences", "floors"):
        for i, city in enumerate(getattr(terms, field) or ()):
            yield from unknown((*here, field, city if field in ("licences", "floors") else i), "city", city, s.cities)
    for i, pair in enumerate(terms.pairs):
        for k, city in enumerate(pair):
            yield from unknown((*here, "pairs", i, k), "city", city, s.cities)
        if pair[0] == pair[1]:
            yield (*here, "pairs", i), "a city cannot lend to itself", None, []
    for i, name in enumerate(terms.classes):
        yield from unknown((*here, "classes", i), "class", name, s.classes)
    for i, strike in enumerate(terms.strikes):
        yield from unknown((*here, "strikes", i, "city"), "city", strike.city, s.cities)
        yield from idle_strike(s, terms, i)
    if terms.block_s % s.horizon.interval_s:
        yield (*here, "block"), f"must be whole intervals of {s.horizon.interval_s / 60:g} min", None, []
    yield from nobody_to_lend(s, terms)


def lenders_of(s: Scenario, terms: Agreement) -> tuple[str, ...]:
    return tuple(pair[0] for pair in terms.pairs) or terms.lenders_among(s.cities, terms.borrowers or s.surged())


def idle_strike(s: Scenario, terms: Agreement, i: int) -> Iterator[Conflict]:
    """A second surge must be able to meet seats that are away."""
    strike, here = terms.strikes[i], ("lending", "strikes", i)
    if strike.city in s.cities and strike.city not in lenders_of(s, terms):
        yield (*here, "city"), f"{strike.city} lends nothing: no plan changes if it is struck", None, []
    if strike.end <= terms.ready or strike.start >= min(terms.end, s.horizon.end):
        yield (*here, "from"), (f"no seat is away then: seats are lent from {terms.ready:%Y-%m-%d %H:%M} to "
                                f"{min(terms.end, s.horizon.end):%Y-%m-%d %H:%M}"), None, []


def nobody_to_lend(s: Scenario, terms: Agreement) -> Iterator[Conflict]:
    """Lenders there must be, and they must have seats."""
    borrowers, lenders = terms.borrowers or s.surged(), lenders_of(s, terms)
    somebody = terms.pairs or any(lender != borrower for lender in lenders for borrower in borrowers)
    if terms.lenders == () and not terms.pairs:
        yield ("lending", "lenders"), "names nobody; name a city, or leave it out: all that do not borrow", None, []
    elif not somebody and (terms.borrowers or terms.lenders):
        yield ("lending",), "nobody is left to lend: every city borrows; name borrowers and lenders", None, []
    alone = () if terms.pairs else terms.lenders or ()
    named: dict[Where, str] = {("lending", "lenders", i): city for i, city in enumerate(alone)}
    named |= {("lending", "pairs", i, 0): pair[0] for i, pair in enumerate(terms.pairs)}
    for where, city in named.items():
        if city in s.cities and float(s.cities[city].seats) - float(terms.keep) < 1:
            yield where, (f"{city} has {float(s.cities[city].seats):g} seats and keeps {float(terms.keep):g}: "
                          "it has none to lend"), None, []
