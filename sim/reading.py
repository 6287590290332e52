"""From a file to a scenario: what it extends, the tables beside it, and every problem at once with its place."""
from __future__ import annotations

import csv
import difflib
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sim import scenario as typed
from sim.levers import KINDS as LEVER_KINDS
from sim.levers import LEVERS
from sim.quantities import KINDS as ORIGINS
from sim.scenario import LEVERS_DO, Scenario
from sim.yamlfile import Document, Place, Problem, ScenarioError, Where, problem, read_yaml

HERE = Path(__file__).resolve().parent
SHIPPED = next(folder for folder in (HERE / "scenarios", HERE.parent / "scenarios") if folder.is_dir())
MOST_EXTENDED = 5
MOST_TABLE_BYTES = 20_000_000
MOST_TABLE_ROWS = 200_000


def shipped() -> dict[str, Path]:
    """Scenarios that come with the package, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def load(name_or_file: str | Path) -> Scenario:
    """A shipped scenario by its name, or a scenario file.

    :raises ScenarioError: with every problem of the file, each with file, line, column, rule and remedy.
    """
    path = find(str(name_or_file))
    document = extended(path, ())
    document.data.setdefault("name", path.stem)
    give_every_city(document)
    problems: list[Problem] = []
    read_tables(document, path, problems)
    scenario = validated(document, problems)
    if scenario is not None:
        problems += [as_problem(document, where, message, name, known)
                     for where, message, name, known in typed.cross_checks(scenario)]
    if problems or scenario is None:
        raise ScenarioError(problems)
    return scenario


def find(name: str) -> Path:
    """The file of a name: a file if it looks like one, otherwise a shipped scenario."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise problem(Place(name), "no such file")
        return path
    if name in shipped():
        return shipped()[name]
    raise problem(Place(name), f"is no shipped scenario and no file{nearest(name, shipped())}; "
                               "`surgeline list` shows what ships")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the name that was probably meant."""
    names = [str(k) for k in known]
    close = difflib.get_close_matches(str(name), names, 1, 0.5)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; known are {', '.join(names)}" if 0 < len(names) <= 20 else ""


# --- files that stand on others --------------------------------------------------------------------------------------

def extended(path: Path, seen: tuple[Path, ...]) -> Document:
    """A document on top of the one that it extends."""
    shown = path.name if path.resolve().is_relative_to(SHIPPED) else str(path)
    document = read_yaml(path, shown)
    base = document.data.pop("extends", None)
    if base is None:
        return document
    place = document.values[("extends",)]
    if path.resolve() in seen or len(seen) >= MOST_EXTENDED:
        raise problem(place, f"extends itself, or more than {MOST_EXTENDED} files in a row", "extends")
    below = extended(base_file(path, str(base), place), (*seen, path.resolve()))
    return laid_over(below, document)


def base_file(path: Path, base: str, place: Place) -> Path:
    """The file that is extended: beside this one or below its folder, or one that ships."""
    inside = within_folder(path, base) or within_folder(path, f"{base}.yaml")
    known = {p.relative_to(SHIPPED).with_suffix("").as_posix(): p for p in SHIPPED.rglob("*.yaml")}
    found = inside or known.get(base.removesuffix(".yaml"))
    if found is None:
        raise problem(place, f"{base!r} is neither a file in this folder nor one that ships{nearest(base, known)}",
                      "extends")
    return found


def within_folder(path: Path, name: str) -> Path | None:
    """A file beside or below another, None if there is none or if the name leads out of the folder."""
    folder = path.resolve().parent
    target = (folder / name).resolve()
    return target if target.is_relative_to(folder) and target.is_file() else None


def laid_over(below: Document, above: Document) -> Document:
    """Mappings are joined name by name; anything else above replaces what is below."""
    values, keys = dict(below.values), dict(below.keys)
    data = joined(below.data, above.data, (), values)
    return Document(data, values | above.values, keys | above.keys)


def joined(below: Any, above: Any, where: Where, values: dict[Where, Place]) -> Any:
    quantity = isinstance(above, dict) and any(key in above for key in ORIGINS)
    if not isinstance(below, dict) or not isinstance(above, dict) or quantity:
        return above
    return below | {key: joined(below[key], value, (*where, key), values) if key in below else value
                    for key, value in above.items()}


def give_every_city(document: Document) -> None:
    """What ``every_city`` says goes into each city that does not say it itself."""
    common, cities = document.data.pop("every_city", {}), document.data.get("cities")
    if not isinstance(common, dict) or not isinstance(cities, dict):
        return
    for city, own in cities.items():
        if isinstance(own, dict):
            for key in common.keys() - own.keys():
                own[key] = common[key]
                copy_places(document, ("every_city", key), ("cities", city, key))


def copy_places(document: Document, old: Where, new: Where) -> None:
    for places in (document.values, document.keys):
        places.update({(*new, *where[len(old):]): place for where, place in list(places.items())
                       if where[:len(old)] == old})


# --- rules -----------------------------------------------------------------------------------------------------------

def validated(document: Document, problems: list[Problem]) -> Scenario | None:
    for name in LEVERS_DO:
        if name in document.data:
            problems.append(as_problem(document, (name,), "is not for files: use levers", None, []))
    try:
        return Scenario.model_validate(document.data)
    except ValidationError as error:
        problems += [of_pydantic(document, dict(item)) for item in error.errors()]
    except RecursionError:
        raise problem(document.values[()], "is nested too deeply") from None
    return None


def as_problem(document: Document, where: Where, message: str, name: str | None, known: Iterable[str]) -> Problem:
    hint = nearest(name, known) if name is not None else ""
    return Problem(place_of(document, where), dotted(where), message + hint)


def place_of(document: Document, where: Where) -> Place:
    """The place of a value, or of the nearest thing around it."""
    while where not in document.values and where:
        where = where[:-1]
    return document.values[where]


def dotted(where: Where) -> str:
    return re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, where)))


def of_pydantic(document: Document, error: dict[str, Any]) -> Problem:
    """One of pydantic's findings in our words."""
    where = in_file(document, error["loc"])
    kind, got = error["type"], shortly(error.get("input"))
    if kind == "extra_forbidden":
        known = fields_at(error["loc"])
        place = document.keys.get(where) or place_of(document, where)
        return Problem(place, dotted(where), f"is no known name{nearest(str(where[-1]), known)}")
    if kind == "missing":
        return Problem(place_of(document, where[:-1]), dotted(where), "is missing")
    if kind == "union_tag_invalid":
        tag = str(error["ctx"]["tag"])
        return as_problem(document, (*where, "kind"), f'"{tag}" is no lever', tag, LEVER_KINDS)
    if kind == "union_tag_not_found":
        return as_problem(document, where, f"needs a kind: one of {', '.join(LEVER_KINDS)}", None, [])
    return Problem(place_of(document, where), dotted(where), in_words(kind, error, got))


def in_words(kind: str, error: dict[str, Any], got: str) -> str:
    context = error.get("ctx", {})
    said = {
        "value_error": str(context.get("error")),
        "greater_than_equal": f"must be >= {context.get('ge')}, got {got}",
        "less_than_equal": f"must be <= {context.get('le')}, got {got}",
        "literal_error": f"must be {context.get('expected')}, got {got}",
        "string_pattern_mismatch": f"must be lower-case letters, digits, - and _, got {got}",
        "too_short": f"needs at least {context.get('min_length')}",
        "too_long": f"has more than {context.get('max_length')}",
    }.get(kind)
    message = error["msg"]
    return said or f"{message[0].lower()}{message[1:]}, got {got}"


def shortly(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def in_file(document: Document, loc: Iterable[str | int]) -> Where:
    """Pydantic's path without the parts that no file has: names of union members, markers of keys."""
    where: Where = ()
    for step in loc:
        if (*where, step) in document.values:
            where = (*where, step)
        elif isinstance(step, str) and not step.startswith(("function-", "is-", "[")) and step not in LEVER_KINDS \
                and step not in ("Law", "literal['for ever']", "literal['none']"):
            return (*where, step)
    return where


def fields_at(loc: Iterable[str | int]) -> list[str]:
    """The names that a part of a scenario may have, found by walking its types."""
    steps = list(loc)[:-1]
    return walk_fields(Scenario, steps)


def walk_fields(model: Any, steps: list[str | int]) -> list[str]:
    for step in steps:
        found = member(model, step)
        if found is not None:
            model = found
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [f.alias or name for name, f in model.model_fields.items() if name not in LEVERS_DO]
    return []


def member(model: Any, step: str | int) -> Any:
    """The model that a step of a path leads to, None if the step leads to no other."""
    for lever in LEVERS:
        if step == lever.model_fields["kind"].annotation.__args__[0]:
            return lever
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            if step in (name, field.alias):
                return model_in(field.annotation) or model
    return None


def model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = model_in(part)
        if found is not None:
            return found
    return None


# --- tables beside the file ------------------------------------------------------------------------------------------

def read_tables(document: Document, path: Path, problems: list[Problem]) -> None:
    """Fill in the rows of every table that the scenario names."""
    for where, part in table_users(document.data):
        key = "data" if "data" in part else "table"
        place = place_of(document, (*where, key))
        try:
            fill(part, key, where, table_rows(path, str(part[key]), place, dotted((*where, key))))
        except ScenarioError as error:
            problems += error.problems


def table_users(data: Any, where: Where = ()) -> Iterator[tuple[Where, dict[str, Any]]]:
    if isinstance(data, dict):
        if isinstance(data.get("table"), str) or (data.get("law") == "data" and isinstance(data.get("data"), str)):
            yield where, data
        for key, value in data.items():
            yield from table_users(value, (*where, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from table_users(value, (*where, i))


def table_rows(path: Path, name: str, place: Place, dotted_path: str) -> list[tuple[Place, list[Any]]]:
    """The rows of a CSV or XLSX file beside the scenario, with their places."""
    file = within_folder(path, name)
    if file is None:
        raise problem(place, f"{name!r} is no file in the scenario's folder", dotted_path)
    if file.stat().st_size > MOST_TABLE_BYTES:
        raise problem(place, f"{name!r} has more than {MOST_TABLE_BYTES:,} bytes", dotted_path)
    rows = xlsx_rows(file, place, dotted_path) if file.suffix == ".xlsx" else csv_rows(file)
    if len(rows) > MOST_TABLE_ROWS:
        raise problem(place, f"{name!r} has more than {MOST_TABLE_ROWS:,} rows", dotted_path)
    if not rows:
        raise problem(place, f"{name!r} is empty", dotted_path)
    return [(Place(name, i + 1), row) for i, row in enumerate(rows) if any(cell not in ("", None) for cell in row)]


def csv_rows(file: Path) -> list[list[Any]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return [row for _, row in zip(range(MOST_TABLE_ROWS + 1), csv.reader(text), strict=False)]


def xlsx_rows(file: Path, place: Place, dotted_path: str) -> list[list[Any]]:
    import openpyxl  # slow to import, and few scenarios need it

    try:
        with zipfile.ZipFile(file) as archive:
            swollen = sum(item.file_size for item in archive.infolist())
        if swollen > 10 * MOST_TABLE_BYTES:
            raise problem(place, f"{file.name!r} unpacks to {swollen:,} bytes", dotted_path)
        sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0]
        return [list(row) for row in sheet.iter_rows(max_row=MOST_TABLE_ROWS + 1, values_only=True)]
    except (zipfile.BadZipFile, KeyError, OSError):
        raise problem(place, f"{file.name!r} is no XLSX file", dotted_path) from None


def fill(part: dict[str, Any], key: str, where: Where, rows: list[tuple[Place, list[Any]]]) -> None:
    """Turn rows into what the typed scenario wants."""
    if key == "data":
        part["samples_s"] = [number(row[0], place) for place, row in rows if row[0] not in ("seconds", "s")]
        return
    header = [str(cell).strip() for cell in rows[0][1]]
    if "start" not in header:
        raise problem(rows[0][0], f"the first row must name the columns, start among them, got {', '.join(header)}")
    at, body = header.index("start"), rows[1:]
    if where and where[0] == "surges":
        if "callers" not in header:
            raise problem(rows[0][0], "needs a column callers")
        column = header.index("callers")
        part["rows"] = [(start_of(row[at], place), number(row[column], place, column)) for place, row in body]
    else:
        part["rows"] = [(start_of(row[at], place), [(name, number(row[i], place, i))
                         for i, name in enumerate(header) if i != at and i < len(row)]) for place, row in body]


def start_of(cell: Any, place: Place) -> datetime:
    if isinstance(cell, datetime):
        return cell
    try:
        return datetime.fromisoformat(str(cell))
    except ValueError:
        raise problem(place, f"must be a moment such as 2021-08-07 08:00, got {cell!r}") from None


def number(cell: Any, place: Place, column: int = 0) -> float:
    try:
        value = float(cell)
    except (TypeError, ValueError):
        value = float("nan")
    if not 0 <= value < 1e9:
        raise problem(Place(place.file, place.line, column + 1), f"must be a number >= 0, got {cell!r}")
    return value
