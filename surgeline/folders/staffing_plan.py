"""Folders of staffing plans: seats that a city needs, shifts that cover them, who works them, and what it brings."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

import pandas as pd

from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Target
from surgeline.folders.folder import Folder
from surgeline.folders.manifests import Entry, Mean, Number, Origin
from surgeline.folders.tables import read_parquet

KIND = "staffing"
Part = Literal["work", "missing", "kinds"]
Duty = Literal["call_in", "stays", "comes_earlier"]


class Need(Entry):
    """Seats at the telephone that a city needs for its target, over all intervals."""

    peak: int
    peak_at: datetime
    seat_hours: float
    open_hours: float           # seats open today, by the scenario
    short_hours: float          # needed and not open
    rounds: int
    missed: int                 # intervals in which simulation does not show the target reached
    intervals: int
    lines_added: bool           # whether seats beyond the workplaces brought lines of their own


class Rung(Entry):
    """What a level of service takes."""

    share: float
    peak: int
    seat_hours: float
    people: float               # full-time people, sickness and leave included
    yuan_a_week: float


class ShiftLine(Entry):
    """A kind of shift, and how many people begin it on each day."""

    code: str
    start: str
    end: str
    meal: str
    hours: float                # of work, without the meal
    night: bool
    people: tuple[int, ...]


class Cost(Entry):
    """Yuan for the horizon, by part; what it can't be below, and how far above that it is."""

    parts: dict[Part, float]
    total: float
    bound: float
    gap: Number


class Shifts(Entry):
    """Shifts that cover the need."""

    lines: tuple[ShiftLine, ...]
    dates: tuple[date, ...]
    cost: Cost
    missing_hours: float        # of people on duty
    surplus_hours: float
    people: float               # full-time people that their hours make
    workplaces: int
    at_most: int                # people on duty at once


class Spread(Entry):
    """Of all people: the least, the mean and the most."""

    least: float
    mean: float
    most: float


class Broken(Entry):
    """A rule that a roster breaks, at a price."""

    rule: str
    source: str
    people: int
    amount: float


class WayOut(Entry):
    """One thing that would fill a shortage when all else stays as it is: at least so much, by proof."""

    what: str
    unit: str
    amount: float
    yuan: float
    still_missing: float        # people, over half-hours
    found: bool                 # whether a roster with it was found; else so much at least


class Shortage(Entry):
    """People wanted at work, added up over half-hours, and how many there can be at most, whatever the roster."""

    need: int
    most: int
    ways_out: tuple[WayOut, ...]


class AnsweredWish(Entry):
    """What somebody wished for a day, as the table had it, and whether the roster grants it."""

    name: str
    day: date
    wish: str
    granted: bool


class WithoutLeader(Entry):
    """A time at which leaders are missing."""

    start: datetime
    end: datetime
    missing: int


class RosterFigures(Entry):
    """How a roster is for those who work it."""

    people: int
    hours: Spread               # over all days planned
    nights: Spread
    weekends: Spread
    missing_hours: float
    surplus_hours: float
    cost: float                 # in yuan: people missing and too many, overtime, what is uneven
    bound: Number               # no roster costs less
    gap: Number
    broken: tuple[Broken, ...]
    shortage: Shortage | None
    wishes: tuple[AnsweredWish, ...] = ()
    without_leader: tuple[WithoutLeader, ...] = ()


class Service(Entry):
    """What simulation shows of a plan: of calls offered."""

    within: Mean
    answered: Mean
    reached: float              # share of intervals, or days, that reach the target by their mean
    missed: float               # share of those that surely miss it


class CalledIn(Entry):
    """A person who works more than the roster says."""

    name: str
    day: date
    start: str
    end: str
    kind: Duty
    hours: float
    rate: float                 # times the usual pay
    left_month: float           # hours of overtime that the month still allows
    call_by: datetime           # the last moment at which the call still leaves the notice


class CallIn(Entry):
    """Who comes in a surge, and what it brings."""

    calls: tuple[CalledIn, ...]
    hours: float
    yuan: float
    emergency: bool
    beyond: float               # hours beyond the usual limits of overtime
    service: Service            # with them
    brings: Mean                # callers answered more


class CityStaffing(Entry):
    """What was found for one city."""

    people: float               # full-time people, by the scenario
    of_ordinary: bool           # whether shifts and roster are for ordinary time, and the need is a surge's
    workplaces: int
    need: Need
    ladder: tuple[Rung, ...]
    at_workplaces: float | None  # share within the time, in the worst period, that all its workplaces can give at most
    shifts: Shifts
    roster: RosterFigures | None
    service: Service            # of the shifts, or of the roster where there is one
    today: Service              # of the scenario as it is
    call_in: CallIn | None


class Manifest(Origin):
    """What was asked for, and what was found for each city."""

    kind: Literal["staffing"]
    target: Target
    within_s: float
    cities: dict[str, CityStaffing]
    laps: dict[str, float]
    scenario: Scenario


@dataclass(frozen=True)
class StaffingPlan(Folder):
    """A finished staffing plan, read from its folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """city, start, needed, open, on_duty, erlang_dials, erlang_callers, offered, within, low, high: seats at the
        telephone, dials, and the share answered in time in simulation of what is planned."""
        return read_parquet(self.folder / "intervals.parquet")
