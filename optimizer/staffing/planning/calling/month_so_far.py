"""The account of overtime as a city's table and calendar have it: what the month has had so far, and holidays."""
from __future__ import annotations

from dataclasses import replace
from datetime import date

from optimizer.staffing.revising.overtime import Account, Done
from sim.scenario.scenario import Scenario


def of_city(account: Account, scenario: Scenario, city: str, first: date) -> Account:
    """With overtime of the month before the horizon, and with the city's holidays.

    :param first: day 0 of the problem, the day before the horizon.
    """
    force = scenario.workforce(city)
    holidays = frozenset((day - first).days for day in force.holidays)
    terms = replace(account.terms, holiday=force.rules.pay_holiday.value, holidays=holidays)
    return replace(account, terms=terms).with_more(so_far(scenario, city))


def so_far(scenario: Scenario, city: str) -> tuple[Done, ...]:
    """Overtime of the month, as if it had all been worked on the day before the horizon, which was no longer by it."""
    roster = scenario.workforce(city).roster
    return tuple(Done(row.name, 0, round(row.overtime * 60), day_off=True)
                 for row in (roster.rows if roster else ()) if row.overtime)
