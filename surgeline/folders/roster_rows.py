"""What a roster's workbook says, before it is written: people, days, shifts, and whatever people have besides."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from sim.scenario.people import FIXED
from sim.scenario.scenario import Scenario

Kind = Literal["call_in", "stays", "comes_earlier", "standby", "lent"]
DayKind = Literal["", "rest", "holiday", "day_off", "workday"]
SATURDAY = 5
ListedRow = tuple[date, *tuple[str | int | float, ...]]
WHO, PHONE = "姓名 name", "电话 phone"     # head the names of a list, and their telephones


@dataclass(frozen=True)
class ShiftOfBook:
    """A shift as people read it: its code in cells, when it begins and ends, and what of it is work."""

    code: str
    start: str
    end: str                # handing over included
    meal: str
    hours: float            # paid, handing over included
    night: bool
    kind: str = ""          # its code whenever its meal is; the code itself if left out
    handover: int = 0       # minutes of it, at the end

    @property
    def family(self) -> str:
        return self.kind or self.code


@dataclass(frozen=True)
class WishOfBook:
    """A wish for a day as its cell had it, and whether it is granted."""

    day: date
    text: str
    granted: bool


@dataclass(frozen=True)
class ChangeOfBook:
    """A day of a person that is not as it was published, or as it was planned for ordinary time."""

    name: str
    day: date
    before: str
    before_time: str
    after: str
    after_time: str
    hours: float        # paid, more than before
    nights: int
    notice_h: float


@dataclass(frozen=True)
class Beside:
    """What somebody has beside the roster on a day."""

    name: str
    day: date
    kind: Kind
    start: str
    end: str
    hours: float = 0.0                  # paid, more than in the roster; of standby and lent seats none
    place: str = ""                     # the city whose seat it is; nothing at home
    tell_by: datetime | None = None     # the last moment at which a call leaves the notice
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A person and a code for each date."""

    name: str
    group: str                                                      # as cells of the first sheet name it
    codes: tuple[str, ...]
    fixed: frozenset[int] = frozenset()                             # places in codes that no plan may change
    said: dict[str, bool | float | str] = field(default_factory=dict)     # of SAID_OF_PEOPLE, what the table says
    wishes: tuple[WishOfBook, ...] = ()
    balances: tuple[int, int] = (0, 0)                              # nights and days of rest, at the end of the roster
    group_en: str = ""

    def cell(self, place: int, day: date) -> str:
        """What a cell says, as it is read back: the code, whether it stays so, and what was wished for the day."""
        wishes = "".join(f" {wish.text}" for wish in self.wishes if wish.day == day)
        return (FIXED if place in self.fixed else "") + self.codes[place] + wishes

    @property
    def group_label(self) -> str:
        """The group's name in both languages, once where they are the same."""
        return " ".join(dict.fromkeys(one for one in (self.group, self.group_en) if one))


@dataclass(frozen=True)
class Listed:
    """A sheet for the wall beside the roster: a line a person. The first column is a date."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[ListedRow, ...]

    def with_phones(self, phones: Mapping[str, str]) -> Listed:
        """A telephone beside each name, where any of them has one."""
        at = self.heads.index(WHO)  # of the cells behind the date
        if not any(str(row[at]) in phones for row in self.rows):
            return self
        return replace(self, heads=(*self.heads[:at + 1], PHONE, *self.heads[at + 1:]), rows=tuple(
            with_cell(row, at, phones.get(str(row[at]), "")) for row in self.rows))


def with_cell(row: ListedRow, at: int, cell: str) -> ListedRow:
    """A line of a list with a cell more, behind that at a place."""
    day, *cells = row
    more = (*cells[:at], cell, *cells[at:])
    return (day, *more)


def calendar(scenario: Scenario, name: str, dates: Sequence[date]) -> dict[date, DayKind]:
    """Days that are not what the week makes of them."""
    force = scenario.workforce(name)
    kinds: tuple[tuple[DayKind, Sequence[date]], ...] = (
        ("day_off", force.days_off), ("holiday", force.holidays), ("workday", force.workdays))
    return {day: kind for kind, days in kinds for day in days if day in dates}


@dataclass(frozen=True)
class RosterBook:
    """Who works when."""

    title: str
    dates: tuple[date, ...]
    shifts: tuple[ShiftOfBook, ...]
    rows: tuple[Row, ...]
    planned: int = 0            # place of the first of the dates in the horizon: what is before does not count
    lists: tuple[Listed, ...] = ()
    changes: tuple[ChangeOfBook, ...] = ()
    surge_changes: tuple[ChangeOfBook, ...] = ()    # from the roster that is planned for ordinary time
    beside: tuple[Beside, ...] = ()
    calendar: Mapping[date, DayKind] = field(default_factory=dict)  # days that are not as the week has them

    @cached_property
    def by_code(self) -> dict[str, ShiftOfBook]:
        return {one.code: one for one in self.shifts}

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The kinds of shifts, whenever their meals are, in the order of the day on which they begin."""
        return tuple(dict.fromkeys(one.family for one in sorted(self.shifts, key=lambda one: (one.night, one.start))))

    @property
    def period(self) -> str:
        """The days that are planned."""
        first, last = self.dates[min(self.planned, len(self.dates) - 1)], self.dates[-1]
        return f"{first.month}/{first.day}–{last.month}/{last.day}"

    def day_kind(self, day: date) -> DayKind:
        return self.calendar.get(day, "rest" if day.weekday() >= SATURDAY else "")

    def hours(self, row: Row) -> float:
        """Hours that a person works on the days that are planned."""
        return sum(self.by_code[code].hours for code in row.codes[self.planned:] if code in self.by_code)

    def nights(self, row: Row) -> int:
        return sum(self.by_code[code].night for code in row.codes[self.planned:] if code in self.by_code)

    def of_person(self, name: str) -> list[Beside]:
        """What a person has beside the roster, in the order of time."""
        return self._beside.get(name, [])

    @cached_property
    def _beside(self) -> dict[str, list[Beside]]:
        found: dict[str, list[Beside]] = {}
        for one in sorted(self.beside, key=lambda one: (one.day, one.start, one.kind)):
            found.setdefault(one.name, []).append(one)
        return found
