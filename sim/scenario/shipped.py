"""What ships: the folder of scenarios, and what each says of itself, without reading the rest of it."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

SIM = Path(__file__).resolve().parents[1]
SHIPPED = next(folder for folder in (SIM / "scenarios", SIM.parent / "scenarios") if folder.is_dir())
SECTION = re.compile(r"^(\w+):.*\n(?:(?:[ #].*)?\n)*", re.MULTILINE)
NAME_IN_SECTION = re.compile(r"^  ([\w-]+): *(~?)", re.MULTILINE)


@dataclass(frozen=True)
class Header:
    """A scenario's name, title, span and variants."""

    name: str
    title: dict[str, str]
    start: datetime
    end: datetime
    variants: tuple[str, ...]


def shipped() -> dict[str, Path]:
    """Scenarios that come with the package, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def headers() -> list[Header]:
    """What each shipped scenario says of itself. Only for files that ship: they are known to be sound."""
    return [header(name, sections(path)) for name, path in shipped().items()]


def header(name: str, said: dict[str, str]) -> Header:
    title, horizon = read(said["title"]), read(said["horizon"])
    start, end = (moment(horizon["start"], timedelta(0)), moment(horizon["end"], timedelta(days=1)))
    variants = dict(NAME_IN_SECTION.findall(said.get("variants", "")))
    return Header(name, title, start, end, tuple(variant for variant, rest in variants.items() if rest != "~"))


def sections(path: Path) -> dict[str, str]:
    """The text of each section of a file, over those of the files that it stands on; of variants one behind the
    other, as they are joined by name."""
    text = path.read_text(encoding="utf-8") + "\n"
    found = {match[1]: match[0] for match in SECTION.finditer(text)}
    bases = read(found["extends"]) if "extends" in found else []
    below: dict[str, str] = {}
    for base in [bases] if isinstance(bases, str) else bases:
        below = over(below, sections(base_of(path, base)))
    return over(below, found)


def over(below: dict[str, str], above: dict[str, str]) -> dict[str, str]:
    variants = below.get("variants", "") + above.get("variants", "")
    return below | above | ({"variants": variants} if variants else {})


def base_of(path: Path, name: str) -> Path:
    beside = path.parent / f"{name}.yaml"
    return beside if beside.is_file() else SHIPPED / f"{name}.yaml"


def read(section: str) -> Any:
    """What a section says."""
    from ruamel.yaml import YAML
    value, = YAML(typ="safe", pure=True).load(section).values()
    return value


def moment(value: date | str, of_a_date: timedelta) -> datetime:
    """A moment as written; ``of_a_date`` is what a bare date stands for, from its midnight."""
    text = str(value)
    return datetime.fromisoformat(text) + (of_a_date if len(text) == len("2021-07-25") else timedelta(0))
