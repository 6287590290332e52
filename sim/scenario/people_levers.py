"""Levers about people: a city's own, who are called in, stand by or stay longer, and those whom it brings in."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.dates import Start
from sim.scenario.effects import CalledIn, Effects, SeatPool, Speed, StayingOn
from sim.scenario.lever import PRESENCE, Guests, Lever
from sim.scenario.messages import say
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Count, Duration, Hours, Share, assumed, plain

RESPONSE = assumed(1800.0, 600.0, 7200.0, "海口：后备人员 30 分钟内到岗接听 | Haikou: reserves answer within 30 min",
                   "s")
TRAINING = assumed(4 * 3600.0, 1.5 * 3600.0, 3 * 86400.0, "默认：半天；新加坡保健服务集团 1.5 小时 | by default: half "
                                                          "a day; SingHealth took 1.5 h", "s")


class OwnPeople(Lever):
    """A lever about a city's own people."""

    city: str
    group: str | None = Field(None, description="of the city's groups; all if left out")

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]


class CallIn(OwnPeople):
    """Own people who are off duty and rested come to their own hall, after the notice that their terms give them."""

    kind: Literal["call_in"]
    people: Count = Field(description="at work at any time; no more come than are rested and willing, and no more sit "
                                      "than there are workplaces")

    def apply(self, effects: Effects) -> Effects:
        return effects.plus(called_in=(CalledIn(city=self.city, group=self.group, people=self.people, span=self.span,
                                                called=self.start),))


class Standby(OwnPeople):
    """Own people who are paid to be reachable, and come to their own hall when they are called: all of them."""

    kind: Literal["standby"]
    people: Count
    called: Start | None = Field(None, description="when they are called; as soon as they stand by if left out")
    response: Duration = Field(RESPONSE, description="from the call until they are at work")

    @model_validator(mode="after")
    def is_called_in_time(self) -> Standby:
        if self.called is not None and not self.start <= self.called < self.end:
            raise RuleError(say("must lie between from and to: nobody else can be reached"), "called")
        return self

    def apply(self, effects: Effects) -> Effects:
        return effects.plus(called_in=(CalledIn(
            city=self.city, group=self.group, people=self.people, span=self.span, called=self.called or self.start,
            response=self.response),))


class Overtime(OwnPeople):
    """Own people whose shift ends within the hours of a day stay on longer."""

    kind: Literal["overtime"]
    longer: Hours = Field(description="hours after the end of the shift")
    share: Share = Field(plain(1.0, "share"), description="of those whose shift ends, who stay")

    def apply(self, effects: Effects) -> Effects:
        return effects.plus(staying_on=(StayingOn(city=self.city, group=self.group, hours=self.longer,
                                                  share=self.share, span=self.span),))


class Volunteers(Guests):
    """People whom a city brings in itself: they are trained first, and then answer its calls only. Those of others, who
    answer from desks of their own, are a desk."""

    kind: Literal["volunteers"]
    city: str
    people: Count = Field(description="at seats at any time")
    place: Literal["workplaces", "elsewhere"] = Field("workplaces", description="where they sit: at free workplaces "
                                                                             "of the city, or elsewhere")
    classes: tuple[str, ...] = Field((), description="only these; all if empty")
    training: Duration = Field(TRAINING, description="from the beginning until they answer")
    presence: Share = Field(PRESENCE, description="share of the hour that a seat is really there")
    speed: Speed = Speed()

    def cities_named(self) -> list[tuple[str, str]]:
        return [("city", self.city)]

    @property
    def ready(self) -> datetime:
        """From when on they answer."""
        return self.start + timedelta(seconds=float(self.training))

    @model_validator(mode="after")
    def is_trained_in_time(self) -> Volunteers:
        if self.ready >= self.end > self.start:
            raise RuleError(say("lasts until {ready:%Y-%m-%d %H:%M}, and they leave on {end:%Y-%m-%d %H:%M}: train "
                                "them earlier, or for less long", ready=self.ready, end=self.end), "training")
        return self

    def seat_pool(self) -> SeatPool:
        return SeatPool(name=f"{self.city}·volunteers", kind="volunteers", home=self.city, serves=(self.city,),
                        classes=self.classes, seats=self.people, presence=self.presence,
                        at_workplaces=self.place == "workplaces",
                        span=self.span.model_copy(update={"start": self.ready}), speed=self.speed)
