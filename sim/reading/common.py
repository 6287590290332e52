"""What every city or every class has in common, said once; and totals that are split over the cities."""
from __future__ import annotations

import math
from typing import Any, NamedTuple

from sim.reading.findings import names_in
from sim.reading.wording import unknown_name
from sim.reading.yaml_places import MOST_VALUES, Document
from sim.scenario.callers import CallerClass
from sim.scenario.merging import stands_alone
from sim.scenario.messages import say
from sim.scenario.problems import RuleError, Where, nearest, problem, shortly
from sim.scenario.quantities import KINDS, Quantity, count, with_origin
from sim.scenario.scenario import City

COMMON = (("every_city", "cities", City), ("every_class", "classes", CallerClass))
COUNTS = ("calls_a_day", "seats", "agents", "lines")
KEYS = ("population", *COUNTS)


def give_common(document: Document) -> None:
    """What ``every_city`` and ``every_class`` say goes into each that does not say it itself."""
    for name, section, kind in COMMON:
        if name not in document.data:
            continue
        common, parts = document.data.pop(name), document.data.get(section)
        if not isinstance(common, dict):
            document.note((name,), say("must be a mapping, got {got}", got=shortly(common)))
            continue
        for key in [key for key in common if key not in names_in(kind)]:
            document.problems.append(unknown_name(document, (name, key), names_in(kind)))
            del common[key]
        own = {key: part for key, part in parts.items() if isinstance(part, dict)} if isinstance(parts, dict) else {}
        give(document, name, section, kind, common, own)


def give(document: Document, name: str, section: str, kind: Any, common: dict[str, Any],
         parts: dict[str, dict[str, Any]]) -> None:
    """Fill in what is common, in the order in which it is said."""
    written = sum(where[:1] == (name,) for where in document.values)
    if written * len(parts) > 4 * MOST_VALUES:
        raise problem(document.place((name,)), say("comes to more than is read, with {parts:,} {section}",
                                                   parts=len(parts), section=section), name)
    for key, value in common.items():
        if isinstance(value, dict) and "total" in value and kind is City:
            split(document, key, value, parts)
            continue
        for one, own in parts.items():
            if own.get(key) is None and must_be_said(kind, key):
                own.pop(key, None)  # ~ takes away what a base says of this one
            fill(document, (section, one), own, {key: value}, (name,))


def must_be_said(kind: Any, key: str) -> bool:
    return any(field.is_required() for name, field in kind.model_fields.items() if key in (field.alias, name))


def fill(document: Document, where: Where, own: dict[str, Any], common: dict[str, Any], at: Where) -> None:
    """What is common goes into a part that does not say it; mappings of both are joined name by name."""
    for key, value in common.items():
        if key not in own:
            own[key] = value
            document.elsewhere[*where, key] = (*at, key)
        elif isinstance(value, dict) and isinstance(own[key], dict) and not stands_alone(own[key]):
            own[key] = dict(own[key])
            fill(document, (*where, key), own[key], value, (*at, key))


# --- totals ----------------------------------------------------------------------------------------------------------

class Total(NamedTuple):
    """A number of all cities together, and how it is split: what some say their own is taken off first."""

    quantity: Quantity
    given: float
    parts: dict[Where, float]


def split(document: Document, key: str, said: dict[str, Any], cities: dict[str, dict[str, Any]]) -> None:
    """Split a total over the cities that do not say their own number, in whole numbers that add up to it."""
    here = ("every_city", key)
    for city, own in cities.items():
        if own.get(key) is None:
            own.pop(key, None)
            document.left_open.add(("cities", city, key))
    if (by := key_of(document, here, key, said)) is None or (total := read(document, (*here, "total"), said)) is None:
        return
    others = {city: own for city, own in cities.items() if key not in own}
    given = sum(number(own[key]) for own in cities.values() if key in own)
    weights = {city: number(own.get(by)) for city, own in others.items()}
    for city in [city for city, weight in weights.items() if not weight]:
        document.note(("cities", city, by), say("must be > 0, because {name} of all cities are split by {by}",
                                                name=key, by=by))
    if given > float(total):
        document.note((*here, "total"), say("{float:g} is less than the {given:g} that single cities say",
                                            float=float(total), given=given))
    elif others and all(weights.values()):
        parts = {city: weight / sum(weights.values()) for city, weight in weights.items()}
        numbers = whole_numbers(round(float(total) - given), parts)
        for city, own in others.items():
            own[key] = part_of(said["total"], total, given, parts[city], numbers[city])
            document.elsewhere["cities", city, key] = (*here, "total")
        document.totals[here] = Total(total, given, {("cities", city, key): part for city, part in parts.items()})


def key_of(document: Document, here: Where, key: str, said: dict[str, Any]) -> str | None:
    """By what a total is split; None, and a problem, where it can't be."""
    for name in [name for name in said if name not in ("total", "by")]:
        document.note((*here, name), say("is no known name{hint}; where it comes from stands in total",
                                         hint=nearest(name, ('total', 'by'))), of_name=True)
    if key not in COUNTS:
        document.note((*here, "total"), say("can't be split: only {names} can", names=', '.join(COUNTS)), of_name=True)
    elif said.get("by") not in KEYS or said["by"] == key:
        known = [one for one in KEYS if one != key]
        document.note((*here, "by"), say("must be one of {names}, got {got}",
                                         names=', '.join(known), got=shortly(said.get('by'))))
    else:
        return str(said["by"])
    return None


def read(document: Document, where: Where, said: dict[str, Any]) -> Quantity | None:
    """The quantity of a total; None, and a problem, if it is none."""
    raw = said["total"]
    try:
        return with_origin(raw, count) if isinstance(raw, dict) else Quantity(number=count(raw), unit="1")
    except RuleError as error:
        document.note((*where, *error.at), error.message, error.of_name)
        return None


def number(raw: Any) -> float:
    """The number of a count as written, 0 for what is none: that is told elsewhere."""
    value = next((raw[key] for key in KINDS if key in raw), None) if isinstance(raw, dict) else raw
    return count(value) if value is not None and count.reads(value) else 0.0


def whole_numbers(total: int, parts: dict[str, float]) -> dict[str, int]:
    """Whole numbers that add up to a total: each is rounded down, and the largest remainders get what is left."""
    found = {city: math.floor(total * part) for city, part in parts.items()}
    left = sorted(parts, key=lambda city: found[city] - total * parts[city])[:total - sum(found.values())]
    return {city: whole + (city in left) for city, whole in found.items()}


def part_of(raw: Any, total: Quantity, given: float, part: float, mine: int) -> Any:
    """A city's part of a total as a file would write it, with the total's origin and a range in proportion."""
    if not isinstance(raw, dict):
        return mine
    said = {key: mine if key in KINDS else value for key, value in raw.items()}
    if total.range:
        low, high = (max(0, round((end - given) * part)) for end in total.range)
        said["range"] = [min(low, mine), max(high, mine)]
    return said
