"""Scenario files in folders: what is written as one, and a planner's own files beside it."""
from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.reading.yaml_places import Document
from sim.scenario.shipped import SHIPPED


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


def copy_beside(own: list[Path], folder: Path) -> None:
    """A planner's own scenario stands beside the plan that extends it. What it needs lies in its folder or below."""
    for path in own:
        inside = folder / path.resolve().relative_to(own[-1].resolve().parent)
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, inside)
