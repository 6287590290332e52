"""Scenario files in folders: what is written as one, and a planner's own files beside it."""
from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from sim.reading.yaml_places import Document
from sim.scenario.shipped import SHIPPED

BASE = "base"  # the folder of a scenario whose files are called as those of its plan


def dumped(data: dict[str, Any]) -> str:
    """Data as a file, written as people would."""
    text = StringIO()
    writer().dump(data, text)
    return text.getvalue()


def in_a_line(data: dict[str, Any]) -> CommentedMap:
    """A mapping as files write short ones."""
    found = CommentedMap(data)
    found.fa.set_flow_style()
    return found


def writer() -> YAML:
    yaml = YAML()
    yaml.width, yaml.default_flow_style, yaml.allow_unicode = 10_000, None, True
    yaml.representer.add_representer(type(None), lambda to, _: to.represent_scalar("tag:yaml.org,2002:null", "~"))
    return yaml


def renewed(path: Path, text: str, kept: Collection[str] = (),
            gone: Mapping[str, Collection[str]] | None = None) -> str:
    """A planner's file with what a text says instead of what it said of the same; comments and everything else stay.

    :param kept: names of which the file's own stay.
    :param gone: by section names of which nothing stays but what the text says.
    """
    data, new = writer().load(path), writer().load(text)
    for section, names in (gone or {}).items():
        leave_out(data, new, section, names)
    put_into(data, {name: value for name, value in new.items() if name not in kept})
    return dumped(data)


def leave_out(data: dict[str, Any], new: dict[str, Any], section: str, names: Collection[str]) -> None:
    """What a file itself says of some names falls away, and what takes it away in a base is needed only where a base
    has it."""
    old = data.get(section)
    for name in names:
        if isinstance(old, dict) and old.pop(name, None) is not None and new.get(section, {}).get(name, 0) is None:
            del new[section][name]
    for one in (data, new):
        if one.get(section) == {}:
            del one[section]


def put_into(data: dict[str, Any], new: dict[str, Any]) -> None:
    """Mappings are joined name by name, everything else is replaced."""
    for name, value in new.items():
        if isinstance(value, dict) and isinstance(data.get(name), dict):
            put_into(data[name], value)
        else:
            data[name] = value


def own_files(document: Document) -> list[Path]:
    """The files that a planner's own scenario is made of, the scenario's last; none of what ships."""
    return [path for path in (*document.tables, *document.files.values())
            if not path.resolve().is_relative_to(SHIPPED.resolve())]


def copy_beside(own: list[Path], folder: Path, written: Collection[str] = ()) -> str:
    """A planner's own scenario stands beside the plan that extends it. What it needs lies in its folder or below.

    :param written: files of the plan. A scenario that has one of their names stands in a folder of its own.
    :returns: the way to the scenario from the plan; nothing where none is the planner's own.
    """
    inside = [path.resolve().relative_to(own[-1].resolve().parent) for path in own]
    below = Path(BASE if any(path.as_posix() in written for path in inside) else "")
    for path, name in zip(own, inside, strict=True):
        copy_to(path, folder / below / name)
    return (below / inside[-1]).as_posix() if own else ""


def copy_missing(own: list[Path], folder: Path) -> None:
    """What the last plan stands on stands beside the next, but for what that has written anew."""
    for path in own:
        inside = folder / path.resolve().relative_to(own[-1].resolve().parent)
        if not inside.exists():
            copy_to(path, inside)


def copy_to(path: Path, there: Path) -> None:
    there.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, there)
