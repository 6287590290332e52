"""The typed scenario: what a file says, with every rule that a file must keep."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from sim.scenario.callers import NO_OWN, CallerClass, HandleTimes
from sim.scenario.changes import CHECKED, Changes, changed_data
from sim.scenario.dates import End, Start
from sim.scenario.demand import EverydayDemand, Profile, Surge
from sim.scenario.effects import Effects, Routing
from sim.scenario.intervals import Intervals
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import KINDS, ONE_LEVER, AnyLever, in_force
from sim.scenario.levers import NO_MORE as NO_LEVERS
from sim.scenario.messages import Message, say
from sim.scenario.observed import Observed
from sim.scenario.people import (
    Absence,
    Group,
    Key,
    Rota,
    Shift,
    ShiftCounts,
    StaffTable,
    Workforce,
    pool_of_some,
    short_form,
)
from sim.scenario.problems import Place, Problem, RuleError, ScenarioError, Where, dotted, nearest, shortly
from sim.scenario.quantities import (
    Count,
    Distribution,
    Duration,
    Factor,
    Name,
    Part,
    Quantity,
    Share,
    Text,
    plain,
)
from sim.scenario.staffing_terms import StaffingTerms

BASE = "base"  # the scenario itself, among its variants
ALL = "all"


class Horizon(Part):
    """What is simulated: local wall-clock time, in equal intervals. A bare date as end means the end of that day."""

    start: Start
    end: End
    interval: Duration = plain(900.0, "s")

    @property
    def interval_s(self) -> int:
        return round(float(self.interval))

    @property
    def intervals(self) -> int:
        return int((self.end - self.start).total_seconds()) // self.interval_s

    @property
    def last_day(self) -> date:
        """That of the last moment: an end at midnight is that of the day before."""
        return (self.end - timedelta(seconds=1)).date()

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
    handle_times: dict[str, HandleTimes] = Field({}, description="by class: how long its calls take here, instead of "
                                                                 "what the class says")

    @property
    def has_so_many_lines(self) -> bool:
        """Whether anybody can meet a busy signal: not where lines have no limit."""
        return self.lines is not None or self.lines_per_seat is not None


class Variant(Part):
    """The scenario with other levers, and perhaps with other values."""

    name: Name
    levers: tuple[AnyLever, ...] = Field(description="instead of the scenario's own")
    change: Changes = Field({}, description="other values by path, such as cities.nanjing.seats or "
                                            "surges[0].by_day.2021-08-03")


class Spotlight(Part):
    """A day, or some days in a row."""

    start: Start = Field(alias="from")
    end: End = Field(alias="to")

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> Spotlight:
        if self.end <= self.start:
            raise RuleError(say("must end later than it begins"), "to")
        return self


class Scenario(Part):
    """Everything that a run needs, before names become numbers."""

    surgeline: Literal[1] = Field(description="version of this format")
    name: str = ""
    title: Name
    about: Name = Name(zh="", en="")
    horizon: Horizon
    focus: tuple[str, ...] = Field((), description="cities that the report is about; all that have a surge if empty")
    headline: Literal["callers", "dials"] = "callers"
    spotlight: Spotlight | None = Field(None, description="the days that the report's first screen is about; the "
                                                          "worst one if left out")
    answered_within: Duration = plain(15.0, "s")
    cities: dict[Key, City] = Field(min_length=1)
    classes: dict[Key, CallerClass] = Field(min_length=1)
    shifts: dict[Key, tuple[Shift, ...]] = {}
    rotas: dict[Key, Rota] = Field({}, description="fixed cycles of shifts and days off, by name")
    people: dict[str, Workforce] = Field({}, description="who works for a city, by city, or for all: groups, rosters, "
                                                         "terms, rules of work; what a city says stands instead, "
                                                         "field by field")
    profiles: dict[Key, Profile]
    everyday: dict[str, EverydayDemand] = {}
    everyday_level: Factor = Field(plain(1.0, "1"),
                                   description="everyday callers as a multiple of the cities' own figure")
    surges: tuple[Surge, ...] = ()
    absences: tuple[Absence, ...] = ()
    staff: StaffTable | None = None
    shift_counts: ShiftCounts | None = Field(None, description="how many people begin which shift on which day, by "
                                                               "city")
    routing: Routing = Routing()
    levers: tuple[AnyLever, ...] = ()
    variants: dict[Key, Variant] = {}
    lending: Agreement | None = Field(None, description="within which terms help between cities is planned")
    staffing: StaffingTerms | None = Field(None, description="what a staffing plan is to reach, and with which shifts; "
                                                             "the defaults if left out")
    observed: tuple[Observed, ...] = ()
    sources: dict[str, Text] = Field({}, description="what the short names of sources stand for")

    @property
    def effects(self) -> Effects:
        """What its levers do, in their order."""
        effects = Effects(routing=self.routing)
        for lever in in_force(self.levers):
            effects = lever.apply(effects)
        return effects

    def handle_times(self, city: str, klass: str) -> tuple[Distribution, Distribution | str]:
        """How long talk and wrap-up of a class take in a city."""
        usual, here = self.classes[klass], self.cities[city].handle_times.get(klass, NO_OWN)
        return here.talk or usual.talk, here.wrap_up or usual.wrap_up

    @property
    def staffing_terms(self) -> StaffingTerms:
        """What a staffing plan is to reach: what the file says, or the defaults."""
        return self.staffing or StaffingTerms()

    def workplaces(self, city: str) -> float:
        """In a city's hall: what is said of its people's, else its seats."""
        most = self.workforce(city).workplaces
        return float(self.cities[city].seats if most is None else most)

    def workforce(self, city: str) -> Workforce:
        """What the file says of a city's people, field by field instead of what it says of all cities'."""
        own, common = self.people.get(city), self.people.get(ALL)
        return own.over(common) if own and common else own or common or Workforce()

    def groups(self, city: str) -> dict[str, Group]:
        """The groups of a city's people; its agents as one group where the file names none."""
        own = self.cities[city]
        return self.workforce(city).groups or short_form(own.agents, own.shifts, own.absence)

    def answered_by(self, group: Group) -> tuple[str, ...]:
        """The classes that a group answers, in the order of the file; none stands for all."""
        some = tuple(klass for klass in self.classes if klass in group.answers)
        return () if len(some) == len(self.classes) else some

    def classes_apart(self, city: str) -> tuple[tuple[str, ...], ...]:
        """The sets of classes that some of a city's people answer and no other: their seats are pools of their own."""
        found = dict.fromkeys(self.answered_by(group) for group in self.groups(city).values())
        return tuple(classes for classes in found if classes)

    @property
    def own_pools(self) -> tuple[str, ...]:
        """What the cities' own seats are called: for all callers by the city, for some classes by these too."""
        return (*self.cities, *(pool_of_some(city, classes) for city in self.cities
                                for classes in self.classes_apart(city)))

    def shifts_of(self, group: Group) -> tuple[Shift, ...]:
        """The plan of shifts of a group, by its rota if it has one; none where it has none."""
        name = self.rotas[group.rota].shifts if group.rota is not None else group.shifts
        return self.shifts[name] if name is not None else ()

    def counted(self, city: str) -> dict[str, Group]:
        """The groups of a city of whom a table says how many begin which shift: those whose shifts have codes and no
        share, whom no rota and no roster puts to work. None where the table has no row of the city."""
        if self.shift_counts is None or not any(row.city == city for row in self.shift_counts.rows):
            return {}
        roster = self.workforce(city).roster
        return {key: group for key, group in self.groups(city).items() if group.shifts and group.rota is None
                and not (roster and roster.of_group(key)) and self.may_be_counted(group.shifts)}

    def may_be_counted(self, plan: str) -> bool:
        """Whether a plan of shifts has codes by which a table may name them, and no shares."""
        shifts = self.shifts.get(plan, ())
        return any(one.code for one in shifts) and all(one.share is None for one in shifts)

    def variant(self, name: str) -> Scenario:
        """The scenario with the levers and the changes of a variant. KeyError for an unknown name."""
        with_levers = self.model_copy(update={"levers": self.variants[name].levers})
        return with_levers.changed(self.variants[name].change)

    def changed(self, changes: Mapping[str, Any]) -> Scenario:
        """With other values at some paths, by the rules of single parts: for changes that were checked before."""
        return Scenario.model_validate(changed_data(self, changes)) if changes else self

    def change(self, changes: Mapping[str, Any]) -> Scenario:
        """The scenario with other values at some paths, written as in files; lists by {add: [...]}, {replace: [...]}.

        :raises ScenarioError: with every rule that the changed scenario breaks; for a path that leads nowhere, with the
            nearest that does.

        >>> from sim import load
        >>> busier = load("two-cities").change({"cities.east.seats": 20, "everyday_level": 1.5})
        >>> float(busier.cities["east"].seats), float(busier.everyday_level)
        (20.0, 1.5)
        """
        checked, = CHECKED
        found: Scenario = checked(self, changes)
        return found

    def with_levers(self, levers: Iterable[AnyLever | Mapping[str, Any]]) -> Scenario:
        """The scenario with these levers instead of its own, in their order.

        :param levers: levers of another scenario or plan, or mappings as files write them.
        :raises ScenarioError: for what is no lever, and for a city or class that the scenario has not.

        >>> from sim import load
        >>> lend = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 2, "from": "2021-08-02",
        ...         "to": "2021-08-02"}
        >>> float(load("two-cities").with_levers([lend]).levers[0].seats)
        2.0
        """
        read, problems = [], list[Problem]()
        for i, lever in enumerate(levers):
            try:
                read.append(ONE_LEVER.validate_python(lever))
                problems += strangers(self, i, read[-1])
            except ValidationError as error:
                problems += broken_rules(self, i, error)
        if problems:
            raise ScenarioError(problems)
        return self.model_copy(update={"levers": tuple(read)})

    @property
    def planned(self) -> tuple[str, ...]:
        """The cities whose seats a table plans, in the order of its columns."""
        rows = self.staff.rows if self.staff else ()
        return tuple(name for name, _ in rows[0][1]) if rows else ()

    def surged(self) -> tuple[str, ...]:
        """The cities that the report is about."""
        named = dict.fromkeys(surge.city for surge in self.surges)
        return self.focus or (tuple(self.cities) if ALL in named or not named else tuple(named))


def strangers(scenario: Scenario, i: int, lever: Any) -> Iterator[Problem]:
    """Cities and classes that a lever names and the scenario has not."""
    for named, known in ((lever.cities_named(), scenario.cities), (lever.classes_named(), scenario.classes)):
        for field, name in named:
            if name not in known:
                yield Problem(Place(scenario.name), dotted(("levers", i, field)),
                              say("{got} is not in this scenario{hint}", got=shortly(name), hint=nearest(name, known)))


def broken_rules(scenario: Scenario, i: int, error: ValidationError) -> Iterator[Problem]:
    """What is wrong with a lever; pydantic's path begins with its kind, which no file has there."""
    for found in error.errors(include_url=False):
        said = broken_rule(found)
        yield Problem(Place(scenario.name), dotted(("levers", i, *found["loc"][1:])), said)


def broken_rule(found: Any) -> Message:
    """A rule in words, by pydantic's kind of fault; one of ours says its own."""
    if found["type"] == "union_tag_invalid":
        tag = found["ctx"]["tag"]
        if tag in NO_LEVERS:
            return NO_LEVERS[tag]
        return say("{kind} is no lever{hint}", kind=shortly(tag), hint=nearest(tag, KINDS))
    error = found.get("ctx", {}).get("error")
    if isinstance(error, RuleError):
        return error.message
    return BROKEN.get(found["type"]) or say("{text}", text=found["msg"])


BROKEN = {"missing": say("is missing"), "extra_forbidden": say("is no known name"),
          "union_tag_not_found": say("needs a kind: {kinds}", kinds=", ".join(KINDS))}
NOT_REPLAYED = ("lending", "staffing")


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
