"""How many call and when: everyday profiles, and surges by day, in three parts, by shocks or by a table."""
from __future__ import annotations

import itertools
import math
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.scenario.dates import DAY_MINUTES, Day, Start, parsed
from sim.scenario.messages import Message, printable, say
from sim.scenario.people import Key
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Count, Duration, Factor, Part, Quantity, Share, Text, plain

MOST_CV = 3.0


class Profile(Part):
    """How a day's callers spread over the day (equal steps of whole minutes, any unit), and the week from Monday."""

    day: tuple[Annotated[float, Field(ge=0, le=1e9)], ...] = Field(min_length=1, max_length=1440)
    week: tuple[Annotated[float, Field(ge=0, le=1e9)], ...] = Field((1.0,) * 7, min_length=7, max_length=7)
    note: Text = ""

    @model_validator(mode="after")
    def has_callers(self) -> Profile:
        for name in ("day", "week"):
            if sum(getattr(self, name)) <= 0:
                raise RuleError(say("must have a part above 0"), name)
        return self

    @model_validator(mode="after")
    def divides_the_day(self) -> Profile:
        if DAY_MINUTES % len(self.day):
            raise RuleError(say("has {steps} steps, but a day falls into equal steps of whole minutes, such as 24, 48 "
                                "or 96", steps=len(self.day)) + self.lost_or_added(), "day")
        return self

    def lost_or_added(self) -> Message:
        """What probably happened to a day of so many steps."""
        *but_last, last = self.day
        if DAY_MINUTES % len(but_last) == 0 and math.isclose(last, sum(but_last)):
            return say(": its last is the sum of the others; leave it out")
        for steps in (24, 48, 96, 144, 288):
            more = len(self.day) - steps
            if abs(more) in (1, steps // 24):
                is_hour = abs(more) == steps // 24
                hour = say(", or clocks changed on that day, which China's do not") if is_hour else say("")
                return (missing(-more, steps) if more < 0 else too_many(more, steps)) + hour
        return say("")


def missing(steps: int, of: int) -> Message:
    if steps == 1:
        return say(": 1 of {of} is missing", of=of)
    return say(": {steps} of {of} are missing", steps=steps, of=of)


def too_many(steps: int, of: int) -> Message:
    if steps == 1:
        return say(": 1 of {of} is too many", of=of)
    return say(": {steps} of {of} are too many", steps=steps, of=of)


def spread(cv: Quantity) -> Quantity:
    """How much days may differ at the most: more of it is a per cent sign that was forgotten."""
    if float(cv) > MOST_CV:
        got = f"{float(cv):g}"
        meant = (say("; write {meant} if {got} % is meant", meant=f"{float(cv) / 100:g}", got=got) if float(cv) <= 100
                 else say(""))
        raise RuleError(say("must be <= {most}, got {got}", most=f"{MOST_CV:g}", got=got) + meant)
    return cv


Spread = Annotated[Factor, AfterValidator(spread)]


class EverydayDemand(Part):
    """A class's part of a city's everyday callers."""

    share: Share = plain(1.0, "share")
    profile: str
    busyness_cv: Spread = Field(plain(0.0, "1"), description="how much days differ: gamma, mean 1")


class Shock(Part):
    """Callers that an announcement brings: a spike that halves again and again."""

    at: Start
    callers: Count
    half_life: Duration


class LifeCycle(Part):
    """A surge in three parts: it rises to the plateau, stays, and declines. Callers a day, straight lines between."""

    outbreak: Start
    plateau: Start
    decline: Start
    end: Start
    callers_a_day: Count

    @model_validator(mode="after")
    def in_order(self) -> LifeCycle:
        for first, then in itertools.pairwise(("outbreak", "plateau", "decline", "end")):
            if getattr(self, then) < getattr(self, first):
                raise RuleError(say("must not come before {first}", first=first), then)
        return self


def dates_as_text(raw: object) -> object:
    """Dates of a YAML mapping as text, so that they are keys for every reader; each stands there once."""
    if not isinstance(raw, dict):
        return raw
    found = {str(key): value for key, value in raw.items()}
    said: dict[date, str] = {}
    for key in found:
        day = parsed(key)
        if day is not None and said.setdefault(day, key) != key:
            raise RuleError(say("is the same day as {other}: remove one of them", other=printable(said[day])), key,
                            of_name=True)
    return found


class Surge(Part):
    """Fresh callers beyond the everyday ones, of one class: any of by_day, life_cycle, shocks and a table, added up."""

    name: Key | Literal[""] = Field("", description="filled in where surges are a mapping of names to surges")
    city: str = Field(description="a city, or all: spread over the cities by population")
    klass: str = Field("surge", alias="class")
    profile: str
    by_day: Annotated[dict[Day, Count], BeforeValidator(dates_as_text)] = {}
    life_cycle: LifeCycle | None = None
    shocks: tuple[Shock, ...] = ()
    table: str | None = Field(None, description="CSV or XLSX beside the file: columns start and callers, a row for "
                                                 "each interval")
    rows: tuple[tuple[datetime, float], ...] = Field((), description="filled in from table; not to be written")
    busyness_cv: Spread = plain(0.0, "1")
