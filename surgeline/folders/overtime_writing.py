"""What a roster has of overtime and of work on holidays: how many people, hours, and yuan by the rates of the rules."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.staffing.planning.calling.overtime import account_of, in_roster
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.rosters.problem import OFF

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.rostered import Rostered
    from optimizer.staffing.revising.overtime import Account
    from sim.scenario.scenario import Scenario

Worked = tuple[str, int, float]     # who, paid minutes, times the usual pay


def overtime(scenario: Scenario, city: str, rosters: Sequence[Rostered]) -> dict[str, Any]:
    """Of the days of the horizon, in all rosters of a city; every hour of a holiday counts there, and none as
    overtime."""
    found = [of_roster(scenario, city, of) for of in rosters]
    return {days: {what: sum(one[days][what] for one in found) for what in ("people", "hours", "yuan")}
            for days in ("ordinary", "holidays")}


def of_roster(scenario: Scenario, city: str, of: Rostered) -> dict[str, Any]:
    account = account_of(scenario, city, of.problem, (), first_day(scenario))
    done = in_roster(of.problem, of.solved.roster, scenario.workforce(city).rules)
    longer = [(one.person, one.minutes, account.rate(one.day, one.day_off)) for one in done
              if one.day > 0 and one.day not in account.terms.holidays]
    return {"ordinary": summed(longer, account), "holidays": summed(list(on_holidays(of, account)), account)}


def on_holidays(of: Rostered, account: Account) -> Iterator[Worked]:
    """Day 0 is the one before the horizon."""
    for person, row in zip(of.problem.people, of.solved.roster, strict=True):
        for day in np.flatnonzero(row != OFF).tolist():
            if day > 0 and day in account.terms.holidays:
                yield person.name, of.problem.duties[int(row[day])].paid, account.terms.holiday


def summed(worked: list[Worked], account: Account) -> dict[str, Any]:
    return {"people": len({name for name, _, _ in worked}), "hours": sum(minutes for _, minutes, _ in worked) / 60,
            "yuan": sum(minutes * rate for _, minutes, rate in worked) * account.terms.wage}
