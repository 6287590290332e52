"""The typed scenario: what a file says, with every rule that a file must keep."""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.scenario.dates import DAY_MINUTES, Clock, Day, End, Span, Start, parsed
from sim.scenario.effects import Effects, Routing
from sim.scenario.intervals import Intervals
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import AnyLever, in_force
from sim.scenario.messages import Message, printable, say
from sim.scenario.observed import Observed
from sim.scenario.problems import RuleError, Where
from sim.scenario.quantities import Count, Distribution, Duration, Factor, Name, Part, Quantity, Share, Text, plain

KEY = r"^[a-z][a-z0-9_-]*$"
Key = Annotated[str, Field(pattern=KEY, max_length=40)]
AS_IS = "as-it-is"  # the scenario itself, among its variants
ALL = "all"
MOST_CV = 3.0
POOL_KINDS = ("own", "lent", "province", "operators", "volunteers", "cloud")


class Horizon(Part):
    """What is simulated: local wall-clock time, in equal intervals. A bare date as end means the end of that day."""

    start: Start
    end: End
    interval: Duration = plain(900.0)

    @property
    def interval_s(self) -> int:
        return round(float(self.interval))

    @property
    def intervals(self) -> int:
        return int((self.end - self.start).total_seconds()) // self.interval_s

    @property
    def times(self) -> Intervals:
        return Intervals(self.start, self.interval_s, self.intervals)

    @model_validator(mode="after")
    def is_whole(self) -> Horizon:
        length = (self.end - self.start).total_seconds()
        if length <= 0:
            raise RuleError(say("must come after start"), "end")
        if float(self.interval) < 1 or float(self.interval) != self.interval_s or 86400 % self.interval_s:
            raise RuleError(say("must be whole seconds that divide a day, such as 900 s or 15 min, got {seconds:g} s",
                                seconds=float(self.interval)), "interval")
        if length % self.interval_s:
            raise RuleError(say("must come a whole number of intervals after start"), "end")
        if (self.start - datetime.combine(self.start.date(), datetime.min.time())).total_seconds() % self.interval_s:
            raise RuleError(say("must be where an interval of {minutes:g} min starts, as 00:00 is",
                                minutes=self.interval_s / 60), "start")
        return self


def alone(law: Distribution) -> Distribution:
    """A law that is no part of a mixture."""
    if law.share is not None:
        raise RuleError(say("has no use outside of a mixture"), "share", of_name=True)
    return law


DistributionAlone = Annotated[Distribution, AfterValidator(alone)]


class Redial(Part):
    """What callers do whose dial failed: how many dial again, and when. ``by_try`` gives the share for the first,
    second, … failure of a matter; the last one holds on."""

    share: Share = Field(description="who dial again; where by_try is given, that holds instead")
    by_try: tuple[Share, ...] = Field((), max_length=100)
    delay: DistributionAlone

    def shares(self) -> Iterator[Quantity]:
        """Who dials again after the first failure, after the second, and so on without end."""
        yield from self.by_try
        yield from itertools.repeat(self.by_try[-1] if self.by_try else self.share)


class Unsettled(Part):
    """Callers whose matter was not settled call again, at the same time of day, whole days later."""

    share: Share
    delay: DistributionAlone


class CallerClass(Part):
    """People who call for one kind of reason."""

    name: Name
    urgency: int = Field(1, ge=0, le=9, description="0 is answered first")
    patience: DistributionAlone | Literal["for ever"]
    talk: DistributionAlone
    wrap_up: DistributionAlone | Literal["none"] = "none"
    after_busy: Redial
    after_hanging_up: Redial
    most_dials: int | None = Field(None, ge=1, le=1000, description="dials of one matter; no limit if absent, but "
                                                                    "nobody makes more than 32,767 dials in all")
    unsettled: Unsettled | None = None
    handle_factor: dict[str, Factor] = Field({}, description="by kind of pool: own, lent, province, ...")


class Shift(Part):
    """Part of the roster's agents at work from a time of day on."""

    start: Clock
    hours: Factor
    share: Share = Field(description="of the city's agents, on any one day")


class City(Part):
    """One city's hotline."""

    name: Name
    tile: tuple[int, int] = Field((0, 0), description="column and row on the tile map")
    population: Count | None = None
    calls_a_day: Count = Field(description="fresh everyday callers a day")
    seats: Count = Field(description="workplaces")
    agents: Count
    shifts: str
    absence: Share = Field(description="the usual share of the agents on shift who do not come; in tables of planned "
                                       "seats it is taken off already")
    shrinkage: Share = Field(description="breaks, training: the share of a shift not at the telephone")
    lines_per_seat: Factor | None = Field(None, description="no limit of lines if absent")
    lines: Count | None = None

    @property
    def has_so_many_lines(self) -> bool:
        """Whether anybody can meet a busy signal: not where lines have no limit."""
        return self.lines is not None or self.lines_per_seat is not None


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

    share: Share = plain(1.0)
    profile: str
    busyness_cv: Spread = Field(plain(0.0), description="how much days differ: gamma, mean 1")


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

    city: str = Field(description="a city, or all: spread over the cities by population")
    klass: str = Field("surge", alias="class")
    profile: str
    by_day: Annotated[dict[Day, Count], BeforeValidator(dates_as_text)] = {}
    life_cycle: LifeCycle | None = None
    shocks: tuple[Shock, ...] = ()
    table: str | None = Field(None, description="CSV or XLSX beside the file: columns start and callers, a row for "
                                                 "each interval")
    rows: tuple[tuple[datetime, float], ...] = Field((), description="filled in from table; not to be written")
    busyness_cv: Spread = plain(0.0)


class Absence(Part):
    """A share of a city's agents who can't come, instead of the city's usual absence. Seats that a table plans are open
    in the part in which people come: (1 - share) / (1 - usual absence)."""

    city: str = Field(description="a city, or all")
    start: Start = Field(alias="from")
    end: End = Field(alias="to")
    share: Share
    who: Text = ""

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end)


class StaffTable(Part):
    """Seats that are planned by a table, less breaks, instead of agents and shifts: columns start and one a city."""

    table: str = Field(description="a row holds until the next, the last one to the end of its day or for as long as "
                                   "rows usually do; together they cover the horizon")
    rows: tuple[tuple[datetime, tuple[tuple[str, float], ...]], ...] = ()


class Variant(Part):
    """A named list of levers, instead of the file's own."""

    name: Name
    levers: tuple[AnyLever, ...]


class Scenario(Part):
    """Everything that a run needs, before names become numbers."""

    surgeline: Literal[1] = Field(description="version of this format")
    name: str = ""
    title: Name
    about: Name = Name(zh="", en="")
    horizon: Horizon
    focus: tuple[str, ...] = Field((), description="cities that the report is about; all that have a surge if empty")
    headline: Literal["callers", "dials"] = "callers"
    answered_within: Duration = plain(15.0)
    cities: dict[Key, City] = Field(min_length=1)
    classes: dict[Key, CallerClass] = Field(min_length=1)
    shifts: dict[Key, tuple[Shift, ...]] = {}
    profiles: dict[Key, Profile]
    everyday: dict[str, EverydayDemand] = {}
    everyday_level: Factor = Field(plain(1.0), description="everyday callers as a multiple of the cities' own figure")
    surges: tuple[Surge, ...] = ()
    absences: tuple[Absence, ...] = ()
    staff: StaffTable | None = None
    routing: Routing = Routing()
    levers: tuple[AnyLever, ...] = ()
    variants: dict[Key, Variant] = {}
    lending: Agreement | None = Field(None, description="within which terms help between cities is planned")
    observed: tuple[Observed, ...] = ()
    sources: dict[str, Text] = Field({}, description="what the short names of sources stand for")

    @property
    def effects(self) -> Effects:
        """What its levers do, in their order."""
        effects = Effects(routing=self.routing)
        for lever in in_force(self.levers):
            effects = lever.apply(effects)
        return effects

    def variant(self, name: str) -> Scenario:
        """The scenario with the levers of a variant instead of its own. KeyError for an unknown name."""
        return self.model_copy(update={"levers": self.variants[name].levers})

    def surged(self) -> tuple[str, ...]:
        """The cities that the report is about."""
        named = dict.fromkeys(surge.city for surge in self.surges)
        return self.focus or (tuple(self.cities) if ALL in named or not named else tuple(named))


NOT_REPLAYED = ("lending",)


def quantities(part: Any, path: Where = ()) -> Iterator[tuple[Where, Quantity]]:
    """Every quantity of a scenario that a replay rests on, with its place in the file."""
    if isinstance(part, Quantity):
        yield path, part
    elif isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            if name not in NOT_REPLAYED:
                yield from quantities(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from quantities(value, (*path, str(key)))
    elif isinstance(part, tuple):
        for i, value in enumerate(part):
            yield from quantities(value, (*path, i))
