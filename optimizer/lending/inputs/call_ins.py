"""Whom a city can call in: people who are off duty, rested and willing, at free workplaces, within the rules of work.

Nobody comes twice a day, for longer than the longest stint, or for less than the shortest. Ordinarily overtime is
limited by the month, everybody keeps days of rest, and those come who are rested and willing, rested from the last time
that they came too. In an emergency neither limit binds, and whoever is off duty is ordered to a loan, as far as the
world lets them: rest between shifts is custom and no law, and nobody is asked.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sim.core.arrays import Floats
from sim.measures.facts import Period
from sim.scenario.lending_terms import Agreement
from sim.scenario.lever import Lever
from sim.scenario.levers import CloudSeats, Lend
from sim.scenario.people import Group
from sim.scenario.people_levers import CallIn
from sim.scenario.scenario import Scenario
from sim.world.overtime import EMPLOYED, overtime_by_month
from sim.world.people import People, Staffing, manned_by

WEEK_DAYS = 7


@dataclass(frozen=True)
class OffDuty:
    """People of a city who can be called in. Seats are whole, people are those who come."""

    city: str
    rested: Floats              # [B] off duty, rested and willing in every interval of the block
    off: Floats                 # [B] who can be ordered to a loan
    places: Floats              # [B] workplaces at which nobody sits
    home: Floats                # [B] who can answer from home, nobody called in yet
    remote: float               # seats that can answer for another city at any time, those on duty too
    people_per_guest: float     # of a seat that is lent, so that it is there as much as is agreed
    worth_at_home: float        # seats, less breaks, that one person opens in the own hall
    shortest: int               # blocks
    longest: int
    notice_s: float
    rest_s: float               # between two times that somebody comes, by custom
    hours: dict[date, float]    # of overtime left by month, all people together; by its first day
    days: float                 # of rest that all people together can give up in a week
    emergency: bool             # whether neither binds
    pay: float                  # yuan an hour, by the law's rate for days of rest

    def bound(self, emergency: bool) -> bool:
        """Whether hours and days of rest bind."""
        return not (emergency or self.emergency)

    def part_of(self, blocks: slice, part: float) -> OffDuty:
        """Of some blocks only, with this part of the hours and days that are left."""
        return replace(self, rested=self.rested[blocks], off=self.off[blocks], places=self.places[blocks],
                       home=self.home[blocks], days=self.days * part,
                       hours={month: part * hours for month, hours in self.hours.items()})

    def come(self, emergency: bool, borrower: str) -> Floats:
        """[B] people who come to answer a city's calls: to their own hall those who are rested and willing."""
        return self.off if not self.bound(emergency) and borrower != self.city else self.rested

    def people_of(self, borrower: str) -> float:
        """How many people a seat takes that answers a city's calls."""
        return 1.0 if borrower == self.city else self.people_per_guest

    def people_at_home(self, lever: CloudSeats) -> float:
        """How many people answer from home, so that seats are there as much as is offered."""
        return manned_by(lever.seat_pool(), self.worth_at_home)

    def called_by(self, lever: Lever) -> float:
        """People whom a lever has at work at any time who are off duty."""
        if isinstance(lever, CloudSeats) and lever.city == self.city:
            return self.people_at_home(lever)
        if isinstance(lever, CallIn) and lever.city == self.city:
            return float(lever.people)
        if isinstance(lever, Lend) and lever.lender == self.city:
            return float(lever.seats) * float(lever.off_duty) * self.people_per_guest
        return 0.0


def off_duty(scenario: Scenario, blocks: list[Period], name: str, terms: Agreement) -> OffDuty:
    """Whom a city can call in."""
    staffing = Staffing(scenario, scenario.horizon.times, scenario.effects)
    who, force = staffing.people(name), scenario.workforce(name)
    on = [force.terms_of(group) for group in scenario.groups(name).values()]
    rules, at_the_phone = force.rules, 1 - float(scenario.cities[name].shrinkage)
    return OffDuty(
        name, least(who_come(staffing, name, who), blocks), least(who.off, blocks), least(who.free, blocks),
        least(who.home, blocks),
        np.inf if who.remote is None else who.remote,
        max(1.0, float(terms.presence) / max(at_the_phone, 1e-9)), at_the_phone,
        max(-(-round(max(float(one.shortest) for one in on)) // terms.block_s), 1),
        max(round(min(float(one.longest) for one in on)) // terms.block_s, 1),
        max(float(one.notice) for one in on), 3600 * float(rules.rest_between_shifts),
        hours_left(staffing, name, blocks), days_left(staffing, name),
        rules.emergency,
        float(scenario.staffing_terms.prices.hour) * rules.pay_rest_day.value)


def who_come(staffing: Staffing, name: str, who: People) -> Floats:
    """[I] people who are off duty and come: rested and willing too where a city names no groups of its people."""
    return np.asarray(np.minimum(who.off, np.maximum(staffing.willing(name) - staffing.called(name).bound, 0)))


def least(values: Floats, blocks: list[Period]) -> Floats:
    """[B] the least of a block's intervals."""
    return np.array([values[block.first:block.last].min() for block in blocks])


def hours_left(staffing: Staffing, name: str, blocks: list[Period]) -> dict[date, float]:
    """Hours of overtime that rules leave by month, levers of the scenario and hours before the horizon taken off."""
    force, groups = staffing.s.workforce(name), staffing.s.groups(name)
    people = sum(float(one.people) for one in groups.values() if one.contract in EMPLOYED)
    before = sum(row.overtime or 0.0 for row in force.roster.rows) if force.roster else 0.0
    done = {one.month: one.hours for one in overtime_by_month(staffing, name)}
    first = staffing.t.begin(0).date().replace(day=1)
    months = {block.start.date().replace(day=1) for block in blocks}
    return {month: max(people * force.rules.overtime_month.value - done.get(month, 0.0)
                       - (before if month == first else 0.0), 0.0) for month in sorted(months)}


def days_left(staffing: Staffing, name: str) -> float:
    """Days off of a week, of all people together, that are left once everybody has had the weekly rest."""
    rest = staffing.s.workforce(name).rules.weekly_rest.value
    return sum(float(group.people) * max(WEEK_DAYS - rest - shifts, 0.0)
               for group, shifts in shifts_a_week(staffing, name))


def shifts_a_week(staffing: Staffing, name: str) -> Iterator[tuple[Group, float]]:
    """The groups of a city, and how many shifts a week their people have."""
    for group, duty in staffing.on_duty(name):
        begun = [one.begin for one in duty.shifts]
        yield group, WEEK_DAYS * float(np.mean(np.sum(begun, axis=0))) if begun else 0.0
