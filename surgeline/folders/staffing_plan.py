"""Folders of staffing plans: seats that a city needs, shifts that cover them, who works them, and what it brings."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

import pandas as pd

from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Target
from surgeline.folders.folder import Folder
from surgeline.folders.manifests import Entry, Mean, Number, Origin
from surgeline.folders.rules_passed import Passed
from surgeline.folders.tables import read_parquet

KIND = "staffing"
Part = Literal["work", "missing", "kinds"]
Bound = Literal["workplaces", "fixed_days", "shifts"]
Duty = Literal["call_in", "stays", "comes_earlier"]


class Seats(Entry):
    """Seats at the telephone that are needed, over all intervals."""

    peak: int
    peak_at: datetime
    seat_hours: float
    open_hours: float           # seats open today, by the scenario
    short_hours: float          # needed and not open


class Need(Seats):
    """What a city needs for its target; where some of its people answer some classes of callers only, from those who
    answer all."""

    rounds: int
    missed: int                 # intervals in which simulation does not show the target reached
    unseen: int                 # replications that the search has not seen, on which it is proved
    unseen_missed: int          # intervals that miss the target on the mean of those
    surely_missed: int          # intervals that surely do, the intervals of confidence of all holding together
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
    handover: int = 0           # minutes at the end, paid and in the hours, away from the telephone


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
    hours: float                # of work, meals apart
    people_a_day: int           # who begin a shift on one day, at most
    workplaces: int
    at_most: int                # people on duty at once
    absent_then: float | None = None    # the share of them who do not come; not in folders of before

    @property
    def most_begun(self) -> int:
        """Who begin a shift on one day, at most, that before the horizon too: its nights count."""
        return max((sum(line.people[k] for line in self.lines) for k in range(len(self.dates))), default=0)

    @property
    def wanted_hours(self) -> float:
        """Of work, and of those who are missing."""
        return self.hours + self.missing_hours

    @property
    def full_time(self) -> float:
        """Full-time people whom all that is needed takes: the hours of the shifts, and of those who are missing."""
        return self.people * self.with_missing

    @property
    def yuan(self) -> float:
        """For the work of all of them."""
        return self.cost.parts["work"] * self.with_missing

    @property
    def with_missing(self) -> float:
        return self.wanted_hours / self.hours if self.hours else 1.0


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
    names: tuple[str, ...] = ()     # of those people, who break it most first; none in folders of before


class Paid(Entry):
    """Hours that are paid more than usual."""

    people: int
    hours: float
    yuan: float


class Overtime(Entry):
    """What a roster has of them."""

    ordinary: Paid              # overtime on other days than holidays
    holidays: Paid              # every hour of them


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
    left: float = 0.0           # people over half-hours that more people alone, however many, leave missing at least
    binds: tuple[Bound, ...] = ()   # what keeps them from being there


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

    @property
    def hours(self) -> float:
        """Of all who are missing."""
        return (self.end - self.start) / timedelta(hours=1) * self.missing


class ChangedCell(Entry):
    """A day of a person that is not as it was published: codes and times before and after."""

    name: str
    day: date
    before: str
    before_time: str            # nothing for a day off
    after: str
    after_time: str
    hours: float                # paid, more than before
    nights: int                 # more than before
    notice_h: float             # until what begins first of the two; below 0: begun before people hear of it


class Changes(Entry):
    """What a plan changes of a roster that was published."""

    told: datetime              # when people hear of it
    published: int              # cells that may change
    people: int                 # for whom anything changed
    yuan: float                 # price of the changes, in points of the objective: nobody pays them
    saves: float                # points that everything else costs less than with the roster as it was published
    frozen: int                 # cells that may not change
    frozen_kept: bool
    cells: tuple[ChangedCell, ...]


class ForSurge(Entry):
    """A roster that is planned for a surge."""

    since: date
    was_known: bool             # when the roster was made; else it is that of ordinary time, changed from then on
    wanted: float               # hours of people on duty beyond ordinary time, as far as there are workplaces
    there: float                # of them those on duty
    changes: int                # days of people that are otherwise than in ordinary time
    people_changed: int
    cells: tuple[ChangedCell, ...] = ()


class RosterFigures(Entry):
    """How a roster is for those who work it."""

    people: int
    hours: Spread               # over the days planned: the day before gives its night only
    nights: Spread              # likewise
    weekends: Spread            # days of rest in pairs, as fairness counts them, with any work on them
    missing_hours: float        # of what ordinary time needs
    surplus_hours: float
    for_surge: ForSurge | None
    cost: float                 # in yuan: people missing and too many, overtime, what is uneven
    bound: Number               # no roster costs less
    gap: Number
    broken: tuple[Broken, ...]
    shortage: Shortage | None
    wishes: tuple[AnsweredWish, ...] = ()
    without_leader: tuple[WithoutLeader, ...] = ()
    changes: Changes | None = None  # where a roster was published before
    overtime: Overtime | None = None    # not in folders of before
    rest_days: Spread | None = None     # days of rest that are worked, likewise


class Service(Entry):
    """What simulation shows of a plan: of calls offered."""

    within: Mean
    answered: Mean
    reached: float              # share of intervals, or days, that reach the target by their mean
    missed: float               # share of those that surely miss it, the intervals of all of them holding together


class Answered(Entry):
    """What becomes of calls, of those offered."""

    within: Mean
    answered: Mean


class PoolCover(Entry):
    """Seats of people who can answer the same with the rosters of all, against what is needed of them; and what becomes
    of the calls that are left to them, whoever takes them."""

    open_hours: float
    short_hours: float
    short_most: int             # seats that are needed and not open, at the most
    short_at: datetime | None   # when so many are; None: never any
    today: Answered
    planned: Answered


class PoolPlan(Entry):
    """Shifts and a roster of people who answer some classes only."""

    groups: tuple[str, ...]
    of_ordinary: bool           # whether shifts are for ordinary time, and the need is a surge's
    alone: float                # full-time people whom shifts for all that their callers need would take
    part: float                 # of that, for which they are planned: what their standard hours give
    shifts: Shifts
    roster: RosterFigures


class PoolNeed(Seats):
    """What is needed of people who can answer the same, found for all such pools of a city together, if classes that
    some answer are left to those who answer the fewest others, and the rest to those who answer all."""

    classes: tuple[str, ...]    # that they answer; none: all
    short_most: int             # seats that are needed and not open, at the most
    short_at: datetime | None   # when so many are; None: never any
    cover: PoolCover | None = None  # where shifts of some who answer some classes only are planned
    plan: PoolPlan | None = None    # of these; None: they keep the shifts that they have


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
    breaks: tuple[Passed, ...]  # rules that it breaks at a price
    rest: float | None          # hours before or after, the shorter; none: the days around are off
    call_by: datetime           # the last moment at which the call still leaves the notice
    phone: str | None = None


class CallIn(Entry):
    """Who comes in a surge, and what it brings."""

    calls: tuple[CalledIn, ...]
    hours: float
    yuan: float
    emergency: bool
    beyond_day: float           # hours beyond the limit of overtime a day
    beyond_month: float         # and beyond that a month
    service: Service            # with them
    brings: Mean                # callers answered more


class AtSeat(Entry):
    """Somebody at a seat that is lent."""

    borrower: str
    seat: int                   # 1 the first that the city lends to this borrower
    name: str
    start: datetime
    end: datetime
    called: bool                # in for it, off duty
    contract: str | None = None             # of somebody whom no roster has: reserve or volunteers
    call_by: datetime | None = None         # the last moment at which such a one can be called


class Lacking(Entry):
    """A time in which people are missing."""

    start: datetime
    end: datetime
    most: int                   # at once
    hours: float
    too_late: bool              # whether it begins before anybody can be there who is called


class Lent(Entry):
    """Who mans the seats that the city lends, who is called in for it, and what callers notice."""

    seats: dict[str, int]       # by borrower, at the most
    seat_hours: float
    told: datetime              # when calls can begin
    at_seats: tuple[AtSeat, ...]
    calls: tuple[CalledIn, ...]
    hours: float                # of those who are called in or stay longer
    yuan: float
    unmanned: dict[str, tuple[Lacking, ...]]    # seats with nobody at them, by borrower
    at_home: tuple[Lacking, ...]                # missing at home for it, when those have come
    missing_before: float       # hours of people missing at home, if nobody were called in
    short_rests: int            # because of it: shorter than the rule says that has a price
    home: Mean                  # callers answered more at home than without lending, with the roster alone
    home_filled: Mean           # and with those who are called in
    borrowers: dict[str, Mean]  # likewise in the cities that borrow
    service: Service            # at home, with them

    @property
    def people(self) -> int:
        """At lent seats."""
        return len({one.name for one in self.at_seats})


class StandbyDay(Entry):
    """The hours of standby of a day on which the target would hold too rarely."""

    start: datetime
    end: datetime
    people: int                 # on standby
    named: int                  # for whom there are names
    reached: bool               # whether so many do, on the days of the search
    without: Mean               # share of days that keep the target with nobody on standby
    kept: Mean                  # and with them
    on_duty: int                # people more on duty in these hours, instead
    on_duty_reached: bool


class OnStandby(Entry):
    """Somebody on standby."""

    day: date
    order: int                  # of call
    name: str


class Standby(Entry):
    """Who stands by, so that the target holds on enough of the days that may come; all days of the horizon together
    where nothing else is said."""

    in_days: float              # asked for
    response_s: float
    pay: float                  # yuan for an hour of being reachable
    days: tuple[StandbyDay, ...]
    names: tuple[OnStandby, ...]
    without: Mean
    kept: Mean
    kept_on_duty: Mean
    called: float               # share of days on which they are called
    in_vain: float              # share of days on which they are called and would not have been needed
    replications: int
    hours_ready: float
    hours_called: float         # to be expected
    hours_on_duty: float        # of more people on duty instead
    yuan_ready: float
    yuan_called: float
    yuan_on_duty: float


class BeyondLaw(Entry):
    """Hours that somebody works on a day beyond the limits of overtime: those beyond both of them count once."""

    name: str
    day: date
    hours: float
    in_roster: float            # of them
    called: float               # and by being called
    of_day: float               # beyond the limit of a day
    of_month: float


class Ledger(Entry):
    """All hours beyond the limits of overtime, and what they are worked by."""

    emergency: bool             # the switch of Labour Law art. 42; without it nothing allows them
    most_a_day: float           # hours of overtime
    most_a_month: float
    source: str                 # of the limits
    rows: tuple[BeyondLaw, ...]


class Replayed(Entry):
    """A variant of the scenario with the roster that replays what the plan has beside it."""

    variant: str
    levers: int
    off: float                  # seat-hours in which its seats differ from the plan by name
    change: dict[str, float]    # other values by path
    refused: str | None = None  # why no file may say it, in both languages


class CityStaffing(Entry):
    """What was found for one city."""

    people: float               # full-time people, by the scenario
    of_ordinary: bool           # whether shifts are for ordinary time, and the need is a surge's
    surge_people: float | None = None   # full-time people whom the busiest seven days take, with their absence; in
                                        # folders of before, and in ordinary time, none
    workplaces: int
    need: Need
    ladder: tuple[Rung, ...]
    at_workplaces: float | None  # share within the time, in the worst period, that all its workplaces can give at most
    shifts: Shifts
    roster: RosterFigures | None
    service: Service            # of the shifts, or of the roster where there is one
    today: Service              # of the scenario as it is
    call_in: CallIn | None
    lent: Lent | None = None        # also in folders of before
    standby: Standby | None = None
    pools: tuple[PoolNeed, ...] | None = None   # by what people can answer, where some of a single city answer some
                                                # classes only; empty: no seats keep the target in each pool
    replays: tuple[Replayed, ...] = ()
    ledger: Ledger | None = None    # where anybody works beyond the limits of overtime

    @property
    def in_the_end(self) -> Service:
        """With everybody who is called in."""
        return self.lent.service if self.lent else self.call_in.service if self.call_in else self.service


class Manifest(Origin):
    """What was asked for, and what was found for each city."""

    kind: Literal["staffing"]
    target: Target
    within_s: float
    cities: dict[str, CityStaffing]
    laps: dict[str, float]
    scenario: Scenario
    counted: tuple[str, ...] = ()   # of several cities those whose shifts stand in a table; none in folders of before


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

    @cached_property
    def pools_needed(self) -> pd.DataFrame:
        """pool, start, needed, open, planned: seats at the telephone by what people can answer and half-hour, where the
        manifest has pools; planned only where it plans some who answer some classes only."""
        return read_parquet(self.folder / "pools_needed.parquet")
