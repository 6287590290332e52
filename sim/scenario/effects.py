"""What levers do: seats that are no city's own, own people beyond the shifts, chances, lines, and routing.

Nothing here is written in a file. Levers add to it one after another, and worlds are built from what stands there.
"""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from sim.core.arrays import ON_BUSY, Floats, Ints
from sim.scenario.dates import Span
from sim.scenario.messages import say
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Factor, Part, Quantity, assumed, described, plain, quantity, seconds

STRANGER = "默认：不熟悉别市的政策，头几天学得最快 | by default: strange to the city's rules, learnt in the first days"
SLOWEST = 0.01  # of a city's own people
Spare = Annotated[int, Field(ge=0, le=100_000)]  # seats kept idle


class Speed(Part):
    """How fast a guest works on another city's matters, against that city's own people: rises along a line."""

    day_1: Factor = assumed(0.80, 0.60, 1.00, STRANGER, "1")
    day_5: Factor = assumed(0.90, 0.70, 1.00, STRANGER, "1")

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
    home_first: bool = False
    """Whether they answer their home before those whom they serve, whom they serve while more than ``keep_idle`` are
    idle, and again while more than ``resume_idle`` are."""
    resume_idle: int = 0
    seats: Quantity
    presence: Quantity
    off_duty: Quantity = plain(0.0)
    at_workplaces: bool = False
    """Whether they sit at workplaces of their home, as far as any are free."""
    span: Span
    speed: Speed

    @property
    def kin(self) -> tuple[object, ...]:
        """What parts of one pool have in common."""
        speed = float(self.speed.day_1), float(self.speed.day_5)
        return (self.name, self.kind, self.serves, self.classes, self.both, self.first, self.keep_idle,
                self.home_first, self.resume_idle, self.at_workplaces, speed)


class CalledIn(Part):
    """People of a city who are off duty and come to its own hall, or stand by to come: each day between the hours of a
    span, from so long after the call on."""

    city: str
    group: str | None = None
    people: Quantity
    span: Span
    called: datetime
    response: Quantity | None = None
    """What it takes them to come who stand by, all of whom do; None where the terms of the group hold."""

    @property
    def stands_by(self) -> bool:
        return self.response is not None


class StayingOn(Part):
    """People of a city whose shift ends within a span, and who stay so many hours longer."""

    city: str
    group: str | None = None
    hours: Quantity
    share: Quantity
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


BUSY = "busy"
WAIT = quantity(replace(seconds, such_as=say("{word}, or {such_as}", word=BUSY, such_as=seconds.such_as)))


def wait_or_busy(raw: object, info: ValidationInfo) -> object:
    return raw if raw == BUSY else WAIT(raw, info)


class Routing(Part):
    """Who answers whom: see policies."""

    policy: Literal["dedicated", "overflow", "pooled"] = "dedicated"
    after: Annotated[Quantity | Literal["busy"], BeforeValidator(wait_or_busy), described("30 s", BUSY)] = Field(
        default=plain(0.0, "s"),
        description="with policy: overflow, how long a call waits before any city's own seats may "
                    "answer it; busy (call forwarding on busy): only a call that finds no free "
                    "line in its city, at once, on a line of the city that answers")
    keep_idle: Spare = Field(default=0, description="idle own seats that each city keeps for its own calls")

    @model_validator(mode="after")
    def keeps_seats_from_somebody(self) -> Routing:
        if self.keep_idle and self.policy == "dedicated":
            raise RuleError(say("does nothing where own seats serve their own city only"), "keep_idle", of_name=True)
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


class Effects(Part):
    """What all levers of a scenario do together."""

    routing: Routing
    pools: tuple[SeatPool, ...] = ()
    called_in: tuple[CalledIn, ...] = ()
    staying_on: tuple[StayingOn, ...] = ()
    chances: tuple[Chance, ...] = ()
    more_lines: tuple[MoreLines, ...] = ()

    def plus(self, **more: tuple[Any, ...]) -> Effects:
        """With more of something, by its name."""
        return self.model_copy(update={name: (*getattr(self, name), *parts) for name, parts in more.items()})
