"""A roster that knows of a surge: who has hours to spare is on duty when most people are missing.

Ordinary need comes first, at the price of missing people. Beyond it, up to what the surge needs and workplaces hold, an
hour is worth a part of that, the more the less of the need workplaces hold. Overtime costs more than that: hours within
the standard week go where the surge is, and overtime is left for calls. A surge that begins inside the horizon is not
known before: days up to then stay as the roster of ordinary time has them, and each cell that is changed after it costs
something.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from optimizer.staffing.planning.calling.reach import minutes
from optimizer.staffing.planning.city_roster.leaders import leader_rows
from optimizer.staffing.planning.city_roster.limits import EVEN
from optimizer.staffing.planning.city_roster.pressing import pressing_rows
from optimizer.staffing.planning.city_roster.published import unless_hardly_better
from optimizer.staffing.planning.city_roster.refusing import refuse_what_is_fixed
from optimizer.staffing.planning.city_roster.rostering import cover_of, price_of_missing, problem_of
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.rosters.problem import (
    DAY_MINUTES,
    OFF,
    Cell,
    Cover,
    Duty,
    Floats,
    Ints,
    Person,
    Problem,
    Rule,
    cover_by_interval,
)
from optimizer.staffing.rosters.solve import Solution, solve
from sim.scenario.people import Shift
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices

# Parts of the price of missing people:
WORTH = 0.1, 0.7    # of an hour that the surge needs, where workplaces hold all of its need, and hardly any of it
FULLER = (1.0, 0.7), (0.8, 0.3), (0.5, 0.3)
"""Of what the surge needs, and of its worth: the last fifth lets few more callers through, and half of it many."""
OF_TODAY = 0.05     # of an hour in which more are on duty today than are needed
OVERTIME = 0.95     # of an hour of overtime in the roster
ORDINARY_PART = 0.4  # of the time: for the roster of ordinary time, where one stands before the surge is known


@dataclass(frozen=True)
class SurgeRoster:
    """Who works when."""

    problem: Problem
    solved: Solution
    shifts: tuple[Shift, ...]   # that its duties are of, whenever their meals are
    since: int              # the first day that is planned for the surge
    before: Ints | None     # [people, days] the roster of ordinary time in the same duties; None: there was none before


def surge_roster(scenario: Scenario, city: str, shifts: Sequence[Shift], needs: Needs, first: date, since: int,
                 seconds: float, seed: int) -> SurgeRoster | None:
    """The roster on these shifts; None where nobody has a place in one.

    :param first: the first day of the needs.
    :param since: the first of the days, from 0, that is planned for the surge.
    """
    prices = scenario.staffing_terms.prices
    problem = for_surge(problem_of(scenario, city, shifts, needs.wanted, first), needs, prices)
    if not problem.people or not problem.duties:
        return None
    refuse_what_is_fixed(problem, first)
    if since == 0 or is_published(problem, since):
        known = replace(problem, people=tuple(as_published(person, since) for person in problem.people))
        solved = unless_hardly_better(known, solve(known, seconds=seconds, seed=seed))
        return SurgeRoster(problem, solved, tuple(shifts), since, None)
    ordinary = problem_of(scenario, city, shifts, needs.usual, first, needs.most)
    usual = solve(ordinary, seconds=ORDINARY_PART * seconds, seed=seed)
    again = replace(problem, people=tuple(
        replace(person, pins=(*person.pins, *cells(problem, row, 0, since)),
                published=cells(problem, row, since, problem.days))
        for person, row in zip(problem.people, usual.roster, strict=True)))
    solved = solve(again, seconds=(1 - ORDINARY_PART) * seconds, seed=seed)
    return SurgeRoster(problem, solved, tuple(shifts), since, usual.roster)


def is_published(problem: Problem, since: int) -> bool:
    """Whether people have been told most of what they work from a day on: then that stands, and no roster of ordinary
    time before it."""
    told = sum(cell.day >= since for person in problem.people for cell in person.published)
    return 2 * told >= len(problem.people) * (problem.days - since)


def as_published(person: Person, since: int) -> Person:
    """Before a day everything stays as people have been told: nobody knows of the surge yet."""
    early = tuple(cell for cell in person.published if cell.day < since)
    return replace(person, pins=(*person.pins, *early),
                   published=tuple(cell for cell in person.published if cell.day >= since))


def known_from(scenario: Scenario, city: str, needs: Needs) -> int | None:
    """The first day that is planned for a surge: all of them where it begins on the first day of the horizon, as no
    roster stands before it; else the first that begins after the notice. None where there is no such day."""
    if needs.told is None:
        return 0 if (needs.wanted > needs.usual).any() else None
    since = 0 if needs.told < 2 * DAY_MINUTES else -(-(needs.told + notice_of(scenario, city)) // DAY_MINUTES)
    return since if since < len(needs.usual) else None


def cells(problem: Problem, row: Ints, begin: int, end: int) -> tuple[Cell, ...]:
    """Some days of a person's row."""
    return tuple(Cell(day, None if row[day] == OFF else problem.duties[int(row[day])].code)
                 for day in range(begin, end))


# --- what an hour is worth -------------------------------------------------------------------------------------------

def for_surge(problem: Problem, needs: Needs, prices: Prices) -> Problem:
    """Hours within the standard week are paid anyway, nobody is on duty just to have as many as others, and cover has
    further layers."""
    people = tuple(replace(one, limits=tuple(dear(rule, prices) for rule in one.limits if rule.name != "least_minutes"))
                   for one in problem.people)
    pressing = pressing_rows(needs.first, problem.duties, price_of_missing(prices))
    cover = *layers(needs, problem.duties, prices), *pressing, *leader_rows(problem)
    return replace(problem, people=people, cover=cover, premium=None)


def dear(rule: Rule, prices: Prices) -> Rule:
    """A limit of standard hours, with all that overtime costs and more than the surge is worth."""
    if rule.price is None or rule.source == EVEN or rule.name not in ("most_minutes", "most_minutes_a_week"):
        return rule
    return replace(rule, price=max(rule.price + float(prices.hour) / 60, OVERTIME * float(prices.missing) / 60))


def layers(needs: Needs, duties: Sequence[Duty], prices: Prices) -> tuple[Cover, ...]:
    """By the half hour: people wanted in ordinary time; beyond them those whom the surge needs, the more of them are
    missing the dearer each; beyond them those who are on duty today."""
    missing, grown = price_of_missing(prices), needs.grown
    usual = cover_of(needs.first, duties, prices, needs.most)
    worth = missing * (WORTH[0] + (WORTH[1] - WORTH[0]) * needs.overload)
    return (*(replace(row, surplus_price=0.0) for row in usual),
            *(row for share, part in FULLER
              for row in layer(f"+{share:.0%}", np.ceil(share * grown).astype(np.int64), needs.first, part * worth,
                               duties)),
            *(replace(row, surplus_price=one.surplus_price) for row, one in zip(
                layer("++", needs.wanted, grown, np.full(grown.shape, OF_TODAY * missing), duties), usual,
                strict=True)))


def layer(mark: str, people: Ints, below: Ints, worth: Floats, duties: Sequence[Duty]) -> list[Cover]:
    """Rows of people wanted beyond those of the layer below; nothing is missing where these are as many."""
    return [replace(row, name=f"{row.name} {mark}", missing_price=float(price) if row.need > n else 0.0)
            for row, n, price in zip(cover_by_interval(people, duties, 0.0, 0.0), below.ravel(), worth.ravel(),
                                     strict=True)]


def notice_of(scenario: Scenario, city: str) -> int:
    """Minutes from the telling to what may begin otherwise: the longest of the city's people."""
    force = scenario.workforce(city)
    return max(minutes(force.terms_of(group).notice) for group in scenario.groups(city).values())
