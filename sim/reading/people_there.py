"""Whether anybody is there: groups all of whom are away, rotas without a shift, rosters of more people than there are;
and names by which nobody could tell groups, or cities' people, apart."""
from __future__ import annotations

import math
from collections.abc import Iterator

from sim.reading.conflicts import Conflict, at_most, conflict
from sim.reading.workforces import by_shares
from sim.scenario.messages import say
from sim.scenario.people import AGENTS, LEAVE, OFF, SHORTEST, WEEK, CallInTerms, Group, Roster, Workforce, folded
from sim.scenario.problems import Where, shortly
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import ALL, Scenario

DAY_H = 24
FEWEST = 1e-6  # of a share, of a person


def nobody_there(scenario: Scenario) -> Iterator[Conflict]:
    """Everything by which a city has nobody, or more people than it has."""
    yield from always_absent(scenario)
    yield from empty_plans(scenario)
    yield from idle_rotas(scenario)
    yield from codes_twice(scenario)
    yield from days_said_twice(scenario)
    yield from rosters_of_two(scenario)
    for city, force in scenario.people.items():
        here = ("people", city)
        yield from alike(here, force)
        yield from too_few_for_crews(scenario, here, force)
        yield from senseless_terms(here, force)
        if force.roster is not None:
            yield from wrong_people_of_roster(scenario, here, force, force.roster)


def always_absent(scenario: Scenario) -> Iterator[Conflict]:
    """Of whom nobody ever comes."""
    places: list[tuple[Where, Quantity]] = [(("cities", city), one.absence) for city, one in scenario.cities.items()]
    places += [(("people", city, "groups", key), group.absence) for city, force in scenario.people.items()
               for key, group in force.groups.items() if group.absence is not None]
    for where, absence in places:
        if float(absence) > 1 - FEWEST:
            yield conflict((*where, "absence"), say("must be below 100 %, or nobody would ever come; who is away for "
                                                    "some days only stands in absences"))
    for city, one in scenario.cities.items():
        if float(one.shrinkage) > 1 - FEWEST:
            yield conflict(("cities", city, "shrinkage"), say("must be below 100 %, or nobody would ever be at the "
                                                              "telephone"))


# --- shifts and rotas ------------------------------------------------------------------------------------------------

def empty_plans(scenario: Scenario) -> Iterator[Conflict]:
    for name, shifts in scenario.shifts.items():
        if not shifts:
            yield conflict(("shifts", name), say("has no shift: nobody would ever work"))


def idle_rotas(scenario: Scenario) -> Iterator[Conflict]:
    for name, rota in scenario.rotas.items():
        if set(rota.cycle) == {OFF}:
            yield conflict(("rotas", name, "cycle"), say("has no shift: nobody would ever work"))


def codes_twice(scenario: Scenario) -> Iterator[Conflict]:
    """Shifts of one plan with the same code: a rota or a roster could not tell them apart."""
    for name, shifts in scenario.shifts.items():
        codes = [one.code for one in shifts]
        for i, code in enumerate(codes):
            if code and code in codes[:i]:
                yield conflict(("shifts", name, i, "code"), say("{name} stands here twice", name=shortly(code)))


def days_said_twice(scenario: Scenario) -> Iterator[Conflict]:
    """Days of the week of shifts on which a rota, a roster or a table alone says who begins."""
    shares, others = set(by_shares(scenario)), {rota.shifts for rota in scenario.rotas.values()}
    others |= {plan for city in scenario.cities for plan in rostered_plans(scenario, city)}
    others |= {str(group.shifts) for city in scenario.cities for group in scenario.counted(city).values()}
    for name in sorted(others - shares):
        for i, shift in enumerate(scenario.shifts.get(name, ())):
            if shift.days != WEEK:
                yield conflict(("shifts", name, i, "days"), say("has no use: the rota, the roster or the table says on "
                                                                "which days people begin; leave it out"))


def rostered_plans(scenario: Scenario, city: str) -> Iterator[str]:
    """The plans of shifts whose codes a city's roster names."""
    roster = scenario.workforce(city).roster
    named = {row.group for row in roster.rows} if roster is not None else set()
    yield from (group.shifts for key, group in scenario.groups(city).items() if key in named and group.shifts)


def too_few_for_crews(scenario: Scenario, here: Where, force: Workforce) -> Iterator[Conflict]:
    for key, group in force.groups.items():
        crews = scenario.rotas[group.rota].crews if group.rota in scenario.rotas else 0
        if 0 < at_most(group.people) < crews - FEWEST:
            yield conflict((*here, "groups", key, "people"), say(
                "has {people:g} people, and its rota {rota} falls into {crews} crews: some would have nobody; give it "
                "more people, or fewer crews", people=float(group.people), rota=shortly(group.rota), crews=crews))


# --- groups ----------------------------------------------------------------------------------------------------------

def alike(here: Where, force: Workforce) -> Iterator[Conflict]:
    """Groups with one name: a roster that names it could mean either."""
    owners: dict[str, str] = {}
    for key, group in force.groups.items():
        for at, name in called(key, group):
            if owners.setdefault(folded(name), key) != key:
                yield conflict((*here, "groups", key, *at), say(
                    "{name} is also the name of the group {other}: give each a name of its own", name=shortly(name),
                    other=shortly(owners[folded(name)])))


def called(key: str, group: Group) -> Iterator[tuple[Where, str]]:
    """By what a roster may name a group, and where that stands in the group."""
    yield (), key
    if group.name is not None:
        yield from ((("name", lang), name) for lang, name in (("zh", group.name.zh), ("en", group.name.en)) if name)


def senseless_terms(here: Where, force: Workforce) -> Iterator[Conflict]:
    """Stints that nobody could work."""
    places: list[tuple[Where, CallInTerms | None]] = [((*here, "call_in"), force.call_in)]
    places += [((*here, "groups", key, "call_in"), group.call_in) for key, group in force.groups.items()]
    for where, terms in places:
        if terms is None:
            continue
        shortest, longest = (float(one) / 3600 for one in (terms.shortest, terms.longest))
        if not 0 < longest <= DAY_H:
            yield conflict((*where, "longest"), say("must be above 0 and at most 24 h, got {got:g} h", got=longest))
        elif shortest > longest and terms.shortest != SHORTEST:
            yield conflict((*where, "shortest"), say("must be <= {most:g} h, the longest that anybody stays (longest), "
                                                     "got {got:g} h", most=longest, got=shortest))


# --- rosters ---------------------------------------------------------------------------------------------------------

def wrong_people_of_roster(scenario: Scenario, here: Where, force: Workforce, roster: Roster) -> Iterator[Conflict]:
    """Rosters of several cities, of more people than there are, and of people who are all on leave."""
    if here[1] == ALL and len(scenario.cities) > 1:
        yield conflict((*here, "roster"), say("names people, who work for one city: write it under that city"))
        return
    own = scenario.cities.get(str(here[1]))
    rows = len(roster.of_group(AGENTS))
    if own is not None and not force.groups and rows > math.ceil(float(own.agents)):
        yield conflict(("cities", str(here[1]), "agents"), say(
            "says {people:g}, and the roster has {rows} people: give as many", people=float(own.agents), rows=rows))
    days = days_simulated(scenario, roster)
    for group in dict.fromkeys(row.group for row in roster.rows):
        codes = {row.codes[k] for row in roster.of_group(group) for k in days}
        if codes == {LEAVE}:
            yield conflict((*here, "roster", "table"), say("has everybody of {group} on leave on every day of the "
                                                           "horizon: nobody would work", group=shortly(group)))


def rosters_of_two(scenario: Scenario) -> Iterator[Conflict]:
    """One table for two cities."""
    owners: dict[str, str] = {}
    for city, force in scenario.people.items():
        if force.roster is not None and owners.setdefault(force.roster.table, city) != city:
            yield conflict(("people", city, "roster", "table"), say(
                "is the roster of {city} too, and nobody works in two cities: give each a table of its own",
                city=owners[force.roster.table]))


def days_simulated(scenario: Scenario, roster: Roster) -> list[int]:
    """The columns of a roster that are days of the horizon."""
    first, last = scenario.horizon.start.date(), scenario.horizon.end
    return [k for k, day in enumerate(roster.dates) if first <= day and (day < last.date() or (
        day == last.date() and last.time() > last.min.time()))]


def rosters_without_shifts(scenario: Scenario) -> Iterator[Conflict]:
    """Rosters in which nobody works on any day of the horizon: said, as ``surgeline staff`` may be to fill them."""
    for city, force in scenario.people.items():
        days = days_simulated(scenario, force.roster) if force.roster is not None else []
        rows = force.roster.rows if force.roster is not None else ()
        if rows and days and all(row.codes[k] in (OFF, LEAVE) for row in rows for k in days):
            yield conflict(("people", city, "roster", "table"), say(
                "has no shift on any day of the horizon: `surgeline run` would find nobody at work, and `surgeline "
                "staff` plans who works when"))
