"""Reserves and volunteers of a lender at its lent seats: they come for the part that is manned off duty.

They are asked before people of the roster who are off duty: these give a day of rest for it, at overtime's price and
within its limits, and are wanted for the holes that lending leaves at home. Reserves come before volunteers. No table
names them: they have numbers of their group, as many as its terms say are willing. Each has one stint a day, rests
between two of them as others do, and has a day off after six; who has come before comes again, as learners of the
borrower's matters.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from optimizer.staffing.planning.calling.reach import minutes
from optimizer.staffing.planning.city_roster.limits import days_in_a_row
from optimizer.staffing.planning.city_roster.own_shifts import for_all
from optimizer.staffing.planning.city_roster.rostering import numbered
from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Duty, Ints, Person
from sim.scenario.people import Group
from sim.scenario.scenario import Scenario

CONTRACTS = ("reserve", "volunteers")


@dataclass(frozen=True)
class Reserves:
    """Who of them comes when, in some duties."""

    people: tuple[Person, ...]
    roster: Ints                    # [people, days] places in the duties
    contracts: dict[str, str]       # by name
    notices: dict[str, int]         # by name: minutes from the call until they are at work

    def there(self, duties: Sequence[Duty]) -> Ints:
        """[slots] how many are at work."""
        found = np.zeros((self.roster.shape[1] + 1) * SLOTS, np.int64)
        for i, day in np.argwhere(self.roster != OFF).tolist():
            found[slots_of(duties[self.roster[i, day]], day)] += 1
        return found[:-SLOTS]


def slots_of(duty: Duty, day: int) -> slice:
    """When somebody is at work who has it on a day."""
    begin = day * SLOTS + duty.start // STEP
    return slice(begin, begin + duty.presence // STEP)


def groups_of(scenario: Scenario, city: str) -> list[tuple[str, Group]]:
    """The groups whose people work only when they are called, and answer every class: reserves first."""
    roster = scenario.workforce(city).roster
    found = [(key, group) for key, group in for_all(scenario, city).items()
             if group.contract in CONTRACTS and group.shifts is None and group.rota is None
             and not (roster is not None and roster.of_group(key))]
    return sorted(found, key=lambda one: CONTRACTS.index(one[1].contract))


def reserves_for(scenario: Scenario, city: str, duties: Sequence[Duty], off: Ints, told: int,
                 taken: set[str]) -> Reserves:
    """Those who come for lent seats.

    :param duties: that last as long as anybody sits there; those without an end in whole slots are no part of them.
    :param off: [slots] people who are to come off duty.
    :param told: minutes: when they can be called.
    :param taken: names that others have.
    """
    force, people, notices, contracts = scenario.workforce(city), list[Person](), dict[str, int](), dict[str, str]()
    for key, group in groups_of(scenario, city):
        terms = force.terms_of(group)
        willing = floor(float(group.people) * float(terms.willing) + 1e-9)
        for name in numbered(key, group, taken)[:willing]:
            people.append(Person(name, key))
            notices[name], contracts[name] = minutes(terms.notice), group.contract
    rest, in_a_row = round(force.rules.rest_between_shifts.value * 60), days_in_a_row(force.rules)
    roster = np.full((len(people), len(off) // SLOTS), OFF)
    for day, k, number in wanted(duties, off):
        begin = day * DAY_MINUTES + duties[k].start
        free = [i for i, one in enumerate(people) if begin >= told + notices[one.name]
                and may_come(roster[i], day, begin, duties, rest, in_a_row)]
        for i in sorted(free, key=lambda i: (-int((roster[i] != OFF).sum()), i))[:number]:
            roster[i, day] = k
    return Reserves(tuple(people), roster, contracts, notices)


def wanted(duties: Sequence[Duty], off: Ints) -> Iterator[tuple[int, int, int]]:
    """By day and duty: how many come to it, so that nowhere are more than are to come off duty."""
    left = np.concatenate([off, np.zeros(SLOTS, np.int64)])
    for day in range(len(off) // SLOTS):
        for k in sorted(range(len(duties)), key=lambda k: duties[k].start):
            number = int(left[slots_of(duties[k], day)].min())
            if number > 0:
                left[slots_of(duties[k], day)] -= number
                yield day, k, number


def may_come(row: Ints, day: int, begin: int, duties: Sequence[Duty], rest: int,
             in_a_row: Sequence[int]) -> bool:
    """Whether somebody has no stint on a day, has rested since the last, and has not come for so many days in a row."""
    rested = day == 0 or row[day - 1] == OFF or \
        begin - ((day - 1) * DAY_MINUTES + duties[row[day - 1]].end) >= rest
    return bool(row[day] == OFF and rested and all(day < most or (row[day - most:day] == OFF).any()
                                                   for most in in_a_row))
