"""Which file is meant, and what it stands on."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.reading.yaml_places import MOST_BYTES, Document, read_yaml
from sim.scenario.messages import printable, say
from sim.scenario.problems import MOST_PROBLEMS, Place, Where, nearest, problem, reason, shortly
from sim.scenario.quantities import KINDS
from sim.scenario.shipped import SHIPPED, shipped

MOST_EXTENDED = 5


def find(name: str) -> tuple[Path, str]:
    """The file of a name and how to show it: a file if there is one, otherwise a shipped scenario."""
    path, shown = Path(name), printable(name, 200)
    try:
        kind = "file" if path.is_file() else "folder" if path.is_dir() else "device" if path.exists() else ""
    except OSError as error:
        raise problem(Place(shown), say("can't be read: {why}", why=reason(error))) from None
    if kind == "file":
        return path, shown
    if name in shipped():
        return shipped()[name], f"{name}.yaml"
    if kind:
        raise problem(Place(shown), say("is a folder, not a scenario file") if kind == "folder" else
                      say("is a device, not a scenario file"))
    hint = nearest(path.name, (*shipped(), *siblings(path)))
    raise problem(Place(shown), say("is no file and no shipped scenario")
                  + (hint or say("; `surgeline list` shows what ships")))


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
        raise problem(place, say("must be {such_as}, got {got}", such_as=say("the name of a file"),
                                 got=shortly(base)), "extends")
    base_path, base_shown = base_file(path, shown, base, place)
    seen = (*above, path.resolve())
    if base_path.resolve() in seen:
        raise problem(place, say("leads back to {base}, which stands on this file", base=printable(base)), "extends")
    if len(seen) > MOST_EXTENDED:
        raise problem(place, say("more than {most} files stand on one another", most=MOST_EXTENDED),
                      "extends")
    left = max(0, most_bytes - path.stat().st_size)
    below = extended(base_path, base_shown, seen, left)
    refuse_idle(below, document)
    return laid_over(below, document, (base_path, base_shown))


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
        raise problem(place, say("{base} is no file in this folder or below it, and none that ships{hint}",
                                 base=shortly(base), hint=nearest(base, (*known, *near))), "extends")
    return found, f"{base.removesuffix('.yaml')}.yaml"


def within_folder(path: Path, name: str) -> Path | None:
    """A file beside or below another, None if there is none or if the name leads out of the folder."""
    try:
        folder = path.resolve().parent
        target = (folder / name).resolve()
        return target if target.is_relative_to(folder) and target.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, a zero byte, links in a circle
        return None


def laid_over(below: Document, above: Document, base: tuple[Path, str]) -> Document:
    """Mappings are joined name by name, ~ takes one or a list away, and everything else replaces what is below."""
    replaced: set[Where] = set()
    data = joined(below.data, above.data, (), replaced)
    values, keys = ({where: place for where, place in places.items() if not is_within(where, replaced)}
                    for places in (below.values, below.keys))
    return Document(data, values | above.values, keys | above.keys, below.problems + above.problems,
                    below.files | above.files, base=base)


def joined(below: Any, above: Any, where: Where, replaced: set[Where]) -> Any:
    if not isinstance(below, dict) or not isinstance(above, dict) or stands_alone(above):
        replaced.add(where)
        return above
    taken = {key for key, value in above.items() if value is None and has_parts(below.get(key))}
    replaced |= {(*where, key) for key in taken}
    both = below | {key: joined(below[key], value, (*where, key), replaced) if key in below else value
                    for key, value in above.items()}
    return {key: value for key, value in both.items() if key not in taken}


def refuse_idle(below: Document, above: Document) -> None:
    """An empty mapping adds nothing to a base, and who writes nothing at all may have forgotten to."""
    for where in list(idle(below.data, above.data, above)):
        said = below.keys[where]
        above.note(where, say("adds nothing to what line {line} of {file} says: write {name}: ~ to take that away, "
                              "or leave this out", line=said.line, file=said.file, name=where[-1]))
        around: Any = above.data
        for step in where[:-1]:
            around = around[step]
        del around[where[-1]]


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


def has_parts(data: Any) -> bool:
    """Whether it is a list, or a mapping of parts that can be joined one by one."""
    return isinstance(data, list) or (isinstance(data, dict) and not stands_alone(data))


def stands_alone(data: dict[str, Any]) -> bool:
    """Whether it is a quantity or a law: half of one and half of another would make no sense."""
    return any(key in data and not isinstance(data[key], dict) for key in (*KINDS, "law"))


def is_within(where: Where, parts: set[Where]) -> bool:
    return any(where[:length] in parts for length in range(len(where) + 1))
