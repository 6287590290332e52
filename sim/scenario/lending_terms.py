"""Under which terms cities may lend seats: what the optimizer plans within."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.dates import Clock, End, Span, Start
from sim.scenario.effects import Speed
from sim.scenario.lever import PRESENCE
from sim.scenario.levers import CloudSeats, Desk, Lend
from sim.scenario.messages import say
from sim.scenario.people_levers import Volunteers
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Count, Duration, Factor, Part, Share, assumed, plain

Goal = Literal["people", "dials", "worst_city"]
NO_MORE = ("pairs", "quantum", "hours_per_seat", "both_ways", "tail", "off_duty")
"""Terms that are none any more: files that name them are told so, folders of old are read without them."""


AT_MOST_2 = assumed(0.02, 0.0, 0.1, "默认：最多下降 2 个百分点 | by default: 2 points at most", "share")
AT_MOST_5 = assumed(0.05, 0.0, 0.2, "默认：最多下降 5 个百分点 | by default: 5 points at most", "share")


AT_MOST_4 = assumed(0.04, 0.0, 0.2, "默认：最差的日子平均最多下降 4 个百分点 | by default: 4 points at most on the "
                                    "worst days", "share")


WORTH_LENDING = assumed(0.02, 0.0, 5.0, "默认：一席五十小时至少多接通一人，否则不借 | by default: a seat that brings "
                                       "less than a person in fifty hours is not lent", "1")
WORTH_CALLING = assumed(1.0, 0.0, 10.0, "默认：召回一人一小时至少多接通一人，否则不召 | by default: nobody is called "
                                       "in who brings less than a person an hour", "1")


class Floor(Part):
    """What a lender's own citizens are owed in every block: on the mean of the days that may come, and on the worst of
    them over the whole day; or on enough of the days."""

    by: Literal["mean", "days"] = Field(default="mean", description="mean: each block of the day on the mean of all "
                                        "days, and the worst days as a whole; days: each block, on enough of the days")

    answered: Share = Field(default=plain(0.0, "share"), description="share of dials answered, at least")
    within: Share = Field(default=plain(0.0, "share"), description="share of dials answered within the clock, at least")
    answered_drop: Share = Field(default=AT_MOST_2, description="answered, at most so far below not lending")
    within_drop: Share = Field(default=AT_MOST_5, description="likewise, within the clock")
    day_drop: Share = Field(default=AT_MOST_4, description="with by: mean, dials answered in the whole day, on the "
                                                           "mean of the worst days at most so far below not lending")
    confidence: Share = Field(default=plain(0.9, "share"),
                              description="with by: days, share of days, over demand and absence, that hold them; with "
                                          "by: mean, the worst days are the others")


class LenderSurge(Part):
    """A second surge that may strike a lender while its seats are away."""

    city: str
    start: Start = Field(alias="from")
    end: End = Field(alias="to")
    times: Factor = Field(description="callers of these days, against usual ones")
    chance: Share = Field(description="how likely it is; of two at most one comes")

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end)


Offer = Annotated[Desk | Volunteers | CloudSeats, Field(discriminator="kind")]
"""Seats beside those of cities' halls that a plan may order: no more than the lever has, at times at which it has
them."""
OFFERS = (Desk, Volunteers, CloudSeats)
OFFER_KINDS = ("desk", "volunteers", "cloud_seats")


def same_seats(offer: Offer, lever: Offer) -> bool:
    """Whether a lever is of the seats that are offered, whenever and however many they are, and makes no more of
    them."""
    return made_of(offer) == made_of(lever) and {city for _, city in lever.cities_named()} <= {
        city for _, city in offer.cities_named()}


def made_of(one: Offer) -> tuple[object, ...]:
    """All that an offer is beside its number, its hours and whom it helps."""
    pool, training = one.seat_pool(), float(one.training) if isinstance(one, Volunteers) else 0.0
    return (*pool.model_copy(update={"serves": ()}).kin, float(pool.presence), training)


def not_before(offer: Offer, moment: datetime) -> Offer:
    """An offer of which nobody comes before a moment, be it to be trained."""
    return offer.model_copy(update={"start": max(offer.start, moment)})


class Agreement(Part):
    """Who may lend to whom, when, how much, on what terms, and what a plan is to achieve."""

    borrowers: tuple[str, ...] = Field((), description="the cities in focus if empty")
    lenders: tuple[str, ...] | None = Field(None, description="all that do not borrow if left out")
    agreed: Start = Field(description="the moment in which help is agreed upon")
    connect: Duration = Field(assumed(5 * 86400.0, 0.0, 10 * 86400.0, "S4：2 日下令，6 日接通 | S4: ordered on the "
                                      "2nd, joined on the 6th", "s"), description="until systems are joined")
    rehearsal: Duration = Field(assumed(14 * 3600.0, 0.0, 2 * 86400.0, "S4：14 小时 | S4: 14 hours", "s"),
                                description="from then until seats are ready")
    end: End = Field(alias="to")
    hours: tuple[Clock, Clock] = (8 * 60, 22 * 60)
    block: Duration = Field(plain(7200.0, "s"), description="seats are lent for whole blocks")
    hold: Duration = Field(plain(86400.0, "s"), description="whole days for which the same hours' plan holds")
    stint: Duration = Field(plain(0.0, "s"), description="the shortest time of a day for which a seat is lent")
    changes_a_day: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, description="times that a lender's seats with a borrower may change within the hours of a day")
    share: Share = Field(plain(0.3, "share"), description="of the seats that a lender has on duty in the block")
    keep: Count = Field(plain(1.0, "1"), description="seats that stay at home")
    seats: Count | None = Field(None, description="seats lent by all together at any time, at most")
    licences: dict[str, Count] = Field({}, description="by borrower: guests' seats at any time, at most")
    seat_hour_cost: Factor = Field(WORTH_LENDING, description="people answered that a lent seat-hour has to be worth")
    call_in_cost: Factor = Field(WORTH_CALLING, description="people answered that an hour of somebody who is called in "
                                                            "has to be worth")
    fairness: Factor | None = Field(None, description="no lender gives a larger part of its seats' hours than so many "
                                                      "times what all give together")
    second_surges: tuple[LenderSurge, ...] = Field((), description="second surges that a plan is armed against")
    recall: Duration = Field(assumed(7200.0, 0.0, 86400.0, "假设：一个时段内换班到位 | assumed: within a block", "s"),
                             description="from the first hour of a second surge until seats are home, or called in")
    offers: tuple[Offer, ...] = Field((), description="who else can be ordered to a borrower, at most so many at a "
                                                      "time and within their hours: the province's desk, volunteers, "
                                                      "own people at home")
    objective: Goal = "people"
    floor: Floor = Floor()
    floors: dict[str, Floor] = Field({}, description="of single lenders, instead of floor")

    # The terms of the levers that a plan is made of.
    classes: tuple[str, ...] = ()
    first: bool = False
    presence: Share = PRESENCE
    speed: Speed = Speed()

    @property
    def ready(self) -> datetime:
        """The moment from which seats can be lent."""
        return self.agreed + timedelta(seconds=float(self.connect) + float(self.rehearsal))

    @property
    def block_s(self) -> int:
        return round(float(self.block))

    @property
    def hold_days(self) -> int:
        return round(float(self.hold) / 86400)

    def offers_like(self, lever: object) -> list[int]:
        """Which offers are of the seats that a lever has, at whatever hours: their places."""
        return [k for k, one in enumerate(self.offers) if isinstance(lever, OFFERS) and same_seats(one, lever)]

    def since_agreed(self, offer: Offer) -> Offer:
        """An offer of which nobody comes before help is agreed upon."""
        return not_before(offer, self.agreed)

    def lenders_among(self, cities: Iterable[str], borrowers: Collection[str]) -> tuple[str, ...]:
        """Who may lend."""
        return tuple(city for city in cities if city not in borrowers) if self.lenders is None else self.lenders

    def floor_of(self, city: str) -> Floor:
        return self.floors.get(city, self.floor)

    @model_validator(mode="after")
    def blocks_fill_the_hours(self) -> Agreement:
        first, last = self.hours
        if last <= first:
            raise RuleError(say("must end later than they begin, on the same day"), "hours")
        if self.block_s < 60 or 86400 % self.block_s or any(edge * 60 % self.block_s for edge in self.hours):
            raise RuleError(say("must divide a day, and the hours must be whole blocks of it"), "block")
        if float(self.hold) < 86400 or float(self.hold) % 86400:
            raise RuleError(say("must be whole days"), "hold")
        return self

    @model_validator(mode="after")
    def strikes_are_alternatives(self) -> Agreement:
        for i, strike in enumerate(self.second_surges):
            if strike.end <= strike.start:
                raise RuleError(say("must end later than it begins"), "second_surges", i, "to")
            if float(strike.times) < 1:
                raise RuleError(say("must be 1 or more: a second surge brings more callers"), "second_surges", i,
                                "times")
        if sum(float(strike.chance) for strike in self.second_surges) > 1:
            raise RuleError(say("chances add up to more than 100 %"), "second_surges")
        return self

    @model_validator(mode="after")
    def is_ready_in_time(self) -> Agreement:
        if self.ready >= self.end:
            raise RuleError(say("seats are ready on {ready:%Y-%m-%d %H:%M}, which is not before the end: agree "
                                "earlier, connect faster or end later", ready=self.ready), "agreed")
        return self


def is_planned(lever: object, terms: Agreement | None) -> bool:
    """Whether plans decide of a lever: it lends seats between cities, or takes up what the terms offer."""
    return isinstance(lever, Lend) or (terms is not None and bool(terms.offers_like(lever)))
