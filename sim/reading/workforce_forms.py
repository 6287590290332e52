"""What a file leaves out of its people because it follows: how many a group has by the roster, how many a city has by
its groups, and the terms of people who are called in."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reading.yaml_places import Document
from sim.scenario.messages import say
from sim.scenario.quantities import KINDS, count
from sim.scenario.scenario import ALL

Raw = dict[str, Any]


def give_call_in_terms(document: Document) -> None:
    """Terms for each city whose people a lever calls in, so that they are listed and can be varied."""
    cities, people = document.data.get("cities"), document.data.get("people", {})
    if not isinstance(cities, dict) or not isinstance(people, dict):
        return
    for city in dict.fromkeys(called_in(document.data)):
        common = people.get(ALL)
        force = people.setdefault(city, {}) if city in cities and not (isinstance(common, dict) and "call_in" in common
                                                                       ) else None
        if isinstance(force, dict):
            force.setdefault("call_in", {})
            document.data["people"] = people


def called_in(data: Raw) -> Iterator[str]:
    """The cities whose people any lever calls in."""
    variants = data.get("variants")
    lists = [data.get("levers")]
    lists += [one.get("levers") for one in variants.values() if isinstance(one, dict)] if isinstance(variants,
                                                                                                      dict) else []
    for levers in lists:
        for lever in levers if isinstance(levers, list) else ():
            if isinstance(lever, dict) and lever.get("kind") == "call_in" and isinstance(lever.get("city"), str):
                yield lever["city"]


def give_people(document: Document) -> None:
    """The people of a group by the rows of its roster, and the agents and shifts of a city by its groups."""
    people, cities = document.data.get("people"), document.data.get("cities")
    if not isinstance(people, dict) or not isinstance(cities, dict):
        return
    for city, force in people.items():
        if isinstance(force, dict):
            count_rows(document, city, force)
    for city, own in cities.items():
        groups = groups_said(people.get(city)) or groups_said(people.get(ALL))
        if groups and isinstance(own, dict):
            unread = any(("people", city, "groups", key, "people") in document.left_open and "people" not in one
                         for key, one in groups.items() if isinstance(one, dict))
            give_agents(document, city, own, [one for one in groups.values() if isinstance(one, dict)], unread)


def groups_said(force: Any) -> Raw:
    groups = force.get("groups") if isinstance(force, dict) else None
    return groups if isinstance(groups, dict) else {}


def count_rows(document: Document, city: str, force: Raw) -> None:
    """How many people each group has by the roster; what a roster would say that can't be read is not missing too."""
    groups, roster = force.get("groups"), force.get("roster")
    rows = roster.get("rows") if isinstance(roster, dict) else None
    if isinstance(roster, dict) and not rows and isinstance(groups, dict):
        document.left_open |= {("people", city, "groups", key, "people") for key in groups}
    for key, group in groups.items() if isinstance(groups, dict) else ():
        number = sum(row["group"] == key for row in rows) if isinstance(rows, list) and rows else 0
        if isinstance(group, dict) and number:
            group.setdefault("people", number)


def give_agents(document: Document, city: str, own: Raw, groups: list[Raw], unread: bool) -> None:
    """Agents and shifts of a city that names its groups: they follow, and what a base says of them does not hold.

    :param unread: whether people are missing because their roster can't be read.
    """
    total, here = sum(number(group.get("people")) for group in groups), ("cities", city, "agents")
    is_said = "agents" in own and here not in document.elsewhere and document.is_of_this_file(here)
    if is_said and not unread and here in document.values and number(own["agents"]) != total:
        document.note(here, say("says {said:g}, and the groups of {city} have {total:g} people: leave it out",
                                said=number(own["agents"]), city=city, total=total))
    own["agents"] = total
    own.setdefault("shifts", next((group["shifts"] for group in groups if isinstance(group.get("shifts"), str)), ""))


def number(raw: Any) -> float:
    """The number of a count as written, 0 for what is none: that is told elsewhere."""
    value = next((raw[key] for key in KINDS if key in raw), None) if isinstance(raw, dict) else raw
    return count(value) if value is not None and count.reads(value) else 0.0
