"""What no staffing plan can do, said before the work or as soon as it is known."""
from __future__ import annotations

from collections.abc import Sequence

from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.rosters.problem import Ints
from sim.reading.planned_days import by_half_hours, nobody_at, parts_of_days
from sim.scenario.messages import lines, say
from sim.scenario.problems import UserError
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StaffingTerms, half_hours_without

MOST_ROSTERED = 5000
TAIL = 0.1  # of the need: so much may lie behind the last shift, as calls last and callers redial


def plannable(scenario: Scenario, cities: Sequence[str]) -> Scenario:
    """The scenario by half-hours.

    :raises UserError: where days are not whole, a table has rows by which no half-hours can be counted, or a roster
        would name too many people.
    """
    if faults := [message for _, message, *_ in parts_of_days(scenario)]:
        raise UserError(lines(faults))
    for city in cities if len(cities) == 1 else ():
        refuse_too_many(scenario, city)
    return by_half_hours(scenario)


def refuse_too_many(scenario: Scenario, city: str) -> None:
    """:raises UserError: where a roster would name more people than can be rostered in one piece."""
    people = sum(float(group.people) for group in rostered_groups(scenario, city).values())
    if people > MOST_ROSTERED:
        raise UserError(say("{city} has {people:,.0f} people, and a roster names {most:,} at the most: "
                            "divide it into several cities", city=city, people=people, most=MOST_ROSTERED))


def refuse_who_answers_some_only(scenario: Scenario, cities: Sequence[str]) -> None:
    """:raises UserError: for a city whose full-time people all answer some classes only: nobody could stand in."""
    for city in cities:
        full_time = [key for key, group in scenario.groups(city).items() if group.contract == "full_time"]
        if full_time and not rostered_groups(scenario, city):
            raise UserError(say("a plan needs people who answer every class of callers, and nobody who works "
                                "full time in {city} does: leave out answers of {groups}", city=city, groups=full_time))


def refuse_what_nobody_covers(terms: StaffingTerms, city: str, presence: Presence, people: Ints) -> None:
    """:raises UserError: where people are needed at times at which no shift may be, or have no workplace."""
    lacking = [half for half in half_hours_without(terms.shift_types) if people[:, half].any()]
    if people[:, lacking].sum() > TAIL * people.sum():
        raise UserError(say("{city}: {why} (staffing.shift_types)", city=city, why=nobody_at(lacking)))
    if people.any() and presence.most_people.max() < 1:
        raise UserError(say("{city} has no workplace at which anybody could sit: give it seats, or write "
                            "people.{city}.workplaces", city=city))


def refuse_nobody(terms: StaffingTerms, city: str, people: Ints, found: Designed) -> None:
    """:raises UserError: where people are needed and none are planned."""
    prices = terms.prices
    if people.any() and not found.shifts:
        raise UserError(say("{city}: nobody is planned, as an hour of work costs {hour:g} yuan and is worth "
                            "{missing:g}: raise staffing.prices.missing", city=city, hour=float(prices.hour),
                            missing=float(prices.missing)))
