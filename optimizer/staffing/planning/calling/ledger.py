"""The ledger of hours beyond the limits of overtime: of each person and day, in the roster and by being called.

The roster comes first, as in the account: calls are on top of it, and what is left of a month is what it leaves.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from optimizer.staffing.planning.calling.overtime import account_of, in_roster, of_calls
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.revising.call_in import Call
from optimizer.staffing.revising.overtime import Account, Done, LimitOf
from optimizer.staffing.rosters.problem import Ints, Problem
from sim.scenario.scenario import Scenario


@dataclass
class Beyond:
    """What somebody works on a day beyond the limits. In minutes; one beyond both limits counts once in the sum."""

    person: str
    day: int                # of the problem
    in_roster: float = 0.0
    called: float = 0.0
    of_day: float = 0.0     # beyond the limit of a day
    of_month: float = 0.0

    def add(self, limits: Mapping[LimitOf, float], called: bool) -> None:
        """More minutes, by the limits that they pass."""
        self.of_day += limits.get("overtime_a_day", 0.0)
        self.of_month += limits.get("overtime_a_month", 0.0)
        most = max(limits.values())
        self.called, self.in_roster = self.called + most * called, self.in_roster + most * (not called)


def ledger_of(scenario: Scenario, city: str, problem: Problem, roster: Ints,
              *calls: Iterable[Call]) -> list[Beyond]:
    """By day and person.

    :param problem: its first day is the day before the horizon's.
    :param calls: in the order in which they were made; each on top of those before.
    """
    own = in_roster(problem, roster, scenario.workforce(city).rules)
    account = account_of(scenario, city, problem, (), first_day(scenario))
    return beyond(account, own, *(of_calls(some) for some in calls))


def beyond(account: Account, own: Iterable[Done], *calls: Iterable[Done]) -> list[Beyond]:
    """What goes beyond limits of an account, in the order in which it is worked; first by a roster."""
    worked: dict[str, list[tuple[bool, Done]]] = {}
    for called, done in ((False, own), *((True, some) for some in calls)):
        for one in sorted(done, key=lambda one: (one.day, one.day_off)):
            worked.setdefault(one.person, []).append((called, one))
    found = [row for name, done in worked.items() for row in of_person(account, name, done)]
    return sorted(found, key=lambda one: (one.day, one.person))


def of_person(account: Account, name: str, worked: Iterable[tuple[bool, Done]]) -> Iterable[Beyond]:
    """One person's, each time on top of what was before."""
    account, found = replace(account, done=tuple(account.of_person.get(name, ()))), dict[int, Beyond]()
    for called, one in worked:
        if limits := account.beyond(name, one.day, one.minutes, not one.day_off):
            found.setdefault(one.day, Beyond(name, one.day)).add(limits, called)
        account = account.with_more([one])
    return found.values()
