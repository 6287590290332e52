"""Levers: what a planner can pull. Each is one small object that turns a scenario into another.

What the optimizer returns, what a drill decides and what a planner types are the same levers. The tuple LEVERS is the
list of all: the file format, the schema and the help come from it.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationInfo, model_validator

from sim.moments import Clock, End, Span, Start
from sim.problems import RuleError
from sim.quantities import Count, Factor, Part, Quantity, Share, Text, described, quantity, seconds
from sim.tables import ON_BUSY, Floats, Ints

if TYPE_CHECKING:
    from sim.scenario import Scenario

ALL_DAY: tuple[Clock, Clock] = (0, 1440)
HOURS = "of each day; they may pass midnight, as 22:00 to 06:00 does"


def plain(number: float) -> Quantity:
    return Quantity(number=number)


def assumed(number: float, low: float, high: float, why: str) -> Quantity:
    """What holds where a file says nothing else: an assumption like those of files, and listed as one."""
    return Quantity(number=number, kind="assumed", note=why, range=(low, high))


PRESENCE = assumed(0.72, 0.15, 0.80, "默认：同本市座席，扣除小休与培训；扬州的记录只合 16 % | "
                                     "by default: as own seats, less breaks and training; Yangzhou's record fits 12 % "
                                     "at first and 16 % later")
Spare = Annotated[int, Field(ge=0, le=100_000)]  # seats kept idle
STRANGER = "默认：不熟悉别市的政策，头几天学得最快 | by default: strange to the city's rules, learnt in the first days"
SLOWEST = 0.01  # of a city's own people
AT_HOME = "默认：本市话务员在家接听 | by default: the city's own agents, at home"


class Speed(Part):
    """How fast a guest works on another city's matters, against that city's own people: rises along a line."""

    day_1: Factor = assumed(0.80, 0.60, 1.00, STRANGER)
    day_5: Factor = assumed(0.90, 0.70, 1.00, STRANGER)

    def after(self, days: Ints | int) -> Floats:
        """The speed so many days after the first."""
        return np.asarray(np.interp(days, [0, 4], [float(self.day_1), float(self.day_5)]))


class SeatPool(Part):
    """Seats that are no city's own: lent, the province's, volunteers', or at home."""

    name: str
    kind: Literal["lent", "province", "operators", "volunteers", "cloud"]
    home: str | None
    serves: tuple[str, ...]
    classes: tuple[str, ...] = ()
    both: bool = False
    first: bool = False
    keep_idle: int = 0
    seats: Quantity
    presence: Quantity
    off_duty: Quantity = plain(0.0)
    span: Span
    speed: Speed

    @property
    def kin(self) -> tuple[object, ...]:
        """What parts of one pool have in common."""
        speed = float(self.speed.day_1), float(self.speed.day_5)
        return self.name, self.kind, self.serves, self.classes, self.both, self.first, self.keep_idle, speed


class Seconded(Part):
    """Seats that a city opens beyond its shifts for a while."""

    city: str
    seats: Quantity
    span: Span


class Chance(Part):
    """A share that holds for a while: of matters that the bot settles, of people who take another channel."""

    what: Literal["bot", "away", "divert"]
    cities: tuple[str, ...]
    classes: tuple[str, ...]
    share: Quantity
    span: Span


class MoreLines(Part):
    """Lines that a city has beside its own for a while."""

    city: str
    lines: Quantity
    span: Span


class Lever(Part):
    """From a moment to a moment (a bare date in ``to`` means the end of that day), at some hours of the day."""

    start: Start = Field(alias="from")
    end: End = Field(alias="to")
    hours: tuple[Clock, Clock] = Field(ALL_DAY, description=HOURS)

    @model_validator(mode="after")
    def has_hours(self) -> Lever:
        if self.hours[0] == self.hours[1]:
            raise RuleError('begin and end at the same time; for the whole day write ["00:00", "24:00"]', "hours")
        return self

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end, hours=self.hours)

    def cities_named(self) -> list[tuple[str, str]]:
        """(field, city) for every city that the lever names."""
        return []

    def classes_named(self) -> list[tuple[str, str]]:
        """(field, class) for every class that the lever names."""
        return [("classes", name) for name in getattr(self, "classes", ())]

    def apply(self, scenario: Scenario) -> Scenario:
        raise NotImplementedError


class Guests(Lever):
    """A lever that brings seats which are no city's own."""

    def seat_pool(self) -> SeatPool:
        raise NotImplementedError

    def apply(self, scenario: Scenario) -> Scenario:
        return scenario.model_copy(update={"pools": (*scenario.pools, self.seat_pool())})


class Lend(Guests):
    """Seats of one city that answer another city's calls. They leave the lender's column of seats."""

    kind: Literal["lend"]
    lender: str
    borrower: str
    seats: Count = Field(description="before breaks; no more are there than the lender has open or calls in")
    hours: tuple[Clock, Clock] = Field((8 * 60, 22 * 60), description=HOURS)
    serves: Literal["borrower", "both"] = Field("borrower", description="both: by need, as Lianyungang's did")
    keep_idle: Spare = Field(default=0, description="with serves: both, how many of these seats stay idle for the "
                                                    "lender's own calls: the borrower's get one while more are idle")
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    first: bool = Field(False, description="calls go here before they go to the city's own seats")
    presence: Share = Field(PRESENCE, description="share of the hour that a lent seat is really there; the lender "
                                                "misses as much of its own seats, if it is more than they are there")
    off_duty: Share = Field(plain(0.0), description="share of the lent seats manned by colleagues called in for it, "
                                                    "so that the lender's own seats stay open")
    speed: Speed = Speed()

    @property
    def pool(self) -> str:
        return f"{self.lender}→{self.borrower}"

    @property
    def pair(self) -> tuple[str, str]:
        return self.lender, self.borrower

    @model_validator(mode="after")
    def keeps_seats_for_its_own(self) -> Lend:
        if self.keep_idle and self.serves != "both":
            raise RuleError("does nothing unless the seats serve their own city too: add serves: both", "keep_idle",
                            of_name=True)
        return self

    def cities_named(self) -> list[tuple[str, str]]:
        return [("lender", self.lender), ("borrower", self.borrower)]

    def seat_pool(self) -> SeatPool:
        return SeatPool(name=self.pool, kind="lent", home=self.lender, serves=(self.borrower,), classes=self.classes,
                        both=self.serves == "both", first=self.first, keep_idle=self.keep_idle, seats=self.seats,
                        presence=self.presence, off_duty=self.off_duty, span=self.span, speed=self.speed)


class Desk(Guests):
    """Seats from outside the cities: the province's desk, a telecom operator's, volunteers, a hall set up elsewhere."""

    kind: Literal["desk"]
    name: Text
    by: Literal["province", "operators", "volunteers"] = "province"
    cities: tuple[str, ...] = Field(min_length=1)
    seats: Count
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    first: bool = Field(False, description="calls go here before they go to the city's own seats")
    presence: Share = Field(PRESENCE, description="share of the hour that a seat is really there")
    speed: Speed = Speed()

    def cities_named(self) -> list[tuple[str, str]]:
        return [("cities", city) for city in self.cities]

    def seat_pool(self) -> SeatPool:
        return SeatPool(name=self.name, kind=self.by, home=None, serves=self.cities, classes=self.classes,
                        first=self.first, seats=self.seats, presence=self.presence, span=self.span, speed=self.speed)


class CloudSeats(Guests):
    """Agents who answer from home: seats that need no workplace and no way to the office."""

    kind: Literal["cloud_seats"]
    city: str
    seats: Count = Field(description="no more are there than the city has people who sit in no hall: off duty, or kept "
                                     "from coming by absences")
    presence: Share = Field(PRESENCE, description="share of the hour that a seat is really there")
    speed: Speed = Speed(day_1=assumed(1.0, 0.8, 1.1, AT_HOME), day_5=assumed(1.0, 0.8, 1.1, AT_HOME))

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]

    def seat_pool(self) -> SeatPool:
        return SeatPool(name=f"{self.city}·cloud", kind="cloud", home=self.city, serves=(self.city,),
                        seats=self.seats, presence=self.presence, span=self.span, speed=self.speed)


class Staff(Lever):
    """More of a city's own seats open than its shifts give: colleagues called in, overtime."""

    kind: Literal["staff"]
    city: str
    seats: Count

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]

    def apply(self, scenario: Scenario) -> Scenario:
        more = Seconded(city=self.city, seats=self.seats, span=self.span)
        return scenario.model_copy(update={"seconded": (*scenario.seconded, more)})


class Divert(Lever):
    """Other channels (an app, a mini-program, text messages) that take people away from the telephone."""

    kind: Literal["divert"]
    cities: tuple[str, ...] = Field(min_length=1)
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    share: Share = Field(description="of those whose dial failed")
    before_dialling: Share = Field(plain(0.0), description="of those who would have dialled for the first time")

    def cities_named(self) -> list[tuple[str, str]]:
        return [("cities", city) for city in self.cities]

    def apply(self, scenario: Scenario) -> Scenario:
        failed = Chance(what="divert", cities=self.cities, classes=self.classes, share=self.share, span=self.span)
        fresh = failed.model_copy(update={"what": "away", "share": self.before_dialling})
        return scenario.model_copy(update={"chances": (*scenario.chances, failed, fresh)})


class Bot(Lever):
    """A voice bot that settles a share of the matters before they need a line."""

    kind: Literal["bot"]
    cities: tuple[str, ...] = Field(min_length=1)
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    share: Share

    def cities_named(self) -> list[tuple[str, str]]:
        return [("cities", city) for city in self.cities]

    def apply(self, scenario: Scenario) -> Scenario:
        chance = Chance(what="bot", cities=self.cities, classes=self.classes, share=self.share, span=self.span)
        return scenario.model_copy(update={"chances": (*scenario.chances, chance)})


class Lines(Lever):
    """More lines into a city's hotline."""

    kind: Literal["lines"]
    city: str
    lines: Count

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]

    def apply(self, scenario: Scenario) -> Scenario:
        more = MoreLines(city=self.city, lines=self.lines, span=self.span)
        return scenario.model_copy(update={"more_lines": (*scenario.more_lines, more)})


class Recall(Part):
    """Lent seats go home: what the lender had lent before this lever in the list ends at a moment. A list of levers
    looks back for it: see ``in_force``."""

    kind: Literal["recall"]
    lender: str
    borrower: str
    at: Start

    @property
    def pair(self) -> tuple[str, str]:
        return self.lender, self.borrower

    def cities_named(self) -> list[tuple[str, str]]:
        return [("lender", self.lender), ("borrower", self.borrower)]

    def classes_named(self) -> list[tuple[str, str]]:
        return []


def in_force(levers: Sequence[Any]) -> list[Any]:
    """The levers without the recalls, each loan only as long as no later lever of the list calls it home."""
    home: dict[tuple[str, str], datetime] = {}
    found = []
    for lever in reversed(levers):
        if isinstance(lever, Recall):
            home[lever.pair] = min(lever.at, home.get(lever.pair, lever.at))
        elif isinstance(lever, Lend) and home.get(lever.pair, lever.end) < lever.end:
            found.append(lever.model_copy(update={"end": max(lever.start, home[lever.pair])}))
        else:
            found.append(lever)
    return found[::-1]


BUSY = "busy"
WAIT = quantity(replace(seconds, such_as=f"{BUSY}, or {seconds.such_as}"))


def wait_or_busy(raw: object, info: ValidationInfo) -> object:
    return raw if raw == BUSY else WAIT(raw, info)


class Routing(Part):
    """Who answers whom: see policies."""

    policy: Literal["dedicated", "overflow", "pooled"] = "dedicated"
    after: Annotated[Quantity | Literal["busy"], BeforeValidator(wait_or_busy), described("30 s", BUSY)] = Field(
        default=plain(0.0), description="with policy: overflow, how long a call waits before any city's own seats may "
                                        "answer it; busy (call forwarding on busy): only a call that finds no free "
                                        "line in its city, at once, on a line of the city that answers")
    keep_idle: Spare = Field(default=0, description="idle own seats that each city keeps for its own calls")

    @model_validator(mode="after")
    def keeps_seats_from_somebody(self) -> Routing:
        if self.keep_idle and self.policy == "dedicated":
            raise RuleError("does nothing where own seats serve their own city only", "keep_idle", of_name=True)
        return self

    @property
    def on_busy(self) -> bool:
        """Whether calls that find no free line are answered by other cities."""
        return self.after == BUSY

    @property
    def after_ms(self) -> int:
        """How long a call waits before strangers may answer it; ON_BUSY if they answer none that waits."""
        return ON_BUSY if isinstance(self.after, str) else round(float(self.after) * 1000)

    @property
    def terms(self) -> tuple[str, int, int]:
        """What makes it differ from another routing."""
        return self.policy, self.after_ms, self.keep_idle


class Route(Routing):
    """Another routing policy, for the whole horizon."""

    kind: Literal["route"]
    policy: Literal["dedicated", "overflow", "pooled"]

    def cities_named(self) -> list[tuple[str, str]]:
        return []

    def classes_named(self) -> list[tuple[str, str]]:
        return []

    def apply(self, scenario: Scenario) -> Scenario:
        routing = scenario.routing.model_copy(update={"policy": self.policy, "after": self.after,
                                                      "keep_idle": self.keep_idle})
        return scenario.model_copy(update={"routing": routing})


LEVERS = (Lend, Desk, CloudSeats, Staff, Divert, Bot, Lines, Recall, Route)
AnyLever = Annotated[Lend | Desk | CloudSeats | Staff | Divert | Bot | Lines | Recall | Route,
                     Field(discriminator="kind")]
KINDS = tuple(lever.model_fields["kind"].annotation.__args__[0] for lever in LEVERS)  # type: ignore[union-attr]
ONE_LEVER: TypeAdapter[Any] = TypeAdapter(AnyLever)
