"""A plan of several cities as a table of how many begin which shift on which day, and the scenario beside it that
replays it."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from optimizer.staffing.planning.city_roster.delivering import plan_of
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from sim.reading.yaml_places import Document
from sim.scenario.people import Group
from sim.scenario.quantities import KINDS, NEEDS, Quantity
from sim.scenario.scenario import Scenario
from surgeline.folders import replay_writing, shift_counts_book
from surgeline.folders.lending_plan import number, written
from surgeline.folders.scenario_files import copy_beside, copy_missing, dumped, in_a_line, own_files, renewed
from surgeline.folders.staffed_scenario import COUNTS, KEPT, STAFFED, levers_in, told, with_overtime

BY_SHIFT = {"zh": "：各市班次", "en": ": shifts by city"}  # behind a title, once
HEAD = """\
# 各市班次方案：{zh}。由 `surgeline staff` 求得；改 shifts.xlsx 的第一张表，再用 `surgeline run` 复演。
# A plan of shifts by city: {en}. Found by `surgeline staff`; edit shifts.xlsx, its first sheet, and replay with
# `surgeline run`.
"""
AGENTS = ("every_city", "agents")
MORE_PEOPLE = "# 人数 people: "
WITHOUT_OVERTIME = """\
# 基础文件里让这些人延后下班的措施（overtime），以及含这类措施的对照方案，这里不再沿用：按排出的班次上下班。
# Levers of the base by which these people stay longer (overtime), and its variants where one has such a lever, are left
# out: they work the shifts that are planned.
"""


def write(before: Scenario, after: Scenario, cities: Sequence[str], document: Document, part: Path) -> None:
    """The table and the scenario that replays it: a file on top of what it was planned from, or that of the last plan
    with all else that it says.

    :param after: the scenario with as many people on each shift of these cities as are planned.
    """
    assert after.shift_counts is not None
    own, is_split = own_files(document), AGENTS in document.totals
    again = bool(own) and own[-1].name == STAFFED
    base = "" if again else copy_beside(own, part, (COUNTS, STAFFED))
    shift_counts_book.write(after, after.shift_counts, part / COUNTS)
    text = staffed_yaml(before, after, cities, base or before.name, is_split)
    if again:
        text = renewed(own[-1], text, KEPT, {"variants": replay_writing.OURS})
    (part / STAFFED).write_text(with_people(text, more_people(before, after, cities)), encoding="utf-8")
    if again:
        copy_missing(own, part)


def staffed_yaml(before: Scenario, after: Scenario, cities: Sequence[str], base: str, is_split: bool = False) -> str:
    """The scenario of a base file with the table beside it, as a planner would write it.

    :param is_split: whether the base splits a total of agents over the cities: where one of them needs more, each says
        its own, as the others would get what is left.
    """
    title = {lang: getattr(before.title, lang).removesuffix(more) + more for lang, more in BY_SHIFT.items()}
    groups = {city: rostered_groups(before, city) for city in cities}
    people = {city: said for city in cities if (said := people_of(before, after, city, groups[city]))}
    levers, falls = levers_in(before, groups), with_overtime(before, groups)
    pinned = is_split and any(after.cities[city].agents != one.agents for city, one in before.cities.items())
    own = {city: said for city in before.cities if not before.workforce(city).groups
           and (said := city_of(before, after, city, city in cities, pinned))}
    variants = replay_writing.with_room({}, before.variants, falls)
    head = HEAD.format(zh=before.title.zh, en=before.title.en) + (WITHOUT_OVERTIME if levers or falls else "")
    return head + dumped({
        "surgeline": 1, "extends": base, "title": title, "observed": [],
        "horizon": {"interval": f"{before.horizon.interval_s} s"},
        "shifts": {plan_of(city): [in_a_line(told(one)) for one in after.shifts[plan_of(city)]] for city in cities},
        **({"every_city": {"agents": None}} if pinned else {}), **({"cities": own} if own else {}),
        **({"people": people} if people else {}), "shift_counts": {"table": COUNTS},
        **({"staff": None} if before.staff and not after.staff else {}), **levers,
        **({"variants": variants} if variants else {})})


# --- people ----------------------------------------------------------------------------------------------------------

def city_of(before: Scenario, after: Scenario, city: str, is_planned: bool, pinned: bool) -> dict[str, Any]:
    """The shifts of a city without groups, and its people where it needs more or must say them."""
    was, now = before.cities[city].agents, after.cities[city].agents
    return ({"shifts": plan_of(city)} if is_planned else {}) | (
        {"agents": with_origin(now)} if pinned or now != was else {})


def people_of(before: Scenario, after: Scenario, city: str, planned: Mapping[str, Group]) -> dict[str, Any]:
    """What is otherwise of the groups of a city, all of them where it has those of all cities; and no roster."""
    was, now = before.workforce(city), after.workforce(city)
    own = before.people.get(city)
    all_others = {} if own and own.groups else {key: written(one) for key, one in was.groups.items()}
    groups = {key: said for key, one in was.groups.items()
              if (said := all_others.get(key, {}) | (group_of(one, now.groups[key], city) if key in planned else {}))}
    return ({"groups": groups} if groups else {}) | ({"roster": None} if was.roster else {})


def group_of(was: Group, now: Group, city: str) -> dict[str, Any]:
    """What is otherwise of a group."""
    return ({"shifts": plan_of(city)} | ({} if was.rota is None else {"rota": None})
            | ({} if now.people == was.people else {"people": with_origin(now.people)}))


def with_origin(people: Quantity) -> Any:
    """How many, as files write it with where it comes from."""
    if people.kind == "given":
        return number(people)
    key = next(key for key, kind in KINDS.items() if kind == people.kind)
    needed, _ = NEEDS[key]
    span = {"range": list(people.range)} if people.range else {}
    return in_a_line({key: number(people), **span, **({} if needed in span else {needed: people.note}),
                      **({"why": people.note} if key == "assume" and people.note else {})})


def more_people(before: Scenario, after: Scenario, cities: Sequence[str]) -> Iterator[tuple[str, str]]:
    """How the comment of each city that needs more people on a day than it has begins, and how it goes on."""
    for city in cities:
        was, now = (sum(float(one.people) for one in rostered_groups(one_of, city).values())
                    for one_of in (before, after))
        if now > was:
            name = before.cities[city].name
            yield (f"{MORE_PEOPLE}{name.zh}：",
                   f"方案按 {now:g} 人，现有 {was:g} 人；{name.en}: {now:g} by the plan, {was:g} there are")


def with_people(text: str, said: Iterable[tuple[str, str]]) -> str:
    """A file with these comments behind those at its head, instead of those of the last plan about the same cities: of
    others these still tell how many people there were before."""
    known = dict(said)
    lines = [line for line in text.splitlines() if not line.startswith(tuple(known))]
    head = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "\n".join([*lines[:head], *(begin + end for begin, end in known.items()), *lines[head:]]) + "\n"
