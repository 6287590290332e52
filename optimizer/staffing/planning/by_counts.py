"""Plans of several cities, put into the scenario again: how many begin which shift on which day is what the simulation
replays. Each meal is at its time, as it was planned, so that seats are those of the plan."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from optimizer.staffing.planning.city_roster.delivering import levers_beside, plan_of, without
from optimizer.staffing.planning.city_roster.duties import as_shift, with_meals
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.horizon import STEP, first_day
from optimizer.staffing.planning.plan import StaffingPlan
from sim.core.arrays import Ints
from sim.scenario.people import Group, Shift, ShiftCount, ShiftCounts
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario

DECIMALS = 6    # of people of a group, where several grow alike


def replayed(plan: StaffingPlan, table: str) -> Scenario:
    """The scenario with as many people on the shifts of each city as are planned, where a table can say it.

    :param table: the file in which they will stand.
    """
    scenario, cities = plan.as_it_is, counted_cities(plan)
    for city in cities:
        scenario = with_counts(scenario, city, plan.cities[city].designed, table)
    return on_days(scenario) if cities else scenario


def counted_cities(plan: StaffingPlan) -> tuple[str, ...]:
    """The cities of a plan whose people a table of counts can stand for: not those of whom nobody is planned, whose
    roster has people who are not planned, or whose seats a table plans together with others that are not planned."""
    scenario = plan.as_it_is
    found = [city for city, one in plan.cities.items() if one.designed.shifts and not others_rostered(scenario, city)
             and any(float(group.people) for group in rostered_groups(scenario, city).values())]
    alone = set(scenario.planned) <= set(found)
    return tuple(city for city in found if alone or city not in scenario.planned)


def others_rostered(scenario: Scenario, city: str) -> bool:
    """Whether a city's roster has people whose shifts are not planned."""
    roster = scenario.workforce(city).roster
    return roster is not None and not {row.group for row in roster.rows} <= rostered_groups(scenario, city).keys()


# --- a city ----------------------------------------------------------------------------------------------------------

def with_counts(scenario: Scenario, city: str, designed: Designed, table: str) -> Scenario:
    """The scenario with the people of a city on these shifts, as many as are planned, instead of what it says of
    them; and with as many people as begin one on the fullest day, if it has fewer."""
    name, planned = plan_of(city), rostered_groups(scenario, city)
    begun = list(begun_by_meal(designed))
    most = int(designed.people.sum(axis=0).max(initial=0))
    more = grown({key: group.people for key, group in planned.items()}, most)
    groups = {key: group.model_copy(update={"shifts": name, "rota": None, "people": more[key]}) if key in planned
              else group for key, group in scenario.groups(city).items()}
    changed = scenario.model_copy(update={
        "shifts": {**scenario.shifts, name: tuple(every_meal(designed))}, "staff": without(scenario.staff, city),
        "levers": levers_beside(scenario.levers, city, (None, *planned)),
        "shift_counts": with_rows(scenario, city, [(one.code, people) for one, people in begun], table)})
    return with_people(changed, city, groups)


def with_people(scenario: Scenario, city: str, groups: Mapping[str, Group]) -> Scenario:
    """A city with other people and no roster; in groups only where it has had any."""
    force = scenario.workforce(city)
    if force.groups or force.roster is not None:
        force = force.model_copy(update={"groups": groups if force.groups else {}, "roster": None})
        scenario = scenario.model_copy(update={"people": {**scenario.people, city: force}})
    if force.groups:
        return scenario
    (group,) = groups.values()
    own = scenario.cities[city].model_copy(update={"agents": group.people, "shifts": group.shifts})
    return scenario.model_copy(update={"cities": {**scenario.cities, city: own}})


def grown(people: Mapping[str, Quantity], most: int) -> dict[str, Quantity]:
    """So many people in all at the least, groups keeping their parts; with how many there were as the source."""
    there = sum(map(float, people.values()))
    if most <= there or not there:
        return dict(people)
    return {key: Quantity(number=round(float(one) * most / there, DECIMALS), kind="sourced", note=(
        f"方案所需，原有 {float(one):g} 人 | as the plan needs, of {float(one):g}"), unit=one.unit)
        for key, one in people.items()}


def begun_by_meal(designed: Designed) -> Iterator[tuple[Shift, Ints]]:
    """Shifts with their meal at its time, and [days] how many people begin each."""
    for shift, used in zip(designed.shifts, designed.plan.shifts, strict=True):
        duties = with_meals(shift, STEP)
        starts = [duty.breaks[0][0] if duty.breaks else None for duty in duties]
        for meal, people in used.by_meal.items():
            duty = duties[starts.index(meal)] if meal is not None else duties[0]
            yield as_shift(duty, duty.code), people


def every_meal(designed: Designed) -> Iterator[Shift]:
    """The shifts with each time at which their meal may be, so that people can be moved to it."""
    yield from (as_shift(duty, duty.code) for shift in designed.shifts for duty in with_meals(shift, STEP))


# --- the table -------------------------------------------------------------------------------------------------------

def days_of(scenario: Scenario) -> tuple[date, ...]:
    """The day before the horizon, of which the nights count, and its days."""
    first = first_day(scenario)
    return tuple(first + timedelta(days=i) for i in range((scenario.horizon.last_day - first).days + 1))


def with_rows(scenario: Scenario, city: str, begun: Sequence[tuple[str, Ints]], table: str) -> ShiftCounts:
    """The table with the rows of a city instead of those that it has of it."""
    days = days_of(scenario)
    rows = tuple(ShiftCount(city=city, code=code, people=tuple(map(int, people))) for code, people in begun)
    return ShiftCounts(table=table, dates=days, rows=(*others_in(scenario.shift_counts, city, days), *rows))


def others_in(table: ShiftCounts | None, city: str, days: Sequence[date]) -> Iterator[ShiftCount]:
    """The rows of other cities on other days."""
    for row in table.rows if table else ():
        if row.city != city:
            assert table is not None
            people = dict(zip(table.dates, row.people, strict=True))
            yield row.model_copy(update={"people": tuple(people.get(day, 0) for day in days)})


def on_days(scenario: Scenario) -> Scenario:
    """The scenario with the rows in the order of its cities and of the day; without the day before where nobody is
    still at work of it."""
    table = scenario.shift_counts
    assert table is not None
    shifts = {(city, one.code): one for city in scenario.cities for group in scenario.counted(city).values()
              for one in scenario.shifts_of(group)}
    cities = list(scenario.cities)
    rows = sorted(table.rows, key=lambda row: (cities.index(row.city), shifts[row.city, row.code].start, row.code))
    since = 0 if any(shifts[row.city, row.code].end > 24 * 60 for row in rows) else 1
    rows = [row.model_copy(update={"people": row.people[since:]}) for row in rows]
    return scenario.model_copy(update={"shift_counts": table.model_copy(update={
        "dates": table.dates[since:], "rows": tuple(rows)})})
