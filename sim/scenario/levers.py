"""Levers: what a planner can pull. Each is one small object that adds to what levers do.

What the optimizer returns, what a drill decides and what a planner types are the same levers. The tuple LEVERS is the
list of all: the file format, the schema and the help come from it.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from sim.scenario.dates import Clock, Start
from sim.scenario.effects import Chance, Effects, MoreLines, Routing, SeatPool, Spare, Speed
from sim.scenario.lever import HOURS, PRESENCE, Guests, Lever
from sim.scenario.messages import say
from sim.scenario.people_levers import CallIn, Overtime, Standby, Volunteers
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Count, Part, Share, Text, assumed, plain

AT_HOME = "默认：本市话务员在家接听 | by default: the city's own agents, at home"


class Lend(Guests):
    """Seats of one city that answer another city's calls. They leave the lender's column of seats."""

    kind: Literal["lend"]
    lender: str
    borrower: str
    seats: Count = Field(description="before breaks; no more are there than the lender has open or calls in")
    hours: tuple[Clock, Clock] = Field((8 * 60, 22 * 60), description=HOURS)
    serves: Literal["borrower", "both", "home_first"] = Field(
        "borrower", description="both: by need, as Lianyungang's did, whoever has waited longest first; home_first: "
                                "the lender's own calls before any of the borrower's, and at its own people's pace")
    keep_idle: Spare = Field(
        default=0, description="with serves: both or home_first, how many of these seats stay idle for the lender's "
                               "own calls: the borrower's get one while more are idle")
    resume_idle: Spare | None = Field(
        None, description="with serves: home_first, when so few of these seats are idle that help has stopped, it "
                          "begins again once more than so many are; keep_idle if left out")
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    first: bool = Field(False, description="calls go here before they go to the city's own seats")
    presence: Share = Field(PRESENCE, description="share of the hour that a lent seat is really there; the lender "
                                                "misses as much of its own seats, if it is more than they are there")
    off_duty: Share = Field(plain(0.0, "share"),
                            description="share of the lent seats manned by colleagues called in for it, so that the "
                                        "lender's own seats stay open; rest: what presence leaves of a seat that "
                                        "takes breaks")
    speed: Speed = Speed()

    @property
    def pool(self) -> str:
        return f"{self.lender}→{self.borrower}"

    @property
    def pair(self) -> tuple[str, str]:
        return self.lender, self.borrower

    @model_validator(mode="after")
    def keeps_seats_for_its_own(self) -> Lend:
        if self.keep_idle and self.serves == "borrower":
            raise RuleError(say("does nothing unless the seats serve their own city too: add serves: both, or "
                                "home_first"), "keep_idle", of_name=True)
        return self

    @model_validator(mode="after")
    def begins_again_where_home_comes_first(self) -> Lend:
        if self.resume_idle is not None and self.serves != "home_first":
            raise RuleError(say("does nothing unless the seats answer their own city first: add serves: home_first, or "
                                "leave it out"), "resume_idle", of_name=True)
        if self.resume_idle is not None and self.resume_idle < self.keep_idle:
            raise RuleError(say("must be >= keep_idle, which is {keep_idle}, got {resume_idle}: help begins again when "
                                "no fewer are idle than when it stops", keep_idle=self.keep_idle,
                                resume_idle=self.resume_idle), "resume_idle")
        return self

    @model_validator(mode="after")
    def is_first_for_one_city(self) -> Lend:
        if self.first and self.serves == "home_first":
            raise RuleError(say("calls can't go first to seats that answer their own city first: leave first out, or "
                                "add serves: borrower"), "first", of_name=True)
        return self

    @property
    def begins_again(self) -> int:
        """Idle seats above which help begins."""
        return self.keep_idle if self.resume_idle is None else self.resume_idle

    def cities_named(self) -> list[tuple[str, str]]:
        return [("lender", self.lender), ("borrower", self.borrower)]

    def seat_pool(self) -> SeatPool:
        return SeatPool(name=self.pool, kind="lent", home=self.lender, serves=(self.borrower,), classes=self.classes,
                        both=self.serves != "borrower", first=self.first, keep_idle=self.keep_idle,
                        home_first=self.serves == "home_first", resume_idle=self.begins_again, seats=self.seats,
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
    speed: Speed = Speed(day_1=assumed(1.0, 0.8, 1.1, AT_HOME, "1"), day_5=assumed(1.0, 0.8, 1.1, AT_HOME, "1"))

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]

    def seat_pool(self) -> SeatPool:
        return SeatPool(name=f"{self.city}·cloud", kind="cloud", home=self.city, serves=(self.city,),
                        seats=self.seats, presence=self.presence, span=self.span, speed=self.speed)


class Divert(Lever):
    """Other channels (an app, a mini-program, text messages) that take people away from the telephone."""

    kind: Literal["divert"]
    cities: tuple[str, ...] = Field(min_length=1)
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    share: Share = Field(description="of those whose dial failed")
    before_dialling: Share = Field(plain(0.0, "share"),
                                   description="of those who would have dialled for the first time")

    def cities_named(self) -> list[tuple[str, str]]:
        return [("cities", city) for city in self.cities]

    def apply(self, effects: Effects) -> Effects:
        failed = Chance(what="divert", cities=self.cities, classes=self.classes, share=self.share, span=self.span)
        fresh = failed.model_copy(update={"what": "away", "share": self.before_dialling})
        return effects.plus(chances=(failed, fresh))


class Bot(Lever):
    """A voice bot that settles a share of the matters before they need a line."""

    kind: Literal["bot"]
    cities: tuple[str, ...] = Field(min_length=1)
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    share: Share

    def cities_named(self) -> list[tuple[str, str]]:
        return [("cities", city) for city in self.cities]

    def apply(self, effects: Effects) -> Effects:
        chance = Chance(what="bot", cities=self.cities, classes=self.classes, share=self.share, span=self.span)
        return effects.plus(chances=(chance,))


class Lines(Lever):
    """More lines into a city's hotline."""

    kind: Literal["lines"]
    city: str
    lines: Count

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]

    def apply(self, effects: Effects) -> Effects:
        return effects.plus(more_lines=(MoreLines(city=self.city, lines=self.lines, span=self.span),))


class Recall(Part):
    """Lent seats go home: what the lender had lent before this lever in the list ends at a moment."""

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


class Route(Routing):
    """Another routing policy, for the whole horizon."""

    kind: Literal["route"]
    policy: Literal["dedicated", "overflow", "pooled"]

    def cities_named(self) -> list[tuple[str, str]]:
        return []

    def classes_named(self) -> list[tuple[str, str]]:
        return []

    def apply(self, effects: Effects) -> Effects:
        routing = effects.routing.model_copy(update={"policy": self.policy, "after": self.after,
                                                     "keep_idle": self.keep_idle})
        return effects.model_copy(update={"routing": routing})


LEVERS = (Lend, Desk, CloudSeats, CallIn, Standby, Overtime, Volunteers, Divert, Bot, Lines, Recall, Route)
AnyLever = Annotated[Lend | Desk | CloudSeats | CallIn | Standby | Overtime | Volunteers | Divert | Bot | Lines | Recall
                     | Route, Field(discriminator="kind")]
KINDS = tuple(lever.model_fields["kind"].annotation.__args__[0] for lever in LEVERS)  # type: ignore[union-attr]
NO_MORE = {"staff": say("is called call_in now: it calls in the city's own people, no more than are off duty and "
                        "rested; those who come from elsewhere are kind: volunteers, or a desk")}
"""Kinds that are none any more, and what to write instead."""
ONE_LEVER: TypeAdapter[Any] = TypeAdapter(AnyLever)
