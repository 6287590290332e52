"""What all levers have in common: when they act, whom they name, and what they add to what levers do."""
from __future__ import annotations

from pydantic import Field, model_validator

from sim.scenario.dates import Clock, End, Span, Start
from sim.scenario.effects import Effects, SeatPool
from sim.scenario.messages import say
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Part, assumed

ALL_DAY: tuple[Clock, Clock] = (0, 1440)
HOURS = "of each day; they may pass midnight, as 22:00 to 06:00 does"


PRESENCE = assumed(0.72, 0.15, 0.80, "默认：同本市座席，扣除小休与培训；扬州的记录只合 16 % | "
                                     "by default: as own seats, less breaks and training; Yangzhou's record fits 12 % "
                                     "at first and 16 % later", "share")


class Lever(Part):
    """From a moment to a moment (a bare date in ``to`` means the end of that day), at some hours of the day."""

    start: Start = Field(alias="from")
    end: End = Field(alias="to")
    hours: tuple[Clock, Clock] = Field(ALL_DAY, description=HOURS)

    @model_validator(mode="after")
    def has_hours(self) -> Lever:
        if self.hours[0] == self.hours[1]:
            raise RuleError(say('begin and end at the same time; for the whole day write ["00:00", "24:00"]'), "hours")
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

    def apply(self, effects: Effects) -> Effects:
        """What holds once this lever is pulled too."""
        raise NotImplementedError


class Guests(Lever):
    """A lever that brings seats which are no city's own."""

    def seat_pool(self) -> SeatPool:
        raise NotImplementedError

    def apply(self, effects: Effects) -> Effects:
        return effects.plus(pools=(self.seat_pool(),))
