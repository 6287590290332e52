"""Scenario files in folders: what is written as one, and a planner's own files beside it."""
from __future__ import annotations

import shutil
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.reading.yaml_places import Document
from sim.scenario.shipped import SHIPPED

BASE = "base"  # the folder of a scenario whose files are called as those of its plan


def dumped(data: dict[str, Any]) -> str:
    yaml, text = YAML(), StringIO()
    yaml.width, yaml.default_flow_style, yaml.allow_unicode = 10_000, None, True
    yaml.representer.add_representer(type(None), lambda to, _: to.represent_scalar("tag:yaml.org,2002:null", "~"))
    yaml.dump(data, text)
    return text.getvalue()


def own_files(document: Document) -> list[Path]:
    """The files that a planner's own scenario is made of, the scenario's last; none of what ships."""
    return [path for path in (*document.tables, *document.files.values())
            if not path.resolve().is_relative_to(SHIPPED.resolve())]


def copy_beside(own: list[Path], folder: Path, written: Collection[str] = ()) -> str:
    """A planner's own scenario stands beside the plan that extends it. What it needs lies in its folder or below.

    :param written: files of the plan. A scenario that has one of their names, as one that was planned before has,
        stands in a folder of its own.
    :returns: the way to the scenario from the plan; nothing where none is the planner's own.
    """
    inside = [path.resolve().relative_to(own[-1].resolve().parent) for path in own]
    below = Path(BASE if any(path.as_posix() in written for path in inside) else "")
    for path, name in zip(own, inside, strict=True):
        there = folder / below / name
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, there)
    return (below / inside[-1]).as_posix() if own else ""
