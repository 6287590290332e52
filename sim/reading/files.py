"""Which file is meant, and what it stands on."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.reading.layers import laid_over, refuse_unsettled, side_by_side
from sim.reading.yaml_places import MOST_BYTES, Document, read_yaml
from sim.scenario.messages import printable, say
from sim.scenario.problems import MOST_PROBLEMS, Place, Where, dotted, nearest, problem, reason, shortly
from sim.scenario.shipped import SHIPPED, shipped

MOST_EXTENDED = 5
MOST_FILES = 20


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

def extended(path: Path, shown: str) -> Document:
    """A document on top of all that it extends."""
    found: dict[Path, Layer] = {}
    read_layers(path, shown, (), found)
    (_, document), *others = found.values()
    lists: dict[Where, tuple[str, str]] = {}  # that two files have of which neither stands on the other
    for bases, above in others:
        refuse_unsettled(above, [(where, *pair) for where, pair in lists.items() if set(pair) <= bases.keys()])
        lists = {where: pair for where, pair in lists.items() if not set(pair) <= bases.keys()}
        *_, this = above.files
        lists |= {where: (other, this) for where, other in side_by_side(document, above, set(bases))}
        document = laid_over(document, above)
    document.bases = tuple(bases_of(found, path))
    return document


class Layer(NamedTuple):
    """A file alone, and the names in messages of all files on which it stands."""

    bases: dict[str, Path]
    document: Document


def read_layers(path: Path, shown: str, above: tuple[Path, ...], found: dict[Path, Layer]) -> dict[str, Path]:
    """Read a file and all that it stands on, each once, what is below first. Gives the names of all of them."""
    known = path.resolve()
    if known in found:
        return found[known].bases | {shown: path}
    left = MOST_BYTES - sum(one.stat().st_size for one in found)
    document = read_yaml(path, shown, max(0, left - sum(one.stat().st_size for one in above)))
    bases: dict[str, Path] = {}
    for where, base in named_bases(document):
        place = document.values[where]
        base_path, base_shown = base_file(path, shown, base, place)
        if base_path.resolve() in (*above, known):
            raise problem(place, say("leads back to {base}, which stands on this file",
                                     base=printable(base)), dotted(where))
        if len(above) + 1 > MOST_EXTENDED:
            raise problem(place, say("more than {MOST_EXTENDED} files stand on one another",
                                     MOST_EXTENDED=MOST_EXTENDED), dotted(where))
        if len(found) > MOST_FILES:
            raise problem(place, say("a file may stand on at most {MOST_FILES} others",
                                     MOST_FILES=MOST_FILES), dotted(where))
        bases |= read_layers(base_path, base_shown, (*above, known), found)
    found[known] = Layer(bases, document)
    return bases | {shown: path}


def named_bases(document: Document) -> list[tuple[Where, str]]:
    """The files that a document extends, and where it says so."""
    if "extends" not in document.data:
        return []
    bases = document.data.pop("extends")
    listed = {("extends", i): base for i, base in enumerate(bases)} if isinstance(bases, list) else {
        ("extends",): bases}
    for where, base in listed.items():
        if not isinstance(base, str):
            raise problem(document.values[where], say("must be the name of a file, got {got}",
                                                      got=shortly(base)), dotted(where))
    return list(listed.items())


def bases_of(found: dict[Path, Layer], path: Path) -> Iterator[tuple[Path, str]]:
    """The files on which a file stands and none of the others does: all others stand below those."""
    bases = found[path.resolve()].bases
    below = {shown for layer_path, layer in found.items() if layer_path != path.resolve() for shown in layer.bases}
    yield from ((base, shown) for shown, base in bases.items() if shown not in below)


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
