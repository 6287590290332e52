"""One document on top of another: what it adds, what it replaces, and what must be said more clearly."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reading.yaml_places import Document
from sim.scenario.merging import ADD, form_of, has_parts, is_list_of_parts, joined, plain_lists, stands_alone
from sim.scenario.messages import Message, say
from sim.scenario.problems import Place, Problem, Where, dotted

OF_GROUPS = ("without", "with", "replace")


def both_ways(name: object) -> Message:
    """How a file says what it makes of the list of its base."""
    return say("{name}: {{add: [...]}} adds to them, {name}: {{replace: [...]}} is instead of them, and {name}: ~ "
               "takes them away", name=name)


def laid_over(below: Document, above: Document) -> Document:
    """Mappings are joined name by name, ~ takes one or a list away, and everything else replaces what is below."""
    refuse_idle(below, above)
    name_all_groups(below, above)
    let_levers_win(below.data, above.data)
    for where in plain_lists(below.data, above.data):
        tell_plain_list(below, above, where)
    renumber(below.data, above)
    replaced: set[Where] = set()
    data = joined(below.data, above.data, (), replaced)
    if "levers" in above.data and above.data["levers"] is None:
        data["levers"] = []  # without the name, all groups of levers would be there
    values, keys = ({where: place for where, place in places.items() if not is_within(where, replaced)}
                    for places in (below.values, below.keys))
    return Document(data, values | above.values, keys | above.keys, below.problems + above.problems,
                    below.files | above.files, longer=longer_than(below, above),
                    notices=below.notices + above.notices)


def longer_than(below: Document, above: Document) -> dict[str, Any] | None:
    """The horizon of a base that is cut to this file's, or to that of a base in between which this file keeps."""
    own = above.data.get("horizon")
    return below.data.get("horizon") if isinstance(own, dict) and {"start", "end"} & own.keys() else below.longer


def tell_plain_list(below: Document, above: Document, where: Where) -> None:
    """A list over a list is instead of it, and that is said. Of surges it is refused: whoever writes Tuesday's would
    lose the week's own calls."""
    file = below.place(where).file
    if where == ("surges",):
        above.note(where, say("{file} has {place} too: {format}", file=file, place=where[-1],
                              format=both_ways(where[-1])))
    else:
        above.notices.append(above.problem(where, say(
            "stands instead of what {file} says; to add to that, write {place}: {{add: [...]}}", file=file,
            place=where[-1])))


def is_within(where: Where, parts: set[Where]) -> bool:
    return any(where[:length] in parts for length in range(len(where) + 1))


# --- lists -----------------------------------------------------------------------------------------------------------

def name_all_groups(below: Document, above: Document) -> None:
    """Write out that all groups of levers are there where a base leaves it unsaid, so that others can be added."""
    groups = below.data.get("lever_groups")
    if "levers" in above.data and "levers" not in below.data and isinstance(groups, dict) and groups:
        below.data["levers"] = list(groups)
        below.values["levers",] = below.keys["lever_groups",]
        below.values |= {("levers", i): below.keys["lever_groups", name] for i, name in enumerate(groups)}


def let_levers_win(below: Any, above: Any) -> None:
    """A variant that says all its levers does not also leave out those that its base would."""
    there, own = (data.get("variants") for data in (below, above))
    for name, said in own.items() if isinstance(own, dict) and isinstance(there, dict) else ():
        if isinstance(said, dict) and "levers" in said and isinstance(there.get(name), dict):
            there[name] = {key: value for key, value in there[name].items() if key not in OF_GROUPS}


def renumber(below: Any, above: Document) -> None:
    """The places of what is added to a list, or replaces it, by where it will stand in the list."""
    for where, form, first in list(forms(below, above.data)):
        inside = (*where, form)
        for places in (above.values, above.keys):
            for at in [at for at in places if at[:len(inside)] == inside]:
                place = places.pop(at)
                places[at if len(at) == len(inside) else renumbered(at, inside, first)] = place


def renumbered(at: Where, inside: Where, first: int) -> Where:
    number = at[len(inside)]
    assert isinstance(number, int)
    return (*inside[:-1], number + first, *at[len(inside) + 1:])


def forms(below: Any, above: Any, where: Where = ()) -> Iterator[tuple[Where, str, int]]:
    """Every list that is added to another or replaces one: where it is, which of both, and its first number."""
    form = form_of(above) if is_list_of_parts(where) else None
    if form:
        yield where, form, len(below) if form == ADD and isinstance(below, list | dict) else 0
    elif isinstance(above, dict):
        for key, value in above.items():
            yield from forms(below.get(key) if isinstance(below, dict) else None, value, (*where, key))


# --- bases side by side ----------------------------------------------------------------------------------------------

def side_by_side(below: Document, above: Document, ancestors: set[str]) -> list[tuple[Where, str]]:
    """Make the lists of a document add to those of files on which it does not stand: neither can know of the other.
    Gives where that is, and whose the other lists are."""
    found = []
    for where in plain_lists(below.data, above.data):
        others = {below.place((*where, i)).file for i in range(len(data_at(below.data, where)))} - ancestors
        if others:
            found.append((where, min(others)))
    for where, _ in found:
        around = data_at(above.data, where[:-1])
        around[where[-1]] = {ADD: around[where[-1]]}
        for places in (above.values, above.keys):
            for at in [at for at in places if at[:len(where)] == where and len(at) > len(where)]:
                places[*where, ADD, *at[len(where):]] = places.pop(at)
    return found


def data_at(data: Any, where: Where) -> Any:
    for step in where:
        data = data[step]
    return data


def refuse_unsettled(above: Document, pairs: list[tuple[Where, str, str]]) -> None:
    """Of two bases with lists of the same thing, a file says what it makes of them."""
    for where, one, other in pairs:
        if not says(above.data, where):
            above.problems.append(Problem(above.place(("extends",)), dotted(where), say(
                "{one} and {other} both have this: write here {format}; {{add: []}} leaves both as they are",
                one=one, other=other, format=both_ways(dotted(where)))))


def says(data: Any, where: Where) -> bool:
    """Whether a document says anything of a place."""
    for step in where:
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    return True


# --- what adds nothing -----------------------------------------------------------------------------------------------

def refuse_idle(below: Document, above: Document) -> None:
    """An empty mapping adds nothing to a base, and who writes nothing at all may have forgotten to."""
    for where in list(idle(below.data, above.data, above)):
        said = said_at(below, where)
        above.note(where, say("adds nothing to what line {line} of {file} says: write {place}: ~ to take that away, "
                              "or leave this out", line=said.line, file=said.file, place=where[-1]))
        leave_out(above.data, where)


def leave_out(data: Any, where: Where) -> None:
    for step in where[:-1]:
        data = data[step]
    del data[where[-1]]


def said_at(below: Document, where: Where) -> Place:
    return below.keys.get(where) or below.place(where)


def idle(below: Any, data: dict[str, Any], above: Document, where: Where = ()) -> Iterator[Where]:
    """Where something stands below, and above it an empty mapping, or a name without anything."""
    for key, value in data.items():
        here = (*where, key)
        if not below.get(key) or not has_parts(below[key]):
            continue
        if value == {} or (value is None and above.values[here] == above.keys[here]):
            yield here
        elif isinstance(value, dict) and isinstance(below[key], dict) and not stands_alone(value):
            yield from idle(below[key], value, above, here)
