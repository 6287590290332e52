"""From a file to a scenario: what the file says in short, the tables beside it, and every problem at once."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.reading.checking import MAPPINGS, validated
from sim.reading.common import give_common
from sim.reading.derived import give_rest
from sim.reading.files import extended, find
from sim.reading.findings import FILLED_IN, is_model
from sim.reading.groups import give_groups
from sim.reading.notes import give_notes
from sim.reading.sheets import read_tables, table_users
from sim.reading.shorter import cut_to_horizon
from sim.reading.times import give_times
from sim.reading.workforce_forms import give_call_in_terms, give_people
from sim.reading.yaml_places import Document
from sim.scenario.changes import members
from sim.scenario.merging import without_forms
from sim.scenario.messages import Message, say
from sim.scenario.problems import Place, Problem, ScenarioError, Where, shortly
from sim.scenario.scenario import Scenario

MAPPING = "mapping"  # what a scenario from no file is called, unless it says so itself


def load(what: str | Path | Mapping[str, Any]) -> Scenario:
    """A shipped scenario by its name, a scenario file, or what such a file says as a mapping.

    :param what: a mapping stands in no folder: it extends what ships, and names no tables beside it.
    :raises ScenarioError: with every problem, each with file, line, column, rule and remedy; of a mapping, which has no
        lines, with its path in it.

    >>> from sim import load
    >>> scenario = load("two-cities")
    >>> scenario.title.en, list(scenario.cities), list(scenario.variants)
    ('Two small cities', ['east', 'west'], ['none', 'at-once', 'longer-shared'])
    """
    return from_mapping(what) if isinstance(what, Mapping) else with_places(what)[0]


def from_mapping(said: Mapping[str, Any]) -> Scenario:
    """A scenario from what a file would say, read as a file is: by the same rules, with the same words for what breaks
    them."""
    with TemporaryDirectory(prefix="surgeline-") as folder:
        file = Path(folder) / f"{MAPPING}.yaml"
        file.write_text(json.dumps(as_written({"surgeline": 1, **said}), ensure_ascii=False), encoding="utf-8")
        try:
            return with_places(file)[0]
        except ScenarioError as error:
            raise ScenarioError([replace(one, place=Place(MAPPING)) if one.place.file == str(file) else one
                                 for one in error.problems]) from None


def as_written(value: Any) -> Any:
    """A value as a file has it: dates and times as text, numbers of numpy as numbers."""
    if isinstance(value, Mapping):
        return {str(as_written(key)): as_written(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_written(part) for part in value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value  # of numpy


def with_places(name_or_file: str | Path) -> tuple[Scenario, Document]:
    """A scenario, and where each value of it is written."""
    path, shown = find(str(name_or_file))
    document = extended(path, shown)
    scenario = read(document, path.stem)
    if document.problems:
        raise ScenarioError(seen_from_above(document), document.notices if document.of_cells else ())
    assert scenario is not None
    return scenario, document


def read(document: Document, name: str) -> Scenario | None:
    """The scenario, None if its parts break rules; notes every problem."""
    document.data.setdefault("name", name)
    prepare(document)
    return validated(document)


# --- what a base says and this file makes wrong -----------------------------------------------------------------------

def seen_from_above(document: Document) -> list[Problem]:
    """All problems; those in a base that is sound without this file say what to write in this file."""
    *bases, this = document.files
    below = {one for one in document.problems if one.place.file in bases}
    for path, shown in document.bases if below else ():
        base = extended(path, shown)
        read(base, path.stem)
        below -= set(base.problems)
    return [replace(one, message=one.message + remedy_above(one, this)) if one in below else one
            for one in document.problems]


def remedy_above(one: Problem, this: str) -> Message:
    """How a file gets rid of what its base says."""
    section, name, *_ = [*re.split(r"[.\[]", one.path), ""]
    if section == "lever_groups":
        return say("; {file} changed what this goes with: write there `{section}: {{{name}: []}}` to leave this "
                   "group empty, or its own {section}", file=Path(this).name, section=section, name=name)
    field = Scenario.model_fields.get(section)
    if field is None:
        return say("")
    is_named = section in MAPPINGS or one.path.startswith("surges.")
    own = f"{section}.{name}" if may_lack(section, name) else section
    taken = f"{section}: {{{name}: ~}}" if name and (is_named or own != section) else f"{section}: ~"
    away = say("") if field.is_required() else say("`{taken}` to take it away, or ", taken=taken)
    return say("; {file} changed what this goes with: write there {away}its own {section}", file=Path(this).name,
               away=away, section=own)


def may_lack(section: str, name: str) -> bool:
    """Whether a part of a scenario has such a field that may be left out: nothing else of it has to go too."""
    fields = {alias or key: one for kind in members(Scenario.model_fields[section].annotation) if is_model(kind)
              for key, one in kind.model_fields.items() for alias in [one.alias]}
    return name in fields and not fields[name].is_required()


# --- what a file may say in short ------------------------------------------------------------------------------------

def prepare(document: Document) -> None:
    """Fill in what the file leaves to every_city and to tables, and refuse what is not for files."""
    document.data = without_forms(document.data)
    list_surges(document)
    give_notes(document)
    give_common(document)
    give_groups(document)
    give_rest(document)
    give_times(document)
    cut_to_horizon(document)
    for where, _, _ in table_users(document.data):
        refuse_filled_in(document, where, FILLED_IN, say("is not for files: name a table"))
    give_call_in_terms(document)
    read_tables(document)
    give_people(document)
    name = document.data["name"]
    if isinstance(name, str) and not is_fit_for_a_folder(name):
        document.note(("name",), say("must be fit for a folder's name: letters, digits, - and _, got {got}",
                                     got=shortly(name)))
        del document.data["name"]


def is_fit_for_a_folder(name: str) -> bool:
    """Run folders have the name of their scenario, so it must not lead anywhere else."""
    return name.isprintable() and not set(name) & set(r'/\:*?"<>|') and name[:1] not in ("", ".") and len(name) <= 80


def list_surges(document: Document) -> None:
    """Surges by name as a list of them."""
    surges = document.data.get("surges")
    if isinstance(surges, dict):
        document.data["surges"] = [{"name": key, **surge} if isinstance(key, str) and isinstance(surge, dict) else surge
                                   for key, surge in surges.items()]
        document.elsewhere |= {("surges", i): ("surges", key) for i, key in enumerate(surges) if key != i}


def refuse_filled_in(document: Document, where: Where, names: Iterable[str], message: Message) -> None:
    """Some parts of a scenario are filled in by the program; a file that writes them is mistaken."""
    part: Any = document.data
    for step in where:
        part = part[step]
    for name in names:
        if name in part:
            part[name] = [0] if name == "samples_s" else []
            document.note((*where, name), message)
