"""Groups of levers: what a file says of its levers in short, as the lists of levers that it stands for."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.reading.wording import unknown_name
from sim.reading.yaml_places import MOST_ITEMS, MOST_VALUES, Document
from sim.scenario.levers import LEVERS
from sim.scenario.messages import say
from sim.scenario.problems import Where, dotted, nearest, problem, shortly

MOST_ON_ONE_ANOTHER = 5
TABLE = ("common", "columns", "rows")
TERMS = {field.alias or name for lever in LEVERS for name, field in lever.model_fields.items()}
"""What a column may be called."""
OF_VARIANTS = ("on", "without", "with", "replace")
"""What a variant may say in short; ``levers`` and ``change`` stay."""


class Item(NamedTuple):
    """A lever of a list: where it was written, where its terms were if that is elsewhere, and the group it is of."""

    lever: Any
    at: Where
    terms: dict[str, Where] = {}
    group: str | None = None


Groups = dict[str, list[Item]]


def give_groups(document: Document) -> None:
    """Put levers where the names of groups stand, into the scenario's list and into those of its variants."""
    body, levers = document.data.pop("lever_groups", None), document.data.get("levers")
    groups = groups_of(document, body)
    if "levers" not in document.data:
        own = [item for items in groups.values() for item in items]
    else:
        own = list(items_of(document, groups, ("levers",), levers))
    if ("levers" not in document.data and groups) or isinstance(levers, list):
        document.data["levers"] = laid_out(document, ("levers",), own)
    used = give_variants(document, groups, own) | {item.group for item in own}
    for name, items in groups.items():
        if items and name not in used and document.is_of_this_file(("lever_groups", name)):
            document.note(("lever_groups", name), say("does nothing: neither levers nor a variant names this group"),
                          of_name=True)


def laid_out(document: Document, where: Where, items: list[Item]) -> list[Any]:
    """The levers of a list, each with the place at which a planner wrote it and its terms."""
    if len(items) > MOST_ITEMS:
        raise problem(document.place(where), say("a list may have at most {MOST_ITEMS:,} levers, and with its groups "
                                                 "this has {items:,}",
                                                 MOST_ITEMS=MOST_ITEMS, items=len(items)), dotted(where))
    for i, item in enumerate(items):
        here = (*where, i)
        if item.at != here:
            document.elsewhere[here] = item.at
        document.elsewhere |= {(*here, term): at for term, at in item.terms.items()}
    if len(document.elsewhere) > 4 * MOST_VALUES:
        raise problem(document.place(where), say("here the groups of levers come to more than is read: take fewer "
                                                 "levers, or fewer variants"), dotted(where))
    return [dict(item.lever) if isinstance(item.lever, dict) else item.lever for item in items]


# --- a group ---------------------------------------------------------------------------------------------------------

def groups_of(document: Document, body: Any) -> Groups:
    """The levers of each group."""
    if body is None:
        return {}
    if not isinstance(body, dict):
        document.note(("lever_groups",), say("must be a mapping of names to groups, got {got}", got=shortly(body)))
        return {}
    return {name: [item._replace(group=name) for item in group(document, ("lever_groups", name), said)]
            for name, said in body.items()}


def group(document: Document, where: Where, said: Any) -> Iterator[Item]:
    """The levers of one group: a list of them, or a table with what all have in common."""
    if isinstance(said, list):
        yield from (Item(lever, (*where, i)) for i, lever in enumerate(said))
    elif isinstance(said, dict):
        yield from table(document, where, said)
    else:
        document.note(where, say("must be a list of levers, or a mapping with common, columns and rows, got {got}",
                                 got=shortly(said)))


def table(document: Document, where: Where, said: dict[str, Any]) -> Iterator[Item]:
    """The levers of a table: one a row."""
    for key in [key for key in said if key not in TABLE]:
        document.problems.append(unknown_name(document, (*where, key), TABLE))
    common, columns, rows = said.get("common", {}), said.get("columns"), said.get("rows")
    if not isinstance(common, dict):
        document.note((*where, "common"), say("must be a mapping, got {got}", got=shortly(common)))
    elif not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        document.note((*where, "columns"), say("must be a list of names, such as [lender, seats], with a value for "
                                               "each in every row"))
    elif doubled := next((i for i, name in enumerate(columns) if name in columns[:i]), None):
        document.note((*where, "columns", doubled), say("{got} stands here twice", got=shortly(columns[doubled])))
    elif strange := [i for i, name in enumerate(columns) if name not in TERMS]:
        for i in strange:
            document.note((*where, "columns", i), say("{got} is no term of a lever{hint}", got=shortly(columns[i]),
                                                      hint=nearest(columns[i], sorted(TERMS))))
    elif not isinstance(rows, list):
        document.note((*where, "rows"), say("must be a list of rows, each a list with a value for each column"))
    else:
        if len(common) * len(rows) > MOST_VALUES:
            raise problem(document.place(where), say("is more than is read: take fewer rows"), dotted(where))
        terms = {name: (*where, "common", name) for name in common}
        for i, cells in enumerate(rows):
            yield from row(document, (*where, "rows", i), columns, cells, Item(common, where, terms))


def row(document: Document, where: Where, columns: list[str], cells: Any, common: Item) -> Iterator[Item]:
    """The lever of a row; a cell with ~ says nothing, and a mapping behind the others has terms of its own."""
    more = cells[-1] if isinstance(cells, list) and len(cells) == len(columns) + 1 else {}
    if not isinstance(cells, list) or not isinstance(more, dict) or len(cells) not in (len(columns), len(columns) + 1):
        got = f"{len(cells)} values" if isinstance(cells, list) else shortly(cells)
        document.note(where, say("must be a value for each of {names}, and perhaps a mapping of further terms, got "
                                 "{got}", names=', '.join(columns), got=got))
        return
    for name in more:
        if name in columns:
            document.note((*where, len(columns), name), say("stands in the column {name} already",
                                                            name=name), of_name=True)
    said = {name: i for i, name in enumerate(columns) if cells[i] is not None}
    terms = common.terms | {name: (*where, i) for name, i in said.items()}
    terms |= {name: (*where, len(columns), name) for name in more}
    yield Item(common.lever | {name: cells[i] for name, i in said.items()} | more, where, terms)


# --- lists of levers and of groups -----------------------------------------------------------------------------------

def items_of(document: Document, groups: Groups, where: Where, said: Any) -> Iterator[Item]:
    """The levers of a list in which names stand for groups."""
    there: set[str] = set()
    for i, one in enumerate(said if isinstance(said, list) else ()):
        if not isinstance(one, str):
            yield Item(one, (*where, i))
        elif one in there:
            document.note((*where, i), say("{one} is there already: leave this out", one=one))
        elif is_group(document, groups, (*where, i), one):
            there.add(one)
            yield from groups[one]


def is_group(document: Document, groups: Groups, where: Where, name: Any) -> bool:
    """Whether there is a group of that name; otherwise that is noted."""
    if isinstance(name, str) and name in groups:
        return True
    hint = nearest(name, groups) if isinstance(name, str) else ""
    document.note(where, say("{got} is no group of levers{x}",
                             got=shortly(name), x=hint or '; write groups under lever_groups'))
    return False


# --- variants --------------------------------------------------------------------------------------------------------

class Changed(NamedTuple):
    """What a variant makes of the scenario: its levers, its changes, and where each of them is written."""

    items: list[Item]
    change: dict[str, Any]
    written: dict[str, Where]


def give_variants(document: Document, groups: Groups, own: list[Item]) -> set[str | None]:
    """The levers of every variant, and what all of them change. Gives the groups that any of them names."""
    variants = document.data.get("variants")
    all_of_them = variants.items() if isinstance(variants, dict) else ()
    given = {name: said for name, said in all_of_them if isinstance(said, dict)}
    found = {name: changed(document, groups, own, name, ()) for name in given}
    for name, one in found.items():
        said, here = given[name], ("variants", name)
        if isinstance(said.get("levers"), list | None):
            said["levers"] = laid_out(document, (*here, "levers"), one.items)
        if isinstance(said.get("change", {}), dict) and one.change:
            said["change"] = one.change
            document.elsewhere |= {(*here, "change", path): at for path, at in one.written.items()
                                   if at[1] != name}
        if is_nothing(document, said, (*here, "change")):
            del said["change"]
        for key in OF_VARIANTS:
            said.pop(key, None)
    return {item.group for one in found.values() for item in one.items}


def is_nothing(document: Document, said: dict[str, Any], where: Where) -> bool:
    """Whether ~ takes away what a base may say, and not a name without anything, which may be forgotten."""
    return where[-1] in said and said[where[-1]] is None and document.values.get(where) != document.keys.get(where)


def changed(document: Document, groups: Groups, own: list[Item], name: str, above: tuple[str, ...]) -> Changed:
    """A variant on top of the one that it stands on, or of the scenario itself."""
    said, here = document.data["variants"][name], ("variants", name)
    base = Changed(own, {}, {})
    if said.get("on") is not None and stands_on(document, name, said["on"], above):
        base = changed(document, groups, own, said["on"], (*above, name))
    change = said["change"] if isinstance(said.get("change"), dict) else {}
    return Changed(list(levers_of(document, groups, here, said, base.items)), base.change | change,
                   base.written | {path: (*here, "change", path) for path in change})


def stands_on(document: Document, name: str, base: Any, above: tuple[str, ...]) -> bool:
    """Whether a variant can stand on another; otherwise that is noted."""
    others = {key: one for key, one in document.data["variants"].items() if isinstance(one, dict)}
    where = ("variants", name, "on")
    if not isinstance(base, str) or base not in others:
        hint = nearest(base, [key for key in others if key != name]) if isinstance(base, str) else ""
        document.note(where, say("{got} is no variant{hint}", got=shortly(base), hint=hint))
    elif base in (*above, name):
        document.note(where, say("leads back to {base}, which stands on this variant", base=base))
    elif len(above) == MOST_ON_ONE_ANOTHER:
        document.note(where, say("more than {MOST_ON_ONE_ANOTHER} variants stand on one another",
                                 MOST_ON_ONE_ANOTHER=MOST_ON_ONE_ANOTHER))
    else:
        return True
    return False


def levers_of(document: Document, groups: Groups, where: Where, said: dict[str, Any],
              base: list[Item]) -> Iterator[Item]:
    """The levers of a variant: its own instead of all, or those below without some groups and with others."""
    if said.get("levers") is not None:
        for key in ("without", "with", "replace"):
            if said.get(key) is not None:
                document.note((*where, key), say("stands beside levers, which say all: leave one of them out"),
                              of_name=True)
        yield from items_of(document, groups, (*where, "levers"), said["levers"])
        return
    there = {item.group for item in base}
    gone = set(named(document, groups, (*where, "without"), said.get("without"), there))
    instead = dict(replaced(document, groups, (*where, "replace"), said.get("replace"), there - gone))
    for item in base:
        if item.group in instead:
            yield from instead.pop(item.group) or ()
            gone.add(item.group)
        elif item.group not in gone:
            yield item
    yield from more(document, groups, (*where, "with"), said.get("with"), there - gone)


def named(document: Document, groups: Groups, where: Where, said: Any, there: set[str | None]) -> Iterator[str]:
    """The groups that a variant leaves out."""
    for here, name in listed(document, groups, where, said):
        yield name
        if name not in there and document.is_of_this_file(here):
            document.note(here, say("{name} is not there anyway: leave this out", name=name))


def listed(document: Document, groups: Groups, where: Where, said: Any) -> Iterator[tuple[Where, str]]:
    """The groups that a list names, each with its place."""
    if not isinstance(said, list | None):
        document.note(where, say("must be a list of groups of levers, got {got}", got=shortly(said)))
        return
    for i, name in enumerate(said or ()):
        if is_group(document, groups, (*where, i), name):
            yield (*where, i), name


def replaced(document: Document, groups: Groups, where: Where, said: Any,
             there: set[str | None]) -> Iterator[tuple[str, list[Item]]]:
    """The groups that a variant has instead of others."""
    if not isinstance(said, dict | None):
        document.note(where, say("must be a mapping of groups to groups, such as {{helpers: more-helpers}}, got {got}",
                                 got=shortly(said)))
        return
    for old, new in (said or {}).items():
        if not is_group(document, groups, (*where, old), old) or not is_group(document, groups, (*where, old), new):
            continue
        if old not in there and document.is_of_this_file((*where, old)):
            document.note((*where, old), say("{old} is not there: name {new} under with",
                                             old=old, new=new), of_name=True)
        elif new in there and new != old:
            document.note((*where, old), say("{new} is there already: leave {old} out with without", new=new, old=old))
        yield old, groups[new]


def more(document: Document, groups: Groups, where: Where, said: Any, there: set[str | None]) -> Iterator[Item]:
    """The levers of the groups that a variant adds."""
    for here, name in listed(document, groups, where, said):
        if name in there and document.is_of_this_file(here):
            document.note(here, say("{name} is there already: leave this out", name=name))
        yield from () if name in there else groups[name]
        there = there | {name}
