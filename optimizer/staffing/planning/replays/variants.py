"""The variants that replay a plan on top of its roster: who is called, what is lent, and who stands by.

Each is held against the plan by name: seats of every pool, interval by interval. Where they differ, levers can't say
what names do, and the difference is told. A lever takes its people from whoever is rested and willing on the average;
who is called by name is willing, and may rest less at the price of a rule. So these terms give way in a variant where
that brings it nearer to the plan.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Literal

import numpy as np

from optimizer.staffing.planning.calling.reach import minutes
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.horizon import STEP, first_day
from optimizer.staffing.planning.lent.manning import with_lends
from optimizer.staffing.planning.plan import CityPlan, StaffingPlan
from optimizer.staffing.planning.replays.as_levers import Names, as_levers, group_named, said
from optimizer.staffing.planning.standby.sizing import slots_of
from optimizer.staffing.revising.call_in import Call
from sim.core.arrays import Ints
from sim.reading.changing import tried
from sim.scenario.levers import AnyLever
from sim.scenario.messages import Message
from sim.scenario.people_levers import Standby
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job, setting_of

Key = Literal["plan-called", "plan-not-lent", "plan-lent-by-roster", "plan-lent", "plan-standby"]
Changes = dict[str, float]
Levers = tuple[AnyLever, ...]


@dataclass(frozen=True)
class Replay:
    """A variant of the scenario with the roster."""

    key: Key
    levers: Levers
    change: Changes         # other values by path
    off: float              # seat-hours in which it differs from the plan by name, more and fewer added up
    refused: Message | None     # what makes that no file may say it


@dataclass(frozen=True)
class Replays:
    """What the plan of a city has beyond its roster."""

    found: StaffingPlan
    city: str
    plan: CityPlan

    def every(self) -> Iterator[Replay]:
        """Nothing where there is no roster, or nothing on top of it."""
        if self.plan.surge:
            yield self.replay("plan-called", self.in_surge)
        if self.plan.lent:
            yield self.replay("plan-not-lent", with_lends(self.in_surge, self.city, False))
            yield self.replay("plan-lent-by-roster", with_lends(self.in_surge, self.city, True))
            yield self.replay("plan-lent", self.in_the_end)
        if self.plan.standby and self.plan.standby.names:
            yield self.replay("plan-standby", self.in_the_end, tuple(self.standing_by()))

    # --- by name -----------------------------------------------------------------------------------------------------

    @cached_property
    def in_surge(self) -> Scenario:
        """With those who are called in a surge."""
        called = self.plan.surge.called if self.plan.surge else None
        return with_roster(self.found.scenario, self.city, called.shifts, called.roster) if called \
            else self.plan.scenario

    @property
    def in_the_end(self) -> Scenario:
        """And with those who are called in for what is lent."""
        return self.plan.lent.lent.scenario if self.plan.lent else self.in_surge

    def calls(self, there: Scenario) -> tuple[Call, ...]:
        """Of those who have come in a scenario."""
        calls: tuple[Call, ...] = self.plan.surge.called.plan.calls if self.plan.surge else ()
        return (*calls, *self.plan.lent.lent.plan.calls) if self.plan.lent and there is self.in_the_end else calls

    @cached_property
    def groups(self) -> dict[str, str]:
        """By person."""
        roster = self.plan.scenario.workforce(self.city).roster
        return {row.name: row.group for row in roster.rows} if roster else {}

    # --- by levers ---------------------------------------------------------------------------------------------------

    def replay(self, key: Key, there: Scenario, standing_by: Levers = ()) -> Replay:
        """The variant that comes nearest to those called by name."""
        return min(self.tries(key, there, standing_by), key=lambda one: (one.refused is not None, one.off))

    def tries(self, key: Key, there: Scenario, standing_by: Levers) -> Iterator[Replay]:
        """Terms give way, one more at a time until all are there who are called."""
        levers = as_levers(Names(self.plan.scenario, there, self.city, self.calls(there), self.groups,
                                 first_day(self.found.scenario)))
        change = self.more_places(there)
        for more in ({}, self.all_willing(), self.without_rest()):
            change = change | more
            found = self.held_against(there, key, (*standing_by, *levers), levers, change)
            yield found
            if found.refused is None and found.off == 0:
                return

    def held_against(self, there: Scenario, key: Key, levers: Levers, of_names: Levers, change: Changes) -> Replay:
        """A variant, and how far those of its levers that stand for names are off."""
        _, faults = tried(self.plan.scenario, change, levers)
        replayed = self.plan.scenario.model_copy(update={"levers": of_names}).changed(change)
        off = np.abs(seats_of(replayed) - seats_of(there)).sum() * there.horizon.interval_s / 3600
        return Replay(key, levers, change, float(off), faults[0][1] if faults else None)

    def more_places(self, there: Scenario) -> Changes:
        """Places of those at lent seats."""
        now, then = (one.workforce(self.city).workplaces for one in (self.plan.scenario, there))
        return {} if then is None or then == now else {f"people.{self.city}.workplaces": float(then)}

    def all_willing(self) -> Changes:
        """Those who don't come are left out by name already."""
        groups = self.plan.scenario.workforce(self.city).groups
        own = {f"people.{self.city}.groups.{key}.call_in.willing": 1.0 for key, one in groups.items() if one.call_in}
        return {f"people.{self.city}.call_in.willing": 1.0, **own}

    def without_rest(self) -> Changes:
        """The rest of each has been looked at by name already."""
        return {f"people.{self.city}.rules.rest_between_shifts": 0.0}

    def standing_by(self) -> Iterator[Standby]:
        """Those of each day, called as soon as they stand by: when they would be on a day of a plan, no file knows."""
        of, force = self.plan.standby, self.plan.scenario.workforce(self.city)
        assert of is not None
        longest = min(minutes(force.terms_of(group).longest) for group in self.plan.scenario.groups(self.city).values())
        response = slots_of(of.terms)[0] * STEP
        for (day, key), people in Counter((one.day, self.groups[one.person]) for one in of.names).items():
            window = of.sized.windows[day]
            assert window is not None
            midnight = datetime.combine(self.found.scenario.horizon.start.date(), time.min) + timedelta(days=day)
            ends = min(window.end * STEP, window.start * STEP + response + longest)
            yield Standby.model_validate({
                "kind": "standby", "city": self.city, **said(group=group_named(self.plan.scenario, self.city, key)),
                "people": plain(float(people)), "from": midnight + timedelta(minutes=window.start * STEP),
                "to": midnight + timedelta(minutes=ends), "response": plain(60.0 * response, "s")})


def seats_of(scenario: Scenario) -> Ints:
    """[I, P] seats of all pools."""
    return setting_of(Job.of(scenario, "kernel", 1)).world.seats
