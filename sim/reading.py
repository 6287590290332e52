"""From a file to a scenario: what it extends, the tables beside it, and every problem at once with its place."""
from __future__ import annotations

import csv
import io
import itertools
import math
import types
import typing
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from sim import scenario as typed
from sim.levers import KINDS as LEVER_KINDS
from sim.levers import LEVERS
from sim.moments import moment
from sim.quantities import FROM_FILE, KINDS, Law, Name, Quantity, count
from sim.scenario import LEVERS_DO, City, Scenario
from sim.yamlfile import (
    MOST_BYTES,
    MOST_PROBLEMS,
    Document,
    Place,
    Problem,
    RuleError,
    ScenarioError,
    Where,
    dotted,
    file_bytes,
    nearest,
    printable,
    probably,
    problem,
    read_yaml,
    shortly,
)

HERE = Path(__file__).resolve().parent
SHIPPED = next(folder for folder in (HERE / "scenarios", HERE.parent / "scenarios") if folder.is_dir())
MOST_EXTENDED = 5
MOST_TABLES = 10
MOST_TABLE_BYTES = 20_000_000
MOST_TABLE_CELLS = 2_000_000
MOST_TABLE_ROWS = 200_000
MOST_XLSX_PARTS = 1000
MOST_XLSX_BYTES = {"xl/worksheets/": 30_000_000, "": 2_000_000}
LONGEST_MESSAGE = 300
FILLED_IN = ("rows", "samples_s")


def shipped() -> dict[str, Path]:
    """Scenarios that come with the package, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def load(name_or_file: str | Path) -> Scenario:
    """A shipped scenario by its name, or a scenario file.

    :raises ScenarioError: with every problem of the file, each with file, line, column, rule and remedy.
    """
    path, shown = find(str(name_or_file))
    document = extended(path, shown, ())
    document.data.setdefault("name", path.stem)
    prepare(document)
    scenario = validated(document)
    if document.problems:
        raise ScenarioError(document.problems)
    assert scenario is not None
    return scenario


def find(name: str) -> tuple[Path, str]:
    """The file of a name and how to show it: a file if there is one, otherwise a shipped scenario."""
    path, shown = Path(name), printable(name, 200)
    try:
        kind = "file" if path.is_file() else "folder" if path.is_dir() else "device" if path.exists() else ""
    except OSError as error:
        raise problem(Place(shown), f"can't be read: {error.strerror}") from None
    if kind == "file":
        return path, shown
    if name in shipped():
        return shipped()[name], f"{name}.yaml"
    if kind:
        raise problem(Place(shown), f"is a {kind}, not a scenario file")
    hint = nearest(path.name, (*shipped(), *siblings(path)))
    raise problem(Place(shown), f"is no file and no shipped scenario{hint or '; `surgeline list` shows what ships'}")


def siblings(path: Path) -> list[str]:
    """The names of the scenario files in a file's folder."""
    try:
        return [other.name for other in itertools.islice(path.parent.glob("*.y*ml"), MOST_PROBLEMS) if other.is_file()]
    except OSError:
        return []


# --- files that stand on others --------------------------------------------------------------------------------------

def extended(path: Path, shown: str, above: tuple[Path, ...], most_bytes: int = MOST_BYTES) -> Document:
    """A document on top of the one that it extends."""
    document = read_yaml(path, shown, most_bytes)
    if "extends" not in document.data:
        return document
    place, base = document.values[("extends",)], document.data.pop("extends")
    if not isinstance(base, str):
        raise problem(place, f"must be the name of a file, got {shortly(base)}", "extends")
    base_path, base_shown = base_file(path, shown, base, place)
    seen = (*above, path.resolve())
    if base_path.resolve() in seen:
        raise problem(place, f"leads back to {printable(base)}, which stands on this file", "extends")
    if len(seen) > MOST_EXTENDED:
        raise problem(place, f"more than {MOST_EXTENDED} files stand on one another", "extends")
    left = max(0, most_bytes - path.stat().st_size)
    return laid_over(extended(base_path, base_shown, seen, left), document)


def base_file(path: Path, shown: str, base: str, place: Place) -> tuple[Path, str]:
    """The file that is extended: beside this one or below its folder, or one that ships."""
    for name in (base, f"{base}.yaml"):
        inside = within_folder(path, name)
        if inside is not None:
            return inside, str(Path(shown).parent / name)
    known = {p.relative_to(SHIPPED).with_suffix("").as_posix(): p for p in sorted(SHIPPED.rglob("*.yaml"))}
    found = known.get(base.removesuffix(".yaml"))
    if found is None:
        near = [Path(name).stem for name in siblings(path) if name != path.name and within_folder(path, name)]
        raise problem(place, f"{shortly(base)} is no file in this folder or below it, and none that ships"
                             f"{nearest(base, (*known, *near))}", "extends")
    return found, f"{base.removesuffix('.yaml')}.yaml"


def within_folder(path: Path, name: str) -> Path | None:
    """A file beside or below another, None if there is none or if the name leads out of the folder."""
    try:
        folder = path.resolve().parent
        target = (folder / name).resolve()
        return target if target.is_relative_to(folder) and target.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, a zero byte, links in a circle
        return None


def laid_over(below: Document, above: Document) -> Document:
    """Mappings are joined name by name. Lists, quantities, laws and plain values above replace what is below."""
    replaced: set[Where] = set()
    data = joined(below.data, above.data, (), replaced)
    values, keys = ({where: place for where, place in places.items() if not is_within(where, replaced)}
                    for places in (below.values, below.keys))
    return Document(data, values | above.values, keys | above.keys, below.problems + above.problems,
                    below.files | above.files)


def joined(below: Any, above: Any, where: Where, replaced: set[Where]) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict) or stands_alone(above):
        replaced.add(where)
        return above
    return below | {key: joined(below[key], value, (*where, key), replaced) if key in below else value
                    for key, value in above.items()}


def stands_alone(data: dict[str, Any]) -> bool:
    """Whether it is a quantity or a law: half of one and half of another would make no sense."""
    return any(key in data and not isinstance(data[key], dict) for key in (*KINDS, "law"))


def is_within(where: Where, parts: set[Where]) -> bool:
    return any(where[:length] in parts for length in range(len(where) + 1))


# --- what a file may say in short ------------------------------------------------------------------------------------

def prepare(document: Document) -> None:
    """Fill in what the file leaves to every_city and to tables, and refuse what is not for files."""
    give_every_city(document)
    refuse_filled_in(document, (), LEVERS_DO, "is not for files: use levers")
    for where, _, _ in table_users(document.data):
        refuse_filled_in(document, where, FILLED_IN, "is not for files: name a table")
    read_tables(document)
    name = document.data["name"]
    if isinstance(name, str) and not is_fit_for_a_folder(name):
        note(document, ("name",), f"must be fit for a folder's name: letters, digits, - and _, got {shortly(name)}")
        del document.data["name"]


def is_fit_for_a_folder(name: str) -> bool:
    """Run folders have the name of their scenario, so it must not lead anywhere else."""
    return name.isprintable() and not set(name) & set(r'/\:*?"<>|') and name[:1] not in ("", ".") and len(name) <= 80


def note(document: Document, where: Where, message: str) -> None:
    document.problems.append(stated(document, where, message))


def give_every_city(document: Document) -> None:
    """What ``every_city`` says goes into each city that does not say it itself."""
    if "every_city" not in document.data:
        return
    common, cities = document.data.pop("every_city"), document.data.get("cities")
    if not isinstance(common, dict):
        note(document, ("every_city",), f"must be a mapping, got {shortly(common)}")
        return
    for key in [key for key in common if key not in City.model_fields]:
        document.problems.append(unknown_name(document, ("every_city", key), names_in(City)))
        del common[key]
    for city, own in cities.items() if isinstance(cities, dict) else ():
        if isinstance(own, dict):
            for key in common.keys() - own.keys():
                own[key] = common[key]
                document.said_for_all.add(("cities", city, key))


def refuse_filled_in(document: Document, where: Where, names: Iterable[str], message: str) -> None:
    """Some parts of a scenario are filled in by the program; a file that writes them is mistaken."""
    part: Any = document.data
    for step in where:
        part = part[step]
    for name in names:
        if name in part:
            part[name] = [0] if name == "samples_s" else []
            note(document, (*where, name), message)


def place_of(document: Document, where: Where) -> Place:
    """The place of a value, or of the nearest thing around it."""
    where = as_written(document, where)
    while where not in document.values and where:
        where = where[:-1]
    return document.values[where]


def path_of(document: Document, where: Where) -> str:
    return dotted(as_written(document, where))


def as_written(document: Document, where: Where) -> Where:
    """Where a planner wrote it: what every city has, perhaps, once for all."""
    return ("every_city", *where[2:]) if where[:3] in document.said_for_all else where


# --- rules of single parts -------------------------------------------------------------------------------------------

def validated(document: Document) -> Scenario | None:
    """The scenario, None if its parts break rules; notes every problem."""
    try:
        scenario = Scenario.model_validate(document.data, context=FROM_FILE)
    except ValidationError as error:
        findings = told_once(document, error.errors(include_url=False))
        document.problems += [in_words(document, finding) for finding in findings[:MOST_PROBLEMS + 1]]
        check_sound_parts(document, [finding.where for finding in findings])
        return None
    document.problems += [as_problem(document, *found) for found in cross_checked(scenario)]
    document.problems += list(itertools.islice(rows_beside_intervals(document, scenario), MOST_PROBLEMS + 1))
    return scenario


@dataclass
class Finding:
    """What pydantic found: where in the file, what may stand there, and the choice that led there if there was one."""

    error: dict[str, Any]
    where: Where = ()
    kinds: list[Any] = field(default_factory=lambda: [Scenario])
    around: Any = None
    choice: Where | None = None
    choices: list[Any] = field(default_factory=list)
    chosen: Any = None
    of_name: bool = False

    @property
    def type(self) -> str:
        return str(self.error["type"])


def located(error: Any) -> Finding:
    """Pydantic's path without the parts that no file has, found by walking the types."""
    found = Finding(error)
    for step in error["loc"]:
        if len(found.kinds) > 1:  # here pydantic names the member of a union
            found.choice, found.choices = found.where, found.kinds
            found.chosen = member_named(found.kinds, step)
            found.kinds = [found.chosen]
        elif step == "[key]":
            found.kinds, found.of_name = members(typing.get_args(found.around)[0]), True
        else:
            found.where, found.around = (*found.where, step), found.kinds[0] if found.kinds else None
            found.kinds = kinds_below(found.around, step)
    return found


def members(annotation: Any) -> list[Any]:
    """The types of a union, or the one type; nothing counts as no type."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return members(parts[0])
    if origin in (typing.Union, types.UnionType):
        return [kind for part in parts for kind in members(part)]
    return [] if annotation is type(None) else [annotation]


def member_named(kinds: list[Any], step: str | int) -> Any:
    """The member of a union that pydantic's path names."""
    named = [kind for kind in kinds if is_model(kind) and (kind_of_lever(kind) or kind.__name__) in str(step)]
    return (named or [kind for kind in kinds if not is_model(kind)] or kinds)[0]


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def kind_of_lever(kind: Any) -> str | None:
    return LEVER_KINDS[LEVERS.index(kind)] if kind in LEVERS else None


def kinds_below(kind: Any, step: str | int) -> list[Any]:
    """What may stand at a step below a type; nothing if the type knows no such step."""
    if is_model(kind):
        return next((members(f.annotation) for name, f in kind.model_fields.items() if step in (name, f.alias)), [])
    parts = typing.get_args(kind)
    if typing.get_origin(kind) is dict:
        return members(parts[1])
    if typing.get_origin(kind) is tuple and isinstance(step, int):
        return members(parts[0] if parts[-1] is Ellipsis else parts[min(step, len(parts) - 1)])
    return []


def told_once(document: Document, errors: Iterable[Any]) -> list[Finding]:
    """One finding for each fault: a misspelt name is not also missing, a list with bad items not also too short."""
    findings = [found for error in errors for found in [meant(document, located(error))] if found is not None]
    unknown = [found for found in findings if found.type == "extra_forbidden"][:MOST_PROBLEMS]
    misspelt = {(*found.where[:-1], probably(str(found.where[-1]), names_in(found.around))) for found in unknown}
    within = {found.where[:length] for found in findings for length in range(len(found.where))}
    kept = [found for found in findings if not (found.type == "missing" and found.where in misspelt)
            and not (found.type == "too_short" and found.where in within)]
    return list({(found.where, found.type): found for found in kept}.values())


def meant(document: Document, found: Finding) -> Finding | None:
    """Where a mapping or a word may stand: what is wrong with the one that the planner chose."""
    if found.choice is None or all(is_model(kind) for kind in found.choices):
        return found
    value = value_at(document.data, found.choice)
    if isinstance(value, dict) and any(is_model(kind) for kind in found.choices):
        return found if is_model(found.chosen) else None
    return Finding({"type": "choice", "input": value}, found.choice, found.choices)


def value_at(data: Any, where: Where) -> Any:
    """The value at a place of plain data, None if there is none."""
    for step in where:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


# --- rules in words --------------------------------------------------------------------------------------------------

def in_words(document: Document, found: Finding) -> Problem:
    """A finding in plain words, at its place."""
    where, context = found.where, found.error.get("ctx", {})
    if found.type == "value_error":
        return broken_by(document, where, context["error"])
    if found.type == "extra_forbidden":
        return unknown_name(document, where, names_in(found.around))
    if found.type == "missing":
        return missing(document, found)
    if found.type == "union_tag_invalid":
        kind = value_at(document.data, (*where, "kind"))
        hint = nearest(kind, LEVER_KINDS) if isinstance(kind, str) else f"; known are {', '.join(LEVER_KINDS)}"
        return stated(document, (*where, "kind"), f"{shortly(kind)} is no lever{hint}")
    if found.type == "union_tag_not_found" and isinstance(found.error["input"], dict):
        return stated(document, (*where, "kind"), f"is missing: one of {', '.join(LEVER_KINDS)}")
    if found.type in ("string_pattern_mismatch", "string_too_long"):
        return stated(document, where, WHAT_KEYS_ARE, of_name=True)
    return stated(document, where, broken_rule(found, context), found.of_name)


def stated(document: Document, where: Where, message: str, of_name: bool = False) -> Problem:
    """A problem with a value, or with its name."""
    place = document.keys.get(as_written(document, where)) if of_name else None
    return Problem(place or place_of(document, where), path_of(document, where), printable(message, LONGEST_MESSAGE))


def broken_by(document: Document, where: Where, error: Exception) -> Problem:
    if isinstance(error, RuleError):
        return stated(document, (*where, *error.at), str(error), error.of_name)
    return stated(document, where, str(error))


def unknown_name(document: Document, where: Where, known: Iterable[str]) -> Problem:
    return stated(document, where, f"is no known name{nearest(str(where[-1]), known)}", of_name=True)


def missing(document: Document, found: Finding) -> Problem:
    if isinstance(found.where[-1], int):
        return stated(document, found.where[:-1], f"must have {len(typing.get_args(found.around))} items")
    wanted = found.kinds[0] if found.kinds else None
    such_as = f": {expected([wanted])}" if wanted in (Law, Name) or typing.get_origin(wanted) is Literal else ""
    return stated(document, found.where, f"is missing{such_as}")


def broken_rule(found: Finding, context: dict[str, Any]) -> str:
    value = found.error.get("input")
    got, length = shortly(value), context.get("actual_length") or "more"
    rules = {
        "greater_than_equal": f"must be >= {context.get('ge', 0):,.12g}, got {got}",
        "less_than_equal": f"must be <= {context.get('le', 0):,.12g}, got {got}",
        "too_short": f"must have {context.get('min_length')} or more items, got {context.get('actual_length')}",
        "too_long": f"may have at most {context.get('max_length')} items, got {length}",
        "finite_number": f"must be a finite number, got {got}",
    }
    return rules.get(found.type) or f"must be {expected(found.kinds)}, got {got}{closest(found.kinds, value)}"


WHAT_KEYS_ARE = "a name has up to 40 lower-case letters, digits, - and _, and begins with a letter"
EXAMPLES: dict[Any, str] = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false", date: "a date such as 2021-08-07",
    Law: "a law such as {law: exponential, mean: 4 min}", Quantity: "a number",
    Name: "a name in both languages, such as {zh: 南京, en: Nanjing}",
}


def expected(kinds: list[Any]) -> str:
    """What may stand somewhere, in words."""
    if kinds and all(kind in LEVERS for kind in kinds):
        return f"a lever such as {{kind: {LEVER_KINDS[0]}, ...}}"
    return " or ".join(dict.fromkeys(map(expected_one, kinds))) or "something else"


def expected_one(kind: Any) -> str:
    origin = typing.get_origin(kind)
    if origin is Literal:
        words = [shortly(word) for word in typing.get_args(kind)]
        return f"one of {', '.join(words)}" if len(words) > 2 else " or ".join(words)
    if origin is tuple:
        return "a list of mappings" if is_model(members(typing.get_args(kind)[0])[0]) else "a list such as [a, b]"
    if is_model(kind) and kind not in EXAMPLES:
        names = names_in(kind)
        return f"a mapping with {', '.join(names[:4])}{' ...' if names[4:] else ''}"
    return EXAMPLES.get(kind, "a mapping of names to values")


def closest(kinds: list[Any], value: object) -> str:
    """A hint at the word that was probably meant, or at quotation marks."""
    words = [word for kind in kinds if typing.get_origin(kind) is Literal for word in typing.get_args(kind)]
    if isinstance(value, str) and probably(value, map(str, words)):
        return nearest(value, map(str, words))
    return "; put it in quotes" if str in kinds and isinstance(value, int | float | date) else ""


def names_in(kind: Any) -> list[str]:
    """The names that a part of a scenario may have."""
    if not is_model(kind):
        return []
    names = [f.alias or name for name, f in kind.model_fields.items() if name not in (*LEVERS_DO, *FILLED_IN)]
    return [*names, "extends", "every_city"] if kind is Scenario else names


# --- rules between parts ---------------------------------------------------------------------------------------------

def cross_checked(scenario: Scenario) -> list[typed.Problem]:
    """What the parts of a scenario get wrong about each other: as many as anybody reads, and one more."""
    return list(itertools.islice(typed.cross_checks(scenario), MOST_PROBLEMS + 1))


def as_problem(document: Document, where: Where, message: str, name: str | None, known: Iterable[str]) -> Problem:
    hint = "" if name is None else likely(document, name, known)
    is_date = where[-2:-1] == ("by_day",)
    return stated(document, where, printable(message, LONGEST_MESSAGE - len(hint)) + hint, of_name=is_date)


def likely(document: Document, name: str, known: Iterable[str] | None) -> str:
    """A hint at the key of what is called so in Chinese or in English, otherwise at the nearest."""
    known = list(known or ())
    sections = [document.data.get(section) for section in ("cities", "classes")]
    parts = {key: part for section in sections if isinstance(section, dict) for key, part in section.items()}
    called = [key for key in known if name in said_names(parts.get(key))]
    return f"; did you mean {shortly(called[0])}?" if called else nearest(name, known)


def said_names(part: Any) -> list[Any]:
    names = part.get("name") if isinstance(part, dict) else None
    return list(names.values()) if isinstance(names, dict) else []


LISTS = ("levers", "surges", "absences", "observed", "focus")
MAPPINGS = ("cities", "classes", "shifts", "profiles", "everyday", "variants")
BLANK = {"surgeline": 1, "title": {"zh": "", "en": ""}, "horizon": {"start": "2000-01-01", "end": "2000-01-01"}}


def check_sound_parts(document: Document, faulty: list[Where]) -> None:
    """Where some parts break rules of their own, look at what the others get wrong about each other."""
    gone = {part_of(where) for where in faulty}
    data, kept = without(document.data, gone)
    try:
        scenario = Scenario.model_validate(data, context=FROM_FILE)
    except ValidationError:  # too little is left
        return
    names = {part[1] for part in gone if len(part) == 2} | misplaced_names(document, gone)
    sections = {part[0] for part in gone}
    for where, message, name, known in cross_checked(scenario):
        if name not in names if name is not None else where[0] != "everyday" and "horizon" not in sections:
            document.problems.append(as_problem(document, in_full(where, kept), message, name, known))


def misplaced_names(document: Document, gone: set[Where]) -> set[str | int]:
    """The names below a misspelt one: they are not unknown as well."""
    return {name for part in gone if len(part) == 1 and isinstance(below := document.data.get(str(part[0])), dict)
            for name in below}


def part_of(where: Where) -> Where:
    """The smallest part of a scenario that the others can do without."""
    if where[:1] == ("variants",) and where[2:3] == ("levers",):
        return where[:4]
    return where[:2] if where[:1] and where[0] in LISTS + MAPPINGS else where[:1]


def without(data: dict[str, Any], gone: set[Where]) -> tuple[dict[str, Any], dict[Where, list[int]]]:
    """Data without some of its parts, and for each list, which of its items are left."""
    kept: dict[Where, list[int]] = {}

    def sound(value: Any, where: Where) -> Any:
        if isinstance(value, dict):
            return {key: sound(part, (*where, key)) for key, part in value.items() if (*where, key) not in gone}
        if isinstance(value, list):
            kept[where] = [i for i in range(len(value)) if (*where, i) not in gone]
            return [value[i] for i in kept[where]]
        return value
    return BLANK | sound(data, ()), kept


def in_full(where: Where, kept: dict[Where, list[int]]) -> Where:
    """A place in what is left as the place in all."""
    full: Where = ()
    for step in where:
        full = (*full, kept[full][step] if isinstance(step, int) and full in kept else step)
    return full


def rows_beside_intervals(document: Document, s: Scenario) -> Iterator[Problem]:
    """Each row of a table of callers is one interval: what lies beside or between would be lost."""
    length = s.horizon.interval_s
    for i, surge in enumerate(s.surges):
        starts = [start for start, _ in surge.rows]
        for k, start in enumerate(starts):
            if (start - s.horizon.start).total_seconds() % length:
                yield Problem(document.values["surges", i, "rows", k], "start",
                              f"{start:%Y-%m-%d %H:%M:%S} is not where an interval of {length / 60:g} min starts")
        if starts and not any(s.horizon.start <= start < s.horizon.end for start in starts):
            yield stated(document, ("surges", i, "table"), "none of its rows lies within the horizon")
        steps = [(b - a).total_seconds() for a, b in itertools.pairwise(sorted(starts))]
        if steps and min(steps) > length:
            yield stated(document, ("surges", i, "table"), f"has a row every {min(steps) / 60:g} min, but an interval "
                                                           f"has {length / 60:g} min: write a row for each interval")


# --- tables beside the file ------------------------------------------------------------------------------------------

@dataclass
class Table:
    """The rows of a table with their lines, the names of its columns, and what is wrong with it."""

    shown: str
    rows: list[tuple[int, list[Any]]]
    header: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, column: int, message: str) -> None:
        """Note a problem of a cell, or of a row if there is no such column."""
        name = self.header[column] if 0 <= column < len(self.header) else ""
        self.problems.append(Problem(Place(self.shown, line, max(column, 0) + 1), printable(name), message))


def table_users(data: Any, where: Where = ()) -> Iterator[tuple[Where, dict[str, Any], str]]:
    """Every part of a file that may name a table, and under which name."""
    if isinstance(data, dict):
        if where == ("staff",) or (len(where) == 2 and where[0] == "surges"):
            yield where, data, "table"
        elif data.get("law") == "data":
            yield where, data, "data"
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from table_users(value, (*where, key))


def read_tables(document: Document) -> None:
    """Fill in the rows of every table that the scenario names."""
    users = [user for user in table_users(document.data) if isinstance(user[1].get(user[2]), str)]
    for where, _, key in users[MOST_TABLES:][:1]:
        note(document, (*where, key), f"is one too many: a scenario may name {MOST_TABLES} tables")
    for where, part, key in users[:MOST_TABLES]:
        read_table(document, where, part, key, MOST_TABLE_CELLS // min(len(users), MOST_TABLES))


def read_table(document: Document, where: Where, part: dict[str, Any], key: str, most_cells: int) -> None:
    """Fill in the rows of one table."""
    name, beside = part[key], document.files[place_of(document, (*where, key)).file]
    try:
        table = Table(printable(name), table_rows(beside, name, most_cells))
    except RuleError as error:
        note(document, (*where, key), f"{shortly(name)} {error}")
        return
    if key == "data":
        part["samples_s"] = durations(table)
    elif where == ("staff",):
        part["rows"] = staff_rows(document, table)
    else:
        part["rows"] = caller_rows(table)
    document.values |= {(*where, "rows", k): Place(table.shown, line) for k, (line, _) in enumerate(table.rows)}
    document.problems += table.problems
    if table.problems:
        del part["samples_s" if key == "data" else "rows"]


def table_rows(beside: Path, name: str, most_cells: int) -> list[tuple[int, list[Any]]]:
    """The rows of a CSV or XLSX file beside the one that names it, without the empty ones, with their lines."""
    file = within_folder(beside, name)
    if file is None:
        raise RuleError("is no file in the folder of the file that names it")
    data = file_bytes(file, MOST_TABLE_BYTES)
    cells, rows = 0, []
    for line, row in xlsx_rows(data) if file.suffix == ".xlsx" else csv_rows(data):
        cells += len(row) + 1
        if cells > most_cells or line > MOST_TABLE_ROWS:
            raise RuleError(f"has more than {MOST_TABLE_ROWS:,} rows or {most_cells:,} cells")
        if any(cell not in ("", None) for cell in row):
            rows.append((line, row))
    if not rows:
        raise RuleError("is empty")
    return rows


def csv_rows(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
        raise RuleError(f"is not UTF-8 text (line {line}): save it as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise RuleError(f"can't be read as CSV (line {reader.line_num}): {error}") from None


def xlsx_rows(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    import openpyxl  # slow to import, and few scenarios need it

    try:
        refuse_what_swells(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
            for i, row in enumerate(sheet.iter_rows(values_only=True)):
                yield i + 1, list(row)
    except RuleError:
        raise
    except Exception:  # a damaged file can fail anywhere within the library
        raise RuleError("is no sound XLSX file: save it again, or as CSV UTF-8") from None


def refuse_what_swells(data: bytes) -> None:
    """A small XLSX file can unpack to a huge one: sheets may have more than the rest, but nothing much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    for part in parts:
        most = next(most for name, most in MOST_XLSX_BYTES.items() if name in part.filename)
        if part.file_size > most or len(parts) > MOST_XLSX_PARTS:
            raise RuleError(f"unpacks to more than {most:,} bytes in {printable(part.filename)}")


# --- what tables mean ------------------------------------------------------------------------------------------------

def durations(table: Table) -> list[float]:
    """Seconds, one in each row."""
    if str(table.rows[0][1][0]).strip().lower() in ("seconds", "s"):
        del table.rows[0]
    if not table.rows:
        table.wrong(1, 0, "has no durations")
    return [number(table, line, row, 0) for line, row in table.rows]


def caller_rows(table: Table) -> list[tuple[datetime, float]]:
    """The start of an interval and its callers, in each row."""
    column = columns(table, ("start", "callers"))
    return [(start, number(table, line, row, column["callers"])) for line, row, start in starts(table, column)]


def staff_rows(document: Document, table: Table) -> list[tuple[datetime, list[tuple[str, float]]]]:
    """A moment and the seats of each city from then on, in each row."""
    line, column, cities = table.rows[0][0], columns(table, ("start",)), document.data.get("cities")
    for name in [name for name in column if isinstance(cities, dict) and name not in ("start", *cities)]:
        table.wrong(line, column.pop(name), f"is no city{likely(document, name, cities)}")
    return [(start, [(name, number(table, line, row, i)) for name, i in column.items() if name != "start"])
            for line, row, start in starts(table, column)]


def columns(table: Table, wanted: tuple[str, ...]) -> dict[str, int]:
    """The columns by their names, which the first row has; none if it lacks one."""
    line, row = table.rows.pop(0)
    table.header = [str(cell or "").strip() for cell in row]
    found = {name: table.header.index(name) for name in table.header if name}
    if not set(wanted) <= set(found):
        commas = "; put commas between the columns" if len(row) == 1 else ""
        table.wrong(line, -1, f"the first row must name the columns, {' and '.join(wanted)} among them, "
                              f"got {printable(', '.join(table.header))}{commas}")
        return {}
    for i, name in enumerate(table.header):
        if name and found[name] != i:
            table.wrong(line, i, "stands here twice")
    if not table.rows:
        table.wrong(line, -1, "has no rows below its first")
    return found


def starts(table: Table, column: dict[str, int]) -> Iterator[tuple[int, list[Any], datetime]]:
    """Each row that begins with a moment of its own, until there is too much wrong."""
    lines: dict[datetime, int] = {}
    for line, row in table.rows if column else ():
        start = start_of(table, line, row, column["start"])
        if start in lines:
            table.wrong(line, column["start"], f"{start:%Y-%m-%d %H:%M} stands twice, first in line {lines[start]}")
        if start is not None:
            lines.setdefault(start, line)
            yield line, row, start
        if len(table.problems) >= MOST_PROBLEMS:
            return


def start_of(table: Table, line: int, row: list[Any], column: int) -> datetime | None:
    cell = row[column] if column < len(row) else None
    try:
        return moment(cell.isoformat() if isinstance(cell, date) else cell or None, timedelta(0)).replace(microsecond=0)
    except RuleError as error:
        table.wrong(line, column, str(error))
        return None


def number(table: Table, line: int, row: list[Any], column: int) -> float:
    """A cell that says how many; nan, and a problem, if it does not."""
    cell = row[column] if column < len(row) else None
    try:
        return count(None if cell == "" else cell)
    except RuleError as error:
        table.wrong(line, column, str(error))
        return math.nan
