"""A planned roster as a workbook for the wall, and the scenario beside it that replays it."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.staffing.planning.city_roster.delivering import levers_beside, plan_of, without_rows
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.rosters.evaluate import NOTHING
from sim.scenario.levers import AnyLever
from sim.scenario.people import AGENTS, Roster, Shift
from sim.scenario.scenario import Scenario
from surgeline.folders import (
    besides_writing,
    lent_writing,
    replay_writing,
    roster_book,
    shift_counts_book,
    standby_writing,
)
from surgeline.folders.lending_plan import instead
from surgeline.folders.roster_book import SAID_OF_PEOPLE
from surgeline.folders.roster_rows import Listed, RosterBook, Row, WishOfBook, calendar
from surgeline.folders.scenario_files import copy_beside, copy_missing, dumped, renewed
from surgeline.folders.shift_words import clock, shift_of_book, wish_text
from surgeline.folders.staffing_changes import for_book, for_surge

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.plan import CityPlan
    from optimizer.staffing.planning.plan import StaffingPlan as Found
    from optimizer.staffing.planning.replays.variants import Replay
    from optimizer.staffing.planning.rostered import Rostered

ROSTER, COUNTS, STAFFED = "roster.xlsx", "shifts.xlsx", "staffed.yaml"
A_ROSTER = {"zh": "：排班表", "en": ": a roster"}  # behind a title, once
HEAD = """\
# 排班方案：{zh}。由 `surgeline staff` 求得；改 roster.xlsx 的第一张表，再用 `surgeline run` 复演。
# A staffing plan: {en}. Found by `surgeline staff`; edit roster.xlsx, its first sheet, and replay with `surgeline run`.
"""
WITH_VARIANTS = """\
# 排班表以外的增援、支援和备勤写成 variants 里的 plan-… 方案（写人数与时段，不写名字），复演用
# `surgeline run staffed.yaml --variant plan-…` 或 `surgeline compare staffed.yaml`。改了排班表，这些人数不会跟着变。
# Calls, lent seats and standby beside the roster are the variants plan-... (how many and when, without names): run
# `surgeline run staffed.yaml --variant plan-...` or `surgeline compare staffed.yaml`. Their numbers do not follow edits
# of the roster.
"""
KEPT = ("surgeline", "extends", "title", "observed")
"""What a file of the last plan keeps: on what it stands, and what it is called."""
WITHOUT_OVERTIME = """\
# 基础文件里让排班人员延后下班的措施（overtime），以及含这类措施的对照方案，这里不再沿用：谁延后由排班表与增援名单定。
# Levers of the base by which people of the roster stay longer (overtime), and its variants where one has such a lever,
# are left out: the roster and the list of calls say who stays.
"""


# --- the workbook ----------------------------------------------------------------------------------------------------

def book_of(found: Found, name: str, plan: CityPlan, of: Rostered) -> RosterBook:
    """The roster as a workbook. It counts the days of the horizon: those before it were worked already."""
    scenario, dates = found.scenario, of.table.dates
    planned = sum(day < scenario.horizon.start.date() for day in dates)
    title = f"{scenario.cities[name].name.zh}排班表 {dates[planned]:%Y-%m-%d} – {dates[-1]:%Y-%m-%d}"
    rows = tuple(book_rows(of.table, found.rosters(name), group_names(scenario, name)))
    listed = tuple(one.with_phones(of.table.phones) for one in lists(found, plan))
    return RosterBook(title, dates, tuple(map(shift_of_book, of.shifts)), rows, planned, listed,
                      for_book(found, name), for_surge(found, plan, of),
                      tuple(besides_writing.besides(scenario, plan)), calendar(scenario, name, dates))


def book_rows(table: Roster, rosters: Sequence[Rostered], groups: Mapping[str, tuple[str, str]]) -> Iterator[Row]:
    """The people of the workbook.

    :param groups: what groups are called in both languages; those that it leaves out go by their keys.
    """
    wishes = defaultdict[str, list[WishOfBook]](list)
    carried = {name: two for of in rosters for name, two in balances(of).items()}
    for one in (wish for of in rosters for wish in of.wishes):
        wishes[one.name].append(WishOfBook(one.day, wish_text(one.wish), one.granted))
    for row in table.rows:
        said = {name: value for name in SAID_OF_PEOPLE if (value := getattr(row, name)) is not None
                and value is not False}
        zh, en = groups.get(row.group, (row.group, ""))
        yield Row(row.name, zh, row.codes, frozenset(row.fixed), said, tuple(wishes[row.name]),
                  carried.get(row.name, (0, 0)), en)


def group_names(scenario: Scenario, name: str) -> dict[str, tuple[str, str]]:
    """How groups are called, by key: a table is read back by their names, as far as these tell them apart."""
    groups = scenario.workforce(name).groups
    if not groups:
        return {AGENTS: ("话务员", "agents")}   # the only group, whatever a table calls it
    known = Counter(word for key, group in groups.items()
                    for word in {key, *((group.name.zh, group.name.en) if group.name else ())})
    return {key: (group.name.zh, group.name.en) if group.name and known[group.name.zh] == 1 else (key, "")
            for key, group in groups.items()}


def balances(of: Rostered) -> dict[str, tuple[int, int]]:
    """Nights and weekends of each person, with those carried in."""
    told = of.solved.evaluation
    return {person.name: (int(nights) + before.nights, int(weekends) + before.weekends)
            for person, nights, weekends in zip(of.problem.people, told.nights, told.weekends, strict=True)
            for before in [person.before or NOTHING]}


def lists(found: Found, plan: CityPlan) -> Iterator[Listed]:
    """Sheets beside the roster, of what there is."""
    if called := besides_writing.for_the_wall(found.scenario, plan):
        yield called
    if plan.lent:
        yield lent_writing.for_the_wall(plan.lent.lent, found.scenario)
    if plan.standby:
        yield standby_writing.for_the_wall(plan.standby, found.scenario.horizon.start.date())


# --- the scenario ----------------------------------------------------------------------------------------------------

def roster_file(scenario: Scenario, name: str) -> str:
    """The roster's file, beside those of other cities that have one."""
    others = {force.roster.table for city, force in scenario.people.items() if force.roster and city != name}
    return f"roster-{name}.xlsx" if ROSTER in others else ROSTER


def write(found: Found, name: str, plan: CityPlan, of: Rostered, replays: Sequence[Replay], own: list[Path],
          part: Path) -> None:
    """The roster and the scenario that replays it: a file on top of what it was planned from, or that of the last plan
    with all else that it says."""
    scenario, file = found.as_it_is, roster_file(found.scenario, name)
    again = bool(own) and own[-1].name == STAFFED
    counts = without_rows(scenario, name)
    base = "" if again else copy_beside(own, part, (file, STAFFED, *([COUNTS] if counts else [])))
    if counts:
        shift_counts_book.write(scenario, counts, part / COUNTS)
    roster_book.write(book_of(found, name, plan, of), part / file)
    groups = (*rostered_groups(scenario, name), *(key for one in found.specialists for key in one.groups))
    variants = replay_writing.variants_of(replays)
    text = staffed_yaml(scenario, name, groups, of.shifts, base or scenario.name, variants)
    (part / STAFFED).write_text(renewed(own[-1], text, KEPT, {"variants": replay_writing.OURS}) if again else text,
                                encoding="utf-8")
    if again:
        copy_missing(own, part)


def staffed_yaml(scenario: Scenario, name: str, groups: Sequence[str], shifts: Sequence[Shift], base: str,
                 variants: dict[str, Any] | None = None) -> str:
    """The scenario of a base file with the roster beside it, as a planner would write it.

    :param groups: whose shifts are planned.
    :param variants: what the plan has beside its roster.
    """
    title = {lang: getattr(scenario.title, lang).removesuffix(more) + more for lang, more in A_ROSTER.items()}
    plan, force = plan_of(name), scenario.workforce(name)
    people: dict[str, Any] = {"roster": {"table": roster_file(scenario, name)}}
    if force.groups:
        people = {"groups": {key: {"shifts": plan} | ({} if group.rota is None else {"rota": None})
                             for key, group in force.groups.items() if key in groups}} | people
    levers, falls = levers_in(scenario, {name: groups}), with_overtime(scenario, {name: groups})
    others = replay_writing.with_room(variants or {}, scenario.variants, falls)
    head = HEAD.format(zh=scenario.title.zh, en=scenario.title.en) + (WITH_VARIANTS if variants else "") + (
        WITHOUT_OVERTIME if levers or falls else "")
    return head + dumped({
        "surgeline": 1, "extends": base, "title": title, "observed": [],
        "horizon": {"interval": f"{scenario.horizon.interval_s} s"},
        "shifts": {plan: [told(one) for one in shifts]},
        **({} if force.groups else {"cities": {name: {"shifts": plan}}}), "people": {name: people},
        **counts_in(scenario, name), **levers, **({"variants": others} if others else {})})


def counts_in(scenario: Scenario, name: str) -> dict[str, Any]:
    """A table of how many begin which shift has no row of the city any more."""
    if scenario.shift_counts is None or not scenario.shift_counts.of_city(name):
        return {}
    return {"shift_counts": {"table": COUNTS} if without_rows(scenario, name) else None}


def levers_in(scenario: Scenario, planned: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """Levers where some of the base's fall away: the check would refuse overtime after which nobody's shift ends any
    more.

    :param planned: the groups whose shifts are planned, by city.
    """
    kept = beside(scenario.levers, planned)
    return {"levers": instead(*kept)} if kept != scenario.levers else {}


def with_overtime(scenario: Scenario, planned: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """All of the base's variants where one has such a lever: some may stand on others. Those of the last plan have
    nothing to do with it."""
    others = {key: one for key, one in scenario.variants.items() if key not in replay_writing.OURS}
    falls = any(beside(one.levers, planned) != one.levers for one in others.values())
    return tuple(others) if falls else ()


def beside(levers: tuple[AnyLever, ...], planned: Mapping[str, Collection[str]]) -> tuple[AnyLever, ...]:
    """The levers that stay beside the shifts of these groups."""
    for city, groups in planned.items():
        levers = levers_beside(levers, city, (None, *groups))
    return levers


def told(shift: Shift) -> dict[str, Any]:
    """A shift as files write it."""
    breaks = [{"length": f"{float(one.length) / 60:g} min", "window": [float(hours) for hours in one.window],
               "paid": one.paid} for one in shift.breaks]
    return {"code": shift.code, "start": clock(shift.start), "hours": float(shift.hours),
            **({"breaks": breaks} if breaks else {})}
