"""Other values at some paths of a scenario, as plain data: cities.nanjing.seats, surges[0].by_day.2021-08-03."""
from __future__ import annotations

import copy
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from sim.scenario.merging import joined, plain_lists
from sim.scenario.messages import say
from sim.scenario.problems import RuleError, Where, dotted, probably, shortly
from sim.scenario.quantities import Quantity

STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")
NAMES = "name"  # what the parts of a list may be found by


def as_plain(raw: object) -> object:
    """Changes as JSON has them: dates of YAML as text."""
    if isinstance(raw, Mapping):
        return {str(key): as_plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [as_plain(value) for value in raw]
    return raw.isoformat() if isinstance(raw, date) else raw


CHECKED: list[Callable[[Any, Mapping[str, Any]], Any]] = []
"""What makes a changed scenario and looks at all of it: sim.reading, which stands above this room, puts it here."""
Changes = Annotated[dict[str, Any], BeforeValidator(as_plain)]


def changed_data(part: BaseModel, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a scenario as plain data, with other values at some paths.

    :raises RuleError: for a path that leads nowhere, with the nearest that does, and for a list over another that says
        neither that it adds nor that it replaces.
    """
    data: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for path, value in changes.items():
        where = whereabouts(part, data, path)
        data = laid(data, where, copy.deepcopy(value), path)
    return data


def laid(data: dict[str, Any], where: Where, value: Any, path: str) -> dict[str, Any]:
    """Data with a value laid over what is at a place, as a file lays it over its base."""
    *steps, last = where
    around: Any = data
    for step in steps:
        around = around.setdefault(step, {}) if isinstance(around, dict) else around[step]
    below = around.get(last) if isinstance(around, dict) else around[last]
    if any(True for _ in plain_lists(below, value, where)):
        raise RuleError(say("is a list over another: write {{add: [...]}} to add to it, or {{replace: [...]}} to be "
                            "instead of it"), path)
    around[last] = joined(below, value, where, set())
    if where == ("surges",) and isinstance(around[last], dict):
        around[last] = list(around[last].values())
    return data


# --- paths -----------------------------------------------------------------------------------------------------------

def whereabouts(part: BaseModel, data: Any, path: str) -> Where:
    """The place that a path leads to.

    :raises RuleError: if it leads nowhere.
    """
    where: Where = ()
    kinds: list[Any] = [type(part)]
    steps = split(path)
    for i, step in enumerate(steps):
        known = dict(known_steps(kinds, data))
        found = number_of(data, step) if isinstance(data, list) else step
        is_new = i == len(steps) - 1 and free_names(kinds) and step not in known
        if found not in known and not is_new:
            raise RuleError(say("{got} leads nowhere{hint}",
                                got=shortly(path), hint=hint(where, step, steps[i + 1:], known)), path)
        where, kinds = (*where, found), known[found] if found in known else kinds_in(kinds)
        data = data[int(found)] if isinstance(data, list) else data.get(found, {}) if isinstance(data, dict) else {}
    if not where:
        raise RuleError(say("must be a path such as cities.nanjing.seats"), path)
    return where


def split(path: str) -> list[str | int]:
    return [int(number) if number else name for number, name in STEP.findall(path)]


def number_of(items: list[Any], step: str | int) -> str | int:
    """The number of an item of a list, which may be told by its name."""
    if isinstance(step, str):
        if step.isdigit():
            return int(step)
        return next((i for i, item in enumerate(items) if isinstance(item, dict) and item.get(NAMES) == step), step)
    return step


def hint(where: Where, step: str | int, rest: list[str | int], known: Mapping[Any, Any]) -> str:
    """The path that was probably meant."""
    close = probably(str(step), map(str, known))
    if close is not None:
        steps = [key for key in known if str(key) == close]
        return f"; did you mean {shortly(dotted((*where, steps[0], *rest)))}?"
    names = ", ".join(map(str, list(known)[:20]))
    return f"; below {dotted(where) or 'the top'} are {names}" if names else ""


def known_steps(kinds: list[Any], data: Any) -> Iterator[tuple[str | int, list[Any]]]:
    """Every step from a part of a scenario, and what may stand there."""
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, Quantity):
            yield from ((field.alias or name, members(field.annotation)) for name, field in kind.model_fields.items())
    if isinstance(data, list):
        yield from ((i, kinds_in(kinds)) for i in range(len(data)))
    elif isinstance(data, dict) and free_names(kinds):
        yield from ((key, kinds_in(kinds)) for key in data)


def free_names(kinds: list[Any]) -> bool:
    """Whether it is a mapping in which names are free to choose."""
    return any(typing.get_origin(kind) is dict for kind in kinds)


def kinds_in(kinds: list[Any]) -> list[Any]:
    """What may stand in a list or a mapping."""
    return [one for kind in kinds if typing.get_origin(kind) in (dict, tuple)
            for one in members(typing.get_args(kind)[typing.get_origin(kind) is dict])]


def members(annotation: Any) -> list[Any]:
    """The types of a union, or the one type; nothing counts as no type."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return members(parts[0])
    if origin in (typing.Union, types.UnionType):
        return [kind for part in parts for kind in members(part)]
    return [] if annotation is type(None) else [annotation]
