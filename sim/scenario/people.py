"""Who works for a city: groups of people, their shifts, rotas and rosters, and under which terms they are called in."""
from __future__ import annotations

import itertools
import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from sim.scenario.dates import Clock, Day, End, Span, Start
from sim.scenario.messages import say
from sim.scenario.problems import RuleError
from sim.scenario.quantities import (
    Count,
    Duration,
    Factor,
    Hours,
    Name,
    Part,
    Quantity,
    Share,
    Text,
    assumed,
    plain,
)
from sim.scenario.work_rules import WorkRules

KEY = r"^[a-z][a-z0-9_-]*$"
Key = Annotated[str, Field(pattern=KEY, max_length=40)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFF, LEAVE = "休", "假"
WORDS_OF_OFF = ("休", "休息", "公休", "调休", "补休", "轮休", "off", "-", "–", "—", "――", "——", "−", "/")
WORDS_OF_LEAVE = ("假", "休假", "请假", "年假", "年休假", "病假", "事假", "产假", "陪产假", "婚假", "丧假", "探亲假",
                  "leave")
"""What a cell of a roster says of who has no shift, in small letters."""
NIGHTS = "夜"
"""What a wish names that is about any shift at night."""
FIXED = "!"
"""Before the code of a cell that no plan may change."""
MOST_CREWS = 60
MOST_DAYS = 200
ROUNDING = 1e-6  # of an hour
HAN_APART = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff]) (?=[\u3400-\u9fff\U00020000-\U0003ffff])")


def folded(text: str) -> str:
    """What people mean by a name or a code, whichever width or case its letters have and wherever it has blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain_name(text: str) -> str:
    """A person's name as it is compared: in half-width letters, without blanks that only fill a column."""
    return HAN_APART.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))


class Break(Part):
    """A break within a shift: people take it in turn, evenly over its window."""

    length: Duration
    window: tuple[Hours, Hours] = Field(description="from how many hours after the start of the shift to how many")
    paid: bool = Field(default=True, description="whether it counts as work")

    @property
    def hours(self) -> float:
        return float(self.length) / 3600

    @property
    def part(self) -> float:
        """Who is on it at any time of the window, as a part of the shift's people."""
        return self.hours / (float(self.window[1]) - float(self.window[0]))

    @model_validator(mode="after")
    def fits_its_window(self) -> Break:
        first, last = map(float, self.window)
        if last <= first:
            raise RuleError(say("must end later than it begins"), "window")
        if not 0 < self.hours <= last - first:
            raise RuleError(say("must be above 0 and fit into its window of {hours:g} h, got {got:g} h",
                                hours=last - first, got=self.hours), "length")
        return self


class Shift(Part):
    """Some of a group's people at work from a time of day on."""

    start: Clock
    hours: Hours = Field(description="of presence, breaks included")
    share: Share | None = Field(default=None, description="of the people, on any one day of it; left out where a "
                                                          "rota, a roster or shift_counts says who works")
    code: Text = Field(default="", max_length=16, description="what it is called in rotas and rosters, such as 早 or "
                                                               "D1")
    days: tuple[Weekday, ...] = Field(default=WEEK, description="the days of the week on which it begins")
    breaks: tuple[Break, ...] = Field(default=(), max_length=10, description="breaks with a time of their own; "
                                                                             "shrinkage is what is lost besides")

    @property
    def end(self) -> int:
        """Minutes after the midnight before it begins."""
        return self.start + round(float(self.hours) * 60)

    @property
    def work_hours(self) -> float:
        """Hours of presence less breaks that are not paid."""
        return float(self.hours) - sum(one.hours for one in self.breaks if not one.paid)

    @model_validator(mode="after")
    def has_a_code_of_its_own(self) -> Shift:
        if folded(self.code) in (*WORDS_OF_OFF, *WORDS_OF_LEAVE):
            raise RuleError(say("{got} stands for a day without a shift: take another code", got=self.code), "code")
        if self.code != self.code.strip():
            raise RuleError(say("begins or ends with a blank, which no cell of a roster shows: leave it out"), "code")
        return self

    @model_validator(mode="after")
    def begins_on_some_day(self) -> Shift:
        if not self.days:
            raise RuleError(say("names no day: leave it out for every day of the week"), "days")
        for i, day in enumerate(self.days):
            if day in self.days[:i]:
                raise RuleError(say("{name} stands here twice", name=day), "days", i)
        return self

    @model_validator(mode="after")
    def has_its_breaks_within(self) -> Shift:
        for i, one in enumerate(self.breaks):
            if float(one.window[1]) > float(self.hours):
                raise RuleError(say("must end within the shift, {hours:g} h after its start",
                                    hours=float(self.hours)), "breaks", i, "window")
        return self

    @model_validator(mode="after")
    def has_one_break_at_a_time(self) -> Shift:
        """Whoever may take two breaks at once may miss one of them, and who has nothing but breaks does not work."""
        in_order = sorted(range(len(self.breaks)), key=lambda i: float(self.breaks[i].window[0]))
        for one, then in itertools.pairwise(in_order):
            end, begin = float(self.breaks[one].window[1]), float(self.breaks[then].window[0])
            if begin < end - ROUNDING:
                raise RuleError(say("begins {begin:g} h after the start of the shift, and another break may last until "
                                    "{end:g} h: nobody is on two at once; let one window begin where the other ends",
                                    begin=begin, end=end), "breaks", then, "window")
        breaks = sum(one.hours for one in self.breaks)
        if self.breaks and breaks > float(self.hours) - ROUNDING:
            raise RuleError(say("last {breaks:g} h of {hours:g} h: that leaves no time for work", breaks=breaks,
                                hours=float(self.hours)), "breaks")
        return self


class Rota(Part):
    """A fixed cycle of shifts and days off, as 四班三运转: each crew is a part of the cycle ahead of the one before."""

    shifts: str = Field(description="the plan of shifts whose codes it names")
    cycle: tuple[Text, ...] = Field(min_length=1, max_length=366, description="a code of a shift or 休 (off) for each "
                                                                              "day")
    start: Day = Field(description="the day on which the first crew begins the cycle")
    crews: int = Field(description="into how many equal crews the people fall", ge=1, le=MOST_CREWS)

    @field_validator("cycle")
    @classmethod
    def a_day_off_has_one_name(cls, cycle: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(OFF if folded(code) in WORDS_OF_OFF else code for code in cycle)

    @model_validator(mode="after")
    def is_shared_evenly(self) -> Rota:
        if len(self.cycle) % self.crews:
            raise RuleError(say("{days} days can't be shared evenly by {crews} crews: take a cycle whose length the "
                                "crews divide", days=len(self.cycle), crews=self.crews), "cycle")
        return self

    def code(self, crew: int, day: date) -> str:
        """What a crew, from 0 on, does on a day."""
        ahead = crew * (len(self.cycle) // self.crews)
        return self.cycle[((day - self.start).days + ahead) % len(self.cycle)]


NOTICE = assumed(7200.0, 1800.0, 43200.0, "默认：两小时到岗 | by default: at work within two hours", "s")
SHORTEST = assumed(14400.0, 7200.0, 28800.0, "默认：半个班 | by default: half a shift", "s")
LONGEST = assumed(28800.0, 14400.0, 43200.0, "默认：一个班 | by default: one shift", "s")
WILLING = assumed(0.7, 0.3, 1.0, "默认：没有公布 | by default: none published", "share")


class CallInTerms(Part):
    """On what terms people who are off duty come."""

    notice: Duration = Field(default=NOTICE, description="from the call until they are at work")
    willing: Share = Field(default=WILLING, description="of those off duty and rested, who come")
    shortest: Duration = Field(default=SHORTEST, description="nobody is called for less of a day")
    longest: Duration = Field(default=LONGEST,
                              description="nobody stays for more of a day: others follow")


class Group(Part):
    """People of one city with the same contract and the same shifts."""

    name: Name | None = None
    people: Count = Field(description="as many as the roster has rows if left out")
    contract: Literal["full_time", "part_time", "reserve", "volunteers"] = "full_time"
    shifts: str | None = Field(default=None, description="a plan of shifts; none: they work when they are called in")
    rota: str | None = Field(default=None, description="a rota, instead of shares of shifts")
    absence: Share | None = Field(default=None, description="the usual share who do not come; the city's if left out")
    answers: tuple[str, ...] = Field(default=(), description="classes of callers whom they can answer, in their own "
                                                             "city's hall only; all if left out")
    from_home: Share = Field(default=plain(0.0, "share"), description="who can answer from home")
    call_in: CallInTerms | None = Field(default=None, description="the workforce's if left out")
    pay: Factor | None = Field(default=None, description="yuan an hour")

    @model_validator(mode="after")
    def has_one_plan(self) -> Group:
        if self.rota is not None and self.shifts is not None:
            raise RuleError(say("stands beside shifts: a rota names its own plan of shifts"), "rota", of_name=True)
        return self


class RosterWish(Part):
    """To have a shift on a day, or not to."""

    day: int = Field(ge=0, description="which of the roster's days, the first is 0")
    what: Text = Field(description="the code of a shift, a kind of shift, 夜 for any night, or 休 for a day off")
    wanted: bool = True


class RosterRow(Part):
    """A person of a roster: the code of each of its days. A day without one is off, and free to be planned."""

    name: Text
    group: str
    codes: tuple[Text, ...]
    free: tuple[int, ...] = ()           # days of which nothing is said
    fixed: tuple[int, ...] = ()          # days that no plan may change
    wishes: tuple[RosterWish, ...] = ()
    leads: bool = False                  # whether the person may lead a shift
    overtime: Annotated[float, Field(ge=0)] | None = None   # hours of this month, before the horizon
    nights: int | None = None            # balances that fairness evens out, before the horizon
    weekends: int | None = None
    number: str | None = None            # of the staff, and a telephone: to be found and called by
    phone: str | None = None


class Roster(Part):
    """Who works when, person by person, in a table: 姓名 (name), 组 (group), and a column a day with codes of shifts,
    休 (off), 假 (leave) or nothing; !早 for what no plan may change, 愿休, 愿早 or 不夜 (wish off, wish D1, not night)
    for a wish. It may have columns 组长 (leader), 本月加班 (overtime), 夜班结余 (nights), 周末结余
    (weekends), 工号 (staff number) and 电话 (phone)."""

    table: str = Field(description="CSV or XLSX beside the file, a row a person")
    dates: tuple[Day, ...] = ()
    rows: tuple[RosterRow, ...] = ()

    def of_group(self, name: str) -> tuple[RosterRow, ...]:
        return tuple(row for row in self.rows if row.group == name)

    @property
    def phones(self) -> dict[str, str]:
        """By name, as far as the table has them."""
        return {row.name: row.phone for row in self.rows if row.phone}


class Workforce(Part):
    """A city's people in groups. Without groups, its agents are one group with the city's shifts."""

    groups: dict[Key, Group] = {}
    roster: Roster | None = None
    workplaces: Count | None = Field(default=None, description="the city's seats if left out")
    home_seats: Count | None = Field(default=None, description="seats at home at any time, at most, for people on duty "
                                                               "beyond the workplaces and for cloud_seats; if left "
                                                               "out, none for the former and no limit for the latter")
    remote_seats: Count | None = Field(default=None, description="seats that can answer for another city at any time, "
                                                                 "at most; no limit if left out")
    call_in: CallInTerms | None = Field(default=None, description="on what terms people come who are called in")
    rules: WorkRules = Field(default=WorkRules(), description="within which rules they work")
    holidays: tuple[Day, ...] = Field(default=(), max_length=MOST_DAYS, description="public holidays: days of rest "
                                                                                    "whose work is paid pay_holiday")
    days_off: tuple[Day, ...] = Field(default=(), max_length=MOST_DAYS, description="working days that are days of "
                                                                                    "rest, as around holidays")
    workdays: tuple[Day, ...] = Field(default=(), max_length=MOST_DAYS, description="Saturdays and Sundays that are "
                                                                                    "working days, made up for")

    def over(self, common: Workforce) -> Workforce:
        """What a city says of its people instead of what is said of all: each field that says something."""
        silent = Workforce()
        said = {name: value for name in type(self).model_fields
                if (value := getattr(self, name)) != getattr(silent, name)}
        return common.model_copy(update=said)

    def terms_of(self, group: Group) -> CallInTerms:
        """On what terms people of a group are called in."""
        return group.call_in or self.call_in or CallInTerms()


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


class ShiftCount(Part):
    """How many people of a city begin a shift on each day of a table, before anybody is absent."""

    city: str
    code: Text
    people: tuple[Annotated[int, Field(ge=0)], ...]
    start: Text = ""    # what the row says of the shift, to be read beside the numbers: the file's shifts hold
    end: Text = ""
    meal: Text = ""
    hours: Text = ""


class ShiftCounts(Part):
    """How many people begin which shift on which day, by city, where no names are planned, in a table: 市 (city), 班次
    (shift, its code), and a column a day with whole numbers of people before anybody is absent, nothing for 0. They
    stand for people whose shifts have codes and no share, and who are in no rota and no roster. It may have columns
    上班 (from), 下班 (to), 用餐 (meal) and 工时 (hours), which say what the shifts are."""

    table: str = Field(description="CSV or XLSX beside the file, a row a shift of a city")
    dates: tuple[Day, ...] = ()
    rows: tuple[ShiftCount, ...] = ()

    def of_city(self, name: str) -> tuple[ShiftCount, ...]:
        return tuple(row for row in self.rows if row.city == name)


def weekly_hours(shifts: tuple[Shift, ...]) -> float:
    """Hours that people of shifts with shares work a week on average."""
    return sum(float(one.share or 0) * one.work_hours * len(one.days) for one in shifts)


def rota_weekly_hours(rota: Rota, shifts: tuple[Shift, ...]) -> float:
    """Hours that people of a rota work a week on average, as far as its shifts begin on every day of the week."""
    by_code = {one.code: one.work_hours for one in shifts}
    return 7 * sum(by_code.get(code, 0.0) for code in rota.cycle) / len(rota.cycle)


def runs_without_rest(cycle: tuple[str, ...]) -> int:
    """The most days in a row without one off, in a cycle that repeats."""
    worked = [code != OFF for code in cycle * 2]
    return max((len(list(run)) for is_worked, run in itertools.groupby(worked) if is_worked), default=0)


def short_form(agents: Quantity, shifts: str, absence: Quantity) -> dict[str, Group]:
    """A city's agents and shifts as the one group for which they stand; any of them can answer from home."""
    return {AGENTS: Group(people=agents, shifts=shifts, absence=absence, from_home=plain(1.0, "share"))}


def pool_of_some(city: str, classes: tuple[str, ...]) -> str:
    """What the seats of a city's people are called who answer these classes only."""
    return "·".join((city, *classes))


def city_of_pool(name: str) -> str:
    """The city whose own seats are called so."""
    return name.partition("·")[0]


AGENTS = "agents"
