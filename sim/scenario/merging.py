"""What stands on something else as plain data: mappings are joined name by name, lists are added to or replaced."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.problems import Where
from sim.scenario.quantities import KINDS

ADD, REPLACE = "add", "replace"
LISTS_OF_PARTS: tuple[tuple[str, ...], ...] = (
    ("surges",), ("absences",), ("levers",), ("observed",), ("focus",), ("surges", "*", "shocks"),
    ("lever_groups", "*"), ("lever_groups", "*", "rows"), ("variants", "*", "levers"), ("variants", "*", "without"),
    ("variants", "*", "with"), ("lending", "borrowers"), ("lending", "lenders"),
    ("lending", "classes"), ("lending", "second_surges"), ("lending", "offers"),
)
"""Lists to which something can be added. All others, such as hours or the day of a profile, are single values."""


def is_list_of_parts(where: Where) -> bool:
    return any(len(where) == len(one) and all(step in ("*", here) for step, here in zip(one, where, strict=True))
               for one in LISTS_OF_PARTS)


def form_of(value: Any) -> str | None:
    """Whether a value is ``{add: [...]}`` or ``{replace: [...]}``, and which."""
    if isinstance(value, dict) and len(value) == 1:
        (form, items), = value.items()
        return form if form in (ADD, REPLACE) and isinstance(items, list) else None
    return None


def joined(below: Any, above: Any, where: Where, replaced: set[Where]) -> Any:
    """What stands above on what stands below; ``replaced`` gets the places of which nothing is left."""
    if where == ("surges",) and (isinstance(below, dict) or isinstance(above, dict)):
        below = named(below or {})
        above = above[REPLACE] if form_of(above) == REPLACE else named(above, len(below))
    elif is_list_of_parts(where) and isinstance(below, list) and form_of(above) == ADD:
        return below + above[ADD]
    elif is_list_of_parts(where) and form_of(above) == REPLACE:
        above = above[REPLACE]
    if not isinstance(below, dict) or not isinstance(above, dict) or stands_alone(above):
        replaced.add(where)
        return above
    taken = {key for key, value in above.items() if value is None and has_parts(below.get(key))}
    replaced |= {(*where, key) for key in taken}
    both = below | {key: joined(below[key], value, (*where, key), replaced) if key in below else value
                    for key, value in above.items()}
    return {key: value for key, value in both.items() if key not in taken}


def named(surges: Any, after: int = 0) -> Any:
    """Surges by name; those of a list by their number."""
    listed = surges[ADD] if form_of(surges) == ADD else surges
    return dict(enumerate(listed, after)) if isinstance(listed, list) and listed else listed


def plain_lists(below: Any, above: Any, where: Where = ()) -> Iterator[Where]:
    """Where a list stands over another, and it can't be told which of the two is meant: to add, or to replace."""
    if is_list_of_parts(where) and isinstance(above, list) and above and below and isinstance(below, list | dict):
        yield where
    elif isinstance(below, dict) and isinstance(above, dict) and not stands_alone(above) and form_of(above) is None:
        for key in above.keys() & below.keys():
            yield from plain_lists(below[key], above[key], (*where, key))


def without_forms(data: Any, where: Where = ()) -> Any:
    """Lists that are added to nothing, or that replace nothing, as lists."""
    if is_list_of_parts(where) and (form := form_of(data)):
        return data[form]
    if isinstance(data, dict):
        return {key: without_forms(value, (*where, key)) for key, value in data.items()}
    return data


def has_parts(data: Any) -> bool:
    """Whether it is a list, or a mapping of parts that can be joined one by one."""
    return isinstance(data, list) or (isinstance(data, dict) and not stands_alone(data))


def stands_alone(data: dict[Any, Any]) -> bool:
    """Whether it is a quantity or a law: half of one and half of another would make no sense."""
    return any(key in data and not isinstance(data[key], dict) for key in (*KINDS, "law"))
